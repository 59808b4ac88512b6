"""Nothing holds the words: what may have been meant, from words that the asker may see, and that finds something."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.nearest import nearest
from commons.tagging import vocabulary
from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def author():
    return make_member("Zebedee Quill", in_directory=False)


def meant(text, user=VISITOR):
    return nearest(Search(text, SearchEntry.objects.listed_to(user)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("goosebery", "gooseberry"),
        ("Gosoeberry", "gooseberry"),
        ("ogoseberry", "gooseberry"),
        ("gooseberry damsn", "gooseberry damson"),
        ('"goosebery bush" damsn', '"gooseberry bush" damson'),
        ("the goosebery", "the gooseberry"),
        ("cafés goosebery", "cafés gooseberry"),
        ("medler", "medlar"),
        ("quincee", "quince"),
        ("recipocity", "reciprocity"),
        ("timebnak", "timebank"),
        ("xylophone", ""),
        ("goo", ""),
        ("12345", ""),
        ("日本語日本語", ""),
    ],
)
def test_the_nearest_spelling_is_offered(author, typed, expected):
    make_post(
        author,
        title="Gooseberry bush and damson",
        summary="A medlar in cafés",
        body="Any.",
        keywords=["quince"],
    )
    make_post(author, title="Timebank")
    assert meant(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("key ring", "keyring"),
        ("Key Ring Kent", "KeyRing Kent"),
        ("key-ring", "keyring"),
        ("uservoice", "user voice"),
        ("voice of uservoice", "voice of user voice"),
        ("key kent", ""),
        ("keyring", ""),
        ("ker ing", ""),
        ("voiceuser kent key", ""),
    ],
)
def test_words_run_together_or_taken_apart_are_offered_as_they_are_written(author, typed, expected):
    make_post(author, title="KeyRing", summary="A user with a voice in Kent", body="Any.")
    assert meant(typed) == expected


def test_no_word_is_told_to_who_may_not_see_it(author, member, administrator):
    make_post(author, title="Gooseberry", audience="members", keywords=["damson"])
    make_post(author, title="Medlar", summary="Greengage", publish=False)
    removed = make_post(author, title="Whitecurrant")
    removed.remove(administrator, "Off topic.")
    make_post(author, title="Loganberry").withdraw(author)
    make_member("Boysenberry Person", in_directory=False).reindex()
    typed = ["goosebery", "damsn", "medler", "greengge", "whitecurant", "loganbery", "boysenbery"]
    assert [meant(text) for text in typed] == [""] * 7
    assert [meant(text, member) for text in typed] == ["gooseberry", "damson", "", "", "", "", ""]


def test_a_word_of_a_hidden_item_is_not_told_even_where_its_stem_can_be_found(author):
    make_post(author, title="Gooseberries", audience="members")
    make_post(author, title="Gooseberry")
    assert meant("gooseberrie") == "gooseberry"


def test_what_is_offered_finds_something(author):
    """Each word stands somewhere, and nothing holds both."""
    make_post(author, title="Gooseberry")
    make_post(author, title="Damson")
    assert meant("goosebery damsn") == ""


def test_it_costs_two_queries_however_much_there_is(author, django_assert_num_queries):
    made = 0
    for wanted in (1, 3, 50):
        for _number in range(wanted - made):
            make_post(author, title="Gooseberry bush")
        made = wanted
        search = Search("goosebery buush", SearchEntry.objects.listed_to(VISITOR))
        assert search.in_vain
        vocabulary.current()
        with django_assert_num_queries(2):
            assert nearest(search) == "gooseberry bush"
