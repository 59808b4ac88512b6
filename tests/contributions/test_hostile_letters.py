"""Messages made to harm: each is read or refused, in little time and memory, and nothing of it breaks out."""

import base64

import pytest

from commons.contributions.replying_by_mail import letters
from commons.contributions.replying_by_mail.receiving import Became, receive
from commons.contributions.replying_by_mail.written import what_was_written
from commons.notifications.models import OutgoingMail

from .answering_letters import answered, plain, texts


def nested(depth):
    """Return the headers and beginnings of so many multiparts, one within the other."""
    lines = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return "".join(lines) + "Content-Type: text/plain\n\nAt the bottom.\n"


def raw(member, thread, rest):
    """Return a message from a member of which `rest` (bytes) is what follows the headers that name them."""
    return plain(member, thread, "", Content_Type=None).removesuffix(b"\n") + rest


@pytest.mark.parametrize("depth", [150, 1000])
def test_multiparts_within_multiparts(depth, ann, thread):
    became = receive(raw(ann, thread, nested(depth).encode()))
    assert (became, texts(thread)) == (
        (Became.POSTED, ["At the bottom."]) if depth == 150 else (Became.IGNORED, [])
    )


def test_twenty_megabytes_of_a_file_beside_a_few_words(ann, thread):
    file = base64.encodebytes(b"x" * 15_000_000).decode()
    mixed = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nWords.\n--b\n'
        f"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n{file}--b--\n"
    )
    assert receive(raw(ann, thread, mixed.encode())) == Became.POSTED
    assert (texts(thread), len(answered())) == (["Words."], 1)


@pytest.mark.parametrize("html", [False, True])
def test_twenty_megabytes_of_words_are_too_long(html, ann, thread):
    kind = "text/html" if html else "text/plain"
    assert receive(plain(ann, thread, "word " * 4_000_000, Content_Type=kind)) == Became.REFUSED
    assert (texts(thread), len(answered())) == ([], 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\xff\xfe\x00\x01" * 1000,
        b":\n: :\n",
        b"From: " + b"(" * 100_000 + b"\n\nx",
        b"From: " + b"a " * 90_000 + b"\n\nx",
        b"Content-Type: " + b"a=b;" * 40_000 + b"\n\nx",
        b"X: y\n" * 100_000 + b"\nx",
        b"Subject: =?punycode?q?" + b"a" * 50_000 + b"?=\n\nx",
        b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\nContent-Type: text/plain\n\nx\n" * 5_000,
        b'Content-Type: multipart/mixed; boundary=""\n\n--\nx',
        b"Content-Type: message/rfc822\n\n" * 3_000 + b"x",
    ],
)
def test_what_nobody_sent_to_us_is_ignored_however_it_is_made(content, takes_replies, db):
    assert receive(content) == Became.IGNORED
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("charset", "content", "read"),
    [
        ("no-such-thing", "Grüße".encode(), "Grüße"),
        ("no-such-thing", "Grüße".encode("windows-1252"), "Grüße"),
        ("hex", b"6869", "6869"),
        ("punycode", b"hello-", "hello-"),
        ("unicode-escape", rb"\x41", r"\x41"),
        ("utf-8", b"caf\xe9", "caf�"),
        ("iso-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("utf-16", "Grüße".encode("utf-16"), "Grüße"),
        ('"\\"', b"hello", "hello"),
    ],
)
def test_words_are_read_whatever_character_set_is_named(charset, content, read, ann, thread):
    part = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode()
    assert receive(raw(ann, thread, part + base64.encodebytes(content))) == Became.POSTED
    assert texts(thread) == [read]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-uuencode", "no-such-thing"])
def test_an_encoding_that_is_not_kept_to(encoding, ann, thread):
    content = plain(ann, thread, "=XY=\n%%%\nbegin 644 x\n", Content_Transfer_Encoding=encoding)
    assert receive(content) in (Became.POSTED, Became.REFUSED)


@pytest.mark.parametrize(
    ("identifier", "named"),
    [
        ("<a@b>\r\n Bcc: victim@example.net", "<a@b>"),
        ("<a@b>\n\tBcc: victim@example.net", "<a@b>"),
        ("<a b@c>", None),
        ("x", None),
        ("<" + "a" * 5000 + "@b>", None),
    ],
)
def test_headers_of_an_answer_hold_nothing_but_what_we_put_there(identifier, named, ann, thread):
    receive(plain(ann, thread, "", Message_ID=identifier))
    (answer,) = answered()
    assert (answer["In-Reply-To"], answer["References"], answer["Bcc"]) == (named, named, None)
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == [ann.email]


def test_no_body_at_all(ann, thread):
    assert receive(raw(ann, thread, b"")) == Became.REFUSED
    assert len(answered()) == 1


def test_a_forwarded_message_is_a_file_and_not_what_its_sender_wrote(ann, thread):
    mixed = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n'
        "Content-Type: message/rfc822\n\nFrom: x@example.net\n\nNot mine.\n--b--\n"
    )
    assert receive(raw(ann, thread, mixed.encode())) == Became.POSTED
    assert (texts(thread), len(answered())) == (["See below."], 1)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        " \n\u00a0\n\u3000\n" * 40_000,
        "Thanks,\n" * 25_000,
        "On a " * 40_000,
        "On 2026\n" * 25_000,
        "From: x@example.org\n" * 10_000,
        "From: " * 30_000,
        "> a\n-- \n" * 20_000,
        "--\n" * 60_000,
        "_" * 200_000,
        "Am 1 schrieb x\n" * 12_000,
        ">" * 200_000,
        ">\n" * 100_000,
        "\x0b\n\x0c\n\x85\n\u2028\n" * 20_000,
        "Sent from my " * 15_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_texts_that_cost_an_expression_dear_cost_little_here(text):
    what_was_written(text, ours=("network@example.org",), names=("ann",))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<blockquote>" * 50_000 + "x",
        "<!--" * 100_000,
        "<a <b <c" * 50_000,
        "<p>a<b>b</b>" * 60_000,
        "<![CDATA[" * 50_000,
        "<style>" * 50_000,
        "</p>" * 100_000,
        "&#x" * 200_000,
        "\0<\0p\0>" * 50_000,
    ],
    ids=lambda html: ascii(html[:12]),
)
def test_html_that_costs_a_parser_dear_costs_little_here(html, takes_replies):
    letter = letters.read(b"Content-Type: text/html\n\n" + html.encode())
    assert "<script" not in letter.text
