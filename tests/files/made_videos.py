"""Small videos: MP4 written box by box (ISO 14496-12), WebM as a browser recorded it.

`recorded/` holds two seconds of colours, 96 x 64 pixels, as Chromium's MediaRecorder wrote them.
"""

from pathlib import Path
from struct import pack

RECORDED = Path(__file__).parent / "recorded"
SIZE = (96, 64)
SILENCE = bytes.fromhex("00c800802380")  # one frame of AAC-LC, one channel
RATE = 44100
FRAME = 1024  # samples in a frame of AAC
MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def webm(codecs="vp9_opus"):
    """Two seconds of WebM: "vp9_opus", "vp8_opus" or "av1_opus". It carries no index and no duration in its header."""
    return (RECORDED / f"{codecs}.webm").read_bytes()


def fragmented_mp4():
    """Two seconds of MP4 in fragments, H.264 without sound."""
    return (RECORDED / "avc.mp4").read_bytes()


def mp4(
    size=SIZE,
    milliseconds=2000,
    *,
    sound=True,
    video=True,
    brand=b"isom",
    video_codec=b"avc1",
    padding=0,
):
    """An MP4 whose index comes first. It plays when it has the recorded size; others only say that they are larger.

    `padding`: bytes of nothing at its end, in a box of their own (a file of hundreds of megabytes is
    better written to disk by the test itself: this function's bytes, a box's head, then holes).
    """
    picture, settings = recorded_frame()
    if tuple(size) != SIZE:
        settings = avc_settings(*size)
    pictures = max(1, milliseconds // 100)
    sounds = milliseconds * RATE // 1000 // FRAME
    tracks = []
    if video:
        entry = pack(">6xH16xHHIIIH32xHh", 1, *size, 0x480000, 0x480000, 0, 1, 24, -1)
        entry = box(video_codec, entry, box(b"avcC", settings) if video_codec == b"avc1" else b"")
        tracks.append((b"vide", entry, [picture] * pictures, 1000, 100))
    if sound:
        entry = pack(">6xH8xHHII", 1, 1, 16, 0, RATE << 16)
        tracks.append((b"soun", box(b"mp4a", entry, esds()), [SILENCE] * sounds, RATE, FRAME))

    head = box(b"ftyp", brand, pack(">I", 0x200), b"isomiso2avc1mp41")
    place = len(head) + len(movie(tracks, size, milliseconds, 0)) + 8
    media = b"".join(b"".join(samples) for _kind, _entry, samples, _scale, _each in tracks)
    whole = head + movie(tracks, size, milliseconds, place) + box(b"mdat", media)
    return whole + (box(b"free", bytes(padding)) if padding else b"")


def movie(tracks, size, milliseconds, place):
    """The box that describes everything; `place` is where the first sample lies in the file."""
    header = full_box(
        b"mvhd", pack(">IIII", 0, 0, 1000, milliseconds), pack(">IH10x", 0x10000, 0x100), MATRIX, bytes(24),
        pack(">I", len(tracks) + 1),
    )  # fmt: skip
    described = b""
    for number, (kind, entry, samples, scale, each) in enumerate(tracks, 1):
        described += track(number, kind, entry, samples, scale, each, size, milliseconds, place)
        place += sum(map(len, samples))
    return box(b"moov", header, described)


def track(number, kind, entry, samples, scale, each, size, milliseconds, place):
    width, height = size if kind == b"vide" else (0, 0)
    head = pack(">IIIII8xHHHH", 0, 0, number, 0, milliseconds, 0, 0, 0 if kind == b"vide" else 0x100, 0)
    return box(
        b"trak",
        full_box(b"tkhd", head, MATRIX, pack(">II", width << 16, height << 16), flags=3),
        box(
            b"mdia",
            full_box(b"mdhd", pack(">IIIIHH", 0, 0, scale, len(samples) * each, 0x55C4, 0)),
            full_box(b"hdlr", bytes(4), kind, bytes(12), b"\0"),
            box(
                b"minf",
                full_box(b"vmhd", bytes(8), flags=1) if kind == b"vide" else full_box(b"smhd", bytes(4)),
                box(b"dinf", full_box(b"dref", pack(">I", 1), full_box(b"url ", flags=1))),
                box(
                    b"stbl",
                    full_box(b"stsd", pack(">I", 1), entry),
                    full_box(b"stts", pack(">III", 1, len(samples), each)),
                    full_box(b"stsc", pack(">IIII", 1, 1, len(samples), 1)),
                    full_box(b"stsz", pack(">II", 0, len(samples)), *(pack(">I", len(s)) for s in samples)),
                    full_box(b"stco", pack(">II", 1, place)),
                ),
            ),
        ),
    )


def box(kind, *parts):
    content = b"".join(parts)
    return pack(">I", len(content) + 8) + kind + content


def full_box(kind, *parts, flags=0):
    return box(kind, pack(">I", flags), *parts)


def esds():
    """What AAC-LC with one channel says of itself (ISO 14496-1, 7.2.6)."""

    def described(tag, *parts):
        content = b"".join(parts)
        return bytes([tag, len(content)]) + content

    settings = described(5, pack(">H", 2 << 11 | 4 << 7 | 1 << 3))
    decoder = described(4, bytes([0x40, 0x15, 0, 0, 0]), pack(">II", 64000, 64000), settings)
    return full_box(b"esds", described(3, bytes(3), decoder, described(6, b"\x02")))


def recorded_frame():
    """The first picture of the recording, and the settings of its decoder."""
    content = fragmented_mp4()
    at = content.index(b"avcC")
    settings = content[at + 4 : at - 4 + int.from_bytes(content[at - 4 : at])]
    first = content.index(b"mdat") + 4
    run = content.index(b"trun")
    return content[first : first + int.from_bytes(content[run + 24 : run + 28])], settings


def avc_settings(width, height):
    """Settings of a decoder for H.264's baseline profile at a size (ISO 14496-10, 7.3.2.1)."""
    across, down = -(-width // 16), -(-height // 16)
    crop = (across * 16 - width) // 2, (down * 16 - height) // 2
    values = [0, 0, 2, 1]  # set 0, 16 frame numbers, pictures in order, one reference
    bits = "".join(map(golomb, values)) + "0" + golomb(across - 1) + golomb(down - 1) + "11"
    bits += "1" + golomb(0) + golomb(crop[0]) + golomb(0) + golomb(crop[1]) if any(crop) else "0"
    bits += "01"
    bits += "0" * (-len(bits) % 8)
    rules = bytes([0x67, 66, 0xC0, 40]) + int(bits, 2).to_bytes(len(bits) // 8)
    picture_rules = bytes.fromhex("68ce3c80")
    return (
        bytes([1, 66, 0xC0, 40, 0xFF, 0xE1])
        + pack(">H", len(rules))
        + rules
        + b"\x01"
        + pack(">H", len(picture_rules))
        + picture_rules
    )


def golomb(value):
    """A number in the Exp-Golomb code, as text of bits."""
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits
