"""bin/manage: manage.py inside `.venv`, with the same defaults as bin/run."""

import os

import environment


def manage(arguments):
    environment.data_folder()
    environment.prepare("runtime")
    os.umask(0o027)
    arguments = [environment.PYTHON, environment.ROOT / "manage.py", *arguments]
    os.execv(environment.PYTHON, arguments)  # noqa: S606 -- it takes our place


if __name__ == "__main__":
    environment.main("bin/manage", manage)
