"""Videos: a container and codecs that browsers play, with a size and a length."""

import pymediainfo

from .boxes import examine_mp4, examine_webm
from .refused import Refused

# What browsers play by themselves: https://developer.mozilla.org/docs/Web/Media/Guides/Formats/Containers
PICTURES = {"mp4": {"AVC", "VP9", "AV1"}, "webm": {"VP8", "VP9", "AV1"}}
SOUNDS = {"mp4": {"AAC", "MPEG Audio", "Opus"}, "webm": {"Opus", "Vorbis"}}
pymediainfo.MediaInfo.can_parse()  # loads the library now, while files can still be opened
CONTAINERS = {"mp4": "MPEG-4", "webm": "WebM"}
MOST_PIXELS_ACROSS = 8192
MOST_MILLISECONDS = 24 * 60 * 60 * 1000


def examine_video(file, size, kind):
    """Return {"width", "height" in pixels as people see it, "milliseconds", "codecs": "AVC, AAC"}. Raises Refused."""
    (examine_mp4 if kind == "mp4" else examine_webm)(file, size)
    tracks = tracks_of(file)
    general = tracks["General"][0]
    if general.get("format") != CONTAINERS[kind] or general.get("format_profile") == "QuickTime":
        raise Refused("video_container")
    pictures, sounds = tracks.get("Video", []), tracks.get("Audio", [])
    if not pictures:
        raise Refused("video_without_picture")
    if any(track.get("encryption") for track in (general, *pictures, *sounds)):
        raise Refused("file_encrypted")
    for taken, there in ((PICTURES[kind], pictures), (SOUNDS[kind], sounds)):
        for track in there:
            if track.get("format") not in taken:
                raise Refused("video_codec", codec=str(track.get("format") or "?")[:20])
    width, height = whole(pictures[0], "width"), whole(pictures[0], "height")
    milliseconds = whole(general, "duration")
    if max(width, height) > MOST_PIXELS_ACROSS or milliseconds > MOST_MILLISECONDS:
        raise Refused("file_unreadable")
    if round(float(pictures[0].get("rotation") or 0)) % 180 == 90:
        width, height = height, width
    names = dict.fromkeys(str(track["format"]) for track in (*pictures, *sounds))
    return {"width": width, "height": height, "milliseconds": milliseconds, "codecs": ", ".join(names)}


def tracks_of(file):
    """Return {"General": [what is known of the whole], "Video": [of each track] ...}."""
    file.seek(0)
    tracks = {}
    for track in pymediainfo.MediaInfo.parse(file, buffer_size=1024 * 1024).tracks:
        tracks.setdefault(track.track_type, []).append(track.to_data())
    return tracks


def whole(track, name):
    """Return a number above nought, or refuse: a video that does not say it can't be shown."""
    value = round(float(track.get(name) or 0))
    if value <= 0:
        raise Refused("file_unreadable")
    return value
