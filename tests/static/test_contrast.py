"""Every pair of colours in use can be read, and the eight patches are told apart, in both themes."""

import re

import pytest
from django.conf import settings

from tests.static.colour import SIGHT, ciede2000, contrast, least_difference

CSS = settings.BASE_DIR / "static" / "css"
PATCHES = [f"p{n}" for n in range(1, 9)]
GROUNDS = ["paper", "surface", "sunk"]
TONES = ["good", "bad", "info", "warn"]
# foreground, ground, least contrast: 4.5 for text, 3 for the edges of controls and for focus
PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-2", "brand", "brand-2") for ground in GROUNDS),
    *((ink, ground, 4.5) for ink in ("ink", "brand", "brand-2") for ground in ("tint",)),
    *(("on-brand", ground, 4.5) for ground in ("brand", "brand-2")),
    *((ink, "band", 4.5) for ink in ("on-band", "on-band-2")),
    *((tone, f"{tone}-t", 4.5) for tone in TONES),
    *((ink, f"{tone}-t", 4.5) for ink in ("ink", "brand") for tone in TONES),
    *((ink, ground, 4.5) for ink in ("bad",) for ground in GROUNDS),
    ("surface", "bad", 4.5),
    ("surface", "ink", 4.5),
    ("paper", "ink", 4.5),
    *(("edge", ground, 3) for ground in GROUNDS),
    *((patch, ground, 4.5) for patch in PATCHES for ground in ("paper", "surface")),
    *((patch, "sunk", 3) for patch in PATCHES),
    *(("on-p", ground, 4.5) for ground in [*PATCHES, "brand"]),
]


def tokens():
    """Both themes as {name: '#RRGGBB'}; the dark one overrides the light."""
    text = (CSS / "tokens.css").read_text()
    blocks = re.findall(r":root\s*\{(.*?)\}", text, re.DOTALL)
    light, dark = ({name: value.upper() for name, value in _colours(block)} for block in blocks[:2])
    return {"light": light, "dark": {**light, **dark}}


def _colours(block):
    return re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6});", block)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_used_pair_can_be_read(theme):
    colours = tokens()[theme]

    low = {
        f"{front} on {ground}": round(contrast(colours[front], colours[ground]), 2)
        for front, ground, least in PAIRS
        if contrast(colours[front], colours[ground]) < least
    }

    assert low == {}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_eight_patches_are_told_apart_by_colour_alone(theme, sight):
    colours = tokens()[theme]

    difference, pair = least_difference([colours[patch] for patch in PATCHES], sight)

    assert difference >= 10, pair


def test_the_dark_theme_names_every_colour_that_a_page_shows():
    text = (CSS / "tokens.css").read_text()
    light, dark = (
        {name for name, _ in _colours(block)}
        for block in re.findall(r":root\s*\{(.*?)\}", text, re.DOTALL)[:2]
    )

    assert light - dark == {"gold"}


def test_colours_are_written_in_the_tokens_only():
    """Black and white on paper are the printer's; the shadow under the menu is no colour of ours."""
    allowed = {"utilities.css": {"#FFF", "#000"}}

    stray = {
        path.name: found
        for path in CSS.glob("*.css")
        if path.name not in {"tokens.css", "admin.css"}
        and (
            found := set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", path.read_text())) - allowed.get(path.name, set())
        )
    }

    assert stray == {}


def test_the_admin_uses_the_colours_of_the_site():
    themes = tokens()
    ours = {*themes["light"].values(), *themes["dark"].values()}

    assert set(re.findall(r"#[0-9A-Fa-f]{6}", (CSS / "admin.css").read_text())) <= ours


def test_the_measure_agrees_with_the_published_example():
    """The first row of the table in Sharma, Wu and Dalal 2005, and WCAG's black on white."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
