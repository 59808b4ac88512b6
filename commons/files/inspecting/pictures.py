"""Pictures: their size from the header, before anything is decoded; then the first frame, to know that it is whole."""

import warnings

from PIL import Image

from .refused import Refused

MOST_MEGAPIXELS = 40
ORIENTATION = 0x0112
LYING = {5, 6, 7, 8}  # orientations that are turned by a quarter (EXIF 2.32, table of tag 0x0112)


def examine_picture(file, kind):
    """Return {"width", "height"} in pixels as people see it, upright."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is the one that decides
    limit(*(webp_size(file) if kind == "webp" else (0, 0)))
    file.seek(0)
    image = Image.open(file, formats=[kind.upper()])
    limit(*image.size)
    width, height = image.size
    if kind == "jpeg":
        image.draft("RGB", (width // 8, height // 8))  # every byte is read, few pixels are kept
    image.load()
    if image.getexif().get(ORIENTATION) in LYING:
        width, height = height, width
    return {"width": width, "height": height}


def limit(width, height):
    if width * height > MOST_MEGAPIXELS * 1_000_000:
        raise Refused("file_too_many_pixels", limit=MOST_MEGAPIXELS)


def webp_size(file):
    """Return a WebP's size from its header: Pillow makes room for all its pixels when it opens one.

    The three kinds of header: https://developers.google.com/speed/webp/docs/riff_container.
    """
    file.seek(0)
    head = file.read(30)
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
