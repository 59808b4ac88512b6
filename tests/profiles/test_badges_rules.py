"""The published rules: each earns its badge, by what others can read, once, and says so on the profile."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from casestudies import told
from casestudies.models import Side, Stance
from network.worker import Worker
from profiles.badges.awarding import BEGINNING, award_due, award_everything
from profiles.badges.models import Held, Look
from profiles.badges.rules import all_rules
from profiles.invitations.inviting import invite
from profiles.invitations.models import Invitation
from profiles.models import Member
from tests.factories import (
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_link,
    make_member,
    make_post,
    make_report,
    make_thread,
    make_video,
)

pytestmark = pytest.mark.django_db
FIRSTS = {
    "first-blog": make_post,
    "first-forum": make_thread,
    "first-event": make_event,
    "first-document": make_document,
    "first-link": make_link,
    "first-video": make_video,
    "first-case-study": make_case_study,
}


def held_by(member):
    return set(Held.objects.filter(member=member).values_list("rule", flat=True))


def test_there_is_a_rule_for_each_kind_that_members_add_and_five_more():
    others = ["first-comment", "best-answer", "told-together", "welcomed", "passed-on"]
    codes = [rule.code for rule in all_rules()]
    assert sorted(codes[: len(FIRSTS)]) == sorted(FIRSTS)
    assert codes[len(FIRSTS) :] == others


@pytest.mark.parametrize("code", FIRSTS)
def test_the_first_of_each_kind(member, other_member, code):
    FIRSTS[code](member)
    FIRSTS[code](member)
    FIRSTS[code](other_member, publish=False)
    assert award_due() == 1
    assert (held_by(member), held_by(other_member)) == ({code}, set())


@pytest.mark.parametrize("status", ["draft", "withdrawn", "removed"])
def test_what_others_can_not_read_earns_nothing(member, administrator, status):
    post = make_post(member, publish=status != "draft")
    if status == "withdrawn":
        post.withdraw(member)
    elif status == "removed":
        post.remove(administrator, "Off topic.")
    assert award_due() == 0


def test_what_was_hidden_with_its_author_earns_nothing(member, administrator):
    make_post(member)
    member.hide_contributions(by=administrator)
    assert award_due() == 0


def test_a_closed_account_earns_nothing(member):
    make_post(member)
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert award_due() == 0


def test_a_first_comment(member, other_member):
    make_comment(make_report(), member)
    make_comment(make_report(), other_member).withdraw(other_member)
    award_due()
    assert (held_by(member), held_by(other_member)) == ({"first-comment"}, set())


def test_the_best_answer(member, other_member):
    question = make_thread(member, is_question=True)
    make_comment(question, make_member())
    best = make_comment(question, other_member)
    award_due()
    assert held_by(other_member) == {"first-comment"}
    question.mark_best(best, by=member)
    award_due()
    assert held_by(other_member) == {"first-comment", "best-answer"}


def test_ones_own_answer_to_ones_own_question_is_not_the_best(member):
    question = make_thread(member, is_question=True)
    question.mark_best(make_comment(question, member), by=member)
    award_due()
    assert held_by(member) == {"first-forum", "first-comment"}


def test_told_together_by_its_author_and_whoever_told_it_from_the_other_side(member, other_member):
    story = make_case_study(member, side=Side.PROFESSIONAL)
    account = told.invite(story, other_member)
    award_due()
    assert "told-together" not in held_by(member) | held_by(other_member)
    comment = make_comment(story, other_member)
    told.tell(account, comment, Stance.CONFIRMS)
    award_due()
    assert "told-together" in held_by(member)
    assert "told-together" in held_by(other_member)


def test_welcomed_by_the_first_to_answer_the_first_that_somebody_published(member, other_member):
    first = make_post(member)
    make_comment(first, member)
    make_comment(first, other_member)
    later = make_member()
    make_comment(first, later)
    answers_second = make_member()
    make_comment(make_post(member), answers_second)
    award_due()
    holders = Held.objects.filter(rule="welcomed").values_list("member", flat=True)
    assert list(holders) == [other_member.pk]


def test_passed_on_the_word_once_somebody_joined(member, other_member):
    invite(member, form_key=uuid.uuid4())
    award_due()
    assert held_by(member) == set()
    Invitation.objects.update(accepted_by=other_member, accepted_at=timezone.now())
    award_due()
    assert (held_by(member), held_by(other_member)) == ({"passed-on"}, set())


# --- when ----------------------------------------------------------------------------------------
def test_the_worker_awards(member):
    make_post(member)
    Worker().work()
    assert held_by(member) == {"first-blog"}


def test_however_often_it_looks_a_badge_is_awarded_once(member):
    make_post(member)
    assert [award_due(), award_due(), award_everything()] == [1, 0, 0]
    assert Held.objects.count() == 1


def test_what_was_earned_stays_when_it_is_taken_back(member):
    post = make_post(member)
    award_due()
    post.withdraw(member)
    award_due()
    assert held_by(member) == {"first-blog"}


def test_it_looks_at_what_is_new_since_the_last_look_alone(member, queries):
    for _number in range(3):
        make_comment(make_post(member))
    award_due()
    later = timezone.now() + timedelta(days=1)
    Look.note(later)
    with queries(4):  # up to when; invitations; what changed: nothing; and keeping that
        assert award_due() == 0
    Held.objects.all().delete()
    Look.note(later)
    assert award_due() == 0
    assert award_everything() > 0


@pytest.mark.parametrize("number", [1, 3, 50])
def test_a_look_costs_the_same_for_few_and_many(queries, number):
    for _number in range(number):
        make_comment(make_post())
    award_due()
    with queries(21):
        assert award_due() == 0


def test_a_look_that_is_stopped_goes_on_later(member):
    make_post(member)
    assert award_due(go_on=lambda: False) == 0
    assert Look.last() is None
    assert award_due() == 1
    assert Look.last() > BEGINNING


def test_whoever_looks_at_a_profile_again_gets_it_with_the_badge(client, member):
    make_post(member)
    path = member.get_absolute_url()
    etag = client.get(path).headers["ETag"]
    award_due()
    response = client.get(path, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "First blog post" in response.content.decode()
