"""Captions in WebVTT (https://www.w3.org/TR/webvtt1/): read more strictly than a player does, so that mistakes are
found by the one who can put them right."""

import io
import re

import webvtt

from .refused import Refused

MOST_BYTES = 1024 * 1024
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}([ \t]+\S.*)?[ \t]*")
BLOCKS = ("NOTE", "STYLE", "REGION")


def examine_captions(file):
    """Raise Refused, with the number of the line where there is one."""
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused("captions_too_large")
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("captions_not_utf8") from None
    lines = re.split(r"\r\n|\r|\n", words)
    if not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        raise Refused("captions_header")
    examine_blocks(lines)
    try:
        webvtt.from_buffer(io.StringIO(words))
    except Exception:
        raise Refused("file_unreadable") from None


def examine_blocks(lines):
    cues = 0
    for number, block in blocks(lines):
        if block[0].split(" ")[0].split("\t")[0] in BLOCKS and "-->" not in block[0]:
            continue
        at = 0 if "-->" in block[0] else 1
        if at == len(block) or "-->" not in block[at]:
            raise Refused("captions_time", line=number + at - (at == len(block)))
        timing = TIMING.fullmatch(block[at])
        if not timing:
            raise Refused("captions_time", line=number + at)
        if milliseconds(timing.groups()[:4]) >= milliseconds(timing.groups()[4:8]):
            raise Refused("captions_order", line=number + at)
        for extra, line in enumerate(block[at + 1 :], at + 1):
            if "-->" in line:
                raise Refused("captions_time", line=number + extra)
        cues += 1
    if not cues:
        raise Refused("captions_none")


def blocks(lines):
    """Yield (number of its first line, its lines) of each block after the header's."""
    block, start = [], 0
    for number, line in enumerate([*lines, ""], 1):
        if line:
            block.append(line)
            start = start or number
        elif block:
            if start > 1:
                yield start, block
            block, start = [], 0


def milliseconds(parts):
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
