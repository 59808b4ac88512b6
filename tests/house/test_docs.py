"""The documentation: its links lead somewhere, what it names is there, and its worked example runs."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
DEPENDENCIES = ROOT / "docs" / "dependencies.md"
EXAMPLE = ROOT / "docs" / "adding-a-kind.md"
DECISIONS = ROOT / "docs" / "decisions"
EXAMPLE_APP = "tips"
RULES_FOR_A_NEW_APP = [
    "tests/house/test_floors.py::test_foreign_keys_point_down",
    "tests/house/test_floors.py::test_every_top_level_package_has_its_floor",
    "tests/house/test_floors.py::test_every_package_with_an_app_is_installed",
    "tests/house/test_leaks.py::test_every_address_has_a_row",
]

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def ignored():
    """Folders at the top that are no part of the repository."""
    names = re.findall(r"^/?([\w.-]+)/$", (ROOT / ".gitignore").read_text(), re.MULTILINE)
    return {".git", *names}


def documents():
    kept = [path for path in ROOT.iterdir() if path.name not in ignored()]
    inside = [found for folder in kept if folder.is_dir() for found in folder.rglob("*.md")]
    return sorted([*inside, *(path for path in kept if path.suffix == ".md")])


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def anchors(path):
    """The anchors a page has: its headings as code hosts write them."""
    headings = HEADING.findall(FENCED.sub("", path.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(document):
    words = CODE.sub("", FENCED.sub("", document.read_text()))
    broken = []
    for link in LINK.findall(words):
        if re.match(r"[a-z]+:|/", link):  # another site, or an address of this one
            continue
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_file_that_a_page_names_is_there(document):
    """A path in backticks that begins with one of our folders is a promise."""
    tops = [re.escape(path.name) for path in ROOT.iterdir() if path.is_dir() and path.name not in ignored()]
    named = re.compile(rf"`((?:{'|'.join(tops)})/[\w./-]*)`")
    found = set(named.findall(FENCED.sub("", document.read_text())))
    promised = {path for path in found if EXAMPLE_APP not in path.split("/")}
    assert {path for path in promised if not (ROOT / path).exists()} == set()


def requirements():
    """The packages that the requirements/*.in ask for."""
    lines = [line for path in (ROOT / "requirements").glob("*.in") for line in path.read_text().splitlines()]
    return sorted(re.match(r"[\w.-]+", line).group() for line in lines if re.match(r"\w", line))


@pytest.mark.parametrize("package", requirements())
def test_every_dependency_has_its_reason(package):
    """A row of its own in a table, with words beside the name."""
    assert re.search(rf"^\| `{re.escape(package)}` \| \w.{{20,}}\|$", DEPENDENCIES.read_text(), re.MULTILINE)


def test_every_command_the_readme_names_is_there():
    commands = set(re.findall(r"(?<![\w/])((?:bin|\.ci)/[\w-]+)(?![\w/])", README.read_text()))
    assert {"bin/run", "bin/test", "bin/manage"} <= commands
    assert {name for name in commands if not os.access(ROOT / name, os.X_OK)} == set()


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_management_command_a_page_names_is_there(document):
    named = set(re.findall(r"(?:bin/manage|manage\.py) ([a-z_]{3,})", document.read_text()))
    assert named - set(get_commands()) == set()


def test_the_folder_map_names_every_folder_at_the_top():
    folder_map = README.read_text().partition("## Where things are")[2].partition("\n## ")[0]
    named = {path.partition("/")[0] for path in re.findall(r"`([\w.-]+/[\w./]*)`", folder_map)}
    assert named == {path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in ignored()}


def decisions():
    return sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")


def test_decisions_are_numbered_without_gap_and_listed():
    numbers = [path.name[:5] for path in decisions()]
    assert numbers == [f"{number:04}-" for number in range(1, len(numbers) + 1)]
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (DECISIONS / "README.md").read_text())
    assert listed == [path.name for path in decisions()]


@pytest.mark.parametrize("record", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_why_and_what_follows_on_one_page(record):
    text = record.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.split()) < 450


# --- the worked example ---------------------------------------------------------------------------
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"^`([\w./-]+)`$", re.MULTILINE)


def blocks():
    """Yield (file, language, text) of each block; its file is named on a line of its own before it."""
    text = EXAMPLE.read_text()
    for block in BLOCK.finditer(text):
        name = FILE_NAME.findall(text, 0, block.start())[-1]
        yield name, block.group(1), block.group(2)


def edited(text, diff):
    """Return `text` with a diff's lines replaced: what it keeps and takes must stand there exactly once."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines()]
    before = "\n".join(line for sign, line in lines if sign != "+") + "\n"
    after = "\n".join(line for sign, line in lines if sign != "-") + "\n"
    assert text.count(before) == 1, f"the page edits what is not there: {before}"
    return text.replace(before, after)


@pytest.fixture
def house(tmp_path):
    """A copy of the repository in which everything has been done that the page says."""
    copy = tmp_path / "house"
    left_out = {str(ROOT): ignored()}
    shutil.copytree(ROOT, copy, ignore=lambda folder, _names: left_out.get(folder, {"__pycache__"}))
    for name, language, text in blocks():
        path = copy / name
        if language == "diff":
            path.write_text(edited(path.read_text(), text))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for folder in (EXAMPLE_APP, f"tests/{EXAMPLE_APP}"):
        (copy / folder / "__init__.py").touch()
    return copy


def in_house(house, *arguments):
    """Run Python there as on a fresh machine: SQLite, and a data folder of its own."""
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NETWORK_", "PYTEST", "DJANGO_", "DATABASE_URL"))
    }
    surroundings["NETWORK_DATA"] = str(house / "data")
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=house, env=surroundings, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


def test_the_worked_example_is_a_kind_that_works(house):
    in_house(house, "manage.py", "makemigrations", EXAMPLE_APP)
    in_house(house, "-m", "pytest", "-q", "-n", "0", f"tests/{EXAMPLE_APP}", *RULES_FOR_A_NEW_APP)
    if find_spec("importlinter"):  # where the linters are installed too, as in .ci/run
        in_house(house, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())")
