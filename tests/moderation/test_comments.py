"""Comments go through what contributions go through: holds, the queue, reports, answers, and what is told of each."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commons.contributions.models import Comment, Contribution
from commons.contributions.reporting import report_path
from commons.contributions.sending import PastPostRate
from commons.moderation import told
from commons.moderation.models import Appeal, Case, Decision, Flag
from commons.moderation.steps import STEPS
from forum import order
from profiles.models import Member
from tests.factories import (
    establish,
    make_comment,
    make_member,
    make_moderator,
    make_post,
    make_thread,
)

pytestmark = pytest.mark.django_db
LINK = "Look at https://spam.example/ now"
LIST = "/admin/moderation/case/"


@pytest.fixture
def thread():
    return make_thread(title="Who pays?")


@pytest.fixture
def comment(thread, member):
    return make_comment(thread, member, body="Some **bold** words <script>alert(1)</script>")


@pytest.fixture
def moderator():
    return make_moderator("Mo One")


@pytest.fixture
def other_moderator():
    return make_moderator("Mo Two")


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def begin(talk, author, body="Some words.", **more):
    return Comment.begin(author, talk, body, form_key=uuid.uuid4(), **more)


def fresh(thing):
    return type(thing)._base_manager.get(pk=thing.pk)


def report(thing, **more):
    return Flag.objects.report(thing, **{"reason": "spam", "words": "Look at this.", **more})


def case_of(thing):
    return Case.objects.about(thing).latest("pk")


def step_of(case, code):
    return f"{LIST}{case.pk}/step/{code}/"


def take(client, case, code, **values):
    return client.post(step_of(case, code), {"seen_open": "1", **values}, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def last_notice(member):
    notice = member.notices.first()
    return notice.subject, notice.text


def counted(item):
    return Contribution.objects.get(pk=item.pk).comment_count


# --- holds and limits -----------------------------------------------------------------------------------


def test_an_edit_that_adds_a_link_waits_again_and_one_that_mends_a_word_does_not(thread, member):
    comment = begin(thread, member, "We met on Tuesdays.")
    comment.revise(member, "We met on Mondays.", version=1)
    assert (comment.status, counted(thread)) == ("published", 1)
    comment.revise(member, f"We met on Mondays. {LINK}", version=2)
    case = case_of(comment)
    assert (comment.status, comment.listed, counted(thread)) == ("awaiting", False, 0)
    assert (case.why, case.about, case.title) == ("awaiting", member, "Reply 1 in “Who pays?”")
    assert case.held_because.startswith("By a new member.")
    assert Decision.objects.about(comment).first().action == "hold"


def test_what_was_withdrawn_and_comes_back_with_a_link_waits(comment, member):
    comment.withdraw(member)
    comment.revise(member, LINK, version=1, publish=True)
    assert (comment.status, case_of(comment).why) == ("awaiting", "awaiting")


def test_an_established_members_link_is_not_held(thread):
    author = establish(make_member())
    comment = begin(thread, author, "See below.")
    comment.revise(author, LINK, version=1)
    assert comment.status == "published"


def test_the_hidden_field_holds_what_anybody_sends(thread):
    from commons.moderation.holds import form_signs

    signs = form_signs({"leave_empty": "x"})
    assert begin(thread, establish(make_member()), form_signs=signs).status == "awaiting"


def test_more_than_a_handful_on_the_first_day_wait_comments_and_items_together(settings, thread, member):
    settings.NETWORK_FIRST_DAY_POSTS = 3
    make_post(member)
    found = [begin(thread, member).status for _number in range(4)]
    assert found == ["published", "published", "awaiting", "awaiting"]


def test_comments_make_their_author_an_established_member_as_items_do(thread, member):
    comment = begin(thread, member)
    long_ago = timezone.now() - timedelta(days=8)
    Comment.objects.filter(pk=comment.pk).update(listed_since=long_ago, published_at=long_ago)
    assert begin(thread, member, LINK).status == "published"


def test_the_post_rate_counts_comments_and_items_together(settings, thread, member):
    settings.NETWORK_POST_RATE = "2/h"
    make_post(member, publish=False)
    begin(thread, member)
    with pytest.raises(PastPostRate):
        begin(thread, member)
    with pytest.raises(PastPostRate):
        make_post(member)
    assert Comment.objects.count() == 1


def test_what_nobody_ever_read_counts_when_it_is_sent_in_again(settings, thread, member):
    held = begin(thread, member, LINK)
    held.withdraw(member)
    Comment.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(days=2))
    settings.NETWORK_POST_RATE = "1/h"
    comment = begin(thread, member)
    with pytest.raises(PastPostRate):
        held.revise(member, "Without a link", version=1, publish=True)
    comment.withdraw(member)
    comment.revise(member, "Better", version=1, publish=True)
    assert [fresh(held).status, fresh(held).version, fresh(comment).status] == ["withdrawn", 1, "published"]


# --- in the queue ---------------------------------------------------------------------------------------


class TestQueue:
    def test_everything_about_it_stands_on_one_page(self, desk, moderator, thread, comment, other_member):
        answered = make_comment(thread, other_member, body="What was asked.")
        answer = make_comment(thread, comment.author, body="And **answered**.", answers=answered)
        further = make_comment(thread, answers=answer)
        answer.remove(moderator, "First reason.")
        fresh(answer).restore(moderator)
        report(answer, words="zqflag")
        page = desk.get(f"{LIST}{case_of(answer).pk}/change/").content.decode()
        for words in (
            "<strong>answered</strong>",
            f'<a href="{thread.get_absolute_url()}">Who pays?</a>',
            f'<a href="{answered.get_absolute_url()}">2, Bola Ade</a>: What was asked.',
            f'<a href="{further.get_absolute_url()}">4</a>',
            "Ann Lee",
            "zqflag",
            "First reason.",
            "Reply (Published)",
            f'href="{answer.get_absolute_url()}"',
            f'href="{reverse("admin:contributions_comment_change", args=[answer.pk])}"',
        ):
            assert words in page, words

    def test_what_stands_in_a_row(self, desk, comment):
        report(comment)
        page = desk.get(LIST).content.decode()
        for words in ("Reply 1 in “Who pays?”", "Some bold words", "Reported", "Ann Lee", "Reply"):
            assert words in page
        assert "<script>alert" not in page
        assert desk.get(f"{LIST}?why=reported&kind=comment").context["cl"].result_count == 1
        assert desk.get(f"{LIST}?kind=contribution").context["cl"].result_count == 0

    @pytest.mark.parametrize("number", [1, 3, 20])
    def test_the_same_queries_however_many(self, desk, queries, thread, number):
        for _number in range(number):
            report(make_comment(thread, answers=make_comment(thread)))
        desk.get(LIST)
        # session, member, permissions (2), count, rows, comments
        with queries(7):
            desk.get(LIST)

    @pytest.mark.parametrize("number", [1, 30])
    def test_one_case_costs_the_same_however_long_the_conversation(self, desk, queries, thread, number):
        comment = make_comment(thread)
        for _number in range(number):
            make_comment(thread, answers=comment)
            report(comment, words=str(_number))
        page = f"{LIST}{case_of(comment).pk}/change/"
        desk.get(page)
        with queries(17):
            desk.get(page)

    @pytest.mark.parametrize(
        ("code", "words", "told"),
        [
            ("approve", "", ("Your reply in “Who pays?” is now published", "A moderator has read it")),
            (
                "remove",
                "It sells pills.",
                ("Your reply in “Who pays?” has been taken down", "It sells pills."),
            ),
        ],
    )
    def test_deciding_about_what_waits(self, desk, thread, member, code, words, told):
        comment = begin(thread, member, LINK)
        case = case_of(comment)
        begun = desk.get(step_of(case, code)).context["form"]["words"].value()
        take(desk, case, code, words=words or begun)
        assert (case_of(comment).state, case_of(comment).outcome.action) == ("closed", code)
        assert fresh(comment).listed is (code == "approve")
        assert counted(thread) == (code == "approve")
        subject, text = last_notice(member)
        assert (subject, told[1] in text) == (told[0], True)
        assert mail.outbox[-1].subject == subject

    def test_on_anything_but_the_forum_it_is_a_comment(self, desk, moderator, member):
        comment = make_comment(make_post(title="A post"), member)
        comment.remove(moderator, "Off topic.")
        assert last_notice(member)[0] == "Your comment on “A post” has been taken down"
        assert case_of(comment).title == "Comment 1 on “A post”"

    def test_keeping_restoring_and_what_the_moderator_reads(self, desk, comment, thread):
        report(comment)
        answer = take(desk, case_of(comment), "keep", words="")
        assert messages_of(answer) == ["Reply 1 in “Who pays?”: Kept as it is."]
        fresh(comment).remove(make_moderator(), "Off topic.")
        take(desk, case_of(comment), "restore", words="It was fine.", seen_open="")
        assert (fresh(comment).listed, counted(thread)) == (True, 1)
        assert last_notice(comment.author) == ("Your reply in “Who pays?” is back", "It was fine.")
        again = desk.get(step_of(case_of(comment), "restore"), follow=True)
        assert messages_of(again) == [
            "Nothing was done about Reply 1 in “Who pays?”: as things stand, this step is not for you to take."
        ]

    def test_which_steps_are_offered(self, desk, moderator, comment):
        report(comment)
        page = desk.get(f"{LIST}{case_of(comment).pk}/change/").content.decode()
        found = [step.code for step in STEPS if f'href="{step_of(case_of(comment), step.code)}"' in page]
        assert found == ["keep", "remove", "suspend", "hide", "hide-written", "spammer"]

    def test_several_at_once(self, desk, thread, member):
        waiting = begin(thread, member, LINK)
        reported = make_comment(thread)
        report(reported)
        for action, thing in (("approve_selected", waiting), ("keep_selected", reported)):
            desk.post(LIST, {"action": action, "_selected_action": [case_of(thing).pk]})
        assert [case_of(thing).outcome.action for thing in (waiting, reported)] == ["approve", "keep"]

    def test_suspending_its_author_leaves_it_unless_it_is_hidden_too(self, desk, comment, thread):
        report(comment)
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        take(desk, case_of(comment), "suspend", words="Why.", last_day=day)
        assert (Member.objects.get(pk=comment.author_id).is_suspended, counted(thread)) == (True, 1)
        take(desk, case_of(comment), "hide-written", words="Why.")
        assert counted(thread) == 0
        take(desk, case_of(comment), "show-written", words="", seen_open="1")
        assert counted(thread) == 1

    def test_nobody_decides_about_what_they_wrote(self, desk, moderator, thread):
        own = make_comment(thread, moderator)
        report(own)
        take(desk, case_of(own), "remove", words="Mine.")
        assert (fresh(own).status, case_of(own).state) == ("published", "open")

    def test_what_its_author_took_back_unread_is_nobodys_business(self, desk, thread, member):
        comment = begin(thread, member, f"zqnever {LINK}")
        comment.withdraw(member)
        for path in (
            f"{LIST}{case_of(comment).pk}/change/",
            thread.get_absolute_url(),
            "/admin/contributions/comment/",
        ):
            assert "zqnever" not in desk.get(path).content.decode()
        assert desk.get(comment.get_absolute_url()).status_code == 404
        desk.force_login(member)
        assert "zqnever" in desk.get(thread.get_absolute_url()).content.decode()


def test_a_step_locks_the_conversation_before_the_comment(comment, moderator):
    """As posting does: in another order two of them would wait for each other for ever."""
    report(comment)
    with CaptureQueriesContext(connection) as ran:
        case_of(comment).lock_target()
    asked = [query["sql"] for query in ran.captured_queries]
    tables = [re.search(r'FROM "(\w+)"', sql)[1] for sql in asked if 'SELECT "' in sql]
    # Which conversation it is; that one is locked, then the comment.
    which = tables.index("contributions_comment")
    assert tables.index("contributions_contribution") < tables.index("contributions_comment", which + 1)


def test_no_subject_puts_quotes_around_what_has_its_own():
    assert [action for action, telling in told.OF_ITEM.items() if "“{title}”" in str(telling.subject)] == []


# --- a spammer's comments -------------------------------------------------------------------------------


@pytest.fixture
def spam(thread, member, other_member):
    """A spammer's comments: one that is read and reported, one that waits; answered by somebody else."""
    read, waiting = begin(thread, member, "Buy this."), begin(thread, member, LINK)
    make_comment(thread, other_member, answers=read)
    report(read, by=other_member)
    return read, waiting


def test_a_spammers_comments_are_hidden_gathered_and_not_counted(spam, thread, member, moderator, desk):
    read, waiting = spam
    member.mark_spammer(moderator)
    case = Case.objects.waiting().get()
    assert (case.target(), case.why, case.flags.count()) == (member, "spam", 1)
    assert [case_of(thing).outcome.action for thing in spam] == ["spammer", "spammer"]
    assert (fresh(read).listed, fresh(waiting).listed, counted(thread)) == (False, False, 1)
    page = desk.get(f"{LIST}{case.pk}/change/").content.decode()
    for comment in spam:
        assert reverse("admin:contributions_comment_change", args=[comment.pk]) in page


def test_a_mistake_is_given_back_and_comments_that_awaited_wait_again(spam, thread, member, moderator):
    read, waiting = spam
    member.mark_spammer(moderator)
    Member.objects.get(pk=member.pk).clear_spammer(moderator, "Sorry.")
    assert (fresh(read).listed, fresh(waiting).status, counted(thread)) == (True, "awaiting", 2)
    case = Case.objects.waiting().get()
    assert (case.target(), case.why, case.held_because) == (
        waiting,
        "awaiting",
        Case.objects.why_held(waiting),
    )
    assert case.held_because.startswith("By a new member.")


# --- reports --------------------------------------------------------------------------------------------


def values(**more):
    return {"reason": "spam", "words": "It sells pills.", "email": "", **more}


def test_two_clicks_for_a_visitor(client, comment, thread):
    assert client.get(thread.get_absolute_url()).content.decode().count(f'href="{report_path(comment)}"') == 1
    page = client.get(report_path(comment)).content.decode()
    assert "<h1>Report: Reply 1 in “Who pays?”</h1>" in page
    sent = client.post(report_path(comment), values())
    flag = Flag.objects.get()
    assert (flag.case.target(), flag.reason, flag.words) == (comment, "spam", "It sells pills.")
    assert flag.reference in client.get(sent.url).content.decode()


def test_who_reported_is_told_and_its_author_is_not(client, comment, other_member, moderator):
    client.force_login(other_member)
    client.post(report_path(comment), values())
    assert "You reported: Reply 1 in “Who pays?”" in last_notice(other_member)[1]
    assert comment.author.notices.count() == 0
    comment.remove(moderator, "Between the author and us.")
    assert "taken it down" in last_notice(other_member)[1]
    assert "Between" not in last_notice(other_member)[1]


@pytest.mark.parametrize("method", ["get", "post"])
def test_ones_own_is_answered_kindly(client, comment, method):
    client.force_login(comment.author)
    page = getattr(client, method)(report_path(comment), values()).content.decode()
    assert "Reply 1 in “Who pays?” is yours, so there is no need to report it." in page
    assert [f"{comment.get_absolute_url()}{below}" in page for below in ("edit/", "withdraw/")] == [
        True,
        True,
    ]
    assert Flag.objects.count() == 0


def test_what_one_can_t_read_one_can_t_report(client, thread, member, moderator):
    removed, withdrawn, waiting = make_comment(thread), make_comment(thread), begin(thread, member, LINK)
    removed.remove(moderator, "Off topic.")
    withdrawn.withdraw(withdrawn.author)
    inside, below = make_comment(make_thread(audience="members")), make_comment(hidden := make_post())
    hidden.remove(moderator, "Off topic.")
    for comment in (removed, withdrawn, waiting, inside, below):
        path = report_path(comment)
        assert {client.get(path).status_code, client.post(path, values()).status_code} == {404}
    assert client.get("/comments/999999999999999999/report/").status_code == 404
    assert Flag.objects.count() == 0


def test_what_was_moved_is_reported_where_it_is_now(client, thread, comment, moderator):
    there = order.split(comment, moderator, "About payroll")
    left = Comment.objects.get(contribution=thread.pk, moved_to=comment)
    for path in (report_path(comment), report_path(left)):
        assert "Report: Reply 1 in “About payroll”" in client.get(path).content.decode()
        client.post(path, values(words=path))
    assert {flag.case.target() for flag in Flag.objects.all()} == {fresh(comment)}
    assert Case.objects.count() == 1
    assert not Case.objects.about(left).exists()
    there.remove(make_moderator(), "Off topic.")
    assert client.get(report_path(left)).status_code == 404


def test_a_report_stays_with_what_is_moved(thread, comment, moderator, desk):
    report(comment)
    order.split(comment, moderator, "About payroll")
    page = desk.get(f"{LIST}{case_of(comment).pk}/change/").content.decode()
    assert ">About payroll</a>" in page
    assert last_notice(comment.author)[0] == "Your reply in “About payroll” has been moved"


# --- answers to decisions -------------------------------------------------------------------------------


def test_a_removal_is_answered_and_another_moderator_restores(
    client, thread, comment, moderator, other_moderator
):
    client.force_login(moderator)
    report(comment)
    take(client, case_of(comment), "remove", words="It names a neighbour.")
    removal = Decision.objects.about(comment).get(action="remove")
    assert (
        removal.appeal_path() in mail.outbox[-1].body
        or removal.appeal_path() in last_notice(comment.author)[1]
    )
    client.logout()
    page = client.get(removal.appeal_path()).content.decode()
    assert ["<h1>Reply 1 in “Who pays?” was taken down</h1>" in page, "It names a neighbour." in page] == [
        True
    ] * 2
    client.post(removal.appeal_path(), {"words": "She agreed."})
    case = case_of(comment)
    assert (case.why, case.deciders()) == ("appeal", [other_moderator])
    client.force_login(moderator)
    refused = take(client, case, "restore", words="")
    assert "another moderator decides" in " ".join(messages_of(refused))
    assert fresh(comment).status == "removed"
    client.force_login(other_moderator)
    take(client, case, "restore", words="We asked her.")
    appeal = Appeal.objects.get()
    assert (appeal.was_upheld, appeal.outcome.by) == (False, other_moderator)
    assert (fresh(comment).listed, counted(thread)) == (True, 1)
    assert last_notice(comment.author) == ("Your reply in “Who pays?” is back", "We asked her.")
    actions = list(Decision.objects.about(comment).reverse().values_list("action", flat=True))
    assert actions == ["submit", "report", "remove", "appeal", "restore"]


def test_a_decision_that_stands_is_told_in_the_same_words(comment, moderator, other_moderator):
    comment.remove(moderator, "It names a neighbour.")
    Appeal.objects.make(Decision.objects.about(comment).first(), comment.author, "She agreed.")
    case_of(comment).keep(other_moderator)
    assert last_notice(comment.author)[0] == "Your reply in “Who pays?” stays taken down"
