"""What bin/run does inside Django before it serves: migrate, load the starter library, collect static files.

One process for all of it, because each start of Django costs a second.
"""

import hashlib
import os
import sys
import traceback
from pathlib import Path

import environment

sys.path[0] = str(environment.ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")


def main():
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_starter_library", "--if-new")
        if not settings.DEBUG:
            collect(settings.STATIC_ROOT)
    except ImproperlyConfigured as error:
        raise environment.Problem(error) from error
    except OperationalError as error:
        raise environment.Problem(f"the database cannot be used: {str(error).splitlines()[0]}") from error
    except environment.Problem:
        raise
    except Exception:
        traceback.print_exc()
        raise environment.Problem("the site could not be prepared; the reason stands above") from None


def collect(folder):
    """Fill STATIC_ROOT with hashed and compressed files, unless that was done for these very files."""
    from django.core.management import call_command

    stamp = Path(folder) / "collected"
    wanted = _digest_of_sources()

    def is_done():
        return stamp.exists() and stamp.read_text() == wanted

    if is_done():
        return
    environment.make_writable(stamp.parent, "STATIC_ROOT")
    with environment.alone(stamp.parent, "another command is collecting the static files; waiting for it"):
        if not is_done():
            stamp.unlink(missing_ok=True)
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(wanted)


def _digest_of_sources():
    """Return a hash of all that decides what collectstatic writes."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(environment.locked("runtime").encode())
    for source in sorted((environment.ROOT / "network").glob("*.py")):  # the storage and its settings
        digest.update(source.read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(path.encode())
            with storage.open(path) as file:
                digest.update(file.read())
    return digest.hexdigest()


if __name__ == "__main__":
    environment.main("bin/run", lambda _: main())
