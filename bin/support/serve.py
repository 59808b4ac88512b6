"""bin/run: prepare the site, then keep its web server and its background worker running together."""

import contextlib
import errno
import fcntl
import http.client
import os
import shlex
import signal
import socket
import subprocess
import time

import environment
from environment import PYTHON, ROOT, Problem, say

USAGE = """Usage: bin/run [--dev]

Starts the site on http://127.0.0.1:$PORT (8000) with its state in $NETWORK_DATA (data/), until Ctrl-C.
--dev  debug pages, and the server starts anew when code changes; never for a site others can reach"""
WORKER_TRIES = 4  # deaths of the worker within WORKER_SPAN seconds before the site gives up
WORKER_SPAN = 120


def serve(arguments):
    """Run the site until a signal ends it (exit status 0) or one of its programs fails for good (1)."""
    if arguments in (["-h"], ["--help"]):
        print(USAGE)  # noqa: T201
        return 0
    if arguments not in ([], ["--dev"]):
        raise Problem(f"unknown argument {shlex.join(arguments)}; see bin/run --help")
    if arguments == ["--dev"]:
        os.environ["DEBUG"] = "1"
    os.umask(0o027)
    data = environment.data_folder()
    port = _port()
    with _only_site(data, port):
        _check_free(port)
        environment.prepare("runtime")
        if environment.run([PYTHON, ROOT / "bin/support/prepare.py"], cwd=ROOT):
            return 1  # it has said why
        return Site(port, data, reloading=arguments == ["--dev"]).run()


def _port():
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}")
    os.environ["PORT"] = text
    return int(text)


@contextlib.contextmanager
def _only_site(data, port):
    """Hold the folder for one site; the lock goes with the process, however it ends."""
    with open(data / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Problem(
                f"a site is already running in {data} ({lock.read().strip() or 'just starting'}); "
                "stop it first, or give this one a folder of its own with NETWORK_DATA"
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, port {port}\n")
        lock.flush()
        yield


def _check_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = f"PORT={port + 1 if port < 65535 else 8000} bin/run"
                raise Problem(f"port {port} is taken; choose another, for example: {other}") from None
            raise Problem(f"port {port} cannot be used: {error.strerror.lower()}") from None


class Site:
    """The two programs of a running site, and the promise that neither is left without the other."""

    def __init__(self, port, data, reloading):
        self.port = port
        self.data = data
        self.reloading = reloading
        self.web = self.worker = None
        self.worker_deaths = []
        self.worker_due = 0.0
        self.stopping = False

    def run(self):
        """Start both, watch both, stop both."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        os.environ["PYTHONUNBUFFERED"] = "1"
        announced = False
        try:
            self.web = self._start_web()
            self.worker = self._start(PYTHON, ROOT / "manage.py", "run_worker")
            while not self.stopping:
                if self.web.poll() is not None:
                    raise Problem(f"the web server stopped by itself ({_ending(self.web)}): the site stops")
                self._keep_worker()
                if not announced and self._answers():
                    self._announce()
                    announced = True
                time.sleep(0.1)
        finally:
            self._stop_both()
        say("stopped")
        return 0

    def _start(self, *arguments):
        return environment.start(arguments, cwd=ROOT, stdin=subprocess.DEVNULL)

    def _start_web(self):
        if self.reloading:
            return self._start(PYTHON, ROOT / "manage.py", "runserver", f"127.0.0.1:{self.port}")
        return self._start(PYTHON, "-m", "gunicorn", "-c", "network/gunicorn.py", "network.wsgi")

    def _keep_worker(self):
        """Start the worker again when it has died, later each time, but not for ever."""
        if self.worker.poll() is None:
            return
        now = time.monotonic()
        if not self.worker_due:
            how = _ending(self.worker)
            self.worker_deaths = [death for death in self.worker_deaths if now - death < WORKER_SPAN] + [now]
            if len(self.worker_deaths) >= WORKER_TRIES:
                raise Problem(f"the background worker keeps stopping ({how}): the site stops")
            pause = 2 ** (len(self.worker_deaths) - 1)
            self.worker_due = now + pause
            say(f"the background worker stopped by itself ({how}); starting it again in {pause} s")
        elif now >= self.worker_due:
            self.worker_due = 0.0
            environment.stop(self.worker)  # whatever it had started itself
            self.worker = self._start(PYTHON, ROOT / "manage.py", "run_worker")

    def _answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def _announce(self):
        here = f"http://127.0.0.1:{self.port}/"
        public = os.environ.get("SITE_URL", "")
        manage = "bin/manage" if os.path.samefile(ROOT, os.curdir) else shlex.quote(str(ROOT / "bin/manage"))
        if self.data != ROOT / "data":
            manage = f"NETWORK_DATA={shlex.quote(str(self.data))} {manage}"
        if os.environ.get("DATABASE_URL"):  # it may hold a password, so it is only named
            manage = f"DATABASE_URL=... {manage}"
        if os.environ.get("EMAIL_URL"):
            mail = "goes to the server in EMAIL_URL"
        else:
            mail = f"can be read in {self.data / 'mail'}"
        print(  # noqa: T201
            f"\nThe site is running at {f'{public} (here: {here})' if public else here}\n"
            f"  The first administrator is made with: {manage} createsuperuser\n"
            f"  Outgoing e-mail {mail}\n"
            "  Ctrl-C stops it\n",
            flush=True,
        )

    def _stop_soon(self, number, frame):
        if self.stopping:  # asked a second time: at once
            for process in filter(None, (self.web, self.worker)):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
        self.stopping = True

    def _stop_both(self):
        self.stopping = True
        programs = [process for process in (self.web, self.worker) if process]
        for process in programs:  # both at once, so that the longer of the two is all there is to wait for
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in programs:
            environment.wait_or_kill(process)


def _ending(process):
    """Return how a process ended, in words."""
    if process.returncode < 0:
        return f"signal {signal.Signals(-process.returncode).name}"
    return f"exit status {process.returncode}"


if __name__ == "__main__":
    environment.main("bin/run", serve)
