"""Pictures for texts: every kind that is taken, in its sizes, upright and without what the file carried beside it."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from PIL import Image, ImageCms

from commons.files.models import Purpose, StoredFile
from commons.files.picture_storing import store_picture
from commons.files.pictures import in_sizes
from tests.files.test_pictures import GPS, ORIENTATION, opened, picture, png_header

SECRETS = (b"ZQCAMERA", b"ZQXMP", b"ZQCOMMENT", b"ZQPROFILE", b"Exif", b"ICC", b"iCCP", b"ns.adobe.com")


def sizes(content, name="garden.png"):
    return in_sizes(SimpleUploadedFile(name, content))


def measured(made):
    return [(size.type, size.width, size.height) for size in made]


def telling_photo(fmt="JPEG", size=(1200, 800)):
    """A picture that says by what, where and about what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "ZQCAMERA"
    exif[GPS] = {1: "N", 2: (53.0, 48.0, 0.0), 3: "W", 4: (1.0, 33.0, 0.0)}
    file = io.BytesIO()
    more = {"comment": b"ZQCOMMENT"} if fmt == "JPEG" else {}
    Image.new("RGB", size, "green").save(
        file,
        fmt,
        exif=exif,
        xmp=b"<x:xmpmeta>ZQXMP ns.adobe.com</x:xmpmeta>",
        icc_profile=b"ZQPROFILE",
        **more,
    )
    assert b"ZQCAMERA" in file.getvalue()
    return file.getvalue()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2000, 1000), [("webp", 480, 240), ("webp", 960, 480), ("webp", 1600, 800), ("jpeg", 960, 480)]),
        ((1600, 800), [("webp", 480, 240), ("webp", 960, 480), ("webp", 1600, 800), ("jpeg", 960, 480)]),
        ((960, 96), [("webp", 480, 48), ("webp", 960, 96), ("jpeg", 960, 96)]),
        ((500, 250), [("webp", 480, 240), ("webp", 500, 250), ("jpeg", 500, 250)]),
        ((300, 200), [("webp", 300, 200), ("jpeg", 300, 200)]),
        ((1, 1), [("webp", 1, 1), ("jpeg", 1, 1)]),
        ((10000, 2), [("webp", 480, 1), ("webp", 960, 1), ("webp", 1600, 1), ("jpeg", 960, 1)]),
        ((2, 10000), [("webp", 1, 4800), ("jpeg", 1, 4800)]),
        ((1000, 20000), [("webp", 240, 4800), ("jpeg", 240, 4800)]),
    ],
)
def test_three_widths_and_one_for_every_browser_and_none_larger_than_it_was(size, expected):
    made = sizes(picture(size=size))
    assert measured(made) == expected
    assert [(opened(s.content).format.lower(), *opened(s.content).size) for s in made] == expected


@pytest.mark.parametrize(
    ("fmt", "mode", "name", "plain"),
    [
        ("JPEG", "RGB", "a.jpg", "jpeg"),
        ("JPEG", "CMYK", "a.jpg", "jpeg"),
        ("JPEG", "L", "a.jfif", "jpeg"),
        ("PNG", "RGB", "a.png", "jpeg"),
        ("PNG", "RGBA", "a.png", "png"),
        ("PNG", "LA", "a.png", "png"),
        ("PNG", "P", "a.png", "jpeg"),
        ("PNG", "I;16", "a.png", "jpeg"),
        ("PNG", "1", "a.png", "jpeg"),
        ("WEBP", "RGBA", "a.webp", "png"),
        ("AVIF", "RGB", "a.avif", "jpeg"),
        ("AVIF", "RGBA", "a.avif", "png"),
        ("GIF", "P", "a.gif", "jpeg"),
    ],
)
def test_every_kind_of_picture_is_taken(fmt, mode, name, plain):
    made = sizes(picture(fmt, mode), name)
    assert measured(made) == [("webp", 60, 40), (plain, 60, 40)]
    assert {opened(s.content).mode for s in made} == ({"RGBA"} if plain == "png" else {"RGB"})


def test_a_palette_that_one_can_see_through_stays_so():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (0, 0, 40, 20))
    file = io.BytesIO()
    image.save(file, "PNG", transparency=0)
    for size in sizes(file.getvalue()):
        shown = opened(size.content).convert("RGBA")
        assert shown.getpixel((20, 35))[3] == 0
        assert shown.getpixel((20, 5))[3] == 255


def test_sixteen_bits_are_not_taken_for_white():
    grey = sizes(picture("PNG", "I;16", colour=0x8000))[0]
    assert [abs(part - 128) < 4 for part in opened(grey.content).getpixel((20, 20))] == [True] * 3


def test_cmyk_keeps_its_colour():
    red = sizes(picture("JPEG", "CMYK", colour=(0, 255, 255, 0)), "a.jpg")[0]
    r, g, b = opened(red.content).getpixel((20, 20))
    assert (r > 200, g < 60, b < 60) == (True, True, True)


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_colours_of_a_profile_become_those_of_every_screen():
    """In a profile whose names for red and blue are exchanged, what says red is blue."""
    exchanged = srgb().replace(b"rXYZ", b"zXYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"zXYZ", b"bXYZ", 1)
    for mode, colour in (("RGB", (255, 0, 0)), ("RGBA", (255, 0, 0, 128))):
        made = sizes(picture(mode=mode, colour=colour, icc_profile=exchanged))[0]
        red, _green, blue, *_ = opened(made.content).getpixel((20, 20))
        assert (red < 60, blue > 200) == (True, True)


@pytest.mark.parametrize(
    "profile", [b"not a profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()]
)
def test_a_profile_that_makes_no_sense_is_passed_over(profile):
    made = sizes(picture(colour=(255, 0, 0), icc_profile=profile))[0]
    red, _green, blue = opened(made.content).getpixel((20, 20))
    assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (30, 2)),
        (2, (60, 40), (30, 2)),
        (3, (60, 40), (30, 37)),
        (4, (60, 40), (30, 37)),
        (5, (40, 60), (2, 30)),
        (6, (40, 60), (37, 30)),
        (7, (40, 60), (37, 30)),
        (8, (40, 60), (2, 30)),
    ],
)
def test_it_stands_upright(orientation, size, red_at):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    image = Image.new("RGB", (60, 40), "blue")
    image.paste("red", (0, 0, 60, 20))
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95, subsampling=0)
    made = sizes(file.getvalue(), "a.jpg")
    assert measured(made) == [("webp", *size), ("jpeg", *size)]
    for each in made:
        red, _green, blue = opened(each.content).convert("RGB").getpixel(red_at)
        assert (red > 180, blue < 90) == (True, True)


@pytest.mark.parametrize("fmt", ["GIF", "WEBP", "AVIF", "PNG"])
def test_of_a_moving_picture_the_first_is_kept(fmt):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    file = io.BytesIO()
    frames[0].save(file, fmt, save_all=True, append_images=frames[1:], duration=50)
    for size in sizes(file.getvalue(), f"a.{fmt.lower()}"):
        assert getattr(opened(size.content), "n_frames", 1) == 1
        red, _green, blue = opened(size.content).convert("RGB").getpixel((10, 10))
        assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_header(8000, 5001), "picture_too_many_pixels"),
        (png_header(60000, 60000), "picture_too_many_pixels"),
        (png_header(40, 40), "picture_broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_type"),
        (picture("TIFF"), "picture_type"),
    ],
)
def test_what_can_not_be_read_says_so(content, code):
    with pytest.raises(ValidationError) as caught:
        sizes(content)
    assert caught.value.code == code


# --- and how they are kept ------------------------------------------------------------------------


@pytest.fixture
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def all_stored(root):
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_media")
@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_stored_byte_tells_where_it_was_taken(tmp_path, member, fmt):
    upload = SimpleUploadedFile(f"My Garden.{fmt.lower()}", telling_photo(fmt))
    original = store_picture(upload, member)
    kept = all_stored(tmp_path)
    assert len(kept) == StoredFile.objects.count() == 4
    for path in kept:
        assert [secret for secret in SECRETS if secret in path.read_bytes()] == []
        assert dict(opened(path.read_bytes()).getexif()) == {}
    assert (original.name, original.type, original.width) == ("my-garden-1200.webp", "webp", 1200)
    renditions = original.renditions.order_by("pk").values_list("name", "purpose", "owner", "in_use")
    assert list(renditions) == [
        (name, Purpose.PICTURE, member.pk, False)
        for name in ("my-garden-480.webp", "my-garden-960.webp", "my-garden-960.jpg")
    ]
    assert {(file.size, default_storage.size(file.path)) for file in StoredFile.objects.all()} == {
        (path.stat().st_size, path.stat().st_size) for path in kept
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_media")
@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../a b.png", "a-b-60.webp"),
        ("сад.png", "picture-60.webp"),
        ('x" onload="y.png', "x-onloady-60.webp"),
        ("e" * 300 + ".png", "e" * 60 + "-60.webp"),
    ],
)
def test_names_are_plain(member, name, stored):
    assert store_picture(SimpleUploadedFile(name, picture()), member).name == stored


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_media")
@pytest.mark.parametrize("problem", [OSError("No space left on device"), KeyboardInterrupt()])
def test_what_fails_half_way_leaves_nothing(tmp_path, member, problem):
    def fail(instance, **_):
        if instance.type == "jpeg":
            assert len(all_stored(tmp_path)) == 2
            raise problem

    pre_save.connect(fail, sender=StoredFile)
    try:
        with pytest.raises((ValidationError, KeyboardInterrupt)) as caught:
            store_picture(SimpleUploadedFile("a.png", picture()), member)
    finally:
        pre_save.disconnect(fail, sender=StoredFile)
    assert getattr(caught.value, "code", "") == ("picture_not_stored" if isinstance(problem, OSError) else "")
    assert all_stored(tmp_path) == []
    assert StoredFile.objects.count() == 0
