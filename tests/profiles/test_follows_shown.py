"""What somebody follows and who follows them: seen by others only where both sides chose it."""

import pytest
from django.test import Client

from commons.contributions.models import Follow
from commons.tagging.models import Principle
from tests.factories import make_administrator, make_member, make_thread

pytestmark = pytest.mark.django_db


def client_of(member):
    client = Client()
    if member:
        client.force_login(member)
    return client


def names(response):
    return [person.name for person in response.context["people"]]


@pytest.mark.parametrize(
    ("sight", "seen_by"),
    [
        ("everyone", {"visitor", "member", "administrator", "self"}),
        ("members", {"member", "administrator", "self"}),
        ("nobody", {"self"}),
    ],
)
def test_the_pages_are_there_for_those_to_whom_they_are_shown(sight, seen_by):
    ann = make_member("Ann Lee", show_following=sight)
    readers = {"visitor": None, "member": make_member(), "administrator": make_administrator(), "self": ann}
    for page in ("following", "followers"):
        answers = {
            name: client_of(reader).get(f"/members/ann-lee/{page}/").status_code
            for name, reader in readers.items()
        }
        assert {name for name, answer in answers.items() if answer == 200} == seen_by
        assert {answer for name, answer in answers.items() if name not in seen_by} <= {404}
    linked = {
        name: "/members/ann-lee/followers/" in client_of(reader).get("/members/ann-lee/").content.decode()
        for name, reader in readers.items()
    }
    assert {name for name, found in linked.items() if found} == seen_by


def test_nobody_sees_it_until_one_chooses():
    assert make_member().show_following == "nobody"


def test_followers_are_named_only_where_they_show_whom_they_follow(client):
    ann = make_member("Ann Lee", show_following="everyone")
    for name, fields in (
        ("Open", {"show_following": "everyone"}),
        ("Members Only", {"show_following": "members"}),
        ("Silent", {}),
        ("Unlisted", {"show_following": "everyone", "in_directory": False}),
        ("Hidden", {"show_following": "everyone", "hidden": True}),
    ):
        Follow.objects.set(make_member(name, **fields), ann, True)
    assert names(client.get("/members/ann-lee/followers/")) == ["Open"]
    assert names(client_of(make_member()).get("/members/ann-lee/followers/")) == ["Members Only", "Open"]
    assert names(client_of(ann).get("/members/ann-lee/followers/")) == ["Members Only", "Open"]


def test_what_somebody_follows_leaves_out_conversations_and_whoever_is_not_listed(client):
    ann = make_member("Ann Lee", show_following="everyone")
    principle = Principle.objects.first()
    thread = make_thread(title="Secretive thread")
    for thing in (principle, thread, make_member("Bea Listed"), make_member("Cid", in_directory=False)):
        Follow.objects.set(ann, thing, True)
    response = client.get("/members/ann-lee/following/")
    assert names(response) == ["Bea Listed"]
    assert [(thing.kind, thing.name) for thing in response.context["followed"]] == [
        ("Principle", str(principle))
    ]
    page = response.content.decode()
    assert "Secretive thread" not in page
    assert "csrf" not in page


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_pages_cost_the_same_for_any_number(client, queries, number):
    ann = make_member("Ann Lee", show_following="everyone")
    for _each in range(number):
        other = make_member(show_following="everyone")
        Follow.objects.set(other, ann, True)
        Follow.objects.set(ann, other, True)
    for page, cost in (("following", 5), ("followers", 4)):
        client.get(f"/members/ann-lee/{page}/")
        with queries(cost):
            client.get(f"/members/ann-lee/{page}/")


def test_a_profile_counts_by_kind_what_its_reader_may_see(client):
    ann = make_member("Ann Lee")
    thread = make_thread(ann)
    make_thread(ann, audience="members")
    make_thread(ann, publish=False)
    page = client.get("/members/ann-lee/")
    assert [(str(words), number) for words, number, _url, _current in page.context["kind_links"]] == [
        ("All", 1),
        ("Forum threads", 1),
    ]
    signed_in = client_of(make_member())
    page = signed_in.get("/members/ann-lee/", {"kind": "forum"})
    assert [number for _words, number, _url, _current in page.context["kind_links"]] == [2, 2]
    assert page.context["cards"][-1].title == thread.title
    assert len(signed_in.get("/members/ann-lee/", {"kind": "blog"}).context["cards"]) == 2, "no such: all"
