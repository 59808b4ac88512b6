"""PDF: whole, not encrypted, nothing before or behind it, nothing in it that acts by itself or hides other files."""

import mmap
import re
import zlib

import pypdfium2
from pypdfium2 import raw

from .refused import Refused

BLANK = b"\0\t\n\f\r "
MOST_UNPACKED = 64 * 1024 * 1024
CHUNK = 64 * 1024


def name(word):
    """A pattern for a name in a PDF, any letter of which may be written as its number (ISO 32000-2, 7.3.5)."""
    letters = b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in word.encode())
    return b"/" + letters + rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"


GAP = rb"(?:[\0\t\n\f\r ]|%[^\r\n]{0,200}[\r\n]){0,200}"
# An action that runs a script or starts a program, and forms of Adobe's that are programs as a whole.
ACTIONS = re.compile(
    b"|".join([name("S") + GAP + name(kind) for kind in ("JavaScript", "Launch")])
    + b"|"
    + name("XFA")
    + GAP
    + rb"[\[\d]"
)
FILES = re.compile(name("EmbeddedFile"))
PACKED = re.compile(name("ObjStm"))
DEFLATED = re.compile(name("FlateDecode"))
OTHERWISE = re.compile(rb"/(?:LZW|ASCII85|ASCIIHex|RunLength|Crypt)")
STREAM = re.compile(rb"stream\r?\n")


def examine_pdf(file, size):
    """Return {"pages": how many}. Raises Refused."""
    content = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    examine_end(content)
    pages = examine_pages(file)
    look_for_actions(content)
    for unpacked in packed_objects(content):
        look_for_actions(unpacked)
    return {"pages": pages}


def examine_end(content):
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Refused("file_incomplete")
    behind = content[end + 5 : end + 5 + CHUNK].strip(BLANK)
    if b" obj" in behind:
        raise Refused("file_incomplete")
    if behind or len(content) - end > CHUNK:
        raise Refused("file_two_kinds")


def examine_pages(file):
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as problem:
        protected = problem.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise Refused("file_encrypted" if protected else "file_unreadable") from None
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        raise Refused("file_encrypted")  # it opens without a password, but forbids copying its words
    pages = len(document)
    for number in {0, pages - 1}:
        document[number].close()  # raises when it is not there
    return pages


def look_for_actions(content):
    if ACTIONS.search(content):
        raise Refused("file_pdf_actions")
    if FILES.search(content):
        raise Refused("file_embedded")


def packed_objects(content):
    """Yield the objects that were written compressed, a stream of them at a time (ISO 32000-2, 7.5.7)."""
    left = MOST_UNPACKED
    for found in PACKED.finditer(content):
        start = STREAM.search(content, found.end(), found.end() + 4096)
        if not start:
            continue
        description = content[content.rfind(b"obj", 0, found.start()) : start.start()]
        if OTHERWISE.search(description):
            raise Refused("file_unreadable")
        if DEFLATED.search(description):
            unpacked = inflated(content, start.end(), left)
            left -= len(unpacked)
            yield unpacked


def inflated(content, place, most):
    """Return what a stream at `place` unpacks to, as far as it can be read; more than `most` bytes are refused."""
    unpacker = zlib.decompressobj()
    unpacked = bytearray()
    while not unpacker.eof and place < len(content):
        chunk = content[place : place + CHUNK]
        place += CHUNK
        try:
            while chunk and not unpacker.eof:
                unpacked += unpacker.decompress(chunk, CHUNK)
                if len(unpacked) > most:
                    raise Refused("file_unpacks_too_large")
                chunk = unpacker.unconsumed_tail
        except zlib.error:
            break
    return bytes(unpacked)
