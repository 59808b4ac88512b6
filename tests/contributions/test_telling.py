"""Who hears of what in conversations: once each, never of their own doing, and nothing they may not see."""

import uuid
from email import message_from_bytes, policy

import pytest

from commons.contributions import telling
from commons.contributions.models import Comment, Follow
from commons.notifications.models import EmailChoice, Notice, OutgoingMail
from commons.notifications.news_mail import write_due
from tests.factories import make_comment, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"


@pytest.fixture
def thread(member):
    """A thread whose author, Ann Lee, follows it."""
    thread = make_thread(member, title="Who pays?")
    Follow.objects.set(member, thread, follows=True)
    return thread


def told():
    """Return who was told of what, in the order of their numbers."""
    return list(
        Notice.objects.exclude(target_id=None).order_by("pk").values_list("member__display_name", "kind")
    )


def mails():
    """Write the mails of news that are due and return them."""
    write_due()
    rows = OutgoingMail.objects.filter(message_id__startswith="<notice-").order_by("pk")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]


def inbox(client, member):
    client.force_login(member)
    return client.get("/inbox/").content.decode()


def test_followers_hear_of_an_answer_and_its_author_does_not(thread, member, other_member):
    Follow.objects.set(other_member, thread, follows=True)
    make_comment(thread, other_member)
    assert told() == [("Ann Lee", telling.REPLY)]


def test_whoever_is_answered_hears_once_even_when_they_follow(thread, other_member):
    first = make_comment(thread, other_member)
    Notice.objects.all().delete()
    Follow.objects.set(other_member, thread, follows=True)
    make_comment(thread, make_member("Cai Rees"), answers=first)
    assert told() == [("Ann Lee", telling.REPLY), ("Bola Ade", telling.REPLY)]


def test_nobody_hears_of_what_waits_until_it_is_let_through(thread, member):
    comment = Comment.begin(make_member(), thread, "See https://spam.example/", form_key=uuid.uuid4())
    assert told() == []
    comment.approve(None)
    assert told() == [("Ann Lee", telling.REPLY)]
    comment.remove(None, "Spam after all")
    comment.restore(None)
    assert told() == [("Ann Lee", telling.REPLY)]


def test_an_answer_chosen_as_the_best(thread, member, other_member):
    comment = make_comment(thread, other_member)
    Notice.objects.all().delete()
    telling.tell_best(comment, by=member)
    telling.tell_best(comment, by=member)
    assert told() == [("Bola Ade", telling.BEST)]
    Notice.objects.all().delete()
    telling.tell_best(comment, by=other_member)
    assert told() == []


def test_somebody_named_hears_that_and_not_also_of_an_answer(thread, member):
    comment = make_comment(thread)
    Notice.objects.all().delete()
    comment.mentioned.add(member)
    telling.tell_of(comment)
    telling.tell_named(comment, {member.pk})
    assert told() == [("Ann Lee", telling.MENTION)]


def test_a_suspended_or_closed_member_is_not_told(thread, member):
    member.is_active = False
    member.save()
    make_comment(thread)
    assert told() == []


def test_the_inbox_says_who_where_and_what(client, thread, member):
    comment = make_comment(thread, make_member("Cai Rees"), body="Ask **finance** first.")
    page = inbox(client, member)
    assert f'<a href="/comments/{comment.pk}/">Cai Rees answered in “Who pays?”</a>' in page
    assert "<p>Ask finance first.</p>" in page


@pytest.mark.parametrize("gone", ["comment", "item", "author"])
def test_what_is_gone_is_gone_from_inbox_and_mail(client, member, gone):
    post = make_post(title="Zqtitle")
    Follow.objects.set(member, post, follows=True)
    comment = make_comment(post, make_member("Zqname"), body="Zqwords")
    {
        "comment": lambda: comment.remove(None, "Unkind"),
        "item": lambda: post.remove(None, "Spam"),
        "author": lambda: comment.author.hide_contributions(),
    }[gone]()
    page = inbox(client, member)
    assert "What you were told of here can’t be seen any more" in page
    assert [word for word in ("Zqtitle", "Zqname", "Zqwords") if word in page] == []
    assert mails() == []


def test_the_mail_is_plain_and_says_why_and_how_to_stop(thread, member):
    comment = make_comment(thread, make_member("Cai Rees"), body="Ask finance first.")
    (mail,) = mails()
    text = mail.get_body(("plain",)).get_content()
    assert (mail["Subject"], mail["To"]) == ("Cai Rees answered in “Who pays?”", member.email)
    assert "Ask finance first." in text
    assert f"/comments/{comment.pk}/" in text
    assert "You get this e-mail because you follow this conversation" in text
    assert mail["List-Unsubscribe"].strip(" <>") in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Ask finance first." in mail.get_body(("html",)).get_content()


def test_mails_of_one_conversation_answer_the_same_message_and_none_is_written_twice(thread):
    make_comment(thread)
    make_comment(thread)
    first, second = mails()
    assert first["In-Reply-To"] == second["In-Reply-To"] == first["References"]
    assert first["Message-ID"] != second["Message-ID"]
    Notice.objects.update(mail_due=True)  # as after a worker that was killed
    assert len(mails()) == 2


def test_nobody_gets_a_mail_they_silenced_even_when_it_was_due(thread, member):
    make_comment(thread)
    EmailChoice.set(member, {"reply": "never"})
    Notice.objects.update(mail_due=True)  # as when it was chosen a moment after the worker began
    make_comment(thread)
    assert (len(told()), mails()) == (2, [])


def test_telling_costs_the_same_for_any_number_of_followers(thread, queries):
    comment = make_comment(thread)
    for number in (1, 3, 50):
        Notice.objects.all().delete()
        Follow.objects.exclude(member=thread.author).delete()
        Follow.objects.bulk_create(Follow(member=make_member(), contribution=thread) for _ in range(number))
        with queries(5):
            telling.tell_of(comment)
        assert Notice.objects.count() == number + 1


def test_the_inbox_costs_the_same_for_any_number(client, thread, member, django_assert_num_queries):
    client.force_login(member)
    make_comment(thread)
    client.get("/inbox/")
    for more in (1, 2, 17):
        for _number in range(more):
            make_comment(thread)
        with django_assert_num_queries(6):
            client.get("/inbox/")


def test_whoever_writes_follows_unless_they_refuse(client, member):
    from tests.blog.test_views import typed

    client.force_login(member)
    client.post("/blog/new/", typed(title="Asked nothing"))
    client.post("/blog/new/", typed(title="Agreed", follow_asked="1", follow="on"))
    client.post("/blog/new/", typed(title="Refused", follow_asked="1"))
    followed = Follow.objects.of(member).order_by("pk").values_list("contribution__title", flat=True)
    assert list(followed) == ["Asked nothing", "Agreed"]
