"""The site's own settings, for tests: a data folder of this process alone, plain static files, a cache in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for _name in (
    "SITE_URL",
    "EMAIL_URL",
    "CACHE_URL",
    "DEBUG",
    "NETWORK_APPROVES_MEMBERS",
    "NETWORK_STAFF_TWO_FACTOR",
):
    os.environ.pop(_name, None)
_folder = tempfile.mkdtemp(prefix="network-tests-")
_made_by = os.getpid()


def _clean_up():
    if os.getpid() == _made_by:  # not a child that a test has forked
        shutil.rmtree(_folder, ignore_errors=True)


atexit.register(_clean_up)
os.environ["NETWORK_DATA"] = _folder
os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs its own loop

from network.settings import *  # noqa: F403
from network.settings import DATABASES, STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Empty: else every test client would begin by looking at each of the files collected for a site on this machine.
STATIC_ROOT = Path(_folder) / "static"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
NETWORK_POST_RATE = "0"  # tests make many items in a moment; those about the rate set it themselves
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    # A test's database need not survive a power cut: without waiting for the disk the suite takes half the time.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
