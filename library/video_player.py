"""What the page and the card of a video show of it: the player, or a still picture that leads to its host.

Everything is read from the row's card, so that nothing costs a query.
"""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from commons.contributions.file_lines import file_url
from commons.contributions.models import Role
from commons.files.accepted import FILE_TYPES

from .video_hosts import HOSTS

WIDE = (1280, 720)
SHARP = 900  # pixels: as wide as the frame ever gets, and a little more


@dataclass(frozen=True)
class Player:
    """An uploaded video as library/_video_player.html shows it. Sizes are in pixels, of the file where it says."""

    url: str
    media_type: str
    poster_url: str
    captions_url: str
    width: int
    height: int
    words: str

    @property
    def is_tall(self):
        return self.height > self.width


@dataclass(frozen=True)
class Still:
    """A hosted video: our picture of it, whose size in pixels is known, and where watching it leads."""

    poster_url: str
    width: int
    height: int
    address: str
    host: object


def player_of(video):
    """Return the Player of an uploaded video, or None where there is no file (yet)."""
    files = video.files_as(Role.VIDEO)
    if not files:
        return None
    file, captions = files[0], video.files_as(Role.CAPTIONS)
    width, height = (file.get("width"), file.get("height")) if file.get("width") else WIDE
    return Player(
        url=file_url(file),
        media_type=FILE_TYPES[file["type"]].media_type,
        poster_url=_poster(video)[0],
        captions_url=file_url(captions[0]) if captions else "",
        width=width,
        height=height,
        words=", ".join(file_words(file)),
    )


def still_of(video):
    """Return the Still of a hosted video, or None."""
    if not video.host:
        return None
    poster_url, width, height = _poster(video)
    return Still(poster_url, width, height, video.hosted_url, video.host_of)


def _poster(video):
    """Return the address of the picture that was given, or else of the one we draw, and its width and height."""
    given = video.files_as(Role.POSTER)
    if not given:
        return video.url_below("poster.svg"), *WIDE
    largest = given[0]
    sizes = [each for each in largest.get("renditions", []) if each["type"] == largest["type"]]
    wide_enough = [each for each in sizes if each["width"] >= SHARP]
    if not wide_enough:
        return file_url(largest), largest.get("width") or WIDE[0], largest.get("height") or WIDE[1]
    chosen = min(wide_enough, key=lambda each: each["width"])
    name = largest["name"].replace(
        f"-{largest['width']}.", f"-{chosen['width']}."
    )  # as picture_storing names them
    return file_url(chosen, name), chosen["width"], chosen["height"]


def video_facts(item):
    """Return what a card says of a video beside its title: its host, or how long and large the file is.

    `item` is the base row, or the video.
    """
    if item.card.get("hosted_by") in HOSTS:
        return [_("On %(host)s") % {"host": HOSTS[item.card["hosted_by"]].label}]
    files = [entry for entry in item.card.get("files", []) if entry["role"] == Role.VIDEO]
    return file_words(files[0]) if files else []


def file_words(file):
    """Return what is said of a video's file, given what the card holds of it: duration, kind and size."""
    lasts = [duration_words(file["milliseconds"])] if file.get("milliseconds") else []
    return [*lasts, str(FILE_TYPES[file["type"]].label), filesizeformat(file["size"])]


def iso_duration(video):
    """Return how long an uploaded video lasts as ISO 8601 has it, such as "PT192S", or "" where it is not known."""
    lasts = [file["milliseconds"] for file in video.files_as(Role.VIDEO) if file.get("milliseconds")]
    return f"PT{max(1, round(lasts[0] / 1000))}S" if lasts else ""


def duration_words(milliseconds):
    """Return how long a video lasts in words, to the second, such as "3 min 12 s"; an hour and more to the minute."""
    seconds = max(1, round(milliseconds / 1000))
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    if minutes < 60:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(round(seconds / 60), 60)
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
