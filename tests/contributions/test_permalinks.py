"""A comment's own address, which leads to its place wherever that now is."""

import pytest

from commons.contributions.models import Comment
from tests.contributions.talk import at, fill, shown
from tests.factories import make_comment, make_post, make_thread

pytestmark = pytest.mark.django_db


def led_to(client, comment):
    answer = client.get(f"/comments/{comment.pk}/")
    return answer.url if answer.status_code == 302 else answer.status_code


def test_it_leads_to_the_right_page_also_after_others_were_withdrawn(client):
    thread = fill(make_thread(), 45)
    for position in range(1, 11):
        comment = at(position, thread)
        comment.withdraw(comment.author)
    url = thread.get_absolute_url()
    last_of_first, first_of_second = at(20, thread), at(21, thread)
    assert led_to(client, last_of_first) == f"{url}#comment-{last_of_first.pk}"
    assert led_to(client, first_of_second) == f"{url}?page=2#comment-{first_of_second.pk}"
    assert first_of_second.pk in shown(client.get(f"{url}?page=2"))


def test_it_leads_to_the_line_that_is_left_of_one(client, member):
    thread = make_thread()
    comment = make_comment(thread, member)
    comment.withdraw(member)
    assert led_to(client, comment) == f"{thread.get_absolute_url()}#comment-{comment.pk}"
    assert shown(client.get(thread.get_absolute_url())) == [comment.pk]


def test_what_was_never_shown_or_stands_on_a_hidden_item_is_not_there(client, member):
    on_hidden = make_comment(post := make_post())
    post.remove(None, "Spam")
    inside = make_comment(make_post(audience="members"))
    unseen = make_comment(make_thread())
    Comment.objects.filter(pk=unseen.pk).update(status="awaiting", listed=False, published_at=None)
    assert [led_to(client, comment) for comment in (on_hidden, inside, unseen)] == [404, 404, 404]
    client.force_login(member)
    assert led_to(client, on_hidden) == 404
    assert led_to(client, inside) == f"{inside.contribution.get_absolute_url()}#comment-{inside.pk}"


def test_one_that_was_moved_leads_on(client):
    now = make_comment(make_thread())
    left = make_comment(make_thread())
    Comment.objects.filter(pk=left.pk).update(moved_to=now, author=None, listed=False)
    assert led_to(client, left) == f"/comments/{now.pk}/"


@pytest.mark.parametrize("number", ["0", "999999999999999999", "1" * 30, "abc"])
def test_numbers_that_are_not_there(client, number):
    assert client.get(f"/comments/{number}/").status_code == 404
