"""Sending in: the post rate, what waits for approval on each way to being listed, and when members are new no more."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Post
from commons.contributions.sending import PastPostRate, check_post_rate, standing_of, words_in
from commons.moderation.holds import ESTABLISHED
from commons.moderation.models import Case, Decision
from commons.tagging.models import Principle, ServiceSector
from tests.factories import establish, make_member, make_post, values_for

pytestmark = pytest.mark.django_db

LINK = "Read https://example.org/report."
WEEK = timedelta(days=7)


def typed(**values):
    return {
        "title": "What we tried",
        "body": "We asked people first.",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        **values,
    }


@pytest.fixture
def signed(client, member):
    client.force_login(member)
    return client


def latest():
    return Post.objects.order_by("-pk").first()


def long_ago(post, days=30):
    moment = timezone.now() - timedelta(days=days)
    Post.objects.filter(pk=post.pk).update(listed_since=moment, published_at=moment, changed_at=moment)
    post.refresh_from_db()
    return post


# --- what waits ---------------------------------------------------------------------------------------


def test_an_ordinary_post_of_a_new_member_is_listed_at_once(signed):
    signed.post("/blog/new/", typed())
    assert (latest().status, Case.objects.count()) == ("published", 0)


@pytest.mark.parametrize("field", ["title", "summary", "body", "keywords"])
def test_a_new_members_links_wait_and_they_are_told_kindly(signed, field, other_member):
    answer = signed.post("/blog/new/", typed(**{field: "See example.org"}), follow=True)
    post = latest()
    assert (post.status, post.reach) == ("awaiting", 0)
    page = answer.content.decode()
    assert "Awaiting approval" in page
    assert "example.org" in page
    assert "You will be told" in page
    assert "nothing is lost" in page
    assert "It has a link" not in page  # why, is for moderators
    assert Case.objects.get().held_because == "By a new member. It has a link or the address of a page."
    own_list = signed.get("/members/me/").content.decode()
    assert "“Awaiting approval” means that a person reads it" in own_list
    signed.force_login(other_member)
    assert signed.get(post.get_absolute_url()).status_code == 404


def test_an_established_members_links_do_not_wait(client, member):
    client.force_login(establish(member))
    client.post("/blog/new/", typed(body=LINK))
    assert latest().status == "published"


def test_a_moderators_links_do_not_wait(client, administrator):
    client.force_login(administrator)
    client.post("/blog/new/", typed(body=LINK))
    assert latest().status == "published"


def test_the_hidden_field_holds_and_never_drops(client, member):
    client.force_login(establish(member))
    assert client.post("/blog/new/", typed(leave_empty="http://x")).status_code == 302
    assert (latest().status, latest().body) == ("awaiting", "We asked people first.")


def test_publishing_a_draft_is_looked_at(signed):
    signed.post("/blog/new/", typed(body=LINK, do="draft"))
    assert (latest().status, Case.objects.count()) == ("draft", 0)
    signed.post(latest().url_below("edit/"), typed(body=LINK, version=1))
    assert (latest().status, Case.objects.count()) == ("awaiting", 1)


def test_publishing_again_what_was_withdrawn_is_looked_at(signed, member):
    post = make_post(member)
    post.withdraw(member)
    signed.post(post.url_below("edit/"), typed(body=LINK, version=1))
    assert latest().status == "awaiting"


def test_an_edit_is_no_way_round(signed, member, administrator):
    post = make_post(member, body="Words.")
    answer = signed.post(post.url_below("edit/"), typed(body=LINK, version=1), follow=True)
    assert "awaits approval" in answer.content.decode()
    post.refresh_from_db()
    assert (post.status, post.reach, post.body) == ("awaiting", 0, LINK)
    assert [d.action for d in Decision.objects.about(post)] == ["hold", "submit"]
    assert Case.objects.get().held_because.startswith("By a new member.")
    post.approve(administrator)
    first = post.published_at
    signed.post(post.url_below("edit/"), typed(title="Mended", body=LINK, version=post.version))
    post.refresh_from_db()
    assert (post.status, post.title, post.published_at) == ("published", "Mended", first)


def test_an_edit_of_what_waits_goes_on_waiting(signed):
    signed.post("/blog/new/", typed(body=LINK))
    post = latest()
    signed.post(post.url_below("edit/"), typed(body="Ring 01632 960123", version=1))
    post.refresh_from_db()
    assert post.status == "awaiting"
    assert Case.objects.get().held_because == "By a new member. It has a telephone number."


def test_an_editors_change_is_not_the_authors(member, administrator):
    post = make_post(member)
    post.revise(administrator, values_for(body=LINK), version=1)
    assert post.status == "published"


def test_no_more_than_a_handful_on_the_first_day(signed, settings):
    settings.NETWORK_FIRST_DAY_POSTS = 3
    for number in range(4):
        signed.post("/blog/new/", typed(title=f"Number {number}"))
    assert [p.status for p in Post.objects.order_by("pk")] == ["published"] * 3 + ["awaiting"]
    assert "first day" in Case.objects.get().held_because
    for post in Post.objects.filter(status="published"):
        long_ago(post, days=2)
    signed.post("/blog/new/", typed(title="The next day"))
    assert latest().status == "published"


def test_drafts_do_not_count_on_the_first_day(signed, settings):
    settings.NETWORK_FIRST_DAY_POSTS = 1
    for do in ("draft", "draft", "publish"):
        signed.post("/blog/new/", typed(do=do))
    assert latest().status == "published"


# --- new no more ------------------------------------------------------------------------------------------


def test_seven_days_make_an_established_member(member, settings):
    post = make_post(member)
    for days, is_new in ((6.9, True), (7.1, False)):
        long_ago(post, days=days)
        assert standing_of(member).is_new is is_new
    settings.NETWORK_NEW_MEMBER_DAYS = 14
    assert standing_of(member).is_new
    settings.NETWORK_NEW_MEMBER_DAYS = 0
    assert standing_of(make_member()) is ESTABLISHED


def test_what_was_taken_down_makes_nobody_established(member, administrator):
    post = long_ago(make_post(member))
    post.remove(administrator, "Spam.")
    assert standing_of(member).is_new
    post.restore(administrator)
    assert not standing_of(member).is_new


def test_what_stayed_listed_and_was_then_withdrawn_counts(member):
    long_ago(make_post(member)).withdraw(member)
    assert not standing_of(member).is_new


def test_time_in_which_it_was_not_listed_does_not_count(member):
    post = long_ago(make_post(member), days=1)
    post.withdraw(member)
    assert post.listed_since is None
    Post.objects.filter(pk=post.pk).update(published_at=timezone.now() - 2 * WEEK)
    post.refresh_from_db()
    post.submit(member)
    assert standing_of(member).is_new


def test_what_waits_is_not_listed_meanwhile(member):
    post = long_ago(make_post(member), days=1)
    post.hold(member, "Links.")
    assert post.listed_since is None
    Post.objects.filter(pk=post.pk).update(listed_since=timezone.now() - 2 * WEEK)
    assert standing_of(member).is_new


def test_a_member_whose_contributions_are_hidden_is_new(member):
    establish(member)
    member.hide_contributions()
    assert standing_of(member).is_new


@pytest.mark.parametrize("number", [1, 3, 50])
def test_asking_costs_the_same_for_any_number(member, queries, number):
    for _number in range(number):
        make_post(member)
    with queries(4):
        assert standing_of(member).sent_on_first_day == number
    establish(member)
    with queries(1):
        assert standing_of(member) is ESTABLISHED


def test_every_word_of_any_kind_is_looked_at():
    snapshot = {
        "title": "a",
        "year": 2010,
        "principles": [1],
        "more": {"address": "b", "rows": [["c"], {"d": "e"}]},
    }
    assert words_in(snapshot).split() == ["a", "b", "c", "e"]


# --- how often --------------------------------------------------------------------------------------------


def test_past_the_rate_the_text_is_kept_and_when_to_come_back_is_said(signed, settings):
    settings.NETWORK_POST_RATE = "2/h"
    for _number in range(2):
        assert signed.post("/blog/new/", typed()).status_code == 302
    answer = signed.post("/blog/new/", typed(title="Third", body="One too many.", keywords="rural"))
    assert answer.status_code == 429
    assert 3590 < int(answer.headers["Retry-After"]) <= 3601
    page = answer.content.decode()
    assert "<title>Error: " in page
    assert "send it again in 60 minutes" in page or "send it again in 61 minutes" in page
    for word in ("Third", "One too many.", "rural"):
        assert word in page
    assert Post.objects.count() == 2


def test_previews_and_the_same_form_again_do_not_count(signed, settings):
    settings.NETWORK_POST_RATE = "1/h"
    for _number in range(3):
        assert signed.post("/blog/new/", typed(do="preview")).status_code == 200
    form = typed()
    assert [signed.post("/blog/new/", form).status_code for _number in range(3)] == [302] * 3
    assert signed.post("/blog/new/", typed()).status_code == 429


def test_changing_what_is_there_does_not_count(signed, settings):
    settings.NETWORK_POST_RATE = "1/h"
    signed.post("/blog/new/", typed())
    for version in (1, 2, 3):
        answer = signed.post(latest().url_below("edit/"), typed(version=version))
        assert answer.status_code == 302


def test_an_old_draft_counts_when_it_is_published(signed, member, settings):
    old = make_post(member, publish=False)
    Post.objects.filter(pk=old.pk).update(created_at=timezone.now() - WEEK)
    settings.NETWORK_POST_RATE = "1/h"
    signed.post("/blog/new/", typed())
    answer = signed.post(old.url_below("edit/"), typed(version=1, body="Changed."))
    assert answer.status_code == 429
    assert "Changed." in answer.content.decode()
    old.refresh_from_db()
    assert (old.status, old.version) == ("draft", 1)


def test_there_is_room_again(member, settings):
    settings.NETWORK_POST_RATE = "2/m"
    for seconds in (50, 40):
        moment = timezone.now() - timedelta(seconds=seconds)
        Post.objects.filter(pk=make_post(member).pk).update(created_at=moment, published_at=moment)
    with pytest.raises(PastPostRate) as past:
        check_post_rate(member)
    assert 9 <= past.value.seconds <= 11
    settings.NETWORK_POST_RATE = "3/m"
    check_post_rate(member)
