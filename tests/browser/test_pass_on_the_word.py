"""One member brings another, who is told once a week of what they follow, answers by e-mail, and ends all e-mails."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from commons.contributions.models import Comment, Follow
from commons.contributions.replying_by_mail.receiving import Became, receive
from commons.notifications.models import EmailChoice
from commons.notifications.news_mail import write_due
from commons.notifications.when import When
from commons.tagging.models import Principle, ServiceSector
from profiles.models import Member
from tests.browser.test_moderation import become
from tests.factories import PASSWORD, establish, make_comment, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

GUEST = "guest@example.org"
LETTER = """\
From: Gwen Guest <{sender}>
To: <{to}>
Subject: Re: {subject}
Message-ID: <only.one@mail.example.org>
In-Reply-To: {message_id}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Yes: we meet on Thursdays, and tea is free.

On Mon, 8 Jan 2035 at 09:00, The Network <{to}> wrote:

> Hello Gwen Guest,
>
> Ann Lee answered in a conversation that you follow.

--{space}
Gwen Guest
Sample Street 1
"""


def mails_to(address, subject=""):
    return [message for message in mail.outbox if message.to == [address] and subject in message.subject]


def send_digests(weeks=1):
    """Send the digests as on the morning of the Monday in so many weeks."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 * weeks - today.weekday())
    call_command("send_digests", "--now", f"{monday}T08:00", stdout=StringIO())


def test_invited_joined_told_answered_by_e_mail_and_ended_with_one_click(visitor, site, settings):
    settings.NETWORK_REPLY_ADDRESS = "reply@network.example.org"
    page, host = visitor, establish(make_member("Ann Lee"))

    # Ann makes an invitation, and passes its link on by herself.
    become(page, site, host)
    page.goto("/invitations/")
    page.get_by_label("A few words of yours to them").fill("You would like it here.")
    page.get_by_role("main").get_by_role("button", name="Invite").click()
    address = page.locator(".timeline a").first.get_attribute("href")
    become(page, site, None)
    page.goto(address)
    assert page.get_by_text("You would like it here.").count() == 1

    # Gwen opens it, joins, and confirms her address.
    page.get_by_role("main").get_by_role("link", name="Join", exact=True).click()
    page.get_by_label("Name", exact=False).first.fill("Gwen Guest")
    page.get_by_label("E-mail address").fill(GUEST)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("input[name=old_enough]").check()
    page.locator("input[name=terms]").check()
    page.get_by_role("main").get_by_role("button", name="Join").click()
    (confirming,) = mails_to(GUEST)
    page.goto(re.search(r"http\S+/confirm-email/\S+/", confirming.body)[0])
    page.get_by_role("main").get_by_role("button").first.click()
    guest = Member.objects.get(email=GUEST)
    assert host.invitations.get().accepted_by == guest

    # She follows a sector, and somebody writes about it.
    become(page, site, guest)
    sector = ServiceSector.objects.get(slug="youth")
    page.goto(sector.get_absolute_url())
    page.get_by_role("main").get_by_role("button", name=re.compile("Follow")).click()
    assert Follow.objects.filter(member=guest, sector=sector).exists()
    post = make_post(
        title="A youth club that its members run",
        sectors=[sector],
        principles=[Principle.objects.get(slug="peer-support-networks")],
    )

    # Once a week she is told, and a second look sends nothing more.
    send_digests()
    send_digests()
    (digest,) = mails_to(GUEST, "Your week in")
    assert "A youth club that its members run" in digest.body
    assert f"{site}{post.get_absolute_url()}" in digest.body

    # She is told of an answer at once, and answers with her mail program.
    thread = make_thread(host, title="Who makes the tea?")
    Follow.objects.set(guest, thread, follows=True)
    make_comment(thread, host, "Does anybody?")
    write_due()
    (news,) = mails_to(GUEST, "answered in")
    reply_to = news.extra_headers["Reply-To"]
    letter = LETTER.format(
        sender=GUEST,
        to=re.search(r"reply\+[^>\s]+", reply_to)[0],
        subject=news.subject,
        message_id=news.extra_headers["Message-ID"],
        space=" ",
    )
    assert [receive(letter.encode()) for _twice in range(2)] == [Became.POSTED, Became.POSTED]
    answer = Comment.objects.get(author=guest)
    assert (answer.contribution_id, answer.body) == (thread.pk, "Yes: we meet on Thursdays, and tea is free.")
    become(page, site, host)
    page.goto(thread.get_absolute_url())
    assert page.get_by_text("Yes: we meet on Thursdays, and tea is free.").count() == 1

    # One click in a mail program, without signing in, ends all of it.
    become(page, site, None)
    stop = re.search(r"http[^>]+", digest.extra_headers["List-Unsubscribe"])[0]
    answered = page.request.post(stop, form={"List-Unsubscribe": "One-Click"})
    assert (answered.status, set(EmailChoice.of(guest).values())) == (200, {When.NEVER})
    before = len(mails_to(GUEST))
    make_comment(thread, host, "Then so be it.")
    make_post(title="Another one", sectors=[sector])
    write_due()
    send_digests(weeks=2)
    assert len(mails_to(GUEST)) == before
