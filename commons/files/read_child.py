"""Reads the words of one file that a stranger sent, and draws its first page. Run by reading.py, a process a file.

    python -I read_child.py TYPE CHARACTERS WIDTH... < file

It imports nothing of the site, sets itself limits on memory and time, and writes to its standard output, each part
after its length as four bytes: what is known as JSON, the words as UTF-8, and a WebP picture for each width, after its
width and height as two bytes each. The words are written before anything is drawn, so that a first page that can't be
drawn costs no more than its picture.
Ends with BROKEN where the file is not what it should be.
"""

import io
import json
import os
import re
import resource
import signal
import struct
import sys
import time
import unicodedata
import warnings
import zipfile
from xml.parsers import expat

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
SECONDS = 90  # then it ends itself, even if nobody waits for it any more
ENOUGH_SECONDS = 30  # of its own time: what was read by then is kept
MOST_BYTES = 200 * 1024 * 1024  # of the file, and of what is unpacked from it
CHUNK = 64 * 1024
BROKEN = 3

MOST_HEIGHTS = 2  # a page is drawn so many times as high as it is wide, at most
PAGE = (480, 679)  # A4
MARGIN = 44
DRAWN_TYPES = {"docx", "odt", "txt"}
DRAWN_CHARACTERS = 4_000
TITLE_LENGTH = 120  # a first line that is longer is no title
EDGE = "#C8C4BB"
LAST_LATIN = 0x24F  # what Pillow's own font can draw

# A word that was parted at the end of a line: PDFium's mark for it, or a soft hyphen.
PARTED = re.compile(r"[\x02\xad\ufffe]\s*")
BLANKS = re.compile(r"[^\S\n]+")


class Broken(Exception):
    """The file is not what it should be."""


class Full(Exception):
    """As many words were read as are kept, or for as long as may be."""


class Words:
    """What was read so far: at most `most` characters."""

    def __init__(self, most):
        self.parts, self.left, self.cut = [], most, False

    def add(self, text):
        """Add a part. Raises Full when there is no more room, or no more time."""
        self.parts.append(text[: self.left])
        self.left -= len(text)
        if self.left < 0 or time.process_time() > ENOUGH_SECONDS:
            self.cut = True
            raise Full

    def tidy(self):
        """Return the words as lines: NFKC, single spaces, no control, private or unassigned characters."""
        text = PARTED.sub("", "".join(self.parts))
        odd = {c for c in set(text) if c != "\n" and unicodedata.category(c)[0] == "C"}
        text = unicodedata.normalize("NFKC", text.translate(dict.fromkeys(map(ord, odd), " ")))
        lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
        return "\n".join(line for line in lines if line)


# --- PDF ------------------------------------------------------------------------------------------


class Pdf:
    """A PDF: the words of each page, and the first page as a picture."""

    def __init__(self, content):
        import pypdfium2

        self.failure = pypdfium2.PdfiumError
        try:
            self.document = pypdfium2.PdfDocument(content)
            self.pages = len(self.document)
        except self.failure as error:
            raise Broken from error

    def read(self, words):
        for number in range(self.pages):
            try:
                page = self.document[number]
                text = page.get_textpage()
                words.add(text.get_text_bounded() + "\n")
                text.close()
                page.close()
            except self.failure:  # one bad page is no reason to leave the others out
                continue

    def draw(self, width):
        page = self.document[0]
        wide, high = page.get_size()
        below = max(0, high - wide * MOST_HEIGHTS)
        return page.render(scale=width / wide, crop=(0, below, 0, 0)).to_pil().convert("RGB")


# --- Office, OpenDocument ---------------------------------------------------------------------------


class Marked:
    """Words in the XML members of a ZIP. Elements are told by their names alone, whatever prefix they have."""

    def __init__(self, content, *, members, texts, ends, spaces=(), left_out=(), counted=None):
        self.texts, self.ends, self.spaces, self.left_out, self.counted = (
            texts,
            ends,
            spaces,
            left_out,
            counted,
        )
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
            names = [name for name in self.archive.namelist() if re.fullmatch(members, name)]
        except zipfile.BadZipFile as error:
            raise Broken from error
        if not names:
            raise Broken
        self.names = sorted(dict.fromkeys(names), key=lambda name: (_number(name), name))
        self.pages = None
        self.unpacked = 0

    def read(self, words):
        self.words = words
        if self.counted:
            self.pages = 0
        for name in self.names:
            self.inside = self.hidden = 0
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse
            parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
            parser.CharacterDataHandler = self._text
            try:
                with self.archive.open(name) as member:
                    while chunk := member.read(CHUNK):
                        self.unpacked += len(chunk)
                        if self.unpacked > MOST_BYTES:
                            words.cut = True
                            raise Full
                        parser.Parse(chunk)
                parser.Parse(b"", True)
            except (
                expat.ExpatError,
                zipfile.BadZipFile,
                RuntimeError,
                NotImplementedError,
                OSError,
            ) as error:
                raise Broken from error

    def _refuse(self, *_declared):
        raise Broken

    def _start(self, name, _attributes):
        name = name.rpartition(":")[2]
        self.hidden += name in self.left_out
        self.inside += name in self.texts
        if name in self.spaces and not self.hidden:
            self.words.add(" ")
        if name == self.counted:
            self.pages += 1

    def _end(self, name):
        name = name.rpartition(":")[2]
        self.inside -= name in self.texts
        self.hidden -= name in self.left_out
        if name in self.ends and not self.hidden:
            self.words.add("\n")

    def _text(self, text):
        if self.inside and not self.hidden:
            self.words.add(text)


def _number(name):
    return int((re.findall(r"\d+", name) or ["0"])[-1])


def _office(members, **more):
    return {"members": members, "texts": {"t"}, "ends": {"p"}, "left_out": {"Fallback"}, **more}


_OPEN = {
    "members": r"content\.xml",
    "texts": {"p", "h"},
    "ends": {"p", "h"},
    "spaces": {"s", "tab", "line-break"},
    "left_out": {"tracked-changes", "annotation"},
}
MARKED = {
    "docx": _office(r"word/(document\d*|footnotes|endnotes)\.xml", spaces={"tab", "br", "cr"}),
    "pptx": _office(r"ppt/slides/slide\d+\.xml", spaces={"tab", "br"}, counted="sld"),
    "xlsx": _office(
        r"xl/(sharedStrings|worksheets/sheet\d+)\.xml", ends={"si", "is"}, left_out={"rPh", "Fallback"}
    ),
    "odt": _OPEN,
    "ods": _OPEN,
    "odp": {**_OPEN, "counted": "page"},
}


# --- plain text -------------------------------------------------------------------------------------


class Plain:
    """A text, in whatever encoding it most likely is."""

    pages = None

    def __init__(self, content):
        for start, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
            if content.startswith(start):
                try:
                    self.text = content.decode(encoding)
                except UnicodeDecodeError:
                    continue
                return
        self.text = content.decode("cp1252", errors="replace")

    def read(self, words):
        words.add(self.text)


# --- a picture of the first words -------------------------------------------------------------------


def draw_words(text, width):
    """Return a page with the first words on it, the first line as its title; None where the font lacks the letters."""
    from PIL import Image, ImageDraw, ImageFont

    beginning = text[:DRAWN_CHARACTERS]
    letters = [c for c in beginning if c.isalpha()]
    if not letters or sum(ord(c) > LAST_LATIN for c in letters) * 10 > len(letters):
        return None
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    lines = beginning.split("\n")
    top, size, colour = MARGIN, 26 if len(lines[0]) <= TITLE_LENGTH else 14, "#1D1D1B"
    for line in lines:
        font = ImageFont.load_default(size)
        for row in _wrapped(line, font, PAGE[0] - 2 * MARGIN):
            if top > PAGE[1] - MARGIN - size:
                break
            pen.text((MARGIN, top), row, colour, font)
            top += size * 1.35
        top += size * 0.4
        size, colour = 14, "#4A4A47"
    if width != PAGE[0]:
        page = page.resize((width, round(PAGE[1] * width / PAGE[0])), Image.Resampling.LANCZOS)
    return page


def _wrapped(line, font, width):
    """Yield a line in rows that are no wider than `width`; a word that is wider is cut."""
    row = ""
    for word in line.split(" "):
        longer = f"{row} {word}" if row else word
        if row and font.getlength(longer) > width:
            yield row
            longer = word
        while font.getlength(longer) > width:
            longer = longer[: len(longer) // 2]
        row = longer
    if row:
        yield row


# --- the process --------------------------------------------------------------------------------------


def open_file(kind, content):
    """Return what reads a file of this kind. Raises Broken."""
    if kind == "pdf":
        return Pdf(content)
    return Marked(content, **MARKED[kind]) if kind in MARKED else Plain(content)


def write(part):
    sys.stdout.buffer.write(struct.pack(">I", len(part)) + part)
    sys.stdout.buffer.flush()


def webp(picture):
    """Return a picture with a thin edge, so that a white page shows on a white page, after its width and height."""
    from PIL import ImageDraw

    ImageDraw.Draw(picture).rectangle((0, 0, picture.width - 1, picture.height - 1), outline=EDGE)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=75, method=4)
    return struct.pack(">HH", *picture.size) + file.getvalue()


def main(kind, most, *widths):
    """Return the exit code."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.alarm(SECONDS)
    warnings.simplefilter("ignore")
    words = Words(int(most))
    try:
        file = open_file(kind, sys.stdin.buffer.read(MOST_BYTES))
        file.read(words)
    except Broken:
        return BROKEN
    except Full:
        pass
    text = words.tidy()
    pages = file.pages if kind == "pdf" or not words.cut else None
    write(json.dumps({"pages": pages, "cut": words.cut}).encode())
    write(text.encode("utf-8", errors="ignore"))
    for width in map(int, widths):
        picture = None
        if kind == "pdf" and file.pages:
            picture = file.draw(width)
        elif kind in DRAWN_TYPES:
            picture = draw_words(text, width)
        if picture is not None:
            write(webp(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
