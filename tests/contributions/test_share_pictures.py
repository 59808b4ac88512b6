"""The picture beside an address that is shared: of what everyone may see, with its title or without, never boxes."""

import io
import re

import pytest
from django.conf import settings as site
from PIL import Image

from commons.contributions import share_pictures
from commons.contributions.share_pictures import HEAD, LEFT, RIGHT, WIDTH, _width, draw, fitted, shown
from commons.files.picture_storing import store_picture
from tests.contributions.picturing import WORDS, chosen, photo
from tests.factories import consume, make_post, make_report, make_video

NETWORK = "Co-production Practitioners’ Network"


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def has_words(content, top, bottom):
    """Whether anything light is drawn right of the patches between two heights."""
    part = opened(content).convert("L").crop((LEFT - 10, top, WIDTH, bottom))
    return part.getextrema()[1] > 150


@pytest.mark.django_db
def test_it_is_a_picture_of_the_size_that_is_told(client, member):
    post = make_post(member, title="Time banks")
    response = client.get(f"/pictures/{post.pk}.png")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    image = opened(response.content)
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(response.content) < 60_000
    assert response.headers["Content-Security-Policy"] == site.SECURE_CSP_FILE
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    html = client.get(post.get_absolute_url()).content.decode()
    told = dict(re.findall(r'<meta property="(og:[a-z:_]+)" content="(.*?)">', html))
    assert told == {
        "og:type": "article",
        "og:site_name": NETWORK,
        "og:title": "Time banks",
        "og:description": post.lead(),
        "og:url": f"http://127.0.0.1:8000{post.get_absolute_url()}",
        "og:image": f"http://127.0.0.1:8000/pictures/{post.pk}.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Blog post: Time banks",
    }
    assert '<meta name="twitter:card" content="summary_large_image">' in html


@pytest.mark.django_db
def test_it_is_there_of_what_everyone_may_see_whoever_asks(client, member, administrator):
    public, members = make_post(member), make_post(member, audience="members")
    draft, removed = make_post(member, publish=False), make_post(member)
    removed.remove(administrator, "Off topic.")
    for reader in (None, member, administrator):
        if reader:
            client.force_login(reader)
        found = [
            client.get(f"/pictures/{item.pk}.png").status_code for item in (public, members, draft, removed)
        ]
        assert found == [200, 404, 404, 404]
    assert client.get("/pictures/0.png").status_code == 404


@pytest.mark.django_db
def test_it_is_drawn_once_and_asked_for_again(client, member, django_assert_num_queries):
    post = make_post(member, title="Before")
    first = client.get(f"/pictures/{post.pk}.png")
    drawn = share_pictures.draw.cache_info().misses
    with django_assert_num_queries(1):
        again = client.get(f"/pictures/{post.pk}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/pictures/{post.pk}.png").content == first.content
    assert share_pictures.draw.cache_info().misses == drawn
    type(post).objects.filter(pk=post.pk).update(title="After")
    assert client.get(f"/pictures/{post.pk}.png").headers["ETag"] != first.headers["ETag"]


@pytest.mark.django_db
def test_an_item_with_a_picture_of_its_own_is_told_by_that(client, member):
    small = make_post(member, files=[chosen(store_picture(photo(size=(300, 150)), member))])
    assert f"/pictures/{small.pk}.png" in client.get(small.get_absolute_url()).content.decode()
    post = make_post(member, files=[chosen(store_picture(photo(size=(1600, 800)), member))])
    html = client.get(post.get_absolute_url()).content.decode()
    address = re.search(r'<meta property="og:image" content="http://127.0.0.1:8000(.*?)">', html)[1]
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] in {"image/jpeg", "image/png"}
    width, height = opened(consume(response)).size
    for name, value in (("width", width), ("height", height), ("alt", WORDS)):
        assert f'<meta property="og:image:{name}" content="{value}">' in html


@pytest.mark.django_db
def test_every_kind_has_one(client, member):
    for item in (make_report(), make_video(member)):
        assert client.get(f"/pictures/{item.pk}.png").status_code == 200


@pytest.mark.parametrize("title", ["Time banks", "Mae’r gŵr yn tŷ", "£5 & “more” – naïve café", "A/B 100%"])
def test_what_the_fonts_have_is_drawn(title):
    assert shown(title, HEAD) == title
    assert has_words(draw(title, "Blog post", (1,), NETWORK), 200, 420)


@pytest.mark.parametrize("title", ["共同制作", "Привет", "مرحبا", "שלום", "Time 銀行"])
def test_a_title_in_letters_that_they_lack_is_left_out_and_the_rest_is_drawn(title):
    assert shown(title, HEAD) == ""
    drawn = draw(title, "Blog post", (1,), NETWORK)
    assert not has_words(drawn, 130, 520)
    assert has_words(drawn, share_pictures.LABEL_TOP, 120)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("🧵 Time banks 👩🏽‍🌾", "Time banks"),
        ("Be\x07ll\n x", "Bell x"),
        ("☃️", ""),
        ("cafe\u0301", "café"),
        ("", ""),
    ],
)
def test_emoji_and_what_only_shapes_letters_are_left_out(title, kept):
    assert shown(title, HEAD) == kept
    assert opened(draw(title, "Blog post", (), NETWORK)).size == (1200, 630)


@pytest.mark.parametrize("title", ["word " * 40, "x" * 200, "Short", "Two words " + "y" * 90])
def test_a_title_is_set_within_the_picture_and_its_end_is_cut(title):
    size, lines = fitted(title.strip())
    most = dict(share_pictures.SETTINGS)[size]
    assert len(lines) <= most
    assert max(_width(line, HEAD, size) for line in lines) <= RIGHT - LEFT
    joined = "".join(lines).replace(" ", "")
    whole = title.replace(" ", "")
    assert joined == whole or (joined.endswith("…") and whole.startswith(joined[:-1]))


def test_where_no_font_can_be_read_the_pattern_stands_alone(monkeypatch, tmp_path):
    for kept in (share_pictures._font, share_pictures._font_for, share_pictures.draw):
        kept.cache_clear()
    monkeypatch.setattr(share_pictures, "FONTS", tmp_path)
    try:
        assert not has_words(draw("Time banks", "Blog post", (2, 5), NETWORK), 0, 630)
    finally:
        for kept in (share_pictures._font, share_pictures._font_for, share_pictures.draw):
            kept.cache_clear()
