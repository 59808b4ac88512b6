"""A site of its own for tests that need more than one process: its folder, its database, its commands.

On PostgreSQL it is a database of its own beside the tests', else a file.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
SETUP = "import django; django.setup()\n"


class OtherSite:
    """Runs manage.py and Python on a site in `folder`; `environment` holds its settings."""

    def __init__(self, folder, database_url=""):
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "NETWORK_DATA": str(folder),
            "SECRET_KEY": "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def manage(self, *arguments, **settings):
        """Run manage.py to its end and return the CompletedProcess."""
        return self._run([ROOT / "manage.py", *arguments], settings)

    def python(self, code, **settings):
        """Run Python code with Django set up; return what it printed. Fails when the code does."""
        done = self._run(["-c", SETUP + code], settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *arguments, **settings):
        """Start manage.py, or with "-c" Python code, and return the Popen, talking by its pipes."""
        is_code = arguments[0] == "-c"
        arguments = ["-c", SETUP + arguments[1]] if is_code else [ROOT / "manage.py", *arguments]
        return subprocess.Popen(
            [sys.executable, *arguments],
            env={**self.environment, **settings},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, arguments, settings):
        return subprocess.run(
            [sys.executable, *arguments],
            env={**self.environment, **settings},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def other_site(tmp_path_factory, django_db_setup, django_db_blocker):
    """A migrated, empty OtherSite, thrown away with its database after the module's tests."""
    folder = tmp_path_factory.mktemp("site")
    if connection.vendor == "sqlite":
        databases.copy_to_file(folder / "network.sqlite3")
        yield OtherSite(folder)
        return
    name = f"other_site_{secrets.token_hex(6)}"
    with django_db_blocker.unblock():
        url = databases.copy_to_server(name)
    yield OtherSite(folder, url)
    with django_db_blocker.unblock():
        databases.execute(f"DROP DATABASE {name} WITH (FORCE)")
