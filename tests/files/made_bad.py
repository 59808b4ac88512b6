"""Files that the site must refuse, made in code, each with the code of its refusal."""

import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from . import made

WORDS = made.WORDS.encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
WINDOWS = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200)
PHP = b"<?php system($_GET['c']); ?>"
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass(frozen=True)
class Bad:
    name: str
    content: object  # bytes, or what makes them when they are many
    code: str

    def made(self):
        return self.content() if callable(self.content) else self.content

    def __str__(self):
        return f"{self.name}-{self.code}"


def ole(*names):
    """The beginning of a compound file (old Office) with entries of these names."""
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def encrypted_pdf(user=b"secret", owner=b"owner"):
    """A PDF that needs the password `user`; with an empty one it opens, and only forbids things.

    ISO 32000-1, 7.6.3, revision 2: RC4 with 40 bits.
    """
    number = bytes(16)
    permissions = struct.pack("<i", -64)
    key = hashlib.md5((owner + PADDING)[:32]).digest()[:5]  # noqa: S324 - as the format has it
    owner_entry = rc4(key, (user + PADDING)[:32])
    key = hashlib.md5((user + PADDING)[:32] + owner_entry + permissions + number).digest()[:5]  # noqa: S324
    user_entry = rc4(key, PADDING)
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /P -64 /O <{owner_entry.hex()}> /U <{user_entry.hex()}> >>"
    content = f"<< /Length {len(WORDS)} >>\nstream\n{WORDS.decode()}\nendstream"
    return made.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            content,
            encrypt,
        ],
        f"/Encrypt 5 0 R /ID [<{number.hex()}> <{number.hex()}>]",
    )


def rc4(key, content):
    state = list(range(256))
    other = 0
    for at in range(256):
        other = (other + state[at] + key[at % len(key)]) % 256
        state[at], state[other] = state[other], state[at]
    out, at, other = bytearray(), 0, 0
    for letter in content:
        at = (at + 1) % 256
        other = (other + state[at]) % 256
        state[at], state[other] = state[other], state[at]
        out.append(letter ^ state[(state[at] + state[other]) % 256])
    return bytes(out)


def packed_pdf(objects, filters="/FlateDecode", content=None):
    """A PDF that carries these objects compressed."""
    content = content or zlib.compress(b"9 0 " + objects)
    head = f"<< /Type /ObjStm /N 1 /First 4 /Filter {filters} /Length {len(content)} >>\nstream\n"
    return made.pdf(more_objects=[head.encode() + content + b"\nendstream"])


def page_bomb():
    """A PDF whose one page is drawn by two gigabytes that were packed twice: pieces of them are repeated as packed."""
    content = zlib.compress(repeated(b"0 0 m " * 200_000, 1700), 9)
    head = f"<< /Filter [/FlateDecode /FlateDecode] /Length {len(content)} >>\nstream\n".encode()
    return made.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            head + content + b"\nendstream",
        ]
    )


def repeated(content, times):
    """What zlib would give for `content` so many times, without making it; only the sum at its end is missing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"\x78\xda" + (packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)) * times + b"\x03\0"


def png_of(width, height, bits=1):
    """A PNG, true to its header, of one colour: a few kilobytes for any number of pixels."""
    packer = zlib.compressobj(9)
    rows = bytes(1 + width * bits // 8)
    pixels = b"".join(packer.compress(rows) for _row in range(height)) + packer.flush()

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def webp_header(width, height):
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4)
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def overlapping_docx():
    """A package whose second member lies inside its first: both are listed, the bytes are there once."""

    def local(name, content):
        head = struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, zlib.crc32(content), *[len(content)] * 2, len(name), 0
        )
        return head + name + content

    def listed(name, content, place):
        return (
            struct.pack(
                "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, zlib.crc32(content), *[len(content)] * 2,
                len(name), 0, 0, 0, 0, 0, place,
            )
            + name
        )  # fmt: skip

    inner, types = b"word/document.xml", b"[Content_Types].xml"
    inside = local(inner, WORDS)
    whole = local(types, inside)
    directory = listed(types, inside, 0) + listed(inner, WORDS, 30 + len(types))
    return whole + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(whole), 0)


def relating(kind, target):
    """A DOCX with a relation to something outside."""
    return made.docx(
        more={
            "word/_rels/document.xml.rels": made.relations({"rId1": (kind, target)}).replace(
                "/></", ' TargetMode="External"/></'
            )
        }
    )


def typed(kind):
    """A DOCX one of whose parts is declared to be of this kind."""
    return renamed(
        made.docx(),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"</Types>", f'<Default Extension="bin" ContentType="{kind}"/></Types>'.encode()
        ),
    )


def renamed(package, name, change):
    """A package with one member's content changed."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    return made.zipped({**members, name: change(members[name])}, stored={"mimetype"})


def with_last(content, old, new):
    """Content with the last occurrence of some bytes replaced."""
    before, found, after = content.rpartition(old)
    return before + new + after if found else content


def odt_saying(old, new, name="content.xml"):
    return renamed(made.odt(), name, lambda xml: xml.replace(old, new))


def embedding(content, name="word/embeddings/object1.bin"):
    return made.docx(more={name: content})


def encrypted_member():
    """A DOCX with a member that says it is encrypted."""
    content = bytearray(made.docx())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def saying_size(content, name, size):
    """A package whose directory says that a member unpacks to so many bytes."""
    content = bytearray(content)
    place = content.rindex(name.encode()) - 46
    content[place + 24 : place + 28] = struct.pack("<L", size)
    return bytes(content)


def mp4_elsewhere():
    """An MP4 whose samples are said to lie in another file."""
    content = made.mp4()
    place = content.index(b"url ")
    return content[: place + 7] + b"\0" + content[place + 8 :]


def mp4_beyond():
    """An MP4 whose samples are said to lie behind its end."""
    content = made.mp4()
    place = content.index(b"stco") + 12
    return content[:place] + struct.pack(">I", 10**9) + content[place + 4 :]


def cues(*lines):
    return "\n".join(["WEBVTT", "", *lines, ""]).encode()
