"""What an uploaded file is: decided by its content, for good files and for every kind of bad one."""

import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from commons.files import checking
from commons.files.accepted import CAPTIONS, DOCUMENTS, FILE_TYPES, PICTURES, VIDEOS
from commons.files.checking import Facts, check
from commons.files.refusals import MESSAGES, REFUSED_ENDINGS

from . import made, made_bad
from .bad_files import BAD_FILES

EVERYTHING = (*DOCUMENTS, *VIDEOS, *CAPTIONS)
MOST = 400 * 1024 * 1024
TURNED = {0x0112: 6}


def checked(content, name, accepted=EVERYTHING, most_bytes=MOST):
    return check(SimpleUploadedFile(name, content), accepted, most_bytes=most_bytes)


def refusal(content, name, accepted=EVERYTHING, most_bytes=MOST):
    with pytest.raises(ValidationError) as caught:
        checked(content, name, accepted, most_bytes)
    return caught.value


def read(content, name):
    """What was read in a file: its Facts but for name, size and hash."""
    facts = vars(checked(content, name))
    return {key: facts[key] for key in facts if facts[key] and key not in {"name", "size", "sha256"}}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", made.pdf(["One", "Two", ""], title="A plan"), {"type": "pdf", "pages": 3}),
        ("a.pdf", made.pdf() + b"\r\n\0\0", {"type": "pdf", "pages": 1}),
        ("a.pdf", made.pdf(["Design/Launch, with /JavaScript"]), {"type": "pdf", "pages": 1}),
        ("a.pdf", made_bad.packed_pdf(b"<< /Type /Page >>"), {"type": "pdf", "pages": 1}),
        ("a.docx", made.docx(["One", "Two"]), {"type": "docx"}),
        ("a.docx", made_bad.embedding(made.xlsx(), "word/embeddings/chart.xlsx"), {"type": "docx"}),
        ("a.docx", made_bad.embedding(made_bad.ole("Equation Native")), {"type": "docx"}),
        ("a.docx", made_bad.relating("hyperlink", "https://example.org/"), {"type": "docx"}),
        ("a.docx", made_bad.relating("attachedTemplate", "file:///C:/Normal.dotm"), {"type": "docx"}),
        ("a.xlsx", made.xlsx(), {"type": "xlsx"}),
        ("a.pptx", made.pptx(["One", "Two"]), {"type": "pptx"}),
        ("a.odt", made.odt(), {"type": "odt"}),
        ("a.ods", made.ods(), {"type": "ods"}),
        ("a.odp", made.odp(), {"type": "odp"}),
        ("a.txt", made.txt("Café"), {"type": "txt", "codecs": "utf-8"}),
        ("a.txt", made.txt("Café", "utf-8-sig"), {"type": "txt", "codecs": "utf-8"}),
        ("a.txt", made.txt("Café", "utf-16"), {"type": "txt", "codecs": "utf-16"}),
        ("a.txt", made.txt("Café – 5 €", "cp1252"), {"type": "txt", "codecs": "windows-1252"}),
        ("a.txt", made.txt("добрый день"), {"type": "txt", "codecs": "utf-8"}),
        ("a.txt", made.txt("MZ is no program, <b>nor is this"), {"type": "txt", "codecs": "utf-8"}),
        ("a.csv", made.csv(), {"type": "csv", "codecs": "utf-8"}),
        ("a.csv", b"change,note\r\n-5,a|b!\r\n=1+1,x\r\n", {"type": "csv", "codecs": "utf-8"}),
        ("a.jpg", made.jpeg(gps=True), {"type": "jpeg", "width": 60, "height": 40}),
        ("a.JPEG", made.jpeg(exif=made.exif(TURNED)), {"type": "jpeg", "width": 40, "height": 60}),
        ("a.jfif", made.jpeg(mode="CMYK", colour=0), {"type": "jpeg", "width": 60, "height": 40}),
        ("a.png", made.png(), {"type": "png", "width": 60, "height": 40}),
        ("a.webp", made.webp(frames=3), {"type": "webp", "width": 60, "height": 40}),
        ("a.webp", made.webp(lossless=True), {"type": "webp", "width": 60, "height": 40}),
        ("a.avif", made.avif(), {"type": "avif", "width": 60, "height": 40}),
        ("a.gif", made.gif(frames=3), {"type": "gif", "width": 60, "height": 40}),
        (
            "a.mp4",
            made.mp4((1280, 720), 61_500),
            {"type": "mp4", "width": 1280, "height": 720, "milliseconds": 61_500, "codecs": "AVC, AAC"},
        ),
        (
            "a.m4v",
            made.mp4(sound=False, padding=100),
            {"type": "mp4", "width": 96, "height": 64, "milliseconds": 2000, "codecs": "AVC"},
        ),
        (
            "a.mp4",
            made.fragmented_mp4(),
            {"type": "mp4", "width": 96, "height": 64, "milliseconds": 1982, "codecs": "AVC"},
        ),
        *(
            (
                "a.webm",
                made.webm(codecs),
                {"type": "webm", "width": 96, "height": 64, "milliseconds": length, "codecs": words},
            )
            for codecs, words, length in (
                ("vp8_opus", "VP8, Opus", 1947),
                ("vp9_opus", "VP9, Opus", 1948),
                ("av1_opus", "AV1, Opus", 1944),
            )
        ),
        ("a.vtt", made.vtt(), {"type": "vtt", "codecs": "utf-8"}),
        (
            "a.vtt",
            made_bad.cues(
                "NOTE by us", "", "one", "00:01.000 --> 01:00:02.000 align:start", "<i>Hello</i>", "all"
            ),
            {"type": "vtt", "codecs": "utf-8"},
        ),
    ],
)
def test_what_is_read_in_good_files(name, content, expected):
    assert read(content, name) == expected


def test_every_type_is_in_the_table_of_good_files():
    assert set(made.ALL) == set(FILE_TYPES)


def test_facts_carry_size_hash_and_name():
    content = made.pdf()
    assert checked(content, "The plan.PDF") == Facts(
        type="pdf",
        name="The plan.PDF",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=1,
    )


@pytest.mark.parametrize("bad", BAD_FILES, ids=str)
def test_bad_files_are_refused(bad):
    assert refusal(bad.made(), bad.name).code == bad.code


def test_every_refusal_is_shown_to_happen():
    shown = {bad.code for bad in BAD_FILES}
    assert set(MESSAGES) - shown == {"file_too_large", "file_busy"}  # below
    assert set(REFUSED_ENDINGS.values()) <= shown
    assert not set(REFUSED_ENDINGS) & {each for kind in FILE_TYPES.values() for each in kind.extensions}


def test_a_file_on_the_disk_is_read_where_it_lies():
    content = made.mp4((1920, 1080), padding=3_000_000)
    with TemporaryUploadedFile("film.mp4", "video/mp4", len(content), None) as upload:
        upload.write(content)
        upload.flush()
        upload.size = len(content)
        facts = check(upload, VIDEOS, most_bytes=MOST)
    assert (facts.sha256, facts.width) == (hashlib.sha256(content).hexdigest(), 1920)


def test_size_is_limited_to_the_byte():
    content = made.png()
    assert checked(content, "a.png", most_bytes=len(content)).size == len(content)
    assert refusal(content, "a.png", most_bytes=len(content) - 1).code == "file_too_large"


def test_what_is_taken_is_for_the_form_to_say():
    problem = refusal(made.pdf(), "plan.pdf", accepted=("jpeg", "png"))
    assert (problem.code, problem.messages) == (
        "file_type",
        ["“plan.pdf” is not a file we can take. We take: JPEG picture or PNG picture."],
    )


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (
            made_bad.encrypted_pdf(),
            "plan.pdf",
            "“plan.pdf” is protected with a password. Save it without one, then choose it again.",
        ),
        (
            made.png(),
            "a.jpg",
            "“a.jpg” does not hold what its name says: it is a file of the kind PNG picture. Give it a name that "
            "ends in .png, then choose it again. We take: JPEG picture, PNG picture, WebP picture, AVIF picture or "
            "GIF picture.",
        ),
        (
            made_bad.png_of(8000, 5001),
            "100%s.png",
            "“100%s.png” is too large a picture: 40 megapixels at most.",
        ),
    ],
)
def test_messages_name_the_file_and_what_to_do(content, name, message):
    assert refusal(content, name, (*PICTURES, "pdf") if name.endswith("pdf") else PICTURES).messages == [
        message
    ]


def test_messages_about_videos_and_captions():
    captions = made_bad.cues("00:01.000 --> 00:02.000", "Hello", "", "00:09.000 --> 00:03.000", "there")
    assert refusal(captions, "film.vtt").messages == [
        "Line 6 of “film.vtt” ends before it begins. Put its times right, then choose it again."
    ]
    wrong = made_bad.cues("one", "00:00:01,000 --> 00:00:02,000", "Hello")
    assert refusal(wrong, "film.vtt").messages == [
        "Line 4 of “film.vtt” should say from when to when a caption is shown, such as 00:01.000 --> 00:04.000."
    ]
    assert refusal(made.mp4(video_codec=b"hvc1"), "film.mp4").messages == [
        "“film.mp4” is coded in a way that not every browser plays (HEVC). Save it as MP4 with H.264 and AAC, then "
        "choose that."
    ]


def test_every_message_can_be_written():
    for code, message in MESSAGES.items():
        problem = checking.refusal(code, "a.pdf", ("pdf", "docx"), **checking.understood_params({}))
        assert "“a.pdf”" in problem.messages[0], code
        assert not re.search(r"%\(|\bNone\b", problem.messages[0]), message


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.txt", "plan.txt"),
        ('say "hello".txt', "say 'hello'.txt"),
        ("two\r\nlines\0.txt", "two lines .txt"),
        ("plan\u202etxt.exe.txt", "plan txt.exe.txt"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
        ("evil.exe.txt", "evil.exe.txt"),
        ("CON.txt", "CON.txt"),
        ("  plan.txt. ", "plan.txt"),
        ("план 日本 tŷ.txt", "план 日本 tŷ.txt"),
    ],
)
def test_names_are_made_safe(name, kept):
    upload = SimpleUploadedFile("a.txt", made.txt())
    upload._name = name  # as a program that is no browser sends it: Django's own cleaning comes on top
    assert check(upload, ("txt",), most_bytes=MOST).name == kept


@pytest.mark.parametrize(
    "name", ["", ".txt", "..", "a.txt/", "plan.gpj.\u202eexe", "a.txt" + "x" * 300, "\0"]
)
def test_names_without_an_ending_that_we_take(name):
    upload = SimpleUploadedFile("a.txt", made.txt())
    upload._name = name
    with pytest.raises(ValidationError) as caught:
        check(upload, ("txt",), most_bytes=MOST)
    assert caught.value.code == "file_type"


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "import sys; sys.exit(1)",
        "print('{')",
        "print('[]')",
        "print('{}')",
        """print('{"type": "exe"}')""",
        """print('{"type": "pdf", "pages": -1}')""",
        """print('{"type": "pdf", "pages": 5000000000}')""",
        """print('{"refused": "no such code", "params": {}}')""",
        """print('{"refused": "file_named_wrongly", "params": {"found": "exe"}}')""",
        """print('{"refused": "file_type", "params": 1}')""",
        "import time; time.sleep(600)",
    ],
)
def test_a_child_that_fails_hangs_or_lies_means_that_the_file_cannot_be_read(script, tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(script)
    monkeypatch.setattr(checking, "CHILD", child)
    if "sleep" in script:
        monkeypatch.setattr(checking, "SECONDS", 0.2)
    assert refusal(made.pdf(), "plan.pdf").code == "file_unreadable"


def test_so_many_at_once_and_no_more(monkeypatch):
    monkeypatch.setattr(checking, "MOST_WAITING", 0)
    for _number in range(checking.AT_ONCE):
        assert checking._children.acquire(blocking=False)
    try:
        assert refusal(made.pdf(), "plan.pdf").code == "file_busy"
    finally:
        for _number in range(checking.AT_ONCE):
            checking._children.release()
    assert checked(made.pdf(), "plan.pdf").pages == 1


def test_no_room_for_a_copy_is_a_message(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    assert refusal(made.pdf(), "plan.pdf").code == "file_busy"
