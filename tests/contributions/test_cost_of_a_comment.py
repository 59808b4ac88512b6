"""What it takes to write a comment: as many statements into a long conversation as into a short one."""

import uuid

import pytest

from commons.contributions import conversation
from commons.contributions.models import Comment
from tests.factories import establish, make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    """A thread whose author follows nothing, so that nobody is told."""
    return make_thread(make_member())


def say_at_once(thread, number):
    """Let somebody say so many long things at once. (One by one they would take long.)"""
    first = make_comment(thread)
    Comment.objects.bulk_create(
        Comment(
            contribution=thread, author=first.author, position=place + 2, status="published", listed=True,
            published_at=first.published_at, body="-", body_html=f"<p>{'word ' * 100}</p>",
        )
        for place in range(number)
    )  # fmt: skip
    conversation.bring_up_to_date(conversation.lock(thread.pk))
    conversation.announce(thread.pk)


@pytest.mark.parametrize(
    ("number", "statements"),
    [(2, 29), (20, 29), (3000, 28)],  # where the search entry is full already it is not written
)
def test_a_reply(thread, number, statements, queries):
    member = establish(make_member())
    say_at_once(thread, number)
    Comment.begin(member, thread, "Some words.", form_key=uuid.uuid4())
    thread.refresh_from_db()
    assert thread.comment_count == number + 2
    with queries(statements):
        Comment.begin(member, thread, "Some words.", form_key=uuid.uuid4())
