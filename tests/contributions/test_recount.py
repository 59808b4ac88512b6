"""recount: every kind of drift is found, said and mended; where nothing is wrong, nothing is written."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.contributions.models import Comment, Contribution, Helpful, ReadMark
from commons.contributions.recounting import recount
from commons.search.index import check
from forum.models import Thread
from tests.factories import make_comment, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    """A question with four comments, the third of which answers the first; the second is helpful, and the answer."""
    thread = make_thread(make_member(roles=["practitioner"]), is_question=True, title="Who pays?")
    first = make_comment(thread, make_member(roles=["carer"]))
    second = make_comment(thread)
    make_comment(thread, answers=first)
    make_comment(thread).withdraw(None)
    Helpful.objects.set(make_member(), second, True)
    Helpful.objects.set(make_member(), thread, True)
    Thread.objects.filter(pk=thread.pk).update(best_answer=second)
    Contribution.objects.filter(pk=thread.pk).update(answered=True)
    return Thread.objects.get(pk=thread.pk)


def rows():
    return (
        list(Contribution.objects.order_by("pk").values()),
        list(Comment.objects.order_by("pk").values()),
    )


def unchanged_columns(found):
    """Return rows without when they were changed, which mending notes."""
    return [[{k: v for k, v in row.items() if k != "changed_at"} for row in table] for table in found]


def test_all_is_right_after_every_way_of_writing(question):
    make_post()
    assert list(recount()) == []
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == "Everything that is kept of comments and marks is right.\n"


OF_THREAD = [
    ({"comment_count": 7}, "Forum thread {pk}, “Who pays?”: 7 comments are counted, and 3 can be read."),
    (
        {"last_position": 9},
        "Forum thread {pk}, “Who pays?”: 9 is kept as the last number that was given to a comment; it is 4.",
    ),
    (
        {"last_comment": None},
        "Forum thread {pk}, “Who pays?”: the latest comment is kept as the one with id nothing; it is {third}.",
    ),
    (
        {"last_reply": {}},
        "Forum thread {pk}, “Who pays?”: who wrote the latest comment, and when, is kept as {{}}; it is {reply}.",
    ),
    (
        {"voices": {"people": 3}},
        "Forum thread {pk}, “Who pays?”: whose voices take part is kept as {{'people': 3}}; it is "
        "{{'people': 4, 'practitioners': 1, 'carers': 1}}.",
    ),
    (
        {"helpful_count": 0},
        "Forum thread {pk}, “Who pays?”: 0 members are counted who found it helpful; they are 1.",
    ),
    (
        {"answered": False},
        "Forum thread {pk}, “Who pays?”: whether it is answered is kept as no; it is yes.",
    ),
]


def numbered(question):
    return dict(Comment.objects.on(question.pk).values_list("position", "pk"))


def mended(before):
    """Return what --repair says; all is as it was before the drift."""
    out, err = StringIO(), StringIO()
    call_command("recount", repair=True, stdout=out, stderr=err)
    assert list(recount()) == check() == []
    assert unchanged_columns(rows()) == unchanged_columns(before)
    return out.getvalue()


@pytest.mark.parametrize(
    ("drift", "words"), OF_THREAD, ids=[next(iter(drift)) for drift, _words in OF_THREAD]
)
def test_what_a_contribution_keeps(question, drift, words):
    before = rows()
    reply = Contribution.objects.get(pk=question.pk).last_reply
    Contribution.objects.filter(pk=question.pk).update(**drift)
    found = list(recount())
    assert len(found) == 1
    in_any_order = "whose voices" in words or "who wrote" in words
    expected = words.format(pk=question.pk, third=numbered(question)[3], reply=reply)
    assert (sorted(found[0]), "") == (sorted(expected), "") if in_any_order else found == [expected]
    assert mended(before) == "1 thing was wrong and is mended.\n"


def test_when_there_was_last_something_new(question):
    before = rows()
    Contribution.objects.filter(pk=question.pk).update(last_activity_at=timezone.now())
    (said,) = recount()
    assert said.startswith(f"Forum thread {question.pk}, “Who pays?”: the last activity is kept as 20")
    mended(before)


OF_COMMENTS = [
    (1, {"answered_by": []}, "what answers it is kept as [] (id and number of each); it is [[{third}, 3]]."),
    (3, {"answers_position": 2}, "the number of what it answers is kept as 2; it is 1."),
    (2, {"helpful_count": 5}, "5 members are counted who found it helpful; they are 1."),
]


@pytest.mark.parametrize(("number", "drift", "words"), OF_COMMENTS)
def test_what_a_comment_keeps(question, number, drift, words):
    before, by_number = rows(), numbered(question)
    Comment.objects.filter(pk=by_number[number]).update(**drift)
    assert list(recount()) == [f"Reply {number} in “Who pays?”: " + words.format(third=by_number[3])]
    mended(before)


def test_what_can_be_read_counts_and_answers(question):
    before, by_number = rows(), numbered(question)
    Comment.objects.filter(pk=by_number[3]).update(listed=False)
    said = "Reply 3 in “Who pays?”: whether it can be read is kept as no; it is yes."
    assert said in list(recount())
    mended(before)


def test_what_a_hidden_member_wrote_is_taken_out_of_sight(question):
    comment = Comment.objects.get(pk=numbered(question)[1])
    type(comment.author).objects.filter(pk=comment.author_id).update(contributions_hidden=True)
    list(recount(repair=True))
    comment.refresh_from_db()
    assert (comment.listed, Contribution.objects.get(pk=question.pk).comment_count) == (False, 2)
    assert list(recount()) == check() == []


def test_numbers_close_up_where_some_are_missing(question):
    before, by_number = rows(), numbered(question)
    ReadMark.objects.move(make_member(), question, 4)
    for number in (4, 3):
        Comment.objects.filter(pk=by_number[number]).update(position=F("position") + 5)
    ReadMark.objects.update(position=9)
    assert next(iter(recount())) == (
        f"Forum thread {question.pk}, “Who pays?”: 4 comments have a place there, but the last one is number 9: "
        "some numbers are missing."
    )
    mended(before)
    assert list(ReadMark.objects.values_list("position", flat=True)) == [4]


def test_drift_is_an_error_until_it_is_mended(question):
    Contribution.objects.filter(pk=question.pk).update(comment_count=7, helpful_count=7)
    err = StringIO()
    with pytest.raises(CommandError, match="2 things are wrong"):
        call_command("recount", stderr=err)
    assert len(err.getvalue().splitlines()) == 2
    assert Contribution.objects.get(pk=question.pk).comment_count == 7


def test_the_same_queries_for_few_and_many_and_nothing_is_written(question):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert list(recount()) == []
        return [query["sql"] for query in captured]

    few = statements()
    for _number in range(3):
        thread = make_thread(is_question=True)
        for _comment in range(3):
            make_comment(thread, answers=make_comment(thread))
    many = statements()
    assert len(few) == len(many) == 17
    assert {sql.split()[0] for sql in many} <= {"SELECT", "DECLARE"}  # a cursor is declared to read
