"""A strict reader of iCalendar of our own (RFC 5545), to check what the library wrote: it shares no code with it."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"\x00-\x08\x0a-\x1f\x7f]*\"|[^\";:,\x00-\x08\x0a-\x1f\x7f]*))*)"
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)\Z"
)
UTC = re.compile(r"\d{8}T\d{6}Z\Z")
LOCAL = re.compile(r"\d{8}T\d{6}\Z")
DAY = re.compile(r"\d{8}\Z")
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "NAME", "X-WR-CALNAME"}
ONCE = {
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION",
               "URL", "STATUS", "TRANSP", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID", "RRULE"},
    "VCALENDAR": {"PRODID", "VERSION", "CALSCALE", "METHOD"},
}  # fmt: skip
STATUSES = {"TENTATIVE", "CONFIRMED", "CANCELLED"}


@dataclass
class Part:
    """One component: its properties as (name, {parameter: value}, value), and the parts in it."""

    name: str
    lines: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    def values(self, name):
        return [value for found, _params, value in self.lines if found == name]

    def one(self, name):
        (value,) = self.values(name)
        return value

    def params(self, name):
        return next(params for found, params, _value in self.lines if found == name)


def text_of(value):
    """Return the words of a value of the type TEXT (section 3.3.11), without what escapes them."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def read(content):
    """Return the VCALENDAR of `content` (bytes) as a Part. Asserts what RFC 5545 asks of its form."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    for line in lines:
        assert b"\r" not in line
        assert b"\n" not in line
        assert len(line) <= 75, line
        line.decode()  # a letter of several bytes may be folded apart only where it is put together again below
    text = content[:-2].replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode()
    stack = [Part("")]
    for line in text.split("\r\n"):
        found = LINE.match(line)
        assert found, line
        name, value = found["name"], found["value"]
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            part = stack.pop()
            assert part.name == value
            stack[-1].parts.append(part)
        else:
            params = dict(pair.split("=", 1) for pair in re.findall(r";([^;:]*)", found["params"]))
            stack[-1].lines.append((name, params, value))
            if name in TEXTS:
                assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), line
                assert not re.search(r"\\(?![\\;,nN])", value.replace("\\\\", "")), line
    (calendar,) = stack[0].parts
    assert calendar.name == "VCALENDAR"
    _check(calendar)
    return calendar


def _check(calendar):
    assert calendar.values("VERSION") == ["2.0"]
    assert calendar.one("PRODID")
    zones = {part.one("TZID"): part for part in calendar.parts if part.name == "VTIMEZONE"}
    for zone in zones.values():
        assert {part.name for part in zone.parts} <= {"STANDARD", "DAYLIGHT"}
        assert zone.parts
        for part in zone.parts:
            assert LOCAL.match(part.one("DTSTART"))
            assert re.match(r"[+-]\d{4}(\d\d)?\Z", part.one("TZOFFSETFROM"))
            assert re.match(r"[+-]\d{4}(\d\d)?\Z", part.one("TZOFFSETTO"))
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    keys = [(event.one("UID"), *event.values("RECURRENCE-ID")) for event in events]
    assert len(keys) == len(set(keys)), "an entry is there twice"
    for part in [calendar, *events]:
        for name in ONCE[part.name]:
            assert len(part.values(name)) <= 1, f"{name} more than once"
    used = {
        params["TZID"].strip('"')
        for event in events
        for _name, params, _value in event.lines
        if "TZID" in params
    }
    assert used <= set(zones), "a time zone is named and not told"
    for event in events:
        _check_event(event)


def _check_event(event):
    for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        assert UTC.match(event.one(name))
    assert event.one("UID")
    assert event.one("SEQUENCE").isdecimal()
    assert event.values("STATUS")[0] in STATUSES
    assert not (event.values("DTEND") and event.values("DURATION"))
    whole = event.params("DTSTART").get("VALUE") == "DATE"
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        for value in event.values(name):
            assert (event.params(name).get("VALUE") == "DATE") == whole, f"{name} is of another kind"
            assert (DAY if whole else LOCAL).match(value)
            assert whole or "TZID" in event.params(name)
    assert event.one("DTEND") > event.one("DTSTART")
    for rule in event.values("RRULE"):
        until = re.search(r"UNTIL=([^;]+)", rule)
        assert until is None or (DAY if whole else UTC).match(until[1]), rule
