"""Putting files where they lie, and taking them away: below MEDIA_ROOT, each under a name of ours."""

from django.core.files.storage import default_storage

from .accepted import FILE_TYPES
from .models import State, StoredFile


def store(upload, facts, owner):
    """Keep an UploadedFile that was checked, with its Facts, for `owner`; return the StoredFile, not in use yet."""
    file = StoredFile(
        owner=owner,
        state=State.WAITING if FILE_TYPES[facts.type].has_text else State.READ,
        **vars(facts),
    )
    upload.seek(0)
    default_storage.save(file.path, upload)
    try:
        file.save()
    except BaseException:
        default_storage.delete(file.path)
        raise
    return file


def open_file(file):
    """Return the open bytes of a StoredFile. Raises FileNotFoundError."""
    return default_storage.open(file.path)
