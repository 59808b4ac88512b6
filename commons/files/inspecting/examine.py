"""What an open file is, and whether we take it: decided by its content, and compared with what its name says."""

import os

from . import signatures
from .refused import Refused

TEXTS = {"txt", "csv", "vtt"}
PICTURES = {"jpeg", "png", "webp", "avif", "gif"}
VIDEOS = {"mp4", "webm"}


def examine(file, expected):
    """Return what is known of an open binary file, {"type": "pdf", "pages": 3}, whose name says it is `expected`.

    `expected` is the code of a type (accepted.py). Raises Refused; and whatever the parsers raise
    about a damaged file.
    """
    size = file.seek(0, os.SEEK_END)
    head = read_at(file, 0, signatures.HEAD)
    kind = signatures.kind_of(head)
    if kind and kind.startswith("file_"):
        raise Refused(kind)
    if kind == "ole":
        raise Refused(refusal_of_ole(file))
    if kind != "zip" and ends_as_zip(file, size):
        raise Refused("file_two_kinds")
    if kind is None:
        return examine_unmarked(file, head, expected)
    if kind != "zip" and kind != expected:
        raise Refused("file_named_wrongly", found=kind)
    found = examine_marked(file, size, kind)
    if found["type"] != expected:
        raise Refused("file_named_wrongly", found=found["type"])
    return found


def examine_marked(file, size, kind):
    # Imported here: one check needs one family, and a process that starts quickly is half of what it costs.
    if kind == "zip":
        from .packages import examine_package

        return {"type": examine_package(file, size)}
    if kind == "pdf":
        from .portable import examine_pdf

        return {"type": kind} | examine_pdf(file, size)
    if kind in VIDEOS:
        from .videos import examine_video

        return {"type": kind} | examine_video(file, size, kind)
    from .pictures import examine_picture

    return {"type": kind} | examine_picture(file, kind)


def examine_unmarked(file, head, expected):
    """Text has no mark; any other type that lacks its mark at its very beginning is not that type."""
    if expected not in TEXTS:
        raise Refused("file_two_kinds" if expected == "pdf" and b"%PDF-" in head else "file_mismatch")
    from .texts import examine_text

    return {"type": expected} | examine_text(file, expected)


def read_at(file, place, length):
    file.seek(place)
    return file.read(length)


def ends_as_zip(file, size):
    """Whether something that is not a ZIP is one too, seen from its end."""
    tail = read_at(file, max(0, size - 65557), 65557)
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0:
        comment = int.from_bytes(tail[place + 20 : place + 22], "little")
        if len(tail) - place >= 22 and place + 22 + comment <= len(tail):
            return True
        place = tail.rfind(b"PK\x05\x06", 0, place)
    return False


def refusal_of_ole(file):
    """An encrypted Office file and one in an old format wear the same coat; names in it are UTF-16."""
    file.seek(0)
    before = b""
    name = "EncryptedPackage".encode("utf-16-le")
    while chunk := file.read(1024 * 1024):
        if name in before + chunk:
            return "file_encrypted"
        before = chunk[-len(name) :]
    return "file_old_office"
