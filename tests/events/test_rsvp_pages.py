"""Saying whether one comes, on the event's page and on a page of its own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import changes
from events.models import Answer, Event, Rsvp
from events.rsvps import answer
from tests.events.test_series import weekly
from tests.factories import make_event, make_member

pytestmark = pytest.mark.django_db


def rsvp_path(event):
    return event.url_below(f"rsvp/{event.occurrences.first().pk}/")


def page(client, event):
    return client.get(event.get_absolute_url()).content.decode()


def said(event, member):
    return Rsvp.objects.filter(occurrence__event=event, member=member).values_list("answer", "access_needs")


def test_a_visitor_is_led_to_signing_in_and_back(client, member):
    event = make_event(member)
    html = page(client, event)
    assert f'href="/accounts/login/?next={event.get_absolute_url()}"' in html
    assert "formaction" not in html
    for way in (client.get, client.post):
        sent = way(rsvp_path(event))
        assert (sent.status_code, sent.headers["Location"]) == (
            302,
            f"/accounts/login/?next={rsvp_path(event)}",
        )


@pytest.mark.parametrize(
    ("said_first", "words"),
    [("going", "You are going."), ("maybe", "You may come."), ("no", "You can’t come.")],
)
def test_a_button_on_the_events_page_says_it(client, member, said_first, words):
    event, reader = make_event(member), make_member()
    client.force_login(reader)
    assert f'formaction="{rsvp_path(event)}" name="answer" value="{said_first}"' in page(client, event)
    sent = client.post(rsvp_path(event), {"answer": said_first})
    assert (sent.status_code, sent.headers["Location"]) == (302, event.get_absolute_url())
    html = page(client, event)
    assert f'<span class="tag good">{words}</span>' in html
    assert f'name="answer" value="{said_first}"' not in html


def test_what_one_needs_is_said_in_the_form_and_stays_when_a_button_is_pressed(client, member):
    event, reader = make_event(member), make_member()
    client.force_login(reader)
    client.post(rsvp_path(event), {"answer": "maybe", "access_needs": " A hearing\x07 loop. "})
    client.post(rsvp_path(event), {"answer": "going"})
    assert list(said(event, reader)) == [("going", "A hearing loop.")]
    assert "A hearing loop." in client.get(rsvp_path(event)).content.decode()
    client.post(rsvp_path(event), {"answer": "going", "access_needs": ""})
    assert list(said(event, reader)) == [("going", "")]


@pytest.mark.parametrize(
    ("posted", "field", "code"),
    [
        ({}, "answer", "required"),
        ({"answer": "perhaps"}, "answer", "invalid_choice"),
        ({"answer": "going", "access_needs": "x" * 1001}, "access_needs", "max_length"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client, member, posted, field, code):
    event = make_event(member)
    client.force_login(make_member())
    sent = client.post(rsvp_path(event), posted)
    assert {name: errors[0].code for name, errors in sent.context["form"].errors.as_data().items()} == {
        field: code
    }
    assert (sent.status_code, Rsvp.objects.count()) == (200, 0)


def test_who_comes_too_late_is_told_that_they_wait(client, member):
    event, reader = make_event(member, capacity=1), make_member()
    answer(event.occurrences.get(), make_member(), Answer.GOING)
    client.force_login(reader)
    assert "It is full: whoever says that they come waits for a place." in page(client, event)
    sent = client.post(rsvp_path(event), {"answer": "going"}, follow=True)
    html = sent.content.decode()
    for words in ("It is full, and you wait for a place.", "You are on the waiting list.", "1 waits for"):
        assert words in html, words


def test_what_a_visitors_browser_keeps_follows_the_answers(client, member):
    event = make_event(member, capacity=3)
    first = client.get(event.get_absolute_url())
    assert "3 places are left." in first.content.decode()
    answer(event.occurrences.get(), make_member(), Answer.GOING)
    again = client.get(event.get_absolute_url(), headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "1 is going. 2 places are left." in again.content.decode()
    unchanged = client.get(event.get_absolute_url(), headers={"if-none-match": again.headers["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("why", ["over", "cancelled", "date cancelled", "year", "draft"])
def test_what_nobody_can_answer_asks_nobody(client, member, why):
    values = {
        "over": {"days": -3},
        "year": {"starts_on": None, "starts_time": None, "known_to": "year", "year": 2011},
        "draft": {"publish": False},
    }.get(why, {})
    event = weekly(member, times=2) if why == "date cancelled" else make_event(member, **values)
    if why == "cancelled":
        changes.cancel(event, member, "Ill.")
    if why == "date cancelled":
        for date in event.occurrences.all():
            changes.cancel_date(date, member, "Ill.")
    client.force_login(member)
    assert "rsvp-heading" not in page(client, event)
    if why != "year":
        refused = client.post(rsvp_path(event), {"answer": "going"})
        assert (refused.status_code, Rsvp.objects.count()) == (409, 0)
        assert "<button" not in refused.content.decode().partition("<main")[2].partition("</main")[0]


def test_each_date_of_a_series_is_answered_by_itself_six_at_a_time(client, member):
    event = weekly(member, starts_on=timezone.localdate() - timedelta(days=8), times=10)
    client.force_login(make_member())
    third = event.occurrences.all()[2]
    client.post(event.url_below(f"rsvp/{third.pk}/"), {"answer": "going"})
    lines = client.get(event.get_absolute_url()).context["rsvp_lines"]
    assert [line.said for line in lines] == ["going", "", "", "", "", ""]


def test_a_date_of_another_event_is_not_answered_here(client, member):
    event, other = make_event(member), make_event(member)
    client.force_login(make_member())
    path = event.url_below(f"rsvp/{other.occurrences.get().pk}/")
    assert (client.get(path).status_code, client.post(path, {"answer": "going"}).status_code) == (404, 404)


def test_more_room_in_the_form_moves_the_waiting_list_up(client, member):
    event = make_event(member, capacity=1)
    waiting = make_member()
    for each in (make_member(), waiting, make_member()):
        answer(event.occurrences.get(), each, Answer.GOING)
    event = Event.objects.get(pk=event.pk)
    event.revise(member, {"capacity": 2}, version=event.version)
    date = event.occurrences.get()
    assert (date.going_count, date.waiting_count) == (2, 1)
    assert [notice.kind for notice in waiting.notices.all()] == ["event.place"]


@pytest.mark.parametrize("people", [1, 50])
@pytest.mark.parametrize(("reader", "count"), [("visitor", 3), ("member", 8), ("organiser", 8)])
def test_what_the_page_costs_with_many_who_come(client, member, queries, people, reader, count):
    event = weekly(member, times=4, capacity=60)
    for date in event.occurrences.all()[:2]:
        Rsvp.objects.bulk_create(
            Rsvp(occurrence=date, member=each, answer="going")
            for each in [make_member() for _ in range(people)]
        )
    if reader != "visitor":
        client.force_login(member if reader == "organiser" else make_member())
    client.get(event.get_absolute_url())
    with queries(count):
        client.get(event.get_absolute_url())
