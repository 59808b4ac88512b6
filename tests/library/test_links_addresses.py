"""Addresses that can be shared, and when two of them are the same."""

import pytest

from library.addresses import LONGEST, NotShareable, read, shown_host


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://www.example.org/page", "https://www.example.org/page"),
        ("  HTTPS://WWW.Example.ORG  ", "https://www.example.org/"),
        ("example.org/page?a=b#part", "https://example.org/page?a=b#part"),
        ("www.example.org", "https://www.example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org./x", "https://example.org/x"),
        (
            "https://www.pêl-droed.example.org/ŵ?q=tŷ",
            "https://www.xn--pl-droed-k1a.example.org/%C5%B5?q=t%C5%B7",
        ),
        ("https://example.org/a%7eb%2fc%zz", "https://example.org/a~b%2Fc%25zz"),
        ("https://example.org/(brackets)_[1].pdf", "https://example.org/(brackets)_%5B1%5D.pdf"),
        ("https://sub.sub.example.co.uk/~ann/", "https://sub.sub.example.co.uk/~ann/"),
    ],
)
def test_what_can_be_shared(typed, url):
    assert read(typed).url == url
    assert read(url).url == url  # it stays as it is


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "no_address"), ("https://", "no_address"), ("https:example.org", "no_address"),
        ("//example.org", "no_address"), ("nowhere", "no_address"), ("https:///example.org", "no_address"),
        ("javascript:alert(1)", "scheme"), ("JavaScript://example.org/%0aalert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("ftp://example.org/", "scheme"), ("file:///etc/passwd", "scheme"), ("mailto:ann@example.org", "scheme"),
        ("vbscript:x", "scheme"), ("view-source:https://example.org", "scheme"),
        ("https://ann@example.org/", "credentials"), ("https://ann:secret@example.org/", "credentials"),
        ("https://example.org@evil.example.net/", "credentials"), ("https://@example.org/", "credentials"),
        ("https://example.org:8080/", "port"), ("https://example.org:80/", "port"), ("http://example.org:443/", "port"),
        ("https://example.org/a b", "characters"), ("https://exa\nmple.org/", "characters"),
        ("https://example.org/\tx", "characters"), ("https://example.org/\x00", "characters"),
        ("https://example.org\\@evil.example.net/", "characters"), ("https://example.org/\u202egpj.exe", "characters"),
        ("https://exam\u00adple.org/", "characters"), ("https://exam\u200bple.org/", "characters"),
        ("https://localhost/", "host"), ("https://intranet/", "host"), ("https://printer.local/", "host"),
        ("https://wiki.internal/", "host"), ("https://a.onion/", "host"), ("https://router.home.arpa/", "host"),
        ("https://127.0.0.1/", "host"), ("https://10.0.0.1/", "host"), ("https://8.8.8.8/", "host"),
        ("https://2130706433/", "host"), ("https://0x7f.1/", "host"), ("https://127.1/", "host"),
        ("https://１２７.0.0.1/", "host"), ("https://[::1]/", "host"), ("https://[2001:67c:2e8:22::1]/", "host"),
        ("https://[/", "host"), ("https://example.org:port/", "host"), ("https://example.org:99999/", "host"),
        ("https://ex%61mple.org/", "host"), ("https://-example.org/", "host"), ("https://exam_ple.org/", "host"),
        ("https://example..org/", "host"), ("https://.org/", "host"), ("https://example.o/", "host"),
        ("https://example.org1/", "host"), (f"https://{'a' * 64}.org/", "host"), (f"https://{'a.' * 130}org/", "host"),
        ("https://faß.example.org/", "host"),
        ("https://example.org/" + "a" * LONGEST, "too_long"), ("https://example.org/" + "ŵ" * 200, "too_long"),
    ],
)  # fmt: skip
def test_what_can_not(typed, code):
    with pytest.raises(NotShareable) as caught:
        read(typed)
    assert caught.value.code == code
    assert str(caught.value)


ONE = "https://www.example.org/page?a=1&b=2"


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.org/page?a=1&b=2",
        "https://example.org/page?a=1&b=2",
        "HTTPS://EXAMPLE.ORG/page?a=1&b=2",
        "https://example.org/page/?a=1&b=2",
        "https://example.org//x/../page?a=1&b=2#a-part",
        "https://example.org/./page?b=2&a=1",
        "https://example.org/p%61ge?a=1&&b=%32&",
        "https://example.org/page?utm_source=mail&a=1&UTM_Campaign=x&b=2&fbclid=y&gclid=z",
        "example.org/page?a=1&b=2",
    ],
)
def test_two_ways_to_write_one_address_are_the_same(other):
    assert read(other).key == read(ONE).key


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/Page?a=1&b=2",
        "https://example.org/page?a=1&b=3",
        "https://example.org/page",
        "https://example.org/page/more?a=1&b=2",
        "https://sub.example.org/page?a=1&b=2",
        "https://example.org/page%2F?a=1&b=2",
        "https://example.org/page?a=1%26b=2",
        "https://example.com/page?a=1&b=2",
        "https://example.org/page?a=1&b=2&utm=3",
    ],
)
def test_others_are_not(other):
    assert read(other).key != read(ONE).key


def test_of_parameters_with_one_name_the_order_counts():
    assert read("https://example.org/?a=1&a=2").key != read("https://example.org/?a=2&a=1").key


def test_two_spellings_of_a_name_that_is_not_ascii_are_the_same():
    assert read("https://müller.example.org/").key == read("https://xn--mller-kva.example.org/").key


@pytest.mark.parametrize(
    ("host", "shown"),
    [("www.example.org", "example.org"), ("example.org", "example.org"), ("www.org", "www.org")],
)
def test_www_says_nothing(host, shown):
    assert shown_host(host) == shown
