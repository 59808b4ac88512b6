"""Pictures in a text: placed by name, with all that a browser needs to choose a size and keep its place."""

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.markup.pictured import COLUMN, Picture, line_for
from commons.markup.render import excerpt, plain, render

NAME = "Ab_-D12x"
GARDEN = Picture(
    description="A garden",
    path="/files/t3/garden-960.jpg",
    webps=(("/files/t1/garden-480.webp", 480), ("/files/t2/garden-1600.webp", 1600)),
    width=1600,
    height=900,
)
SHOWN = (
    '<picture><source type="image/webp" srcset="/files/t1/garden-480.webp 480w, /files/t2/garden-1600.webp 1600w" '
    f'sizes="{COLUMN}"><img src="/files/t3/garden-960.jpg" alt="A garden" width="1600" height="900" loading="lazy" '
    'decoding="async"></picture>'
)
HOSTILE = [
    'A "quoted" word',
    "<script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "](https://example.org) ![x](y)",
    "a [b] (c) \\] d\\",
    "`code` **bold** _a_ ~~b~~ <https://e.org> &amp; &#106; | x",
    "https://example.org/a_b",
    "@ann-lee and [^1] and ^[note]",
    "</picture></p><h1>x",
    "A garden\u2028of \u202eours",
]


def picture(description):
    return Picture(description, GARDEN.path, GARDEN.webps, GARDEN.width, GARDEN.height)


def images(html):
    return list(html5lib.parseFragment(html, namespaceHTMLElements=False).iter("img"))


def test_a_text_places_its_pictures():
    html = render(f"Before.\n\n![x](picture:{NAME})\n\nAfter.", pictures={NAME: GARDEN})
    assert html == f"<p>Before.</p>\n<p>{SHOWN}</p>\n<p>After.</p>\n"


def test_what_it_does_not_place_stands_below_in_order():
    other = picture("A shed")
    html = render("Words.", pictures={NAME: GARDEN, "abcdefgh": other})
    assert html == f"<p>Words.</p>\n<p>{SHOWN}</p>\n<p>{SHOWN.replace('A garden', 'A shed')}</p>\n"


def test_one_that_stands_twice_is_not_also_below():
    html = render(f"![]({'picture:' + NAME}) ![]({'picture:' + NAME})", pictures={NAME: GARDEN})
    assert html == f"<p>{SHOWN} {SHOWN}</p>\n"


@pytest.mark.parametrize("name", ["Ab_-D12y", "ab_-d12x", "Ab_-D12", "", "../x", "Ab_-D12x/y"])
def test_a_name_that_is_no_picture_of_the_text_leaves_its_words(name):
    html = render(f"See ![a <b> garden](picture:{name}).", pictures={NAME: GARDEN})
    assert html == f"<p>See a &lt;b&gt; garden.</p>\n<p>{SHOWN}</p>\n"


def test_a_small_picture_is_asked_for_as_wide_as_it_is():
    small = Picture("x", "/files/a/x.jpg", (("/files/b/x.webp", 300),), 300, 200)
    assert 'srcset="/files/b/x.webp 300w" sizes="300px"' in render("", pictures={NAME: small})


@pytest.mark.parametrize("description", HOSTILE)
def test_a_description_is_words_and_nothing_else(description):
    html = render(line_for(NAME, description), pictures={NAME: picture(description)})
    (image,) = images(html)
    assert image.get("alt") == description
    assert sorted(image.attrib) == ["alt", "decoding", "height", "loading", "src", "width"]
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert [e.tag for e in tree.iter()][1:] == ["p", "picture", "source", "img"]


@pytest.mark.parametrize("description", HOSTILE)
def test_without_the_picture_its_description_is_left(description):
    html = render(line_for(NAME, description))
    assert images(html) == []
    assert plain(html) == " ".join(description.split())


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_the_line_for_any_description_places_the_picture(description):
    html = render(f"One.\n\n{line_for(NAME, description)}\n\nTwo.", pictures={NAME: GARDEN})
    assert html == f"<p>One.</p>\n<p>{SHOWN}</p>\n<p>Two.</p>\n"


@pytest.mark.parametrize(
    "path",
    [
        "https://example.org/x.webp",
        "//example.org/x.webp",
        "/admin/x.webp",
        "/files/a/x.webp 1w, /x",
        "javascript:x",
    ],
)
def test_only_our_own_files_pass_the_allow_list(path):
    """Were an address of anything else ever given, it would not come through."""
    html = render("", pictures={NAME: Picture("x", path, ((path, 300),), 300, 200)})
    (source,) = html5lib.parseFragment(html, namespaceHTMLElements=False).iter("source")
    (image,) = images(html)
    assert source.attrib == {"type": "image/webp", "sizes": "300px"}
    assert image.attrib == {
        "alt": "x",
        "width": "300",
        "height": "200",
        "loading": "lazy",
        "decoding": "async",
    }


def test_search_finds_what_describes_it_and_excerpts_leave_it_out():
    html = render(f"One ![x](picture:{NAME}) two.", pictures={NAME: picture('A <b> "shed" & more')})
    assert plain(html) == 'One A <b> "shed" & more two.'
    assert excerpt(html) == "One two."


def test_people_named_in_a_description_are_not_addressed():
    def people(names):
        raise AssertionError(names)

    assert images(render("![@ann-lee](picture:x)", people=people)) == []
    assert len(images(render("", pictures={NAME: picture("@ann-lee")}, people=people))) == 1
