"""A member is told who begins to follow them: once, by name, and of nobody whom they may not see."""

import pytest

from commons.contributions.models import Follow
from commons.notifications import sources
from commons.notifications.grouping import grouped
from commons.notifications.models import EmailChoice, Notice
from profiles.blocks import Block
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def follow(client, who, whom, want="1"):
    client.force_login(who)
    assert client.post(f"/members/{whom.username}/follow/", {"want": want}).status_code == 302


def heard(member):
    """Return [(sentence, [who], [link])] of what stands in a member's inbox."""
    notices = sources.tell(list(Notice.objects.of(member)), member)
    return [
        (
            group.told.subject if group.told else "",
            [notice.told.who for notice in group.notices if notice.told],
            [notice.told.url for notice in group.notices if notice.told],
        )
        for group in grouped(notices)
    ]


def test_whoever_is_followed_hears_by_whom(client, member, other_member):
    follow(client, other_member, member)
    assert heard(member) == [("Bola Ade follows you", ["Bola Ade"], ["/members/bola-ade/"])]
    assert heard(other_member) == []


def test_several_are_one_sentence(client, member):
    for name in ("Cai Rees", "Dee Low", "Eve Moss"):
        follow(client, make_member(name), member)
    assert [(sentence, who) for sentence, who, _links in heard(member)] == [
        ("3 people follow you", ["Eve Moss", "Dee Low", "Cai Rees"])
    ]


def test_beginning_again_is_told_once(client, member, other_member):
    for want in ("1", "0", "1", "0", "1"):
        follow(client, other_member, member, want)
    assert Notice.objects.of(member).count() == 1
    assert heard(member) == [("Bola Ade follows you", ["Bola Ade"], ["/members/bola-ade/"])]
    follow(client, other_member, member, "0")
    assert heard(member) == [("", [], [])]


def test_who_follows_no_more_or_has_gone_is_not_named(client, member, other_member):
    gone = make_member("Gone Away")
    for who in (other_member, gone):
        follow(client, who, member)
    Follow.objects.set(other_member, member, follows=False)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert heard(member) == [("", [], []), ("", [], [])]


def test_who_may_not_act_is_told_nothing(client, member, other_member):
    type(member).objects.filter(pk=member.pk).update(suspended_until="2099-01-01T00:00:00Z")
    follow(client, other_member, member)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("wanted", "waiting"), [(None, (False, "weekly")), ("at-once", (True, "")), ("never", (False, ""))]
)
def test_it_comes_once_a_week_unless_chosen_otherwise(client, member, other_member, wanted, waiting):
    if wanted:
        EmailChoice.set(member, {"follower": wanted})
    follow(client, other_member, member)
    assert Notice.objects.of(member).values_list("mail_due", "digest").get() == waiting


def test_the_page_that_asks_says_so(client, member, other_member):
    client.force_login(other_member)
    page = client.get(f"/members/{member.username}/follow/").content.decode()
    assert "They are told that you follow them; nobody else sees it." in page


@pytest.mark.parametrize("number", [1, 3, 15])
def test_telling_costs_the_same_however_many_follow(member, queries, number):
    for _number in range(number):
        follower = make_member()
        Follow.objects.set(follower, member, follows=True)
        Notice.objects.create(member=member, kind="member.followed", target_id=follower.pk)
    notices = list(Notice.objects.of(member))
    with queries(1):
        sources.tell(notices, member)


@pytest.mark.parametrize("way", ["blocks", "is blocked"])
def test_nobody_hears_of_whom_they_blocked_or_were_blocked_by(client, member, other_member, way):
    pair = (member.pk, other_member.pk) if way == "blocks" else (other_member.pk, member.pk)
    Block.set(*pair, wanted=True)
    follow(client, other_member, member)
    assert Notice.objects.of(member).count() == 0
    Block.set(*pair, wanted=False)
    follow(client, other_member, member, "0")
    follow(client, other_member, member)
    assert Notice.objects.of(member).count() == 1
    Block.set(*pair, wanted=True)
    assert heard(member) == [("", [], [])]
