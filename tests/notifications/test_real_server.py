"""What a mail server that others wrote (aiosmtpd) receives: headers, both parts and links as they arrived."""

import re
import socket
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from aiosmtpd.controller import Controller

URL = re.compile(r"https?://[^\s<>\"]+")
PEOPLE = """
from commons.contributions.models import Follow
from commons.notifications.notify import notify
from commons.tagging.models import Principle
from tests.factories import make_comment, make_event, make_member, make_thread
from tests.notifications.digesting import publish
from events.rsvp_telling import tell_word
ann = make_member("Ann Lee", email="ann@example.org")
Follow.objects.set(ann, Principle.objects.order_by("order").first(), follows=True)
publish("Of the week")
thread = make_thread(ann, title="Who pays?")
Follow.objects.set(ann, thread, follows=True)
for name in ("Cai Rees", "Dee Low"):
    make_comment(thread, make_member(name))
tell_word(make_event(title="Open garden"), [ann], "Bring a hat", "Y bydd hi'n boeth – très chaud.")
notify(ann, "contribution.remove", "Your post was taken down", "It was an advertisement.", "/forum/")
"""
MORE = """
from commons.contributions.models import Contribution
from events.models import Event
from events.rsvp_telling import tell_word
from profiles.models import Member
from tests.factories import make_comment
from tests.notifications.digesting import DAY, publish
ann = Member.objects.get(email="ann@example.org")
publish("Of the week after", before=-DAY)
make_comment(Contribution.objects.get(title="Who pays?"), Member.objects.get(display_name="Cai Rees"))
tell_word(Event.objects.get(), [ann], "Bring two hats", "It will be hotter.")
"""
AT_HOME = """
from urllib.parse import urlsplit
from django.conf import settings
from django.test import Client
from commons.notifications.models import EmailChoice
from profiles.models import Member
settings.ALLOWED_HOSTS = ["*"]
ann = Member.objects.get(email="ann@example.org")
"""
OPEN = (
    AT_HOME
    + """
client = Client()
client.force_login(ann)
answers = [client.get(urlsplit(url).path, follow=True).status_code for url in {urls!r}]
print(len(answers), set(answers), *sorted(set(EmailChoice.of(ann).values())))
"""
)
STOP = (
    AT_HOME
    + """
mail_program = Client(enforce_csrf_checks=True)
words = "List-Unsubscribe=One-Click"
answer = mail_program.post(urlsplit({url!r}).path, words, "application/x-www-form-urlencoded")
print(answer.status_code, *set(EmailChoice.of(ann).values()))
"""
)


class Inbox:
    """What arrived, as aiosmtpd hands it over."""

    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope)
        return "250 OK"

    def take(self):
        """Return the messages to Ann that arrived since the last time, by subject."""
        taken, self.envelopes = self.envelopes, []
        messages = [message_from_bytes(one.content, policy=policy.default) for one in taken]
        assert all(one.rcpt_tos == [message["To"].addresses[0].addr_spec]
                   for one, message in zip(taken, messages, strict=True))  # fmt: skip
        return {message["Subject"].strip(): message for message in messages if "ann@" in message["To"]}


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name == "href"]


@pytest.fixture
def inbox():
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    inbox.url = f"smtp://127.0.0.1:{port}"
    yield inbox
    controller.stop()


def parts(message):
    """Return (text, HTML) of a message, with plain line ends."""
    assert message.get_content_type() == "multipart/alternative"
    bodies = [message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    return bodies


@pytest.fixture
def deliver(other_site, inbox):
    """Write the digests due at a moment, let a worker deliver all that waits, and return what arrived for Ann."""

    def deliver(now):
        for arguments in (("send_digests", "--now", now), ("run_worker", "--once")):
            done = other_site.manage(*arguments, EMAIL_URL=inbox.url)
            assert done.returncode == 0, done.stderr
        return inbox.take()

    return deliver


@pytest.mark.django_db
def test_what_arrives_and_that_one_click_ends_it(other_site, deliver):
    other_site.python(PEOPLE)
    arrived = deliver("2035-01-08T08:00")
    digest = next(subject for subject in arrived if subject.startswith("Your week in "))
    answers = {"Cai Rees answered in “Who pays?”", "Dee Low answered in “Who pays?”"}
    news = {*answers, "Bring a hat", digest}
    decision = "Your post was taken down"
    assert set(arrived) == news | {decision}
    urls = set()
    for subject, message in arrived.items():
        assert message.defects == []
        assert len(message.get_all("Message-ID")) == 1
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["From"].addresses[0].domain
        assert message["Date"].datetime is not None
        text, html = parts(message)
        links = Links(html).found
        assert set(URL.findall(text)) >= set(links)
        assert all("You get this e-mail because" in part for part in (text, html))
        urls |= set(links)
        stop = message["List-Unsubscribe"]
        if subject == decision:
            assert (stop, message["List-Unsubscribe-Post"]) == (None, None)
        else:
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert stop.strip("<> ") in links
    assert "très chaud" in parts(arrived["Bring a hat"])[0]
    assert "Of the week" in parts(arrived[digest])[1]
    assert len({arrived[subject]["Message-ID"] for subject in answers}) == 2
    assert len({arrived[subject]["References"] for subject in answers}) == 1
    opened = other_site.python(OPEN.format(urls=sorted(urls)))
    assert opened == f"{len(urls)} {{200}} at-once weekly"
    stop_url = arrived[digest]["List-Unsubscribe"].strip("<> ")
    assert other_site.python(STOP.format(url=stop_url)) == "200 never"
    other_site.python(MORE)
    assert deliver("2035-01-15T08:00") == {}
