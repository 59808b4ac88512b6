"""bin/test runs every phase it can, leaves nothing behind, and says what it could not run."""

import os
import shutil
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from .conftest import ROOT, wait_until

NO_BROWSER = "Skipped: the browser tests, because chromium is not installed (apt-get install -y chromium)"
ONCE = "Tests that have no way to a database, or nothing of their own to ask of it, ran once, on SQLite"
NO_POSTGRES = "Skipped: PostgreSQL, because it is not installed (apt-get install -y postgresql)"


def lines(text):
    return text.strip().splitlines()


@pytest.fixture
def project(machine_with, empty_clone):
    """A machine with a clone that has a suite of four tests."""
    (empty_clone / ".venv").symlink_to(ROOT / ".venv")
    (empty_clone / "pytest.ini").write_text(
        "[pytest]\nmarkers = browser: in a browser\naddopts = -p xdist -p no:cacheprovider\n"
    )
    write_tests(
        empty_clone,
        """
        import os, pathlib, psycopg2, pytest

        def test_plain():
            assert "SITE_URL" not in os.environ

        def test_database():
            url = os.environ.get("DATABASE_URL")
            if url:
                with psycopg2.connect(url) as connection, connection.cursor() as cursor:
                    cursor.execute("create extension unaccent; show data_directory")
                    pathlib.Path(os.environ["HOME"], "cluster").write_text(cursor.fetchone()[0])

        def test_data_folder_is_thrown_away():
            open(os.path.join(os.environ["NETWORK_DATA"], "kept"), "w").close()

        @pytest.mark.browser
        def test_page():
            assert os.access(os.environ["CHROMIUM"], os.X_OK)
        """,
    )
    machine = machine_with(empty_clone)
    machine.environment["SITE_URL"] = "https://example.org"
    machine.environment["TMPDIR"] = str(machine.home.parent / "temporary files")
    os.mkdir(machine.environment["TMPDIR"])
    # Only the plugin that the command itself relies on: the others take seconds to load.
    machine.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return machine


def write_tests(clone, text):
    (clone / "test_suite.py").write_text(textwrap.dedent(text))


@pytest.fixture
def bare_path(tmp_path):
    """A PATH without a browser, and without apt-get to install one."""
    folder = tmp_path / "path"
    folder.mkdir()
    for name in ("bash", "basename", "dirname", "id"):
        (folder / name).symlink_to(shutil.which(name))
    (folder / "python3").symlink_to(sys.executable)
    return str(folder)


complete_machine = pytest.mark.skipif(
    not shutil.which("chromium") or not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    reason="chromium or PostgreSQL is not installed",
)


@complete_machine
def test_every_phase_runs_and_the_last_line_adds_them_up(project):
    answer = project.run("bin/test", "--strict")
    assert answer.returncode == 0, answer.stdout
    *_, sqlite, browser, postgresql, once, total = lines(answer.stdout)
    assert sqlite.startswith("SQLite: 3 passed, 0 failed, in ")
    assert browser.startswith("Browser: 1 passed, 0 failed, in ")
    assert postgresql.startswith("PostgreSQL-")
    assert ": 3 passed, 0 failed, in " in postgresql
    assert once == ONCE
    assert total == "7 passed, 0 failed"
    assert project.processes() == {}
    assert not Path((project.home / "cluster").read_text()).parent.exists()
    assert list(Path(project.environment["TMPDIR"]).iterdir()) == []


def test_arguments_are_passed_on(project, bare_path):
    answer = project.run("bin/test", "test_suite.py", "-k", "plain", PATH=bare_path, POSTGRES_BIN="")
    assert answer.returncode == 0, answer.stdout
    *_, sqlite, browser, postgresql, total = lines(answer.stdout)
    assert sqlite.startswith("SQLite: 1 passed, 0 failed, in ")
    assert (browser, postgresql) == (NO_BROWSER, NO_POSTGRES)
    assert total == "1 passed, 0 failed"


def test_a_marker_of_ones_own_is_joined_to_the_phases(project, bare_path):
    answer = project.run("bin/test", "-m", "browser", PATH=bare_path, POSTGRES_BIN="")
    assert answer.returncode == 1
    assert lines(answer.stdout)[-5:] == [
        "SQLite: no test selected",
        NO_BROWSER,
        NO_POSTGRES,
        "No test was selected",
        "0 passed, 0 failed",
    ]


@pytest.mark.parametrize(("argument", "variables"), [("--strict", {}), ("-q", {"CI": "true"})])
def test_where_nothing_may_be_skipped_a_missing_browser_is_a_failure(project, bare_path, argument, variables):
    answer = project.run("bin/test", argument, PATH=bare_path, POSTGRES_BIN="", **variables)
    assert answer.returncode == 1
    assert lines(answer.stdout)[-4:] == [
        NO_BROWSER,
        NO_POSTGRES,
        "Nothing may be skipped here, so this run has failed",
        "3 passed, 0 failed",
    ]


def test_a_skipped_test_is_said_and_a_failed_one_counts(project, bare_path):
    write_tests(
        project.clone,
        """
        import pytest

        def test_good():
            pass

        def test_bad():
            assert 1 == 2

        def test_left_out():
            pytest.skip("for this example")

        @pytest.fixture
        def broken():
            raise ValueError

        def test_error(broken):
            pass
        """,
    )
    answer = project.run("bin/test", PATH=bare_path, POSTGRES_BIN="")
    assert answer.returncode == 1
    assert lines(answer.stdout)[-4:] == [
        NO_BROWSER,
        NO_POSTGRES,
        "Skipped: 1 single tests; pytest gives each one's reason above",
        "1 passed, 2 failed, 1 skipped",
    ]


def test_a_suite_that_cannot_be_collected_is_a_failure(project, bare_path):
    write_tests(project.clone, "import nothing_of_that_name")
    answer = project.run("bin/test", PATH=bare_path, POSTGRES_BIN="")
    assert answer.returncode == 1


@complete_machine
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_server(project, by):
    write_tests(
        project.clone,
        """
        import os, pathlib, psycopg2, time

        def test_waits():
            if "DATABASE_URL" in os.environ:
                cursor = psycopg2.connect(os.environ["DATABASE_URL"]).cursor()
                cursor.execute("show data_directory")
                pathlib.Path(os.environ["HOME"], "cluster").write_text(cursor.fetchone()[0])
                time.sleep(600)
        """,
    )
    run = project.start("bin/test", "-n", "0")
    note = project.home / "cluster"
    wait_until(lambda: (note.exists() and note.read_text()) or run.process.poll() is not None)
    assert run.process.poll() is None, run.output
    folder = Path(note.read_text()).parent
    server = int((folder / "state/postmaster.pid").read_text().split()[0])
    run.end(by)
    wait_until(lambda: not project.processes() and not Path(f"/proc/{server}").exists())
    if by == signal.SIGKILL:  # no program can tidy up after that
        shutil.rmtree(folder)
    assert not folder.exists()
