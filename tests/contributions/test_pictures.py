"""Pictures in the form of every kind: added without publishing, described before it is saved, and kept meanwhile."""

import re
import time

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blog.models import Post
from commons.contributions import kinds
from commons.contributions.models import Attachment, KeptText
from commons.contributions.pictures import MOST, name_of
from commons.files.models import KEPT_FOR, SALT, StoredFile
from tests.contributions.picturing import (
    WORDS,
    addresses,
    chosen,
    codes,
    fields_of,
    images,
    kept_picture,
    photo,
    rows_of_a_picture,
    typed,
)
from tests.factories import consume, make_post, values_for
from tests.files.test_pictures import png_header

pytestmark = pytest.mark.django_db
NEW = "/blog/new/"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def signed(client, member):
    client.force_login(member)
    return client


def edit(post):
    return post.url_below("edit/")


def there(response):
    """Return the pictures that a form shows, by name."""
    return response.context["form"].pictures.there


def begins_at(response):
    """Return the fields that the keyboard is in when the form is shown."""
    fields = response.context["form"].fields
    return [name for name, field in fields.items() if "autofocus" in field.widget.attrs]


def refused(response):
    assert response.status_code == 200
    assert Post.objects.count() == 0
    return codes(response)


# --- adding ---------------------------------------------------------------------------------------


def test_the_form_of_every_kind_takes_pictures(signed):
    for kind in kinds.all_kinds():
        if kind.new_url:
            page = signed.get(reverse(kind.new_url)).content.decode()
            assert re.findall(r'<input type="file" name="(picture)"', page) == ["picture"], kind.code
            assert 'enctype="multipart/form-data"' in page


def test_adding_a_picture_publishes_nothing_and_asks_for_nothing_else(signed, member):
    response = signed.post(NEW, {"do": "picture", "body": "So far.", "picture": photo("My garden.png")})
    assert refused(response) == {}
    file = StoredFile.objects.get(made_from=None)
    assert (file.owner, file.in_use, file.name) == (member, False, "my-garden-600.webp")
    page = response.content.decode()
    assert "So far." in page
    assert f"![](picture:{name_of(file)})" in page
    assert "my-garden-600.webp" in page
    signed_value = response.context["form"][f"picture_{name_of(file)}"].value()
    assert StoredFile.objects.kept_for(member, signed_value) == file
    assert begins_at(response) == [f"picture_{name_of(file)}_words"]


def test_what_was_typed_about_the_picture_comes_to_stand_beside_it(signed):
    words = "Beds [of] *ours*"
    response = signed.post(NEW, {"do": "picture", "picture": photo(), "picture_words": words})
    (name,) = there(response)
    form = response.context["form"]
    assert (form[f"picture_{name}_words"].value(), form["picture_words"].value()) == (words, "")
    assert f"![Beds \\[of\\] \\*ours\\*](picture:{name})" in response.content.decode()


def test_several_are_added_one_after_another(signed):
    first = signed.post(NEW, {"do": "picture", "picture": photo("one.png"), "picture_words": "One"})
    (one,) = there(first).values()
    again = signed.post(
        NEW, {"do": "picture", "picture": photo("two.png"), "picture_words": "Two", **fields_of(one, "One")}
    )
    assert [file.name for file in there(again).values()] == ["one-600.webp", "two-600.webp"]
    signed.post(NEW, typed(*there(again).values()))
    assert [each.file.name for each in Attachment.objects.order_by("position")] == [
        "one-600.webp",
        "two-600.webp",
    ]


def test_publishing_with_one_that_was_kept(signed, member):
    file = kept_picture(member)
    signed.post(NEW, typed(file, body=f"Look:\n\n![x](picture:{name_of(file)})\n\nEnd."))
    post = Post.objects.get()
    attached = post.attachments.get()
    assert (attached.file, attached.role, attached.description) == (file, "picture", WORDS)
    assert StoredFile.objects.get(pk=file.pk).in_use is True
    (image,) = images(signed.get(post.get_absolute_url()))
    assert (image.get("alt"), image.get("width"), image.get("height")) == (WORDS, "600", "300")
    around = re.sub(r"<picture>.*</picture>", "…", post.body_html)
    assert around == "<p>Look:</p>\n<p>…</p>\n<p>End.</p>\n"
    for address in addresses(file):
        assert address in post.body_html
        assert consume(signed.get(address))


def test_publishing_in_one_go(signed):
    signed.post(NEW, typed(picture=photo(), picture_words=f"  {WORDS}\n "))
    post = Post.objects.get()
    assert post.is_published
    assert [(each.description, each.position) for each in post.attachments.all()] == [(WORDS, 0)]
    assert [image.get("alt") for image in images(signed.get(post.get_absolute_url()))] == [WORDS]


def test_one_that_the_text_does_not_place_stands_below_it(signed, member):
    file = kept_picture(member)
    signed.post(NEW, typed(file, body="Only words."))
    assert (
        re.sub(r"<picture>.*</picture>", "…", Post.objects.get().body_html)
        == "<p>Only words.</p>\n<p>…</p>\n"
    )


def test_a_preview_shows_them_to_whoever_writes(signed, member):
    file = kept_picture(member)
    response = signed.post(NEW, typed(file, do="preview", words="", picture=photo("shed.png")))
    assert refused(response) == {}
    assert begins_at(response) == []
    assert len(images(response)) == 2
    for image in images(response):
        assert consume(signed.get(image.get("src")))
    assert not StoredFile.objects.get(pk=file.pk).in_use


@pytest.mark.parametrize("do", ["publish", "draft"])
def test_without_a_description_nothing_is_saved(signed, do):
    response = signed.post(NEW, typed(picture=photo(), picture_words=" \t ", do=do))
    (name,) = there(response)
    assert refused(response) == {f"picture_{name}_words": ["picture_undescribed"]}
    page = response.content.decode()
    assert f'<a href="#id_picture_{name}_words">Describe the picture, or take it out.</a>' in page
    assert f'id="id_picture_{name}_words_error"' in page
    again = signed.post(NEW, typed(*there(response).values(), do=do))
    assert again.status_code == 302
    assert Post.objects.get().attachments.get().description == WORDS


def test_one_that_is_taken_out_leaves_its_words(signed, member):
    file = kept_picture(member)
    name = name_of(file)
    signed.post(
        NEW, typed(file, words="", body=f"![Our beds](picture:{name})", **{f"picture_{name}_out": "on"})
    )
    post = Post.objects.get()
    assert post.body_html == "<p>Our beds</p>\n"
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.get(pk=file.pk).in_use


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"do": "picture"}, {"picture": ["picture_not_chosen"]}),
        ({"do": "publish", "picture_words": "A shed"}, {"picture": ["picture_words_alone"]}),
        ({"do": "publish", "picture_words": "x" * 301}, {"picture_words": ["max_length"]}),
    ],
)
def test_words_without_a_picture(signed, values, expected):
    response = signed.post(NEW, typed(**values))
    assert refused(response) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.png"),
        (b"<html>", "a.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png"),
        (png_header(8000, 5001), "a.png"),
        (b"\0" * (10 * 1024 * 1024 + 1), "a.png"),
    ],
)
def test_a_picture_that_is_refused_loses_nothing_else(signed, member, content, name):
    file = kept_picture(member)
    upload = SimpleUploadedFile(name, content)
    response = signed.post(NEW, typed(file, body="Long work.", picture=upload, picture_words="A shed"))
    assert list(refused(response)) == ["picture"]
    assert list(there(response).values()) == [file]
    form = response.context["form"]
    assert (form["body"].value(), form["picture_words"].value()) == ("Long work.", "A shed")
    assert StoredFile.objects.filter(made_from=None).count() == 1


def test_a_description_that_is_too_long(signed, member):
    file = kept_picture(member)
    response = signed.post(NEW, typed(file, words="x" * 301))
    assert refused(response) == {f"picture_{name_of(file)}_words": ["max_length"]}


def test_twelve_and_no_more(signed, member):
    files = [rows_of_a_picture(member) for _ in range(MOST)]
    response = signed.post(NEW, typed(*files, picture=photo(), picture_words=WORDS))
    assert refused(response) == {"picture": ["too_many_pictures"]}
    assert len(there(response)) == MOST + 1
    out = {f"picture_{name_of(files[0])}_out": "on"}
    signed.post(NEW, typed(*there(response).values(), **out))
    assert Post.objects.get().attachments.count() == MOST


def test_a_picture_survives_what_is_wrong_elsewhere(signed):
    response = signed.post(NEW, typed(title="", picture=photo(), picture_words=WORDS))
    assert refused(response) == {"title": ["required"]}
    signed.post(NEW, typed(*there(response).values()))
    assert Post.objects.get().attachments.get().description == WORDS


# --- whose, and for how long ----------------------------------------------------------------------


class HoursAgo(signing.TimestampSigner):
    def timestamp(self):
        return signing.b62_encode(int(time.time() - KEPT_FOR.total_seconds() - 60))


def test_what_was_kept_too_long_ago_is_asked_for_again(signed, member):
    file = kept_picture(member)
    old = HoursAgo(salt=SALT).sign_object([file.pk, member.pk])
    response = signed.post(NEW, typed(file, **{f"picture_{name_of(file)}": old}))
    assert refused(response) == {"picture": ["picture_gone"]}
    assert there(response) == {}


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "\x00", "тест"])
def test_a_name_that_was_never_given_is_not_there(signed, member, value):
    file = kept_picture(member)
    response = signed.post(NEW, typed(file, **{f"picture_{name_of(file)}": value}))
    assert refused(response) == {"picture": ["picture_gone"]}


def test_nobody_else_can_use_it(client, member, other_member):
    file = kept_picture(member)
    client.force_login(other_member)
    response = client.post(NEW, typed(file))
    assert refused(response) == {"picture": ["picture_gone"]}
    client.post(NEW, typed(body=f"![Words](picture:{name_of(file)})"))
    assert Post.objects.get().body_html == "<p>Words</p>\n"


def test_one_of_another_item_is_not_shown_even_by_the_same_member(signed, member):
    other = make_post(member, files=[chosen(kept_picture(member))])
    (attached,) = other.attachments.all()
    signed.post(NEW, typed(attached.file, body=f"![Words](picture:{name_of(attached.file)})"))
    post = Post.objects.exclude(pk=other.pk).get()
    assert (post.body_html, post.attachments.count()) == ("<p>Words</p>\n", 0)
    assert Attachment.objects.get().contribution_id == other.pk


def test_two_forms_that_are_saved_at_once_do_not_share_a_picture(member):
    """Each was looked at before the other was saved."""
    file = kept_picture(member)
    first, second = (make_post(member, files=[chosen(file)]) for _ in range(2))
    assert [post.attachments.count() for post in (first, second)] == [1, 0]


def test_the_same_form_twice_is_one_item_with_its_picture(signed, member):
    form = typed(kept_picture(member))
    first, second = (signed.post(NEW, form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Post.objects.get().attachments.count() == 1


def test_a_lost_session_keeps_the_pictures_that_were_added(client, signed, member, other_member):
    page = signed.get(NEW).content.decode()
    by = re.search(r'name="written_by" value="([^"]+)"', page)[1]
    file = kept_picture(member)
    client.logout()
    client.post(NEW, typed(file, written_by=by))
    kept = KeptText.objects.get()
    client.force_login(other_member)
    assert there(client.get(f"{NEW}?kept={kept.token}")) == {}
    client.force_login(member)
    form = client.get(f"{NEW}?kept={kept.token}").context["form"]
    assert form.pictures.there == {name_of(file): file}
    assert form[f"picture_{name_of(file)}_words"].value() == WORDS
    client.post(NEW, typed(file, **{f"picture_{name_of(file)}": form[f"picture_{name_of(file)}"].value()}))
    assert Post.objects.get().attachments.get().file == file


# --- editing --------------------------------------------------------------------------------------


def test_editing_shows_them_and_keeps_what_it_does_not_name(signed, member):
    post = make_post(member, files=[chosen(kept_picture(member))])
    (file,) = StoredFile.objects.filter(made_from=None)
    form = signed.get(edit(post)).context["form"]
    assert form.pictures.there == {name_of(file): file}
    assert form[f"picture_{name_of(file)}_words"].value() == WORDS
    signed.post(edit(post), typed(version=1))
    signed.post(edit(post), typed(version=2, **{f"picture_{name_of(file)}_words": "A shed"}))
    assert [(each.description, each.current) for each in post.attachments.all()] == [("A shed", True)]
    assert 'alt="A shed"' in Post.objects.get().body_html


def test_a_description_can_not_be_emptied(signed, member):
    post = make_post(member, files=[chosen(kept_picture(member))])
    name = name_of(post.attachments.get().file)
    response = signed.post(edit(post), typed(version=1, **{f"picture_{name}_words": ""}))
    assert codes(response) == {f"picture_{name}_words": ["picture_undescribed"]}
    assert post.attachments.get().description == WORDS


def test_whoever_saves_second_loses_no_picture(signed, member):
    post = make_post(member, files=[chosen(kept_picture(member))])
    first, second = post.attachments.get().file, kept_picture(member, "shed.png")
    post.revise(member, values_for("Theirs", files=[]), version=1)
    response = signed.post(edit(post), typed(first, second, version=1))
    assert response.status_code == 409
    assert list(there(response).values()) == [first, second]
    signed.post(edit(post), typed(first, second, version=2))
    shown = Post.objects.get().attachments.filter(current=True).order_by("position")
    assert [each.file for each in shown] == [first, second]


def test_an_edit_sent_twice_shows_both_texts_and_keeps_the_picture(signed, member):
    post, file = make_post(member), kept_picture(member)
    form = typed(file, version=1)
    assert signed.post(edit(post), form).status_code == 302
    second = signed.post(edit(post), form)
    assert second.status_code == 409
    assert list(there(second).values()) == [file]


def test_going_back_brings_its_pictures_back(member, administrator):
    post = make_post(member, body="One.", files=[chosen(kept_picture(member))])
    with_it = Post.objects.get().body_html
    post.revise(member, values_for("Two", body="Two.", files=[]), version=1)
    assert "<picture>" not in Post.objects.get().body_html
    post.go_back_to(post.revisions.get(number=1), administrator, "Better.", version=2)
    assert Post.objects.get().body_html == with_it
    assert [each.current for each in post.attachments.all()] == [True]
    assert post.revisions.get(number=3).snapshot["files"] == post.revisions.get(number=1).snapshot["files"]


def test_pictures_stay_where_a_kind_is_stored_without_a_form(member):
    """The editors' pages store some fields alone, and a text is then written to HTML again."""
    post = make_post(member, files=[chosen(kept_picture(member))])
    post.store({"body": "Other words."})
    assert (
        re.sub(r"<picture>.*</picture>", "…", Post.objects.get().body_html)
        == "<p>Other words.</p>\n<p>…</p>\n"
    )


# --- what it costs --------------------------------------------------------------------------------


def test_pages_cost_the_same_with_pictures(client, queries, member):
    post = make_post(member, files=[chosen(rows_of_a_picture(member)) for _ in range(3)])
    client.get(post.get_absolute_url())
    with queries(2):  # the post, and what is like it
        assert len(images(client.get(post.get_absolute_url()))) == 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_costs_the_same_for_any_number(signed, queries, member, number):
    post = make_post(member, files=[chosen(rows_of_a_picture(member)) for _ in range(number)])
    signed.get(edit(post))
    with queries(11):
        assert len(there(signed.get(edit(post)))) == number


def test_lists_and_feeds_show_words_alone(client, member):
    words = "Tomatoes ripening"
    make_post(member, title="Feed me", body="First words.", files=[chosen(kept_picture(member), words)])
    for path in ("/blog/", "/blog/feed/"):
        page = client.get(path).content.decode()
        assert "First words." in page
        assert (words in page, "/files/" in page) == (False, False)
    assert "Feed me" in client.get("/search/?q=tomatoes+ripening").content.decode()
