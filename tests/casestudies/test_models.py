"""A case study with its rows: written, remembered, brought back, found."""

import uuid
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casestudies.models import CaseStudy, CostOrBenefit
from commons.contributions.histories import fields_of
from commons.search.models import SearchEntry
from commons.tagging.models import Principle
from tests.factories import make_member, values_for

pytestmark = pytest.mark.django_db


def rows_for():
    """One row of each table, as a form gives them."""
    principle = Principle.objects.order_by("order").first()
    return {
        "principles_shown": [{"principle_id": principle.pk, "sentence": "They were asked."}],
        "taking_part": [{"role": "family", "number": 3, "words": "Grandmothers"}],
        "outcomes": [
            {"measure": "Nights in hospital", "before": "12", "after": "4", "unit": "nights", "compared_with": "",
             "source": "Our count", "period": "2019"},
        ],
        "costs_and_benefits": [
            {"holder": "The council", "flow": "cost", "about": "A worker", "low": 1_200_000, "high": None,
             "currency": "GBP", "price_year": 2019, "period": "", "recurrence": "yearly", "source": "The budget",
             "cash_releasing": None},
        ],
    }  # fmt: skip


def make(**values):
    case_study = CaseStudy.begin(make_member(), values_for(**{**rows_for(), **values}), form_key=uuid.uuid4())
    case_study.submit(case_study.author)
    return case_study


def test_rows_are_written_with_it_and_stand_in_its_version():
    case_study = make()

    assert {name: case_study.rows_of(name) for name in CaseStudy.ROWS} == rows_for()
    snapshot = case_study.revisions.get().snapshot
    assert {name: snapshot[name] for name in CaseStudy.ROWS} == rows_for()


def test_rows_that_are_not_named_are_left_as_they_are():
    case_study = make()
    case_study.revise(case_study.author, {"title": "Another title"}, version=case_study.version)

    assert case_study.rows_of("outcomes") == rows_for()["outcomes"]


def test_an_earlier_version_brings_its_rows_back():
    case_study = make()
    case_study.revise(case_study.author, {"outcomes": [], "place": "Leeds"}, version=case_study.version)
    first = case_study.revisions.get(number=1)

    case_study.store(case_study.values_from(first.snapshot))

    assert {name: case_study.rows_of(name) for name in CaseStudy.ROWS} == rows_for()
    assert case_study.place == ""


def test_rows_keep_their_order():
    shared = rows_for()["taking_part"][0]
    numbers = [7, 1, 5]
    case_study = make(taking_part=[{**shared, "number": number} for number in numbers])

    assert [row["number"] for row in case_study.rows_of("taking_part")] == numbers


def test_it_is_found_by_what_its_rows_say():
    case_study = make(place="Aberystwyth", after="They sleep better.")
    entry = SearchEntry.objects.get(contribution=case_study.pk)

    for words in (
        "Aberystwyth",
        "They sleep better.",
        "They were asked.",
        "Grandmothers",
        "Nights in hospital",
    ):
        assert words in entry.body


def test_a_range_goes_up_in_the_database_too():
    case_study = make()
    row = CostOrBenefit.objects.get()
    row.high = row.low - 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert case_study.rows_of("costs_and_benefits")[0]["high"] is None


def test_its_history_says_rows_in_words(client):
    case_study = make(from_year=2018, from_month=3, to_year=2019, to_month=5)
    low_and_high = {"low": 120_000, "high": 150_000, "cash_releasing": True}
    costs = [{**rows_for()["costs_and_benefits"][0], **low_and_high}]
    case_study.revise(case_study.author, {"costs_and_benefits": costs}, version=case_study.version)
    first, second = (
        fields_of(case_study, SimpleNamespace(snapshot=kept.snapshot))
        for kept in case_study.revisions.order_by("number")
    )
    assert first["Who took part"] == "Family, 3, Grandmothers"
    assert (
        first["How principles showed up"]
        == f"{Principle.objects.order_by('order').first().name}: They were asked."
    )
    assert first["Outcomes"] == "Nights in hospital, 12, 4, nights, Our count, 2019"
    assert first["Costs and benefits"] == "The council, pays, A worker, £12,000, 2019, every year, The budget"
    assert second["Costs and benefits"] == (
        "The council, pays, A worker, £1,200, £1,500, 2019, every year, The budget, "
        "frees money that can be spent: Yes"
    )
    assert (first["Month in which it began"], first["Month in which it ended"]) == ("3", "5")
    client.force_login(case_study.author)
    html = client.get(reverse("contribution_history", args=[case_study.pk])).content.decode()
    assert "£1,500" in html
