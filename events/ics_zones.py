"""Time zones as calendar files tell them (VTIMEZONE, RFC 5545, 3.6.5), from the zones that Python knows.

The library's own are right for the years it is told, and an hour late where clocks go forward (version 7.3). Here a
change that comes each year by one rule, as the United Kingdom's do, is written as that rule, for ever.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@lru_cache(maxsize=64)
def timezone_of(name, first_year, last_year):
    """Return the VTIMEZONE of a zone's name, right at least from the beginning of one year to the end of another."""
    zone = ZoneInfo(name)
    begins = datetime(first_year, 1, 1, tzinfo=UTC)
    part = icalendar.Timezone()
    part.add("tzid", name)
    part.add_component(_observance(begins.astimezone(zone), begins.astimezone(zone).utcoffset(), []))
    groups = {}
    for moment in _changes(zone, begins, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        before, after = (moment - MINUTE).astimezone(zone), moment.astimezone(zone)
        groups.setdefault((before.utcoffset(), after.utcoffset(), after.tzname()), []).append((moment, after))
    for (offset_before, *_rest), found in groups.items():
        walls = [(moment + offset_before).replace(tzinfo=None) for moment, _after in found]
        part.add_component(_observance(found[0][1], offset_before, walls))
    return part


def _observance(after, offset_before, walls):
    """Return one STANDARD or DAYLIGHT: from the wall times (before the change) on, clocks are as in `after`."""
    kind = icalendar.TimezoneDaylight if after.dst() else icalendar.TimezoneStandard
    part = kind()
    part.add("tzoffsetfrom", offset_before)
    part.add("tzoffsetto", after.utcoffset())
    part.add("tzname", after.tzname())
    part.add("dtstart", walls[0] if walls else after.replace(tzinfo=None))
    rule = _yearly_rule(walls)
    if rule:
        part.add("rrule", rule)
    elif len(walls) > 1:
        part.add("rdate", walls[1:])
    return part


def _yearly_rule(walls):
    """Return the rule by which a change comes each year, or None where these wall times follow none."""
    years = [wall.year for wall in walls]
    if len(walls) < 2 or years != list(range(years[0], years[0] + len(years))):
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    last = all((wall + 7 * DAY).month != wall.month for wall in walls)
    weeks = {-1 if last else (wall.day - 1) // 7 + 1 for wall in walls}
    if len(weeks) > 1:
        return None
    return {
        "freq": "yearly",
        "bymonth": walls[0].month,
        "byday": f"{weeks.pop()}{WEEKDAYS[walls[0].weekday()]}",
    }


def _changes(zone, begins, ends):
    """Yield the moments in UTC at which the zone's offset changes: looked for day by day, then halved to the minute."""
    moment = begins
    while moment < ends:
        following = moment + DAY
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            low, high = moment, following
            while high - low > MINUTE:
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        moment = following
