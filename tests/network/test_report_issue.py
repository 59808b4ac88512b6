"""Reporting an issue: what reaches the administrators, what the reporter is told, and what is refused."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from network.models import SiteIssue
from network.pages import ACKNOWLEDGEMENTS_RATE, REPORTS_RATE
from tests.factories import make_administrator, make_member

pytestmark = pytest.mark.django_db

URL = "/report-an-issue/"


def values(**more):
    return {
        "kind": "not-working",
        "text": "The map is empty.",
        "page": "/library/",
        "email": "",
        "form_key": str(uuid.uuid4()),
        **more,
    }


def mails_to(address):
    return [message for message in mail.outbox if message.to == [address]]


def test_it_is_kept_with_a_reference(client):
    response = client.post(URL, values(email="ann@example.org"))
    issue = SiteIssue.objects.get()
    assert issue.reference == f"R-{timezone.localtime().year}-{issue.pk:06d}"
    assert (issue.kind, issue.text, issue.page, issue.email, issue.reporter) == (
        "not-working", "The map is empty.", "/library/", "ann@example.org", None,
    )  # fmt: skip
    thanks = client.get(response.url)
    assert (response.status_code, thanks.status_code) == (302, 200)
    assert issue.reference in thanks.content.decode()


def test_every_active_superuser_is_told_and_nobody_else(client, member):
    one, two = make_administrator(), make_administrator()
    make_administrator(is_active=False)
    make_member(is_staff=True)
    client.post(URL, values())
    issue = SiteIssue.objects.get()
    assert sorted(message.to for message in mail.outbox) == [[one.email], [two.email]]
    address = reverse("admin:network_siteissue_change", args=[issue.pk])
    text = mail.outbox[0].body
    html = mail.outbox[0].alternatives[0].content
    assert [issue.reference in words and address in words for words in (text, html)] == [True, True]


def test_the_reporter_is_told_that_it_arrived(client):
    client.post(URL, values(email="ann@example.org", text="Buy my pills"))
    (sent,) = mails_to("ann@example.org")
    issue = SiteIssue.objects.get()
    assert sent.subject == f"We have your report: {issue.reference}"
    # What a stranger typed is never sent to an address a stranger named.
    assert "pills" not in sent.body + sent.alternatives[0].content


def test_a_visitor_needs_no_address(client):
    client.post(URL, values())
    assert SiteIssue.objects.count() == 1
    assert mail.outbox == []


def test_a_member_is_known_and_their_address_is_filled_in(client, member):
    client.force_login(member)
    assert client.get(URL).context["form"]["email"].value() == member.email
    client.post(URL, values())
    assert SiteIssue.objects.get().reporter == member


def test_the_same_form_sent_twice_is_one_issue(client):
    sent = values(email="ann@example.org")
    first, second = client.post(URL, sent), client.post(URL, sent)
    assert SiteIssue.objects.count() == 1
    assert len(mails_to("ann@example.org")) == 1
    assert (first.status_code, second.status_code) == (302, 302)
    assert client.get(second.url).context["reference"] == SiteIssue.objects.get().reference


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("kind", "", "required"),
        ("kind", "nonsense", "invalid_choice"),
        ("text", "", "required"),
        ("text", "  \n ", "required"),
        ("text", "x" * 5_001, "max_length"),
        ("text", "a\x00b", "null_characters_not_allowed"),
        ("page", "x" * 301, "max_length"),
        ("email", "not an address", "invalid"),
        ("email", "x" * 250 + "@example.org", "max_length"),
        ("form_key", "no-key", "invalid"),
    ],
)
def test_what_is_refused(client, field, typed, code):
    response = client.post(URL, values(**{field: typed}))
    form = response.context["form"]
    assert response.status_code == 200
    assert {name: [e.code for e in errors.as_data()][:1] for name, errors in form.errors.items()} == {
        field: [code]
    }
    assert SiteIssue.objects.count() == 0
    assert "Error:" in response.content.decode()


def test_what_was_typed_is_kept(client):
    response = client.post(URL, values(kind="", text="A long story", page="/x/", email="ann@example.org"))
    form = response.context["form"]
    assert {name: form[name].value() for name in ("text", "page", "email")} == {
        "text": "A long story",
        "page": "/x/",
        "email": "ann@example.org",
    }


@pytest.mark.parametrize(
    "field", ["reference", "answered_at", "answered_by", "note", "reporter", "created_at"]
)
def test_other_fields_are_ignored(client, administrator, field):
    client.post(URL, values(**{field: administrator.pk}))
    issue = SiteIssue.objects.get()
    assert (issue.answered_at, issue.answered_by, issue.note, issue.reporter) == (None, None, "", None)
    assert issue.reference.startswith("R-")


def test_a_robot_that_fills_in_everything_is_asked_again(client):
    response = client.post(URL, values(leave_empty="https://spam.example"))
    assert [e.code for e in response.context["form"].non_field_errors().as_data()] == ["robot"]
    assert SiteIssue.objects.count() == 0
    assert "https://spam.example" not in response.content.decode()


def test_past_the_limit_the_words_are_kept_and_nothing_is_sent(client):
    most = int(REPORTS_RATE.split("/")[0])
    for _number in range(most):
        client.post(URL, values())
    response = client.post(URL, values(text="One too many"))
    assert response.status_code == 429
    assert SiteIssue.objects.count() == most
    assert response.context["form"]["text"].value() == "One too many"


def test_others_are_not_held_back_by_one(client):
    for _number in range(int(REPORTS_RATE.split("/")[0]) + 1):
        client.post(URL, values())
    assert client.post(URL, values(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_nobody_s_letter_box_is_filled(client):
    most = int(ACKNOWLEDGEMENTS_RATE.split("/")[0])
    for number in range(most + 2):
        client.post(URL, values(email="Victim@example.org"), REMOTE_ADDR=f"203.0.113.{number}")
    assert SiteIssue.objects.count() == most + 2
    assert len(mails_to("Victim@example.org")) == most


@pytest.mark.parametrize(
    ("query", "referer", "page"),
    [
        ({"page": "/blog/1-x/"}, "", "/blog/1-x/"),
        ({}, "http://testserver/library/reports/?page=2", "/library/reports/"),
        ({}, "https://elsewhere.example/secret/", ""),
        ({}, "http://[broken", ""),
        ({"page": "x" * 400}, "", "x" * 300),
        ({}, "", ""),
    ],
)
def test_the_page_it_is_about_is_filled_in(client, query, referer, page):
    response = client.get(URL, query, headers={"Referer": referer} if referer else {})
    assert response.context["form"]["page"].value() == page


def test_the_form_is_never_kept_by_a_cache(client):
    response = client.get(URL)
    assert "no-store" in response["Cache-Control"]
    assert set(response.cookies) == {"csrftoken"}


def test_a_token_is_needed(client):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(URL, values()).status_code == 403
    assert SiteIssue.objects.count() == 0


@pytest.mark.parametrize("sent", ["", "forged", "R-2026-000001", "a:b:c", "²", "x" * 3000])
def test_a_thank_you_page_can_t_be_forged(client, sent):
    response = client.get(URL, {"sent": sent})
    assert response.status_code == 200
    assert "form" in response.context


def test_a_member_s_words_survive_a_lost_token(client, member):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(member)
    signed = strict.get(URL).context["written_by"]
    answer = strict.post(URL, values(text="A long story", **{signed["name"]: signed["value"]}))
    assert answer.status_code == 403
    kept = answer.context["kept"]
    back = f"{kept.path}?kept={kept.token}"
    assert strict.get(back).context["form"]["text"].value() == "A long story"
    client.force_login(make_member())
    assert client.get(back).context["form"]["text"].value() is None
    client.force_login(member)
    client.post(URL, values(text="A long story"))
    assert client.get(back).context["form"]["text"].value() is None


def test_nothing_is_kept_when_the_administrators_can_t_be_told(client, administrator, settings):
    settings.EMAIL_BACKEND = "no.such.backend"
    with pytest.raises(ModuleNotFoundError):
        client.post(URL, values())
    assert SiteIssue.objects.count() == 0
    assert mail.outbox == []


# --- in the admin ----------------------------------------------------------------------------------


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


def receive(**more):
    return SiteIssue.receive(
        {"kind": "other", "text": "Words.", "page": "", "email": "", **more}, form_key=uuid.uuid4()
    )


def changelist(client, **query):
    return client.get(reverse("admin:network_siteissue_changelist"), query)


def test_administrators_find_what_was_reported(staff):
    one, two = receive(text="The lantern is broken."), receive(page="/blog/")
    two.mark_answered(make_administrator())
    found = {
        words: [i.pk for i in changelist(staff, **query).context["cl"].queryset]
        for words, query in {
            "text": {"q": "lantern"},
            "reference": {"q": one.reference},
            "page": {"q": "/blog/"},
            "open": {"answered": "no"},
            "done": {"answered": "yes"},
            "all": {},
        }.items()
    }
    assert found == {
        "text": [one.pk], "reference": [one.pk], "page": [two.pk], "open": [one.pk], "done": [two.pk],
        "all": [two.pk, one.pk],
    }  # fmt: skip


def test_marking_as_answered_notes_who_and_when_once(staff, administrator):
    other = make_administrator()
    issue, answered = receive(), receive()
    answered.mark_answered(other)
    staff.post(
        reverse("admin:network_siteissue_changelist"),
        {"action": "mark_answered", "_selected_action": [issue.pk, answered.pk]},
    )
    rows = SiteIssue.objects.order_by("pk").values_list("answered_by", "answered_at")
    assert [(who, when is None) for who, when in rows] == [(administrator.pk, False), (other.pk, False)]


def test_only_the_note_can_be_changed(staff):
    issue = receive()
    staff.post(
        reverse("admin:network_siteissue_change", args=[issue.pk]),
        {"note": "Put right.", "text": "changed", "reference": "R-1", "answered_at_0": "2026-01-01"},
    )
    issue.refresh_from_db()
    assert (issue.note, issue.text, issue.answered_at) == ("Put right.", "Words.", None)
    assert issue.reference != "R-1"


def test_nothing_is_added_or_deleted_in_the_admin(staff):
    issue = receive()
    answers = {
        staff.get(reverse("admin:network_siteissue_add")).status_code,
        staff.post(reverse("admin:network_siteissue_delete", args=[issue.pk]), {"post": "yes"}).status_code,
    }
    assert answers == {403}
    assert SiteIssue.objects.count() == 1


def test_a_member_is_not_let_in(client, member):
    issue = receive()
    client.force_login(member)
    assert client.get(reverse("admin:network_siteissue_change", args=[issue.pk])).status_code == 302


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries_in_the_admin(staff, administrator, queries, number):
    for _number in range(number):
        receive().mark_answered(administrator)
    with queries(7):
        changelist(staff)
