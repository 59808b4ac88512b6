"""Moving and cancelling dates: by whom, what it says, and whom it tells."""

from datetime import timedelta

import pytest

from commons.moderation.models import Decision
from events import changes
from events.models import Event
from tests.events.test_series import told, weekly  # noqa: F401 -- a fixture
from tests.factories import make_event, make_moderator

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client, event, date):
    return client.get(event.url_below(f"dates/{date.pk}/edit/"))


def send(client, event, date, do="change", **values):
    """Post the form of a date, with what stands there unless told otherwise."""
    stands = {
        "starts_on": date.starts_on.isoformat(),
        "starts_time": f"{date.starts_time:%H:%M}" if date.starts_time else "",
        "ends_on": date.ends_on.isoformat(),
        "ends_time": f"{date.ends_time:%H:%M}" if date.ends_time else "",
        "note": date.note,
    }
    return client.post(event.url_below(f"dates/{date.pk}/edit/"), {**stands, "do": do, **values})


@pytest.fixture
def series(member):
    return weekly(member)


def test_one_date_of_a_series_is_moved_and_says_what_is_different(client, member, series, told):  # noqa: F811
    client.force_login(member)
    date = series.occurrences.all()[1]
    later = date.starts_on + DAY
    sent = send(client, series, date, starts_on=later, ends_on=later, note="In  the small\nhall.")
    after, event = series.occurrences.get(pk=date.pk), Event.objects.get(pk=series.pk)
    assert (sent.status_code, sent.headers["Location"]) == (302, series.get_absolute_url())
    assert (after.starts_on, after.original_on, after.note, after.changed, after.sequence) == (
        later, date.original_on, "In the small hall.", True, 1,
    )  # fmt: skip
    assert (event.sequence, event.starts_on, event.version) == (1, series.starts_on, series.version)
    assert event.calendar_changed_at > series.calendar_changed_at
    assert told == [(later, "moved", date.starts_on)]
    shown = client.get(series.get_absolute_url()).content.decode()
    assert "In the small hall." in shown


def test_saving_a_date_as_it_stands_changes_nothing(client, member, series, told):  # noqa: F811
    client.force_login(member)
    date = series.occurrences.first()
    send(client, series, date)
    assert (Event.objects.get(pk=series.pk).sequence, series.occurrences.first().sequence, told) == (0, 0, [])


def test_put_back_where_its_series_has_it_a_date_no_longer_differs(client, member, series):
    client.force_login(member)
    date = series.occurrences.first()
    later = date.starts_on + DAY
    send(client, series, date, starts_on=later, ends_on=later)
    send(client, series, date)
    after = series.occurrences.first()
    assert (after.starts_on, after.changed, after.sequence) == (date.starts_on, False, 2)


def test_one_date_is_cancelled_with_a_reason_and_takes_place_after_all(client, member, series, told):  # noqa: F811
    client.force_login(member)
    date = series.occurrences.first()
    refused = send(client, series, date, do="cancel", reason="  ")
    assert refused.context["form"].errors.as_data()["reason"][0].code == "required"
    send(client, series, date, do="cancel", reason="The hall is closed.")
    assert series.occurrences.first().cancelled_reason == "The hall is closed."
    shown = client.get(series.get_absolute_url()).content.decode()
    assert "<strong>Cancelled:</strong>" in shown
    assert "The hall is closed." in shown
    send(client, series, date, do="put-back")
    after = series.occurrences.first()
    assert (after.cancelled_at, after.cancelled_reason, after.sequence) == (None, "", 2)
    assert told == [(date.starts_on, "cancelled", None), (date.starts_on, "back", None)]


def test_the_only_date_is_moved_by_saving_the_event(client, member, told):  # noqa: F811
    client.force_login(member)
    event = make_event(member)
    date = event.occurrences.get()
    later = date.starts_on + DAY
    send(client, event, date, starts_on=later, ends_on=later, note="Bring a chair.")
    event, after = Event.objects.get(pk=event.pk), event.occurrences.get()
    assert (event.starts_on, event.version, after.pk, after.original_on, after.note) == (
        later, 2, date.pk, later, "Bring a chair.",
    )  # fmt: skip
    assert [what for _day, what, _before in told] == ["moved", "noted"]


@pytest.mark.parametrize("by_date", [True, False])
def test_an_event_is_cancelled_stays_listed_and_takes_place_after_all(client, member, told, by_date):  # noqa: F811
    client.force_login(member)
    event = make_event(member, title="Open day")
    date = event.occurrences.get()
    if by_date:
        send(client, event, date, do="cancel", reason="Our speaker is ill.")
    else:
        client.post(event.url_below("cancel/"), {"reason": "Our speaker is ill."})
    assert Event.objects.get(pk=event.pk).cancelled_reason == "Our speaker is ill."
    client.logout()
    assert "Our speaker is ill." in client.get(event.get_absolute_url()).content.decode()
    assert [(row.title, bool(row.cancelled)) for row in client.get("/events/").context["cards"]] == [
        ("Open day", True)
    ]
    client.force_login(member)
    client.post(event.url_below("cancel/"))
    event = Event.objects.get(pk=event.pk)
    assert (event.cancelled_at, event.cancelled_reason, event.sequence) == (None, "", 2)
    assert told == [(date.starts_on, "cancelled", None), (date.starts_on, "back", None)]


def test_an_event_cancelled_twice_keeps_its_first_reason(member):
    event = make_event(member)
    changes.cancel(event, member, "First")
    changes.cancel(event, member, "Second")
    event = Event.objects.get(pk=event.pk)
    assert (event.cancelled_reason, event.sequence) == ("First", 1)


def test_a_form_that_was_open_meanwhile_does_not_put_a_cancelled_event_back(member):
    event = make_event(member)
    open_form = Event.objects.get(pk=event.pk)
    changes.cancel(event, member, "Our speaker is ill.")
    open_form.revise(member, {"cost": "Free"}, version=open_form.version)
    assert Event.objects.get(pk=event.pk).cancelled_reason == "Our speaker is ill."


def test_what_a_moderator_does_is_recorded_and_its_author_told(client, member):
    event = make_event(member, title="Open day")
    moderator = make_moderator()
    client.force_login(moderator)
    client.post(event.url_below("cancel/"), {"reason": "The organiser asked us to."})
    decision = Decision.objects.get(action="call_off")
    assert (decision.by, decision.about, decision.reason) == (moderator, member, "The organiser asked us to.")
    notice = member.notices.get()
    assert "“Open day” is called off" in str(notice.subject)
    client.force_login(member)
    client.post(event.url_below("cancel/"))
    assert Decision.objects.filter(action="take_place").count() == 0  # of one's own there is no decision


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"starts_on": ""}, "starts_on", "required"),
        ({"starts_time": ""}, "starts_time", "required"),
        ({"starts_on": "2026-02-30"}, "starts_on", "invalid"),
        ({"ends_on": "2000-01-01"}, "ends_on", "end_before_start"),
        ({"ends_time": "10:00"}, "ends_time", "end_before_start"),
        ({"ends_on": "2999-01-01"}, "ends_on", "lasts_too_long"),
        ({"note": "x" * 301}, "note", "max_length"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_beside_its_field(client, member, series, values, field, code):
    client.force_login(member)
    answer = send(client, series, series.occurrences.first(), **values)
    errors = answer.context["form"].errors.as_data()
    assert (answer.status_code, {name: error[0].code for name, error in errors.items()}) == (
        200,
        {field: code},
    )


def test_a_date_that_its_series_has_no_more_is_not_changed(client, member, series):
    client.force_login(member)
    date = series.occurrences.last()
    series.occurrences.filter(pk=date.pk).update(cancelled_at=date.starts_at)
    assert page(client, series, date).status_code == 404
