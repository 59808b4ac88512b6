"""Comments as HTML: what each shows, to whom, and what is left of those that can't be read any more."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions import moving
from commons.contributions.comment_lines import Reader, comment_html, lines, rows_of
from commons.contributions.drawn import _kept
from commons.contributions.models import Comment, Helpful
from commons.tagging.models import Principle, ServiceSector
from tests.contributions.talk import addresses, at, fill, line, shown, words
from tests.factories import make_comment, make_member, make_moderator, make_thread

pytestmark = pytest.mark.django_db


def drawn(comment, reader=None):
    """Return the HTML of a comment as `reader` sees it."""
    reader = reader or Reader()
    return lines(rows_of(comment.contribution, reader, comment.position, comment.position), reader)[0]


def page_as(client, thread, reader=None, page=1):
    if reader:
        client.force_login(reader)
    else:
        client.logout()
    return client.get(thread.get_absolute_url(), {"page": page})


def test_all_that_a_visitor_sees_of_a_comment():
    author = make_member(
        "Ann Lee", roles=["carer"], organisation="Leeds Carers", show_organisation="everyone"
    )
    comment = make_comment(make_thread(), author)
    Comment.objects.filter(pk=comment.pk).update(created_at="2026-11-04T14:05:00Z")
    pk = comment.pk
    assert drawn(comment) == (
        f'<li id="comment-{pk}"><article class="flow" aria-labelledby="by-{pk}">\n'
        '<div class="byline"><span class="av" aria-hidden="true">AL</span><div>'
        f'<h3 id="by-{pk}"><a href="{author.get_absolute_url()}">Ann Lee</a></h3>\n'
        f'<p class="meta">Carer or family member, Leeds Carers · <a href="/comments/{pk}/">Number 1</a> · '
        '<time datetime="2026-11-04T14:05+00:00" title="4 November 2026, 14:05">4 November 2026</time>'
        "</p></div></div>\n"
        '<div class="prose"><p>Some words in answer.</p>\n</div>\n'
        '<div class="row acts" role="group" aria-label="Number 1">'
        f'<a href="/comments/{pk}/report/" rel="nofollow">Report</a></div>\n'
        "</article></li>\n"
    )


def test_the_time_is_the_local_one():
    comment = make_comment(make_thread())
    Comment.objects.filter(pk=comment.pk).update(created_at="2026-07-04T23:30:00Z")
    assert '<time datetime="2026-07-05T00:30+01:00" title="5 July 2026, 00:30">5 July 2026</time>' in drawn(
        comment
    )


def test_names_are_escaped_and_without_a_profile_no_link():
    author = make_member("<b>Ann</b>", hidden=True)
    comment = make_comment(make_thread(), author)
    assert f'<h3 id="by-{comment.pk}">&lt;b&gt;Ann&lt;/b&gt;</h3>' in drawn(comment)


def test_headings_in_it_begin_below_its_own(client):
    thread = make_thread(body="# Of the item")
    make_comment(thread, body="# High\n\n### Low")
    html = page_as(client, thread).content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"<(h\d)", html) == ["h1", "h2", "h2", "h2", "h3", "h4", "h5"]


def test_what_was_edited_says_so_and_leads_to_its_history(member):
    comment = make_comment(make_thread(), member)
    comment.revise(member, "Better words.", version=1)
    assert f' · <a href="/comments/{comment.pk}/history/" rel="nofollow">edited</a>' in drawn(comment)


def test_what_answers_what_is_linked_both_ways():
    thread = fill(make_thread(), 19)
    near, far = make_comment(thread, answers=at(2, thread)), make_comment(thread, answers=at(2, thread))
    first = at(2, thread)
    assert f'Answers <a href="#comment-{first.pk}">number 2</a>' in drawn(near)
    assert f'Answers <a href="/comments/{first.pk}/">number 2</a>' in drawn(far)
    assert f'Answered in <a href="#comment-{near.pk}">20</a>, <a href="/comments/{far.pk}/">21</a>' in drawn(
        first
    )


def test_no_number_of_another_conversation_is_named():
    here, there = make_thread(), make_thread()
    answered = make_comment(here)
    comment = make_comment(here, answers=answered)
    assert "Answers" in drawn(comment)
    moving.move([answered], *moving.lock_both(here.pk, there.pk))
    comment.refresh_from_db()
    assert (comment.answers, "Answers" in drawn(comment)) == (None, False)


def test_helpful_is_counted_in_words():
    comment = make_comment(make_thread())
    said = []
    for _ in range(2):
        Helpful.objects.set(make_member(), comment, True)
        said.append(words(drawn(comment)).partition("answer. ")[2])
    assert said == [
        "1 person found this helpful Report",
        "2 people found this helpful Report",
    ]


# --- what one can do with it ----------------------------------------------------------------------


def below(comment, *names):
    thread = comment.contribution_id
    known = {
        "reply": f"/contributions/{thread}/comments/?answers={comment.pk}",
        "quote": f"/contributions/{thread}/comments/?answers={comment.pk}&quote=1",
    }
    return [known.get(name, f"/comments/{comment.pk}/{name}/") for name in names]


def acts(html):
    return addresses(html.partition(' role="group"')[2])


def test_buttons_of_a_member(client, member, other_member):
    thread = make_thread()
    mine, theirs = make_comment(thread, member), make_comment(thread, other_member)
    page = page_as(client, thread, member)
    assert acts(line(page, mine)) == below(mine, "reply", "quote", "edit", "withdraw")
    assert acts(line(page, theirs)) == below(theirs, "helpful", "reply", "quote", "report")
    assert acts(line(page_as(client, thread), mine)) == below(mine, "report")


def test_the_pressed_button_is_the_readers_own(client, member, other_member):
    thread = make_thread()
    comment, another = make_comment(thread), make_comment(thread)
    Helpful.objects.set(member, comment, True)

    def buttons(reader):
        page = page_as(client, thread, reader)
        found = [re.findall(r'value="(\d)" aria-pressed="(\w+)"', line(page, c)) for c in (comment, another)]
        return [pressed for each in found for pressed in each]

    assert buttons(member) == [("0", "true"), ("1", "false")]
    assert buttons(other_member) == [("1", "false"), ("1", "false")]


# --- what can't be read any more ------------------------------------------------------------------


@pytest.fixture
def taken_away(member):
    """A thread with a comment in every state, by name, in the order of their numbers; `member` wrote them all."""
    thread = make_thread()
    names = ("shown", "withdrawn", "removed", "edited", "unseen", "never", "moved", "hidden")
    made = {name: make_comment(thread, member, body=f"Zq{name} words.") for name in names}
    made["withdrawn"].withdraw(member)
    made["removed"].remove(None, "Unkind")
    made["edited"].hold(member, "It has links.")
    for name, status in (("unseen", "awaiting"), ("never", "withdrawn")):
        Comment.objects.filter(pk=made[name].pk).update(status=status, listed=False, published_at=None)
    # Not like the other: it stands below no page but its own.
    other_tags = {"principles": Principle.objects.all()[1:2], "sectors": ServiceSector.objects.all()[1:2]}
    elsewhere = make_comment(make_thread(title="Zqelsewhere", **other_tags))
    Comment.objects.filter(pk=made["moved"].pk).update(moved_to=elsewhere, author=None, listed=False)
    Comment.objects.filter(pk=made["hidden"].pk).update(listed=False)
    made["elsewhere"] = elsewhere
    return thread, made


def test_one_line_is_left_of_what_others_once_could_read(client, taken_away):
    thread, made = taken_away
    for reader in (None, make_member()):
        page = page_as(client, thread, reader)
        lines_left = {
            name: words(line(page, made[name])) for name in made if name not in {"shown", "elsewhere"}
        }
        assert lines_left == {
            "withdrawn": "Number 2 was withdrawn by its author.",
            "removed": "Number 3 was removed by a moderator.",
            "edited": "Number 4 was changed by its author and waits to be looked at.",
            "unseen": "",
            "never": "",
            "moved": "Number 7 was moved to another conversation. Read it there",
            "hidden": "Number 8 is hidden by the moderators.",
        }
        assert addresses(line(page, made["moved"])) == [f"/comments/{made['elsewhere'].pk}/"]
        named = set(re.findall(r"zq[a-z]+", page.content.decode().lower()))
        assert named & {f"zq{name}" for name in made} == {"zqshown"}


def test_authors_and_moderators_read_it_with_how_it_stands(client, taken_away, member):
    thread, made = taken_away
    for reader in (member, make_moderator()):
        page = page_as(client, thread, reader)
        states = {
            name: re.findall(r'<span class="tag \w+">([^<]*)</span>', line(page, made[name])) for name in made
        }
        assert states == {
            "shown": [],
            "withdrawn": ["Withdrawn"],
            "removed": ["Removed"],
            "edited": ["Awaiting approval"],
            "unseen": ["Awaiting approval"],
            # Taken back before anybody could read it: not for moderators either.
            "never": ["Withdrawn"] if reader == member else [],
            "moved": [],
            "hidden": ["Hidden by the moderators"],
            "elsewhere": [],
        }
    assert acts(line(page_as(client, thread, member), made["removed"])) == []
    assert acts(line(page_as(client, thread, member), made["withdrawn"])) == below(made["withdrawn"], "edit")
    assert acts(line(page_as(client, thread, member), made["unseen"])) == below(
        made["unseen"], "edit", "withdraw"
    )


def test_a_page_shows_what_the_gate_lets_through(client, taken_away, member):
    thread, _made = taken_away
    readers = {
        None: AnonymousUser(),
        "author": member,
        "stranger": make_member(),
        "moderator": make_moderator(),
    }
    for name, reader in readers.items():
        page = page_as(client, thread, reader if name else None)
        here = Comment.objects.on(thread)
        readable = {pk for pk in shown(page) if "<article" in line(page, Comment(pk=pk))}
        assert set(shown(page)) == {c.pk for c in Comment.objects.leading_to(reader) & here}, name
        assert readable == {c.pk for c in Comment.objects.visible_to(reader) & here}, name


# --- kept in memory -------------------------------------------------------------------------------


def test_a_comment_is_drawn_once_for_all_who_see_it_alike():
    _kept.cache_clear()
    comment = make_comment(make_thread())
    drawn(comment)
    for reader in (Reader(), Reader(pk=1_001), Reader(pk=1_002), Reader(pk=1_003, may_reply=True)):
        drawn(comment, reader)
    assert _kept.cache_info()[:2] == (2, 3)


def test_a_changed_comment_is_drawn_anew():
    comment = make_comment(make_thread())
    assert "Some words" in drawn(comment)
    Comment.objects.filter(pk=comment.pk).update(body_html="<p>Others.</p>")
    assert "<p>Others.</p>" in drawn(comment)
    Comment.objects.filter(pk=comment.pk).update(listed=False, status="removed")
    assert words(drawn(comment)) == "Number 1 was removed by a moderator."


# --- outside its conversation ---------------------------------------------------------------------


def test_a_comment_outside_its_conversation_has_no_place_of_its_own(queries, member):
    comment = make_comment(make_thread(), member)
    comment = Comment.objects.get(pk=make_comment(comment.contribution, member, answers=comment).pk)
    with queries(0):
        html = comment_html(comment, level=2)
    assert html.startswith(f'<article class="flow" aria-labelledby="by-{comment.pk}-outside">')
    assert f'<h2 id="by-{comment.pk}-outside"><a href="{member.get_absolute_url()}">Ann Lee</a></h2>' in html
    assert addresses(html) == [member.get_absolute_url(), f"/comments/{comment.pk}/"]
    assert "<p>Some words in answer.</p>" in html
