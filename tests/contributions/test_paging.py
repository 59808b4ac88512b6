"""Pages by number: bounded, counted to a thousand, with everything else of the address kept."""

import pytest
from django.http import Http404, QueryDict

from commons.contributions.paging import Pager
from commons.tagging.models import Keyword

pytestmark = pytest.mark.django_db


@pytest.fixture
def keywords():
    Keyword.objects.bulk_create(Keyword(name=f"word {n:04d}", slug=f"word-{n:04d}") for n in range(1205))
    return Keyword.objects.order_by("name")


def test_rows_and_links(keywords):
    pager = Pager(keywords, QueryDict("q=a&page=2"))
    assert [k.name for k in pager.rows][:2] == ["word 0020", "word 0021"]
    assert (pager.previous_url, pager.next_url) == ("?q=a", "?q=a&page=3")
    assert [p.number if p else None for p in pager.pages] == [1, 2, 3, None, 50]


def test_the_count_stops_at_a_thousand(keywords):
    assert Pager(keywords, QueryDict()).count_words == "Over 1,000"
    assert Pager(keywords.none(), QueryDict()).count_words == "0 results"
    assert Pager(keywords.filter(name__lt="word 0001"), QueryDict()).count_words == "1 result"


@pytest.mark.parametrize(
    "raw", ["abc", "0", "-1", "51", "99999999999999999999", "²", "1.0", "", " 1", "\x00", "٣"]
)
def test_pages_that_are_not_there(keywords, raw):
    query = QueryDict(mutable=True)
    query["page"] = raw
    with pytest.raises(Http404):
        Pager(keywords, query)


def test_a_page_past_the_last_is_not_there(keywords):
    with pytest.raises(Http404):
        Pager(keywords.filter(name__lt="word 0010"), QueryDict("page=2"))


def test_nothing_at_all_has_one_empty_page(keywords):
    assert Pager(keywords.none(), QueryDict()).rows == []
