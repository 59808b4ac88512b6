"""Usernames: the part of a profile's address that stands for a member."""

import re
import secrets

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

USERNAME_LENGTH = 40
RESERVED = frozenset(
    [
        "about", "account", "accounts", "admin", "administrator", "api", "archive", "blog", "close", "delete",
        "directory", "edit", "editor", "editors", "everyone", "export", "feed", "forum", "help", "inbox",
        "invitations", "library", "me", "member", "members", "moderator", "moderators", "network", "new", "nobody",
        "null", "photo", "photos", "privacy", "report", "root", "search", "security", "settings", "signup", "staff",
        "support", "system", "terms", "you",
    ]
)  # fmt: skip
SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def validate_username(username):
    """Raise ValidationError unless `username` is lower-case letters, digits and single hyphens, and free to use."""
    if not SHAPE.match(username):
        raise ValidationError(
            _("Use only small letters, numbers and single hyphens, such as “ann-lee”."), code="username_shape"
        )
    if username in RESERVED:
        raise ValidationError(
            _("This name is kept for the site itself. Choose another."), code="username_reserved"
        )


def username_from(display_name, taken):
    """Return a free username made from a display name.

    `taken` is a function that tells whether a username is in use. Names with no Latin letter become
    "member-" and random digits: nothing about the person is guessed, least of all from their e-mail.
    """
    base = slugify(display_name)[: USERNAME_LENGTH - 8].strip("-").replace("_", "-")
    base = re.sub(r"-+", "-", base).strip("-")
    if not base or base in RESERVED:
        base = f"member-{secrets.randbelow(10**6):06d}" if not base else f"{base}-1"
    candidate, number = base, 1
    while taken(candidate):
        number += 1
        candidate = f"{base}-{number if number < 50 else secrets.randbelow(10**6)}"
    return candidate
