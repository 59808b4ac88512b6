"""What comes by e-mail: chosen while signed in, and ended by a link without signing in."""

import pytest
from django.core import signing
from django.test import Client

from commons.contributions.models import Follow
from commons.notifications.models import Notice, Silence
from commons.notifications.news_mail import SALT, stop_path
from commons.notifications.sources import choices, tell
from tests.factories import make_comment, make_thread

pytestmark = pytest.mark.django_db
CHOICES = "/members/me/notifications/"


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
    return stop_path(notice)


def silent(member):
    return set(Silence.objects.filter(member=member).values_list("choice", flat=True))


def test_everything_comes_until_something_is_chosen(client, member):
    client.force_login(member)
    page = client.get(CHOICES).content.decode()
    assert page.count(" checked") == len(choices()) == 5
    client.post(CHOICES, {"by_email": ["mention"]})
    assert silent(member) == {"reply", "best", "link", "message"}
    assert client.get(CHOICES).content.decode().count(" checked") == 1
    client.post(CHOICES, {"by_email": ["mention", "reply", "best", "link", "message"]})
    assert silent(member) == set()


def test_an_unknown_choice_is_refused_and_changes_nothing(client, member):
    client.force_login(member)
    assert client.post(CHOICES, {"by_email": ["everything"]}).status_code == 200
    assert silent(member) == set()


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(CHOICES)["Location"] == f"/accounts/login/?next={CHOICES}"


def test_opening_the_link_changes_nothing(client, link, member):
    page = client.get(link)
    assert (page.status_code, silent(member), Follow.objects.of(member).count()) == (200, set(), 1)
    assert "Stop e-mails about this conversation" in page.content.decode()
    assert member.email not in page.content.decode()


@pytest.mark.parametrize(
    ("posted", "left", "follows"),
    [
        ({"stop": "conversation"}, set(), 0),
        ({"stop": "sort"}, {"reply"}, 1),
        ({"stop": "all"}, {"reply", "mention", "best", "link", "message"}, 1),
        ({"List-Unsubscribe": "One-Click"}, {"reply", "mention", "best", "link", "message"}, 1),
    ],
)
def test_what_the_link_stops_without_a_session_or_a_token(link, member, posted, left, follows):
    mail_program = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = mail_program.post(link, posted)
        assert (answer.status_code, answer.cookies) == (200, {})
    assert (silent(member), Follow.objects.of(member).count()) == (left, follows)


def test_only_links_of_ours_work(client, link, member):
    forged = signing.dumps([member.pk, "comment.reply", ""], salt="another")
    unknown = signing.dumps([member.pk, "no.such", ""], salt=SALT)
    nobody = signing.dumps([10**9, "comment.reply", ""], salt=SALT)
    for token in (forged, unknown, nobody, "x", link.split("/")[2][:-1]):
        assert client.post(f"/unsubscribe/{token}/", {"stop": "all"}).status_code == 404
    assert silent(member) == set()
