"""The outer structure of MP4 (ISO 14496-12) and WebM (RFC 8794): that a file is whole and ends where it should."""

from .refused import Refused

MOST_BOXES = 100_000
MOST_ELEMENTS = 5_000_000
MOST_INDEX = 64 * 1024 * 1024
INSIDE = {b"trak", b"mdia", b"minf", b"dinf", b"stbl"}


def examine_mp4(file, size):
    """Raise Refused unless the boxes fill the file to its last byte and no sample is said to lie beyond it."""
    kinds, place = set(), 0
    for _number in range(MOST_BOXES):
        if place == size:
            break
        kind, start, end = box_at(file, place, size)
        if end > size:
            raise Refused("file_incomplete")
        if kind == b"moov":
            if kind in kinds or end - start > MOST_INDEX:
                raise Refused("file_unreadable")
            file.seek(start)
            examine_index(file.read(end - start), size)
        kinds.add(kind)
        place = end
    if place != size:
        raise Refused("file_unreadable")
    if not {b"moov", b"mdat"} <= kinds:
        raise Refused("file_incomplete")


def box_at(file, place, size):
    """Return (kind, where its content begins, where it ends) of the box at `place`."""
    file.seek(place)
    head = file.read(16)
    if len(head) < 8:
        raise Refused("file_incomplete")
    length, kind, start = int.from_bytes(head[:4]), head[4:8], place + 8
    if length == 1:
        length, start = int.from_bytes(head[8:16]), place + 16
    elif length == 0:
        length = size - place
    if length < start - place or not all(32 <= letter < 127 or letter == 0xA9 for letter in kind):
        raise Refused("file_unreadable")
    return kind, start, place + length


def examine_index(content, size):
    """Look into what a film says of its tracks: where their samples lie, all in this file."""
    waiting = [(0, len(content))]
    while waiting:
        place, end = waiting.pop()
        while place + 8 <= end:
            length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
            if length < 8 or place + length > end:
                raise Refused("file_unreadable")
            inner = content[place + 8 : place + length] if kind in {b"stco", b"co64", b"dref"} else b""
            if kind in INSIDE:
                waiting.append((place + 8, place + length))
            elif kind == b"dref" and not all_inside(inner):
                raise Refused("file_fetches")
            elif kind in {b"stco", b"co64"} and furthest(inner, 4 if kind == b"stco" else 8) >= size:
                raise Refused("file_incomplete")
            place += length


def all_inside(references):
    """Whether each place where samples may lie is this file itself: its flag says so (8.7.2)."""
    place = 8
    while place + 12 <= len(references):
        length = int.from_bytes(references[place : place + 4])
        if length < 12 or not references[place + 11] & 1:
            return False
        place += length
    return True


def furthest(table, width):
    places = table[8 : 8 + int.from_bytes(table[4:8]) * width]
    return max((int.from_bytes(places[at : at + width]) for at in range(0, len(places), width)), default=0)


SEGMENT, CLUSTER, ATTACHMENTS = 0x18538067, 0x1F43B675, 0x1941A469


def examine_webm(file, size):
    """Raise Refused unless the elements fill the file to its last byte.

    A recording made in one go does not know the length of its parts: such parts are walked through.
    """
    place, kinds = 0, set()
    for _number in range(MOST_ELEMENTS):
        if place >= size:
            break
        kind, start, length = element_at(file, place)
        kinds.add(kind)
        if kind == ATTACHMENTS:
            raise Refused("file_embedded")
        if length is not None and start + length > size:
            raise Refused("file_incomplete")
        if length is None and kind not in {SEGMENT, CLUSTER}:
            raise Refused("file_unreadable")
        place = start if kind == SEGMENT or length is None else start + length
    if place != size:
        raise Refused("file_unreadable")
    if not {SEGMENT, CLUSTER} <= kinds:
        raise Refused("file_incomplete")


def element_at(file, place):
    """Return (kind, where its content begins, its length or None when that is not known)."""
    file.seek(place)
    head = file.read(12)
    kind_width = 9 - head[0].bit_length()
    if kind_width > 4:
        raise Refused("file_unreadable")
    if len(head) <= kind_width:
        raise Refused("file_incomplete")
    width = 9 - head[kind_width].bit_length()
    if width > 8:
        raise Refused("file_unreadable")
    if len(head) < kind_width + width:
        raise Refused("file_incomplete")
    length = int.from_bytes(head[kind_width : kind_width + width]) & ((1 << 7 * width) - 1)
    unknown = length == (1 << 7 * width) - 1
    return int.from_bytes(head[:kind_width]), place + kind_width + width, None if unknown else length
