"""Events as calendar files (iCalendar, RFC 5545), for calendars that subscribe and for "add to my calendar".

A date is known to a subscriber by the event's UID and by the day that the rule of its series once gave it. So a date
that was moved or cancelled is written beside its series (RECURRENCE-ID), and the entry the subscriber has already
changes; the rule's days on which nothing takes place are taken out of it (EXDATE). Nothing here reads the database:
callers give events with their occurrences. Reading a file that somebody has is ics_reading.py.
"""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rrulestr
from django.conf import settings
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.feeds import canonical
from commons.markup.render import clean_text
from commons.tagging import vocabulary

from .ics_zones import timezone_of
from .models import Repeats

PRODUCT = "-//Co-production Practitioners' Network//Events//EN"
REFRESH = timedelta(hours=12)
LAST_WEEK = 5  # of a month, where a weekday's fifth time is its last
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)


def calendar_of(events, name, description=""):
    """Return the bytes of a calendar of `events`, whose `occurrences` are prefetched, called `name`.

    Events without a date known to the day have no occurrences, and no entry.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for called in ("name", "x-wr-calname"):  # RFC 7986, and what calendars understood before it
        calendar.add(called, icalendar.vText(clean_text(name)))
    if description:
        calendar.add("description", clean_text(description))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    entries, days = [], {}
    for event in events:
        made = entries_of(event)
        entries += made
        if made and not event.all_day:
            days.setdefault(event.zone, []).extend(each.starts_on for each in event.occurrences.all())
    for zone in sorted(days):
        calendar.add_component(timezone_of(zone, min(days[zone]).year - 1, max(days[zone]).year + 2))
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def uid_of(event):
    """Return the UID of an event: it never changes, whatever becomes of the title or the site's address path."""
    return f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def entries_of(event):
    """Return the VEVENTs of an event: its series or only date first, then the dates that differ from the series."""
    dates = sorted(event.occurrences.all(), key=lambda occurrence: (occurrence.original_on, occurrence.pk))
    if not dates:
        return []
    if not event.repeats:
        (only,) = dates[:1]
        return [_entry(event, only, cancelled=_is_off(event, only))]
    differing = [
        each for each in dates if each.changed or each.cancelled_at or each.starts_on != each.original_on
    ]
    return [_series(event, dates), *(_differing(event, each) for each in differing)]


def _series(event, dates):
    """Return the VEVENT of a series: its rule, from its first day.

    What the rule gives beyond the dates there are is taken out (EXDATE), what it doesn't give is added (RDATE).
    """
    first = dates[0].original_on
    entry = _begin(event, sequence=event.sequence)
    entry.add("dtstart", _wall(event, first, event.starts_time))
    entry.add("dtend", _wall(event, first + _length(event), event.ends_time, end=True))
    days = {each.original_on for each in dates}
    rule = _rule(event, first, max(days))
    given = _days_given(rule, first, event)
    entry.add("rrule", rule)
    for name, difference in (("exdate", given - days), ("rdate", days - given)):
        moments = [_wall(event, day, event.starts_time) for day in sorted(difference)]
        if moments:
            entry.add(name, moments, parameters={"value": "DATE"} if event.all_day else None)
    if event.cancelled_at:
        _call_off(entry, event, event.cancelled_reason)
    return entry


def _differing(event, occurrence):
    """Return the VEVENT of one date of a series that was moved, is different in some way, or is cancelled."""
    entry = _entry(event, occurrence, cancelled=_is_off(event, occurrence))
    entry.add("recurrence-id", _wall(event, occurrence.original_on, event.starts_time))
    return entry


def _entry(event, occurrence, *, cancelled):
    """Return the VEVENT of one date, as it now stands."""
    entry = _begin(event, sequence=event.sequence + occurrence.sequence, note=occurrence.note)
    entry.add("dtstart", _wall(event, occurrence.starts_on, occurrence.starts_time))
    entry.add("dtend", _wall(event, occurrence.ends_on, occurrence.ends_time, end=True))
    if cancelled:
        _call_off(entry, event, occurrence.cancelled_reason or event.cancelled_reason)
    return entry


def _begin(event, *, sequence, note=""):
    """Return a VEVENT with all that does not depend on the date."""
    address = canonical(kinds.address(event.kind, event.pk, ""))
    changed = event.calendar_changed_at.astimezone(UTC).replace(microsecond=0)
    entry = icalendar.Event()
    entry.add("uid", uid_of(event))
    # Of a calendar without METHOD it says when the entry was last revised (RFC 5545, 3.8.7.2).
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("created", event.created_at.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", sequence)
    entry.add("summary", clean_text(event.title))
    words = [note, event.lead(), _("More, and whether there is room: %(address)s") % {"address": address}]
    entry.add("description", clean_text("\n\n".join(filter(None, words))))
    place = ", ".join(filter(None, [event.venue, *event.address.splitlines()]))
    if place or event.online_url:
        entry.add("location", clean_text(place or _("Online")))
    entry.add("url", address)
    topics = _topics(event)
    if topics:
        entry.add("categories", topics)
    entry.add("status", "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if event.all_day else "OPAQUE")
    return entry


def _call_off(entry, event, reason):
    """Say of an entry that it does not take place: for calendars that know what CANCELLED means, and for people."""
    entry["status"] = icalendar.vText("CANCELLED")
    entry["summary"] = icalendar.vText(_("Cancelled: %(title)s") % {"title": clean_text(event.title)})
    if reason:
        entry["description"] = icalendar.vText(f"{clean_text(reason)}\n\n{entry['description']}")


def _is_off(event, occurrence):
    return bool(event.cancelled_at or occurrence.cancelled_at)


def _wall(event, day, time, *, end=False):
    """Return a moment as calendars take it: wall time in the event's zone, or a day. A day ends with the next one."""
    if event.all_day or time is None:
        return day + DAY if end else day
    return datetime.combine(day, time, tzinfo=ZoneInfo(event.zone))


def _length(event):
    return (event.ends_on or event.starts_on) - event.starts_on


def _rule(event, first, last):
    """Return the rule of a series as RFC 5545 has it, from its first day to its last."""
    until = last if event.all_day else _wall(event, last, event.starts_time or None)
    if isinstance(until, datetime):
        until = until.astimezone(UTC)  # where the start has a zone, this must not
    rule = {"until": until}
    if event.repeats == Repeats.MONTHLY:
        week = (first.day - 1) // 7 + 1
        return {
            "freq": "monthly",
            "byday": f"{-1 if week == LAST_WEEK else week}{WEEKDAYS[first.weekday()]}",
            **rule,
        }
    return {"freq": "weekly", **({"interval": 2} if event.repeats == Repeats.FORTNIGHTLY else {}), **rule}


def _days_given(rule, first, event):
    """Return the days that a rule gives, as a subscriber's calendar works them out."""
    words = {name: value for name, value in rule.items() if name != "until"}
    last = rule["until"]
    last = last.astimezone(ZoneInfo(event.zone)).date() if isinstance(last, datetime) else last
    text = ";".join(f"{name.upper()}={str(value).upper()}" for name, value in words.items())
    found = rrulestr(text, dtstart=datetime.combine(first, datetime.min.time()))
    return {moment.date() for moment in found.between(*_around(first, last), inc=True)}


def _around(first: date, last: date):
    return datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.max.time())


def _topics(event):
    """Return the names of what an event is about."""
    terms = vocabulary.current()
    return [
        *(terms.principles[pk].name for pk in event.card.get("principles", []) if pk in terms.principles),
        *(terms.sectors[pk].name for pk in event.card.get("sectors", []) if pk in terms.sectors),
    ]
