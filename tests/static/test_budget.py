"""What a first visit may weigh: one stylesheet, one small script, two fonts."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from network.scripts import small
from network.stylesheet import _small, join, joined_stylesheet

STATIC = settings.BASE_DIR / "static"
KB = 1024


def size(*patterns):
    return sum(path.stat().st_size for pattern in patterns for path in STATIC.glob(pattern))


def compressed(data):
    return len(gzip.compress(data, 9, mtime=0))


def test_the_stylesheet_is_small():
    css = joined_stylesheet().encode()

    assert len(css) <= 25 * KB
    assert compressed(css) <= 7 * KB


def test_a_page_with_a_sheet_of_its_own_stays_within_the_same_limit():
    sheets = [_small(path.read_text()).encode() for path in (STATIC / "css" / "pages").glob("*.css")]

    assert sheets
    assert max(map(len, sheets)) <= 700
    assert len(joined_stylesheet().encode()) + max(map(len, sheets)) <= 25 * KB


def test_joining_leaves_out_what_says_nothing_and_no_more():
    patch = """/* A patch. */
@layer components {
  .patch :is(a, b):hover > i {
    inline-size: calc(1rem + 2px);
    --c: var(--p1);
  }
}
"""
    seam = "@layer components {\n  @media (min-width: 58rem) {\n    .seam ~ a { color: red; }\n  }\n}\n"
    order = "@layer base, components;\n\n@layer base {\n  hr { margin: 0 }\n}\n"

    assert join([order, patch, seam, "@layer forms { b { margin: 0; } }"]) == (
        "@layer base,components;@layer base{hr{margin:0}}"
        "@layer components{.patch :is(a,b):hover>i{inline-size:calc(1rem + 2px);--c:var(--p1)}"
        "@media (min-width:58rem){.seam ~ a{color:red}}}"
        "@layer forms{b{margin:0}}"
    )


def scripts():
    """Return the scripts as they are sent."""
    return [small(path.read_text()).encode() for path in STATIC.glob("js/*.js")]


def test_scripts_are_small():
    assert sum(map(len, scripts())) <= 5 * KB


def test_of_a_script_only_whole_lines_of_comment_and_indentation_are_left_out():
    script = """// What it is for.
for (const input of all) {
  // Why.

  input.href = "https://example.org/ // not a comment"; // stays
}
"""

    assert small(script) == (
        'for (const input of all) {\ninput.href = "https://example.org/ // not a comment"; // stays\n}\n'
    )


def test_no_text_in_a_script_spans_lines():
    """Or its lines would lose their indentation."""
    for path in STATIC.glob("js/*.js"):
        for line in path.read_text().splitlines():
            assert line.count("`") % 2 == 0, (path.name, line)
            assert "/*" not in line, (path.name, line)
            assert not line.endswith("\\"), (path.name, line)


def test_the_small_scripts_are_the_ones_that_are_found_and_collected():
    collected = {
        path: storage.path(path)
        for finder in finders.get_finders()
        for path, storage in finder.list([])
        if path.startswith("js/")
    }

    assert set(collected) == {f"js/{path.name}" for path in STATIC.glob("js/*.js")}
    for path, found in collected.items():
        assert Path(found).read_text() == small((STATIC / path).read_text())
        assert finders.find(path) == found


def test_fonts_are_small():
    assert size("fonts/*.woff2") <= 40 * KB
    assert size("fonts/atkinson-next.woff2", "fonts/bricolage-700.woff2") <= 37 * KB


def test_each_font_has_its_licence_beside_it():
    licences = {path.name: path.read_text() for path in (STATIC / "fonts").glob("OFL-*.txt")}

    assert {name: "SIL OPEN FONT LICENSE Version 1.1" in text for name, text in licences.items()} == {
        "OFL-Atkinson-Hyperlegible-Next.txt": True,
        "OFL-Bricolage-Grotesque.txt": True,
    }


def test_pictures_of_the_look_are_small():
    weights = {path.name: compressed(path.read_bytes()) for path in (STATIC / "img").glob("*.svg")}

    assert sum(weights.values()) <= 4 * KB, weights


def test_all_that_a_first_visit_loads_beside_the_page_leaves_room_for_the_page():
    """60 KB and 8 requests in all: the page, the stylesheet, two fonts, the script, three pictures."""
    shared = (
        compressed(joined_stylesheet().encode())
        + size("fonts/atkinson-next.woff2", "fonts/bricolage-700.woff2")
        + sum(map(compressed, scripts()))
        + sum(compressed(path.read_bytes()) for path in STATIC.glob("img/*.svg"))
    )

    assert shared <= 51 * KB


def test_every_stylesheet_but_the_admins_is_in_the_order():
    order = (STATIC / "css" / "order.txt").read_text().split()

    assert len(order) == len(set(order))
    assert {*order} == {path.name for path in (STATIC / "css").glob("*.css")} - {"admin.css"}


def test_stylesheets_name_only_files_that_exist_here():
    missing = {
        address
        for path in (STATIC / "css").glob("*.css")
        for address in re.findall(r"url\(\"?([^\")]+)\"?\)", path.read_text())
        if not (path.parent / address).exists()
    }

    assert missing == set()
