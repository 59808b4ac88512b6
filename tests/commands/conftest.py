"""The commands in bin/ as a person starts them: real processes, each test with a clone of its own."""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import psycopg2
import pytest

from bench.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds until a condition that ought to come true is given up
SETTINGS = ("ALLOWED_HOSTS", "CACHE_URL", "CI", "DATABASE_URL", "DEBUG", "EMAIL_URL", "PORT", "PYTHON")
SETTINGS += ("SECRET_KEY", "SITE_URL", "STATIC_ROOT", "TRUST_PROXY", "WEB_CONCURRENCY")


def wait_until(condition):
    """Return the first true answer of `condition`."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still not true: {condition}"
        time.sleep(0.05)
    return answer


def listen_to_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Machine:
    """A person's machine: an empty home folder, a data folder, a free port, a clone to run commands in."""

    def __init__(self, folder, clone):
        self.clone = clone
        self.data = folder / "the data"
        self.home = folder / "home"
        self.home.mkdir()
        self.port = free_port()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in SETTINGS and not name.startswith(("NETWORK_", "PYTEST_", "DJANGO_"))
        }
        self.environment = kept | {
            "HOME": str(self.home),
            "NETWORK_DATA": str(self.data),
            "PORT": str(self.port),
            "STATIC_ROOT": str(folder / "static"),
        }
        self.started = []

    def run(self, *arguments, **variables):
        """Run a command of the clone to its end, from another folder than the clone's."""
        return subprocess.run(
            [self.clone / arguments[0], *arguments[1:]],
            env=self.environment | variables,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def refuses(self, *arguments, **variables):
        """Run a command that must fail; return what it said on its standard error."""
        answer = self.run(*arguments, **variables)
        assert answer.returncode == 1
        assert answer.stdout == ""
        return answer.stderr

    def start(self, *arguments, **variables):
        """Start a command and return it as a Started."""
        command = Started(self, arguments, self.environment | variables)
        self.started.append(command)
        return command

    def get(self, path):
        """Return the status and the text of a page of the running site, or None while nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError:
            return None

    def processes(self):
        """Return the command lines, by process id, of all that works on this machine's data folder."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environment = (folder / "environ").read_bytes().split(b"\0")
                    if f"NETWORK_DATA={self.data}".encode() in environment:
                        arguments = (folder / "cmdline").read_bytes().split(b"\0")
                        found[int(folder.name)] = b" ".join(arguments).decode()
                except OSError:  # it ended, or is another user's
                    continue
        return found

    def process(self, part):
        """Return the id of the first process whose command line holds `part`, or None."""
        return min((number for number, line in self.processes().items() if part in line), default=None)

    def clean_up(self):
        for command in self.started:
            command.end(signal.SIGKILL)
        for number in self.processes():
            os.kill(number, signal.SIGKILL)


class Started:
    """A command that runs beside the test, and what it has said so far."""

    def __init__(self, machine, arguments, environment):
        self.machine = machine
        self.log = machine.home.parent / f"output-{len(machine.started)}"
        with open(self.log, "w") as output:
            self.process = subprocess.Popen(
                [machine.clone / arguments[0], *arguments[1:]],
                env=environment,
                cwd=machine.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # As a terminal starts it: a suite that runs in the background ignores Ctrl-C, and its children too.
                preexec_fn=listen_to_ctrl_c,
            )

    @property
    def output(self):
        return self.log.read_text()

    def says(self, text):
        """Wait until the command has said `text`; fail when it ends without."""
        wait_until(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output

    def is_running(self):
        """Wait until the site says that it runs."""
        self.says("The site is running at")
        return self

    def ends(self):
        """Wait for the end and return the exit status."""
        return self.process.wait(PATIENCE)

    def end(self, by=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.ends()


@pytest.fixture
def machine_with(tmp_path):
    """Return a function that makes a Machine for a clone; whatever it started is gone after the test."""
    machines = []

    def make(clone, name="machine"):
        folder = tmp_path / name
        folder.mkdir()
        machines.append(Machine(folder, clone))
        return machines[-1]

    yield make
    for machine in machines:
        machine.clean_up()


@pytest.fixture
def empty_clone(tmp_path):
    """A clone, in a path with spaces, that holds the commands and the locks and has no .venv yet."""
    clone = tmp_path / "a clone with spaces"
    shutil.copytree(ROOT / "bin", clone / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    return clone


@pytest.fixture
def tiny_clone(empty_clone):
    """The same with a tiny site in it, and this project's .venv, which is not installed again."""
    shutil.copytree(Path(__file__).parent / "tiny_site", empty_clone, dirs_exist_ok=True)
    for name in ("gunicorn.py", "log_lines.py"):
        shutil.copy(ROOT / "network" / name, empty_clone / "network" / name)
    (empty_clone / ".venv").symlink_to(ROOT / ".venv")
    return empty_clone


@pytest.fixture
def database_url():
    """A new PostgreSQL database on the server that the suite runs on, or nothing on SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"network_{uuid.uuid4().hex}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    yield f"{server.rpartition('/')[0]}/{name}"
    connection.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


@pytest.fixture
def machine(machine_with, tiny_clone):
    """A machine with the tiny site."""
    machine = machine_with(tiny_clone)
    machine.environment["WEB_CONCURRENCY"] = "1"  # one is enough to see it work, and starts sooner
    return machine
