"""The transitions: from where each may be taken, what it records, and whom it tells."""

import pytest
from django.core import mail

from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach
from commons.moderation.models import Decision, Status, TransitionRefused
from tests.factories import make_post, make_report

pytestmark = pytest.mark.django_db

STEPS = {
    "submit": lambda post, by: post.submit(by),
    "hold": lambda post, by: post.submit(by, held_because="First post."),
    "approve": lambda post, by: post.approve(by),
    "remove": lambda post, by: post.remove(by, "Off topic."),
    "restore": lambda post, by: post.restore(by),
    "withdraw": lambda post, by: post.withdraw(by),
}
LEADS_TO = {
    ("draft", "submit"): "published",
    ("draft", "hold"): "awaiting",
    ("draft", "withdraw"): "withdrawn",
    ("awaiting", "approve"): "published",
    ("awaiting", "remove"): "removed",
    ("awaiting", "withdraw"): "withdrawn",
    ("published", "remove"): "removed",
    ("published", "withdraw"): "withdrawn",
    ("removed", "restore"): "published",
    ("withdrawn", "submit"): "published",
    ("withdrawn", "hold"): "awaiting",
}


def post_in(status, author, moderator):
    post = make_post(author, publish=False)
    if status == "awaiting":
        post.submit(author, held_because="First post.")
    elif status != "draft":
        post.submit(author)
    if status == "removed":
        post.remove(moderator, "Off topic.")
    elif status == "withdrawn":
        post.withdraw(author)
    elif status == "merged":
        post.become_part_of_another(moderator)
    mail.outbox.clear()
    return post


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(status, step, member, administrator):
    post = post_in(status, member, administrator)
    before = Decision.objects.count()
    by = member if step in {"submit", "hold", "withdraw"} else administrator
    to = LEADS_TO.get((status, step))
    if to is None:
        with pytest.raises(TransitionRefused) as refused:
            STEPS[step](post, by)
        assert refused.value.status == status
        assert refused.value.status.label == Status(status).label
        assert Decision.objects.count() == before
        assert mail.outbox == []
    else:
        STEPS[step](post, by)
        assert post.status == to
        assert Decision.objects.count() == before + 1
        decision = Decision.objects.about(post).first()
        assert (decision.from_status, decision.to_status, decision.by) == (status, to, by)
    kept = Contribution.objects.get(pk=post.pk)
    assert kept.status == (to or status)
    assert kept.reach == (Reach.EVERYONE if kept.status == "published" else Reach.NOBODY)
    assert (kept.published_at is not None) >= (kept.status == "published")


def test_who_when_and_why_is_recorded(member, administrator):
    post = make_post(member, title="A title")
    post.remove(administrator, "Off topic.")
    decision = Decision.objects.about(post).first()
    assert (decision.action, decision.by, decision.reason) == ("remove", administrator, "Off topic.")
    assert decision.target_label == "A title"
    assert [d.action for d in Decision.objects.about(post)] == ["remove", "submit"]
    assert list(Decision.objects.about(Contribution.objects.get(pk=post.pk))) == list(
        Decision.objects.about(post)
    )


@pytest.mark.parametrize("reason", ["", "  \n\t"])
def test_a_removal_needs_a_reason(member, administrator, reason):
    post = make_post(member)
    with pytest.raises(ValueError, match="reason"):
        post.remove(administrator, reason)
    assert Contribution.objects.get(pk=post.pk).status == "published"


def test_the_author_is_told_what_was_decided_and_why(member, administrator):
    post = make_post(member, title="Fish & chips")
    mail.outbox.clear()
    post.remove(administrator, "It names a patient.")
    post.restore(administrator)
    removed, restored = reversed(list(member.notices.order_by("-created_at", "-pk")))
    assert removed.subject == "“Fish & chips” has been taken down"
    assert "It names a patient." in removed.text
    assert removed.url == post.get_absolute_url()
    assert restored.subject == "“Fish & chips” is back"
    assert [message.subject for message in mail.outbox] == [removed.subject, restored.subject]
    assert [message.to for message in mail.outbox] == [[member.email]] * 2
    assert "It names a patient." in mail.outbox[0].body


def test_nobody_is_told_of_their_own_doing_and_of_items_without_author(member, administrator):
    make_post(member).withdraw(member)
    make_report().remove(administrator, "Wrong report.")
    assert mail.outbox == []


def test_when_it_was_first_published_stays(member, administrator):
    post = make_post(member)
    first = post.published_at
    post.remove(administrator, "Off topic.")
    post.restore(administrator)
    assert Contribution.objects.get(pk=post.pk).published_at == first


def test_a_members_only_item_comes_back_for_members_only(member, administrator):
    post = make_post(member, audience="members")
    post.remove(administrator, "Off topic.")
    post.restore(administrator)
    assert Contribution.objects.get(pk=post.pk).reach == Reach.MEMBERS


def test_a_stale_object_in_memory_does_not_matter(member, administrator):
    post = make_post(member)
    stale = Contribution.objects.get(pk=post.pk)
    post.remove(administrator, "Off topic.")
    with pytest.raises(TransitionRefused) as refused:
        stale.remove(administrator, "Spam.")
    assert refused.value.status == Status.REMOVED
    assert member.notices.count() == 1


def test_all_or_nothing(member, administrator, monkeypatch):
    post = make_post(member)

    def fail(self, decision):
        raise RuntimeError

    monkeypatch.setattr(Contribution, "after_transition", fail)
    with pytest.raises(RuntimeError):
        post.remove(administrator, "Off topic.")
    assert Contribution.objects.get(pk=post.pk).status == "published"
    assert [d.action for d in Decision.objects.about(post)] == ["submit"]


def test_a_very_long_title_fits_the_record(member, administrator):
    post = make_post(member, title="ü" * 200)
    post.remove(administrator, "Off topic.")
    assert Decision.objects.about(post).first().target_label == "ü" * 200
    assert len(member.notices.get().subject) == 200


def test_how_a_removal_is_told(member, administrator, settings):
    post = make_post(member, title="{braces} & %(percent)s")
    post.remove(administrator, "It names {a} %s patient.")
    notice = member.notices.get()
    assert notice.subject == "“{braces} & %(percent)s” has been taken down"
    assert notice.text.split("\n\n") == [
        "A moderator has taken it down and gives this reason:",
        "It names {a} %s patient.",
        "Only you and the moderators can still see it.",
        "If you think this is wrong, you can answer once, and somebody else looks at it again where there is another "
        "moderator. You needn’t sign in for that:",
        f"{settings.SITE_URL}/appeals/{Decision.objects.about(post).first().reference}/",
    ]


def test_a_decision_without_a_reason_leaves_no_gap(member, administrator):
    post = make_post(member, publish=False)
    post.submit(member, held_because="First post.")
    post.approve(administrator)
    assert member.notices.get().text == "A moderator has read it and let it through."
