"""The conversation on an item's page: its pages, what they cost, and what stands around the comments."""

import pytest
from django.db import connection
from django.utils import timezone

from commons.contributions.comment_lines import Reader, lines, rows_of
from commons.contributions.models import Comment, Contribution
from tests.contributions.talk import addresses, at, conversation, fill, shown, words
from tests.factories import make_comment, make_member, make_post, make_report, make_thread

pytestmark = pytest.mark.django_db


# --- pages ----------------------------------------------------------------------------------------


def test_twenty_a_page_by_number(client):
    thread = fill(make_thread(), 45)
    pages = [shown(client.get(f"{thread.get_absolute_url()}?page={number}")) for number in (1, 2, 3)]
    assert [[Comment.objects.get(pk=pk).position for pk in page] for page in pages] == [
        list(range(1, 21)),
        list(range(21, 41)),
        list(range(41, 46)),
    ]


def test_what_was_taken_away_moves_nothing_to_another_page(client):
    thread = fill(make_thread(), 25)
    gone = at(3, thread)
    gone.withdraw(gone.author)
    hidden = at(4, thread)
    Comment.objects.filter(pk=hidden.pk).update(listed=False, status="awaiting", published_at=None)
    url = thread.get_absolute_url()
    assert (len(shown(client.get(url))), len(shown(client.get(f"{url}?page=2")))) == (19, 5)


@pytest.mark.parametrize("page", ["abc", "0", "-1", "4", "²", "", "99999999999999999999", "1e1"])
def test_a_page_that_is_not_there(client, page):
    thread = fill(make_thread(), 45)
    assert client.get(thread.get_absolute_url(), {"page": page}).status_code == 404


def test_an_item_without_comments_has_one_page(client):
    url = make_post().get_absolute_url()
    assert [client.get(url, {"page": page}).status_code for page in (1, 2)] == [200, 404]


def test_a_wrong_title_in_the_address_leads_to_the_same_page(client):
    thread = fill(make_thread(), 25)
    answer = client.get(f"/forum/{thread.pk}-wrong/?page=2")
    assert (answer.status_code, answer.url) == (301, f"{thread.get_absolute_url()}?page=2")


def test_later_pages_name_themselves_and_leave_out_the_text(client):
    thread = fill(make_thread(title="Who pays?", body="The whole question.", summary="In short."), 25)
    url = thread.get_absolute_url()
    first, second = (client.get(url, {"page": page}).content.decode() for page in (1, 2))
    assert "<title>Who pays? –" in first
    assert "<title>Who pays?, page 2 –" in second
    assert [text.count("<p>The whole question.</p>") for text in (first, second)] == [1, 0]
    assert [text.count(f'<a href="{url}">Back to the start</a>') for text in (first, second)] == [0, 1]
    assert [text.count('<h1 id="item-title">Who pays?</h1>') for text in (first, second)] == [1, 1]


def test_links_to_other_pages_are_few_however_many_there_are(client):
    thread = fill(make_thread(), 2_000)
    url = thread.get_absolute_url()
    html = (
        client.get(url, {"page": 50})
        .content.decode()
        .partition('<nav class="pager')[2]
        .partition("</nav>")[0]
    )
    assert addresses(html) == ["?page=49", url, "?page=49", "?page=51", "?page=100", "?page=51"]


def test_they_are_counted_in_the_words_of_their_kind(client):
    thread, post, long = make_thread(), make_post(), fill(make_thread(), 1_200)
    make_comment(thread)
    fill(post, 3)
    headings = [
        words(conversation(client.get(item.get_absolute_url())).partition("<h2")[2].partition("</h2>")[0])
        for item in (thread, post, long, make_thread(), make_report())
    ]
    assert [heading.partition(">")[2].strip() for heading in headings] == [
        "1 reply",
        "3 comments",
        "1,200 replies",
        "Replies",
        "Comments",
    ]


def test_a_draft_has_no_conversation(client, member):
    client.force_login(member)
    assert conversation(client.get(make_post(member, publish=False).get_absolute_url())) == ""


# --- what a page costs ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 3_000])
def test_a_visitors_page_costs_two_queries_and_one_when_nothing_changed(client, queries, number):
    """The first page one more, for what is like it, which is part of what a browser keeps."""
    thread = fill(make_thread(), number)
    for page in {1, -(-number // 20)}:
        url = f"{thread.get_absolute_url()}?page={page}"
        client.get(url)
        with queries(3 if page == 1 else 2):
            answer = client.get(url)
        with queries(2 if page == 1 else 1):
            again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
        assert (answer.status_code, answer.cookies, again.status_code) == (200, {}, 304)


@pytest.mark.parametrize("number", [1, 3, 3_000])
def test_a_members_page_costs_six_queries_and_the_first_one_more(client, queries, member, number):
    thread = fill(make_thread(), number)
    client.force_login(member)
    last = -(-number // 20)
    client.get(thread.get_absolute_url())  # what is tagged alike is kept from now on
    client.get(f"{thread.get_absolute_url()}?page={last}")
    for page in {1, last}:
        with queries(7 if page == 1 else 6):
            client.get(f"{thread.get_absolute_url()}?page={page}")


def test_what_is_new_to_a_member_costs_one_query_more(client, queries, member):
    thread = fill(make_thread(), 3_000)
    client.force_login(member)
    client.get(thread.get_absolute_url())
    with queries(8):
        client.get(thread.get_absolute_url())


@pytest.mark.parametrize("reader", [{}, {"pk": 7}, {"pk": 7, "moderates": True}])
def test_a_page_is_read_from_the_index_of_its_numbers(django_assert_num_queries, reader):
    thread = fill(make_thread(), 3_000)
    with connection.cursor() as cursor:
        # Of this table alone: PostgreSQL goes on believing what it counted, also when the test is undone.
        cursor.execute("ANALYZE contributions_comment")
    reader = Reader(**reader)
    with django_assert_num_queries(1) as asked:
        rows = rows_of(thread, reader, 2_981, 3_000)
    assert [row.position for row in rows] == list(range(2_981, 3_001))
    plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{plan} {asked[0]['sql']}")
        steps = "\n".join(str(step) for row in cursor.fetchall() for step in row)
    if connection.vendor == "sqlite":
        assert "(contribution_id=? AND position>? AND position<?)" in steps
    else:
        assert "comment_position_once" in steps
    assert "SCAN contributions" not in steps
    assert "Seq Scan on contributions_comment" not in steps


def test_every_change_makes_a_visitors_page_new(client, member):
    thread = make_thread()
    comment = make_comment(thread, member)
    url = thread.get_absolute_url()
    tags = [client.get(url).headers["ETag"]]
    for change in (
        lambda: make_comment(thread),
        lambda: comment.revise(member, "Better words.", version=1),
        lambda: comment.withdraw(member),
        lambda: member.write_profile({"display_name": "Ann Nowcalled"}),
    ):
        change()
        tags.append(client.get(url).headers["ETag"])
    assert len(set(tags)) == 5


# --- around the comments --------------------------------------------------------------------------


def test_a_visitor_is_led_to_sign_in_and_has_no_form(client):
    thread = fill(make_thread(), 1)
    html = client.get(thread.get_absolute_url()).content.decode()
    assert f'href="/accounts/login/?next=/contributions/{thread.pk}/comments/"' in html
    assert [html.count(part) for part in ("<form", "<button class", "csrfmiddlewaretoken")] == [0, 1, 0]


def test_a_member_has_one_form_for_all_buttons_and_one_to_reply(client, member):
    thread = fill(make_thread(), 3)
    client.force_login(member)
    html = client.get(thread.get_absolute_url()).content.decode()
    assert html.count('<form id="act" method="post" hidden>') == 1
    assert html.count('form="act"') == 3 + 3
    assert html.count("<form") == 2
    assert f'action="/contributions/{thread.pk}/comments/"' in html


def test_below_a_page_that_is_not_the_last_is_a_link_to_reply(client, member):
    thread = fill(make_thread(), 21)
    client.force_login(member)
    html = client.get(thread.get_absolute_url()).content.decode()
    assert f'<a class="btn" href="/contributions/{thread.pk}/comments/">Write a reply</a>' in html


def test_a_closed_conversation_says_why_to_everyone_and_takes_nothing_more(client, member):
    thread = fill(make_thread(), 1)
    thread.closed_at, thread.closed_reason = timezone.now(), "It has run its course."
    thread.save()
    for reader in (None, member):
        if reader:
            client.force_login(reader)
        html = conversation(client.get(thread.get_absolute_url()))
        assert "Closed It has run its course." in words(html)
        assert [address for address in addresses(html) if "comments/?" in address or "login" in address] == []
        assert f"/contributions/{thread.pk}/comments/" not in html


def test_whose_voices_stand_beside_it_from_three_people_on(client):
    thread = make_thread(make_member(roles=["practitioner"]))
    make_comment(thread, make_member(roles=["practitioner"]))
    assert "Whose voices" not in conversation(client.get(thread.get_absolute_url()))
    make_comment(thread, make_member(roles=["practitioner"]))
    panel = words(conversation(client.get(thread.get_absolute_url())).partition("<aside")[2])
    assert panel.partition(">")[2].strip() == (
        "Whose voices 3 people take part. Practitioners: 3 Nobody has joined in yet who says that they use "
        "services. Do you know somebody you could ask? By what people chose to show of themselves."
    )


def test_marks_on_the_item_itself_are_the_readers_own(client, member, other_member):
    from commons.contributions.models import Bookmark, Follow, Helpful

    thread = make_thread(other_member)
    Helpful.objects.set(member, thread, True)
    Bookmark.objects.set(member, thread, True)
    Follow.objects.set(other_member, thread, True)

    def pressed(reader):
        client.force_login(reader)
        html = client.get(thread.get_absolute_url()).content.decode()
        start = html.partition('<footer class="flow narrow">')[2].partition("</p>")[0]
        return [part.partition("<")[0] for part in start.split('aria-pressed="true">')[1:]], words(start)

    assert pressed(member) == (["Helpful", "Bookmark"], "1 person found this helpful Helpful Bookmark Follow")
    assert pressed(other_member) == (["Follow"], "1 person found this helpful Bookmark Follow")


def test_kept_parts_follow_the_row_and_never_another_reader(client, member):
    post = make_post(member, title="Sowing beans")
    url = post.get_absolute_url()
    client.get(url)
    client.force_login(member)
    assert "Edit</a>" in client.get(url).content.decode()
    client.logout()
    assert "Edit</a>" not in client.get(url).content.decode()
    Contribution.objects.filter(pk=post.pk).update(title="Sowing peas")
    assert '<h1 id="item-title">Sowing peas</h1>' in client.get(url).content.decode()


def test_lines_of_other_conversations_are_not_there(client):
    thread, other = fill(make_thread(), 3), fill(make_thread(), 2)
    expected = list(Comment.objects.on(thread).values_list("pk", flat=True))
    assert shown(client.get(thread.get_absolute_url())) == expected
    assert len(lines(rows_of(other, Reader(), 1, 20), Reader())) == 2
