"""The starter library's events and case studies as people see them: pages, lists, ledger."""

import re

import pytest

from casestudies.ledger import ledger_of
from casestudies.models import CaseStudy
from casestudies.money import Range
from events.models import Event, Occurrence
from tests.house.test_html import check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_library")]


@pytest.mark.parametrize(("model", "number"), [(CaseStudy, 10), (Event, 7)])
def test_every_page_is_there_and_valid_and_says_where_it_comes_from(client, model, number):
    items = list(model.objects.all())
    assert len(items) == number
    for item in items:
        response = client.get(item.get_absolute_url())
        assert response.status_code == 200, item.title
        check(response.content.decode(), item.title)
        assert "[^1]:" in item.body, item.title


def test_every_case_study_says_how_strong_its_evidence_is_and_shows_each_of_its_principles():
    for study in CaseStudy.objects.all():
        assert study.evidence_level is not None, study.title
        assert study.evidence_reason, study.title
        shown = {row["principle_id"] for row in study.rows_of("principles_shown")}
        assert shown == set(study.principles.values_list("pk", flat=True)), study.title


def test_no_heading_stands_twice_on_a_case_study_s_page(client):
    for study in CaseStudy.objects.all():
        page = client.get(study.get_absolute_url()).content.decode()
        headings = [" ".join(each.split()) for each in re.findall(r"<h2\b[^>]*>([^<]*)</h2>", page)]
        assert "What happened" in headings, study.title
        assert len(headings) == len(set(headings)), study.title


def test_every_figure_of_a_case_study_has_its_source():
    for study in CaseStudy.objects.all():
        for row in (*study.rows_of("outcomes"), *study.rows_of("costs_and_benefits")):
            assert row["source"], study.title


def test_events_are_told_as_far_as_they_are_known(client):
    assert [event.when() for event in Event.objects.order_by("year", "pk")] == [
        "October 2009",
        "spring 2010",
        *["2011"] * 5,
    ]
    assert not Occurrence.objects.exists()
    for event in Event.objects.all():
        page = client.get(event.get_absolute_url()).content.decode()
        assert event.when() in page, event.title
        assert "/rsvp/" not in page, event.title
        assert "event.ics" not in page, event.title


def test_the_list_of_past_events_says_it_too(client):
    everything = client.get("/events/past/").content.decode()
    for when in ("October 2009", "spring 2010", "2011"):
        assert when in everything
    of_2011 = client.get("/events/past/2011/").content.decode()
    for city in ("Birmingham", "Cardiff", "Edinburgh", "London", "Manchester"):
        assert f"Co-production roadshow in {city}" in of_2011
    assert "October 2009" not in of_2011
    assert "spring 2010" not in of_2011


def test_no_calendar_has_them(client):
    assert "VEVENT" not in client.get("/events/calendar.ics").content.decode()


def test_the_ledger_of_nurse_family_partnerships():
    """What each dollar saves is one statement, what each child is worth another: they can't be added."""
    study = CaseStudy.objects.get(starter_key="case-study/nurse-family-partnerships")
    ledger = ledger_of(study.costs())
    assert ledger.unsourced == []
    assert [(each.currency, each.recurrence) for each in ledger.statements] == [
        ("USD", ""),
        ("USD", "per-person"),
    ]
    each_dollar, each_child = ledger.statements
    assert (each_dollar.total.pays, each_dollar.total.gains) == (Range(100, 100), Range(250, 570))
    assert each_dollar.total.net == Range(150, 470)
    assert (each_child.total.pays, each_child.total.gains) == (Range(0, 0), Range(1718000, 1718000))


def test_amounts_in_another_currency_stand_apart():
    study = CaseStudy.objects.get(starter_key="case-study/nurse-family-partnerships")
    rows = study.costs()
    rows[0].currency = "GBP"
    ledger = ledger_of(rows)
    assert [(each.currency, each.recurrence) for each in ledger.statements] == [
        ("GBP", ""),
        ("USD", ""),
        ("USD", "per-person"),
    ]


def test_the_home_page_shows_the_reports_first(client):
    cards = [card.title for card in client.get("/").context["cards"]]
    assert cards[:3] == [
        "Right Here, Right Now",
        "Public Services Inside Out",
        "The Challenge of Co-production",
    ]
