"""What somebody wrote is read from an index made for it, on both databases, however much there is of others."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from commons.contributions.lists import count_by_kind, newest_by
from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach
from forum.rows import open_questions
from network.home import unfinished_of
from tests.factories import make_member
from tests.plans import from_alone, in_order_of, plan_of, reads

BODY = "Some words. " * 100  # so that a page of the table holds few rows, as it does in life


def write(author, number, **columns):
    """Write items straight into the table of contributions: here only their columns matter."""
    columns = {"kind": "blog", "reach": Reach.EVERYONE, "status": "published", **columns}
    dated = {"published_at": timezone.now()} if columns["status"] == "published" else {}
    Contribution.objects.bulk_create(
        Contribution(author=author, title=f"Test item {place}", body=BODY, **dated, **columns)
        for place in range(number)
    )


@pytest.fixture
def writer(db):
    """Somebody who wrote three hundred items; each of forty others twenty or so."""
    writer, *others = [make_member() for _number in range(41)]
    write(writer, 240)
    write(writer, 30, reach=Reach.MEMBERS)
    write(writer, 30, kind="forum", subtype="question", answered=False)
    write(writer, 2, status="draft", reach=Reach.NOBODY)
    for other in others:
        write(other, 18)
        write(other, 3, kind="forum", subtype="question", answered=True)
        write(other, 1, status="draft", reach=Reach.NOBODY)
    with connection.cursor() as cursor:
        # Of this table alone: PostgreSQL goes on believing what it counted, also when the test is undone.
        cursor.execute("ANALYZE contributions_contribution")
        if connection.vendor == "postgresql":
            # As VACUUM notes within minutes: before that each row has to be looked at, whether it is still there.
            cursor.execute(
                "UPDATE pg_class SET relallvisible = relpages WHERE relname = 'contributions_contribution'"
            )
    return writer


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_somebody_wrote_is_read_in_the_order_of_an_index(writer, member, signed_in):
    reader = member if signed_in else AnonymousUser()
    assert in_order_of(plan_of(lambda: newest_by(writer, reader).part(0, 20)), "contribution_by_author")
    assert len(newest_by(writer, reader).part(0, 400)) == (300 if signed_in else 270)


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_somebody_wrote_is_counted_in_that_index_alone(writer, member, signed_in):
    reader = member if signed_in else AnonymousUser()
    assert from_alone(plan_of(lambda: count_by_kind(writer, reader)), "contribution_by_author")
    assert count_by_kind(writer, reader) == {"blog": 270 if signed_in else 240, "forum": 30}


def test_what_somebody_has_not_finished_is_looked_for_among_nothing_else(writer):
    assert reads(plan_of(lambda: unfinished_of(writer)), "contribution_unfinished")
    assert len(unfinished_of(writer)) == 2


def test_open_questions_are_read_newest_first_past_no_other_thread(writer, member):
    asked = plan_of(lambda: open_questions(member, [], [], 3))
    assert in_order_of(asked, "contribution_answered_newest")
    assert len(open_questions(member, [], [], 3)) == 3
