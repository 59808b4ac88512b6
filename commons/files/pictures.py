"""Pictures that people send: checked, decoded in a process of their own, and written anew.

What is kept is never the file that came in, but WebP pictures that we wrote: no metadata, no animation,
no second meaning. Knows nothing of what the pictures are for.
"""

import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10 * 1024 * 1024
MOST_MEGAPIXELS = 40
EXTENSIONS = {"jpg", "jpeg", "jfif", "png", "webp", "avif", "gif"}
SECONDS = 20
# How wide pictures in texts are made; the last is for twice as many dots to the inch in the widest column.
WIDTHS = (480, 960, 1600)
PLAIN_WIDTH = 960
HEAD = ">4sIII"  # as picture_child.py writes it

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


@dataclass(frozen=True)
class Size:
    """One size of a picture as we wrote it; `type` is a code of accepted.FILE_TYPES."""

    type: str
    width: int
    height: int
    content: bytes


def square_webps(upload, sizes):
    """Return {size: bytes}: the middle square of an uploaded picture as WebP, `size` pixels wide, for each of `sizes`.

    `upload` is a Django UploadedFile. The file is accepted by its name and by its content; the number of
    pixels is read from its header before anything is decoded; of an animation the first frame is taken.
    Raises ValidationError with one of the codes of MESSAGES.
    """
    squares = _written_anew(upload, "square", sizes)
    return {size: square.content for size, square in zip(sizes, squares, strict=True)}


def in_sizes(upload):
    """Return the Sizes of an uploaded picture for a text: WebP, the narrowest first, then what every browser can show.

    Upright, in sRGB, never larger than it was, see-through where it was; the rest as in square_webps().
    """
    return list(_written_anew(upload, "whole", (PLAIN_WIDTH, *WIDTHS)))


def _written_anew(upload, how, sizes):
    extension = Path(upload.name or "").suffix.lower().lstrip(".")
    if extension not in EXTENSIONS:
        raise _refusal("picture_type")
    if upload.size > MOST_BYTES:
        raise _refusal("picture_file_too_large")
    upload.seek(0)
    return _unpack(_in_child(upload.read(), how, sizes))


def _in_child(content, how, sizes):
    """Decode and rewrite in a child process, with the limits on memory and time that it sets for itself."""
    child = Path(__file__).with_name("picture_child.py")
    command = [sys.executable, "-I", str(child), how, *map(str, sizes)]
    with _one_at_a_time:
        try:
            done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise _refusal("picture_broken") from None
    if done.returncode:
        # Whatever else ended the child (a limit, a crash in a decoder): the picture can't be read.
        raise _refusal(REFUSALS.get(done.returncode, "picture_broken"))
    return done.stdout


def _unpack(stream):
    """Yield the pictures that the child wrote one after another, each after its head."""
    while stream:
        code, width, height, length = struct.unpack(HEAD, stream[: struct.calcsize(HEAD)])
        stream = stream[struct.calcsize(HEAD) :]
        yield Size(code.decode().strip(), width, height, stream[:length])
        stream = stream[length:]


def _refusal(code):
    return ValidationError(MESSAGES[code], code=code, params={"limit": LIMITS.get(code, 0)})
