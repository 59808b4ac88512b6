"""The picture that other sites show beside the address of an item: its own where it has one, else one that we draw.

What we draw is its title, sewn to the patches of its principles, as on the poster of a video without one. The fonts are
those of the site's pages; a title in letters that they don't have is left out, and no letter is replaced by a box.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from commons.files.models import Purpose
from commons.markup.render import clean_text
from commons.tagging import vocabulary

from . import kinds
from .conditional import etag_for, not_modified, stamp
from .file_lines import file_url
from .lists import visible_one
from .models import Contribution, Role

WIDTH, HEIGHT = 1200, 630
KEPT_PICTURES = 100  # at about 20 KB each
LEAST_WIDTH = 600  # of an item's own picture: smaller ones are shown as a stamp, or not at all
GROUND, THREAD, LIGHT = "#2E1A35", "#F4B23E", "#FBF6EE"
TILE, SIDES = 105, HEIGHT // 105
LEFT, RIGHT, MIDDLE = 190, WIDTH - 70, 315
LABEL_SIZE, LABEL_TOP, NAME_TOP = 34, 54, 546
# (size of the letters, lines): the first that all of a title fits into; the end of a longer one is cut.
SETTINGS = ((78, 3), (62, 4), (50, 6))
LEADING = 1.16
FONTS = settings.BASE_DIR / "static" / "fonts"
HEAD = ("bricolage-700.woff2", "bricolage-700-welsh.woff2")
BODY = ("atkinson-next.woff2", "atkinson-next-welsh.woff2")
LEFT_OUT = {"So", "Sk", "Cf", "Cs", "Co", "Cn", "Me"}  # symbols and emoji, and what only shapes them
VARIATION_SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
# Each patch as on the pages, on a square of 32: its colour, and what is drawn in white.
PATCH_SIDE, SHARPER = 32, 4
PATCHES = {
    1: ("#C1256A", [("dot", x, y, 3.6) for x, y in ((8, 8), (24, 8), (16, 16), (8, 24), (24, 24))]),
    2: ("#6E1E00", [("box", x, y, 8) for x, y in ((4, 4), (20, 4), (12, 12), (4, 20), (20, 20))]),
    3: ("#856717", [("ring", 16, 16, 11), ("ring", 16, 16, 4.5)]),
    4: ("#295C39", [("line", (2, y, 9, y - 6, 16, y, 23, y - 6, 30, y)) for y in (12, 20, 28)]),
    5: ("#227A7A", [("shape", (16, 4, 25, 15, 7, 15)), ("shape", (16, 17, 26, 28, 6, 28))]),
    6: (
        "#2E3671",
        [
            ("line", points)
            for points in ((16, 4, 16, 28), (4, 16, 28, 16), (7.5, 7.5, 24.5, 24.5), (24.5, 7.5, 7.5, 24.5))
        ],
    ),
    7: (
        "#76549C",
        [
            ("shape", points)
            for points in (
                (0, 0, 5, 0, 0, 5), (16, 0, 21, 0, 0, 21, 0, 16), (32, 0, 32, 5, 5, 32, 0, 32),
                (32, 16, 32, 21, 21, 32, 16, 32),
            )
        ],
    ),
    8: (
        "#2A2730",
        [
            ("box", 7, 3, 4.5, 13.5), ("box", 2.5, 7.5, 13.5, 4.5),
            ("box", 21, 15.5, 4.5, 13.5), ("box", 16.5, 20, 13.5, 4.5),
        ],
    ),
}  # fmt: skip


@dataclass(frozen=True)
class SharePicture:
    """A picture as other sites are told of it; sizes in pixels."""

    url: str
    width: int
    height: int
    words: str


def picture_of(item):
    """Return the SharePicture of an item that everyone may see: a poster or a picture of its own, else ours."""
    for entry in item.card.get("files", []):
        own = _own(entry) if entry["role"] in (Role.POSTER, Role.PICTURE) else None
        if own:
            return own
    path = reverse("contribution_picture", args=[item.pk])
    words = _("%(kind)s: %(title)s") % {"kind": kinds.get(item.kind).label, "title": clean_text(item.title)}
    return SharePicture(f"{settings.SITE_URL}{path}", WIDTH, HEIGHT, words)


def _own(entry):
    """Return the SharePicture of a file, as a card holds it, in the format that every site can show, or None."""
    for each in entry.get("renditions", []):
        if (
            each["purpose"] == Purpose.PICTURE
            and each["type"] != entry["type"]
            and each["width"] >= LEAST_WIDTH
        ):
            url = file_url(
                each, f"{entry['name'].rpartition('-')[0]}-{each['width']}.{_EXTENSIONS[each['type']]}"
            )
            words = clean_text(entry.get("description", ""))
            return SharePicture(f"{settings.SITE_URL}{url}", each["width"], each["height"], words)
    return None


_EXTENSIONS = {"jpeg": "jpg", "png": "png"}


@require_safe
def picture(request, pk):
    """The picture that we draw of an item that everyone may see. One query, and the vocabulary's."""
    item = visible_one(Contribution, AnonymousUser(), pk)
    if item is None:
        raise Http404
    terms = vocabulary.current()
    patches = tuple(
        terms.principles[pk].patch for pk in item.card.get("principles", []) if pk in terms.principles
    )
    made_of = item.title, str(kinds.get(item.kind).label), patches, settings.NETWORK_NAME
    etag = etag_for(request, made_of)
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    response = HttpResponse(draw(*made_of), content_type="image/png")
    response.headers["Content-Security-Policy"] = settings.SECURE_CSP_FILE
    return stamp(response, etag)


@lru_cache(maxsize=KEPT_PICTURES)
def draw(title, label, patches, name):
    """Return the picture as PNG: bytes. `patches` are numbers of PATCHES, of the first six where there are none."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    on = ImageDraw.Draw(image)
    numbers = [number for number in patches if number in PATCHES] or list(PATCHES)[:SIDES]
    for side in range(SIDES):
        image.paste(_patch(numbers[side * len(numbers) // SIDES]), (0, side * TILE))
    for top in range(6, HEIGHT, 46):
        on.line((TILE + 22, top, TILE + 22, top + 26), fill=THREAD, width=5)
    for words, top, colour in ((label, LABEL_TOP, THREAD), (name, NAME_TOP, LIGHT)):
        words = shown(words, BODY)
        _write(on, _first_of(words, BODY, LABEL_SIZE), top, BODY, LABEL_SIZE, colour)
    size, lines = fitted(shown(title, HEAD))
    first = MIDDLE - len(lines) * size * LEADING / 2
    for number, line in enumerate(lines):
        _write(on, line, first + number * size * LEADING, HEAD, size, LIGHT)
    drawn = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(drawn, "PNG")
    return drawn.getvalue()


def shown(words, family):
    """Return words as they can be drawn, without emoji; "" where there is a letter that the fonts don't have."""
    words = unicodedata.normalize("NFC", clean_text(words))
    kept = "".join(
        each
        for each in words
        if unicodedata.category(each) not in LEFT_OUT and each not in VARIATION_SELECTORS
    )
    kept = " ".join(kept.split())
    return kept if all(_font_for(each, family, LABEL_SIZE) for each in kept) else ""


def fitted(title):
    """Return (size of the letters, lines) for a title, in the largest letters into which all of it fits."""
    for size, most in SETTINGS:
        lines = _wrapped(title, size)
        if len(lines) <= most:
            return size, lines
    kept = lines[:most]
    while _width(f"{kept[-1]}…", HEAD, size) > RIGHT - LEFT:
        kept[-1] = kept[-1][:-1].rstrip()
    return size, [*kept[:-1], f"{kept[-1]}…"]


def _wrapped(title, size):
    """Return the lines of a title; a word that is wider than the picture goes on in the next line."""
    lines, line = [], ""
    for word in title.split():
        while word:
            longer = f"{line} {word}" if line else word
            if _width(longer, HEAD, size) <= RIGHT - LEFT:
                line, word = longer, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                fits = _first_of(word, HEAD, size)
                lines.append(fits)
                word = word[len(fits) :]
    return [*lines, line] if line else lines


def _first_of(words, family, size):
    """Return as much of the beginning of words as fits into a line: one letter at least, where there is one."""
    low, high = min(1, len(words)), len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if _width(words[:middle], family, size) <= RIGHT - LEFT else (low, middle - 1)
        )
    return words[:low]


def _write(on, words, top, family, size, colour):
    left = LEFT
    for run, font in _runs(words, family, size):
        on.text((left, top), run, font=font, fill=colour)
        left += font.getlength(run)


def _width(words, family, size):
    return sum(font.getlength(run) for run, font in _runs(words, family, size))


def _runs(words, family, size):
    """Return words in pieces, each with the font that has its letters."""
    runs = []
    for each in words:
        font = _font_for(each, family, size)
        if runs and runs[-1][1] is font:
            runs[-1][0] += each
        else:
            runs.append([each, font])
    return runs


@lru_cache(maxsize=4_000)
def _font_for(letter, family, size):
    """Return the font of a family that has a letter, or None."""
    for name in family:
        font = _font(name, size)
        if font is not None and _glyph(font, letter) != _glyph(font, "\uffff"):
            return font
    return None


def _glyph(font, letter):
    mask = font.getmask(letter)
    return mask.size, bytes(mask), font.getlength(letter)


@lru_cache(maxsize=32)
def _font(name, size):
    """Return a font, or None where this build of FreeType reads no WOFF2."""
    try:
        return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return None


@lru_cache(maxsize=len(PATCHES))
def _patch(number):
    colour, shapes = PATCHES[number]
    by = TILE * SHARPER / PATCH_SIDE
    tile = Image.new("RGB", (TILE * SHARPER, TILE * SHARPER), colour)
    on = ImageDraw.Draw(tile)
    for shape, *where in shapes:
        if shape in ("line", "shape"):
            points = [part * by for part in where[0]]
            if shape == "line":
                on.line(points, fill="white", width=round(3.2 * by), joint="curve")
            else:
                on.polygon(points, fill="white")
        elif shape == "box":
            x, y, wide, *high = where
            on.rectangle(
                [part * by for part in (x, y, x + wide, y + (high[0] if high else wide))], fill="white"
            )
        else:
            x, y, radius = where
            around = [part * by for part in (x - radius, y - radius, x + radius, y + radius)]
            if shape == "dot":
                on.ellipse(around, fill="white")
            else:
                on.ellipse(around, outline="white", width=round(3 * by))
    return tile.resize((TILE, TILE), Image.Resampling.LANCZOS)
