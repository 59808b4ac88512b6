"""The first steps on a new member's home page: one at a time, each once, until it is done or put away."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from commons.contributions.models import Helpful
from network.first_steps import ALL, first_step, taken_by
from network.starter_library import ways_to_take_part
from profiles.invitations.models import Invitation
from profiles.models import Member
from tests.factories import (
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_link,
    make_member,
    make_post,
    make_thread,
    make_video,
)

pytestmark = pytest.mark.django_db
KEYS = [
    "profile", "event", "blog", "guidance", "thread", "reply", "case-study", "video", "evaluation", "link", "word",
]  # fmt: skip


@pytest.fixture
def ann():
    return make_member("Ann Lee")


def suggested(client):
    step = client.get("/").context["first_step"]
    return step and step.way.key


def test_each_of_the_eleven_ways_is_a_step_in_the_order_of_the_list():
    assert [way.key for way in ways_to_take_part()] == KEYS


def test_each_is_suggested_once_and_then_no_more(client, ann):
    client.force_login(ann)
    found = []
    while (key := suggested(client)) is not None:
        found.append(key)
        assert client.post("/first-steps/", {"step": key}).url == "/"
    assert found == KEYS
    ann.refresh_from_db()
    assert ann.steps_put_away == sorted(KEYS)
    assert "A first step" not in client.get("/").content.decode()


def test_all_of_them_can_be_put_away_at_once(client, ann):
    client.force_login(ann)
    assert suggested(client) == "profile"
    client.post("/first-steps/", {"step": "all"})
    assert suggested(client) is None


def test_nothing_else_is_put_away(client, ann):
    client.force_login(ann)
    assert client.get("/first-steps/").status_code == 405
    client.post("/first-steps/", {"step": "no-such"})
    client.post("/first-steps/")
    ann.refresh_from_db()
    assert ann.steps_put_away == []
    client.logout()
    assert client.post("/first-steps/", {"step": "all"}).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("key", "do"),
    [
        ("profile", lambda member: member.write_profile({"about": "I keep bees."})),
        ("event", make_event),
        ("blog", make_post),
        ("guidance", make_document),
        ("thread", make_thread),
        ("reply", lambda member: make_comment(make_thread(), member)),
        ("case-study", make_case_study),
        ("video", lambda member: Helpful.objects.set(member, make_video(), True)),
        ("evaluation", lambda member: make_document(member, subtype="evaluation")),
        ("link", make_link),
        ("word", lambda member: Invitation.objects.create(inviter=member, form_key=uuid.uuid4())),
    ],
)
def test_what_was_done_is_found_from_what_they_did(ann, key, do):
    assert taken_by(ann) == set()
    do(ann)
    ann.refresh_from_db()
    assert taken_by(ann) == {key}
    ann.steps_put_away = [other for other in KEYS if other != key]
    assert first_step(ann) is None


def test_a_draft_and_what_others_did_is_no_step_taken(ann):
    make_post(ann, publish=False)
    make_thread()
    assert taken_by(ann) == set()
    assert (first_step(ann).done, first_step(ann).of) == (0, 11)


def test_who_is_new_no_more_gets_no_suggestions_and_no_query(client, ann, queries):
    Member.objects.filter(pk=ann.pk).update(approved_at=timezone.now() - timedelta(days=91))
    ann.refresh_from_db()
    with queries(0):
        assert first_step(ann) is None
    ann.approved_at, ann.steps_put_away = timezone.now(), [ALL]
    with queries(0):
        assert first_step(ann) is None


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_one_query(ann, queries, number):
    for _each in range(number):
        make_post(ann)
    with queries(1):
        first_step(ann)
