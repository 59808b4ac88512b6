"""The environment the commands run in: `.venv` with the locked packages, and NETWORK_DATA.

Standard library only: this runs before any package is installed.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = "bin/manage"  # what messages call themselves; each command sets its own


class Problem(Exception):
    """Something the person who started the command can put right; its text is one line for them."""


def say(text):
    """Tell the person at the terminal; standard output is left to the command itself."""
    print(f"{COMMAND}: {text}", file=sys.stderr, flush=True)  # noqa: T201


def main(command, function):
    """Run `function` as the command of that name: a Problem is one line, and Ctrl-C is no traceback."""
    global COMMAND
    COMMAND = command
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        sys.exit(function(sys.argv[1:]))
    except Problem as problem:
        say(problem)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


# --- processes ------------------------------------------------------------------------------------
def die_with_parent(parent):
    """Return what a child calls before its program starts, so that killing us ends it too (Linux)."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return None

    def arrange():
        prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def start(arguments, **options):
    """Start a program in a process group of its own, which `stop` can end as a whole."""
    # ruff: noqa: S603 -- the programs are ours, and no shell stands between
    return subprocess.Popen(
        [os.fspath(argument) for argument in arguments],
        start_new_session=True,
        preexec_fn=die_with_parent(os.getpid()),  # safe: we have one thread
        **options,
    )


def wait_or_kill(process, patience=35.0):
    """Wait for a program that was asked to stop; kill what is left of its group after `patience` seconds."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process, by=signal.SIGTERM):
    """End a started program, politely first, with all it started."""
    if process.poll() is None:
        process.send_signal(by)
    wait_or_kill(process)


def run(arguments, interrupt_by=signal.SIGTERM, **options):
    """Run a program to its end and return its exit status; it does not outlive an interrupted command."""
    process = start(arguments, **options)
    try:
        return process.wait()
    except BaseException:
        stop(process, by=interrupt_by)
        raise


# --- files ----------------------------------------------------------------------------------------
@contextlib.contextmanager
def alone(folder, waiting):
    """Hold the folder's lock, so that of several commands started at once one works and the others wait."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with _notice_after(2, waiting):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _notice_after(seconds, text):
    previous = signal.signal(signal.SIGALRM, lambda *_: say(text))
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def make_writable(folder, name):
    """Make the folder if need be, for its owner and group only, and prove that it can be written to."""
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Problem(f"cannot write to {name} ({folder}): {reason}") from None


# --- the environment ------------------------------------------------------------------------------
def data_folder():
    """Return NETWORK_DATA as an absolute path, made and writable, and put it into the environment."""
    folder = Path(os.path.abspath(os.path.expanduser(os.environ.get("NETWORK_DATA") or ROOT / "data")))
    make_writable(folder, "NETWORK_DATA")
    os.environ["NETWORK_DATA"] = str(folder)
    return folder


def _lock_file(lock):
    return ROOT / "requirements" / f"{lock}.txt"


def locked(lock):
    """Return what identifies the locked packages: the hash of their lock file."""
    return hashlib.sha256(_lock_file(lock).read_bytes()).hexdigest()


def prepare(*locks):
    """Make `.venv` hold exactly what the named lock files say; a second call finds the stamps and returns."""
    with alone(ROOT / "requirements", "another command is installing the packages; waiting for it"):
        if not _is_whole():
            _create()
        for lock in locks:
            _install(lock)


def _is_whole():
    """Whether .venv can be used: made to its end, and by the Python it now runs on."""
    if not os.access(PYTHON, os.X_OK):
        return False
    answer = subprocess.run(
        [PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    installer = VENV / "lib" / answer.stdout.strip() / "site-packages/pip/__main__.py"
    return answer.returncode == 0 and installer.exists()


def _create():
    say("creating .venv")
    make_writable(VENV, "the folder for packages")
    with tempfile.TemporaryFile("w+") as log:
        if run([sys.executable, "-m", "venv", "--clear", VENV], stdout=log, stderr=log):
            raise Problem(f"could not create {VENV}: {_last_line(log) or 'python -m venv failed'}")


def _install(lock):
    wanted = locked(lock)
    stamp = VENV / f"installed-{lock}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    make_writable(VENV, "the folder for packages")
    stamp.unlink(missing_ok=True)
    say(f"installing the {lock} packages (only when their lock has changed)")
    arguments = ["install", "--require-hashes", "-r", _lock_file(lock), "--quiet", "--no-input"]
    arguments += ["--disable-pip-version-check", "--root-user-action=ignore"]
    with open(VENV / "install.log", "w+") as log:
        if run([PYTHON, "-m", "pip", *arguments], stdout=log, stderr=log):
            log.seek(0)
            raise Problem(f"{_why_not(log.read())}; the details are in {VENV}/install.log")
    stamp.write_text(wanted)


def _why_not(log):
    """Return pip's failure in one line."""
    if "No space left" in log:
        return "there is no space left to install the packages"
    if "DO NOT MATCH THE HASHES" in log:
        return "a downloaded package is not the one that was locked, so nothing was installed"
    return "the packages could not be downloaded: check the connection and start again"


def _last_line(log):
    log.seek(0)
    lines = log.read().strip().splitlines()
    return lines[-1] if lines else ""


# --- Debian's packages ----------------------------------------------------------------------------
def can_apt():
    """Whether Debian's packages may be installed without asking: by root, where apt-get is."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages):
    """Install Debian packages; whether it helped is for the caller to see."""
    say(f"installing {' and '.join(packages)} with apt-get")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with tempfile.TemporaryFile("w+") as log:
        for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            if run(["apt-get", *step], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment):
                say(f"apt-get {step[0]} failed: {_last_line(log)}")


if __name__ == "__main__":  # .ci/run: python environment.py LOCK...
    main(".ci/run", lambda locks: prepare(*locks))
