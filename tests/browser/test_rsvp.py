"""Saying whether one comes, with a waiting list that moves up; with and without JavaScript."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.test_accessibility import findings, look_from_both_sides
from tests.browser.test_journey import sign_in, sign_out
from tests.factories import make_event, make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def come_as(page, email, event):
    sign_in(page, email)
    page.get_by_text("Hello, ").wait_for()
    page.goto(event.get_absolute_url())


def test_the_first_has_the_place_until_they_can_not_come_and_the_second_is_told(visitor):
    event = make_event(make_member("Olu Organiser", email="olu@example.org"), title="Open day", capacity=1)
    make_member("Ann Lee", email="ann@example.org")
    make_member("Bola Ade", email="bola@example.org")
    page = visitor
    page.goto(event.get_absolute_url())
    page.get_by_text("1 place is left.").wait_for()
    page.get_by_role("link", name="Sign in to say whether you come").click()
    page.get_by_label("Password", exact=True).wait_for()

    come_as(page, "ann@example.org", event)
    page.get_by_role("button", name="I am going").click()
    page.locator(".tag", has_text="You are going.").wait_for()
    sign_out(page)

    come_as(page, "bola@example.org", event)
    page.get_by_text("It is full").wait_for()
    page.get_by_role("link", name="Tell the organiser what you need").click()
    page.get_by_label("Going", exact=True).check()
    page.get_by_label("What do you need to take part?").fill("A hearing loop.")
    page.get_by_role("button", name="Send").click()
    page.locator(".tag", has_text="You are on the waiting list.").wait_for()
    sign_out(page)

    come_as(page, "ann@example.org", event)
    page.get_by_role("button", name="I can’t come").click()
    page.locator(".tag", has_text="You can’t come.").wait_for()
    sign_out(page)

    come_as(page, "bola@example.org", event)
    page.locator(".tag", has_text="You are going.").wait_for()
    page.goto("/inbox/")
    page.get_by_role("main").get_by_text("You have a place: Open day").first.wait_for()
    sign_out(page)

    come_as(page, "olu@example.org", event)
    page.get_by_role("link", name="Who comes").click()
    page.get_by_role("row", name="Bola Ade Going A hearing loop.").wait_for()
    page.get_by_role("link", name="Write to them").click()
    page.get_by_label("Subject").fill("Bring a chair")
    page.get_by_label("Text").fill("We have too few.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your message is on its way to 1 person.").wait_for()


def test_axe_finds_nothing_on_its_pages(browser, site):
    organiser = make_member("Olu Organiser", email="olu@example.org")
    event = make_event(organiser, title="Open day", capacity=1)
    date = event.occurrences.get()
    date.rsvps.create(member=make_member(), answer="going", access_needs="A hearing loop.")
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(event.get_absolute_url())
    found = look_from_both_sides(page, "visitor")
    come_as(page, "olu@example.org", event)
    for below in ("", f"rsvp/{date.pk}/", f"people/{date.pk}/", f"people/{date.pk}/write/"):
        page.goto(event.url_below(below))
        found += look_from_both_sides(page, below)
        send = page.get_by_role("main").get_by_role("button", name="Send", exact=True)
        if send.count():
            send.click()
            page.evaluate(AXE_SCRIPT)
            found += findings(page, f"{below} with errors")
    context.close()
    assert found == []
