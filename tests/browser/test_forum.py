"""Asking in the forum: what others asked before is shown first, and a reply is marked as the best answer."""

import pytest

from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_member, make_thread

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ASKED = "How do we pay people for their time?"


def test_similar_threads_are_shown_before_a_question_is_asked_twice(visitor, request):
    make_thread(make_member(), title=ASKED, is_question=True)
    make_member("Ann Lee", email="ann@example.org")
    page = visitor
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto("/forum/new/?question=1")
    assert page.get_by_label("This is a question").is_checked()
    page.get_by_label("Title").fill("Paying people for their time")
    if "without" in request.node.name:
        page.get_by_role("button", name="Preview").click()
    page.get_by_role("main").get_by_role("link", name=ASKED).wait_for()
    assert page.get_by_label("Title").input_value() == "Paying people for their time"


def test_the_asker_marks_a_best_answer_and_finds_the_question_among_the_answered(visitor):
    asker = make_member("Ann Lee", email="ann@example.org")
    thread = make_thread(asker, title=ASKED, is_question=True)
    reply = make_comment(thread, make_member("Bola Ade"), body="Ask them **first**.")
    page = visitor
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto(f"/comments/{reply.pk}/best/")
    page.get_by_role("button", name="This is the best answer").click()
    page.get_by_text("Marked as the best answer").wait_for()
    assert page.locator("#best-answer strong").text_content() == "first"
    page.goto("/forum/")
    page.get_by_role("link", name="Answered", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=ASKED).wait_for()
    assert page.locator("main [aria-current]").first.text_content() == "Answered"
    page.get_by_role("link", name="Unanswered").click()
    page.get_by_text("No threads match this").wait_for()
