"""A site small enough to start in a second, for the tests of the commands in bin/."""

import os
from pathlib import Path

NETWORK_DATA = Path(os.environ["NETWORK_DATA"])
DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = "tiny"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.staticfiles", "network"]
ROOT_URLCONF = "network.urls"
WSGI_APPLICATION = "network.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": NETWORK_DATA / "tiny.sqlite3"}}
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or Path(__file__).parent.parent / "staticfiles")
STATICFILES_DIRS = [Path(__file__).parent.parent / "static"]
