"""Sample events with their dates, past and to come, for a sample network (manage.py generate_network)."""

from datetime import time, timedelta

from commons.contributions.generator import BATCH, Generator, Stage, contributions
from commons.moderation.models import Status

from .dates import days_of, wall_time_of
from .models import AccessOffer, Event, KnownTo, Occurrence, Repeats

RULES = [Repeats.NO, Repeats.WEEKLY, Repeats.FORTNIGHTLY, Repeats.MONTHLY]
RULE_WEIGHTS = [80, 8, 4, 8]
AHEAD = timedelta(days=120)  # after it was announced, at most


def _own(random, number, item):
    """Return what an event has of its own: a day after it was announced, a place, and now and then a series."""
    starts_on = item.changed_at.date() + timedelta(days=random.randint(3, AHEAD.days))
    hour = random.randint(9, 18)
    repeats = random.choices(RULES, weights=RULE_WEIGHTS)[0]
    until = starts_on + timedelta(days=random.randint(30, 330)) if repeats else None
    is_online = random.random() < 0.4
    return {
        "known_to": KnownTo.DAY,
        "starts_on": starts_on,
        "starts_time": time(hour, random.choice((0, 30))),
        "ends_on": starts_on,
        "ends_time": time(hour + 2),
        "repeats": repeats,
        "repeats_until": until,
        "year": starts_on.year,
        "venue": "" if is_online and random.random() < 0.5 else f"Sample venue {random.randint(1, 60)}",
        "online_url": f"https://meeting.example/{number}" if is_online else "",
        "organiser": f"Sample organiser {random.randint(1, 40)}",
        "cost": "Sample cost",
        "capacity": random.choice((None, None, 12, 30, 100)),
        "access": random.sample(AccessOffer.values, random.randint(0, 5)),
        "calendar_changed_at": item.changed_at,
    }


def events(network, count):
    """Write `count` events with all their dates; yield how many events, batch by batch."""
    made = len(network.contributions)
    for written in contributions(network, count, model=Event, noun="event", own=_own):
        batch, made = network.contributions[made:], len(network.contributions)
        Occurrence.objects.bulk_create([date for event in batch for date in _dates(event)], batch_size=BATCH)
        yield written


def _dates(event):
    wall = wall_time_of(event)
    for day in days_of(wall.starts_on, event.repeats, event.repeats_until):
        date = Occurrence(event=event, original_on=day)
        date.set_wall_time(wall.on(day), event.zone)
        if event.repeats and event.status == Status.PUBLISHED and day.day == 13:
            date.cancelled_at, date.cancelled_reason = (
                event.changed_at,
                "A sample reason: nobody decided this.",
            )
        yield date


EVENTS = Generator("events", Stage.CONTRIBUTIONS, events, share=2)
