"""Writing a contribution: versions, tags, the same form twice, two people editing, and the transitions."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from blog.models import Post
from commons.contributions.models import Contribution, StaleEdit
from commons.contributions.querysets import Reach
from commons.moderation.models import Decision, Status, TransitionRefused
from commons.notifications.models import Notice
from commons.tagging.models import Keyword, Principle, ServiceSector
from tests.factories import make_member, make_post, values_for

pytestmark = pytest.mark.django_db


def stored(post):
    return Contribution.objects.get(pk=post.pk)


def test_a_published_post_is_listed_rendered_and_dated(member):
    post = stored(make_post(member, title="Peer  support", body="# Hello"))
    assert (post.status, post.reach, post.slug) == (Status.PUBLISHED, Reach.EVERYONE, "peer-support")
    assert post.body_html == "<h2>Hello</h2>\n"
    assert post.published_at is not None
    assert post.year == post.published_at.year


def test_a_draft_reaches_nobody(member):
    post = stored(make_post(member, publish=False))
    assert (post.status, post.reach, post.published_at) == (Status.DRAFT, Reach.NOBODY, None)


def test_members_only_reaches_members(member):
    assert stored(make_post(member, audience="members")).reach == Reach.MEMBERS


def test_the_card_holds_what_lists_show(member):
    principle, sector = Principle.objects.last(), ServiceSector.objects.first()
    member.organisation = "Example Trust"
    member.roles = ["carer"]
    member.write_profile()
    post = make_post(
        member, principles=[principle], sectors=[sector], keywords=["Direct  Payments"], body="First words."
    )
    assert stored(post).card == {
        "principles": [principle.pk],
        "sectors": [sector.pk],
        "keywords": [["direct payments", "direct-payments"]],
        "byline": {
            "name": "Ann Lee", "username": "ann-lee", "roles": ["carer"], "organisation": "Example Trust",
        },
        "excerpt": "First words.",
    }  # fmt: skip


def test_a_renamed_member_is_renamed_on_their_cards(member):
    post = make_post(member)
    member.display_name = "Ann Smith"
    member.write_profile()
    assert stored(post).card["byline"]["name"] == "Ann Smith"


def test_the_same_form_twice_is_one_post(member):
    key = uuid.uuid4()
    first = Post.begin(member, values_for("One"), form_key=key, publish=True)
    second = Post.begin(member, values_for("One"), form_key=key, publish=True)
    assert first.pk == second.pk
    assert Post.objects.count() == 1


def test_the_database_too_refuses_a_form_twice(member):
    post = make_post(member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(kind="blog", author=member, title="Twice", form_key=post.form_key)


def test_another_member_may_use_the_same_key(member, other_member):
    key = uuid.uuid4()
    first = Post.begin(member, values_for(), form_key=key)
    assert Post.begin(other_member, values_for(), form_key=key).pk != first.pk


def test_every_version_is_kept(member):
    post = make_post(member, title="First")
    post.revise(member, values_for("Second"), version=1)
    numbers = list(post.revisions.order_by("number").values_list("number", "snapshot__title", "by"))
    assert numbers == [(1, "First", member.pk), (2, "Second", member.pk)]
    assert stored(post).edited_at is not None


def test_an_edit_of_an_older_version_is_refused_and_changes_nothing(member):
    post = make_post(member, title="First")
    mine = Post.objects.get(pk=post.pk)
    post.revise(member, values_for("Second"), version=1)
    with pytest.raises(StaleEdit) as stale:
        mine.revise(member, values_for("Third"), version=1)
    assert stale.value.current.title == "Second"
    assert stored(post).title == "Second"
    assert post.revisions.count() == 2


def test_a_removal_does_not_undo_an_edit_saved_meanwhile(member, administrator):
    post = make_post(member, body="Old words.")
    seen_by_moderator = Contribution.objects.get(pk=post.pk)
    post.revise(member, values_for(post.title, body="New words."), version=1)
    seen_by_moderator.remove(administrator, "Spam.")
    assert (stored(post).body, stored(post).status) == ("New words.", Status.REMOVED)


def test_removal_is_recorded_and_told_with_its_reason(member, administrator):
    post = make_post(member, title="Off the point")
    post.remove(administrator, "It names a patient.")
    assert stored(post).reach == Reach.NOBODY
    decision = Decision.objects.about(post).first()
    assert (decision.action, decision.by, decision.reason) == ("remove", administrator, "It names a patient.")
    assert (decision.from_status, decision.to_status) == (Status.PUBLISHED, Status.REMOVED)
    notice = Notice.objects.get(member=member)
    assert notice.subject == "“Off the point” has been taken down"
    assert "It names a patient." in notice.text.split("\n")


def test_a_removal_without_a_reason_is_refused(member, administrator):
    post = make_post(member)
    with pytest.raises(ValueError, match="reason"):
        post.remove(administrator, "  ")
    assert stored(post).status == Status.PUBLISHED


def test_restoring_lists_it_again_under_its_first_date(member, administrator):
    post = make_post(member)
    date = stored(post).published_at
    post.remove(administrator, "A mistake.")
    post.restore(administrator)
    assert (stored(post).reach, stored(post).published_at) == (Reach.EVERYONE, date)


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "approve"),
        ([], "restore"),
        (["remove"], "withdraw"),
        (["remove"], "remove"),
        (["remove"], "submit"),
        (["withdraw"], "remove"),
        (["withdraw"], "withdraw"),
        ([], "submit"),
    ],
)
def test_steps_that_are_not_there(member, administrator, steps, refused):
    post = make_post(member)
    extra = {"remove": ("Reason.",)}
    for step in steps:
        getattr(post, step)(administrator, *extra.get(step, ()))
    with pytest.raises(TransitionRefused):
        getattr(post, refused)(administrator, *extra.get(refused, ()))


def test_withdrawn_can_be_published_again(member):
    post = make_post(member)
    post.withdraw(member)
    assert stored(post).reach == Reach.NOBODY
    post.submit(member)
    assert stored(post).reach == Reach.EVERYONE


def test_held_awaits_approval(member, administrator):
    post = make_post(member, publish=False)
    post.submit(member, held_because="First post with links.")
    assert (stored(post).status, stored(post).reach) == (Status.AWAITING, Reach.NOBODY)
    post.approve(administrator)
    assert stored(post).reach == Reach.EVERYONE


def test_hiding_what_a_member_wrote_and_showing_it_again(member):
    post = make_post(member)
    member.hide_contributions()
    assert stored(post).reach == Reach.NOBODY
    member.hide_contributions(hidden=False)
    assert stored(post).reach == Reach.EVERYONE


def test_the_database_refuses_reach_without_publication(member):
    post = make_post(member, publish=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=post.pk).update(reach=Reach.EVERYONE)


def test_a_failure_half_way_leaves_nothing(member):
    with pytest.raises(TypeError):
        Post.begin(member, values_for(keywords=[object()]), form_key=uuid.uuid4())
    assert (Contribution.objects.count(), Keyword.objects.count()) == (0, 0)


def test_keywords_are_shared_however_they_are_typed(member):
    make_post(member, keywords=["Café  Work"])
    make_post(make_member(), keywords=["cafe\u0301 work", "CAFÉ WORK"])
    assert list(Keyword.objects.values_list("name", flat=True)) == ["café work"]
