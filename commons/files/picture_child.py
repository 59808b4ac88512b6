"""Run as a script, in a process of its own: reads one picture from standard input and writes it anew, in sizes.

`python picture_child.py square 512 96` writes the middle square in each size, as WebP. `whole 960 480 960 1600` writes
all of it: as WebP 480, 960 and 1600 pixels wide, never wider than it was, then 960 wide as JPEG, or as PNG where one
can see through it. Before each file stand its type (four letters), width, height and length (four bytes each).

Exit codes: 3 not a picture we take, 4 too many pixels, 5 broken. Imports nothing of Django: it starts quickly
and has nothing to lose.
"""

import io
import resource
import struct
import sys
import warnings

from PIL import Image, ImageCms

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
MOST_PIXELS = 40_000_000
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
ORIENTATION = 0x0112
# What EXIF's orientations ask for, as Pillow's operations (EXIF 2.32, table of tag 0x0112).
TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
SIDEWAYS = {5, 6, 7, 8}
HIGHEST = 3  # times as high as wide: what is longer still is made narrower
# What a colour profile calls the channels of each mode.
CHANNELS = {"RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK", "L": "GRAY"}
HEAD = ">4sIII"
NOT_A_PICTURE, TOO_MANY_PIXELS, BROKEN = 3, 4, 5


def orientation_of(image):
    """Return how the camera was held, or None; what it says of itself may be broken where the picture isn't."""
    try:
        return image.getexif().get(ORIENTATION)
    except Exception:
        return None


def simple(image):
    """Return a picture in a mode that can be made smaller: with its palette and depth spelt out."""
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("L") if image.mode == "1" else image


def square(image, size):
    """Return the middle square of an opened picture as plain RGB, `size` pixels wide, upright."""
    orientation = orientation_of(image)
    image.draft("RGB", (size, size))  # a JPEG is decoded at a fraction of its size
    image = simple(image)
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    small = image.resize(
        (size, size), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side), reducing_gap=2.0
    )
    # A new picture on white: nothing of what the file carried beside its pixels comes along.
    plain = Image.new("RGB", (size, size), "white")
    if small.mode in {"RGBA", "LA", "PA"}:
        small = small.convert("RGBA")
        plain.paste(small, mask=small.getchannel("A"))
    else:
        plain.paste(small.convert("RGB"))
    for turn in TURNS.get(orientation, []):
        plain = plain.transpose(turn)
    return plain


def whole(image, widest):
    """Return an opened picture upright and in sRGB, as RGB, or RGBA where one can see through it.

    At most `widest` pixels wide, HIGHEST times that high, and never larger than it was.
    """
    orientation, profile = orientation_of(image), image.info.get("icc_profile")
    turn = reversed if orientation in SIDEWAYS else iter
    width, height = turn(image.size)
    scale = min(1, widest / width, HIGHEST * widest / height)
    size = tuple(turn((max(1, round(width * scale)), max(1, round(height * scale)))))
    image.draft(None, size)
    small = in_srgb(simple(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0), profile)
    if small.mode == "RGBA" and small.getchannel("A").getextrema()[0] == 255:
        small = small.convert("RGB")
    plain = Image.new(small.mode, small.size)
    plain.paste(small)
    for step in TURNS.get(orientation, []):
        plain = plain.transpose(step)
    return plain


def in_srgb(image, profile):
    """Return a picture as RGB or RGBA in the colours of every screen; a broken or foreign profile is passed over."""
    mode = "RGBA" if image.mode in {"RGBA", "LA"} else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else None
        if source and source.profile.xcolor_space.strip() == CHANNELS.get(image.mode):
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, srgb, outputMode=mode)
    except Exception:
        return image.convert(mode)
    return image.convert(mode)


def put(out, picture, code, **options):
    """Write one picture to `out`, after its head."""
    file = io.BytesIO()
    picture.save(file, code.upper(), **options)
    content = file.getvalue()
    out.write(struct.pack(HEAD, code.encode().ljust(4), *picture.size, len(content)) + content)


def write_squares(image, out, sizes):
    """Write the squares to `out`: the largest from the picture, the others from that one."""
    largest = square(image, max(sizes))
    for size in sizes:
        picture = largest if size == max(sizes) else largest.resize((size, size), Image.Resampling.LANCZOS)
        put(out, picture, "webp", quality=80, method=4)


def write_whole(image, out, sizes):
    """Write all of the picture to `out`; the first of `sizes` is the width of what every browser can show."""
    plain_width, *widths = sizes
    largest = whole(image, max(widths))
    for width in [*(width for width in widths if width < largest.width), largest.width]:
        put(out, as_wide_as(width, largest), "webp", quality=80, method=4)
    plain = as_wide_as(min(plain_width, largest.width), largest)
    if plain.mode == "RGBA":
        put(out, plain, "png", optimize=True)
    else:
        put(out, plain, "jpeg", quality=80, optimize=True, progressive=True)


def as_wide_as(width, picture):
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def main(how, sizes):
    """Return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit, below, is the one that decides
    try:
        image = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS)
    except Exception:
        return NOT_A_PICTURE
    if image.width * image.height > MOST_PIXELS:
        return TOO_MANY_PIXELS
    out = io.BytesIO()
    try:
        {"square": write_squares, "whole": write_whole}[how](image, out, sizes)
    except Exception:  # decoders raise OSError, ValueError, SyntaxError, MemoryError and more
        return BROKEN
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], [int(size) for size in sys.argv[2:]]))
