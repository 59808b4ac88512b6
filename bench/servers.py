"""The servers that are asked: the site as bin/run serves it, and the floor in the same way."""

import contextlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")  # of processor time in a second


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its port, and the id of its first process."""

    port: int
    pid: int

    def processor_time(self):
        """Return the seconds of processor time that it and the processes it started have used so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name, which may hold anything: state, parent ... and in 12th and 13th place the ticks.
                name, fields = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            if self.pid in (int(name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS


@contextlib.contextmanager
def serving(application, **surroundings):
    """Yield the Server by which gunicorn serves `application`, a module; stop it afterwards."""
    port = free_port()
    log = Path(os.environ["NETWORK_DATA"]) / f"{application}-{port}.log"
    arguments = ["-c", "network/gunicorn.py", "--access-logfile", f"{log}.access", application]
    with open(log, "w") as output:
        server = subprocess.Popen(  # noqa: S603 -- our own programs
            [sys.executable, "-m", "gunicorn", *arguments],
            cwd=ROOT,
            env=os.environ | surroundings | {"PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_it_answers(server, port, log)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port():
    """Return a port that nobody listens on, out of those that no outgoing connection is given meanwhile."""
    while True:
        port = 10_000 + secrets.randbelow(22_768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_until_it_answers(server, port, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the server does not answer: {log.read_text()[-2000:]}")
