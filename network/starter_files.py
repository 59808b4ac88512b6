"""Reading the data files of the starter library, refusing broken ones before anything is loaded.

A document is Markdown under a front matter of TOML between two lines of +++. Nothing here knows the database.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from commons.markup.render import BODY_LENGTH, clean_text

FOLDER = Path(__file__).resolve().parent / "starter"
FENCE = "+++"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class BrokenFile(Exception):
    """A data file can't be used; the words name the file and what is wrong, in one line."""

    def __init__(self, path, problem):
        super().__init__(f"{path.parent.name}/{path.name}: {' '.join(str(problem).split())}")


@dataclass(frozen=True)
class Document:
    """One Markdown file: `name` is its file name without the ending, `front` its front matter."""

    path: Path
    name: str
    front: dict
    body: str

    def text(self, field, *, longest, required=True):
        """Return a string of the front matter, single-spaced. Raises BrokenFile when there is none."""
        value = self.front.get(field, "")
        if not isinstance(value, str):
            raise BrokenFile(self.path, f"“{field}” must be text")
        value = " ".join(value.split())
        if required and not value:
            raise BrokenFile(self.path, f"“{field}” is missing")
        if len(value) > longest:
            raise BrokenFile(self.path, f"“{field}” has {len(value)} characters; at most {longest} fit")
        return value

    def strings(self, field, *, required=False):
        """Return a list of strings of the front matter. Raises BrokenFile when it is something else."""
        value = self.front.get(field, [])
        if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
            raise BrokenFile(self.path, f"“{field}” must be a list of texts")
        if required and not value:
            raise BrokenFile(self.path, f"“{field}” is missing")
        return [" ".join(part.split()) for part in value]

    def number(self, field, low, high, *, required=True):
        """Return a whole number of the front matter, or None. Raises BrokenFile outside `low` to `high`."""
        value = self.front.get(field)
        if value is None and not required:
            return None
        if type(value) is not int or not low <= value <= high:
            raise BrokenFile(self.path, f"“{field}” must be a number from {low} to {high}")
        return value

    def choice(self, field, choices, *, required=True):
        """Return one of `choices`, or "" where none is required. Raises BrokenFile for anything else."""
        value = self.text(field, longest=100, required=required)
        if value and value not in choices:
            raise BrokenFile(self.path, f"“{field}” must be one of {', '.join(choices)}")
        return value

    def yes_or_no(self, field):
        """Return true, false, or None where the front matter doesn’t say. Raises BrokenFile for anything else."""
        value = self.front.get(field)
        if value is not None and type(value) is not bool:
            raise BrokenFile(self.path, f"“{field}” must be true or false")
        return value

    def tables(self, field):
        """Return the tables of a name, each to be read like a front matter of its own, in their order."""
        value = self.front.get(field, [])
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise BrokenFile(self.path, f"“{field}” must be tables, each below [[{field}]]")
        return [replace(self, front=part) for part in value]

    def knows_only(self, *fields):
        """Raise BrokenFile when the front matter has a field besides these: it is most likely mistyped."""
        for field in self.front:
            if field not in fields:
                raise BrokenFile(self.path, f"“{field}” is not a field of this kind of file")


def body_of(document):
    """Return the text of a Document as it is kept. Raises BrokenFile when it is too long."""
    body = clean_text(document.body)
    if len(body) > BODY_LENGTH:
        raise BrokenFile(document.path, f"its text has more than {BODY_LENGTH} characters")
    return body


def read_documents(folder):
    """Return the Documents in `folder` by file name. Raises BrokenFile for one that can't be read."""
    return [read_document(path) for path in sorted(folder.glob("*.md"))]


def read_document(path):
    """Return the Document in a file. Raises BrokenFile when it has no readable front matter."""
    if not NAME.match(path.stem):
        raise BrokenFile(path, "a file name has small letters, digits and hyphens only")
    parts = _read(path).split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise BrokenFile(path, f"it must begin with a front matter between two lines of {FENCE}")
    body = parts[2].strip()
    if not body:
        raise BrokenFile(path, "there is no text below the front matter")
    return Document(path=path, name=path.stem, front=_toml(path, parts[1]), body=body)


def read_toml(path):
    """Return a TOML file as a dict, empty when there is none. Raises BrokenFile when it is not TOML."""
    return _toml(path, _read(path)) if path.exists() else {}


def _read(path):
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile(path, f"it can’t be read as UTF-8 text ({type(error).__name__})") from error
    if "\x00" in text:
        raise BrokenFile(path, "it holds a NUL character")
    return text.replace("\r\n", "\n")


def _toml(path, text):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenFile(path, f"its TOML can’t be read: {error}") from error
