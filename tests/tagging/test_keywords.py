"""Keywords as people type them, and the addresses they get."""

import pytest
from django.core.exceptions import ValidationError

from commons.tagging.models import Keyword, Principle, ServiceSector, normalise_keyword, validate_keyword

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Direct   Payments ", "direct payments"),
        ("#rural", "rural"),
        ("ﬁnance", "finance"),
        ("a\u200bb", "ab"),
        ("a\x00b", "a b"),
        ("tŷ", "tŷ"),
        ("...", ""),
    ],
)
def test_normalised(typed, kept):
    assert normalise_keyword(typed) == kept


@pytest.mark.parametrize("name", ["!!!", "日本", "tŷ", "c++", "a/b", "№ 5"])
def test_every_keyword_has_an_address(name):
    keyword = Keyword.objects.create(name=name)
    assert keyword.slug
    assert keyword.get_absolute_url() == f"/keywords/{keyword.slug}/"


def test_alike_slugs_are_told_apart():
    first, second = Keyword.objects.create(name="c++"), Keyword.objects.create(name="c")
    assert first.slug != second.slug


def test_a_keyword_that_is_too_long_is_refused():
    with pytest.raises(ValidationError) as refused:
        validate_keyword("a" * 61)
    assert refused.value.code == "keyword_too_long"


def test_the_vocabularies_are_seeded():
    assert list(Principle.objects.values_list("name", "patch")) == [
        ("Recognising people as assets", 1),
        ("Building on existing capabilities", 2),
        ("Mutuality and reciprocity", 3),
        ("Peer support networks", 4),
        ("Blurring distinctions", 5),
        ("Facilitating rather than delivering", 6),
    ]
    assert ServiceSector.objects.count() == 14
    assert ServiceSector.objects.last().name == "Across services"
