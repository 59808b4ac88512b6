"""Sending files: how far they have come, a mistake that loses nothing, and where it leads; with scripts and without."""

import pytest

from commons.files.models import StoredFile
from library.models import Document
from tests.factories import make_member
from tests.files import made
from tests.files.given import share

from .test_journey import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PDF = {"name": "What we found.pdf", "mimeType": "application/pdf", "buffer": made.pdf()}


def fill(page):
    page.get_by_label("Policy guidance").check()
    page.locator("[name=year]").fill("2019")
    page.locator("[name=summary]").fill("We met on Tuesdays.")
    page.get_by_label("Peer support networks").check()
    page.get_by_label("Housing and supported housing").check()


def test_a_file_is_sent_once_whatever_else_is_wrong(visitor):
    page = visitor
    sign_in(page, make_member("Ann Lee", email="ann@example.org").email)
    page.goto("/library/documents/new/")
    fill(page)
    page.locator("input[type=file][name=files]").set_input_files(PDF)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.title().startswith("Error:")
    kept = page.get_by_role("checkbox", name="What we found.pdf")
    assert kept.is_checked()
    assert page.locator("[name=summary]").input_value() == "We met on Tuesdays."
    page.get_by_label("Title").fill("What we found")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", level=1, name="What we found").wait_for()
    assert page.url.endswith("-what-we-found/")
    assert page.get_by_text("“What we found” is published.").count() == 1
    assert StoredFile.objects.originals().count() == 1


@pytest.fixture
def scripted(browser, site):
    """A page in a browser that runs scripts."""
    context = browser.new_context(base_url=site)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_keywords_are_suggested_in_a_form_that_came_later(scripted):
    page = scripted
    share(make_member(), keywords=["lanterns"])
    sign_in(page, make_member(email="ann@example.org").email)
    page.goto("/library/documents/new/")
    page.locator("input[type=file][name=files]").set_input_files(PDF)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    field = page.locator("input[name=keywords]")
    field.press_sequentially("lan")
    page.locator("datalist option[value=lanterns]").wait_for(state="attached")
    assert field.input_value() == "lan"


def test_how_far_it_has_come_is_shown_and_said(scripted):
    page = scripted
    sign_in(page, make_member(email="ann@example.org").email)
    page.goto("/library/documents/new/")
    page.get_by_label("Title").fill("What we found")
    fill(page)
    page.locator("input[type=file][name=files]").set_input_files(PDF)
    held = []
    page.route("**/library/documents/new/", lambda route: held.append(route))
    page.get_by_role("button", name="Publish").click()
    bar, said = page.locator("main progress"), page.locator("main form [role=status]")
    bar.wait_for()
    assert (bar.get_attribute("aria-label"), bar.get_attribute("max")) == (
        "Your files are being sent.",
        "100",
    )
    assert said.count() == 1
    page.get_by_role("button", name="Publish").click()
    while not held:
        page.title()  # until the browser has begun to send
    held.pop().continue_()
    page.get_by_role("heading", level=1, name="What we found").wait_for()
    assert held == []


def test_a_connection_that_breaks_off_loses_nothing(scripted):
    page = scripted
    sign_in(page, make_member(email="ann@example.org").email)
    page.goto("/library/documents/new/")
    page.get_by_label("Title").fill("What we found")
    fill(page)
    page.locator("input[type=file][name=files]").set_input_files(PDF)
    page.route("**/library/documents/new/", lambda route: route.abort())
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("The connection broke off before all was sent.").wait_for()
    assert page.locator("main progress").count() == 0
    assert page.get_by_label("Title").input_value() == "What we found"
    page.unroute("**/library/documents/new/")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", level=1, name="What we found").wait_for()
    assert Document.objects.count() == 1
