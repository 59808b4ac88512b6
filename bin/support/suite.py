"""bin/test: the suite on SQLite, its browser tests, and the suite again on real PostgreSQL."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import environment
import postgres
from environment import PYTHON, ROOT, Problem

USAGE = """Usage: bin/test [--strict] [pytest's own arguments]

Runs the suite on SQLite, the browser tests on SQLite, and the suite on PostgreSQL.
--strict  nothing may be skipped (so it is too when CI=true): a missing browser or PostgreSQL is a failure
Examples: bin/test tests/blog -k draft;  bin/test -n 0 -x --lf"""
SETTINGS = {
    "ALLOWED_HOSTS",
    "CACHE_URL",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "PORT",
    "SECRET_KEY",
    "SITE_URL",
    "STATIC_ROOT",
    "TRUST_PROXY",
    "WEB_CONCURRENCY",
}
ONCE = "Tests that have no way to a database, or nothing of their own to ask of it, ran once, on SQLite"
NOTHING_COLLECTED = 5
INTERRUPTED = 2


@dataclass
class Phase:
    """One run of pytest and what came of it."""

    title: str
    status: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0

    @property
    def is_good(self):
        return self.status in (0, NOTHING_COLLECTED)

    def __str__(self):
        if self.status == NOTHING_COLLECTED:
            return f"{self.title}: no test selected"
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        broken = "" if self.is_good or self.failed else f" (pytest ended with status {self.status})"
        counts = f"{self.passed} passed, {self.failed} failed{skipped}"
        return f"{self.title}: {counts}, in {self.seconds:.0f} s{broken}"


def suite(arguments):
    """Run every phase and return 0 when all that could run has passed."""
    if arguments in (["-h"], ["--help"]):
        print(USAGE)  # noqa: T201
        return 0
    strict = os.environ.get("CI", "").lower() in ("1", "true") or "--strict" in arguments
    arguments = [argument for argument in arguments if argument != "--strict"]
    expression, arguments = _take_marker(arguments)
    environment.prepare("runtime", "test")
    _install_missing()
    chromium, programs = shutil.which("chromium"), postgres.find_programs()
    left_out = []
    if not chromium:
        left_out.append("the browser tests, because chromium is not installed (apt-get install -y chromium)")
    if not programs:
        left_out.append("PostgreSQL, because it is not installed (apt-get install -y postgresql)")

    phases = []
    with tempfile.TemporaryDirectory(prefix="network-test-") as folder:
        run = Runner(Path(folder), expression, arguments)
        phases.append(run("SQLite", "not browser"))
        if chromium and phases[-1].status != INTERRUPTED:
            phases.append(run("Browser", "browser", CHROMIUM=chromium, DJANGO_ALLOW_ASYNC_UNSAFE="1"))
        if programs and phases[-1].status != INTERRUPTED:
            title = f"PostgreSQL-{postgres.version(programs)}"
            try:
                with postgres.cluster(programs) as url:
                    phases.append(run(title, "not browser", DATABASE_URL=url))
            except Problem as problem:
                environment.say(problem)
                phases.append(Phase(title, status=1))
    return _summary(phases, left_out, strict)


def _take_marker(arguments):
    """Return the expression of a `-m` among pytest's arguments, or None, and the arguments without it."""
    expression, rest = None, []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "-m":
            expression = next(remaining, None)
            if expression is None:
                raise Problem("-m needs an expression")
        else:
            rest.append(argument)
    return expression, rest


def _install_missing():
    missing = [] if shutil.which("chromium") else ["chromium"]
    if not postgres.find_programs() and "POSTGRES_BIN" not in os.environ:
        missing.append("postgresql")
    if missing and environment.can_apt():
        environment.apt_install(*missing)


class Runner:
    """Runs pytest for one phase after the other, away from the data of any real site."""

    def __init__(self, folder, expression, arguments):
        self.folder = folder
        self.expression = expression
        self.arguments = arguments

    def __call__(self, title, marker, **variables):
        expression = f"({self.expression}) and {marker}" if self.expression else marker
        report = self.folder / f"{title}.xml"
        state = self.folder / title
        state.mkdir()
        surroundings = {name: value for name, value in os.environ.items() if not _is_setting(name)}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # each process would compile all of the tests again
        surroundings |= {"NETWORK_DATA": str(state), "TMPDIR": str(state), **variables}
        # One more than there are cores: many tests wait for a process, a server or a browser that they started.
        processes = str(max(2, len(os.sched_getaffinity(0))) + 1)
        print(f"\n=== {title} ===", flush=True)  # noqa: T201
        began = time.monotonic()
        status = environment.run(
            [
                PYTHON,
                "-m",
                "pytest",
                "-n",
                processes,
                "--dist=worksteal",  # each begins with whole modules, and whoever is done helps the others
                "-m",
                expression,
                f"--junitxml={report}",
                *self.arguments,
            ],
            interrupt_by=signal.SIGINT,
            env=surroundings,
            cwd=ROOT,
        )
        phase = Phase(title, status, seconds=time.monotonic() - began)
        _count(report, phase)
        return phase


def _is_setting(name):
    """Whether a variable of the environment would give the tests another site than the default one."""
    return name in SETTINGS or name.startswith("NETWORK_")


def _count(report, phase):
    """Read the figures of a phase from pytest's own report."""
    with contextlib.suppress(FileNotFoundError, ElementTree.ParseError):
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 -- pytest wrote it a moment ago
            outcomes = {child.tag for child in case}
            if outcomes & {"failure", "error"}:
                phase.failed += 1
            elif "skipped" in outcomes:
                phase.skipped += 1
            else:
                phase.passed += 1


def _summary(phases, left_out, strict):
    """Print what ran and what did not, and return the exit status."""
    passed = sum(phase.passed for phase in phases)
    failed = sum(phase.failed for phase in phases)
    skipped = sum(phase.skipped for phase in phases)
    lines = ["", *map(str, phases)]
    if phases[-1].title.startswith("PostgreSQL"):
        lines.append(ONCE)
    lines += [f"Skipped: {reason}" for reason in left_out]
    if skipped:
        lines.append(f"Skipped: {skipped} single tests; pytest gives each one's reason above")
    good = all(phase.is_good for phase in phases)
    if all(phase.status == NOTHING_COLLECTED for phase in phases):
        lines.append("No test was selected")
        good = False
    if strict and (left_out or skipped):
        lines.append("Nothing may be skipped here, so this run has failed")
        good = False
    lines.append(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    print("\n".join(lines), flush=True)  # noqa: T201
    return 0 if good else 1


if __name__ == "__main__":
    environment.main("bin/test", suite)
