"""@username in what members write: who is linked, who is kept, and who is to be told."""

import pytest

from commons.contributions.mentions import People, newly_mentioned
from commons.notifications.models import Notice
from tests.factories import make_comment, make_member, make_post, make_thread, values_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return make_member("Ann Example")


def names(thing):
    return [member.username for member in thing.mentioned.order_by("username")]


def test_a_name_leads_to_the_profile_and_is_kept_by_id(ann):
    for thing in (make_comment(make_thread(), body="Ask @Ann-Example."), make_post(body="Ask @Ann-Example.")):
        assert thing.body_html == (
            '<p>Ask <a href="/members/ann-example/" rel="nofollow ugc noopener">@Ann-Example</a>.</p>\n'
        )
        assert list(thing.mentioned.all()) == [ann]


def test_a_former_name_leads_to_who_it_was(ann):
    ann.rename("ann-now")
    comment = make_comment(make_thread(), body="Ask @ann-example and @ann-now.")
    assert comment.body_html.count('href="/members/ann-now/"') == 2
    assert list(comment.mentioned.all()) == [ann]


def test_who_is_not_there_is_only_words():
    make_member("Hidden Person", hidden=True)
    make_member("Closed Person", is_active=False)
    make_member("Unconfirmed Person", confirmed=False)
    comment = make_comment(make_thread(), body="@hidden-person @closed-person @unconfirmed-person @nobody")
    assert comment.body_html == "<p>@hidden-person @closed-person @unconfirmed-person @nobody</p>\n"
    assert names(comment) == []


def test_a_name_in_a_quotation_is_linked_and_calls_nobody(ann):
    comment = make_comment(make_thread(), body="> Ask @ann-example.\n\nI did.")
    assert 'href="/members/ann-example/"' in comment.body_html
    assert names(comment) == []


def test_a_change_keeps_whom_it_names_now(ann):
    bola = make_member("Bola Example")
    comment = make_comment(make_thread(), body="@ann-example")
    comment.revise(comment.author, "@bola-example", version=1)
    assert list(comment.mentioned.all()) == [bola]
    post = make_post(body="@ann-example")
    post.revise(post.author, values_for(body="Nobody"), version=1)
    assert names(post) == []


def test_names_are_looked_up_in_one_query_however_many(queries):
    everyone = [make_member().username for _number in range(3)]
    for named in (everyone[:1], everyone):
        addressed, people = dict.fromkeys(named, True), People()
        with queries(1):
            assert set(people(addressed)) == set(named)


def test_each_is_told_once(ann):
    bola = make_member("Bola Example")
    comment = make_comment(make_thread(), body="@ann-example")
    author = comment.author
    assert newly_mentioned(comment) == [ann]
    comment.revise(author, f"@ann-example and @bola-example, from @{author.username}", version=1)
    assert newly_mentioned(comment) == [bola]
    comment.revise(author, "Nobody", version=2)
    assert newly_mentioned(comment) == []
    ann.rename("ann-now")
    comment.revise(author, "@ann-now again", version=3)
    assert newly_mentioned(comment) == []


def test_who_was_named_where_nobody_read_it_is_told_when_others_can(ann):
    post = make_post(publish=False, body="@ann-example")
    post.revise(post.author, values_for(body="Still @ann-example"), version=1, publish=True)
    assert newly_mentioned(post) == [ann]


def test_who_has_left_is_not_told(ann):
    comment = make_comment(make_thread(), body="@ann-example")
    ann.is_active = False
    ann.save()
    assert newly_mentioned(comment) == []


def told(member):
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", "target_id"))


def test_members_are_told_when_a_text_that_names_them_can_first_be_read(ann):
    bola, post = make_member("Bola Example"), make_post(publish=False, body="@ann-example")
    author = post.author
    assert told(ann) == []
    post.submit(author)
    post.revise(author, values_for(body="@ann-example @bola-example"), version=1)
    post.revise(author, values_for(body="@bola-example"), version=2)
    assert (told(ann), told(bola)) == (
        [("contribution.mention", post.pk)],
        [("contribution.mention", post.pk)],
    )


def test_nobody_is_told_of_a_change_that_waits_until_it_is_let_through(ann):
    comment, post = make_comment(make_thread()), make_post()
    comment.revise(comment.author, "@ann-example https://spam.example/", version=1)
    post.revise(post.author, values_for(body="@ann-example https://spam.example/"), version=1)
    assert (comment.status, post.status, told(ann)) == ("awaiting", "awaiting", [])
    comment.approve(None)
    post.approve(None)
    assert told(ann) == [("comment.mention", comment.pk), ("contribution.mention", post.pk)]


def test_a_comment_that_names_somebody_tells_them_once(ann):
    comment = make_comment(make_thread(), body="@ann-example")
    comment.revise(comment.author, "Again @ann-example", version=1)
    assert told(ann) == [("comment.mention", comment.pk)]
