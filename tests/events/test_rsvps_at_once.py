"""The last place under many who want it at the same moment, each in a process of its own, on either database."""

PEOPLE = 20
PREPARE = f"""
from tests.factories import make_member
from tests.events.test_ics import make_event
from tests.events.test_ics_views import soon
event = make_event(first=soon(), capacity=1)
members = [make_member() for _ in range({PEOPLE})]
print(event.occurrences.get().pk, *[member.pk for member in members])
"""
TRY = """
from functools import partial
from events.models import Answer, Occurrence
from events.rsvps import answer
from profiles.models import Member
from tests.at_once import at_once
date, *members = map(int, "{ids}".split())
date = Occurrence.objects.get(pk=date)
def go(member):
    answer(date, Member.objects.get(pk=member), Answer.GOING)
print(at_once(*[partial(go, member) for member in members]))
date.refresh_from_db()
print(date.going_count, date.waiting_count, date.rsvps.filter(waiting_since=None).count())
"""


def test_of_twenty_who_want_the_last_place_one_gets_it(other_site):
    ids = other_site.python(PREPARE)

    assert other_site.python(TRY.format(ids=ids)).splitlines() == ["[]", f"1 {PEOPLE - 1} 1"]
