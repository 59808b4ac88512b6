"""Reporting an item or a member: who can, what is asked, what they are told, and what stays as it was."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from commons.contributions.kept import FIELD
from commons.contributions.reporting import report_path
from commons.moderation.models import Flag
from commons.moderation.views import ACKNOWLEDGEMENTS_RATE, REPORTS_RATE
from tests.factories import make_member, make_post, make_report

pytestmark = pytest.mark.django_db
MOST = int(REPORTS_RATE.partition("/")[0])
MOST_ACKNOWLEDGED = int(ACKNOWLEDGEMENTS_RATE.partition("/")[0])


@pytest.fixture
def post(member):
    return make_post(member, title="A post")


def values(**more):
    return {"reason": "spam", "words": "It sells pills.", "email": "", **more}


# --- from the page to the reference ----------------------------------------------------------------


def test_two_clicks_for_a_visitor(client, post):
    page = client.get(post.get_absolute_url()).content.decode()
    assert page.count(f'href="{report_path(post)}"') == 1
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    sent = client.post(report_path(post), values(email="vi@example.org"))
    flag = Flag.objects.get()
    assert (flag.reason, flag.words, flag.email, flag.by) == (
        "spam", "It sells pills.", "vi@example.org", None,
    )  # fmt: skip
    thanks = client.get(sent.url)
    assert (sent.status_code, thanks.status_code) == (302, 200)
    assert flag.reference in thanks.content.decode()
    assert "no-store" in thanks["Cache-Control"]
    assert "sessionid" not in client.cookies


def test_a_member_is_reported_from_their_page(client, member):
    address = f"{member.get_absolute_url()}report/"
    assert client.get(member.get_absolute_url()).content.decode().count(f'href="{address}"') == 1
    client.post(address, values(reason="harm"))
    flag = Flag.objects.get()
    assert (flag.reason, flag.case.target()) == ("harm", member)


def test_a_signed_in_member_is_known_and_asked_for_no_address(client, post, other_member):
    client.force_login(other_member)
    assert list(client.get(report_path(post)).context["form"].fields) == ["reason", "words", "form_key"]
    client.post(report_path(post), values(email="somebody@example.org"))
    flag = Flag.objects.get()
    assert (flag.by, flag.email) == (other_member, "")


def test_what_nobody_wrote_can_be_reported_too(client):
    report = make_report(title="An old report")
    client.post(report_path(report), values())
    assert Flag.objects.get().case.target().pk == report.pk


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_same_again_keeps_its_reference(client, post, other_member, signed_in):
    if signed_in:
        client.force_login(other_member)
    first, second = (client.post(report_path(post), values(email="vi@example.org")) for _number in range(2))
    assert Flag.objects.count() == 1
    references = {client.get(answer.url).context["reference"] for answer in (first, second)}
    assert references == {Flag.objects.get().reference}


def test_the_same_form_twice_is_one_report(client, post):
    sent = values(form_key=str(uuid.uuid4()))
    answers = [client.post(report_path(post), {**sent, **more}) for more in ({}, {}, {"words": "And more."})]
    assert Flag.objects.count() == 1
    thanks = [client.get(answer.url).context for answer in answers]
    assert {context["reference"] for context in thanks} == {Flag.objects.get().reference}
    # What was not kept is said so, and how to tell it.
    assert [context["kept"] for context in thanks] == [True, True, False]


def test_a_form_s_key_says_nothing_about_other_items(client, post, member):
    key = str(uuid.uuid4())
    for item in (post, make_post(member)):
        client.post(report_path(item), values(form_key=key))
    assert Flag.objects.count() == 2


def test_two_visitors_without_an_address_are_two(client, post):
    for _number in range(2):
        client.post(report_path(post), values(form_key=str(uuid.uuid4())))
    assert Flag.objects.count() == 2
    assert Flag.objects.values("case").distinct().count() == 1


def test_a_second_report_of_the_same_member_is_told_where_to_go(client, post, other_member):
    client.force_login(other_member)
    client.post(report_path(post), values())
    again = client.get(client.post(report_path(post), values(words="Something else.")).url).content.decode()
    assert ["You had reported this already" in again, reverse("report_issue") in again] == [True, True]
    assert Flag.objects.count() == 1


def test_nobody_s_letter_box_is_filled(client):
    for number in range(MOST_ACKNOWLEDGED + 2):
        item = make_post()
        client.post(report_path(item), values(email="Victim@example.org"), REMOTE_ADDR=f"203.0.113.{number}")
    assert Flag.objects.count() == MOST_ACKNOWLEDGED + 2
    to_victim = [message for message in mail.outbox if message.to == ["Victim@example.org"]]
    assert len(to_victim) == MOST_ACKNOWLEDGED
    # Nor is what a stranger typed sent to an address that a stranger named.
    assert not any("pills" in message.body + message.subject for message in to_victim)


def test_the_author_is_told_nothing(client, post, member):
    mail.outbox.clear()
    client.post(report_path(post), values(email="vi@example.org"))
    assert [message for message in mail.outbox if member.email in message.to] == []
    assert member.notices.count() == 0


# --- who sees the reference ------------------------------------------------------------------------


def test_the_thanks_are_for_the_reporter_alone(client, post, other_member):
    client.force_login(other_member)
    sent = client.post(report_path(post), values()).url
    reference = Flag.objects.get().reference
    for reader in (None, post.author, make_member()):
        client.logout() if reader is None else client.force_login(reader)
        assert reference not in client.get(sent).content.decode()
    client.force_login(other_member)
    assert reference in client.get(sent).content.decode()


def test_the_thanks_of_one_page_do_not_open_on_another(client, post, member):
    sent = client.post(report_path(post), values()).url
    other = make_post(member)
    moved = client.get(f"{report_path(other)}?{sent.partition('?')[2]}")
    assert "form" in moved.context
    assert Flag.objects.get().reference not in moved.content.decode()


@pytest.mark.parametrize("sent", ["", "forged", "R-7K3M-Q9XD", "a:b:c", "²", "x" * 3000])
def test_the_thanks_can_t_be_forged(client, post, sent):
    assert "form" in client.get(report_path(post), {"sent": sent}).context


def test_the_thanks_stay_when_the_item_is_taken_down_at_once(client, post, administrator):
    sent = client.post(report_path(post), values()).url
    post.remove(administrator, "Off topic.")
    thanks = client.get(sent)
    assert thanks.status_code == 200
    assert post.title not in thanks.content.decode()


@pytest.mark.parametrize(("email", "promised"), [("", False), ("vi@example.org", True)])
def test_an_answer_is_promised_only_where_there_is_an_address(client, post, email, promised):
    thanks = client.get(client.post(report_path(post), values(email=email)).url)
    assert thanks.context["answered"] is promised
    assert ("We write to you twice" in thanks.content.decode()) is promised


# --- through the gate ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "removed", "withdrawn", "members"])
def test_what_one_can_t_see_one_can_t_report(client, member, administrator, status):
    item = make_post(
        member, publish=status != "draft", audience="members" if status == "members" else "everyone"
    )
    if status == "removed":
        item.remove(administrator, "Off topic.")
    if status == "withdrawn":
        item.withdraw(member)
    answers = {
        client.get(report_path(item)).status_code,
        client.post(report_path(item), values()).status_code,
    }
    assert answers == {404}
    assert Flag.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"hidden": True}, {"is_active": False}, {"confirmed": False}], ids=["hidden", "closed", "new"]
)
def test_a_member_out_of_sight_can_t_be_reported(client, fields):
    address = f"{make_member('Out Ofsight', **fields).get_absolute_url()}report/"
    assert {client.get(address).status_code, client.post(address, values()).status_code} == {404}
    assert Flag.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/contributions/0/report/",
        "/contributions/9/report/",
        "/contributions/01/report/",
        "/contributions/²/report/",
        "/contributions/-1/report/",
        "/contributions/1-a/report/",
        "/contributions/999999999999999999/report/",
        "/contributions/99999999999999999999999999999999/report/",
        "/members/nobody-here/report/",
        "/members/me/report/",
        "/members/" + "x" * 500 + "/report/",
    ],
)
def test_what_is_not_there(client, db, address):
    assert {client.get(address).status_code, client.post(address, values()).status_code} == {404}


def test_a_former_username_leads_to_the_page_of_today(client, member):
    former = member.username
    member.rename("ann-new")
    answer = client.get(f"/members/{former}/report/")
    assert (answer.status_code, answer.url) == (301, "/members/ann-new/report/")
    assert client.get("/members/ANN-NEW/report/").url == "/members/ann-new/report/"
    client.post(f"/members/{former}/report/", values())
    assert Flag.objects.get().case.target() == member


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_s_own_is_answered_kindly(client, post, method):
    client.force_login(post.author)
    answer = getattr(client, method)(report_path(post), values())
    page = answer.content.decode()
    assert "This is your own" in page
    assert [post.url_below(below) in page for below in ("edit/", "withdraw/")] == [True, True]
    assert report_path(post) not in client.get(post.get_absolute_url()).content.decode()
    assert Flag.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reports_themselves(client, member, method):
    client.force_login(member)
    answer = getattr(client, method)(f"{member.get_absolute_url()}report/", values())
    assert reverse("profiles:edit") in answer.content.decode()
    assert "This is your own" in answer.content.decode()
    assert (
        "report/"
        not in client.get(member.get_absolute_url())
        .content.decode()
        .partition("<main")[2]
        .partition("</main>")[0]
    )
    assert Flag.objects.count() == 0


def test_one_s_own_removed_post_offers_no_edit(client, post, administrator):
    post.remove(administrator, "Off topic.")
    client.force_login(post.author)
    page = client.get(report_path(post)).content.decode()
    assert [post.url_below(below) in page for below in ("edit/", "withdraw/")] == [False, False]


# --- the page itself -------------------------------------------------------------------------------


def test_the_form_is_kept_by_no_cache_and_no_search_engine(client, post):
    page = client.get(report_path(post))
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert set(page.cookies) == {"csrftoken"}


def test_a_token_is_needed(client, post):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(report_path(post), values()).status_code == 403
    assert Flag.objects.count() == 0


def test_a_member_s_words_survive_a_lost_token(client, post, other_member):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(other_member)
    signed = strict.get(report_path(post)).context["written_by"]
    assert signed["name"] == FIELD
    answer = strict.post(report_path(post), values(words="A long story", **{FIELD: signed["value"]}))
    kept = answer.context["kept"]
    back = f"{kept.path}?kept={kept.token}"
    form = strict.get(back).context["form"]
    assert (form["words"].value(), form["reason"].value()) == ("A long story", "spam")
    client.force_login(make_member())
    assert client.get(back).context["form"]["words"].value() is None
    client.force_login(other_member)
    client.post(report_path(post), values())
    assert client.get(back).context["form"]["words"].value() is None


def test_a_hostile_title_is_only_words(client, member):
    item = make_post(member, title="<script>alert(1)</script> {{ x }}", body="x")
    page = client.get(report_path(item)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }}" in page


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(client, post, queries, number):
    for _number in range(number):
        Flag.objects.report(post, reason="spam", by=make_member())
    with queries(1):
        client.get(report_path(post))
