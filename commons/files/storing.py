"""Putting files where they lie, and taking them away: below MEDIA_ROOT, each under a name of ours."""

import os
import tempfile
import weakref
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import transaction

from .accepted import FILE_TYPES
from .models import State, StoredFile
from .quota import check_room
from .receiving import NO_ROOM, Arriving, arriving, no_room

CHUNK = 1024 * 1024


def store(upload, facts, owner):
    """Keep an upload that was checked, with its Facts, for `owner`; return the StoredFile, not in use yet.

    The bytes are in place before the row can be seen, and gone again when the transaction is rolled back, also one
    around this. `owner` may be None, for whom no limits hold. Raises ValidationError: no_room, or see quota.py.
    """
    file = StoredFile(
        owner=owner,
        state=State.WAITING if FILE_TYPES[facts.type].has_text else State.READ,
        **vars(facts),
    )
    try:
        came = _arrived(upload)  # all that takes time, before others have to wait
        try:
            with transaction.atomic():
                if owner is not None:
                    _one_at_a_time(owner)
                    check_room(owner, file)
                _put(came, path_of(file))
                file.save()
        finally:
            came.unlink(missing_ok=True)
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        raise no_room(file.name) from None
    return file


def open_file(file):
    """Return the open bytes of a StoredFile. Raises FileNotFoundError."""
    return default_storage.open(file.path)


def is_there(file):
    return default_storage.exists(file.path)


def path_of(file):
    """Return the Path of a StoredFile's bytes."""
    return Path(default_storage.path(file.path))


def delete(files):
    """Delete StoredFiles with what was made of them; the bytes go once that is certain."""
    with transaction.atomic():
        renditions = StoredFile.objects.filter(made_from__in=files)
        paths = [path_of(file) for file in (*files, *renditions)]
        StoredFile.objects.filter(pk__in=[file.pk for file in files]).delete()
        transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])


def _one_at_a_time(member):
    """Let other uploads of the same member wait until this one is counted: ten at once must not pass a limit."""
    get_user_model()._base_manager.select_for_update(no_key=True).get(pk=member.pk)


def _put(came, path):
    """Move what came in to `path`, unless the transaction is rolled back."""
    os.chmod(came, settings.FILE_UPLOAD_PERMISSIONS)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(came, path)
    transaction.on_commit(_UnlessCommitted(path))
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _arrived(upload):
    """Return the Path in arriving() of an upload's bytes, as safe from a power cut as the row will be."""
    if isinstance(upload, Arriving):
        upload.flush()
        os.fsync(upload.fileno())
        return upload.path
    handle, name = tempfile.mkstemp(dir=arriving())
    upload.seek(0)
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := upload.read(CHUNK):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(name)
        raise
    return Path(name)


class _UnlessCommitted:
    """Deletes a file unless it is called: Django tells nobody of a rollback, but drops what waited for the commit."""

    def __init__(self, path):
        self._undo = weakref.finalize(self, path.unlink, missing_ok=True)
        self._undo.atexit = False

    def __call__(self):
        self._undo.detach()
