"""Videos: what may be shared as one, and what its page, card, feed and search say of it."""

import io
import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from commons.contributions.attaching import Chosen, chosen_of
from commons.contributions.models import Role
from commons.files.models import StoredFile
from commons.files.picture_storing import store_picture
from commons.search.index import check
from library.models import Video
from library.video_forms import VideoForm
from library.video_player import duration_words
from tests.factories import consume, establish, make_member, make_moderator, make_video, values_for
from tests.files import made
from tests.library.filming import files_for, upload, uploaded
from tests.static.test_contrast import tokens
from tests.world import build_world

pytestmark = pytest.mark.django_db

NEW, LIST = "/library/videos/new/", "/library/videos/"
WATCH = "https://www.youtube.com/watch?v=AAAAAAAAAAA"


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fields(**more):
    """What a browser sends of the form, to publish a hosted video unless told otherwise."""
    terms = {name: [term.pk for term in values_for()[name]] for name in ("principles", "sectors")}
    return {
        "title": "A walk",
        "body": "We walked.",
        "audience": "everyone",
        "hosted_url": WATCH,
        **terms,
        **more,
    }


def codes(response):
    return {
        name: [error.code for error in errors]
        for name, errors in response.context["form"].errors.as_data().items()
    }


@pytest.fixture
def writer(client):
    member = establish(make_member("Ann Lee"))
    client.force_login(member)
    return member


# --- writing ------------------------------------------------------------------------------------


def test_a_hosted_video_is_published_with_its_address_in_one_spelling(client, writer):
    client.post(NEW, fields(hosted_url=" youtu.be/AAAAAAAAAAA?si=abc ", transcript="Hello.\r\nWe walk."))
    video = Video.objects.get()
    assert (
        video.status,
        video.subtype,
        video.host,
        video.hosted_url,
        video.transcript,
        video.card["hosted_by"],
    ) == (
        "published",
        "hosted",
        "youtube",
        WATCH,
        "Hello.\nWe walk.",
        "youtube",
    )


def test_an_uploaded_video_is_published_with_captions_and_a_poster(client, writer):
    files = {
        "video": upload("A walk.mp4", made.mp4()),
        "captions": upload("A walk.vtt", made.vtt()),
        "poster": upload("A still.jpg", made.jpeg((1600, 900), gps=True)),
    }
    client.post(NEW, fields(hosted_url="", **files))
    video = Video.objects.get()
    assert (video.status, video.subtype, video.host) == ("published", "uploaded", "")
    assert {each.role: each.file.type for each in chosen_of(video)} == {
        "video": "mp4",
        "captions": "vtt",
        "poster": "webp",
    }
    assert all(each.file.in_use and each.file.owner == writer for each in chosen_of(video))
    (file,) = video.files_as(Role.VIDEO)
    assert (file["width"], file["height"], file["milliseconds"]) == (96, 64, 2000)


def test_the_picture_that_was_given_is_kept_only_as_we_wrote_it(client, writer):
    """Where it was taken, and whatever else it carried, is stored nowhere."""
    client.post(NEW, fields(poster=upload("A still.jpg", made.jpeg((1600, 900), gps=True))))
    pictures = {file.name: consume(client.get(file.get_absolute_url())) for file in StoredFile.objects.all()}
    opened = {name: Image.open(io.BytesIO(content)) for name, content in pictures.items()}
    assert {name: (image.size, dict(image.getexif())) for name, image in opened.items()} == {
        "a-still-480.webp": ((480, 270), {}),
        "a-still-960.jpg": ((960, 540), {}),
        "a-still-960.webp": ((960, 540), {}),
        "a-still-1600.webp": ((1600, 900), {}),
    }
    assert [name for name, content in pictures.items() if b"A camera" in content] == []
    html = client.get(Video.objects.get().get_absolute_url()).content.decode()
    shown = StoredFile.objects.get(name="a-still-960.webp")
    assert re.search(r'<img class="player" (.*?)>', html)[1] == (
        f'src="{shown.get_absolute_url()}" alt="" width="960" height="540"'
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"hosted_url": ""}, {"video": ["no_video"]}),
        ({"video": "mp4"}, {"hosted_url": ["two_videos"]}),
        ({"captions": "vtt"}, {"captions": ["captions_elsewhere"]}),
        ({"hosted_url": "https://videos.example.org/watch/1"}, {"hosted_url": ["unknown_host"]}),
        ({"hosted_url": "", "video": "txt"}, {"video": ["file_type"]}),
        ({"captions": "txt", "hosted_url": "", "video": "mp4"}, {"captions": ["file_type"]}),
        ({"poster": "pdf"}, {"poster": ["file_type"]}),
    ],
)
def test_what_is_refused_and_why(client, writer, sent, expected):
    files = {
        name: upload(f"a.{code}", made.ALL[code]()) for name, code in sent.items() if name != "hosted_url"
    }
    response = client.post(NEW, fields(**{**sent, **files}))
    assert (response.status_code, codes(response), Video.objects.count()) == (200, expected, 0)


def test_a_draft_may_lack_the_video(client, writer):
    client.post(NEW, fields(hosted_url="", do="draft"))
    video = Video.objects.get()
    assert (video.status, video.hosted_url) == ("draft", "")
    assert "There is no video here yet." in client.get(video.get_absolute_url()).content.decode()


def test_a_video_of_another_site_can_be_shared_as_a_link(client, writer):
    response = client.post(NEW, fields(hosted_url="https://videos.example.org/watch?v=1&x=2"))
    assert (
        'href="/library/links/new/?type=video&amp;url=https%3A%2F%2Fvideos.example.org%2Fwatch%3Fv%3D1%26x%3D2"'
        in response.content.decode()
    )


def test_one_file_takes_the_place_of_another_and_a_refused_one_does_not(client, writer):
    video = uploaded(writer)
    first = chosen_of(video)
    kept = {
        f"{role}_kept": [each.file.token for each in first if each.role == role]
        for role in ("video", "captions")
    }
    sent = fields(hosted_url="", version=video.version, **kept)
    response = client.post(video.url_below("edit/"), {**sent, "video": upload("a.txt", b"words")})
    assert codes(response) == {"video": ["file_type"]}
    assert response.context["form"].fields["video"].widget.there == [first[1].file]
    client.post(video.url_below("edit/"), {**sent, "video": upload("b.webm", made.webm())})
    assert [(each.role, each.file.name) for each in chosen_of(video)] == [
        ("captions", "walk.vtt"),
        ("video", "b.webm"),
    ]


def test_neither_file_nor_address_is_called_optional(client, writer):
    html = client.get(NEW).content.decode()
    labels = dict(re.findall(r'<label for="id_(\w+)">([^<]*)</label>', html))
    assert {name: labels[name] for name in ("video", "hosted_url", "captions", "poster", "transcript")} == {
        "video": "Video file",
        "hosted_url": "Address of a video on YouTube or Vimeo",
        "captions": "Captions (optional)",
        "poster": "Picture to show before it plays (optional)",
        "transcript": "Transcript (optional)",
    }
    assert re.findall(r'name="(?:video|hosted_url)"[^>]* required', html) == []


def test_one_file_at_a_time_can_be_chosen(client, writer):
    html = client.get(NEW).content.decode()
    inputs = re.findall(r'<input type="file" name="(video|captions|poster)"([^>]*)>', html)
    assert [(name, "multiple" in attributes) for name, attributes in inputs] == [
        ("video", False),
        ("captions", False),
        ("poster", False),
    ]


def test_the_largest_video_is_a_setting(client, writer):
    limit = settings.NETWORK_VIDEO_MB
    assert VideoForm.base_fields["video"].most_bytes == limit * 1024 * 1024
    assert f"An MP4 or WebM of {limit} MB at most" in client.get(NEW).content.decode()


def test_the_database_keeps_a_host_beside_each_address():
    video = make_video()
    with pytest.raises(IntegrityError), transaction.atomic():
        Video.objects.filter(pk=video.pk).update(host="")


def test_every_version_keeps_address_transcript_and_files_and_can_be_put_back(writer):
    video = uploaded(writer, transcript="First words.")
    moderator = make_moderator()
    hosted = {**values_for(title=video.title), "hosted_url": WATCH, "transcript": "Other words.", "files": []}
    video.revise(writer, hosted, version=video.version)
    assert (video.host, video.subtype, video.card.get("files")) == ("youtube", "hosted", None)
    first = video.revisions.get(number=1)
    assert {name: first.snapshot[name] for name in ("hosted_url", "transcript")} == {
        "hosted_url": "",
        "transcript": "First words.",
    }
    video.go_back_to(first, moderator, "The first one.", version=video.version)
    video = Video.objects.get(pk=video.pk)
    assert (video.host, video.subtype, video.hosted_url, video.transcript) == (
        "",
        "uploaded",
        "",
        "First words.",
    )
    assert [each.role for each in chosen_of(video)] == ["captions", "video"]


# --- its page -----------------------------------------------------------------------------------


def test_the_player_has_file_poster_captions_and_size(client):
    video = uploaded(poster=True)
    by_role = {each.role: each.file for each in chosen_of(video)}
    html = client.get(video.get_absolute_url()).content.decode()
    player = re.search(r"<video.*?</video>", html, re.DOTALL)[0]
    assert re.findall(r'(src|poster|type|kind|srclang|label|width|height|preload)="(.*?)"', player) == [
        ("preload", "metadata"),
        ("width", "1280"),
        ("height", "720"),
        ("poster", by_role["poster"].get_absolute_url()),
        ("label", video.title),
        ("src", by_role["video"].get_absolute_url()),
        ("type", "video/mp4"),
        ("kind", "captions"),
        ("src", by_role["captions"].get_absolute_url()),
        ("srclang", "en"),
        ("label", "English"),
    ]
    assert f'<a href="{by_role["video"].get_absolute_url()}" download>' in html
    size = f"{by_role['video'].size / 1024:.1f}\xa0KB"
    assert f"3 min 12 s, MP4 video, {size}" in html.replace("&nbsp;", "\xa0")


def test_captions_are_sent_as_what_they_are(client):
    video = uploaded()
    captions = next(each.file for each in chosen_of(video) if each.role == "captions")
    response = client.get(captions.get_absolute_url())
    assert consume(response) == made.vtt()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/vtt; charset=utf-8")


@pytest.mark.parametrize(
    ("width", "height", "tall"), [(1280, 720, False), (480, 854, True), (None, None, False)]
)
def test_a_tall_video_gets_a_tall_frame(client, width, height, tall):
    video = uploaded(size={"width": width, "height": height})
    html = client.get(video.get_absolute_url()).content.decode()
    assert re.search(r'<video class="(.*?)"', html)[1] == ("player tall" if tall else "player")


def test_a_hosted_video_leads_to_its_host_and_loads_nothing_from_there(client):
    video = make_video(hosted_url="https://vimeo.com/123456/abcdef0123")
    html = client.get(video.get_absolute_url()).content.decode()
    main = html[html.index("<main") :]
    assert re.findall(r"<(?:video|iframe|embed|object|script)\b", main) == []
    assert re.findall(r'(?:src|poster|data)="(https?:[^"]*|//[^"]*)"', html) == []
    watch = re.search(r'<a class="btn" href="([^"]*)" rel="([^"]*)">Watch on Vimeo</a>', main)
    assert watch.groups() == ("https://vimeo.com/123456/abcdef0123", "external noopener noreferrer")
    assert "It opens vimeo.com, which may set cookies." in main
    assert f'src="{video.url_below("poster.svg")}"' in main


def test_the_transcript_is_on_the_page_as_it_was_typed(client):
    video = make_video(transcript="She says: <b>stay</b>.\n\nThey walk on.")
    html = client.get(video.get_absolute_url()).content.decode()
    assert "<p>She says: &lt;b&gt;stay&lt;/b&gt;.</p>\n\n<p>They walk on.</p>" in html


@pytest.mark.parametrize(
    ("captions", "transcript", "asked"), [(False, "", True), (True, "", False), (False, "Words.", False)]
)
def test_its_author_alone_is_asked_for_words_where_there_are_none(client, captions, transcript, asked):
    author, words = make_member(), "Some people can’t follow this video yet"
    video = uploaded(author, captions=captions, transcript=transcript)
    assert words not in client.get(video.get_absolute_url()).content.decode()
    client.force_login(author)
    assert (words in client.get(video.get_absolute_url()).content.decode()) == asked


def test_a_title_is_drawn_whole_where_there_is_no_picture(client):
    title = "What we learnt by walking with the people who use the service & those who <pay> for it"
    video = make_video(title=title)
    response = client.get(video.url_below("poster.svg"))
    drawn = response.content.decode()
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    lines = re.findall(r"<text[^>]*>(.*?)</text>", drawn)
    assert " ".join(lines).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == title
    again = client.get(video.url_below("poster.svg"), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_longest_title_ends_within_the_picture(client):
    drawn = client.get(make_video(title="Wide words " * 18).url_below("poster.svg")).content.decode()
    places = [int(y) for y in re.findall(r'<text x="206" y="(\d+)"', drawn)]
    assert len(places) == 6
    assert min(places) > 40
    assert max(places) < 560  # where the sign for playing begins


def test_the_drawing_has_no_colours_of_its_own():
    colours = set()
    for name in ("video_poster.svg", "_video_patch.svg"):
        drawing = settings.BASE_DIR / "library" / "templates" / "library" / name
        colours |= set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", drawing.read_text()))
    light = tokens()["light"]
    names = ("band", "gold", "paper", "on-p", *(f"p{number}" for number in range(1, 9)))
    assert colours == {light[name] for name in names}


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (1, "1 s"),
        (59_400, "59 s"),
        (59_600, "1 min 0 s"),
        (192_400, "3 min 12 s"),
        (3_599_000, "59 min 59 s"),
        (3_599_600, "1 h 0 min"),
        (7_530_000, "2 h 6 min"),
    ],
)
def test_how_long_it_lasts_in_words(milliseconds, words):
    assert duration_words(milliseconds) == words


# --- finding it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(client, queries, number):
    videos = [make_video() for _number in range(number)]
    for path, most in (("", 3), ("archive/", 1), (f"archive/{videos[0].published_at:%Y/%m}/", 3)):
        client.get(LIST + path)
        with queries(most):
            client.get(LIST + path)


def test_number_of_queries_of_a_page(client, queries):
    for video in (uploaded(poster=True), make_video()):
        client.get(video.get_absolute_url())
        with queries(2):  # the video, and what is like it
            client.get(video.get_absolute_url())
    with queries(1):
        client.get(video.url_below("poster.svg"))


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author", "administrator"])
def test_the_list_shows_exactly_what_may_be_seen(reader):
    world = build_world()
    response = world.client_for(reader).get(LIST)
    expected = {marker for marker in world.listed_to(reader) if marker.startswith("zqvideo")}
    assert world.found_in(response) - set(world.people) == expected


def test_a_card_says_how_long_and_large_it_is_or_where_it_is_hosted(client):
    uploaded(), make_video(hosted_url=WATCH), make_video(publish=False)
    facts = [
        [words.replace("\xa0", " ") for words in card.facts] for card in client.get(LIST).context["cards"]
    ]
    assert facts == [["On YouTube"], ["3 min 12 s", "MP4 video", "2.8 KB"]]


def test_what_is_said_in_it_is_found(client):
    video = make_video(title="A walk", transcript="Nobody had asked us about the timetable before.")
    found = client.get("/search/", {"q": "timetable"}).content.decode()
    assert video.get_absolute_url() in found
    assert check() == []


def test_the_feed_names_the_file_of_what_was_uploaded(client):
    video, hosted, members = uploaded(), make_video(), uploaded(audience="members")
    file = next(each.file for each in chosen_of(video) if each.role == "video")
    feed = client.get("/library/videos/feed/").content.decode()
    assert re.findall(r'<link href="([^"]*)" rel="alternate"', feed)[1:] == [
        f"http://127.0.0.1:8000{item.get_absolute_url()}" for item in (hosted, video)
    ]
    named = [
        dict(re.findall(r'(\w+)="(.*?)"', link))
        for link in re.findall(r'<link [^>]*rel="enclosure"[^>]*>', feed)
    ]
    address = f"http://127.0.0.1:8000{file.get_absolute_url()}"
    assert named == [{"rel": "enclosure", "href": address, "length": str(file.size), "type": "video/mp4"}]
    assert members.get_absolute_url() not in feed


# --- who may have its files ---------------------------------------------------------------------


@pytest.mark.parametrize("case", ["listed", "members", "draft", "removed", "withdrawn", "hidden"])
def test_its_files_are_there_for_those_who_may_see_it(client, case):
    author, moderator = make_member(), make_moderator()
    poster = Chosen(store_picture(upload("still.jpg", made.jpeg()), author), Role.POSTER)
    video = make_video(
        author,
        files=[*files_for(author), poster],
        publish=case != "draft",
        audience="members" if case == "members" else "everyone",
    )
    if case == "removed":
        video.remove(moderator, "Not theirs.")
    elif case == "withdrawn":
        video.withdraw(author)
    elif case == "hidden":
        author.hide_contributions()
    files = StoredFile.objects.all()
    assert sorted(file.type for file in files) == ["jpeg", "mp4", "vtt", "webp"]
    addresses = [*(file.get_absolute_url() for file in files), video.url_below("poster.svg")]
    may = {}
    for name, reader in {
        "visitor": None,
        "stranger": make_member(),
        "author": author,
        "moderator": moderator,
    }.items():
        client.logout()
        if reader:
            client.force_login(reader)
        responses = [client.get(address) for address in addresses]
        for response in responses:
            consume(response)
        (may[name],) = {response.status_code for response in responses}
    seen, gone = 200, 404
    assert may == {
        "visitor": {"listed": seen}.get(case, gone),
        "stranger": {"listed": seen, "members": seen}.get(case, gone),
        "author": seen,
        "moderator": {"draft": gone}.get(case, seen),
    }


# --- for those who look after it ----------------------------------------------------------------


def test_the_admin_shows_files_and_transcript(client, administrator):
    video = uploaded(transcript="What is said.")
    client.force_login(administrator)
    assert client.get(reverse("admin:library_video_changelist")).status_code == 200
    html = client.get(reverse("admin:library_video_change", args=[video.pk])).content.decode()
    assert "What is said." in html
    for chosen in chosen_of(video):
        assert f'<a href="{chosen.file.get_absolute_url()}">{chosen.file.name}</a>' in html
