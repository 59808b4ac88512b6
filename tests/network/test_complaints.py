"""Complaints about personal data: made by anybody, acknowledged, and in sight until their day."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from network.models import SiteIssue
from network.pages import REPORTS_RATE
from tests.factories import make_administrator

pytestmark = pytest.mark.django_db

URL = "/privacy/complaint/"
LIST = reverse("admin:network_siteissue_changelist")


def values(**more):
    return {
        "text": "You show where I live.",
        "email": "ann@example.org",
        "form_key": str(uuid.uuid4()),
        **more,
    }


def receive(*, days_ago=0, kind="personal-data"):
    issue = SiteIssue.receive({"kind": kind, "text": "Words.", "email": ""}, form_key=uuid.uuid4())
    SiteIssue.objects.filter(pk=issue.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    return SiteIssue.objects.get(pk=issue.pk)


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


def shown(client, **query):
    return set(client.get(LIST, query).context["cl"].queryset)


def test_nobody_has_to_sign_in(client):
    answered = client.post(URL, values())
    complaint = SiteIssue.objects.get()
    assert (complaint.kind, complaint.text, complaint.email, complaint.reporter) == (
        "personal-data", "You show where I live.", "ann@example.org", None,
    )  # fmt: skip
    thanks = client.get(answered.url)
    assert (thanks.status_code, complaint.reference in thanks.content.decode()) == (200, True)


def test_it_is_acknowledged_with_its_reference_and_its_day(client):
    client.post(URL, values())
    complaint = SiteIssue.objects.get()
    (sent,) = mail.outbox
    day = date_format(timezone.localdate() + timedelta(days=30), "j F Y")
    assert (sent.to, sent.subject) == (["ann@example.org"], f"We have your complaint: {complaint.reference}")
    for words in (sent.body, sent.alternatives[0].content):
        assert (complaint.reference in words, f"by {day}" in words, "where I live" in words) == (
            True,
            True,
            False,
        )


def test_administrators_are_told_with_its_day(client, administrator):
    client.post(URL, values())
    (told,) = [message for message in mail.outbox if message.to == [administrator.email]]
    day = date_format(timezone.localdate() + timedelta(days=30), "j F Y")
    assert f"To be answered by {day}" in told.body
    assert f"To be answered by {day}" in told.alternatives[0].content


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [("text", " ", "required"), ("email", "", "required"), ("email", "ann", "invalid")],
)
def test_what_is_refused(client, field, typed, code):
    answered = client.post(URL, values(**{field: typed}))
    (error,) = answered.context["form"].errors.as_data()[field]
    assert (answered.status_code, error.code, SiteIssue.objects.count()) == (200, code, 0)


def test_it_is_rate_limited_and_its_words_stay(client):
    for _number in range(int(REPORTS_RATE.partition("/")[0])):
        client.post(URL, values())
    answered = client.post(URL, values(text="Once more."))
    assert (answered.status_code, b"Once more." in answered.content) == (429, True)


def test_the_same_form_sent_twice_is_one_complaint(client):
    sent = values()
    client.post(URL, sent)
    client.post(URL, sent)
    assert SiteIssue.objects.count() == 1


def test_a_token_is_needed(client):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(URL, values()).status_code == 403


def test_other_issues_have_no_day():
    issue = receive(kind="not-working", days_ago=60)
    assert (issue.answer_by, issue.is_overdue) == (None, False)


def test_it_is_overdue_from_the_day_after(administrator):
    on_its_day, late = receive(days_ago=30), receive(days_ago=31)
    assert [each.is_overdue for each in (on_its_day, late)] == [False, True]
    assert set(SiteIssue.objects.overdue()) == {late}
    late.mark_answered(administrator)
    assert (late.is_overdue, SiteIssue.objects.overdue().count()) == (False, 0)


def test_administrators_see_day_and_state(staff, administrator):
    waiting, late, answered = receive(), receive(days_ago=31), receive(days_ago=40)
    answered.mark_answered(administrator)
    other = receive(kind="not-working")
    assert shown(staff, complaint="overdue") == {late}
    assert shown(staff, complaint="waiting") == {waiting, late}
    assert shown(staff, complaint="all") == {waiting, late, answered}
    assert shown(staff) == {waiting, late, answered, other}
    page = staff.get(LIST).content.decode()
    assert f"{date_format(late.answer_by, 'j F Y')}: overdue" in page
    assert f"{date_format(answered.answer_by, 'j F Y')}: overdue" not in page


def test_what_is_overdue_stands_on_the_first_page_of_the_administration(staff):
    receive()
    index = reverse("admin:index")
    assert "overdue" not in staff.get(index).content.decode()
    receive(days_ago=31)
    assert "1 complaint about personal data is overdue" in staff.get(index).content.decode()


def test_privacy_leads_there(client):
    make_administrator()
    page = client.get("/privacy/").content.decode()
    assert (f'href="{URL}"' in page, 'href="/privacy/held/"' in page) == (True, True)
    assert f'href="{URL}"' not in client.get("/terms/").content.decode()
