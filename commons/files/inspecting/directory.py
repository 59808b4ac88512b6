"""The members of a ZIP, each unpacked under limits. Stricter than the format: what no office writes is refused."""

import struct
import zipfile
import zlib

from .refused import Refused

MOST_MEMBERS = 5000
MOST_DIRECTORY = 2 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
# A member that is large and grows by more than this is a bomb: text of tables grows by some tens.
MOST_GROWTH, LARGE = 500, 1_000_000
CHUNK = 64 * 1024
END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
UTF8 = 0x0800


class Directory:
    """The members of a ZIP in an open file: `names`, and `unpacked(name)`.

    `budget` is how many bytes may be unpacked, shared with the package it lies in. Raises Refused for archives that
    are cut off, that begin or end with something else, whose members overlap or are too many, large or encrypted.
    """

    def __init__(self, file, size, budget=None):
        self.file = file
        self.budget = budget or Budget()
        directory_at = self._examine_end(size)
        try:
            members = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, NotImplementedError, UnicodeError):
            raise Refused("file_unreadable") from None
        if len(members) > MOST_MEMBERS:
            raise Refused("file_unpacks_too_large")
        self.names = [member.filename for member in members]
        self._members = dict(zip(self.names, members, strict=True))
        self._starts = {}
        self._examine_members(members, directory_at)

    def _examine_end(self, size):
        """Return where the directory begins; it must end where its end says, and that must be the file's end."""
        self.file.seek(max(0, size - 65557))
        tail = self.file.read()
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or len(tail) - place < END.size:
            raise Refused("file_incomplete")
        _mark, disk, first, here, total, length, start, _comment = END.unpack_from(tail, place)
        if len(tail) - place > END.size:
            raise Refused("file_two_kinds")
        if length > MOST_DIRECTORY or total > MOST_MEMBERS:
            raise Refused("file_unpacks_too_large")
        if disk or first or here != total or start + length != size - END.size:
            raise Refused("file_two_kinds" if start + length < size - END.size else "file_unreadable")
        return start

    def _examine_members(self, members, directory_at):
        if len({name.lower().strip("/") for name in self.names}) < len(members):
            raise Refused("file_unreadable")
        free = 0
        for member in sorted(members, key=lambda each: each.header_offset):
            if member.flag_bits & ENCRYPTED:
                raise Refused("file_encrypted")
            if member.compress_type not in {STORED, DEFLATED} or not is_plain(member.orig_filename):
                raise Refused("file_unreadable")
            if free == 0 and member.header_offset > 0:
                raise Refused("file_two_kinds")
            start = self._start_of(member)
            if member.header_offset < free or start + member.compress_size > directory_at:
                raise Refused("file_unpacks_too_large")  # they overlap
            free = start + member.compress_size
            self._starts[member.filename] = start
            if member.file_size >= LARGE and member.file_size > MOST_GROWTH * member.compress_size:
                raise Refused("file_unpacks_too_large")
            self.budget.take(member.file_size)

    def _start_of(self, member):
        """Return where a member's bytes begin, after its own header, which must agree with the directory."""
        self.file.seek(member.header_offset)
        header = self.file.read(LOCAL.size)
        if len(header) < LOCAL.size:
            raise Refused("file_incomplete")
        mark, _version, flags, method, _time, _date, _crc, _packed, _size, name_length, extra = LOCAL.unpack(
            header
        )
        encoding = "utf-8" if flags & UTF8 else "cp437"
        name = self.file.read(name_length)
        if mark != b"PK\x03\x04" or method != member.compress_type or flags & ENCRYPTED:
            raise Refused("file_unreadable")
        if name != member.orig_filename.encode(encoding, "replace"):
            raise Refused("file_unreadable")
        return member.header_offset + LOCAL.size + name_length + extra

    def size_of(self, name):
        return self._members[name].file_size

    def unpacked(self, name):
        """Yield a member's bytes in pieces. It must be as long as the directory says, to the byte, and whole."""
        member = self._members[name]
        unpacker = zlib.decompressobj(-15) if member.compress_type == DEFLATED else None
        left, total, crc = member.compress_size, 0, 0
        place = self._starts[name]
        while left:
            self.file.seek(place)
            chunk = self.file.read(min(CHUNK, left))
            if not chunk:
                raise Refused("file_incomplete")
            place, left = place + len(chunk), left - len(chunk)
            for piece in pieces(unpacker, chunk):
                total += len(piece)
                crc = zlib.crc32(piece, crc)
                if total > member.file_size:
                    raise Refused("file_unpacks_too_large")
                yield piece
        ended = unpacker is None or (unpacker.eof and not unpacker.unused_data)
        if not ended or total != member.file_size or crc != member.CRC:
            raise Refused("file_unreadable")


class Budget:
    """How many bytes may still be unpacked."""

    def __init__(self, left=MOST_UNPACKED):
        self.left = left

    def take(self, size):
        self.left -= size
        if self.left < 0:
            raise Refused("file_unpacks_too_large")


def pieces(unpacker, chunk):
    if unpacker is None:
        yield chunk
        return
    while chunk:
        try:
            piece = unpacker.decompress(chunk, 16 * CHUNK)
        except zlib.error:
            raise Refused("file_unreadable") from None
        yield piece
        chunk = unpacker.unconsumed_tail


def is_plain(name):
    """Whether a member's name stays inside the archive."""
    return not ("\\" in name or "\0" in name or name.startswith("/") or ".." in name.split("/"))
