"""What the child reads in a file: the words, how many pages, a picture of the first page. No database is asked."""

import io
import tempfile

import pytest
from PIL import Image

from commons.files import reading
from commons.files.reading import NotReadable, Reading, read
from tests.files import made

SPACED = """<w:p xmlns:w="w"><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t></w:r>
    <w:del><w:delText>gone</w:delText></w:del></w:p>"""
DOCUMENT = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'


def read_bytes(content, kind):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return read(file, kind)


def sizes(found):
    pictures = [Image.open(io.BytesIO(cover[4:])) for cover in found.covers]
    assert {picture.format for picture in pictures} <= {"WEBP"}
    return [picture.size for picture in pictures]


def test_a_pdf_has_the_words_of_every_page_and_a_cover_of_the_first():
    found = read_bytes(made.pdf(["First page", "Second page", "The walrus, on page three"]), "pdf")
    assert (found.pages, found.text) == (3, "First page\nSecond page\nThe walrus, on page three")
    assert sizes(found) == [(160, 227), (480, 680)]


def test_a_scan_has_pages_and_a_cover_and_no_words():
    found = read_bytes(made.pdf(["", ""]), "pdf")
    assert (found.pages, found.text, len(found.covers)) == (2, "", 2)


def test_a_page_of_an_odd_shape_is_not_drawn_whole():
    long = made.pdf(["Words"]).replace(b"0 0 595 842", b"0 0 9 14000")
    assert sizes(read_bytes(long, "pdf")) == [(160, 320), (480, 960)]


@pytest.mark.parametrize(
    ("kind", "words", "pages", "drawn"),
    [
        ("docx", made.WORDS, None, True),
        ("odt", made.WORDS, None, True),
        ("txt", made.WORDS, None, True),
        ("pptx", made.WORDS, 1, False),
        ("odp", made.WORDS, 1, False),
        ("xlsx", made.WORDS, None, False),
        ("ods", made.WORDS, None, False),
        ("csv", "year,people\n2026,12", None, False),
    ],
)
def test_every_kind_of_document(kind, words, pages, drawn):
    found = read_bytes(getattr(made, kind)(), kind)
    assert (found.text, found.pages, found.cut) == (words, pages, False)
    assert sizes(found) == ([(160, 226), (480, 679)] if drawn else [])


def test_tabs_part_words_and_what_was_deleted_is_left_out():
    content = made.zipped({"word/document.xml": DOCUMENT.format(SPACED)})
    assert read_bytes(content, "docx").text == "One two"


def test_slides_are_read_in_their_order():
    found = read_bytes(made.pptx([f"Slide {number}" for number in range(1, 12)]), "pptx")
    assert found.text.split("\n") == [f"Slide {number}" for number in range(1, 12)]
    assert found.pages == 11


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="w"><w:p><w:t>&a;</w:t></w:p></w:document>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document xmlns:w="w"/>',
        "<w:document><w:p>",
        "",
    ],
)
def test_xml_that_declares_entities_or_is_broken_is_not_read(xml):
    with pytest.raises(NotReadable):
        read_bytes(made.zipped({"word/document.xml": xml}), "docx")


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"%PDF-1.7 and no more"])
def test_what_is_no_such_file_is_not_read(kind, content):
    with pytest.raises(NotReadable):
        read_bytes(content, kind)


def test_a_package_without_its_words_is_not_read():
    with pytest.raises(NotReadable):
        read_bytes(made.zipped({"hello.txt": "Hello"}), "odt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Café".encode(), "Café"),
        ("\ufeffCafé".encode(), "Café"),
        ("Café".encode("utf-16"), "Café"),
        ("Café – “so”".encode("cp1252"), "Café – “so”"),
        (b"One\x00two\x1b[31m\r\n\r\n  three\t four", "One two [31m\nthree four"),
        ("co\xad\n  operation and e\ufb03cient".encode(), "cooperation and efficient"),
    ],
)
def test_plain_text_is_decoded_and_tidied(content, words):
    assert read_bytes(content, "txt").text == words


def test_no_more_is_kept_than_fits_and_that_is_said(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 20)
    found = read_bytes(b"gooseberry " * 10, "txt")
    assert (found.text, found.cut) == ("gooseberry gooseberr", True)
    found = read_bytes(made.docx(["gooseberry", "damson", "medlar quince"]), "docx")
    assert (found.text, found.cut) == ("gooseberry\ndamson\nme", True)


def test_nothing_is_drawn_in_letters_that_the_font_has_not():
    assert read_bytes("Співтворення державних послуг".encode(), "txt") == Reading(
        text="Співтворення державних послуг"
    )


def test_a_first_page_that_can_not_be_drawn_costs_no_more_than_its_cover():
    found = read_bytes(made.pdf(["First page", "Second page"]).replace(b"[4 0 R", b"[9 0 R"), "pdf")
    assert found == Reading(pages=2, text="Second page")
