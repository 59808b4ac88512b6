"""The strings themselves, and the judge of what could run: by either parser it finds what would."""

import pytest

from tests.hardening.hostile import NAUGHTY, dealt, executable_in, joined

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("thoroughly", [False, True])
@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<script src='https://a.example/a.js'></script>",
        "<p><img src=x onerror=alert(1)></p>",
        "<a href=' java\nscript:alert(1)'>a</a>",
        "<a href='data:text/html,x'>a</a>",
        "<form action='javascript:x'></form>",
        "<svg><a xlink:href='javascript:x'>a</a></svg>",
        "<iframe srcdoc='x'></iframe>",
        "<p style='background:url(x)'>a</p>",
        "<meta http-equiv=refresh content='0;url=x'>",
        "<base href='https://a.example/'>",
    ],
)
def test_finds_it(html, thoroughly):
    assert executable_in(f"<!DOCTYPE html><title>x</title>{html}", thoroughly=thoroughly) != []


def test_leaves_alone_what_is_ours(client):
    page = client.get("/").content.decode()
    assert executable_in(page) == executable_in(page, thoroughly=True) == []


def test_the_list_is_the_published_one():
    assert len(NAUGHTY) > 500
    assert "<script>alert(123)</script>" in NAUGHTY
    assert "１２３" in NAUGHTY


def test_all_of_them_are_dealt_and_joined():
    assert sum(len(hand) for hand in dealt(NAUGHTY, "abc")) == len(NAUGHTY)
    short = [string for string in NAUGHTY if len(string) <= 80]
    together = list(joined(short, 80))
    assert all(len(text) <= 80 for text in together)
    assert all(any(string in text for text in together) for string in short)
