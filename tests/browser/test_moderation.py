"""A report, end to end: reported by a visitor, removed, answered by its author, put back by another moderator."""

import re

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from commons.moderation.models import Decision, Flag
from tests.factories import make_member, make_moderator, make_post

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Tea and minutes: what changed when tenants chaired"
REASON = "It names a neighbour who has not agreed to it."
ANSWER = "She has agreed now, and wrote so herself."


def mails_to(address):
    return [message for message in mail.outbox if message.to == [address]]


def link_in(message, pattern):
    return re.search(pattern, message.body)[0]


def become(page, site, member):
    """Let the browser be signed in as `member`, or signed out for None."""
    page.context.clear_cookies()
    if member is not None:
        client = Client()
        client.force_login(member)
        page.context.add_cookies(
            [{"name": k, "value": m.value, "url": site} for k, m in client.cookies.items()]
        )


def decide(page, step, words):
    """Take one step on the page of a case, with words of the moderator's own."""
    page.get_by_role("link", name=step, exact=True).click()
    page.locator("textarea[name=words]").fill(words)
    page.locator("#content input[type=submit]").click()


def test_reported_removed_answered_and_restored(visitor, site):
    page = visitor
    author, one, two = make_member("Ann Lee"), make_moderator("Mo One"), make_moderator("Mo Two")
    post = make_post(author, title=TITLE)

    # Two clicks from the post: the link, and the button of the form.
    page.goto(post.get_absolute_url())
    page.get_by_role("main").get_by_role("link", name="Report this").click()
    page.get_by_label("Personal data").check()
    page.get_by_label("What should we know?").fill("It names my mother.")
    page.get_by_label("Your e-mail address").fill("vi@example.org")
    page.get_by_role("button", name="Send the report").click()
    reference = Flag.objects.get().reference
    assert page.get_by_role("heading", name=f"Your reference is {reference}").count() == 1
    (received,) = mails_to("vi@example.org")
    assert reference in received.subject

    # A moderator is mailed, and follows the link to the case.
    (asked,) = mails_to(one.email)
    become(page, site, one)
    page.goto(link_in(asked, r"http\S+/admin/moderation/case/\d+/change/"))
    assert page.get_by_text("It names my mother.").count() == 1
    decide(page, "Remove, with a reason", REASON)
    become(page, site, None)
    assert page.goto(post.get_absolute_url()).status == 404

    # Author and reporter are told; the reporter nothing of the reason, the author nothing of the reporter.
    told = mails_to(author.email)[-1]
    assert REASON in told.body
    outcome = mails_to("vi@example.org")[-1]
    assert ("taken it down" in outcome.body, REASON in outcome.body) == (True, False)
    assert not any("vi@example.org" in message.body for message in mails_to(author.email))

    # The author answers by the link in the mail, without signing in.
    page.goto(link_in(told, r"http\S+/appeals/\w+/"))
    assert page.get_by_role("heading", level=1).inner_text() == f"“{TITLE}” was taken down"
    page.locator("textarea[name=words]").fill(ANSWER)
    page.get_by_role("button", name="Send my answer").click()
    assert page.get_by_text(ANSWER).count() == 1
    answered = page.url

    # Whoever decided does not decide again; another moderator finds it in the queue and puts it back.
    become(page, site, one)
    page.goto("/admin/moderation/case/")
    page.get_by_role("link", name=TITLE).click()
    assert page.get_by_text("another moderator decides").count() == 1
    assert page.get_by_role("link", name="Restore", exact=True).count() == 0
    become(page, site, two)
    page.goto("/admin/moderation/case/")
    page.get_by_role("link", name=TITLE).click()
    decide(page, "Restore", "You are right: it is back.")
    become(page, site, None)
    assert page.goto(post.get_absolute_url()).status == 200
    assert "You are right" in mails_to(author.email)[-1].body
    page.goto(answered)
    assert page.get_by_role("heading", name="The decision was taken back").count() == 1

    trail = [(d.action, d.by) for d in Decision.objects.about(post).order_by("pk")]
    assert trail == [
        ("submit", author), ("report", None), ("remove", one), ("appeal", author), ("restore", two),
    ]  # fmt: skip
    for statement in (
        "UPDATE moderation_decision SET reason = 'Another.'",
        "UPDATE moderation_decision SET by_id = NULL",
        "DELETE FROM moderation_decision",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Decision.objects.about(post).count() == len(trail)
