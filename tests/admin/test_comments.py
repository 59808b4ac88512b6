"""Comments in the admin: found, read, decided about; for moderators and administrators, and for nobody else."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from commons.contributions.models import Comment
from commons.moderation.models import Case, Decision
from forum import order
from tests.factories import make_comment, make_member, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db
LIST = "/admin/contributions/comment/"


@pytest.fixture
def moderator():
    return make_moderator()


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def held(talk, author, body="See https://spam.example/"):
    return Comment.begin(author, talk, body, form_key=uuid.uuid4())


def act(client, action, *comments, **more):
    values = {"action": action, "_selected_action": [comment.pk for comment in comments], **more}
    return client.post(LIST, values, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def numbers(response):
    return {comment.pk for comment in response.context["cl"].result_list}


def status_of(comment):
    return Comment.objects.get(pk=comment.pk).status


def test_what_stands_in_a_row(desk, member):
    make_comment(make_thread(title="Who pays?", audience="members"), member, body="**Bold** <script>alert(1)")
    page = desk.get(LIST).content.decode()
    for words in ("Reply 1 in “Who pays?”", "Bold", "Ann Lee", "Published", ">Members<"):
        assert words in page
    assert "<script>alert" not in page


def test_search_and_filters(desk, member, moderator, other_member):
    post, thread = make_post(title="Gardens"), make_thread(title="Kitchens")
    one, two = make_comment(post, member, body="About allotments"), make_comment(thread, other_member)
    waiting = held(thread, other_member)
    two.remove(moderator, "Off topic.")
    member.hide_contributions()
    for query, found in {
        "q=allotments": {one},
        "q=Gardens": {one},
        "q=Bola": {two, waiting},
        "status__exact=removed": {two},
        "status__exact=awaiting": {waiting},
        "kind=blog": {one},
        "kind=forum": {two, waiting},
        "listed=yes": set(),
        "listed=no": {one, two, waiting},
    }.items():
        assert numbers(desk.get(f"{LIST}?{query}")) == {comment.pk for comment in found}, query


def test_neither_lines_left_behind_nor_what_was_taken_back_unread(desk, member, moderator):
    thread = make_thread()
    moved, never = make_comment(thread), held(thread, member)
    never.withdraw(member)
    order.split(moved, moderator, "Another")
    assert numbers(desk.get(LIST)) == {moved.pk}
    line = Comment.objects.get(moved_to=moved)
    for comment in (line, never):
        assert desk.get(f"{LIST}{comment.pk}/change/").status_code == 302


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_same_queries_however_many(desk, queries, number):
    for _number in range(number):
        make_comment(make_thread())
    desk.get(LIST)
    with queries(6):  # session, member, permissions (2), count, rows
        assert desk.get(LIST).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["p=abc", "o=99999999999999999999.-1", "q=%00", "status__exact=%ED%A0%80", "kind=%C2%B2", "listed=x", "all=",
     "created_at__gte=abc", "_to_field=password", "author__password__startswith=a"],
)  # fmt: skip
def test_strange_queries(desk, query):
    make_comment(make_thread())
    assert desk.get(f"{LIST}?{query}", follow=True).status_code < 500


def test_its_page_shows_it_as_readers_see_it_and_who_decided(desk, member, moderator):
    thread = make_thread(title="Who pays?")
    first = make_comment(thread)
    comment = make_comment(
        thread, member, body="Some **bold** words <script>alert(1)</script>", answers=first
    )
    comment.remove(moderator, "It names <a> patient.")
    page = desk.get(f"{LIST}{comment.pk}/change/").content.decode()
    for words in (
        "<strong>bold</strong>",
        f'<a href="{thread.get_absolute_url()}">Who pays?</a>',
        f'<a href="{first.get_absolute_url()}">1</a>',
        "It names &lt;a&gt; patient.",
        'value="restore_selected"',
    ):
        assert words in page, words
    assert "<script>alert" not in page
    assert 'name="body"' not in page
    assert desk.post(f"{LIST}{comment.pk}/change/", {"body": "Mine"}).status_code == 403


def test_deciding_about_several_at_once(desk, moderator, member):
    thread = make_thread(title="Who pays?")
    waiting, shown, own = held(thread, member), make_comment(thread), make_comment(thread, moderator)
    assert messages_of(act(desk, "approve_selected", waiting, shown)) == [
        "Nothing was done about Reply 2 in “Who pays?”: it is in the state “Published”.",
        "Approved: Reply 1 in “Who pays?”.",
    ]
    asked = act(desk, "remove_selected", waiting, own)
    page = asked.content.decode()
    assert "Reply 1 in “Who pays?”, Ann Lee (Published)" in page
    done = act(desk, "remove_selected", waiting, own, reason="It sells pills.")
    assert messages_of(done) == [
        "Reply 3 in “Who pays?”: This is about you, or about something you wrote: somebody else decides.",
        "Removed: Reply 1 in “Who pays?”.",
    ]
    assert [status_of(comment) for comment in (waiting, own)] == ["removed", "published"]
    assert (mail.outbox[-1].to, "It sells pills." in mail.outbox[-1].body) == ([member.email], True)
    act(desk, "restore_selected", waiting)
    assert (status_of(waiting), Case.objects.waiting().count()) == ("published", 0)


def test_from_its_own_page_one_comes_back_to_it(desk):
    comment = make_comment(make_thread())
    answer = act(desk, "remove_selected", comment, reason="Off topic.", from_item="1")
    assert answer.redirect_chain[-1][0] == f"{LIST}{comment.pk}/change/"


def test_nobody_else_sees_or_decides_anything_here(member):
    comment = make_comment(make_thread())
    editor = make_member("Edi Tor", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    decided = Decision.objects.count()
    for reader in (editor, member, None):
        client = Client()
        if reader:
            client.force_login(reader)
        for path in (LIST, f"{LIST}{comment.pk}/change/", f"{LIST}add/", f"{LIST}{comment.pk}/delete/"):
            assert client.get(path).status_code in {302, 403}, path
        values = {"action": "remove_selected", "_selected_action": [comment.pk], "reason": "x"}
        assert client.post(LIST, values).status_code in {302, 403}
    assert (status_of(comment), Decision.objects.count()) == ("published", decided)


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_nothing_is_added_or_deleted(desk, administrator, page):
    comment = make_comment(make_thread())
    desk.force_login(administrator)
    assert desk.get(f"{LIST}{page.format(pk=comment.pk)}").status_code == 403
