"""What a file is by its first bytes: the code of a type, or of the refusal for what we never take."""

import re

HEAD = 4096  # how many bytes are looked at
PROGRAMS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",  # Java, and Mach-O for several processors
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\0asm",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02\0",  # Windows shortcut
)
ARCHIVES = (
    b"PK\x05\x06",  # an empty ZIP
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"\x1f\x9d",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"MSCF\0\0\0\0",
    b"!<arch>\n",
    b"xar!",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# How text begins that a browser or a server may take for something to carry out; tags after the list in the
# standard on sniffing (https://mimesniff.spec.whatwg.org/, section 7.1).
PROLOGUE = re.compile(
    r"\s*(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE\s+(?:\w+:)?svg\b[^>\[]*(?:\[[^\]]*\]\s*)?>)",
    re.I | re.S,
)
SVG = re.compile(r"\s*<(\w+:)?svg[\s>/]", re.I)
HTML = re.compile(
    r"\s*(<!DOCTYPE\b|<!--|<\?xml|<(html|head|body|title|meta|link|style|iframe|object|embed|form|img|h1|div|font"
    r"|table|a|b|br|p|base|math|video|audio)[\s>/])",
    re.I,
)
SCRIPT = re.compile(r"\s*(#!|<\?php|<\?=|<%|<script[\s>/]|<job[\s>]|<package[\s>]|@echo\s+off\b)", re.I)


def kind_of(head):
    """Return the code of a type ("zip" and "ole" stand for several), of a refusal ("file_..."), or None."""
    if is_program(head):
        return "file_program"
    if head.startswith(ARCHIVES) or head[257:262] == b"ustar" or re.match(rb"BZh[1-9]1AY&SY", head):
        return "file_archive"
    return known_type(head) or kind_of_text(words_of(head))


def is_program(head):
    return head.startswith(PROGRAMS) or (head.startswith(b"MZ") and b"\0" in head[:64])


def known_type(head):
    for start, code in (
        (ZIP, "zip"),
        (OLE, "ole"),
        (b"%PDF-", "pdf"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"\x1a\x45\xdf\xa3", "webm"),
    ):
        if head.startswith(start):
            return code
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return type_of_boxes(head) if head[4:8] == b"ftyp" else None


def type_of_boxes(head):
    """What a file made of boxes is, by the brands it names (ISO 14496-12, 4.3)."""
    length = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return "avif"
    if brands & {b"heic", b"heix", b"mif1", b"msf1", b"crx "} or head[8:12] in {b"M4A ", b"M4B ", b"jp2 "}:
        return None
    return "mp4"


def kind_of_text(words):
    """Return the refusal for words that are a page, a drawing or a script, or None."""
    start = 0
    while prologue := PROLOGUE.match(words, start):
        start = prologue.end()
    if SVG.match(words, start):
        return "file_svg"
    if SCRIPT.match(words, start):
        return "file_script"
    return "file_html" if HTML.match(words) else None


def words_of(head):
    """The first bytes as text, as well as can be told."""
    if head.startswith(MARKS[1:]):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(MARKS[0]).decode("latin-1").lstrip("\0")
