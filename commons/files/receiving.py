"""Taking what is uploaded as it comes in: onto the disk, block by block, so that no file ever lies in memory."""

import errno
import io
import os
import tempfile
import weakref
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext_lazy as _

NO_ROOM = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
)  # full disk, a quota of the machine's, a limit on one file
NO_ROOM_WORDS = _(
    "There is no room on the site’s disk for “%(name)s”, so it was not saved. What you typed is still here. "
    "Please tell the people who look after this site, and try again later."
)


def no_room(name):
    """Return the ValidationError for a file that the disk has no room for."""
    return ValidationError(NO_ROOM_WORDS, code="no_room", params={"name": name})


def arriving():
    """Return the folder in which uploads lie while they come in: on the same disk as where they will be kept."""
    folder = Path(settings.MEDIA_ROOT) / "arriving"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Arriving(UploadedFile):
    """An uploaded file in arriving(): deleted when its request ends or breaks off, unless it was moved away."""

    def __init__(self, name, content_type, charset, content_type_extra):
        handle, path = tempfile.mkstemp(dir=arriving())
        file = os.fdopen(handle, "w+b")
        super().__init__(file, name, content_type, 0, charset, content_type_extra)
        self.path = Path(path)
        self._forget = weakref.finalize(self, _forget, file, self.path)

    def close(self):
        self._forget()


def _forget(file, path):
    path.unlink(missing_ok=True)
    file.close()


class LeftOut(UploadedFile):
    """An uploaded file that the disk had no room for: its name, and nothing of what was in it."""

    def __init__(self, name, content_type, size, charset, content_type_extra):
        super().__init__(io.BytesIO(), name, content_type, size, charset, content_type_extra)


class DiskUploadHandler(FileUploadHandler):
    """Writes each file to the disk. When the disk is full the rest of it is read away, so that its form can say so."""

    file = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file = self._or_none(
            lambda: Arriving(self.file_name, self.content_type, self.charset, self.content_type_extra)
        )

    def receive_data_chunk(self, raw_data, start):
        if self.file is not None and self._or_none(lambda: self.file.write(raw_data)) is None:
            self._drop()

    def file_complete(self, file_size):
        if (
            self.file is not None and self._or_none(lambda: self.file.seek(0)) is None
        ):  # writes what was held back
            self._drop()
        if self.file is None:
            return LeftOut(
                self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
            )
        done, self.file = self.file, None
        done.size = file_size
        return done

    def upload_interrupted(self):
        self._drop()

    def _drop(self):
        """Make room again at once."""
        if self.file is not None:
            dropped, self.file = self.file, None
            self._or_none(dropped.close)

    def _or_none(self, what):
        """Return what `what` returns, or None when the disk has no room for it."""
        try:
            return what()
        except OSError as problem:
            if problem.errno not in NO_ROOM:
                raise
            return None


class SkippingUploadHandler(FileUploadHandler):
    """Reads files away, for a form of which only the words are wanted."""

    def new_file(self, *args, **kwargs):
        raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        """Nothing of a skipped file comes here."""

    def file_complete(self, file_size):
        """Nor is it ever complete."""
