"""Dates of events in words: the day, the time and the zone, as far as they are known."""

from datetime import date, time
from functools import lru_cache

from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .dates import DEFAULT_ZONE, WallTime, week_of_month

ZONES = {DEFAULT_ZONE: gettext_lazy("UK time"), "Etc/UTC": gettext_lazy("UTC")}
NOON, MIDNIGHT = time(12), time(0)
SEASONS = {
    "spring": gettext_lazy("spring %(year)d"),
    "summer": gettext_lazy("summer %(year)d"),
    "autumn": gettext_lazy("autumn %(year)d"),
    "winter": gettext_lazy("winter %(year)d"),
}
MONTHLY = {
    1: gettext_lazy("On the first %(weekday)s of every month"),
    2: gettext_lazy("On the second %(weekday)s of every month"),
    3: gettext_lazy("On the third %(weekday)s of every month"),
    4: gettext_lazy("On the fourth %(weekday)s of every month"),
    -1: gettext_lazy("On the last %(weekday)s of every month"),
}


def day_words(day):
    """Return a day such as "Tuesday 1 December 2026"."""
    return _day_words(day, get_language())


@lru_cache(maxsize=2_000)
def _day_words(day, _language):
    return formats.date_format(day, "l j F Y")


def time_words(wall):
    """Return a time such as "10am", "2:30pm", "12 noon" or "12 midnight"."""
    if wall == NOON:
        return _("12 noon")
    if wall == MIDNIGHT:
        return _("12 midnight")
    minutes = f":{wall.minute:02d}" if wall.minute else ""
    words = {"hour": wall.hour % 12 or 12, "minutes": minutes}
    return (_("%(hour)d%(minutes)spm") if wall.hour >= 12 else _("%(hour)d%(minutes)sam")) % words


def zone_words(zone):
    """Return what a zone is called: "UK time", or by its city, such as "Buenos Aires time"."""
    if zone in ZONES:
        return str(ZONES[zone])
    return _("%(city)s time") % {"city": zone.rpartition("/")[2].replace("_", " ")}


def zone_choice(zone):
    """Return what a zone is called among others: with its continent, so that it can be found."""
    words = zone.replace("_", " ").replace("/", ", ")
    return format_lazy("{name} ({zone})", name=ZONES[zone], zone=words) if zone in ZONES else words


def times_words(wall, zone):
    """Return the times of a date within one day, such as "10am to 12 noon (UK time)", or "all day"."""
    if wall.starts_time is None:
        return _("all day")
    words = {"start": time_words(wall.starts_time), "zone": zone_words(zone)}
    if wall.ends_time is None:
        return _("%(start)s (%(zone)s)") % words
    return _("%(start)s to %(end)s (%(zone)s)") % {**words, "end": time_words(wall.ends_time)}


def date_words(wall, zone):
    """Return a WallTime in words: "Tuesday 1 December 2026, 10am to 12 noon (UK time)"."""
    first, last = day_words(wall.starts_on), day_words(wall.ends_on)
    if wall.starts_on == wall.ends_on:
        return _("%(day)s, %(times)s") % {"day": first, "times": times_words(wall, zone)}
    if wall.starts_time is None:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    words = {"first": first, "start": time_words(wall.starts_time), "last": last, "zone": zone_words(zone)}
    if wall.ends_time is None:
        return _("%(first)s, %(start)s to %(last)s (%(zone)s)") % words
    return _("%(first)s, %(start)s to %(last)s, %(end)s (%(zone)s)") % {
        **words,
        "end": time_words(wall.ends_time),
    }


def rule_words(repeats, first):
    """Return on which days a series takes place, such as "Every Tuesday" or "On the last Friday of every month"."""
    words = {"weekday": formats.date_format(first, "l")}
    if repeats == "monthly":
        return str(MONTHLY[week_of_month(first)]) % words
    return (
        _("Every two weeks on %(weekday)s") if repeats == "fortnightly" else _("Every %(weekday)s")
    ) % words


def series_words(repeats, wall, zone, until):
    """Return a series in words: "Every Tuesday, 10am to 12 noon (UK time), 1 December 2026 to 2 March 2027"."""
    rule = rule_words(repeats, wall.starts_on)
    if wall.starts_on == wall.ends_on:
        rule = _("%(days)s, %(times)s") % {"days": rule, "times": times_words(wall, zone)}
    elif wall.starts_time:
        rule = _("%(days)s, from %(start)s (%(zone)s)") % {
            "days": rule, "start": time_words(wall.starts_time), "zone": zone_words(zone),
        }  # fmt: skip
    first, last = (formats.date_format(day, "j F Y") for day in (wall.starts_on, until))
    return _("%(rule)s, %(first)s to %(last)s") % {"rule": rule, "first": first, "last": last}


def rough_words(known_to, year, month, season):
    """Return when something was whose day is not known: "October 2009", "spring 2010" or "2011"."""
    if known_to == "month" and month:
        return formats.date_format(date(year, month, 1), "F Y")
    if known_to == "season" and season in SEASONS:
        return str(SEASONS[season]) % {"year": year}
    return str(year)


def when_words(known):
    """Return when an event takes place, from what its card holds of it ("event"), or "" where it says nothing yet."""
    if known.get("known_to", "day") != "day":
        year, month, season = known.get("year"), known.get("month"), known.get("season", "")
        return rough_words(known["known_to"], year, month, season) if year else ""
    wall = wall_time_on_card(known)
    if wall is None:
        return ""
    if known.get("repeats") and known.get("until"):
        return series_words(known["repeats"], wall, known["zone"], date.fromisoformat(known["until"]))
    return date_words(wall, known["zone"])


def wall_time_on_card(known):
    """Return the WallTime of the first date that a card holds, or None."""
    if not known.get("starts_on"):
        return None
    times = [
        time.fromisoformat(known[name]) if known.get(name) else None for name in ("starts_time", "ends_time")
    ]
    return WallTime(
        date.fromisoformat(known["starts_on"]), times[0], date.fromisoformat(known["ends_on"]), times[1]
    )


def place_words(known):
    """Return where an event takes place, such as "Central Library, and online"."""
    venue = known.get("venue", "")
    if venue and known.get("online"):
        return _("%(venue)s, and online") % {"venue": venue}
    return venue or (_("Online") if known.get("online") else "")


def card_facts(item):
    """Yield what a card says of an event beside its title: cancelled, when and where, as far as it is known."""
    known = item.card.get("event", {})
    if known.get("cancelled"):
        yield _("Cancelled")
    yield from filter(None, [when_words(known), place_words(known)])
