"""The blog's pages, and through them the shared views: lists, details, writing, editing, withdrawing."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from commons.contributions.models import Contribution, KeptText
from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db


def titles(response):
    return [card.title for card in response.context["cards"]]


def typed(**values):
    return {
        "title": "What we tried",
        "summary": "",
        "body": "We asked people first.",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "keywords": "rural, direct payments",
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "do": "publish",
        **values,
    }


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_list_costs_three_queries_for_a_visitor(client, queries, number, member):
    for _ in range(number):
        make_post(member, keywords=["rural"])
    client.get("/blog/")
    with queries(3):
        client.get("/blog/")


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_list_costs_five_queries_for_a_member(client, queries, number, member, other_member):
    for _ in range(number):
        make_post(member)
    client.force_login(other_member)
    client.get("/blog/")
    with queries(5):
        client.get("/blog/")


def test_newest_first_twenty_a_page(client, member):
    for number in range(21):
        make_post(member, title=f"Post {number:02d}")
    assert titles(client.get("/blog/"))[0] == "Post 20"
    second = client.get("/blog/?page=2")
    assert titles(second) == ["Post 00"]
    assert "<title>Blog, page 2 –" in second.content.decode()


@pytest.mark.parametrize("raw", ["abc", "0", "3", "99999999999999999999", "²", "-1", "1e3"])
def test_a_page_that_is_not_there(client, raw):
    assert client.get(f"/blog/?page={raw}").status_code == 404


def test_a_list_can_be_narrowed_by_tags(client, member):
    first, second = Principle.objects.all()[:2]
    sector, other = ServiceSector.objects.all()[:2]
    make_post(member, title="Both", principles=[first, second], sectors=[sector], keywords=["rural"])
    make_post(member, title="First", principles=[first], sectors=[other])
    assert titles(client.get(f"/blog/?principle={first.slug}")) == ["First", "Both"]
    assert titles(client.get(f"/blog/?principle={first.slug}&sector={sector.slug}")) == ["Both"]
    assert titles(client.get(f"/blog/?principle={first.slug}&principle={second.slug}")) == ["First", "Both"]
    assert titles(client.get("/blog/?keyword=rural")) == ["Both"]
    assert titles(client.get(f"/blog/?year={timezone.now().year}")) == ["First", "Both"]
    assert titles(client.get("/blog/?year=1999")) == []


@pytest.mark.parametrize(
    "query",
    ["principle=no-such", "keyword=%ED%A0%80", "year=abcd", "year=²²²²", "region=narnia"],
)
def test_values_that_are_not_there_are_ignored(client, member, query):
    make_post(member, title="Here")
    assert titles(client.get(f"/blog/?{query}")) == ["Here"]


def test_a_hidden_keyword_is_not_named(client, member):
    make_post(member, title="Here")
    make_post(member, publish=False, keywords=["whistle"])
    response = client.get("/blog/?keyword=whistle")
    assert titles(response) == ["Here"]
    assert response.context["chips"] == []


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_archive_costs_the_same_for_any_number(client, queries, number, member):
    for _ in range(number):
        make_post(member)
    this = timezone.localdate()
    for path, expected in (("", 1), (f"{this.year}/", 3), (f"{this.year}/{this.month:02}/", 3)):
        client.get(f"/blog/archive/{path}")
        with queries(expected):
            client.get(f"/blog/archive/{path}")


def test_the_archive_by_month(client, member):
    old = make_post(member, title="Old")
    Contribution.objects.filter(pk=old.pk).update(published_at="2010-04-30T22:59:00Z")
    late = make_post(member, title="Late")
    # 23:30 UTC on 30 April is half past midnight on 1 May in London.
    Contribution.objects.filter(pk=late.pk).update(published_at="2010-04-30T23:30:00Z")
    assert titles(client.get("/blog/archive/2010/04/")) == ["Old"]
    assert titles(client.get("/blog/archive/2010/05/")) == ["Late"]
    assert titles(client.get("/blog/archive/2010/")) == ["Late", "Old"]
    words = [month["words"] for month in client.get("/blog/archive/").context["months"]]
    assert words == ["May 2010", "April 2010"]
    assert client.get("/blog/archive/2010/13/").status_code == 404
    assert client.get("/blog/archive/9999/12/").status_code == 200


def test_what_is_not_listed_is_not_there(client, member, administrator):
    make_post(member, title="Shown")
    make_post(member, title="Draft", publish=False)
    make_post(member, title="Members", audience="members")
    make_post(member, title="Removed").remove(administrator, "Spam.")
    assert titles(client.get("/blog/")) == ["Shown"]
    client.force_login(member)
    assert titles(client.get("/blog/")) == ["Members", "Shown"]


def test_a_visitors_list_is_not_sent_twice(client, queries, member):
    make_post(member)
    etag = client.get("/blog/").headers["ETag"]
    with queries(1):
        assert client.get("/blog/", headers={"If-None-Match": etag}).status_code == 304
    make_post(member)
    assert client.get("/blog/", headers={"If-None-Match": etag}).status_code == 200


# --- details --------------------------------------------------------------------------------------


def test_the_id_decides_and_the_slug_is_put_right(client, member):
    post = make_post(member, title="A title")
    canonical = f"/blog/{post.pk}-a-title/"
    assert client.get(canonical).status_code == 200
    for other in (f"/blog/{post.pk}/", f"/blog/{post.pk}-old-title/", f"/blog/{post.pk}-/"):
        response = client.get(other)
        assert (response.status_code, response.headers["Location"]) == (301, canonical)


def test_a_title_without_latin_letters_has_an_empty_slug(client, member):
    post = make_post(member, title="日本")
    assert post.get_absolute_url() == f"/blog/{post.pk}/"
    assert client.get(f"/blog/{post.pk}/").status_code == 200


@pytest.mark.parametrize(
    "address", ["0/", "999999999999999999/", "99999999999999999999999999/", "²/", "1e3/", "-1/"]
)
def test_ids_that_are_not_there(client, address):
    assert client.get(f"/blog/{address}").status_code == 404


def test_a_wrong_slug_does_not_tell_that_something_is_there(client, member):
    post = make_post(member, publish=False)
    assert client.get(f"/blog/{post.pk}-wrong/").status_code == 404


def test_a_visitors_detail_costs_two_queries_and_sets_no_cookie(client, queries, member):
    """The post, and what is like it."""
    url = make_post(member, keywords=["rural"]).get_absolute_url()
    client.get(url)
    with queries(2):
        response = client.get(url)
    assert response.cookies == {}
    assert "csrfmiddlewaretoken" not in response.content.decode()
    with queries(2):
        again = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_withdrawn_leaves_a_tombstone_and_hidden_leaves_nothing(client, member, other_member, administrator):
    withdrawn, removed = make_post(member, title="Gone away"), make_post(member)
    withdrawn.withdraw(member)
    removed.remove(administrator, "Spam.")
    response = client.get(withdrawn.get_absolute_url())
    assert response.status_code == 410
    assert "Gone away" not in response.content.decode()
    assert client.get(removed.get_absolute_url()).status_code == 404
    client.force_login(other_member)
    assert client.get(removed.get_absolute_url()).status_code == 404
    client.force_login(member)
    assert client.get(removed.get_absolute_url()).status_code == 200


def test_members_only_offers_signing_in_and_tells_nothing(client, member, other_member):
    url = make_post(member, title="For members", audience="members").get_absolute_url()
    response = client.get(url)
    assert response.status_code == 404
    assert "For members" not in response.content.decode()
    assert reverse("account_login") in response.content.decode()
    client.force_login(other_member)
    assert client.get(url).status_code == 200


# --- writing --------------------------------------------------------------------------------------


def test_writing_needs_signing_in(client):
    assert client.get("/blog/new/").headers["Location"] == "/accounts/login/?next=/blog/new/"


def test_publishing(client, member):
    client.force_login(member)
    response = client.post("/blog/new/", typed())
    post = Post.objects.get()
    assert response.headers["Location"] == post.get_absolute_url()
    assert (post.author, post.title, post.status) == (member, "What we tried", "published")
    assert [name for name, _slug in post.card["keywords"]] == ["direct payments", "rural"]


def test_a_draft_needs_only_a_title(client, member):
    client.force_login(member)
    client.post("/blog/new/", typed(do="draft", body="", principles=[], sectors=[], keywords=""))
    assert Post.objects.get().status == "draft"


def test_a_preview_saves_nothing(client, member):
    client.force_login(member)
    response = client.post("/blog/new/", typed(do="preview", body="# Hello\n\n<script>x</script>"))
    assert response.status_code == 200
    assert "<h2>Hello</h2>" in response.content.decode()
    assert "<script>x" not in response.content.decode()
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"title": ""}, "title", "required"),
        ({"title": " \u200b" * 3 + "\t"}, "title", "required"),
        ({"title": "x" * 201}, "title", "max_length"),
        ({"summary": "x" * 401}, "summary", "max_length"),
        ({"body": "x" * 50_001}, "body", "max_length"),
        ({"body": ""}, "body", "required"),
        ({"principles": []}, "principles", "required"),
        ({"sectors": []}, "sectors", "required"),
        ({"principles": ["999999"]}, "principles", "invalid_choice"),
        ({"principles": ["abc"]}, "principles", "invalid_pk_value"),
        ({"principles": [str(10**30)]}, "principles", "invalid_pk_value"),
        ({"keywords": "x" * 61}, "keywords", "keyword_too_long"),
        ({"keywords": ",".join(f"k{n}" for n in range(13))}, "keywords", "too_many_keywords"),
        ({"audience": "nobody"}, "audience", "invalid_choice"),
        ({"form_key": "x"}, "form_key", "invalid"),
        ({"title": "a\x00b"}, "title", "null_characters_not_allowed"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_kept(client, member, wrong, field, code):
    client.force_login(member)
    response = client.post("/blog/new/", typed(**wrong))
    assert response.status_code == 200
    assert Post.objects.count() == 0
    errors = response.context["form"].errors.as_data()
    assert list(errors) == [field]
    if code:
        assert [error.code for error in errors[field]] == [code]
    page = response.content.decode()
    assert "<title>Error: " in page
    assert "We asked people first." in page or field == "body"


def test_fields_that_are_not_asked_for_are_ignored(client, member, other_member):
    client.force_login(member)
    client.post(
        "/blog/new/",
        typed(status="removed", author=other_member.pk, reach=0, published_at="1999-01-01", kind="report"),
    )
    post = Post.objects.get()
    assert (post.author, post.status, post.kind) == (member, "published", "blog")
    client.post(f"/blog/{post.pk}/edit/", typed(version=1, status="draft", author=other_member.pk))
    post.refresh_from_db()
    assert (post.author, post.status) == (member, "published")


def test_sent_twice_leads_to_the_one(client, member):
    client.force_login(member)
    form = typed()
    first, second = client.post("/blog/new/", form), client.post("/blog/new/", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Post.objects.count() == 1


def test_past_the_post_rate_the_text_is_kept(client, member, settings):
    settings.NETWORK_POST_RATE = "2/h"
    client.force_login(member)
    for _ in range(2):
        assert client.post("/blog/new/", typed()).status_code == 302
    response = client.post("/blog/new/", typed(body="One too many."))
    assert response.status_code == 429
    assert "One too many." in response.content.decode()
    settings.NETWORK_POST_RATE = "0"
    assert client.post("/blog/new/", typed()).status_code == 302


# --- editing --------------------------------------------------------------------------------------


def test_only_the_author_edits(client, member, other_member, administrator):
    url = make_post(member).url_below("edit/")
    for stranger in (other_member, administrator):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
        assert client.post(url, typed()).status_code == 404
    client.force_login(member)
    assert client.get(url).status_code == 200


def test_editing_works_without_the_slug_too(client, member):
    post = make_post(member, title="A title", keywords=["rural"])
    client.force_login(member)
    response = client.get(f"/blog/{post.pk}/edit/")
    assert response.context["form"]["keywords"].value() == "rural"
    assert response.context["form"]["version"].value() == 1
    client.post(f"/blog/{post.pk}/edit/", typed(title="Better", version=1))
    assert Post.objects.get().title == "Better"


def test_the_second_of_two_editors_sees_both_texts_and_can_still_save(client, member):
    post = make_post(member, title="First", body="First words.")
    client.force_login(member)
    url = post.url_below("edit/")
    client.post(url, typed(title="Second", body="Second words.", version=1))
    response = client.post(url, typed(title="Third", body="Third words.", version=1))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Second words." in page
    assert "Third words." in page
    assert Post.objects.get().title == "Second"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    client.post(url, typed(title="Third", body="Third words.", version=version))
    assert Post.objects.get().title == "Third"
    assert Post.objects.get().revisions.count() == 3


def test_publishing_a_draft(client, member):
    post = make_post(member, publish=False)
    client.force_login(member)
    client.post(post.url_below("edit/"), typed(version=1))
    assert Post.objects.get().status == "published"


def test_a_published_post_never_becomes_a_draft(client, member):
    post = make_post(member)
    client.force_login(member)
    client.post(post.url_below("edit/"), typed(version=1, do="draft"))
    assert Post.objects.get().status == "published"


def test_a_published_post_can_not_lose_its_tags_as_a_draft(client, member):
    post = make_post(member)
    client.force_login(member)
    response = client.post(post.url_below("edit/"), typed(version=1, do="draft", principles=[], sectors=[]))
    assert list(response.context["form"].errors) == ["principles", "sectors"]
    assert post.principles.count() == 1


def test_a_removed_post_can_not_be_edited(client, member, administrator):
    post = make_post(member)
    post.remove(administrator, "Spam.")
    client.force_login(member)
    assert client.post(post.url_below("edit/"), typed(version=1)).status_code == 404


def test_withdrawing(client, member, other_member):
    post = make_post(member)
    url = post.url_below("withdraw/")
    client.force_login(other_member)
    assert client.post(url).status_code == 404
    client.force_login(member)
    assert client.get(url).status_code == 200
    assert Post.objects.get().status == "published"
    assert client.post(url).headers["Location"] == "/members/me/"
    assert Post.objects.get().status == "withdrawn"
    assert client.post(url).status_code == 404


# --- nothing typed is lost ------------------------------------------------------------------------


def written_by(client):
    page = client.get("/blog/new/").content.decode()
    return re.search(r'name="written_by" value="([^"]+)"', page)[1]


def test_a_lost_session_keeps_the_text_for_its_writer_alone(client, member, other_member):
    client.force_login(member)
    signed = written_by(client)
    client.logout()
    response = client.post("/blog/new/", typed(body="Long work.", written_by=signed))
    kept = KeptText.objects.get()
    assert response.headers["Location"] == f"/accounts/login/?next=/blog/new/%3Fkept%3D{kept.token}"
    assert "csrfmiddlewaretoken" not in kept.fields
    client.force_login(other_member)
    assert "Long work." not in client.get(f"/blog/new/?kept={kept.token}").content.decode()
    client.force_login(member)
    page = client.get(f"/blog/new/?kept={kept.token}")
    assert "Long work." in page.content.decode()
    assert page.context["form"]["principles"].value() == [str(Principle.objects.first().pk)]
    client.post("/blog/new/", typed(body="Long work."))
    assert KeptText.objects.count() == 0


def test_a_failed_csrf_check_keeps_the_text(django_app_client, member):
    client = django_app_client
    client.force_login(member)
    signed = written_by(client)
    response = client.post("/blog/new/", typed(body="Long work.", written_by=signed))
    kept = KeptText.objects.get()
    assert response.status_code == 403
    assert f"/blog/new/?kept={kept.token}" in response.content.decode()
    assert "Long work." in client.get(f"/blog/new/?kept={kept.token}").content.decode()


@pytest.fixture
def django_app_client():
    from django.test import Client

    return Client(enforce_csrf_checks=True)


def test_a_stranger_can_not_have_text_kept(client):
    client.post("/blog/new/", typed(written_by="1:forged"))
    client.post("/blog/new/", typed())
    assert KeptText.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_tokens_that_are_not_there(client, member, token):
    client.force_login(member)
    assert client.get(f"/blog/new/?kept={token}").status_code == 200


def test_no_more_than_twenty_texts_are_kept(client):
    writer = make_member()
    client.force_login(writer)
    signed = written_by(client)
    client.logout()
    for number in range(22):
        client.post("/blog/new/", typed(body=f"Text {number}", written_by=signed))
    assert KeptText.objects.count() == 20
