"""How far a member has read a conversation, and what is new to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.contributions.models import ReadMark
from tests.contributions.talk import addresses, at, conversation, fill, words
from tests.factories import make_comment, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(client, member):
    client.force_login(member)
    return fill(make_thread(), 45)


def read_up_to(member, thread):
    return (
        ReadMark.objects.filter(member=member, contribution=thread).values_list("position", flat=True).first()
    )


def test_opening_a_page_moves_it_forward_and_never_back(client, member, thread):
    marks = []
    for page in (1, 3, 2):
        client.get(thread.get_absolute_url(), {"page": page})
        marks.append(read_up_to(member, thread))
    assert marks == [20, 45, 45]


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_a_page_that_is_fetched_ahead_counts_as_unread(client, member, thread, headers):
    client.get(thread.get_absolute_url(), headers=headers)
    assert read_up_to(member, thread) is None


def test_asking_for_the_headers_alone_reads_nothing(client, member, thread):
    client.head(thread.get_absolute_url())
    assert read_up_to(member, thread) is None


def test_a_page_that_is_not_there_and_a_visitor_read_nothing(client, member, thread):
    client.get(thread.get_absolute_url(), {"page": 9})
    client.logout()
    client.get(thread.get_absolute_url())
    assert ReadMark.objects.count() == 0


def test_nothing_is_written_when_nothing_moves_and_one_row_when_it_does(client, thread):
    def written(page):
        with CaptureQueriesContext(connection) as asked:
            client.get(thread.get_absolute_url(), {"page": page})
        return [query["sql"].split()[0] for query in asked if query["sql"].split()[0] in {"UPDATE", "INSERT"}]

    client.get(thread.get_absolute_url())
    assert [written(1), written(2), written(2)] == [[], ["UPDATE"], []]


def test_what_is_new_is_counted_and_the_first_of_it_is_linked(client, member, thread):
    def new():
        html = conversation(client.get(thread.get_absolute_url(), {"page": 3}))
        told = html.partition("</h2>")[2].partition('<div class="split">')[0]
        return words(told), addresses(told)

    assert new() == ("", [])
    assert new() == ("", [])
    make_comment(thread, member)
    assert new() == ("", [])
    first, _second = make_comment(thread), make_comment(thread)
    assert new() == ("2 new to you Jump to the first unread", [f"#comment-{first.pk}"])
    assert new() == ("", [])


def test_the_first_unread_one_on_another_page_is_found_by_its_own_address(client, thread):
    client.get(thread.get_absolute_url())
    gone = at(21, thread)
    gone.withdraw(gone.author)
    html = conversation(client.get(thread.get_absolute_url()))
    assert "24 new to you Jump to the first unread" in words(html)
    assert f"/comments/{at(22, thread).pk}/" in addresses(html)


def test_more_than_a_hundred_are_not_counted(client, member, thread):
    client.get(thread.get_absolute_url(), {"page": 3})
    fill(thread, 150)
    assert "More than 99 new to you" in words(conversation(client.get(thread.get_absolute_url())))
