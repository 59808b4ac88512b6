"""Several answers in one conversation are told as one, in the inbox and in digests."""

import pytest

from commons.contributions.models import Follow
from commons.notifications.models import EmailChoice, Notice
from tests.factories import make_comment, make_member, make_thread
from tests.notifications.digesting import digest_of_the_week, text_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"


INBOX = "/inbox/"


@pytest.fixture
def thread(member):
    thread = make_thread(member, title="Time banks")
    Follow.objects.set(member, thread, follows=True)
    return thread


def answer(thread, *names):
    return [make_comment(thread, author=make_member(name), body=f"Says {name}") for name in names]


def groups(client):
    return client.get(INBOX).context["groups"]


def subjects(client):
    return [group.told and group.told.subject for group in groups(client)]


def test_three_people_who_answered_are_one_entry_with_who_what_and_where(client, member, thread):
    comments = answer(thread, "Ann", "Bea", "Cid")
    client.force_login(member)
    page = client.get(INBOX).content.decode()
    assert subjects(client) == ["3 people answered in “Time banks”"]
    for name, comment in zip(("Ann", "Bea", "Cid"), comments, strict=True):
        assert f'<a href="{comment.get_absolute_url()}">{name}</a>: Says {name} ' in page
    # One goes on where one has not read on.
    assert groups(client)[0].told.url == comments[0].get_absolute_url()


def test_one_who_answered_twice(client, member, thread):
    ann = make_member("Ann")
    make_comment(thread, author=ann)
    make_comment(thread, author=ann)
    client.force_login(member)
    assert subjects(client) == ["Ann answered 2 times in “Time banks”"]


def test_each_conversation_and_each_sort_of_news_stands_by_itself(client, member, thread):
    other = make_thread(member, title="Timebanking")
    Follow.objects.set(member, other, follows=True)
    answer(thread, "Ann", "Bea")
    answer(other, "Cid")
    make_comment(thread, author=make_member("Dot"), body=f"@{member.username} look")
    client.force_login(member)
    assert subjects(client) == [
        "Dot mentioned you in “Time banks”",
        "Cid answered in “Timebanking”",
        "2 people answered in “Time banks”",
    ]


def test_what_was_read_is_not_counted_again(client, member, thread):
    answer(thread, "Ann")
    Notice.objects.of(member).mark_read()
    answer(thread, "Bea", "Cid")
    client.force_login(member)
    assert subjects(client) == ["2 people answered in “Time banks”", "Ann answered in “Time banks”"]


def test_marking_a_group_marks_all_of_it_and_nothing_else(client, member, thread):
    answer(thread, "Ann", "Bea", "Cid")
    strangers = make_member("Dot")
    theirs = Notice.objects.create(member=strangers, kind="test", subject="Theirs")
    client.force_login(member)
    newest, *others = groups(client)[0].notices
    also = [str(notice.pk) for notice in others] + [str(theirs.pk), "²", "9" * 30, "-1", "x"]
    client.post(f"{INBOX}{newest.pk}/read/", {"also": also})
    assert Notice.objects.of(member).unread().count() == 0
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_an_answer_taken_down_is_counted_no_more(client, member, thread, administrator):
    comments = answer(thread, "Ann", "Bea", "Cid")
    comments[1].remove(administrator, "Unkind")
    client.force_login(member)
    assert subjects(client) == ["2 people answered in “Time banks”", None]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Ann", "Bea"], "Ann and Bea"),
        (["Ann", "Bea", "Cid"], "Ann, Bea and Cid"),
        (["Ann", "Bea", "Cid", "Dot", "Eve"], "Ann, Bea and 3 more"),
    ],
)
def test_a_digest_tells_a_group_in_one_line_with_names(member, thread, names, expected):
    EmailChoice.set(member, {"reply": "weekly"})
    answer(thread, *names)
    digest_of_the_week()
    words = text_of(written().get())
    assert f"{len(names)} people answered in" in words
    assert expected in words


@pytest.mark.parametrize("number", [1, 3, 20])
def test_the_inbox_costs_the_same_however_many_are_told_together(client, member, thread, queries, number):
    answer(thread, *[f"Person {n}" for n in range(number)])
    client.force_login(member)
    client.get(INBOX)
    with queries(6):
        client.get(INBOX)
