"""Announcing an event, finding it in the calendar, moving and cancelling it; with and without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.test_journey import sign_in
from tests.factories import establish, make_event, make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20260101T000000Z
SUMMARY:Co-design cafe
DESCRIPTION:We plan a kitchen.
LOCATION:Town hall
DTSTART;TZID=Europe/London:{day}T143000
DTEND;TZID=Europe/London:{day}T160000
END:VEVENT
END:VCALENDAR
"""


def test_an_event_is_announced_from_a_calendar_file_found_moved_and_cancelled(visitor):
    establish(make_member("Ann Lee", email="ann@example.org"))
    page, day = visitor, timezone.localdate() + timedelta(days=3)
    said = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto("/events/")
    page.get_by_role("link", name="Announce an event").first.click()
    content = CALENDAR.format(day=f"{day:%Y%m%d}").replace("\n", "\r\n").encode()
    page.get_by_label("Have a calendar file?").set_input_files(
        {"name": "event.ics", "mimeType": "text/calendar", "buffer": content}
    )
    page.get_by_role("button", name="Fill in").click()
    page.get_by_text("The form is filled in").wait_for()
    assert page.get_by_label("First day").input_value() == day.isoformat()
    assert page.get_by_label("Starts at").input_value() == "14:30"
    page.get_by_label("Quiet space").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Choose at least one principle").first.wait_for()
    assert page.get_by_label("Venue").input_value() == "Town hall"
    page.get_by_label("Recognising people as assets").check()
    page.get_by_label("Across services").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("heading", name="Co-design cafe").wait_for()
    page.get_by_text(f"{day:%A} {day.day} {day:%B} {day.year}, 2:30pm to 4pm (UK time)").first.wait_for()

    page.goto(f"/events/calendar/{day:%Y/%m}/")
    page.get_by_role("cell").get_by_role("link", name="Co-design cafe").click()
    page.get_by_role("link", name="Move the date").click()
    page.get_by_label("Starts at").fill("15:00")
    page.get_by_role("textbox", name="What is different").fill("In the small hall.")
    page.get_by_role("button", name="Save the date").click()
    page.get_by_text("3pm to 4pm (UK time) – In the small hall.").wait_for()
    page.get_by_role("link", name="Cancel the event").click()
    page.get_by_label("Why is it cancelled?").fill("Our speaker is ill.")
    page.get_by_role("button", name="Cancel the event").click()
    page.get_by_role("heading", name="This event is cancelled").wait_for()
    page.goto("/events/")
    page.get_by_text("Cancelled", exact=True).wait_for()
    assert said == []  # the content policy has nothing against the page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_calendar_fits_the_screen_and_stays_a_table(visitor, width):
    today = timezone.localdate()
    make_event(make_member(), title="A workshop about kitchens", starts_on=today.replace(day=15))
    page = visitor
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/events/calendar/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("table", name=f"{today:%B %Y}").count() == 1
    cell = page.get_by_role("cell").filter(has_text="A workshop about kitchens")
    assert cell.get_by_text("15").is_visible()
    assert page.get_by_role("cell").filter(has_text="Today").count() == 1
    columns = page.get_by_role("columnheader").filter(visible=True).count()
    assert columns == (7 if width == 1280 else 0)
    page.get_by_role("link", name="Next month").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/calendar/*/*/")
    assert page.get_by_role("table").count() == (1 if width == 1280 else 0)  # an empty month is said in words
    assert page.get_by_text("Nothing takes place in this month.").is_visible()
