"""Watching a video: by keyboard, with captions, to any place in it, with and without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from commons.contributions.attaching import Chosen
from commons.contributions.models import Role
from library.models import Video
from tests.browser.test_accessibility import findings, look_from_both_sides
from tests.browser.test_moderation import become
from tests.factories import establish, make_member, make_video
from tests.files import made
from tests.library.filming import stored, uploaded

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LONG = 1_200_000  # milliseconds
WORDS = "Nobody had asked us before."
MOVED = """() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: "layout-shift", buffered: true});
  return observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
}"""
# What is waited for in the page itself: each answers at once where it has happened already.
LOADED = (
    "video => video.readyState >= 1 || new Promise(done => { video.onloadedmetadata = () => done(true); })"
)
CAPTIONED = "track => track.readyState === 2 || new Promise(done => { track.onload = () => done(true); })"
RUNNING = "video => new Promise(done => { video.ontimeupdate = () => video.currentTime > 0 && done(!video.paused); })"
PAUSED = "video => video.paused || new Promise(done => { video.onpause = () => done(true); })"
GO_THERE = """(video, seconds) => new Promise(done => {
  video.onseeked = () => done(video.currentTime);
  video.currentTime = seconds;
})"""


@pytest.fixture
def page(browser, site):
    context = browser.new_context(
        base_url=site, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_shared_and_watched(visitor, site):
    """Through the form, a browser's own recording with captions; then its page, as everybody finds it."""
    page = visitor
    become(page, site, establish(make_member("Ann Lee")))
    page.goto("/library/videos/new/")
    page.get_by_label("Title").fill("A walk")
    page.get_by_label("Video file").set_input_files(
        {"name": "walk.webm", "mimeType": "video/webm", "buffer": made.webm()}
    )
    page.get_by_label("Captions").set_input_files(
        {"name": "walk.vtt", "mimeType": "text/vtt", "buffer": made.vtt((("00:00.000", "00:02.000", WORDS),))}
    )
    page.get_by_label("Transcript").fill(f"ANN: {WORDS}")
    page.get_by_role("button", name="Publish").click()
    # What was forgotten is asked for, and the files are there still.
    kept = page.get_by_role("checkbox", name=re.compile("walk"))
    expect(kept).to_have_count(2)
    assert [box.is_checked() for box in kept.all()] == [True, True]
    page.get_by_label("About the video").fill("We walked the way to the surgery.")
    page.get_by_label("Mutuality and reciprocity").check()
    page.get_by_label("Across services").check()
    page.get_by_role("button", name="Publish").click()
    expect(page).to_have_url(re.compile(r"/library/videos/\d+-a-walk/$"))
    assert Video.objects.get().status == "published"

    become(page, site, None)
    page.reload()
    player = page.locator("video")
    assert player.get_attribute("controls") == ""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the video").click()
    assert download.value.suggested_filename == "walk.webm"
    page.get_by_text("Read what is said and shown").click()
    expect(page.get_by_text(f"ANN: {WORDS}")).to_be_visible()


def test_it_plays_by_keyboard_shows_captions_and_goes_to_any_place(page):
    author = make_member()
    cues = (("00:00.000", "20:00.000", WORDS),)
    files = [
        Chosen(
            stored("walk.mp4", "mp4", made.mp4(milliseconds=LONG), author, width=96, height=64), Role.VIDEO
        ),
        Chosen(stored("walk.vtt", "vtt", made.vtt(cues), author), Role.CAPTIONS),
    ]
    video = make_video(author, files=files)
    answers = []
    page.on("response", lambda response: answers.append((response.url[-4:], response.status)))
    page.goto(video.get_absolute_url())
    player = page.locator("video")
    assert player.evaluate(LOADED)
    assert page.locator("track").evaluate(CAPTIONED)
    track = (
        "video => [video.textTracks[0].mode, video.textTracks[0].language, video.textTracks[0].cues[0].text]"
    )
    assert player.evaluate(track) == ["showing", "en", WORDS]
    assert player.evaluate("video => Math.round(video.duration)") == LONG // 1000

    # The page's own keys lead to it, and Space plays and pauses.
    page.keyboard.press("Tab")
    for _press in range(40):
        if page.evaluate("document.activeElement.tagName") == "VIDEO":
            break
        page.keyboard.press("Tab")
    player.evaluate("video => { video.muted = true; }")
    page.keyboard.press("Space")
    assert player.evaluate(RUNNING)
    page.keyboard.press("Space")
    assert player.evaluate(PAUSED)

    # A place near its end: a browser goes there only where the server answers for a part of the file.
    assert player.evaluate(GO_THERE, 1100) == 1100
    assert {status for ending, status in answers if ending == ".mp4"} == {206}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_moves_while_it_loads_and_all_of_it_fits(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    for video in (uploaded(poster=True), uploaded(size={"width": 480, "height": 854}), make_video()):
        page.goto(video.get_absolute_url(), wait_until="networkidle")
        assert page.evaluate(MOVED) == 0
        assert page.evaluate("document.documentElement.scrollWidth") == width
        box = page.locator(".player").bounding_box()
        assert box["height"] <= 800


def test_of_a_hosted_video_nothing_is_asked_of_its_host(page, site):
    video = make_video(hosted_url="https://vimeo.com/123456")
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url)))
    for path in (video.get_absolute_url(), "/library/videos/"):
        page.goto(path, wait_until="networkidle")
    assert {url.netloc for url in asked} == {urlsplit(site).netloc}
    assert video.url_below("poster.svg") in {url.path for url in asked}
    page.goto(video.get_absolute_url())
    assert page.locator("img.player").evaluate("picture => [picture.complete, picture.naturalWidth]") == [
        True,
        1280,
    ]


def test_axe_finds_nothing_on_their_pages(page, site):
    author = establish(make_member())
    videos = [
        uploaded(author, poster=True),
        uploaded(author, captions=False, transcript=""),
        make_video(author),
    ]
    found = []
    for member in (None, author):
        become(page, site, member)
        for path in ("/library/videos/", *(video.get_absolute_url() for video in videos)):
            page.goto(path)
            found += look_from_both_sides(page, path)
    page.goto("/library/videos/new/")
    page.get_by_label("Address of a video").fill("https://videos.example.org/1")
    page.get_by_role("button", name="Publish").click()
    page.evaluate(AXE_SCRIPT)
    found += findings(page, "a form with an address of another site")
    assert page.get_by_role("link", name="Share this address as a link").count() == 1
    assert found == []
