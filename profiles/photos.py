"""Where a member's photo is kept: two square WebP files under a name that nobody can guess.

The name changes with each photo, so an address that was once seen does not lead to a later one.
"""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

PORTRAIT, THUMBNAIL = 512, 96
SIZES = (PORTRAIT, THUMBNAIL)
FOLDER = "photos/"


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


def _stem(stored):
    return stored.removeprefix(FOLDER).removesuffix(".webp")
