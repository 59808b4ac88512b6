"""Moderators hear that something waits: at once or once a day, and a flood of reports is no flood of mail."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from commons.moderation.mails import QUIET, ModeratorMail, send_due
from commons.moderation.models import Appeal, Case, Decision, Flag
from profiles.models import Member
from tests.factories import make_administrator, make_member, make_moderator, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(db):
    return make_moderator("Mo One")


@pytest.fixture
def post(member):
    return make_post(member, title="A post")


def report(thing, **more):
    return Flag.objects.report(thing, reason="spam", **more)


def mails_to(member):
    return [message for message in mail.outbox if message.to == [member.email]]


def later(**more):
    return timezone.now() + QUIET + timedelta(**more)


def test_a_new_case_is_told_with_its_title_and_where_it_is(post, moderator, other_member, settings):
    report(post, by=other_member, words="zqwords")
    (message,) = mails_to(moderator)
    case = Case.objects.get()
    assert message.subject == "Reported: “A post”"
    for text in (message.body, message.alternatives[0][0]):
        assert f"{settings.SITE_URL}/admin/moderation/case/{case.pk}/change/" in text
        assert "A post" in text
        assert "zqwords" not in text
        assert other_member.display_name not in text
        assert other_member.email not in text


def test_who_is_told(post):
    told = [make_moderator("Mo"), make_administrator("Boss")]
    make_moderator("Closed", is_active=False)
    make_moderator("Suspended", suspended_until=timezone.now() + timedelta(days=3))
    make_member("Staff without the right", is_staff=True)
    Member.objects.filter(pk=make_moderator("No staff").pk).update(is_staff=False)
    report(post)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(member.email for member in told)


def test_not_about_what_they_wrote_themselves(moderator):
    report(make_post(moderator))
    report(moderator)
    assert mails_to(moderator) == []


def test_what_awaits_approval_and_new_members(member, moderator, settings):
    settings.NETWORK_APPROVES_MEMBERS = True
    make_post(member, title="Held", publish=False).submit(member, held_because="It has links.")
    ModeratorMail.objects.all().delete()
    make_member("New Comer", confirmed=False).confirm()
    assert [message.subject for message in mails_to(moderator)] == [
        "Awaiting approval: “Held”",
        "Awaiting approval: “New Comer”",
    ]


def test_a_second_report_on_the_same_tells_nobody_again(post, moderator):
    report(post, words="1")
    ModeratorMail.objects.all().delete()
    report(post, words="2")
    assert len(mails_to(moderator)) == 1


def test_an_answer_goes_to_another_moderator(post, moderator):
    post.remove(moderator, "Why.")
    other = make_moderator("Mo Two")
    Appeal.objects.make(Decision.objects.about(post).first(), post.author, "No.")
    assert (mails_to(moderator), len(mails_to(other))) == ([], 1)


def test_a_flood_is_one_mail_and_one_summary(member, moderator, settings):
    for number in range(30):
        report(make_post(member, title=f"Pills {number}"))
    assert len(mails_to(moderator)) == 1
    assert send_due() == 0
    assert send_due(later(seconds=1)) == 1
    assert send_due(later(seconds=2)) == 0
    summary = mails_to(moderator)[-1]
    assert summary.subject == "30 things await you"
    assert summary.body.count("/change/") == 20
    assert "and 10 more." in summary.body
    assert f"{settings.SITE_URL}/admin/moderation/case/\n" in summary.body


def test_no_summary_of_what_was_decided_meanwhile(member, moderator):
    for number in range(3):
        report(make_post(member, title=str(number)))
    for case in Case.objects.waiting():
        case.keep(make_moderator("Mo Two"))
    assert send_due(later()) == 0
    assert len(mails_to(moderator)) == 1


def test_after_a_quiet_time_the_next_is_told_at_once(member, moderator):
    report(make_post(member, title="One"))
    ModeratorMail.objects.update(mailed_at=timezone.now() - QUIET - timedelta(seconds=1))
    report(make_post(member, title="Two"))
    assert [message.subject for message in mails_to(moderator)] == ["Reported: “One”", "Reported: “Two”"]


class TestDaily:
    @pytest.fixture(autouse=True)
    def _daily(self, settings):
        settings.NETWORK_MODERATION_MAIL = "daily"

    def at(self, hour, day=2):
        return timezone.make_aware(datetime(2027, 3, day, hour))

    def test_once_a_day_at_eight_as_long_as_something_waits(self, post, moderator):
        ModeratorMail.objects.create(member=moderator, mailed_at=self.at(8, day=1))
        report(post)
        assert mail.outbox == []
        sent = [
            send_due(self.at(hour, day)) for day, hour in [(2, 7), (2, 8), (2, 9), (3, 7), (3, 10), (3, 11)]
        ]
        assert sent == [0, 1, 0, 0, 1, 0]
        Case.objects.get().keep(moderator)
        assert send_due(self.at(9, day=4)) == 0

    def test_not_without_anything(self, moderator):
        assert send_due(self.at(9)) == 0


def test_a_summary_costs_the_same_whatever_waits(member, moderator, queries):
    for more in (1, 2, 47):
        for _one in range(more):
            report(make_post(member))
        now = later(days=more)
        ModeratorMail.objects.update(owed=True)
        with queries(8):
            assert send_due(now) == 1
