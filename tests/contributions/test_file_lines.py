"""What pages say of an item's files, from its card alone."""

import pytest
from django.template.loader import render_to_string

from commons.contributions.file_lines import file_lines
from commons.contributions.models import Contribution, Role

FILE = {
    "token": "abc",
    "role": "file",
    "type": "pdf",
    "name": "What we “found”.pdf",
    "size": 1_258_291,
    "state": "read",
    "has_text": True,
}
COVERS = [
    {"token": "small", "purpose": "cover", "type": "webp", "width": 160, "height": 226},
    {"token": "large", "purpose": "cover", "type": "webp", "width": 480, "height": 679},
]


def lines(*entries, role=Role.FILE):
    return file_lines(Contribution(card={"files": list(entries)}), role)


def test_an_item_without_files_has_no_lines():
    assert file_lines(Contribution(card={})) == []


def test_kind_size_and_pages_are_said():
    (line,) = lines({**FILE, "pages": 12})
    assert line.about == "PDF, 1.2\xa0MB, 12 pages"
    assert line.url == "/files/abc/What%20we%20%E2%80%9Cfound%E2%80%9D.pdf"
    assert (line.cover, line.notice) == (None, "")


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [("pdf", 1, "1 page"), ("pptx", 1, "1 slide"), ("odp", 3, "3 slides"), ("docx", None, "")],
)
def test_presentations_have_slides(kind, number, words):
    (line,) = lines({**FILE, "type": kind, "pages": number})
    assert line.pages == words


def test_the_cover_is_offered_in_all_its_sizes():
    (line,) = lines({**FILE, "renditions": COVERS})
    assert (line.cover.url, line.cover.width, line.cover.height) == ("/files/small/cover-160.webp", 160, 226)
    assert line.cover.srcset == "/files/small/cover-160.webp 160w, /files/large/cover-480.webp 480w"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"state": "waiting", "has_text": None}, "This file is being read: soon its words can be found"),
        ({"state": "unreadable", "has_text": None}, "This file could not be read here"),
        ({"has_text": False}, "This is a scan: its words can’t be searched."),
        ({"has_text": False, "type": "docx"}, "No words were found in this file."),
        ({"text_cut": True}, "This file is very long"),
        ({"type": "png", "has_text": None}, ""),
        ({"type": "png", "has_text": None, "state": "unreadable"}, ""),
    ],
)
def test_what_a_reader_should_know_of_its_words(known, words):
    (line,) = lines({**FILE, **known})
    assert line.notice.startswith(words)
    assert bool(line.notice) == bool(words)


def test_only_the_role_asked_for():
    picture = {**FILE, "role": "picture", "token": "other"}
    assert [line.url for line in lines(FILE, picture)] == [lines(FILE)[0].url]
    assert [line.url[:12] for line in lines(FILE, picture, role=Role.PICTURE)] == ["/files/other"]


def test_kind_and_size_stand_before_the_link_and_names_are_escaped():
    html = render_to_string(
        "components/files.html", {"files": lines({**FILE, "name": "<b>.pdf", "renditions": COVERS})}
    )
    assert html.index("1.2\xa0MB") < html.index('<a href="/files/abc/%3Cb%3E.pdf">&lt;b&gt;.pdf</a>')
    assert 'alt=""' in html
