"""Pictures from strangers: what is taken, what is refused and why, and that nothing of the file itself is kept."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from commons.files.pictures import MOST_BYTES, square_webps

GPS = 0x8825
ORIENTATION = 0x0112


def picture(fmt="PNG", mode="RGB", size=(60, 40), colour=None, **options):
    file = io.BytesIO()
    Image.new(mode, size, colour if colour is not None else 0).save(file, fmt, **options)
    return file.getvalue()


def halves(fmt="PNG", size=(60, 60), **options):
    """A picture whose upper half is red and whose lower half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def png_header(width, height):
    """A PNG that claims a size in its header and holds nothing."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def made(content, name="me.png", sizes=(32, 8)):
    return square_webps(SimpleUploadedFile(name, content), sizes)


def opened(content):
    return Image.open(io.BytesIO(content))


def refusal(content, name="me.png"):
    with pytest.raises(ValidationError) as caught:
        made(content, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("fmt", "mode", "name"),
    [
        ("JPEG", "RGB", "me.jpg"),
        ("JPEG", "CMYK", "me.JPEG"),
        ("JPEG", "L", "me.jfif"),
        ("PNG", "RGBA", "me.png"),
        ("PNG", "P", "me.png"),
        ("PNG", "I;16", "me.png"),
        ("PNG", "1", "me.png"),
        ("WEBP", "RGB", "me.webp"),
        ("AVIF", "RGB", "me.avif"),
        ("GIF", "P", "me.gif"),
        ("GIF", "P", "called-wrongly.jpg"),
    ],
)
def test_formats_taken(fmt, mode, name):
    squares = made(picture(fmt, mode), name)
    assert {size: (opened(c).format, opened(c).size, opened(c).mode) for size, c in squares.items()} == {
        32: ("WEBP", (32, 32), "RGB"),
        8: ("WEBP", (8, 8), "RGB"),
    }


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "me.svg",
            "picture_type",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.png", "picture_type"),
        (b"<html><script>alert(1)</script>", "me.jpg", "picture_type"),
        (picture("BMP"), "me.png", "picture_type"),
        (picture("TIFF"), "me.jpg", "picture_type"),
        (picture("PNG"), "me.exe", "picture_type"),
        (picture("PNG"), "me", "picture_type"),
        (b"", "me.png", "picture_type"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "me.png", "picture_type"),
        (picture("JPEG", size=(400, 400))[:700], "me.jpg", "picture_broken"),
        (png_header(40, 40), "me.png", "picture_broken"),
        (png_header(8000, 5001), "me.png", "picture_too_many_pixels"),
        (png_header(60000, 60000), "me.png", "picture_too_many_pixels"),
        (png_header(2**31 - 1, 2**31 - 1), "me.png", "picture_too_many_pixels"),
        (b"\0" * (MOST_BYTES + 1), "me.png", "picture_file_too_large"),
    ],
)
def test_refusals(content, name, code):
    assert refusal(content, name) == code


def test_nothing_that_the_file_carried_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[GPS] = {1: "N", 2: (53.0, 48.0, 0.0)}
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG", exif=exif, icc_profile=b"a profile", comment=b"a comment")
    for square in made(file.getvalue(), "me.jpg").values():
        image = opened(square)
        assert dict(image.getexif()) == {}
        assert {"exif", "icc_profile", "xmp", "comment"} & set(image.info) == set()
        assert b"A camera" not in square


def test_middle_is_cut_out():
    image = Image.new("RGB", (90, 30), "white")
    image.paste("red", (30, 0, 60, 30))
    file = io.BytesIO()
    image.save(file, "PNG")
    square = opened(made(file.getvalue())[32])
    corners = [square.getpixel(at) for at in ((1, 1), (30, 1), (1, 30), (30, 30))]
    assert all(red > 200 and green < 80 and blue < 80 for red, green, blue in corners)


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, (16, 4)), (3, (16, 28)), (6, (28, 16)), (8, (4, 16))]
)
def test_picture_stands_upright(orientation, red_at):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    square = opened(made(halves("JPEG", exif=exif, quality=95), "me.jpg")[32])
    red, _green, blue = square.getpixel(red_at)
    assert red > 180
    assert blue < 80


def test_first_frame_of_an_animation():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=50)
    square = opened(made(file.getvalue(), "me.gif")[32])
    assert getattr(square, "n_frames", 1) == 1
    red, _green, blue = square.getpixel((16, 16))
    assert red > 200
    assert blue < 60


def test_see_through_becomes_white():
    square = opened(made(picture("PNG", "RGBA", colour=(0, 0, 0, 0)))[32])
    assert min(square.getpixel((16, 16))) > 245


def test_message_names_the_limit():
    with pytest.raises(ValidationError) as caught:
        made(png_header(9000, 9000))
    assert caught.value.messages == ["The picture is too large: 40 megapixels at most."]
