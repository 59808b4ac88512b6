"""What an entry is counted by, and how many there are of each value of a facet."""

import pytest

from commons.search.counting import count, counted
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_comment, make_document, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db

ENTRIES = [
    "kind=blog principle=1 principle=2 year=2010",
    "kind=blog principle=2 year=2011",
    "kind=forum principle=1 year=2010 answered=no",
    "kind=member principle=1",
]


def principles(*slugs):
    return list(Principle.objects.filter(slug__in=slugs))


def sectors(*slugs):
    return list(ServiceSector.objects.filter(slug__in=slugs))


def entry(item):
    return SearchEntry.objects.for_target(item).get()


def test_an_entry_says_all_that_it_is_counted_by():
    author = make_member(in_directory=False)
    post = make_post(
        author,
        principles=principles("peer-support-networks"),
        sectors=sectors("youth", "housing"),
        keywords=["time banks", "food"],
        region="wales",
        year=2010,
    )
    principle, youth, housing = (
        term.pk for term in (*principles("peer-support-networks"), *sectors("youth"), *sectors("housing"))
    )
    assert entry(post).counted.split() == [
        "kind=blog",
        f"principle={principle}",
        *(f"sector={pk}" for pk in sorted([youth, housing])),
        "keyword=food",
        "keyword=time-banks",
        "region=wales",
        "year=2010",
        "language=en-gb",
    ]


def test_what_is_not_known_is_not_counted():
    document = make_document(make_member(in_directory=False), subtype="evaluation", evidence_level=0)
    assert "evidence=0" in entry(document).counted.split()
    assert not any(word.startswith(("region=", "answered=")) for word in entry(document).counted.split())


def test_a_question_is_open_until_it_is_answered():
    thread = make_thread(make_member(in_directory=False), is_question=True)
    assert "answered=no" in entry(thread).counted.split()
    answer = make_comment(thread)
    thread.mark_best(answer)
    assert "answered=yes" in entry(thread).counted.split()
    thread.mark_best(answer, False)
    assert "answered=no" in entry(thread).counted.split()


def test_a_member_is_counted_by_what_they_work_on():
    member = make_member()
    (principle,) = principles("peer-support-networks")
    member.principles.set([principle])
    member.reindex()
    assert entry(member).counted == f"kind=member principle={principle.pk}"


def test_words_are_put_together_as_they_come():
    assert counted([("kind", "blog"), ("year", 2010)]) == "kind=blog year=2010"
    assert counted([]) == ""


def test_without_a_choice_every_value_is_counted():
    counts, without = count(ENTRIES, {"kind": [], "year": []})
    assert counts == {
        ("kind", "blog"): 2,
        ("kind", "forum"): 1,
        ("kind", "member"): 1,
        ("principle", "1"): 3,
        ("principle", "2"): 2,
        ("year", "2010"): 2,
        ("year", "2011"): 1,
        ("answered", "no"): 1,
    }
    assert without == {}


def test_a_count_leaves_out_what_was_chosen_in_its_own_facet():
    counts, without = count(ENTRIES, {"kind": ["blog"], "year": [2010]})
    assert counts == {
        ("kind", "blog"): 1,
        ("kind", "forum"): 1,
        ("principle", "1"): 1,
        ("principle", "2"): 1,
        ("year", "2010"): 1,
        ("year", "2011"): 1,
    }
    assert without == {"kind": 2, "year": 2}


def test_of_several_values_of_a_facet_any_will_do():
    counts, without = count(ENTRIES, {"principle": [1, 2], "answered": ["no"]})
    assert (counts["principle", "1"], ("principle", "2") in counts) == (1, False)
    assert without == {"principle": 1, "answered": 4}


def test_nothing_found_counts_nothing():
    assert count([], {}) == ({}, {})
    assert count([], {"kind": ["blog"]}) == ({}, {"kind": 0})
