"""Run as a script, in a process of its own: reads one picture from standard input and writes squares of it.

`python picture_child.py 512 96` writes, for each size, the length as four bytes and the WebP file. Exit
codes: 3 not a picture we take, 4 too many pixels, 5 broken. Imports nothing of Django: it starts quickly
and has nothing to lose.
"""

import io
import resource
import struct
import sys
import warnings

from PIL import Image

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
NOT_A_PICTURE, TOO_MANY_PIXELS, BROKEN = 3, 4, 5


def square(image, size):
    """Return the middle square of an opened picture as plain RGB, `size` pixels wide, upright."""
    orientation = image.getexif().get(ORIENTATION)
    image.draft("RGB", (size, size))  # a JPEG is decoded at a fraction of its size
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
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


def write(image, sizes, out):
    """Write the squares to `out`: the largest from the picture, the others from that one."""
    largest = square(image, max(sizes))
    for size in sizes:
        picture = largest if size == max(sizes) else largest.resize((size, size), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=80, method=4)
        out.write(struct.pack(">I", len(file.getvalue())) + file.getvalue())


def main(sizes):
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
        write(image, sizes, out)
    except Exception:  # decoders raise OSError, ValueError, SyntaxError, MemoryError and more
        return BROKEN
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
