"""Answering a decision: who can open it, what stands there, once, and what became of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from commons.contributions.kept import FIELD
from commons.moderation.forms import WORDS_LENGTH
from commons.moderation.models import Appeal, Case, Decision
from commons.moderation.views import APPEALS_RATE
from tests.factories import make_administrator, make_member, make_post, make_report

pytestmark = pytest.mark.django_db
MOST = int(APPEALS_RATE.partition("/")[0])
REASON = "It names a neighbour."


@pytest.fixture
def post(member):
    return make_post(member, title="A post")


@pytest.fixture
def removal(post, administrator):
    post.remove(administrator, REASON)
    return Decision.objects.about(post).get(action="remove")


@pytest.fixture
def address(removal):
    return reverse("appeal", args=[removal.reference])


def codes(response):
    return {
        name: [error.code for error in errors.as_data()]
        for name, errors in response.context["form"].errors.items()
    }


# --- who opens it ----------------------------------------------------------------------------------


def test_the_mail_leads_to_it_without_signing_in(client, member, removal, address):
    told = next(message for message in mail.outbox if message.to == [member.email])
    assert address in told.body
    page = client.get(address)
    words = page.content.decode()
    assert page.status_code == 200
    assert [w in words for w in ("“A post” was taken down", REASON, 'name="words"')] == [True] * 3
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in words
    assert set(page.cookies) == {"csrftoken"}


def test_nobody_else_who_is_signed_in(client, member, administrator, address):
    for reader in (make_member(), administrator, make_administrator(), make_member(is_staff=True)):
        client.force_login(reader)
        assert {client.get(address).status_code, client.post(address, {"words": "x"}).status_code} == {404}
    client.force_login(member)
    assert client.get(address).status_code == 200
    assert Appeal.objects.count() == 0


def test_one_who_is_suspended_can_answer(client, member, administrator):
    until = timezone.now() + timedelta(days=7)
    member.suspend(until, administrator, "Advertising.")
    decision = Decision.objects.about(member).get(action="suspend")
    address = reverse("appeal", args=[decision.reference])
    page = client.get(address).content.decode()
    assert ["Your membership was suspended" in page, "Advertising." in page] == [True, True]
    assert client.post(address, {"words": "It was a mistake."}).status_code == 302
    assert (Appeal.objects.get().by, Appeal.objects.get().words) == (member, "It was a mistake.")


@pytest.mark.parametrize(
    "reference",
    [
        "x",
        "²",
        "A" * 26,
        "a" * 26,
        "A" * 25 + "²",
        "A" * 600,
        "%27%20OR%201=1",
        "R-7K3M-Q9XD",
        " ",
        "../admin",
    ],
)
def test_other_references_lead_nowhere(client, removal, reference):
    address = f"/appeals/{reference}/"
    assert {client.get(address).status_code, client.post(address, {"words": "x"}).status_code} == {404}


def test_a_reference_typed_in_small_letters_is_the_same(client, removal):
    assert client.get(f"/appeals/{removal.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("action", ["submit", "report", "appeal", "restore", "withdraw"])
def test_only_decisions_about_somebody_can_be_opened(client, post, administrator, action):
    """What a reader reported stands in the trail under the author's name too, and must not open for them."""
    from commons.moderation.models import Flag

    if action == "report":
        Flag.objects.report(post, reason="spam", words="x")
    if action in {"appeal", "restore"}:
        post.remove(administrator, REASON)
    if action == "appeal":
        Appeal.objects.make(Decision.objects.about(post).first(), post.author, "No.")
    if action == "restore":
        post.restore(administrator)
    if action == "withdraw":
        post.withdraw(post.author)
    decision = Decision.objects.about(post).get(action=action)
    client.force_login(post.author)
    assert client.get(reverse("appeal", args=[decision.reference])).status_code == 404


def test_what_nobody_wrote_has_nobody_to_answer(client, administrator):
    report = make_report()
    report.remove(administrator, "Out of date.")
    decision = Decision.objects.about(report).get(action="remove")
    assert client.get(reverse("appeal", args=[decision.reference])).status_code == 404


def test_it_stands_in_no_list(client, member, address):
    client.force_login(member)
    for path in ("/", "/blog/", "/members/", "/sitemap.xml", "/search/?q=neighbour", "/browse/"):
        assert address not in client.get(path).content.decode()


# --- answering once --------------------------------------------------------------------------------


def test_an_answer_is_kept_and_shown(client, post, removal, address):
    sent = client.post(address, {"words": " She agreed.\r\n\r\nAsk her. "})
    assert (sent.status_code, sent.url) == (302, address)
    appeal = Appeal.objects.get()
    assert (appeal.decision, appeal.by, appeal.words) == (removal, post.author, "She agreed.\n\nAsk her.")
    assert Case.objects.waiting().get().target().pk == post.pk
    page = client.get(address).content.decode()
    assert ["<p>She agreed.</p>" in page, "<p>Ask her.</p>" in page, 'name="words"' in page] == [
        True,
        True,
        False,
    ]


def test_only_once(client, address):
    client.post(address, {"words": "First."})
    second = client.post(address, {"words": "Second."})
    assert second.status_code == 409
    assert [appeal.words for appeal in Appeal.objects.all()] == ["First."]
    page = second.content.decode()
    assert ["You have answered this decision" in page, "Second." in page] == [True, True]


def test_the_same_form_twice_is_one_answer(client, address):
    answers = [client.post(address, {"words": "The same."}) for _number in range(2)]
    assert [(a.status_code, a.url) for a in answers] == [(302, address)] * 2
    assert Appeal.objects.count() == 1


def test_a_decision_that_was_taken_back_needs_no_answer(client, post, administrator, address):
    post.restore(administrator, "A mistake.")
    page = client.get(address).content.decode()
    assert ["has been taken back since" in page, 'name="words"' in page] == [True, False]
    late = client.post(address, {"words": "Too late."})
    assert late.status_code == 409
    assert "Too late." in late.content.decode()
    assert Appeal.objects.count() == 0


@pytest.mark.parametrize("upheld", [True, False])
def test_what_came_of_it(client, post, address, upheld):
    client.post(address, {"words": "She agreed."})
    assert "You will be told" in client.get(address).content.decode()
    other = make_administrator()
    if upheld:
        Case.objects.waiting().get().keep(other, "She did not.")
    else:
        post.restore(other, "So she did.")
    page = client.get(address).content.decode()
    assert ("The decision stands" in page) is upheld
    assert ("The decision was taken back" in page) is not upheld
    assert ("She did not." if upheld else "So she did.") in page
    assert other.display_name not in page


def test_who_decided_and_who_reported_are_not_named(client, removal, address):
    assert removal.by.display_name not in client.get(address).content.decode()


# --- what is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("  \n ", "required"),
        ("\x07", "required"),
        ("x" * (WORDS_LENGTH + 1), "max_length"),
        ("a\x00b", "null_characters_not_allowed"),
    ],
)
def test_what_is_refused(client, address, typed, code):
    answer = client.post(address, {"words": typed})
    assert (answer.status_code, codes(answer)) == (200, {"words": [code]})
    assert answer.context["form"]["words"].value() == typed
    assert "<title>Error: " in answer.content.decode()
    assert Appeal.objects.count() == 0


def test_a_robot_is_asked_again(client, address):
    answer = client.post(address, {"words": "Pills", "leave_empty": "x"})
    assert codes(answer) == {"__all__": ["robot"]}
    assert answer.context["form"]["words"].value() == "Pills"


def test_past_the_limit_the_words_are_kept(client, administrator, member):
    addresses = []
    for _number in range(MOST + 1):
        post = make_post(member)
        post.remove(administrator, REASON)
        addresses.append(reverse("appeal", args=[Decision.objects.about(post).first().reference]))
    answers = [client.post(address, {"words": "Why?"}) for address in addresses]
    assert [answer.status_code for answer in answers] == [302] * MOST + [429]
    assert answers[-1].context["form"]["words"].value() == "Why?"
    assert Appeal.objects.count() == MOST


def test_a_token_is_needed(client, address):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(address, {"words": "x"}).status_code == 403
    assert Appeal.objects.count() == 0


def test_words_survive_a_lost_token(client, member, address):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(member)
    signed = strict.get(address).context["written_by"]
    kept = strict.post(address, {"words": "A long story", FIELD: signed["value"]}).context["kept"]
    assert strict.get(f"{kept.path}?kept={kept.token}").context["form"]["words"].value() == "A long story"


def test_hostile_words_are_only_words(client, post, administrator):
    post.remove(administrator, "<script>alert(1)</script>")
    address = reverse("appeal", args=[Decision.objects.about(post).first().reference])
    client.post(address, {"words": "<img src=x onerror=alert(1)>"})
    page = client.get(address).content.decode()
    assert ["<script>alert" in page, "<img src=x" in page] == [False, False]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(client, member, removal, address, queries, number):
    Decision.objects.bulk_create(
        Decision(
            target_type=removal.target_type, target_id=removal.target_id, target_label="A post", about=member,
            action="keep",
        )
        for _number in range(number)
    )  # fmt: skip
    with queries(3):
        client.get(address)


# --- the author's own view -------------------------------------------------------------------------


def test_the_author_reads_what_was_decided_and_where_to_answer(client, post, removal, address):
    client.force_login(post.author)
    page = client.get(post.get_absolute_url()).content.decode()
    assert [REASON in page, f'href="{address}"' in page] == [True, True]


def test_a_moderator_reads_the_reason_but_has_no_answer_to_give(client, post, removal, address):
    client.force_login(make_administrator())
    page = client.get(post.get_absolute_url()).content.decode()
    assert [REASON in page, address in page] == [True, False]


def test_an_author_whose_text_is_held_sees_it_and_what_happens_next(client, member):
    post = make_post(member, publish=False, body="Every word of it.")
    post.submit(member, held_because="It has links.")
    client.force_login(member)
    page = client.get(post.get_absolute_url()).content.decode()
    shown = ["You will be told" in page, "Every word of it." in page, "It has links." in page]
    assert shown == [True, True, False]
