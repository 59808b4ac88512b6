"""Run as a script, in a process of its own: looks into the file on its standard input and says what it is.

`python -I check_child.py pdf < file` writes one object of JSON: {"type": "pdf", "pages": 3}, or
{"refused": "file_encrypted", "params": {}}. Whatever else happens to it (a limit, a crash in a parser) means that
the file can't be read. Standard input must be a file that can be read from any place. Imports nothing of Django: it
starts quickly and has nothing to lose.
"""

import json
import resource
import sys
from pathlib import Path

MEMORY = 512 * 1024 * 1024
MEMORY_FOR_PIXELS = 1024 * 1024 * 1024  # 40 megapixels, twice while they are decoded
CPU_SECONDS = 15
ANSWER_BYTES = 4096
PIXELS = {"jpeg", "png", "webp", "avif", "gif"}


def set_limits(expected):
    for which, most in (
        (resource.RLIMIT_AS, MEMORY_FOR_PIXELS if expected in PIXELS else MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))


def main(expected):
    """Write the answer; return the exit code."""
    sys.dont_write_bytecode = True  # it would be cut off by the limit on what is written
    set_limits(expected)
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from commons.files.inspecting.examine import VIDEOS, examine
    from commons.files.inspecting.refused import Refused

    if expected in VIDEOS:
        # MediaInfo would follow a film that names other files, or addresses, as the places of its parts.
        from commons.files.inspecting import videos  # noqa: F401

        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    try:
        answer = examine(sys.stdin.buffer, expected)
    except Refused as problem:
        answer = {"refused": problem.code, "params": problem.params}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
