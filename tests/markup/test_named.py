"""Names such as @ann-lee in a text: which are found, and what they become."""

import pytest

from commons.markup.named import MOST_NAMES
from commons.markup.render import render

LINK = '<a href="/members/ann-lee/" rel="nofollow ugc noopener">'


def found_in(text):
    """Return what was asked for when `text` was rendered."""
    asked = []
    render(text, people=lambda addressed: asked.append(addressed) or {})
    return asked


def with_ann(text):
    return render(text, people=lambda _addressed: {"ann-lee": "/members/ann-lee/"})


@pytest.mark.parametrize(
    "text",
    [
        "@ann-lee",
        "Ask @ann-lee.",
        "(@ann-lee)",
        "**@ann-lee**",
        "# @ann-lee",
        "* @ann-lee",
        "@Ann-Lee",
        "@ann-lee’s",
        "a[^1]\n\n[^1]: @ann-lee",
    ],
)
def test_a_name_becomes_a_link(text):
    assert found_in(text) == [{"ann-lee": True}]
    assert with_ann(text).count(LINK) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`@ann-lee`",
        "    @ann-lee",
        "```\n@ann-lee\n```",
        "[see @ann-lee](/about/)",
        "https://example.org/@ann-lee",
        "www.example.org/@ann-lee",
        "me@ann-lee.example",
        "me@ann-lee",
        "@ann-lee@example.org",
        "@ann-lee.example.org",
        "<https://me@ann-lee/>",
        "mailto:me@ann-lee.example",
        "\\@ann-lee",
        "@@ann-lee",
        "@ann-lee/blog",
        "![@ann-lee](https://example.org/a.png)",
    ],
)
def test_these_are_no_names(text):
    assert found_in(text) == []
    assert LINK not in with_ann(text)


def test_who_is_not_known_stays_words():
    assert with_ann("@nobody and @ann-lee") == f"<p>@nobody and {LINK}@ann-lee</a></p>\n"


def test_without_people_nothing_is_linked():
    assert render("@ann-lee") == "<p>@ann-lee</p>\n"


def test_quotations_are_told_apart():
    assert found_in("> @ann-lee and @bola\n\n@bola") == [{"ann-lee": False, "bola": True}]


def test_only_so_many_are_looked_up():
    names = [f"name-{number}" for number in range(MOST_NAMES + 1)]
    (asked,) = found_in(" ".join(f"@{name} @{name}" for name in names))
    assert list(asked) == names[:MOST_NAMES]


def test_a_path_can_t_break_out():
    html = render("@ann-lee", people=lambda _addressed: {"ann-lee": '/"><script>'})
    assert "<script>" not in html
