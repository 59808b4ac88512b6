"""Reading a calendar file that somebody has, to save them typing. Nothing it says is believed: it fills in a form."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import icalendar
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .models import Repeats
from .models.event import DEFAULT_ZONE

MOST_BYTES = 200_000
MESSAGES = {
    "calendar_too_large": _(
        "The calendar file is too large: it can have 200 KB at most. Save one event by itself."
    ),
    "calendar_unreadable": _(
        "This is not a calendar file that can be read. Choose a file whose name ends in .ics."
    ),
    "calendar_empty": _("There is no event in this calendar file."),
}
# How people's other calendars call the time zones that we need most.
OTHER_NAMES = {
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "UTC": "Etc/UTC",
}
LIMITS = {"title": 200, "venue": 200, "online_url": 500, "body": 40_000}


class NoEvent(Exception):
    """There is nothing to fill in; `code` is one of MESSAGES."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read_event(data):
    """Return what the first event in the bytes of a calendar file says, as initial values of the event form.

    Wall times stay in their zone where we know it, and are London's where we don't. Raises NoEvent.
    """
    if len(data) > MOST_BYTES:
        raise NoEvent("calendar_too_large")
    try:
        calendar = icalendar.Calendar.from_ical(data.decode("utf-8-sig", "replace"))
        found = [part for part in calendar.walk("VEVENT") if part.get("RECURRENCE-ID") is None]
        if not found:
            raise NoEvent("calendar_empty")
        return _values(found[0])
    except NoEvent:
        raise
    except (
        Exception
    ) as error:  # the library raises many kinds on a broken file, and a stranger wrote this one
        raise NoEvent("calendar_unreadable") from error


def _values(entry):
    start = entry.decoded("DTSTART")
    end = _end(entry, start)
    if not (isinstance(start, date) and isinstance(end, date)):  # the library passes on what it can't read
        raise NoEvent("calendar_unreadable")
    zone = _zone_of(entry, start)
    values = {
        "title": _line(entry, "SUMMARY"),
        "body": _words(entry, "DESCRIPTION"),
        "venue": _line(entry, "LOCATION"),
        "online_url": _line(entry, "URL"),
        "zone": zone,
        "all_day": not isinstance(start, datetime),
        **_repeating(entry),
    }
    values = {name: value[: LIMITS[name]] if name in LIMITS else value for name, value in values.items()}
    for name, moment in (("starts", start), ("ends", end)):
        local = _local(moment, zone)
        values[f"{name}_on"] = local.date() if isinstance(local, datetime) else local
        values[f"{name}_time"] = (
            local.time().replace(second=0, microsecond=0) if isinstance(local, datetime) else None
        )
    return values


def _end(entry, start):
    """Return when it ends, as people say it: a day is the last one, not the one after."""
    if entry.get("DTEND") is not None:
        end = entry.decoded("DTEND")
    elif entry.get("DURATION") is not None:
        end = start + entry.decoded("DURATION")
    else:
        return start
    if not isinstance(end, datetime) and isinstance(end, date):
        return max(start, end - timedelta(days=1))
    return end


def _zone_of(entry, start):
    """Return the name of the zone that a start is said in: one we know, else London's."""
    name = str(entry["DTSTART"].params.get("TZID", "")).strip('"') if isinstance(start, datetime) else ""
    name = OTHER_NAMES.get(name, name)
    return name if name in available_timezones() else DEFAULT_ZONE


def _local(moment, zone):
    """Return a moment as wall time in `zone`; a day and a time without a zone stay as they are."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return moment.astimezone(ZoneInfo(zone))
    return moment


def _repeating(entry):
    """Return what of its rule we can keep: weekly, fortnightly or monthly by weekday, until a day that is named."""
    rule = entry.get("RRULE")
    until = rule and rule.get("UNTIL")
    if not until:
        return {"repeats": Repeats.NO, "repeats_until": None}
    frequency, interval = str(rule.get("FREQ", [""])[0]).upper(), int(rule.get("INTERVAL", [1])[0])
    kept = {("WEEKLY", 1): Repeats.WEEKLY, ("WEEKLY", 2): Repeats.FORTNIGHTLY}.get((frequency, interval))
    if (frequency, interval) == ("MONTHLY", 1) and rule.get("BYDAY"):
        kept = Repeats.MONTHLY
    if kept is None:
        return {"repeats": Repeats.NO, "repeats_until": None}
    last = until[0]
    return {"repeats": kept, "repeats_until": last.date() if isinstance(last, datetime) else last}


def _line(entry, name):
    return " ".join(_words(entry, name).split())


def _words(entry, name):
    value = entry.get(name)
    value = value[0] if isinstance(value, list) else value
    return clean_text(str(value)).strip() if value is not None else ""
