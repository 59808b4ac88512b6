"""Writing, quoting, editing and withdrawing comments: what is kept, what is told, and what is refused."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from commons.contributions import kinds
from commons.contributions.comment_forms import CommentForm, EmptyCommentForm
from commons.contributions.models import Comment, Follow, KeptText
from commons.markup.render import BODY_LENGTH
from forum.order import merge
from tests.factories import establish, make_comment, make_member, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    return make_thread(title="How do we begin?")


@pytest.fixture
def writer(client, member):
    client.force_login(member)
    return client


def path_of(talk):
    return f"/contributions/{talk.pk}/comments/"


def typed(**values):
    return {"body": "We asked people first.", "form_key": str(uuid.uuid4()), "do": "publish", **values}


def hidden(response):
    """Return the values of the form's hidden fields, as a browser would send them again."""
    html = response.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def close(thread, reason="It has run its course."):
    thread.closed_at, thread.closed_reason = timezone.now(), reason
    thread.save()


def test_an_empty_form_that_was_never_made_has_the_same_hidden_fields():
    kind = kinds.get("forum")
    form = CommentForm(kind=kind, initial={"seen": 3, "follow": True})
    empty = EmptyCommentForm(kind, seen=3, follows=True)
    own_key = {"form_key": uuid.UUID(int=0)}
    assert dict(empty.hidden_values()) | own_key == dict(form.hidden_values()) | own_key
    assert [field.name for field in empty.visible_fields()] == ["body", "follow"]
    assert empty.form["follow"].value() is True


# --- writing ----------------------------------------------------------------------------------------


def test_a_reply_is_published_and_leads_to_its_place(writer, thread, member):
    response = writer.post(path_of(thread), typed())
    comment = Comment.objects.get()
    assert (comment.author, comment.body, comment.status) == (member, "We asked people first.", "published")
    assert response.headers["Location"] == f"/forum/{thread.pk}-how-do-we-begin/#comment-{comment.pk}"


def test_it_is_a_reply_on_the_forum_and_a_comment_elsewhere(writer, thread):
    assert "<h1>Reply</h1>" in writer.get(path_of(thread)).content.decode()
    assert "<h1>Comment</h1>" in writer.get(path_of(make_post())).content.decode()


def test_the_twenty_first_leads_to_the_second_page(writer, thread):
    author = make_member()
    for _number in range(20):
        make_comment(thread, author)
    assert "?page=2#comment-" in writer.post(path_of(thread), typed()).headers["Location"]


def test_the_form_costs_the_same_for_one_comment_and_for_thirty(writer, thread, queries):
    author = make_member()
    first = make_comment(thread, author)
    writer.get(path_of(thread))
    with queries(7):
        writer.get(f"{path_of(thread)}?answers={first.pk}&quote=1")
    for _number in range(29):
        make_comment(thread, author)
    with queries(7):
        writer.get(f"{path_of(thread)}?answers={first.pk}&quote=1")


def test_the_same_form_twice_makes_one(writer, thread):
    form = typed()
    first, second = writer.post(path_of(thread), form), writer.post(path_of(thread), form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Write your text first."),
        (" \n\u200b\u00a0", "Write your text first."),
        ("x" * (BODY_LENGTH + 1), "Shorten the text to 50000 characters or fewer (it has 50001)."),
    ],
)
def test_what_can_t_be_published_is_said_above_and_beside_the_field_and_kept(writer, thread, body, words):
    response = writer.post(path_of(thread), typed(body=body))
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Reply: How do we begin? –" in html
    assert html.count(words) == 2
    assert response.context["form"]["body"].value() == body
    assert Comment.objects.count() == 0


def test_a_preview_shows_and_saves_nothing(writer, thread):
    response = writer.post(path_of(thread), typed(body="**Bold**", do="preview"))
    assert response.context["preview"] == "<p><strong>Bold</strong></p>\n"
    assert response.context["form"]["body"].value() == "**Bold**"
    assert Comment.objects.count() == 0


def test_one_of_a_new_member_with_a_link_awaits_approval_and_says_so(writer, thread):
    response = writer.post(path_of(thread), typed(body="https://spam.example/"), follow=True)
    assert Comment.objects.get().status == "awaiting"
    assert "awaits approval" in response.content.decode()


def test_the_field_that_people_do_not_see_holds_anybody(writer, thread, member):
    establish(member)
    writer.post(path_of(thread), typed(leave_empty="robot"))
    assert Comment.objects.get().status == "awaiting"


def test_past_the_rate_the_text_is_kept_and_the_time_said(writer, thread, member, settings):
    settings.NETWORK_POST_RATE = "1/h"
    make_comment(thread, member)
    response = writer.post(path_of(thread), typed(body="Once more"))
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3601
    assert response.context["form"]["body"].value() == "Once more"
    assert "<title>Error: " in response.content.decode()
    assert Comment.objects.count() == 1


def test_what_one_can_t_read_one_can_t_answer(writer, member, administrator):
    draft, own_draft, removed, withdrawn = (
        make_post(publish=False),
        make_post(member, publish=False),
        make_post(),
        make_post(),
    )
    removed.remove(administrator, "Spam.")
    withdrawn.withdraw(withdrawn.author)
    answers = [writer.get(path_of(item)).status_code for item in (draft, own_draft, removed, withdrawn)]
    assert answers == [404, 404, 404, 410]
    assert writer.get("/contributions/999999999999999999/comments/").status_code == 404


# --- what is answered -------------------------------------------------------------------------------


def test_what_is_answered_is_shown_and_linked(writer, thread):
    first = make_comment(thread, body="Is it worth it?")
    page = writer.get(f"{path_of(thread)}?answers={first.pk}")
    assert "<p>Is it worth it?</p>" in page.content.decode()
    assert hidden(page)["answers"] == str(first.pk)
    writer.post(path_of(thread), typed(answers=first.pk))
    assert Comment.objects.get(position=2).answers == first


def test_only_what_stands_there_and_can_be_read_is_answered(writer, thread, administrator):
    elsewhere, removed = make_comment(make_thread(), body="Elsewhere"), make_comment(thread, body="Unkind")
    removed.remove(administrator, "Unkind")
    for raw in (elsewhere.pk, removed.pk, "²", "9" * 30, "x", ""):
        page = writer.get(path_of(thread), {"answers": raw, "quote": "1"})
        assert (page.status_code, page.context["answers"], page.context["form"]["body"].value()) == (
            200,
            None,
            None,
        )
        writer.post(path_of(thread), typed(answers=raw))
    assert set(
        Comment.objects.exclude(pk__in=[elsewhere.pk, removed.pk]).values_list("answers", flat=True)
    ) == {None}


def test_a_moderator_can_t_quote_what_was_removed(client, thread):
    moderator = make_moderator()
    removed = make_comment(thread, body="Unkind")
    removed.remove(moderator, "Unkind")
    client.force_login(moderator)
    page = client.get(path_of(thread), {"answers": removed.pk, "quote": "1"})
    assert "Unkind" not in page.content.decode()


def quoted(writer, comment, passage=None):
    query = {"answers": comment.pk, "quote": "1", **({"passage": passage} if passage else {})}
    return writer.get(path_of(comment.contribution), query).context["form"]["body"].value()


def test_a_quotation_says_whose_words_they_are(writer, thread):
    comment = make_comment(thread, make_member("Bola [x] Ade"), body="One *line*.\n\n* a point")
    assert quoted(writer, comment) == (
        f"> [Bola \\[x\\] Ade wrote](/comments/{comment.pk}/):\n>\n> One *line*.\n>\n> * a point\n\n"
    )


def test_only_a_passage_that_stands_there_is_quoted_alone(writer, thread):
    comment = make_comment(thread, body="We met *every* week\nfor 3_4 months. Then we stopped.")
    head = f"> [{comment.byline['name']} wrote](/comments/{comment.pk}/):\n>\n"
    assert quoted(writer, comment, "met  every\nweek for 3_4") == f"{head}> met every week for 3\\_4\n\n"
    whole = f"{head}> We met *every* week\n> for 3_4 months. Then we stopped.\n\n"
    assert quoted(writer, comment, "We never met") == whole
    assert quoted(writer, comment, "x" * 1001) == whole


@pytest.mark.parametrize(
    ("body", "passage", "line"),
    [
        ("\\# no heading", "# no heading", "> \\# no heading"),
        ("See 5. Five", "5. Five", "> 5\\. Five"),
        ("a \\- b", "- b", "> \\- b"),
    ],
)
def test_a_passage_stays_the_words_it_was(writer, thread, body, passage, line):
    assert quoted(writer, make_comment(thread, body=body), passage).split("\n")[2] == line


# --- following --------------------------------------------------------------------------------------


def test_replying_follows_unless_refused(writer, thread, member):
    other = make_post()
    assert writer.get(path_of(thread)).context["form"]["follow"].value() is True
    writer.post(path_of(thread), typed(follow="on", follow_asked="True"))
    writer.post(path_of(other), typed(follow_asked="True"))
    assert list(Follow.objects.of(member).values_list("contribution", flat=True)) == [thread.pk]


def test_who_wrote_there_and_follows_no_more_is_not_asked_again(writer, thread, member):
    writer.post(path_of(thread), typed(follow="on"))
    assert writer.get(path_of(thread)).context["form"]["follow"].value() is True
    Follow.objects.set(member, thread, False)
    assert writer.get(path_of(thread)).context["form"]["follow"].value() is False


# --- what happened meanwhile ------------------------------------------------------------------------


def test_what_others_wrote_meanwhile_is_shown_once_and_the_text_kept(writer, thread):
    seen = hidden(writer.get(path_of(thread)))["seen"]
    make_comment(thread, body="I said it first.")
    form = typed(seen=seen)
    response = writer.post(path_of(thread), form)
    assert response.status_code == 409
    assert len(response.context["news"]) == 1
    assert "<p>I said it first.</p>" in response.content.decode()
    assert response.context["form"]["body"].value() == "We asked people first."
    make_comment(thread, body="And another thing.")
    again = writer.post(path_of(thread), {**form, **hidden(response)})
    assert again.status_code == 302
    assert list(Comment.objects.values_list("position", "body")) == [
        (1, "I said it first."),
        (2, "And another thing."),
        (3, "We asked people first."),
    ]


def test_the_new_number_is_known_afterwards(writer, thread):
    make_comment(thread)
    assert hidden(writer.post(path_of(thread), typed(seen=0)))["seen"] == "1"


def test_one_s_own_and_what_can_t_be_read_is_no_news(writer, thread, member):
    make_comment(thread, member)
    make_comment(thread).withdraw(make_comment(thread, member).author)
    assert writer.post(path_of(thread), typed(seen=0)).status_code == 302


def test_a_form_that_does_not_say_what_it_saw_is_not_asked(writer, thread):
    make_comment(thread)
    assert writer.post(path_of(thread), typed()).status_code == 302


def test_a_form_that_was_sent_already_is_not_asked_about_what_came_after(writer, thread):
    form = typed(seen=0)
    writer.post(path_of(thread), form)
    make_comment(thread)
    assert writer.post(path_of(thread), form).status_code == 302
    assert Comment.objects.count() == 2


def test_the_first_twenty_that_are_new_are_shown(writer, thread):
    author = make_member()
    for _number in range(21):
        make_comment(thread, author)
    response = writer.post(path_of(thread), typed(seen=0))
    assert (len(response.context["news"]), response.context["more_news"]) == (20, True)


def test_closed_meanwhile_says_why_and_gives_the_text_back(writer, thread):
    close(thread)
    response = writer.post(path_of(thread), typed())
    html = response.content.decode()
    assert response.status_code == 409
    assert "<p>It has run its course.</p>" in html
    assert ">We asked people first.</textarea>" in html
    assert writer.get(path_of(thread)).status_code == 200
    assert Comment.objects.count() == 0


def test_merged_meanwhile_leads_on_and_gives_the_text_back(writer, thread, administrator):
    merge(thread, make_thread(), administrator)
    response = writer.post(path_of(thread), typed())
    assert response.status_code == 409
    assert ">We asked people first.</textarea>" in response.content.decode()
    assert f'href="{thread.get_absolute_url()}"' in response.content.decode()
    assert writer.get(path_of(thread)).headers["Location"] == thread.get_absolute_url()


@pytest.mark.parametrize(("step", "status"), [("remove", 404), ("withdraw", 410)])
def test_gone_meanwhile_gives_the_text_back_and_shows_nothing_of_it(
    writer, thread, administrator, step, status
):
    if step == "remove":
        thread.remove(administrator, "Spam.")
    else:
        thread.withdraw(thread.author)
    response = writer.post(path_of(thread), typed())
    html = response.content.decode()
    assert response.status_code == status
    assert ">We asked people first.</textarea>" in html
    assert "How do we begin?" not in html


# --- a session or a token that was lost ---------------------------------------------------------------


def test_a_text_survives_the_end_of_a_session(client, member, thread):
    first = make_comment(thread)
    client.force_login(member)
    form = hidden(client.get(f"{path_of(thread)}?answers={first.pk}"))
    client.logout()
    response = client.post(path_of(thread), {**form, "body": "Typed for an hour"})
    kept = KeptText.objects.get()
    assert response.headers["Location"].endswith(f"?next={path_of(thread)}%3Fkept%3D{kept.token}")
    client.force_login(member)
    page = client.get(f"{path_of(thread)}?kept={kept.token}")
    shown = page.context["form"]
    assert (shown["body"].value(), shown["follow"].value()) == ("Typed for an hour", False)
    assert hidden(page)["answers"] == str(first.pk)
    client.post(path_of(thread), typed())
    assert KeptText.objects.count() == 0


def test_a_text_survives_a_lost_token_and_is_its_writers_alone(member, other_member, thread):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    form = hidden(client.get(path_of(thread)))
    del form["csrfmiddlewaretoken"]
    response = client.post(path_of(thread), {**form, "body": "Typed for an hour"})
    back = f"{path_of(thread)}?kept={KeptText.objects.get().token}"
    assert response.status_code == 403
    assert f'href="{back}"' in response.content.decode()
    assert client.get(back).context["form"]["body"].value() == "Typed for an hour"
    client.force_login(other_member)
    assert client.get(back).context["form"]["body"].value() is None


def test_a_kept_text_for_what_is_closed_by_now_is_given_back(writer, member, thread):
    kept = KeptText.objects.create(
        member=member, path=path_of(thread), fields={"body": ["Typed for an hour"]}
    )
    close(thread)
    assert (
        ">Typed for an hour</textarea>" in writer.get(f"{path_of(thread)}?kept={kept.token}").content.decode()
    )


def test_visitors_sign_in_first_and_come_back_to_the_quotation(client, thread):
    response = client.get(f"{path_of(thread)}?answers=1&quote=1")
    assert response.headers["Location"].endswith(f"?next={path_of(thread)}%3Fanswers%3D1%26quote%3D1")


# --- changing, withdrawing ----------------------------------------------------------------------------


def test_one_s_own_can_be_changed(writer, thread, member):
    comment = make_comment(thread, member)
    form = hidden(writer.get(f"/comments/{comment.pk}/edit/"))
    response = writer.post(f"/comments/{comment.pk}/edit/", {**form, "body": "Better words"})
    comment.refresh_from_db()
    assert (comment.body, comment.version, comment.status) == ("Better words", 2, "published")
    assert response.headers["Location"] == comment.url_on_page()


def test_whoever_saves_second_is_shown_both_texts(writer, thread, member):
    comment = make_comment(thread, member)
    comment.revise(member, "Saved in another window", version=1)
    path = f"/comments/{comment.pk}/edit/"
    response = writer.post(path, {"body": "Mine", "version": "1"})
    html = response.content.decode()
    assert response.status_code == 409
    assert ">Saved in another window</pre>" in html
    assert ">Mine</pre>" in html
    writer.post(path, {"body": "Both", **hidden(response)})
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("Both", 3)


def test_an_empty_change_keeps_what_stands(writer, thread, member):
    comment = make_comment(thread, member)
    response = writer.post(f"/comments/{comment.pk}/edit/", {"body": " "})
    comment.refresh_from_db()
    assert (response.status_code, comment.body) == (200, "Some words in answer.")


def test_a_link_added_by_a_new_member_waits(writer, thread, member):
    comment = make_comment(thread, member)
    writer.post(f"/comments/{comment.pk}/edit/", {"body": "Now see https://spam.example/"})
    comment.refresh_from_db()
    assert (comment.status, comment.listed) == ("awaiting", False)


def test_withdrawing_asks_first_and_can_be_undone(writer, thread, member):
    comment = make_comment(thread, member)
    path = f"/comments/{comment.pk}/withdraw/"
    assert writer.get(path).status_code == 200
    assert Comment.objects.get().status == "published"
    assert writer.post(path).headers["Location"] == comment.url_on_page()
    assert Comment.objects.get().status == "withdrawn"
    assert [writer.get(path).status_code, writer.post(path).status_code] == [404, 404]
    writer.post(f"/comments/{comment.pk}/edit/", {"body": "Here again"})
    comment.refresh_from_db()
    assert (comment.status, comment.listed, comment.position) == ("published", True, 1)


def test_what_was_withdrawn_can_t_come_back_to_a_closed_conversation(writer, thread, member):
    comment = make_comment(thread, member)
    comment.withdraw(member)
    close(thread)
    response = writer.post(f"/comments/{comment.pk}/edit/", {"body": "Here again"})
    comment.refresh_from_db()
    assert (response.status_code, comment.status, comment.version) == (409, "withdrawn", 1)
    assert ">Here again</textarea>" in response.content.decode()


def test_a_change_to_what_was_removed_meanwhile_is_given_back(writer, thread, member, administrator):
    comment = make_comment(thread, member)
    comment.remove(administrator, "Unkind")
    path = f"/comments/{comment.pk}/edit/"
    response = writer.post(path, {"body": "Kinder words"})
    assert (response.status_code, writer.get(path).status_code) == (404, 404)
    assert ">Kinder words</textarea>" in response.content.decode()


def test_nobody_changes_anothers(client, thread):
    comment = make_comment(thread)
    for reader in (make_member(), make_moderator()):
        client.force_login(reader)
        for below in ("edit/", "withdraw/"):
            path = f"/comments/{comment.pk}/{below}"
            assert [client.get(path).status_code, client.post(path, {"body": "Mine"}).status_code] == [
                404,
                404,
            ]
    comment.refresh_from_db()
    assert (comment.version, comment.status) == (1, "published")
