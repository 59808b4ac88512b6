"""bin/bench: a sample network in a folder of its own, and what its pages cost.

This builds the folder (and the PostgreSQL cluster) and starts `bench/`, which measures.
"""

import argparse
import contextlib
import os
import tempfile
from pathlib import Path

import environment
import postgres
from environment import PYTHON, ROOT, Problem

DESCRIPTION = (
    "Measure what the main pages cost: SQL, function calls, bytes, and requests a second against a floor."
)
EPILOG = (
    "It ends with status 1 when a page is past a limit that holds on a busy machine too (SQL, calls, bytes)."
)


def bench(arguments):
    """Build, measure, print the table; return 1 when a page is past a limit."""
    wanted = _parser().parse_args(arguments)
    environment.prepare("runtime")
    os.umask(0o027)
    if wanted.uploads:
        return environment.run([PYTHON, "-m", "bench.uploads"], cwd=ROOT)
    with contextlib.ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="network-bench-"))
        surroundings = _surroundings(Path(data))
        if wanted.postgres:
            programs = postgres.find_programs()
            if not programs:
                raise Problem("PostgreSQL is not installed (apt-get install -y postgresql)")
            surroundings["DATABASE_URL"] = stack.enter_context(postgres.cluster(programs))
        _build(wanted, surroundings)
        measure = [PYTHON, "-m", "bench", "--seconds", wanted.seconds]
        measure += ["--no-server"] if wanted.no_server else []
        return environment.run(measure, cwd=ROOT, env=surroundings)


def _parser():
    parser = argparse.ArgumentParser("bin/bench", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--members", type=int, default=300, metavar="N")
    parser.add_argument("--contributions", type=int, default=2000, metavar="N")
    parser.add_argument("--comments", type=int, metavar="N", help="two for each contribution, unless told")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--postgres", action="store_true", help="on a throwaway PostgreSQL; adds buffers")
    parser.add_argument(
        "--seconds", default="0.7", metavar="S", help="how long each page is asked for at a stretch (0.7)"
    )
    parser.add_argument(
        "--no-server", action="store_true", help="only what holds on a busy machine; a few seconds"
    )
    parser.add_argument(
        "--uploads", action="store_true", help="instead: the memory that an upload of 200 MB takes"
    )
    return parser


def _surroundings(data):
    """Return an environment in which no setting of a real site is left."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "LANG", "TMPDIR", "POSTGRES_BIN", "VIRTUAL_ENV"}
    }
    return kept | {
        "NETWORK_DATA": str(data),
        "STATIC_ROOT": str(data / "static"),
        "DJANGO_SETTINGS_MODULE": "network.settings",
        "PYTHONUNBUFFERED": "1",
        "WEB_CONCURRENCY": "1",  # a second process would compete with the one that asks
    }


def _build(wanted, surroundings):
    numbers = ["--members", wanted.members, "--contributions", wanted.contributions, "--seed", wanted.seed]
    numbers += [] if wanted.comments is None else ["--comments", wanted.comments]
    with open(Path(surroundings["NETWORK_DATA"]) / "build.log", "w+") as log:
        for step in (
            [PYTHON, ROOT / "bin/support/prepare.py"],
            [PYTHON, ROOT / "manage.py", "generate_network", *map(str, numbers)],
        ):
            environment.say(f"{Path(step[1]).name} {' '.join(map(str, step[2:]))}".strip())
            if environment.run(step, cwd=ROOT, env=surroundings, stdout=log, stderr=log):
                log.seek(0)
                raise Problem(f"the sample network could not be built:\n{log.read()[-2000:]}")


if __name__ == "__main__":
    environment.main("bin/bench", bench)
