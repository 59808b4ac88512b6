"""What a mail server gets: headers, both parts and links, read from what arrived there."""

import socket
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from commons.contributions.models import Follow
from commons.notifications.mail import deliver_due
from commons.notifications.models import EmailChoice
from commons.notifications.news_mail import write_due
from commons.notifications.notify import notify
from commons.notifications.when import When
from commons.tagging.models import Principle
from tests.factories import make_comment, make_member, make_thread
from tests.notifications.digesting import digest_of_the_week, publish

pytestmark = pytest.mark.django_db

SITE = "https://network.example.org"


class Letterbox:
    """Keeps what aiosmtpd hands over."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def letterbox(settings):
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.SITE_URL = SITE
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield box
    controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def arrived(letterbox):
    """Deliver what is due; return (envelope, message, {kind: text}) of the one that arrived."""
    assert deliver_due() == 1
    (envelope,) = letterbox.received
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message.get_content_type() == "multipart/alternative"
    parts = {kind: message.get_body((kind,)).get_content() for kind in ("plain", "html")}
    return envelope, message, parts


@pytest.fixture
def thread(member):
    thread = make_thread(member, title="Café & time banks")
    Follow.objects.set(member, thread, follows=True)
    return thread


def test_news_of_an_answer(letterbox, member, thread):
    comment = make_comment(thread, author=make_member("Ann Löwe"), body="Come **along**, all")
    write_due()
    envelope, message, parts = arrived(letterbox)
    assert envelope.rcpt_tos == [member.email] == [message["To"]]
    assert message["Subject"].strip() == "Ann Löwe answered in “Café & time banks”"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@network.example.org>")
    assert message["In-Reply-To"] == message["References"] != message["Message-ID"]
    for words in parts.values():
        assert "Come along, all" in words
        assert f"{SITE}{comment.get_absolute_url()}" in words
        assert "You get this e-mail because you follow this conversation" in words


def test_answers_in_one_conversation_belong_together(letterbox, member, thread):
    for name in ("Ann", "Bea"):
        make_comment(thread, author=make_member(name))
    other = make_thread(member)
    Follow.objects.set(member, other, follows=True)
    make_comment(other)
    write_due()
    assert deliver_due() == 3
    messages = [message_from_bytes(one.content, policy=policy.default) for one in letterbox.received]
    first, second, another = [message["References"] for message in messages]
    assert first == second != another
    assert len({message["Message-ID"] for message in messages}) == 3


def test_its_link_to_end_it_works_at_once_and_without_signing_in(letterbox, member, thread):
    make_comment(thread)
    write_due()
    _envelope, message, parts = arrived(letterbox)
    url = message["List-Unsubscribe"].strip(" <>")
    assert url.startswith(f"{SITE}/unsubscribe/")
    assert url in parts["plain"]
    answer = Client(enforce_csrf_checks=True).post(
        urlsplit(url).path, {"List-Unsubscribe": "One-Click"}, secure=True, headers={"host": "testserver"}
    )
    assert (answer.status_code, answer.cookies) == (200, {})
    assert set(EmailChoice.of(member).values()) == {When.NEVER}


def test_a_digest(letterbox, member):
    principle = Principle.objects.order_by("order")[0]
    Follow.objects.set(member, principle, follows=True)
    post = publish("A post of the week", principles=[principle])
    digest_of_the_week()
    _envelope, message, parts = arrived(letterbox)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for words in parts.values():
        assert principle.name in words
        assert "A post of the week" in words
        assert f"{SITE}{post.get_absolute_url()}" in words


def test_what_is_decided_says_why_it_came_and_has_no_link_to_end_it(letterbox, member):
    notify(member, "test", "Your post is published", "All good.", url="/blog/1-a/")
    _envelope, message, parts = arrived(letterbox)
    assert message["List-Unsubscribe"] is None
    for words in parts.values():
        assert "All good." in words
        assert f"{SITE}/blog/1-a/" in words
        assert "You get this e-mail because you are a member" in words
