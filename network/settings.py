"""Every setting of the site, read from the environment in this one place.

docs/settings.md holds the same table in words; a test compares the two.
"""

import contextlib
import os
import re
import secrets
import tempfile
from datetime import timedelta
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _kept_key(folder, *, new_site):
    """Return the key kept in `folder`, made at the first start and readable by its owner only.

    Without `new_site` a missing key is not made: another one would end every session and break every link sent.
    """
    path = folder / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        if not new_site:
            raise ImproperlyConfigured(
                f"SECRET_KEY is missing: put back {path}, or set the key this site had before."
            ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"SECRET_KEY can't be read from {path}: {type(error).__name__}.") from None
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(
        prefix=".secret_key.", dir=folder
    )  # for its owner only, a name nobody else has
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(part, path)  # of two that start at once, one gives its key to both
    finally:
        os.unlink(part)
    return path.read_text().strip()


# --- the site and where its state lies -----------------------------------------------------------
NETWORK_DATA = Path(env.str("NETWORK_DATA", default=str(BASE_DIR / "data"))).expanduser().resolve()
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SECURE_SITE = SITE_URL.startswith("https://")
SECRET_KEY = env.str("SECRET_KEY", default="")
if SECURE_SITE and not SECRET_KEY and "SECRET_KEY" in env:
    raise ImproperlyConfigured("SECRET_KEY is missing: it is set, but to nothing.")
SECRET_KEY = SECRET_KEY or _kept_key(
    NETWORK_DATA, new_site=not (SECURE_SITE and (NETWORK_DATA / "network.sqlite3").exists())
)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured(
        "SECRET_KEY is too weak: use at least 50 random characters, or leave it out and one is made for you."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or sorted(
    {urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"}
    if not SECURE_SITE
    else {urlsplit(SITE_URL).hostname}
)
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)

# --- what the network decides about itself --------------------------------------------------------
NETWORK_NAME = env.str("NETWORK_NAME", default="Co-production Practitioners’ Network")
NETWORK_APPROVES_MEMBERS = env.bool("NETWORK_APPROVES_MEMBERS", default=False)
NETWORK_MINIMUM_AGE = env.int("NETWORK_MINIMUM_AGE", default=16)
NETWORK_POST_RATE = env.str("NETWORK_POST_RATE", default="30/h").strip()
if not re.fullmatch(r"0|[0-9]{1,6}/[smhd]", NETWORK_POST_RATE, re.ASCII):
    raise ImproperlyConfigured("NETWORK_POST_RATE must be like 30/h, or 0 for no limit.")
NETWORK_NEW_MEMBER_DAYS = env.int("NETWORK_NEW_MEMBER_DAYS", default=7)
NETWORK_FIRST_DAY_POSTS = env.int("NETWORK_FIRST_DAY_POSTS", default=5)
NETWORK_INVITATIONS_A_DAY = env.int("NETWORK_INVITATIONS_A_DAY", default=10)
NETWORK_FORM_SECONDS = env.int("NETWORK_FORM_SECONDS", default=3)
NETWORK_MODERATION_MAIL = env.str("NETWORK_MODERATION_MAIL", default="at-once")
if NETWORK_MODERATION_MAIL not in {"at-once", "daily"}:
    raise ImproperlyConfigured("NETWORK_MODERATION_MAIL must be at-once or daily.")
NETWORK_CHECK_LINKS = env.bool("NETWORK_CHECK_LINKS", default=True)
NETWORK_STAFF_TWO_FACTOR = env.bool("NETWORK_STAFF_TWO_FACTOR", default=SECURE_SITE)
NETWORK_SECURITY_CONTACT = env.str("NETWORK_SECURITY_CONTACT", default=f"{SITE_URL}/report-an-issue/")

# --- files that members upload ---------------------------------------------------------------------
NETWORK_FILE_MB = env.int("NETWORK_FILE_MB", default=50)
NETWORK_VIDEO_MB = env.int("NETWORK_VIDEO_MB", default=500)
NETWORK_MEMBER_QUOTA_MB = env.int("NETWORK_MEMBER_QUOTA_MB", default=2048)
if min(NETWORK_FILE_MB, NETWORK_VIDEO_MB) < 1 or NETWORK_MEMBER_QUOTA_MB < 0:
    raise ImproperlyConfigured(
        "NETWORK_FILE_MB and NETWORK_VIDEO_MB must be 1 or more, NETWORK_MEMBER_QUOTA_MB 0 (no limit) or more."
    )
NETWORK_ACCEL = env.str("NETWORK_ACCEL", default="")
if NETWORK_ACCEL and not re.fullmatch(r"/[A-Za-z0-9_/-]+/", NETWORK_ACCEL, re.ASCII):
    raise ImproperlyConfigured("NETWORK_ACCEL must be an address within the web server, like /stored-files/.")

# --- applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "network.apps.NetworkConfig",
    "network.admin_apps.NetworkAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "taggit",
    "crispy_forms",
    "commons.personal_data.apps.PersonalDataConfig",
    "commons.texts.apps.TextsConfig",
    "commons.tagging.apps.TaggingConfig",
    "commons.markup.apps.MarkupConfig",
    "commons.files.apps.FilesConfig",
    "commons.notifications.apps.NotificationsConfig",
    "commons.moderation.apps.ModerationConfig",
    "commons.contributions.apps.ContributionsConfig",
    "commons.search.apps.SearchConfig",
    "profiles.apps.ProfilesConfig",
    "blog.apps.BlogConfig",
    "forum.apps.ForumConfig",
    "events.apps.EventsConfig",
    "library.apps.LibraryConfig",
    "casestudies.apps.CaseStudiesConfig",
    "discovery.apps.DiscoveryConfig",
]

MIDDLEWARE = [
    "network.middleware.RequestLogMiddleware",
    "network.middleware.SecurityHeadersMiddleware",
    "network.middleware.ProxyMiddleware",
    "network.middleware.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "network.middleware.PlainInputMiddleware",
    "network.middleware.FollowedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "network.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "network.middleware.StandingMiddleware",
    "network.middleware.VocabularyMiddleware",
]

ROOT_URLCONF = "network.urls"
WSGI_APPLICATION = "network.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.context_processors.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("patchwork",)
CRISPY_TEMPLATE_PACK = "patchwork"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database and cache ---------------------------------------------------------------------------
_database_url = env.str("DATABASE_URL", default="")
if _database_url:
    DATABASES = {"default": env.db_url_config(_database_url)}
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # A search of a large network looks dear to the planner: to compile it, or to start other processes for a part
        # that is then not run, takes longer than to run it.
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
            "options", "-c jit=off -c max_parallel_workers_per_gather=0"
        )
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": NETWORK_DATA / "network.sqlite3",
            "CONN_MAX_AGE": 60,
            # A file, because the browser tests' server reads it from other threads.
            "TEST": {"NAME": NETWORK_DATA / "tests.sqlite3"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;",
            },
        }
    }

_cache_url = env.str("CACHE_URL", default="")
if _cache_url:
    CACHES = {"default": env.cache_url_config(_cache_url)}
    if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
        CACHES["default"]["BACKEND"] = "network.caches.ForgivingRedisCache"
else:
    # Shared by all processes of the site, so that limits count every one of them.
    CACHES = {
        "default": {
            "BACKEND": "network.caches.ForgivingFileCache",
            "LOCATION": NETWORK_DATA / "cache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }

# --- members, sessions, signing in ----------------------------------------------------------------
AUTH_USER_MODEL = "profiles.Member"
AUTHENTICATION_BACKENDS = ["profiles.backends.MemberBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "profiles.session_store"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "network.errors.csrf_failure"

ACCOUNT_ADAPTER = "profiles.adapter.MemberAdapter"
ACCOUNT_FORMS = {
    "signup": "profiles.forms.JoinForm",
    "login": "profiles.account_forms.LoginForm",
    "request_login_code": "profiles.account_forms.LoginCodeForm",
    "confirm_login_code": "profiles.account_forms.ConfirmLoginCodeForm",
    "reset_password": "profiles.account_forms.ResetPasswordForm",
    "reset_password_from_key": "profiles.account_forms.ResetPasswordKeyForm",
    "change_password": "profiles.account_forms.ChangePasswordForm",
    "set_password": "profiles.account_forms.SetPasswordForm",
    "add_email": "profiles.account_forms.NewEmailForm",
    "reauthenticate": "profiles.account_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "profiles.account_forms.SecondStepForm",
    "reauthenticate": "profiles.account_forms.SecondStepAgainForm",
    "activate_totp": "profiles.account_forms.ActivateAppForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=15).total_seconds())  # an e-mail may take its time
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open screen is not enough to move an account to another address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "profiles.models.display_name"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SITE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = NETWORK_NAME
USERSESSIONS_TRACK_ACTIVITY = False
TAGGIT_CASE_INSENSITIVE = True

# --- mail -----------------------------------------------------------------------------------------
# Every message is first a row, written in the transaction of what caused it; the worker delivers it.
EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
_email_url = env.str("EMAIL_URL", default="")
MAIL_ONLY_TO_FOLDER = not _email_url
if _email_url:
    _mail = env.email_url_config(_email_url)
    DELIVERY_BACKEND = _mail.pop("EMAIL_BACKEND")
    globals().update(_mail)
    EMAIL_TIMEOUT = 30
    MAIL_ONLY_TO_FOLDER = DELIVERY_BACKEND.rpartition(".")[0].endswith(
        ("filebased", "console", "locmem", "dummy")
    )
else:
    DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"
    EMAIL_FILE_PATH = NETWORK_DATA / "mail"
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL",
    default=formataddr((NETWORK_NAME, f"network@{urlsplit(SITE_URL).hostname or 'localhost'}")),
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
NETWORK_REPLY_ADDRESS = env.str("NETWORK_REPLY_ADDRESS", default="").strip().lower()
if NETWORK_REPLY_ADDRESS and not re.fullmatch(
    r"[a-z0-9][a-z0-9._-]{0,19}@[a-z0-9-]+(\.[a-z0-9-]+)*", NETWORK_REPLY_ADDRESS, re.ASCII
):
    raise ImproperlyConfigured(
        "NETWORK_REPLY_ADDRESS must be an address like reply@example.org, with no more than 20 characters before the @."
    )

# --- languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "network.scripts.SmallScriptsFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "network.stylesheet.JoinedStylesheetFinder",
]
MEDIA_ROOT = NETWORK_DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "network.stylesheet.StaticStorage"},
}
WHITENOISE_MAX_AGE = 60 if DEBUG else 300
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site is meant to use them
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["commons.files.receiving.DiskUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Bytes of a form with its files, beside what its UploadsFields take (network.uploads).
UPLOAD_MAX_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 30  # more than any form takes, so that it can say so itself

# --- security -------------------------------------------------------------------------------------
# The same name and shape as Django 6's setting, read by network.middleware.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "media-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
PERMISSIONS_POLICY = {
    name: []
    for name in (
        "camera",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
        "interest-cohort",
    )
}
# What a member's file is served with: even opened by itself, it can do nothing.
SECURE_CSP_FILE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
# A browser that shows a video by itself fetches it once more, as part of a page it makes, which may still run nothing.
SECURE_CSP_VIDEO = f"{SECURE_CSP_FILE} allow-same-origin; media-src 'self'"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
if SECURE_SITE:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(?:healthz|readyz)$"]
# A charity's other sites under the same domain are not ours to bind: docs/decisions/0004.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- logs -----------------------------------------------------------------------------------------
# One JSON object a line (network.log_lines). Requests, and who did what, go to a file; all but requests to the
# terminal or the journal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "network.log_lines.JsonLines"}},
    "filters": {
        "access": {"()": "network.log_lines.Of", "names": ["network.requests", "network.actions"]},
        "events": {"()": "network.log_lines.Of", "but": ["network.requests"]},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["events"]},
        "access": {
            "class": "network.log_lines.SharedFile",
            "filename": NETWORK_DATA / "logs" / "access.log",
            "formatter": "json",
            "filters": ["access"],
        },
    },
    "root": {"handlers": ["console", "access"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # each request has its own line
        "django.server": {"level": "ERROR", "handlers": [], "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
