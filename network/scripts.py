"""Scripts as they are sent: without what only their readers need. Nothing else is changed, so nothing can break."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "js/"


def small(script):
    """Return a script without whole lines of comment, empty lines and indentation. No text in it may span lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


class SmallScriptsFinder(FileSystemFinder):
    """Finds the site's static files; of scripts small ones, written below NETWORK_DATA when theirs have changed."""

    def find(self, path, find_all=False, **more):
        found = super().find(path, find_all=find_all, **more)
        if not found or not path.startswith(FOLDER):
            return found
        written = str(_folder() / _written(path, Path(found[0] if find_all else found)))
        return [written] if find_all else written

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            if path.startswith(FOLDER):
                yield _written(path, Path(storage.path(path))), FileSystemStorage(location=_folder())
            else:
                yield path, storage


def _folder():
    return Path(settings.NETWORK_DATA) / "scripts"


def _written(path, source):
    """Write the small script of `source`, unless it is there, as `path` below our folder; return `path`."""
    target = _folder() / path
    script = small(source.read_text())
    if not target.exists() or target.read_text() != script:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".part")
        fresh.write_text(script)
        fresh.replace(target)
    return path
