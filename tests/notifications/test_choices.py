"""When what comes by e-mail: chosen while signed in, and ended by a link without signing in."""

import pytest
from django.core import mail, signing
from django.test import Client

from commons.contributions import telling
from commons.contributions.models import Follow
from commons.notifications.models import EmailChoice, Notice
from commons.notifications.news_mail import write_due
from commons.notifications.sources import choices, tell
from commons.notifications.unsubscribing import SALT, stop_path
from commons.notifications.when import When
from events.rsvp_telling import tell_word
from tests.factories import make_comment, make_event, make_member, make_thread

pytestmark = pytest.mark.django_db
CHOICES = "/members/me/notifications/"
AS_IT_STANDS = {
    "reply": "at-once",
    "mention": "at-once",
    "best": "weekly",
    "event": "at-once",
    "link": "weekly",
    "told-together": "at-once",
    "followed": "weekly",
    "thanks": "at-once",
    "message": "at-once",
    "follower": "weekly",
    "coming": "weekly",
}
NOTHING = dict.fromkeys(AS_IT_STANDS, "never")


@pytest.fixture
def followed(member):
    """A thread that the member follows and of which they have been told something."""
    thread = make_thread()
    Follow.objects.set(member, thread, follows=True)
    make_comment(thread)
    return thread


@pytest.fixture
def link(followed, member):
    """The address that stands in the e-mail."""
    (notice,) = tell([Notice.objects.get(member=member)], member)
    return stop_path(member.pk, notice.kind, notice.told.conversation)


def waiting():
    """Return (kind, e-mail due at once, digest waited for) of every notice, in the order of their numbers."""
    return list(Notice.objects.order_by("pk").values_list("kind", "mail_due", "digest"))


def test_replies_mentions_and_events_come_at_once_and_the_rest_weekly_until_something_is_chosen(
    client, member
):
    assert EmailChoice.of(member) == AS_IT_STANDS
    client.force_login(member)
    page = client.get(CHOICES).content.decode()
    assert [page.count(words) for words in ("<select", " selected>At once", " selected>Once a week")] == [
        11,
        6,
        5,
    ]
    chosen = {**AS_IT_STANDS, "reply": "daily", "mention": "never", "link": "at-once"}
    client.post(CHOICES, chosen)
    assert EmailChoice.of(member) == chosen
    client.post(CHOICES, AS_IT_STANDS)
    assert EmailChoice.of(member) == AS_IT_STANDS
    assert EmailChoice.objects.filter(member=member).count() == len(choices()) == 11


def test_one_button_ends_all_news(client, member):
    client.force_login(member)
    client.post(CHOICES, {"stop": "all"})
    assert EmailChoice.of(member) == NOTHING


@pytest.mark.parametrize(
    "wrong",
    [
        {"reply": "hourly"},
        {"reply": ""},
        {"event": "weekly"},
        {"told-together": "daily"},
        {"followed": "at-once"},
    ],
)
def test_what_is_not_offered_is_refused_and_changes_nothing(client, member, wrong):
    client.force_login(member)
    answer = client.post(CHOICES, {**NOTHING, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, list(wrong))
    assert EmailChoice.of(member) == AS_IT_STANDS


@pytest.mark.parametrize(
    ("when", "due", "digest"),
    [("at-once", True, ""), ("daily", False, "daily"), ("weekly", False, "weekly"), ("never", False, "")],
)
def test_a_notice_is_mailed_as_its_member_has_chosen_and_stands_in_the_inbox(member, when, due, digest):
    EmailChoice.set(member, {"reply": when})
    thread = make_thread()
    Follow.objects.set(member, thread, follows=True)
    make_comment(thread)
    assert waiting() == [(telling.REPLY, due, digest)]
    write_due()
    assert len(mail.outbox) == due


@pytest.mark.parametrize(
    ("then", "left"),
    [("daily", (False, "daily")), ("never", (False, "")), ("at-once", (False, "weekly"))],
)
def test_what_waits_goes_by_what_is_chosen_now(member, followed, then, left):
    EmailChoice.set(member, {"reply": "weekly"})
    assert waiting() == [(telling.REPLY, False, "weekly")]
    EmailChoice.set(member, {"reply": then, "mention": "never"})
    assert waiting() == [(telling.REPLY, *left)]


def test_whoever_has_not_confirmed_their_address_gets_no_news(db):
    newcomer = make_member(confirmed=False, approved_at="2026-01-01T00:00:00Z")
    thread = make_thread()
    Follow.objects.set(newcomer, thread, follows=True)
    make_comment(thread)
    assert waiting() == [(telling.REPLY, False, "")]


def test_news_of_events_has_the_links_that_end_it_and_does(member):
    event = make_event(title="Open garden")
    mail_program = Client(enforce_csrf_checks=True)
    tell_word(event, [member], "Bring a hat", "It will be hot.")
    (message,) = mail.outbox
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["In-Reply-To"] == headers["References"]
    path = "/unsubscribe/" + headers["List-Unsubscribe"].partition("/unsubscribe/")[2].strip(">")
    assert "because you said that you come" in mail_program.get(path).content.decode()
    assert mail_program.post(path, {"stop": "sort"}).status_code == 200
    assert EmailChoice.of(member) == {**AS_IT_STANDS, "event": "never"}
    tell_word(event, [member], "Bring two hats", "It will be hotter.")
    assert len(mail.outbox) == 1
    assert Notice.objects.of(member).count() == 2


def test_what_moderators_decide_comes_whatever_is_chosen(client, member, administrator):
    EmailChoice.stop(member)
    make_thread(member).remove(administrator, "Off topic.")
    (message,) = mail.outbox
    assert "List-Unsubscribe" not in message.extra_headers


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(CHOICES)["Location"] == f"/accounts/login/?next={CHOICES}"


def test_opening_the_link_changes_nothing(client, link, member):
    page = client.get(link)
    assert page.status_code == 200
    assert (EmailChoice.of(member), Follow.objects.of(member).count()) == (AS_IT_STANDS, 1)
    assert "Stop e-mails about this conversation" in page.content.decode()
    assert member.email not in page.content.decode()


@pytest.mark.parametrize(
    ("posted", "left", "follows"),
    [
        ({"stop": "conversation"}, AS_IT_STANDS, 0),
        ({"stop": "sort"}, {**AS_IT_STANDS, "reply": "never"}, 1),
        ({"stop": "all"}, NOTHING, 1),
        ({"List-Unsubscribe": "One-Click"}, NOTHING, 1),
    ],
)
def test_what_the_link_stops_without_a_session_or_a_token(link, member, posted, left, follows):
    mail_program = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = mail_program.post(link, posted)
        assert (answer.status_code, answer.cookies) == (200, {})
    assert (EmailChoice.of(member), Follow.objects.of(member).count()) == (left, follows)
    assert write_due() == (0 if left["reply"] == When.NEVER else 1)


def test_only_links_of_ours_work(client, link, member):
    forged = signing.dumps([member.pk, "comment.reply", ""], salt="another")
    unknown = signing.dumps([member.pk, "no.such", ""], salt=SALT)
    nobody = signing.dumps([10**9, "comment.reply", ""], salt=SALT)
    for token in (forged, unknown, nobody, "x", link.split("/")[2][:-1]):
        assert client.post(f"/unsubscribe/{token}/", {"stop": "all"}).status_code == 404
    assert EmailChoice.of(member) == AS_IT_STANDS
