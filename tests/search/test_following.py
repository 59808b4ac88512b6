"""The index follows whatever changes what is found, in the transaction that changes it, and agrees afterwards.

No test here commits: what is found is found in the same transaction.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from commons.contributions.keywords import delete_keywords, merge_keywords, save_keyword
from commons.search import index
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.tagging.models import Keyword
from forum.order import merge
from tests.factories import make_comment, make_member, make_moderator, make_post, make_thread, values_for

pytestmark = pytest.mark.django_db


def found(text, user=None):
    """Return the titles found by a whole word."""
    search = Search(f'"{text}"', SearchEntry.objects.listed_to(user or AnonymousUser()))
    return {entry.title for entry in SearchEntry.objects.filter(pk__in=search.ranked())}


@pytest.fixture
def author():
    return make_member("Zebedee Quill")


@pytest.fixture
def moderator():
    return make_moderator(in_directory=False)


@pytest.fixture
def post(author):
    return make_post(author, title="Bushes", body="Of gooseberry.", keywords=["damson"])


def renamed_keyword(post, author, moderator):
    keyword = Keyword.objects.get(name="damson")
    keyword.name = "medlar"
    save_keyword(keyword)


def merged_keyword(post, author, moderator):
    make_post(make_member(), title="Other", keywords=["medlar"])
    merge_keywords(Keyword.objects.get(name="medlar"), Keyword.objects.get(name="damson"))


def deleted_keyword(post, author, moderator):
    delete_keywords(Keyword.objects.filter(name="damson"))


def revised(post, author, moderator):
    post.revise(
        author, values_for(title="Bushes", body="Of medlar.", keywords=["quince"]), version=post.version
    )


def for_members_only(post, author, moderator):
    values = values_for(title="Bushes", body="Of gooseberry.", keywords=["damson"], audience="members")
    post.revise(author, values, version=post.version)


def withdrawn(post, author, moderator):
    post.withdraw(author)


def removed(post, author, moderator):
    post.remove(moderator, "Off topic.")


def restored(post, author, moderator):
    post.remove(moderator, "Off topic.")
    post.restore(moderator)


def hidden_author(post, author, moderator):
    author.hide_contributions()


def renamed_author(post, author, moderator):
    author.write_profile({"display_name": "Ermintrude Quill"})


def out_of_the_directory(post, author, moderator):
    author.in_directory = False
    author.touch("in_directory")


def answered(post, author, moderator):
    make_comment(post, body="And medlar.")


BUSHES, PERSON = {"Bushes"}, {"Zebedee Quill"}
BEFORE = {"gooseberry": BUSHES, "damson": BUSHES, "medlar": set(), "zebedee": BUSHES | PERSON}
CHANGES = [
    (renamed_keyword, {"damson": set(), "medlar": BUSHES}),
    (merged_keyword, {"damson": set(), "medlar": {"Bushes", "Other"}}),
    (deleted_keyword, {"damson": set()}),
    (revised, {"gooseberry": set(), "damson": set(), "medlar": BUSHES}),
    (for_members_only, {"gooseberry": set(), "damson": set(), "zebedee": PERSON}),
    (withdrawn, {"gooseberry": set(), "damson": set(), "zebedee": PERSON}),
    (removed, {"gooseberry": set(), "damson": set(), "zebedee": PERSON}),
    (restored, {}),
    (hidden_author, {"gooseberry": set(), "damson": set(), "zebedee": PERSON}),
    (renamed_author, {"zebedee": set()}),
    (out_of_the_directory, {"zebedee": BUSHES}),
    (answered, {"medlar": BUSHES}),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_found_follows_each_change_and_goes_back_with_it(post, author, moderator, change, expected):
    assert {word: found(word) for word in BEFORE} == BEFORE
    with transaction.atomic():
        change(post, author, moderator)
        assert {word: found(word) for word in BEFORE} == {**BEFORE, **expected}
        assert index.check() == []
        transaction.set_rollback(True)
    assert {word: found(word) for word in BEFORE} == BEFORE
    assert index.check() == []


def test_a_member_whom_an_administrator_hides_is_not_found(author):
    assert found("zebedee") == PERSON
    author.hidden = True
    author.touch("hidden")
    assert found("zebedee") == set()
    assert index.check() == []


def test_a_thread_that_became_part_of_another_is_found_there(author, moderator):
    into = make_thread(author, title="Into")
    away = make_thread(author, title="Away", body="Of gooseberry.")
    assert found("gooseberry") == {"Away"}
    merge(away, into, moderator)
    assert "Away" not in found("gooseberry")
    assert index.check() == []
