"""Helpful, bookmarks and follows: one for a member and a thing, taken back as easily, and nobody else's business."""

import pytest
from django.db import IntegrityError

from commons.contributions.keywords import merge_keywords
from commons.contributions.models import Bookmark, Comment, Contribution, Follow, Helpful
from commons.tagging.models import Keyword, Principle, ServiceSector
from tests.factories import make_comment, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(client, member):
    client.force_login(member)
    return client


def helpful(thing):
    return type(thing).objects.get(pk=thing.pk).helpful_count


def test_helpful_is_said_once_and_taken_back(signed, member):
    post = make_post()
    path = f"/contributions/{post.pk}/helpful/"
    for want, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0), ("", 1), ("", 0)):
        answer = signed.post(path, {"want": want} if want else {})
        assert (answer.status_code, answer["Location"], helpful(post)) == (
            302,
            post.get_absolute_url(),
            count,
        )


def test_a_comment_can_be_helpful_and_one_returns_to_its_place(signed):
    comment = make_comment(make_thread())
    answer = signed.post(f"/comments/{comment.pk}/helpful/", {"want": "1"})
    assert answer["Location"].endswith(f"#comment-{comment.pk}")
    assert helpful(comment) == 1


def test_the_page_of_what_was_helpful_is_sent_anew(signed):
    post = make_post()
    before = Contribution.objects.get(pk=post.pk).changed_at
    signed.post(f"/contributions/{post.pk}/helpful/", {"want": "1"})
    after = Contribution.objects.get(pk=post.pk).changed_at
    assert after > before
    signed.post(f"/contributions/{post.pk}/helpful/", {"want": "1"})
    assert Contribution.objects.get(pk=post.pk).changed_at == after


def test_nobody_finds_their_own_words_helpful(signed, member):
    post = make_post(member)
    comment = make_comment(make_thread(), member)
    for path in (f"/contributions/{post.pk}/helpful/", f"/comments/{comment.pk}/helpful/"):
        answer = signed.post(path, {"want": "1"})
        assert (answer.status_code, "You wrote this yourself" in answer.content.decode()) == (403, True)
    assert Helpful.objects.count() == 0


def test_a_bookmark_is_private_and_listed_for_its_owner(signed, client, member, other_member):
    post = make_post(title="Worth keeping")
    signed.post(f"/contributions/{post.pk}/bookmark/", {"want": "1"})
    signed.post(f"/contributions/{post.pk}/bookmark/", {"want": "1"})
    assert Bookmark.objects.count() == 1
    assert "Worth keeping" in signed.get("/members/me/bookmarks/").content.decode()
    client.force_login(other_member)
    assert "Worth keeping" not in client.get("/members/me/bookmarks/").content.decode()


def test_a_bookmark_of_what_was_hidden_is_not_shown_and_can_be_removed(signed, member):
    post = make_post(title="Zqgone")
    signed.post(f"/contributions/{post.pk}/bookmark/", {"want": "1"})
    assert "Zqgone" in signed.get("/members/me/bookmarks/").content.decode()
    post.remove(None, "Spam")
    assert "zqgone" not in signed.get("/members/me/bookmarks/").content.decode().lower()
    assert signed.get(f"/contributions/{post.pk}/bookmark/").status_code == 404
    signed.post(f"/contributions/{post.pk}/bookmark/", {"want": "0"})
    assert Bookmark.objects.count() == 0


def test_everything_that_can_be_followed_is_listed_with_a_way_out(signed, member, other_member):
    thread = make_thread(title="A thread", keywords=["rota"])
    things = [
        thread,
        Principle.objects.first(),
        ServiceSector.objects.first(),
        Keyword.objects.get(),
        other_member,
    ]
    paths = [
        f"/contributions/{thread.pk}/follow/",
        *(f"{thing.get_absolute_url()}follow/" for thing in things[1:]),
    ]
    for path in paths:
        assert signed.get(path).status_code == 200
        signed.post(path, {"want": "1"})
    followed = [follow.thing for follow in Follow.objects.of(member).order_by("pk")]
    assert followed == [thread.contribution_ptr, *things[1:]]
    page = signed.get("/members/me/following/").content.decode()
    for thing, path in zip(things, paths, strict=True):
        assert str(thing) in page
        assert f'formaction="{path}"' in page
        signed.post(path, {"want": "0"})
    assert Follow.objects.count() == 0


def test_what_is_new_where_one_follows(signed, member, other_member):
    first, second = Principle.objects.all()[:2]
    Follow.objects.set(member, second, follows=True)
    Follow.objects.set(member, other_member, follows=True)
    make_post(title="Zqelsewhere", principles=[first])
    make_post(title="Zqtagged", principles=[first, second])
    make_post(other_member, title="Zqwritten", principles=[first])
    make_post(member, title="Zqown", principles=[second])
    make_post(title="Zqhidden", principles=[second]).remove(None, "Spam")
    found = [item.title for item in Contribution.objects.listed_to(member).new_for(member)]
    assert found == ["Zqwritten", "Zqtagged"]
    page = signed.get("/members/me/following/").content.decode()
    assert "Zqtagged" in page


def test_who_follows_a_keyword_follows_the_one_it_is_merged_into(member, other_member):
    make_post(keywords=["rota"])
    make_post(keywords=["rotas"])
    keep, away = Keyword.objects.get(name="rota"), Keyword.objects.get(name="rotas")
    Follow.objects.set(member, away, follows=True)
    Follow.objects.set(other_member, away, follows=True)
    Follow.objects.set(other_member, keep, follows=True)
    merge_keywords(keep, away)
    assert sorted(Follow.objects.values_list("member", "keyword")) == [
        (member.pk, keep.pk),
        (other_member.pk, keep.pk),
    ]


def test_nobody_follows_themselves(signed, member):
    assert signed.get(f"{member.get_absolute_url()}follow/").status_code == 404
    Follow.objects.set(member, member, follows=True)
    assert Follow.objects.count() == 0


def test_a_follow_is_of_exactly_one_thing(member):
    with pytest.raises(IntegrityError):
        Follow.objects.create(member=member, principle=Principle.objects.first(), region="wales")


def test_visitors_are_asked_to_sign_in(client):
    post = make_post()
    for mark in ("helpful", "bookmark", "follow"):
        path = f"/contributions/{post.pk}/{mark}/"
        assert client.post(path, {"want": "1"})["Location"] == f"/accounts/login/?next={path}"
    assert [Helpful.objects.count(), Bookmark.objects.count(), Follow.objects.count()] == [0, 0, 0]


@pytest.mark.parametrize("page", ["following", "bookmarks"])
def test_the_lists_cost_the_same_for_any_number(signed, member, page, django_assert_num_queries):
    signed.get(f"/members/me/{page}/")
    for more in (1, 2, 17):
        for _number in range(more):
            post = make_post(make_member())
            Follow.objects.set(member, post, follows=True)
            Bookmark.objects.set(member, post, kept=True)
        with django_assert_num_queries(6 if page == "following" else 5):
            signed.get(f"/members/me/{page}/")
    assert Comment.objects.count() == 0
