"""Several things at the same moment, each in a process of its own, for code that runs in an OtherSite."""

import os
import sys
import traceback

from django.db import connections

PATIENCE = 600  # seconds for which a process waits for SQLite's one lock, whatever else the machine does


def at_once(*tasks):
    """Run functions in as many processes, which all begin when the last is there; return what went wrong in each."""
    for settings in connections.settings.values():
        if "timeout" in settings["OPTIONS"]:
            settings["OPTIONS"]["timeout"] = PATIENCE
    connections.close_all()
    sys.stdout.flush()
    gate, opener = os.pipe()
    children = [_start(task, gate, opener) for task in tasks]
    os.close(gate)
    os.close(opener)
    return [trouble for child, said in children if (trouble := _end_of(child, said))]


def _start(task, gate, opener):
    """Start a process; return its id and the end of a pipe by which it says what went wrong."""
    said, saying = os.pipe()
    child = os.fork()
    if child:
        os.close(saying)
        return child, said
    try:
        os.close(opener)
        os.read(gate, 1)  # ends when nobody holds the other end any more
        task()
        connections.close_all()
    except BaseException:
        os.write(saying, traceback.format_exc()[-4000:].encode())
    finally:
        os._exit(0)


def _end_of(child, said):
    with os.fdopen(said) as words:
        trouble = words.read()
    _child, status = os.waitpid(child, 0)
    return trouble or (f"ended with {status}" if status else "")
