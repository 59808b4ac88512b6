"""Plain text, tables of text and captions: which encoding, and that it is text."""

import codecs
import re

from .refused import Refused
from .signatures import MARKS, kind_of_text

CHUNK = 1024 * 1024
CONTROLS = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f\x7f\ufffe\uffff]")
HIGH = bytes(range(0x80, 0x100))
MOST_HIGH = 0.3  # of Windows' encoding for western Europe; more are another alphabet's, which we can't tell
# A cell that asks a spreadsheet to start a program (Dynamic Data Exchange): =cmd|'/C calc'!A0
COMMAND = re.compile(r"(?:^|[\n\r,;\t\"'])[ ]{0,3}[=+\-@][^\n\r,;\t|]{0,200}\|[^\n\r!]{0,500}!")
OVERLAP = 1000


def examine_text(file, kind):
    """Return {"codecs": the encoding's name}. Raises Refused."""
    encoding = encoding_of(file, kind)
    if kind == "vtt":
        from .captions import examine_captions

        examine_captions(file)
    return {"codecs": encoding}


def encoding_of(file, kind):
    file.seek(0)
    head = file.read(4)
    if head.startswith(MARKS[1:]):
        candidates = ["utf-16"]
    elif head.startswith(MARKS[0]):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "windows-1252"]
    for encoding in candidates:
        try:
            read_all(file, encoding, kind)
        except UnicodeError:
            continue
        return encoding.removesuffix("-sig")
    raise Refused("file_not_text")


def read_all(file, encoding, kind):
    """Decode a file from its beginning. Raises UnicodeError, or Refused when it is something else than text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    before, high, total = None, 0, 0
    while chunk := file.read(CHUNK):
        total += len(chunk)
        high += len(chunk) - len(chunk.translate(None, HIGH))
        words = decoder.decode(chunk)
        if CONTROLS.search(words):
            raise Refused("file_not_text")
        if before is None and (code := kind_of_text(words)):
            raise Refused(code)
        if kind == "csv" and COMMAND.search((before or "") + words):
            raise Refused("file_script")
        before = words[-OVERLAP:]
    decoder.decode(b"", True)
    if encoding == "windows-1252" and high > total * MOST_HIGH:
        raise Refused("file_not_text")
