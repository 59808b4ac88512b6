"""What the page of an event says of its dates, in words, and in the attributes that search engines read."""

from . import series
from .words import date_words

SCHEMA = "https://schema.org/"


class DateLine:
    """One date of an event as its page says it."""

    def __init__(self, event, occurrence, now):
        self.occurrence = occurrence
        self.wall = occurrence.wall_time
        self.words = date_words(self.wall, event.zone)
        self.is_over = occurrence.is_over(now)
        self.cancelled = occurrence.cancelled_at is not None or event.cancelled_at is not None
        self.cancelled_alone = occurrence.cancelled_at is not None
        self.is_dropped = series.is_dropped(occurrence)
        self.reason = occurrence.cancelled_reason
        self.note = occurrence.note
        self.moved = occurrence.changed and occurrence.starts_on != occurrence.original_on
        self.edit_url = event.url_below(f"dates/{occurrence.pk}/edit/")
        # For machines: a day where there are no times, else the moment with its offset.
        if self.wall.starts_time is None:
            self.iso, self.ends_iso = self.wall.starts_on.isoformat(), self.wall.ends_on.isoformat()
        else:
            self.iso = occurrence.starts_at.isoformat(timespec="seconds")
            self.ends_iso = occurrence.ends_at.isoformat(timespec="seconds") if self.wall.ends_time else ""


def microdata_of(event, lines, url):
    """Return what schema.org's Event is told of each date in `lines`: [{name: value}], for what everybody may see.

    The address online is for members alone: who would join is led to the page at `url`.
    """
    if event.venue or event.address:
        mode = "MixedEventAttendanceMode" if event.online_url else "OfflineEventAttendanceMode"
    else:
        mode = "OnlineEventAttendanceMode"
    return [
        {
            "starts": line.iso,
            "ends": line.ends_iso,
            "status": SCHEMA
            + (
                "EventCancelled" if line.cancelled else "EventRescheduled" if line.moved else "EventScheduled"
            ),
            "mode": SCHEMA + mode,
            "url": url,
            "venue": event.venue or event.address.partition("\n")[0],
            "address": " ".join(event.address.split()),
            "online": bool(event.online_url),
        }
        for line in lines
    ]
