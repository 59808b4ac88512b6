"""The whole life of an evaluation: shared with its file, read, found by what stands in it, superseded, removed."""

import re

import pytest
from playwright.sync_api import expect

from commons.files.reading import read_due
from library.models import Document
from tests.browser.test_accessibility import look_from_both_sides
from tests.browser.test_moderation import become, decide
from tests.factories import establish, make_member, make_moderator
from tests.files import made

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TITLE = "Time credits in Leith"
NEWER = "Time credits in Leith, two years on"
SAID = "Forty people gave an hour a week"
LOADED = "image => image.decode().then(() => image.naturalWidth)"
FOUND = "kind=document&principle=mutuality-and-reciprocity&sector=healthcare"
NOT_FOUND = [
    "kind=blog&principle=mutuality-and-reciprocity&sector=healthcare",
    "kind=document&principle=peer-support-networks&sector=healthcare",
    "kind=document&principle=mutuality-and-reciprocity&sector=housing",
]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def choose(page, name, third_page):
    content = made.pdf(["What we looked at.", "Whom we asked.", third_page])
    field = page.locator("input[name=files]")
    field.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})


def publish(page, title):
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", level=1, name=title, exact=True).wait_for()


def read_all():
    """Do what the worker does; return how many files it read."""
    return sum(iter(read_due, 0))


def found(page, filters):
    """Return the titles that a search for the words of page 3 finds."""
    page.goto(f"/search/?q=%22{SAID.replace(' ', '+')}%22&{filters}")
    links = page.get_by_role("main").get_by_role("link", name=re.compile(f"^{TITLE}"))
    return [link.inner_text() for link in links.all()]


def listed(page):
    page.goto("/library/documents/?type=evaluation")
    links = page.get_by_role("main").get_by_role("link", name=re.compile(f"^{TITLE}"))
    return [link.inner_text() for link in links.all()]


def test_shared_read_found_superseded_and_removed(visitor, site, request):
    scripted = "without" not in request.node.name
    page = visitor
    page.emulate_media(reduced_motion="reduce")
    author, moderator = establish(make_member("Ann Lee")), make_moderator("Mo Derator")
    become(page, site, author)
    page.goto("/library/documents/new/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Policy guidance").check()
    expect(page.get_by_label("What was evaluated")).to_be_hidden()
    page.get_by_label("Evaluation", exact=True).check()
    expect(page.get_by_label("What was evaluated")).to_be_visible()
    choose(page, "leith.pdf", f"{SAID}.")
    page.get_by_label("Year in which it was published").fill("2024")
    page.get_by_label("Summary").fill("What a time bank changed for two surgeries.")
    page.get_by_label("Mutuality and reciprocity").check()
    page.get_by_label("Healthcare").check()
    page.get_by_role("button", name="Publish").click()
    # What is asked of an evaluation alone was forgotten: it is asked for, and the file is there still.
    page.get_by_role("link", name="Say what was evaluated.").wait_for()
    expect(page.get_by_role("checkbox", name=re.compile("leith"))).to_be_checked()
    page.get_by_label("What was evaluated").fill("A time bank in two surgeries")
    page.get_by_label("People of the organisation itself").check()
    page.get_by_label("How", exact=True).fill("Forty talks.")
    page.get_by_label("What it found").fill("Fewer visits.")
    page.get_by_label(re.compile("^1. ")).check()
    publish(page, TITLE)
    older = page.url

    # It can be downloaded at once, and has a cover and its words once it was read.
    become(page, site, None)
    page.goto(older)
    assert (page.locator("main img").count(), found(page, FOUND)) == (0, [])
    assert read_all() == 1
    page.goto(older)
    cover = page.locator("main img").first
    if scripted:
        assert cover.evaluate(LOADED) > 0
        assert look_from_both_sides(page, "a document") == []
    assert page.get_by_text("PDF").first.is_visible()
    assert page.get_by_text("3 pages").first.is_visible()
    assert found(page, FOUND) == [TITLE]
    assert [found(page, filters) for filters in NOT_FOUND] == [[], [], []]

    # A newer version takes its place in the lists, and is what the old one leads to.
    become(page, site, author)
    page.goto(older)
    page.get_by_role("link", name="Share a newer version").click()
    page.get_by_label("Title").fill(NEWER)
    page.get_by_label("Year in which it was published").fill("2026")
    choose(page, "leith-2026.pdf", f"{SAID}, and still do.")
    publish(page, NEWER)
    newer = page.url
    assert read_all() == 1
    become(page, site, None)
    assert listed(page) == [NEWER]
    page.goto(older)
    page.get_by_role("heading", name="There is a newer version").wait_for()
    page.get_by_role("main").get_by_role("link", name=f"{NEWER} (2026)").click()
    expect(page).to_have_url(newer)

    # Removed, its file and the pictures of it are gone for everybody who may not see it, at their own addresses.
    addresses = [
        page.get_by_role("link", name="leith-2026.pdf").first.get_attribute("href"),
        *re.findall(r"/files/[^ ,]+", page.locator("main img").first.get_attribute("srcset")),
    ]
    assert len(addresses) == 3
    assert [page.request.get(address).status for address in addresses] == [200, 200, 200]
    page.get_by_role("main").get_by_role("link", name="Report this").click()
    page.get_by_label("Personal data").check()
    page.get_by_label("What should we know?").fill("It names my mother.")
    page.get_by_label("Your e-mail address").fill("vi@example.org")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("heading", name="Your reference is").wait_for()
    become(page, site, moderator)
    page.goto("/admin/moderation/case/")
    page.get_by_role("link", name=NEWER).click()
    decide(page, "Remove, with a reason", "It names a patient.")
    become(page, site, None)
    gone = [page.request.get(address).status for address in (newer, *addresses)]
    assert gone == [404, 404, 404, 404]
    become(page, site, make_member("Bola Ade"))
    assert [page.request.get(address).status for address in addresses] == [404, 404, 404]
    assert Document.objects.get(title=NEWER).status == "removed"
    assert (listed(page), found(page, FOUND)) == ([TITLE], [TITLE])
