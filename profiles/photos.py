"""Where a member's photo is kept: two square WebP files under a name that nobody can guess.

The name changes with each photo, so an address that was once seen does not lead to a later one.
"""

import secrets
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

PORTRAIT, THUMBNAIL = 512, 96
SIZES = (PORTRAIT, THUMBNAIL)
FOLDER = "photos/"
# Chosen in a form that has to be shown again: one a member, already written anew, and never served.
KEPT_FOLDER = "kept-photos/"
KEPT_FOR = timedelta(days=1)
KEPT_SALT = "profiles.kept_photo"


def store(pictures):
    """Write a photo's files ({size: WebP bytes}) and return the stored name of the portrait."""
    stem = secrets.token_urlsafe(24)
    default_storage.save(path_for(stem, THUMBNAIL), ContentFile(pictures[THUMBNAIL]))
    return default_storage.save(path_for(stem, PORTRAIT), ContentFile(pictures[PORTRAIT]))


def path_for(stem, size):
    return f"{FOLDER}{stem}{'-96' if size == THUMBNAIL else ''}.webp"


def file_name(stored, size):
    """Return the last part of a photo's address in `size`, made from the portrait's stored name."""
    return path_for(_stem(stored), size).removeprefix(FOLDER)


def delete(stored):
    """Delete the files of the photo with this stored name."""
    for size in SIZES:
        default_storage.delete(path_for(_stem(stored), size))


def delete_after_commit(stored):
    """Delete a photo once the change that replaced it is certain: a rolled back change keeps its photo."""
    transaction.on_commit(lambda: delete(stored))


def read(stored, name):
    """Return the bytes of the file called `name` if it belongs to the photo with this stored name, else None."""
    if not stored or name not in {file_name(stored, size) for size in SIZES}:
        return None
    try:
        with default_storage.open(f"{FOLDER}{name}") as file:
            return file.read()
    except FileNotFoundError:
        return None


def keep(member_id, pictures):
    """Keep a photo's files ({size: WebP bytes}) until the form is sent again; return the hidden field's value."""
    forget_kept(member_id)
    token = secrets.token_urlsafe(24)
    for size in SIZES:
        default_storage.save(_kept_path(member_id, token, size), ContentFile(pictures[size]))
    return signing.dumps([member_id, token], salt=KEPT_SALT)


def kept(member_id, signed):
    """Return the pictures that keep() gave `signed` for, or None when they are another member's, too old or gone."""
    try:
        owner, token = signing.loads(signed, salt=KEPT_SALT, max_age=KEPT_FOR)
        if owner != member_id:
            return None
        return {size: _content(_kept_path(owner, token, size)) for size in SIZES}
    except (signing.BadSignature, FileNotFoundError, ValueError, TypeError):
        return None


def forget_kept(member_id):
    """Delete the photo kept for this member."""
    for name in _kept_names():
        if name.startswith(f"{member_id}-"):
            default_storage.delete(f"{KEPT_FOLDER}{name}")


def forget_old(now=None):
    """Delete kept photos past KEPT_FOR; return how many files."""
    before = (now or timezone.now()) - KEPT_FOR
    old = [name for name in _kept_names() if _changed_before(name, before)]
    for name in old:
        default_storage.delete(f"{KEPT_FOLDER}{name}")
    return len(old)


def _kept_path(member_id, token, size):
    return f"{KEPT_FOLDER}{member_id}-{token}-{size}.webp"


def _kept_names():
    try:
        return default_storage.listdir(KEPT_FOLDER)[1]
    except FileNotFoundError:
        return []


def _changed_before(name, moment):
    try:
        return default_storage.get_modified_time(f"{KEPT_FOLDER}{name}") < moment
    except FileNotFoundError:  # another worker was quicker
        return False


def _content(path):
    with default_storage.open(path) as file:
        return file.read()


def _stem(stored):
    return stored.removeprefix(FOLDER).removesuffix(".webp")
