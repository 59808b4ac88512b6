"""What the page of an event says of its dates, in words, and to search engines."""

from commons.contributions import structured
from commons.markup.render import clean_text

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


def told_of_dates(event, lines, picture):
    """Return what search engines are told of each date in `lines`, as schema.org's Events: a list of dicts.

    Nothing where neither a place nor an address online is known: what takes place nowhere is no Event to them. The
    address online is for members alone: who would join is led to the event's page. `picture` is the address of one.
    """
    url = structured.absolute(event.get_absolute_url())
    address = " ".join(event.address.split())
    place = event.venue or event.address.partition("\n")[0]
    at = [{"@type": "Place", "name": place, "address": address or place}] if place else []
    if event.online_url:
        at.append({"@type": "VirtualLocation", "url": url})
    if not at:
        return []
    mode = "Mixed" if len(at) > 1 else "Offline" if place else "Online"
    organiser = {"@type": "Organization", "name": event.organiser} if event.organiser else None
    return [
        {
            "@type": "Event",
            "name": clean_text(event.title),
            "description": clean_text(event.lead()),
            "url": url,
            "startDate": line.iso,
            "endDate": line.ends_iso,
            "eventStatus": SCHEMA
            + (
                "EventCancelled" if line.cancelled else "EventRescheduled" if line.moved else "EventScheduled"
            ),
            "eventAttendanceMode": f"{SCHEMA}{mode}EventAttendanceMode",
            "location": at,
            "organizer": organiser,
            "image": picture,
        }
        for line in lines
    ]
