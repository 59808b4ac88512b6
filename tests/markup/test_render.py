"""What Markdown becomes, and what can never come through it."""

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.markup.render import (
    BODY_LENGTH,
    clean_text,
    excerpt,
    highlight,
    plain,
    render,
)


def test_headings_begin_at_two_and_skip_no_level():
    assert render("# One\n\n### Two\n\n## Three\n\n###### Four") == (
        "<h2>One</h2>\n<h3>Two</h3>\n<h3>Three</h3>\n<h4>Four</h4>\n"
    )


def test_a_text_that_begins_low_still_begins_at_two():
    assert render("#### Low\n\n# High") == "<h2>Low</h2>\n<h2>High</h2>\n"


def test_a_text_below_other_headings_begins_lower():
    assert render("# One\n\n## Two\n\n#### Three\n\n# Four", first_heading=4) == (
        "<h4>One</h4>\n<h5>Two</h5>\n<h6>Three</h6>\n<h4>Four</h4>\n"
    )


def test_members_links_earn_nothing():
    assert render("[here](https://example.org/)") == (
        '<p><a href="https://example.org/" rel="nofollow ugc noopener">here</a></p>\n'
    )


def test_editors_links_are_plain():
    assert render("[here](/about/)", trusted=True) == '<p><a href="/about/">here</a></p>\n'


def test_addresses_become_links():
    assert 'href="https://example.org/a"' in render("See https://example.org/a.")


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://example.org/a_b_c*d", "https://example.org/a_b_c*d"),
        ("*https://example.org/a*", "https://example.org/a"),
        ("(http://example.org/a_(b))", "http://example.org/a_(b)"),
        ("**http://example.org/**", "http://example.org/"),
        ("xhttp://example.org/", None),
        ("[a http://b.example/](https://example.org/)", "https://example.org/"),
    ],
)
def test_which_addresses_become_links(text, linked):
    links = [
        a.get("href") for a in html5lib.parseFragment(render(text), namespaceHTMLElements=False).iter("a")
    ]
    assert links == ([linked] if linked else [])


@pytest.mark.parametrize(
    "text",
    [
        '[a]: x "' + "y" * 5_000 + '"\n\n' + "[a] " * 200,
        "[a]: " + "x" * 2_000 + "\n\n" + "[a] " * 300 + "[a]",
        "^[a]" * 10_000,
        "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "x\n" * 80,
    ],
)
def test_a_text_that_makes_many_times_itself_is_shown_but_not_taken_at_its_word(text):
    """Fifty kilobytes could else be fifty megabytes, kept and sent to every reader."""
    assert render(text) == f"<p>{text}</p>".replace('"', "&quot;")


def test_tables_quotes_lists_and_footnotes():
    html = render("|a|b|\n|-|-|\n|1|2|\n\n> said\n\n1. one\n\nWord[^1].\n\n[^1]: A note.", document="c7")
    for part in (
        "<table>",
        '<th scope="col">a</th>',
        "<blockquote>",
        "<ol>",
        'id="fn-c7-1"',
        'href="#fnref-c7-1"',
    ):
        assert part in html


def test_a_members_text_shows_no_picture_by_its_address():
    """It would come without its sizes, and perhaps without words: what a text shows belongs to it."""
    for address in (
        "https://example.org/cat.png",
        "/files/abc/cat.webp",
        "/static/cat.webp",
        "picture:abcdefgh",
    ):
        assert render(f"![A cat]({address})") == "<p>A cat</p>\n"


def test_pictures_in_editors_texts_come_from_this_site_only():
    assert render("![A cat](https://example.org/cat.png)", trusted=True) == "<p>A cat</p>\n"
    shown = '<p><img src="/files/abc/cat.webp" alt="A cat"></p>\n'
    assert render("![A cat](/files/abc/cat.webp)", trusted=True) == shown
    assert "img" not in render("![x](/files/../admin/)", trusted=True)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "<img src=x onerror=alert(1)>",
        "<a href='#' onclick=alert(1)>x</a>",
        '[x](https://e.org/"onmouseover="alert(1))',
        "<svg/onload=alert(1)>",
        "<style>*{display:none}</style>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<iframe src=https://e.org></iframe>",
        "&lt;script&gt;",
        "`<script>`",
        "<https://e.org/<script>>",
    ],
)
def test_nothing_executable_comes_through(text):
    tree = html5lib.parseFragment(render(text), namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in {"script", "style", "iframe", "svg", "object", "form", "input"}
        assert all(not name.startswith("on") and name != "style" for name in element.attrib)
        assert not element.attrib.get("href", "").lower().startswith(("javascript", "data", "vbscript"))


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_parsable_safe_html(text):
    tree = html5lib.HTMLParser(strict=False).parseFragment(render(text))
    assert all("script" not in str(element.tag) for element in tree.iter())


def test_ids_are_only_those_of_footnotes():
    assert render("## Main {#main}") == "<h2>Main {#main}</h2>\n"
    assert 'id="fn-d-1"' in render("a[^main]\n\n[^main]: b")


def test_a_text_past_the_limit_is_shown_but_not_parsed():
    assert render("*" * (BODY_LENGTH + 1)).startswith("<p>***")


def test_control_characters_and_lone_surrogates_are_dropped():
    assert clean_text("a\x00b\ud800c\r\nd\re\tf") == "abc\nd\ne\tf"


def test_excerpt_is_whole_words_without_footnotes():
    html = render("# Heading\n\nOne two[^1] three.\n\nFour five.\n\n|a|b|\n|-|-|\n|1|2|\n\n[^1]: note")
    assert excerpt(html) == "One two three. Four five."
    assert excerpt(html, length=12) == "One two…"


def test_plain_unescapes_once():
    assert plain(render("a &amp; b < c")) == "a & b < c"


def test_plain_keeps_words_apart_and_whole():
    html = render("## One\n\n*two*three[^1]\n\n- four\n- five\n\n[^1]: six")
    assert plain(html) == "One twothree four five six"


def test_highlight_marks_and_escapes():
    assert highlight("a \x02<b>\x03 c", "\x02", "\x03") == "a <mark>&lt;b&gt;</mark> c"
