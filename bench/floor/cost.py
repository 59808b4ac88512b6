"""What the floor page costs inside its process: `python -m bench.floor.cost [cookie]` prints it as JSON."""

import json
import sys
from dataclasses import asdict


def main(cookie=""):
    from bench.inside import cost_of

    from .wsgi import application

    return json.dumps(asdict(cost_of(application, "/", cookie)))


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201
