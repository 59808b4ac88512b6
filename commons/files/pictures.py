"""Pictures that people send: checked, decoded in a process of their own, and written anew.

What is kept is never the file that came in, but WebP pictures that we wrote: no metadata, no animation,
no second meaning. Knows nothing of what the pictures are for.
"""

import struct
import subprocess
import sys
import threading
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10 * 1024 * 1024
MOST_MEGAPIXELS = 40
EXTENSIONS = {"jpg", "jpeg", "jfif", "png", "webp", "avif", "gif"}
SECONDS = 20

# What the child says by its exit code; see picture_child.py.
NOT_A_PICTURE, TOO_MANY_PIXELS, BROKEN = 3, 4, 5

MESSAGES = {
    "picture_file_too_large": _("The picture must be smaller than %(limit)d MB."),
    "picture_type": _("Choose a picture in one of these formats: JPEG, PNG, WebP, AVIF or GIF."),
    "picture_too_many_pixels": _("The picture is too large: %(limit)d megapixels at most."),
    "picture_broken": _("This picture can’t be read. It may be damaged: try another one."),
}
LIMITS = {"picture_file_too_large": MOST_BYTES // (1024 * 1024), "picture_too_many_pixels": MOST_MEGAPIXELS}
REFUSALS = {NOT_A_PICTURE: "picture_type", TOO_MANY_PIXELS: "picture_too_many_pixels"}

# One picture at a time in each web process: a large one takes some hundred megabytes while it is decoded.
_one_at_a_time = threading.BoundedSemaphore(1)


def square_webps(upload, sizes):
    """Return {size: bytes}: the middle square of an uploaded picture as WebP, `size` pixels wide, for each of `sizes`.

    `upload` is a Django UploadedFile. The file is accepted by its name and by its content; the number of
    pixels is read from its header before anything is decoded; of an animation the first frame is taken.
    Raises ValidationError with one of the codes of MESSAGES.
    """
    extension = Path(upload.name or "").suffix.lower().lstrip(".")
    if extension not in EXTENSIONS:
        raise _refusal("picture_type")
    if upload.size > MOST_BYTES:
        raise _refusal("picture_file_too_large")
    upload.seek(0)
    return _in_child(upload.read(), sizes)


def _in_child(content, sizes):
    """Decode and rewrite in a child process, with the limits on memory and time that it sets for itself."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("picture_child.py")), *map(str, sizes)]
    with _one_at_a_time:
        try:
            done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise _refusal("picture_broken") from None
    if done.returncode:
        # Whatever else ended the child (a limit, a crash in a decoder): the picture can't be read.
        raise _refusal(REFUSALS.get(done.returncode, "picture_broken"))
    return dict(zip(sizes, _unpack(done.stdout), strict=True))


def _unpack(stream):
    """Yield the pictures that the child wrote one after another, each after its length as four bytes."""
    while stream:
        (length,) = struct.unpack(">I", stream[:4])
        yield stream[4 : 4 + length]
        stream = stream[4 + length :]


def _refusal(code):
    return ValidationError(MESSAGES[code], code=code, params={"limit": LIMITS.get(code, 0)})
