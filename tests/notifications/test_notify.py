"""Telling a member something: the same words in the inbox and in an e-mail of two parts."""

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext_lazy

from commons.notifications.models import Notice, OutgoingMail
from commons.notifications.notify import notify
from tests.factories import make_member

pytestmark = pytest.mark.django_db

NASTY = "Fish & chips <script>alert(1)</script> \"quoted\" 'single' {{ member.email }}"


@pytest.fixture
def told(member, settings):
    settings.SITE_URL = "https://network.example.org"

    def tell(**more):
        values = {"kind": "test.kind", "subject": NASTY, "text": NASTY, "url": "/blog/1-a/", **more}
        notify(member, **values)
        return mail.outbox[-1]

    return tell


def html_of(message):
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return content


def test_notice_and_mail_say_the_same(member, told):
    message = told(subject="“A title” has been taken down", text="It was off topic.\n\nSorry.")
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.url) == (member, "test.kind", "/blog/1-a/")
    assert (notice.subject, notice.text) == ("“A title” has been taken down", "It was off topic.\n\nSorry.")
    assert notice.read_at is None
    assert message.subject == notice.subject
    assert message.to == [member.email]
    assert "It was off topic.\n\nSorry." in message.body
    assert "<p>It was off topic.</p>\n\n<p>Sorry.</p>" in html_of(message)


def test_it_says_to_whom_what_where_and_why(told, settings):
    message = told()
    for part in (message.body, html_of(message)):
        assert "Hello Ann Lee," in part
        assert "https://network.example.org/blog/1-a/" in part
        assert "https://network.example.org/inbox/" in part
        assert "You get this e-mail because" in part
        assert settings.NETWORK_NAME in part


def test_plain_words_in_the_text_and_escaped_ones_in_the_html(told):
    message = told()
    assert message.subject == NASTY
    assert message.body.count(NASTY) == 2
    assert not re.search(r"&\w+;|&#", message.body)
    content = html_of(message)
    assert "<script" not in content
    assert content.count("Fish &amp; chips &lt;script&gt;") == 3  # title, heading and text


def test_a_name_is_escaped_too(settings):
    notify(make_member("Tom & <b>Jerry</b>"), "test", "Hello")
    assert "Hello Tom & <b>Jerry</b>," in mail.outbox[-1].body
    assert "Hello Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;," in html_of(mail.outbox[-1])


def test_no_remote_part_in_the_html(told):
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, dict(attributes)))

    Reader().feed(html_of(told()))
    assert {tag for tag, _attributes in tags} & {"img", "link", "script", "iframe", "style"} == set()
    assert [a for _tag, a in tags if "src" in a or "background" in a or "url(" in a.get("style", "")] == []
    links = {attributes["href"] for tag, attributes in tags if tag == "a"}
    assert links == {"https://network.example.org/blog/1-a/", "https://network.example.org/inbox/"}


def test_without_address_and_text_no_empty_parts(told):
    message = told(text="", url="")
    assert "Open it" not in message.body + html_of(message)
    assert "\n\n\n" not in message.body


def test_a_subject_is_one_line_and_fits(told):
    message = told(subject="One\r\nBcc: all@example.org\x00 " + "x" * 300)
    assert message.subject.startswith("One Bcc: all@example.org xxx")
    assert len(Notice.objects.get().subject) == 200
    assert message.recipients() == ["ann@example.org"] or len(message.recipients()) == 1


def test_control_characters_and_lone_surrogates_are_left_out(told):
    message = told(subject="A\ud800\x00B", text="C\ud800\x00D")
    assert message.subject == "AB"
    assert Notice.objects.get().text == "CD"
    assert "\x00" not in message.body


def test_lazy_words_are_written_in_the_members_language(told):
    assert told(subject=gettext_lazy("Draft"), text=gettext_lazy("Removed")).subject == "Draft"
    assert Notice.objects.get().text == "Removed"


def test_only_in_the_inbox(told, member):
    notify(member, "test", "Quiet", email=False)
    assert mail.outbox == []
    assert Notice.objects.count() == 1


def test_both_go_with_the_transaction(member, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    with transaction.atomic():
        notify(member, "test", "Hello")
        assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 1)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (0, 0)
