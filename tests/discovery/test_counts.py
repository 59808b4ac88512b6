"""The network in numbers: what is counted, in which month, and at what cost."""

import csv
import io
import itertools
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from commons.contributions.models import Contribution
from discovery.counts import MONTHS, counts, periods
from profiles.models import Member
from tests.factories import make_member, make_post, make_thread
from tests.world import READERS, build_world

pytestmark = pytest.mark.django_db


def rows(response):
    """Return {first cell: the others} of the table as CSV."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return {first: others for first, *others in csv.reader(io.StringIO(text))}


def test_periods_touch_and_miss_nothing():
    found = periods(date(2009, 10, 1), date(2026, 11, 27))
    assert [period.code for period in found[:2]] == ["2026-11", "2026-10"]
    assert [period.code for period in found[MONTHS:]] == [str(year) for year in range(2024, 2008, -1)]
    assert all(later.start == earlier.end for later, earlier in itertools.pairwise(found))
    assert (found[MONTHS - 1].code, found[MONTHS].end) == ("2024-12", found[MONTHS - 1].start)


def test_a_month_begins_when_it_does_here():
    summer = next(
        period for period in periods(date(2026, 1, 1), date(2026, 11, 1)) if period.code == "2026-07"
    )
    assert summer.start == datetime(2026, 6, 30, 23, tzinfo=UTC)


def test_a_year_that_the_months_end_in_is_counted_once():
    found = periods(date(2024, 1, 1), date(2026, 3, 5))
    assert [period.code for period in found[-2:]] == ["2024-04", "2024"]
    assert found[-1].end == found[-2].start


def test_what_is_counted_and_when(client):
    author = make_member()
    for published in (datetime(2020, 5, 4, tzinfo=UTC), datetime(2021, 5, 4, tzinfo=UTC)):
        Contribution.objects.filter(pk=make_post(author).pk).update(published_at=published)
    make_post(author)
    make_post(author, audience="members")
    thread = make_thread(author, is_question=True)
    Contribution.objects.filter(pk=thread.pk).update(answered=True)
    Member.objects.filter(pk=author.pk).update(approved_at=datetime(2019, 2, 3, tzinfo=UTC))
    cache.clear()
    found = rows(client.get("/counts/table.csv"))
    names = found["When"]
    whole = dict(zip(names, found["In all"], strict=True))
    assert (whole["All contributions"], whole["Blog posts"], whole["Answered questions"]) == ("4", "3", "1")
    assert dict(zip(names, found["2020"], strict=True))["Blog posts"] == "1"
    assert dict(zip(names, found["2019"], strict=True))["New members"] == "1"
    this_month = dict(zip(names, list(found.values())[1], strict=True))
    assert (this_month["All contributions"], this_month["Answered questions"]) == ("2", "1")
    assert list(found)[-1] == "In all"


@pytest.mark.parametrize("reader", READERS)
def test_it_counts_what_everyone_may_see_whoever_asks(reader):
    world = build_world()
    found = rows(world.client_for(reader).get("/counts/table.csv"))
    whole = dict(zip(found["When"], found["In all"], strict=True))
    assert int(whole["All contributions"]) == Contribution.objects.listed_to(AnonymousUser()).count()
    assert int(whole["New members"]) == Member.objects.present().count()


def test_an_empty_network_has_its_page(client):
    response = client.get("/counts/")
    assert response.context["whole"][1:] == [0] * 11


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(client, member, queries, number):
    for _item in range(number):
        make_post(member)
    client.get("/counts/")
    cache.delete("discovery.counts")
    with queries(6):
        response = client.get("/counts/")
    with queries(2):
        client.get("/counts/")
    with queries(2):
        assert client.get("/counts/", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_a_change_counts_at_once(client, member):
    before = client.get("/counts/").context["whole"][2]
    post = make_post(member)
    assert client.get("/counts/").context["whole"][2] == before + 1
    post.withdraw(member)
    assert client.get("/counts/").context["whole"][2] == before


def test_the_numbers_of_a_row_add_up():
    make_post()
    rows_found, whole = counts(timezone.now())
    assert whole.contributions == sum(row.contributions for row in rows_found) == 1
