"""A post with pictures, with script and without: added, described, placed, published, and seen on a small telephone."""

import pytest

from tests.browser.test_accessibility import look_from_both_sides
from tests.browser.test_journey import sign_in
from tests.contributions.picturing import WORDS, photo
from tests.factories import make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SHIFTS = """() => new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})"""


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def choose(page, name, size):
    upload = photo(name, size)
    page.get_by_label("Add a picture").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": upload.read()}
    )


def fits(page, width):
    page.wait_for_load_state()
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_post_with_pictures(visitor, request):
    scripted = "without" not in request.node.name
    make_member("Ann Lee", email="ann@example.org")
    page = visitor
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto("/blog/new/")
    page.get_by_label("Title").fill("Our garden")
    page.get_by_label("Text", exact=True).fill("We dug.\n\nWe rested.")
    page.get_by_label("Blurring distinctions").check()
    page.get_by_label("Across services").check()

    choose(page, "garden.png", (1800, 900))
    page.get_by_role("button", name="Add the picture").click()
    described = page.get_by_label("Picture 1: describe it")
    described.wait_for()
    assert fits(page, 320)
    assert described.evaluate("field => field === document.activeElement")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Describe the picture, or take it out.").wait_for()
    assert fits(page, 320)
    if scripted:
        assert look_from_both_sides(page, "the form with a picture") == []

    page.get_by_label("Picture 1: describe it").fill(WORDS)
    line = page.locator("code", has_text="](picture:").first.inner_text()
    page.get_by_label("Text", exact=True).fill(f"We dug.\n\n{line}\n\nWe rested.")
    choose(page, "tall.png", (400, 6000))
    page.get_by_label("Describe the new picture").fill("A bean")
    # From here on small: a browser takes a larger size that it has already, though a smaller one would do.
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Preview: not saved yet").wait_for()
    assert page.get_by_role("img", name=WORDS).count() == 1
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", name="Our garden").wait_for()

    shown = page.locator(".prose img")
    assert [image.get_attribute("alt") for image in shown.all()] == [WORDS, "A bean"]
    assert fits(page, 320)
    for image in shown.all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    assert shown.first.evaluate("i => i.currentSrc.split('-').pop()") == "480.webp"
    assert (
        page.locator(".prose").evaluate("e => e.textContent.trim().split(/\\s+/).join(' ')")
        == "We dug. We rested."
    )
    if scripted:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.reload()
        assert look_from_both_sides(page, "the post") == []
        page.reload()
        shown.last.scroll_into_view_if_needed()
        shown.last.evaluate("image => image.decode()")
        assert page.evaluate(SHIFTS) == 0


def test_the_enter_key_still_publishes(visitor):
    """It presses the first button of a form, which must not be the one that adds a picture."""
    make_member("Ann Lee", email="ann@example.org")
    page = visitor
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto("/blog/new/")
    page.get_by_label("Title").press("Enter")
    page.get_by_role("link", name="Enter a title.").wait_for()
    page.get_by_label("Title").fill("Our garden")
    page.get_by_label("Text", exact=True).fill("We dug.")
    page.get_by_label("Blurring distinctions").check()
    page.get_by_label("Across services").check()
    page.get_by_label("Title").press("Enter")
    page.get_by_text("“Our garden” is published.").wait_for()
