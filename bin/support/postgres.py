"""A PostgreSQL cluster for one test run: on a free loopback port, as an unprivileged user."""

import contextlib
import glob
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import environment

# Nothing here has to survive a power cut, and nobody counts rows behind a test's back: what was counted while a table
# was all but empty would stand for a thousand rows later. The rest is PostgreSQL's own default.
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}


def find_programs():
    """Return the folder of the newest PostgreSQL programs, or None; POSTGRES_BIN names another."""
    chosen = os.environ.get("POSTGRES_BIN")
    if chosen is not None:
        return Path(chosen) if os.access(Path(chosen) / "initdb", os.X_OK) else None
    installed = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def version(programs):
    """Return the major version, as a string."""
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return re.search(r"\d+", answer.stdout).group()


@contextlib.contextmanager
def cluster(programs):
    """Yield the DATABASE_URL of a fresh cluster; it is stopped and removed afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="network-postgres-", dir="/tmp"))  # a socket's path must be short
    server = None
    try:
        owner = _owner(folder)
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        os.chmod(secret, 0o644)  # the folder itself is closed to others
        _initialise(programs, folder, secret, owner)
        for _ in range(5):  # another program may take the port between our look and the start
            port = _free_port()
            server = _start(programs, folder, port, owner)
            if _is_ready(programs, server, port):
                break
            environment.stop(server, by=signal.SIGQUIT)
        else:
            raise environment.Problem(f"PostgreSQL does not start: {_tail(folder / 'server.log')}")
        yield f"postgres://network:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            environment.stop(server, by=signal.SIGINT)  # "fast": open connections are cut
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder):
    """Give the folder to an unprivileged user, as PostgreSQL refuses root; return how to run as them."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise environment.Problem("PostgreSQL cannot run as root, and there is no user postgres or nobody")


def _initialise(programs, folder, secret, owner):
    arguments = ["--pgdata", folder / "state", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    arguments += ["--username=network", "--auth=scram-sha-256", f"--pwfile={secret}"]
    with open(folder / "initdb.log", "w") as log:
        if environment.run([programs / "initdb", *arguments], stdout=log, stderr=log, cwd=folder, **owner):
            raise environment.Problem(f"PostgreSQL's initdb failed: {_tail(folder / 'initdb.log')}")


def _start(programs, folder, port, owner):
    arguments = ["-D", folder / "state", "-k", folder, "-p", str(port)]
    for name, value in SETTINGS.items():
        arguments += ["-c", f"{name}={value}"]
    with open(folder / "server.log", "a") as log:
        options = {"stdout": log, "stderr": log, "cwd": folder, **owner}
        return environment.start([programs / "postgres", *arguments], **options)


def _is_ready(programs, server, port):
    """Wait until the server takes connections; False when it ended instead."""
    question = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(600):
        if server.poll() is not None:
            return False
        if subprocess.run(question, check=False).returncode == 0:  # noqa: S603
            return True
        time.sleep(0.1)
    return False


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _tail(log):
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
