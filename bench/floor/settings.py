"""Two sites in one: without middleware for visitors, and with Django's own default when FLOOR_SIGNED_IN is set."""

import os
from pathlib import Path

import environ

DATA = Path(os.environ["NETWORK_DATA"])
SECRET_KEY = "of-the-floor-alone-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105 -- lives for one run
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.floor.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "bench.floor",
]
# The first for visitors is what gives an answer its length, so that a connection can be kept.
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
CONTEXT_PROCESSORS = ["django.template.context_processors.request"]
if os.environ.get("FLOOR_SIGNED_IN"):
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
    CONTEXT_PROCESSORS += [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    }
]
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": environ.Env().db_url_config(os.environ["DATABASE_URL"]) | {"NAME": "floor"}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "floor.sqlite3"}}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/London"
