"""What in a text leads off this site, however it is spelt; and what only looks as if it did."""

import re

import pytest

from commons.moderation import signs
from commons.moderation.signs import ENOUGH, is_address, ways_off_this_site, wording

CLASS = re.compile(r"\[(?:\\.|[^\]])*\]")
WITHOUT_END = re.compile(r"(?<!\\)(?:\\\\)*[*+]|\{\d*,\}")


def codes(text):
    return {sign.code for sign in ways_off_this_site(text)}


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.org/a?b=c#d.",
        "See HTTP://EXAMPLE.ORG",
        "hxxp://example.org",
        "[here](https://example.org)",
        "[here](//example.org/x)",
        "<https://example.org>",
        "www.example.org",
        "www . example . org",
        "example.com",
        "Example.com",
        "Example.Com/offers",
        "EXAMPLE.COM",
        "sub.example.co.uk",
        "bit.ly/3abc",
        "t.me/somebody",
        "example.casino",
        "example dot com",
        "example DOT com",
        "example (dot) com",
        "example[.]com",
        "example . com",
        "example,com",
        "ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ",
        "exam\u200bple.com",
        "http://127.0.0.1:8000@example.org/",
        "http://127.0.0.1:8000.example.org/",
    ],
)
def test_links(text):
    assert "link" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "ann @ example.org",
        "mailto:ann@example.org",
        "ann.lee at gmail dot com",
        "ann.lee (at) example",
        "ann.lee[at]example.org",
        "annlee@gmail com",
    ],
)
def test_e_mail_addresses(text):
    assert "email" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "01632 960123",
        "(01632) 960 123",
        "0808 157 0192",
        "07700 900123",
        "07700-900-123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "1-800-555-0142",
        "(800) 555-0142",
        "+1 (555) 010-7788",
        "+234.803.555.0142",
    ],
)
def test_telephone_numbers(text):
    assert codes(f"Ring {text} at any time.") == {"phone"}


@pytest.mark.parametrize(
    "text",
    [
        "Contact me on WhatsApp",
        "message me through telegram",
        "My Skype is annlee",
        "WhatsApp me now",
        "Telegram: @annlee",
        "whatsapp number below",
        "add me on Kik",
    ],
)
def test_other_places_to_write_to(text):
    assert codes(text) == {"messenger"}


@pytest.mark.parametrize(
    "text",
    [
        "We met on Tuesdays.The tenants chaired.",
        "It worked.it was not easy, e.g. for carers (i.e. parents).",
        "Dr. J. Smith, B.Sc., Ph.D., of St. Helens",
        "GOV.UK has guidance on it.",
        "The dot com boom of the nineties",
        "In 2009/10 and 2010-11 it cost £1,250,000, or 12.5 % more.",
        "Open 9.30-12.30 and 13.00-17.30, room 2.14",
        "Ring 111, 999 or 116 123.",
        "ISBN 978-1-84871-123-4, pp. 34-56, Vol. 12.3",
        "Our WhatsApp group for carers; calls on Skype; a signal to us all",
        "budget.xlsx, minutes.docx, notes.md and node.js",
        "@annlee wrote about it, and a/b testing, and/or more",
        "Yours at the library, at home",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "2026-11-23 2026-11-24",
        "See http://127.0.0.1:8000/blog/3-a-post/ and http://127.0.0.1:8000/library/.",
        "",
        "日本語のテキスト。これは。",
        "пример.текст",
    ],
)
def test_what_only_looks_like_one(text):
    assert codes(text) == set()


@pytest.mark.parametrize(
    "name", ["www.example", "example.com", "Cheap loans http://x", "Example.co.uk", "a.shop/"]
)
def test_names_that_are_addresses(name):
    assert is_address(name)


@pytest.mark.parametrize("name", ["Ann Lee", "J.de Souza", "St.John Smith", "Dr. Ann Lee-Jones", "山田.太郎"])
def test_names_that_are_none(name):
    assert not is_address(name)


def test_wording_is_seen_through_spelling():
    plain = "Buy Xanax online without prescription"
    dressed = "Βuy Xаnax **online** wíthout\u200b  ｐｒｅｓｃｒｉｐｔｉｏｎ"
    assert [sign.code for sign in wording(plain)] == ["medicine"]
    assert [sign.code for sign in wording(dressed)] == ["medicine"]


def test_what_honest_people_say_too_takes_several_phrases():
    assert list(wording("The interest rate was 1,000% a year.")) == []
    assert list(wording("She had cancer and left £12,000 in a bank account.")) == []
    assert [sign.weight for sign in wording("We paid by Western Union.")] == [2]
    assert [sign.weight for sign in wording("We paid £120 by Western Union.")] == [ENOUGH]


@pytest.mark.parametrize("piece", ["a.", "1 ", "a dot ", "contact me a b c ", "$1,", "é\u200b"])
def test_long_hostile_texts_are_read(piece):
    text = piece * (50_000 // len(piece))
    assert all(len(sign.found) <= 200 for sign in (*ways_off_this_site(text), *wording(text)))


def patterns():
    """Yield every pattern that is held against what members write."""
    yield from (value for value in vars(signs).values() if isinstance(value, re.Pattern))
    yield from (pattern for phrases in signs._WORDING.values() for _weight, pattern in phrases)


def test_no_pattern_repeats_without_end():
    """Else a text of fifty thousand digits, or spaces, keeps a process of the site busy for minutes."""
    endless = [p.pattern for p in patterns() if WITHOUT_END.search(CLASS.sub("c", p.pattern))]
    assert endless == [signs._GAP.pattern]  # it takes the whole of a gap, and begins at none twice


@pytest.mark.parametrize("gap", [" " * 50, "\t \n\n ", "\u00a0\u2003 "])
def test_a_wide_gap_hides_nothing(gap):
    assert codes(f"example{gap}(dot){gap}com") == {"link"}
    assert codes(f"www{gap}.{gap}example") == {"link"}
    assert codes(f"ann{gap}@{gap}example.org") >= {"email"}


def test_numbers_on_two_lines_are_not_one():
    assert codes("In 2019:\n  07700\n\n  900123 pounds") == set()
