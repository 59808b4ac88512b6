"""The page of an event: when and where, for whom, and afterwards what came of it."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from events import changes
from events.models import Event
from tests.events.test_series import weekly
from tests.factories import make_administrator, make_event, make_member, make_moderator, make_post
from tests.telling import told_in

pytestmark = pytest.mark.django_db
ONLINE = "https://meet.example/zqroom"


def page(client, event):
    response = client.get(event.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_reads_all_that_is_said_of_it(client, member):
    event = make_event(
        member, starts_on=date(2027, 1, 12), organiser="Cardiff Together", cost="Free", capacity=40, region="wales",
        access=["quiet-space", "bsl"], access_words="Ask for Ann.", booking_url="https://book.example/x",
        address="2 High Street\nCardiff",
    )  # fmt: skip
    html = page(client, event)
    for said in (
        "Tuesday 12 January 2027, 10am to 12 noon (UK time)", "Central Library", "2 High Street<br>Cardiff", "Wales",
        "Cardiff Together", "Free", "40 people", 'href="https://book.example/x" rel="nofollow noopener"',
        "British Sign Language interpreter</li><li>Quiet space", "Ask for Ann.",
    ):  # fmt: skip
        assert said in html, said


def test_only_members_are_shown_the_address_online_and_nobody_once_it_is_over(client, member):
    event = make_event(member, online_url=ONLINE)
    over = make_event(member, online_url=ONLINE, days=-3)
    places = [
        event.get_absolute_url(),
        "/events/",
        "/events/feed/",
        "/events/calendar.ics",
        "/browse/?kind=event",
    ]
    assert [place for place in places if "zqroom" in client.get(place).content.decode()] == []
    assert "Sign in to see the address online" in page(client, event)
    client.force_login(make_member())
    assert f'href="{ONLINE}"' in page(client, event)
    assert "zqroom" not in page(client, over)


def test_a_series_says_its_rule_its_next_dates_and_all_of_them(client, member):
    today = timezone.localdate()
    event = weekly(member, starts_on=today - timedelta(days=8), times=10)
    response = client.get(event.get_absolute_url())
    context = response.context
    assert (len(context["dates"]), len(context["next_dates"]), context["is_over"]) == (10, 5, False)
    html = response.content.decode()
    assert f"Every {event.starts_on:%A}, 10am to 12 noon (UK time)" in html
    assert "All 10 dates" in html
    assert html.count("(over)") == 2


def test_only_who_keeps_the_dates_is_led_to_changing_them(client, member):
    event = weekly(member)
    shown = []
    for reader in (None, make_member(), member, make_moderator()):
        client.logout()
        if reader:
            client.force_login(reader)
        shown.append(
            "/edit/"
            in re.sub(r'href="[^"]*\d[^/"]*/edit/"[^>]*>Edit<', "", page(client, event).partition("<main")[2])
        )
    assert shown == [False, False, True, True]


def test_search_engines_are_told_of_what_everybody_may_see(client, member):
    event = make_event(
        member,
        title='A "big" <day>',
        starts_on=date(2027, 7, 13),
        online_url=ONLINE,
        address="2 High Street\nCardiff",
    )
    (told,) = told_in(page(client, event), "Event")
    url = f"http://127.0.0.1:8000{event.get_absolute_url()}"
    assert told == {
        "@type": "Event",
        "name": 'A "big" <day>',
        "description": event.lead(),
        "url": url,
        "startDate": "2027-07-13T09:00:00+00:00",
        "endDate": "2027-07-13T11:00:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": [
            {"@type": "Place", "name": told["location"][0]["name"], "address": "2 High Street Cardiff"},
            {"@type": "VirtualLocation", "url": url},
        ],
        "image": f"http://127.0.0.1:8000/pictures/{event.pk}.png",
    }
    assert "zqroom" not in page(client, event)
    changes.cancel(event, member, "Our speaker is ill.")
    (told,) = told_in(page(client, event), "Event")
    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    for_members = make_event(member, audience="members")
    client.force_login(member)
    assert "schema.org" not in page(client, for_members)


def test_an_all_day_event_is_told_by_its_days(client, member):
    event = make_event(
        member,
        starts_on=date(2027, 7, 13),
        ends_on=date(2027, 7, 14),
        all_day=True,
        starts_time=None,
        ends_time=None,
    )
    (told,) = told_in(page(client, event), "Event")
    assert (told["startDate"], told["endDate"]) == ("2027-07-13", "2027-07-14")


def test_a_visitor_is_told_that_nothing_changed_until_a_date_is_over(client, member):
    event = make_event(member)
    first = client.get(event.get_absolute_url())
    again = client.get(event.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    moved = event.occurrences.get()
    moved.set_wall_time(moved.wall_time.on(timezone.localdate() - timedelta(days=1)), event.zone)
    moved.save()
    after = client.get(event.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, after.status_code, after.context["is_over"]) == (304, 200, True)


@pytest.mark.parametrize("times", [1, 3, 50])
def test_what_a_page_costs_a_visitor(client, member, queries, times):
    event = weekly(member, times=times) if times > 1 else make_event(member, days=-3)
    client.get(event.get_absolute_url())
    with queries(3 if times > 1 else 4):  # one more for what came of it, once it is over
        client.get(event.get_absolute_url())


# --- afterwards -------------------------------------------------------------------------------------


def test_once_it_is_over_its_author_is_asked_what_came_of_it(client, member):
    over, coming = make_event(member, days=-3), make_event(member)
    client.force_login(member)
    assert "Do you have notes, slides or a write-up?" in page(client, over)
    assert "Do you have notes, slides or a write-up?" not in page(client, coming)
    assert client.get(over.url_below("afterwards/")).status_code == 200
    assert client.get(coming.url_below("afterwards/")).status_code == 404
    assert client.post(coming.url_below("afterwards/"), {"address": "1"}).status_code == 404
    client.force_login(make_member())
    assert "Do you have notes, slides or a write-up?" not in page(client, over)


def test_what_came_of_it_is_linked_by_address_or_search_and_shown_through_the_gate(client, member):
    event = make_event(member, days=-3)
    public = make_post(member, title="What we heard")
    members = make_post(member, title="Notes for members", audience="members")
    removed = make_post(make_member(), title="Removed by then")
    client.force_login(member)
    path = event.url_below("afterwards/")
    found = client.get(path, {"q": "heard"}).context["found"]
    assert [each["card"].title for each in found] == ["What we heard"]
    for address in (
        str(public.pk),
        f"https://example.org{members.get_absolute_url()}",
        removed.get_absolute_url(),
    ):
        assert client.post(path, {"address": address}).status_code == 302
    removed.remove(make_administrator(), "Off topic.")
    assert client.get(path, {"q": "heard"}).context["found"] == []
    titles = [each.title for each in client.get(event.get_absolute_url()).context["came_of_it"]]
    assert titles == ["Notes for members", "What we heard"]
    client.logout()
    assert [each.title for each in client.get(event.get_absolute_url()).context["came_of_it"]] == [
        "What we heard"
    ]


def test_a_visitors_page_does_not_go_on_naming_what_was_taken_down(client, member):
    event, post = make_event(member, days=-3), make_post(member, title="What we heard")
    client.force_login(member)
    client.post(event.url_below("afterwards/"), {"address": post.pk})
    client.logout()
    first = client.get(event.get_absolute_url())
    post.remove(make_administrator(), "Off topic.")
    after = client.get(event.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert (after.status_code, after.context["came_of_it"]) == (200, [])


def test_a_link_is_taken_away(client, member):
    event, post = make_event(member, days=-3), make_post(member)
    client.force_login(member)
    client.post(event.url_below("afterwards/"), {"address": post.pk})
    client.post(event.url_below("afterwards/"), {"remove": post.pk})
    assert list(Event.objects.get(pk=event.pk).afterwards.all()) == []
    assert client.post(event.url_below("afterwards/"), {"remove": "x"}).status_code == 404


@pytest.mark.parametrize("address", ["", "nothing", "0", "9" * 30, "/blog/999999/", "own", "draft"])
def test_what_cannot_be_read_cannot_be_linked(client, member, address):
    event = make_event(member, days=-3)
    draft = make_post(make_member(), publish=False)
    client.force_login(member)
    address = {"own": str(event.pk), "draft": str(draft.pk)}.get(address, address)
    answer = client.post(event.url_below("afterwards/"), {"address": address})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["address"])


def test_an_event_known_by_its_year_has_no_dates_and_may_have_something_come_of_it(client, member):
    event = make_event(member, starts_on=None, starts_time=None, known_to="year", year=2011)
    html = page(client, event)
    assert "<dd>2011</dd>" in html
    assert "event.ics" not in html
    client.force_login(member)
    assert client.get(event.url_below("afterwards/")).status_code == 200


# --- for moderators and samples ---------------------------------------------------------------------


def test_the_admin_shows_when_where_and_every_date(client, member):
    event = weekly(member, starts_on=date(2027, 1, 12), times=2, access=["bsl"])
    client.force_login(make_moderator())
    html = client.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    for said in ("Every Tuesday, 10am to 12 noon (UK time), 12 January 2027 to 19 January 2027", "Central Library",
                 "British Sign Language interpreter", "19 January 2027"):  # fmt: skip
        assert said in html, said
    assert client.get("/admin/events/event/").status_code == 200


def test_found_by_its_venue_and_organiser(client, member):
    make_event(member, title="Circle", venue="Quokka hall", organiser="Wombat trust", address="3 Numbat lane")
    for word in ("quokka", "wombat", "numbat"):
        assert [card.title for card in client.get("/search/", {"q": word}).context["cards"]] == ["Circle"]


def test_an_event_without_an_end_lasts_until_the_end_of_the_day(member):
    event = make_event(member, starts_on=date(2027, 7, 13), ends_time=None)
    only = event.occurrences.get()
    assert (only.ends_at.isoformat(), only.starts_time) == ("2027-07-13T23:00:00+00:00", time(10))
