"""What takes place this week: which dates are chosen where there are many, and how they are found."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from events.models import Occurrence
from events.this_week import this_week
from tests.factories import make_event, make_member
from tests.plans import plan_of, reads

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def titles(user):
    return [line.title for line in this_week(user)]


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_begins_first_is_shown(member, signed_in, queries):
    for days in (5, 4, 3, 2, 1, 0):
        make_event(title=f"In {days} days", days=days)
    reader = member if signed_in else AnonymousUser()
    with queries(1):
        assert titles(reader) == [f"In {days} days" for days in range(5)]


def test_of_what_goes_on_for_days_the_first_to_end_are_shown_in_the_order_in_which_they_began(queries):
    author, today = make_member(), timezone.localdate()
    for number in range(1, 8):
        first, last = today - number * DAY, today + number * DAY
        make_event(author, title=f"Ends in {number} days", starts_on=first, ends_on=last)
    make_event(author, title="Over", starts_on=today - 3 * DAY, ends_on=today - DAY)
    make_event(author, title="Today", days=0)
    with queries(1):
        assert titles(AnonymousUser()) == [f"Ends in {number} days" for number in (5, 4, 3, 2, 1)]


def test_dates_that_are_over_or_to_come_later_are_passed_over_in_indexes(member):
    event, today = make_event(member, days=0), timezone.localdate()
    (date,) = event.occurrences.all()
    Occurrence.objects.bulk_create(
        Occurrence(
            event=event,
            original_on=today + days * DAY,
            starts_on=today + days * DAY,
            ends_on=today + days * DAY,
            starts_at=date.starts_at + days * DAY,
            ends_at=date.ends_at + days * DAY,
        )
        for days in range(-900, 900)
        if days
    )
    with connection.cursor() as cursor:
        # Of this table alone: PostgreSQL goes on believing what it counted, also when the test is undone.
        cursor.execute("ANALYZE events_occurrence")
    for reader in (AnonymousUser(), member):
        plan = plan_of(lambda reader=reader: this_week(reader))
        assert reads(plan, "occurrence_by_day")
        assert reads(plan, "occurrence_of_days")
        assert "SCAN events_occurrence" not in plan
