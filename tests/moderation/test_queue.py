"""The queue: what opens a case and what settles it, who may decide, and whom it tells."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from commons.contributions.querysets import Reach
from commons.moderation.models import (
    Appeal,
    Case,
    CaseClosed,
    Decision,
    Flag,
    OwnCase,
    Status,
    TransitionRefused,
)
from commons.moderation.references import CAPABILITY_LENGTH, SIGNS
from profiles.models import Member
from tests.factories import make_member, make_moderator, make_post, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(member):
    return make_post(member, title="A post")


@pytest.fixture
def moderator(db):
    return make_moderator("Mo One")


@pytest.fixture
def other_moderator(db):
    return make_moderator("Mo Two")


def report(thing, **more):
    return Flag.objects.report(thing, **{"reason": "spam", "words": "Look at this.", **more})


def held(author, **values):
    post = make_post(author, publish=False, **values)
    post.submit(author, held_because="It has links.")
    return post


def case_of(thing):
    return Case.objects.about(thing).waiting().get()


def removal_of(post, by):
    post.remove(by, "It names a neighbour.")
    return Decision.objects.about(post).first()


def actions(thing):
    return list(Decision.objects.about(thing).reverse().values_list("action", flat=True))


def mails_to(address):
    return [message for message in mail.outbox if message.to == [address]]


# --- what opens a case ------------------------------------------------------------------------------


def test_what_awaits_approval(member):
    case = case_of(held(member, title="Held"))
    assert (case.why, case.held_because, case.about, case.title) == (
        "awaiting",
        "It has links.",
        member,
        "Held",
    )
    assert case.target().status == Status.AWAITING


def test_what_is_listed_at_once_opens_none(post):
    assert Case.objects.count() == 0


def test_what_was_taken_down_has_a_case_that_is_closed(post, moderator):
    decision = removal_of(post, moderator)
    case = Case.objects.get()
    assert (case.why, case.state, case.closed_by, case.outcome) == ("removed", "closed", moderator, decision)


def test_a_new_member_where_the_network_approves_them(settings, moderator):
    settings.NETWORK_APPROVES_MEMBERS = True
    newcomer = make_member("New Comer", confirmed=False)
    newcomer.confirm()
    newcomer.confirm()
    case = case_of(newcomer)
    assert (case.why, case.about, case.title) == ("awaiting", newcomer, "New Comer")
    assert newcomer.approve(moderator)
    assert Case.objects.get().outcome.action == "approve"


def test_a_new_member_elsewhere_opens_none():
    make_member(confirmed=False).confirm()
    assert Case.objects.count() == 0


def test_all_that_is_said_about_a_thing_is_one_case(member, moderator):
    post = held(member)
    for number in range(3):
        report(post, words=str(number))
    case = Case.objects.get()
    assert (case.why, case.flags.count(), case.held_because) == ("reported", 3, "It has links.")


def test_a_closed_case_stays_and_a_new_report_opens_another(post, moderator):
    report(post, words="1")
    case_of(post).keep(moderator)
    report(post, words="2")
    assert [case.state for case in Case.objects.order_by("pk")] == ["closed", "open"]


# --- what settles it --------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["approve", "remove"])
def test_deciding_about_an_item_settles_its_case(member, moderator, step):
    post = held(member)
    getattr(post, step)(moderator, "Why not.")
    case = Case.objects.get()
    assert (case.state, case.outcome.action, case.closed_by) == ("closed", step, moderator)
    assert case.closed_at == case.outcome.at


def test_taking_back_settles_what_awaited_approval(member):
    post = held(member)
    post.withdraw(member)
    assert Case.objects.get().outcome.action == "withdraw"


def test_taking_back_does_not_settle_what_was_reported(post, moderator):
    report(post)
    post.withdraw(post.author)
    case = case_of(post)
    case.keep(moderator)
    assert actions(post) == ["submit", "report", "withdraw", "keep"]
    assert not Case.objects.waiting().exists()


@pytest.mark.parametrize(
    ("decide", "action"),
    [
        (lambda member, by: member.suspend(timezone.now() + timedelta(days=2), by, "Why."), "suspend"),
        (lambda member, by: member.hide(by), "hide"),
        (lambda member, by: member.hide_contributions(by=by), "hide_contributions"),
    ],
)
def test_deciding_about_a_member_settles_theirs_and_nothing_of_what_they_wrote(
    post, moderator, decide, action
):
    report(post)
    report(post.author)
    decide(post.author, moderator)
    assert Case.objects.about(post.author).get().outcome.action == action
    assert case_of(post).why == "reported"


def test_keeping_leaves_everything_as_it_is(post, moderator):
    report(post)
    mail.outbox.clear()
    decision = case_of(post).keep(moderator)
    assert (decision.action, decision.by, decision.reason) == ("keep", moderator, "")
    post.refresh_from_db()
    assert (post.status, post.reach) == ("published", Reach.EVERYONE)
    assert (post.author.notices.count(), mail.outbox) == (0, [])


def test_keeping_with_words_tells_the_author(post, moderator):
    report(post)
    case_of(post).keep(moderator, "Somebody asked about the picture. It is fine.")
    notice = post.author.notices.get()
    assert (notice.subject, notice.text) == (
        "“A post” stays as it is",
        "Somebody asked about the picture. It is fine.",
    )


def test_two_moderators_keep_and_the_second_is_told(post, moderator, other_moderator):
    report(post)
    first, second = case_of(post), case_of(post)
    first.keep(moderator)
    with pytest.raises(CaseClosed) as closed:
        second.keep(other_moderator)
    assert closed.value.case.closed_by == moderator


# --- reports ----------------------------------------------------------------------------------------


def test_a_reference_is_short_and_can_be_read_out(post):
    references = {report(post, words=str(number)).reference for number in range(20)}
    assert len(references) == 20
    for reference in references:
        first, *parts = reference.split("-")
        assert (first, [len(part) for part in parts]) == ("R", [4, 4])
        assert set("".join(parts)) <= set(SIGNS)
    assert len(SIGNS) == len(set(SIGNS)) == 32
    assert not set("01IO") & set(SIGNS)


def test_a_member_who_reports_again_gets_their_first_report(post, other_member):
    first = report(post, by=other_member)
    assert report(post, by=other_member, reason="harm", words="Again.") == first
    assert (Flag.objects.count(), other_member.notices.count()) == (1, 1)
    case_of(post).keep(make_moderator())
    assert report(post, by=other_member).pk != first.pk


def test_a_member_is_told_that_it_arrived_and_what_came_of_it(post, moderator, other_member):
    flag = report(post, by=other_member)
    post.remove(moderator, "Between the author and us.")
    received, decided = other_member.notices.order_by("pk")
    assert received.subject == f"We have your report: {flag.reference}"
    assert decided.subject == f"What came of your report: {flag.reference}"
    assert "“" not in received.text
    assert "A post" in received.text
    assert "taken it down" in decided.text
    for text in (decided.text, *[message.body for message in mails_to(other_member.email)]):
        assert "Between the author" not in text
        assert "Mo One" not in text
    flag.refresh_from_db()
    assert (flag.outcome.action, flag.answered_at) == ("remove", flag.outcome.at)


def test_a_visitor_is_told_by_mail_and_in_nobodys_words_but_ours(member, moderator):
    """Else anybody could have us send their advertisement to any address, as the title of what they report."""
    post = make_post(member, title="Buy zqpills now")
    report(post, email="vi@example.org", words="zqwords")
    case_of(post).keep(moderator)
    received, decided = mails_to("vi@example.org")
    assert "left it as it is" in decided.body
    for message in (received, decided):
        assert Flag.objects.get().reference in message.subject
        assert "zq" not in message.subject + message.body + message.alternatives[0][0]
        assert "Ann Lee" not in message.body


def test_a_visitor_without_an_address_is_told_nothing(post, moderator):
    report(post)
    mail.outbox.clear()
    case_of(post).keep(moderator)
    assert mail.outbox == []


def test_whoever_reported_is_told_once(post, moderator, other_member):
    report(post, by=other_member)
    post.remove(moderator, "Off topic.")
    post.restore(moderator)
    assert other_member.notices.count() == 2


def test_the_author_never_learns_who_reported(post, moderator, other_member):
    report(post, by=other_member, words="zqwords of the reader")
    report(post, email="zqvisitor@example.org", words="zqvisitor")
    post.remove(moderator, "Off topic.")
    for text in (
        *[m.body for m in mails_to(post.author.email)],
        *post.author.notices.values_list("text", flat=True),
    ):
        assert "zq" not in text
        assert other_member.display_name not in text
    assert not Decision.objects.about(post).filter(by=other_member).exists()


@pytest.mark.parametrize("reason", ["", "SPAM", "nothing", "\x00"])
def test_a_reason_that_is_none(post, reason):
    with pytest.raises(ValueError, match="FlagReason"):
        report(post, reason=reason)
    assert (Case.objects.count(), Flag.objects.count()) == (0, 0)


# --- nobody decides about themselves -----------------------------------------------------------------


def test_nobody_decides_about_what_they_wrote(moderator):
    post = make_post(moderator)
    report(post)
    waiting = held(moderator)
    removed = make_post(moderator)
    removed.remove(make_moderator("Mo Two"), "Why.")
    for decide in (
        lambda: post.remove(moderator, "Mine."),
        lambda: case_of(post).keep(moderator),
        lambda: waiting.approve(moderator),
        lambda: removed.restore(moderator),
    ):
        with pytest.raises(OwnCase):
            decide()
    assert [Status(p.status) for p in (post, waiting, removed) if p.refresh_from_db() is None] == [
        Status.PUBLISHED,
        Status.AWAITING,
        Status.REMOVED,
    ]


def test_nobody_decides_about_themselves(moderator):
    until = timezone.now() + timedelta(days=1)
    report(moderator)
    for decide in (
        lambda me: me.suspend(until, me, "Why."),
        lambda me: me.lift_suspension(me),
        lambda me: me.hide(me),
        lambda me: me.hide_contributions(by=me),
        lambda me: me.mark_spammer(me),
        lambda me: me.clear_spammer(me),
        lambda me: me.vouch(me),
        lambda me: case_of(me).keep(me),
    ):
        with pytest.raises(OwnCase):
            decide(Member.objects.get(pk=moderator.pk))
    assert case_of(moderator).is_open
    assert actions(moderator) == ["report"]
    fresh = Member.objects.get(pk=moderator.pk)
    assert (fresh.hidden, fresh.contributions_hidden, fresh.suspended_until) == (False, False, None)


def test_what_awaits_a_moderator_is_nothing_of_their_own(post, moderator, other_moderator):
    report(post)
    report(moderator)
    report(make_post(moderator))
    assert Case.objects.awaiting(moderator).count() == 1
    assert Case.objects.awaiting(other_moderator).count() == 3
    assert Case.objects.visible_to(post.author).count() == 0


# --- appeals ----------------------------------------------------------------------------------------


def test_another_moderator_decides_an_answer(post, moderator, other_moderator):
    Appeal.objects.make(removal_of(post, moderator), post.author, "She agreed.")
    case = case_of(post)
    assert (case.why, case.deciders()) == ("appeal", [other_moderator])
    assert Case.objects.awaiting(moderator).count() == 0
    for decide in (lambda: post.restore(moderator), lambda: case.keep(moderator)):
        with pytest.raises(OwnCase, match="another moderator"):
            decide()
    post.refresh_from_db()
    assert post.status == "removed"
    post.restore(other_moderator)
    appeal = Appeal.objects.get()
    assert (appeal.was_upheld, appeal.outcome.by) == (False, other_moderator)
    assert actions(post) == ["submit", "remove", "appeal", "restore"]


def test_where_there_is_no_other_the_same_decides(post, moderator):
    Appeal.objects.make(removal_of(post, moderator), post.author, "She agreed.")
    assert Case.objects.awaiting(moderator).count() == 1
    case_of(post).keep(moderator, "We have asked her, and she has not.")
    assert Appeal.objects.get().was_upheld is True
    assert post.author.notices.first().subject == "“A post” stays taken down"
    assert "We have asked her" in post.author.notices.first().text


@pytest.mark.parametrize(
    "away",
    [
        {"suspended_until": timezone.now() + timedelta(days=9)},
        {"is_active": False},
        {"is_staff": False},
        {"approved_at": None},
    ],
)
def test_one_who_is_not_there_is_no_other(post, moderator, other_moderator, away):
    Member.objects.filter(pk=other_moderator.pk).update(**away)
    Appeal.objects.make(removal_of(post, moderator), post.author, "She agreed.")
    assert case_of(post).deciders() == [moderator]


def test_the_author_does_not_count_as_another(moderator, other_moderator):
    post = make_post(other_moderator)
    Appeal.objects.make(removal_of(post, moderator), other_moderator, "Why?")
    case_of(post).keep(moderator)


def test_upholding_tells_the_author_even_without_words(post, moderator, other_moderator):
    Appeal.objects.make(removal_of(post, moderator), post.author, "She agreed.")
    case_of(post).keep(other_moderator)
    assert "The decision stays as it was." in post.author.notices.first().text


@pytest.mark.parametrize(
    ("take", "give_back", "reversal"),
    [
        (
            lambda m, by: m.suspend(timezone.now() + timedelta(days=9), by, "Why."),
            lambda m, by: m.lift_suspension(by),
            "lift",
        ),
        (lambda m, by: m.hide(by, reason="Why."), lambda m, by: m.hide(by, hidden=False), "show"),
        (
            lambda m, by: m.hide_contributions(by=by, reason="Why."),
            lambda m, by: m.hide_contributions(by=by, hidden=False),
            "show_contributions",
        ),
        (lambda m, by: m.mark_spammer(by), lambda m, by: m.clear_spammer(by), "clear"),
    ],
)
def test_what_was_decided_about_a_member_can_be_answered_and_given_back(
    member, moderator, other_moderator, take, give_back, reversal
):
    take(member, moderator)
    decision = Decision.objects.about(member).first()
    assert decision.appeal_path() in member.notices.first().text
    assert decision.appealable_by(member)
    appeal = Appeal.objects.make(decision, member, "It was not me.")
    assert not Decision.objects.get(pk=decision.pk).appealable_by(member)
    with pytest.raises(OwnCase):
        give_back(member, moderator)
    member.refresh_from_db()
    give_back(member, other_moderator)
    appeal.refresh_from_db()
    assert appeal.outcome.action == reversal
    assert not Case.objects.waiting().exists()


def test_another_decision_does_not_settle_an_answer(member, moderator, other_moderator):
    member.suspend(timezone.now() + timedelta(days=9), moderator, "Why.")
    Appeal.objects.make(Decision.objects.about(member).first(), member, "No.")
    member.hide(moderator)
    member.hide(moderator, hidden=False)
    assert case_of(member).has_open_appeals


# --- what can be answered, and by whom ----------------------------------------------------------------


def test_a_decision_can_be_found_by_its_reference_alone(post, moderator):
    decision = removal_of(post, moderator)
    assert len(decision.reference) == CAPABILITY_LENGTH == 26
    found = Decision.objects.by_reference
    assert found(decision.reference) == found(f" {decision.reference.lower()} ") == decision
    for wrong in (
        "",
        "x",
        "²" * 26,
        decision.reference[:-1],
        f"{decision.reference}A",
        "%" * 26,
        "\x00" * 26,
    ):
        assert found(wrong) is None


def test_who_may_answer_what(post, moderator, other_member):
    approved = held(post.author)
    approved.approve(moderator)
    decision = removal_of(post, moderator)
    assert decision.appealable_by(post.author)
    assert not decision.appealable_by(other_member)
    assert not decision.appealable_by(moderator)
    assert not decision.appealable_by(None)
    assert not Decision.objects.about(approved).first().appealable_by(post.author)
    report_item = make_report()
    report_item.remove(moderator, "Old.")
    assert not Decision.objects.about(report_item).first().appealable_by(None)


# --- spammers ---------------------------------------------------------------------------------------


@pytest.fixture
def spammer(moderator, other_member):
    made = make_member("Spam Mer")
    for number in range(3):
        report(make_post(made, title=f"Pills {number}"), by=other_member)
    held(made, title="More pills")
    report(made, email="vi@example.org")
    return made


def test_a_spammer_is_stopped_hidden_and_one_case(spammer, moderator, other_member):
    mail.outbox.clear()
    spammer.mark_spammer(moderator)
    fresh = Member.objects.get(pk=spammer.pk)
    assert (fresh.hidden, fresh.contributions_hidden, fresh.may_act, fresh.is_spammer) == (
        True,
        True,
        False,
        True,
    )
    assert set(fresh.contributions.values_list("reach", flat=True)) == {Reach.NOBODY}
    case = Case.objects.waiting().get()
    assert (case.target(), case.why, case.flags.count()) == (spammer, "spam", 4)
    assert Case.objects.filter(state="closed", outcome__action="spammer").count() == 4
    assert actions(spammer) == ["report", "spammer"]
    assert len(mails_to("vi@example.org")) == 1
    assert other_member.notices.filter(subject__startswith="What came of").count() == 3
    assert len(mails_to(spammer.email)) == 1
    case.keep(moderator)
    assert len(mails_to("vi@example.org")) == 1
    assert not Case.objects.waiting().exists()


def test_a_mistake_is_given_back_and_what_awaited_waits_again(spammer, moderator):
    spammer.mark_spammer(moderator)
    spammer.clear_spammer(moderator, "Sorry.")
    fresh = Member.objects.get(pk=spammer.pk)
    assert (fresh.hidden, fresh.contributions_hidden, fresh.may_act) == (False, False, True)
    assert fresh.contributions.filter(reach=Reach.EVERYONE).count() == 3
    case = Case.objects.waiting().get()
    assert (case.title, case.why, case.held_because) == ("More pills", "awaiting", "It has links.")
    assert "Sorry." in fresh.notices.first().text


def test_an_answer_stays_by_itself(spammer, moderator, other_moderator):
    removed = make_post(spammer)
    Appeal.objects.make(removal_of(removed, moderator), spammer, "No spam.")
    spammer.mark_spammer(moderator)
    assert {case.why for case in Case.objects.waiting()} == {"spam", "appeal"}


# --- what stays as it was -----------------------------------------------------------------------------


def test_a_step_that_is_refused_settles_nothing(post, moderator):
    report(post)
    with pytest.raises(TransitionRefused):
        post.restore(moderator)
    assert case_of(post).is_open


def test_a_report_keeps_what_is_its_kinds_own_when_decided_from_its_case(moderator):
    item = make_report(title="R")
    report(item)
    before = dict(item.card)
    case = case_of(item)
    case.target().remove(moderator, "Old.")
    case.target().restore(moderator)
    assert type(item).objects.get(pk=item.pk).card == before


def test_who_may_see_a_member(member, moderator, other_member):
    member.hide(moderator)
    assert Member.objects.visible_to(moderator).filter(pk=member.pk).exists()
    assert not Member.objects.visible_to(other_member).filter(pk=member.pk).exists()
