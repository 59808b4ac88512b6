"""What leads to the forum from elsewhere: navigation, home, the ways to take part, hub pages, the admin."""

import pytest
from django.utils import timezone

from commons.tagging.models import Principle, ServiceSector
from forum.models import Thread
from network.starter_library import ways_to_take_part
from tests.factories import make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db


def titles(response, name):
    return [card.title for card in response.context[name]]


def test_the_navigation_leads_there_and_marks_where_one_is(client):
    assert '<a href="/forum/">Forum</a>' in client.get("/").content.decode()
    assert '<a href="/forum/" aria-current="true">Forum</a>' in client.get("/forum/").content.decode()


def test_write_something_offers_what_can_be_written(client, member):
    assert "Write something" not in client.get("/").content.decode()
    client.force_login(member)
    menu = client.get("/").content.decode().partition("Write something")[2].partition("</details>")[0]
    assert [part.partition('"')[0] for part in menu.split('href="')[1:]] == [
        "/forum/new/?question=1",
        "/forum/new/",
        "/blog/new/",
        "/events/new/",
        "/case-studies/new/",
        "/library/documents/new/",
        "/library/links/new/",
        "/library/videos/new/",
    ]


def test_two_of_the_ways_to_take_part_lead_to_the_forum(client):
    ways = {way.title: way.url for way in ways_to_take_part()}
    assert ways["Start a forum thread"] == "/forum/new/"
    assert ways["Reply to a question"] == "/forum/?show=unanswered"


def test_a_visitors_home_shows_the_newest_public_threads(client, member):
    for number in range(4):
        make_thread(member, title=f"Thread {number}")
    make_thread(member, title="Inside", audience="members")
    assert titles(client.get("/"), "thread_cards") == ["Thread 3", "Thread 2", "Thread 1"]


def test_a_members_home_shows_open_questions_of_others_on_what_they_work_on(client, member, other_member):
    first, second = Principle.objects.all()[:2]
    sector = ServiceSector.objects.first()
    for title, principle, author in (
        ("Theirs", first, other_member),
        ("Elsewhere", second, other_member),
        ("My own", first, member),
    ):
        make_thread(author, title=title, is_question=True, principles=[principle], sectors=[sector])
    answered = make_thread(other_member, title="Answered", is_question=True, principles=[first])
    answered.mark_best(make_comment(answered))
    client.force_login(member)
    assert titles(client.get("/"), "question_cards") == ["Elsewhere", "Theirs"]
    member.principles.set([first])
    assert titles(client.get("/"), "question_cards") == ["Theirs"]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_what_the_home_pages_cost(client, queries, number, member, settings):
    settings.NETWORK_POST_RATE = "0"
    author = make_member()
    for _ in range(number):
        make_comment(make_thread(author, is_question=True), author)
    client.get("/")
    with queries(4):
        client.get("/")
    client.force_login(member)
    with queries(9):  # one of them is for the first steps of somebody new
        client.get("/")


@pytest.mark.parametrize("part", ["principles", "sectors"])
def test_a_hub_page_lists_threads_and_offers_to_ask_about_it(client, member, part):
    thread = make_thread(member, title="A thread about it", keywords=["rural"])
    term = getattr(thread, part).get()
    page = client.get(term.get_absolute_url())
    assert [kind.code for kind in page.context["hub"].kinds] == ["forum"]
    ask = f"/forum/new/?question=1&amp;{part[:-1]}={term.slug}"
    assert (
        f'<a class="btn alt small" href="{ask}" rel="nofollow">Ask the network</a>' in page.content.decode()
    )


def test_moderators_see_how_a_thread_stands_in_the_admin(client, member, administrator):
    thread = make_thread(member, title="How?", is_question=True)
    reply = make_comment(thread)
    thread.mark_best(reply)
    Thread.objects.filter(pk=thread.pk).update(
        pinned_at=timezone.now(), closed_at=timezone.now(), closed_reason="It has run its course."
    )
    client.force_login(administrator)
    page = client.get(f"/admin/forum/thread/{thread.pk}/change/").content.decode()
    for words in (
        "This is a question",
        "It has run its course.",
        "Reply 1 in “How?”",
        "Pinned:",
        "Closed:",
    ):
        assert words in page
    assert client.get("/admin/forum/thread/?is_question__exact=1").status_code == 200
