"""Every size of a picture: for whoever may see what it belongs to, and before that for its owner alone."""

import pytest
from django.test import Client

from commons.moderation.models import Status
from tests.contributions.picturing import addresses, chosen, kept_picture
from tests.factories import (
    consume,
    in_status,
    make_administrator,
    make_member,
    make_moderator,
    make_post,
    values_for,
)

pytestmark = pytest.mark.django_db
READERS = ("visitor", "stranger", "author", "moderator", "administrator")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people():
    return {
        "visitor": None,
        "stranger": make_member(),
        "author": make_member(),
        "moderator": make_moderator(),
        "administrator": make_administrator(),
    }


def who_sees(file, people):
    """Return the readers who get every size of a picture; all others get none."""
    seen = set()
    for reader, member in people.items():
        client = Client()
        if member:
            client.force_login(member)
        answers = [client.get(address) for address in addresses(file)]
        found = {answer.status_code for answer in answers}
        assert found in ({200}, {404}), (reader, found)
        if found == {200}:
            assert all(consume(answer) for answer in answers)
            seen.add(reader)
    return seen


@pytest.mark.parametrize(
    ("status", "audience", "expected"),
    [
        ("published", "everyone", set(READERS)),
        ("published", "members", set(READERS) - {"visitor"}),
        ("removed", "everyone", {"author", "moderator", "administrator"}),
        ("withdrawn", "everyone", {"author", "moderator", "administrator"}),
        ("draft", "everyone", {"author"}),
    ],
)
def test_a_picture_is_seen_by_whoever_may_see_its_text(people, status, audience, expected):
    file = kept_picture(people["author"])
    post = make_post(
        people["author"], audience=audience, files=[chosen(file)], publish=status != Status.DRAFT
    )
    in_status(post, status, people["moderator"])
    assert len(addresses(file)) == 3
    assert who_sees(file, people) == expected


def test_one_that_belongs_to_nothing_yet_is_its_owners(people):
    assert who_sees(kept_picture(people["author"]), people) == {"author"}


def test_one_of_an_earlier_version_is_the_authors_and_moderators(people):
    file = kept_picture(people["author"])
    post = make_post(people["author"], files=[chosen(file)])
    post.revise(people["author"], values_for(files=[]), version=1)
    assert who_sees(file, people) == {"author", "moderator", "administrator"}


def test_hiding_an_author_hides_their_pictures(people):
    file = kept_picture(people["author"])
    make_post(people["author"], files=[chosen(file)])
    people["author"].hide_contributions()
    assert who_sees(file, people) == {"author", "moderator", "administrator"}
