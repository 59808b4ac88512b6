"""What a list of threads says of the last reply is kept beside the thread, and follows what becomes of the reply."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.contributions.models import Contribution, refresh_written_by
from commons.contributions.recounting import recount
from forum.rows import newest_threads, rows_of
from tests.factories import make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def replies():
    """The two replies below one thread, the last by Bola Ade."""
    thread = make_thread()
    return [make_comment(thread, make_member(name)) for name in ("Cy Moss", "Bola Ade")]


def last_reply(reader):
    (row,) = rows_of(newest_threads(reader, 3))
    return row.last_reply and row.last_reply["name"]


def test_a_list_says_who_replied_last_without_reading_a_comment(client, member, replies):
    for sign_in in (lambda: None, lambda: client.force_login(member)):
        sign_in()
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/forum/").content.decode()
        assert ">Bola Ade</a>" in page
        assert [query["sql"] for query in asked if '"contributions_comment"' in query["sql"]] == []


def test_who_has_another_name_has_it_there_too(member, replies):
    author = replies[1].author
    author.display_name = "Bola Ojo"
    author.save(update_fields=["display_name"])
    refresh_written_by(author)
    assert last_reply(member) == "Bola Ojo"
    assert list(recount()) == []


def test_what_can_no_longer_be_read_is_not_the_last_reply(member, replies):
    first, last = replies
    last.withdraw(last.author)
    assert last_reply(member) == "Cy Moss"
    first.author.contributions_hidden = True
    first.author.save(update_fields=["contributions_hidden"])
    refresh_written_by(first.author)
    assert last_reply(member) is None
    assert list(recount()) == []


def test_threads_that_were_there_before_get_it_from_their_comments(member, replies):
    make_thread()  # without a reply
    Contribution.objects.update(last_reply={})
    importlib.import_module("commons.contributions.migrations.0018_who_replied_last").fill(apps, None)
    assert list(recount()) == []
