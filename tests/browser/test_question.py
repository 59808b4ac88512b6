"""The whole life of a question: asked, answered, chosen, found, closed."""

import re

import pytest
from django.core import mail

from commons.contributions.models import Comment
from commons.notifications.models import EmailChoice
from commons.notifications.news_mail import write_due
from forum.models import Thread
from tests.browser.test_moderation import become
from tests.factories import establish, make_member, make_moderator, make_thread

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TITLE = "How do we pay people for their time when payroll says no?"
EARLIER = "Paying people for their time: who signs?"
ANSWER = "A one-page policy that our auditors signed."


def mails_to(member):
    """Let the worker write what is due, and return the e-mails that a member got."""
    write_due()
    return [message for message in mail.outbox if message.to == [member.email]]


def reply(page, text):
    page.locator("textarea[name=body]").fill(text)
    page.get_by_role("button", name=re.compile("Publish|Post|Send")).first.click()


def test_asked_answered_chosen_found_and_closed(visitor, site):
    page = visitor
    asker, first, second = (establish(make_member(name)) for name in ("Ann Lee", "Bola Ade", "Cai Rees"))
    EmailChoice.set(first, {"best": "at-once"})
    moderator = make_moderator("Mo Derator")
    make_thread(title=EARLIER)

    # Ann asks; before she publishes, what was asked before is shown.
    become(page, site, asker)
    page.goto("/forum/new/?question=1")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Text", exact=True).fill("The hospital agrees, and payroll sends the form back.")
    page.get_by_label("Mutuality and reciprocity").check()
    page.get_by_label("Healthcare").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name=EARLIER).wait_for()
    assert page.get_by_role("link", name=EARLIER).count() == 1
    page.get_by_role("button", name="Publish").click()
    thread = Thread.objects.get(title=TITLE)
    assert thread.is_question

    # Bola replies; Cai quotes Bola.
    become(page, site, first)
    page.goto("/forum/?show=unanswered")
    page.get_by_role("link", name=TITLE).click()
    reply(page, ANSWER)
    answer = Comment.objects.get(author=first, contribution=thread.pk)
    become(page, site, second)
    page.goto(thread.get_absolute_url())
    page.locator(f"#comment-{answer.pk}").get_by_role("link", name="Quote").click()
    assert f"> {ANSWER}" in page.locator("textarea[name=body]").input_value()
    page.locator("textarea[name=body]").fill(f"> {ANSWER}\n\nWould you share it?")
    page.get_by_role("button", name=re.compile("Publish|Post|Send")).first.click()
    quoting = Comment.objects.get(author=second, contribution=thread.pk)
    assert (quoting.answers, "<blockquote>" in quoting.body_html) == (answer, True)

    # Ann is told of both by e-mail, Bola of being answered; the link leads to the place.
    told = mails_to(asker)
    assert [message.subject for message in told] == [
        f"Bola Ade answered in “{TITLE}”",
        f"Cai Rees answered in “{TITLE}”",
    ]
    assert len(mails_to(first)) == 1
    become(page, site, asker)
    page.goto(re.search(r"http\S+/comments/\d+/", told[0].body)[0])
    assert page.url == f"{site}{thread.get_absolute_url()}#comment-{answer.pk}"

    # She marks the best answer, which is repeated under the question.
    page.locator(f"#comment-{answer.pk}").get_by_role(
        "button", name=re.compile("answered the question")
    ).click()
    assert page.get_by_text(ANSWER).count() >= 2
    assert any("chosen as the best" in message.subject for message in mails_to(first))

    # Anybody finds it among what is answered, by principle and sector.
    become(page, site, None)
    page.goto("/forum/?show=answered&principle=mutuality-and-reciprocity&sector=healthcare")
    assert page.get_by_role("link", name=TITLE).count() == 1
    page.goto("/forum/?show=open&principle=mutuality-and-reciprocity")
    assert page.get_by_role("link", name=TITLE).count() == 0

    # A moderator closes it with a reason that everybody reads.
    become(page, site, moderator)
    page.goto(thread.get_absolute_url())
    page.get_by_role("link", name=re.compile("Close")).click()
    page.get_by_label("Why is it closed?").fill("It is answered.")
    page.get_by_role("button", name="Close it").click()
    become(page, site, second)
    page.goto(thread.get_absolute_url())
    assert page.get_by_text("It is answered.").count() == 1
    assert page.locator("textarea[name=body]").count() == 0
