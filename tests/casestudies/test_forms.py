"""The quick form of a case study: what it asks for, what it refuses, and where it leads on to."""

import pytest
from django.test import Client

from casestudies.models import CaseStudy
from commons.contributions.models import KeptText
from commons.tagging.models import Principle
from tests.casestudies.typing import quick
from tests.factories import make_case_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, member):
    client.force_login(member)
    return client


def errors_of(response):
    return {name: found[0].code for name, found in response.context["form"].errors.as_data().items()}


def test_ten_minutes_are_enough(client):
    principle = Principle.objects.order_by("order")[1]
    values = {
        "summary": "Hours for hours.", "place": " Armley,  Leeds ", "region": "yorkshire-and-the-humber",
        "side": "professional", "teller": "A link\tworker", f"shown_{principle.pk}": "They set\nthe rules. ",
        "keywords": "time banks",
    }  # fmt: skip
    sent = client.post("/case-studies/new/", quick(**values))
    case_study = CaseStudy.objects.get()
    assert sent.headers["Location"] == f"/case-studies/{case_study.pk}-a-time-bank-in-leeds/"
    assert (case_study.place, case_study.region, case_study.side, case_study.teller) == (
        "Armley, Leeds", "yorkshire-and-the-humber", "professional", "A link worker",
    )  # fmt: skip
    assert case_study.rows_of("principles_shown") == [
        {"principle_id": principle.pk, "sentence": "They set the rules."}
    ]


def test_a_principle_with_a_sentence_is_a_chosen_one(client):
    first, second = Principle.objects.order_by("order")[:2]
    typed = quick(**{f"shown_{second.pk}": "They were asked.", f"shown_{first.pk}": "  "})
    del typed["principles"]
    client.post("/case-studies/new/", typed)
    assert CaseStudy.objects.get().card["principles"] == [second.pk]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"title": ""}, {"title": "required"}),
        ({"body": ""}, {"body": "required"}),
        ({"principles": []}, {"principles": "required"}),
        ({"sectors": []}, {"sectors": "required"}),
        ({"place": "x" * 121}, {"place": "max_length"}),
        ({"teller": "x" * 201}, {"teller": "max_length"}),
        ({"region": "atlantis"}, {"region": "invalid_choice"}),
        ({"side": "both"}, {"side": "invalid_choice"}),
        ({"shown_1": "x" * 401}, {"shown_1": "max_length"}),
    ],
    ids=str,
)
def test_what_is_refused_stays_in_the_form(client, typed, expected):
    first = Principle.objects.order_by("pk").first().pk
    typed, expected = (
        {name.replace("shown_1", f"shown_{first}"): value for name, value in each.items()}
        for each in (typed, expected)
    )
    response = client.post("/case-studies/new/", quick(place=typed.pop("place", "Leeds"), **typed))
    assert errors_of(response) == expected
    form = response.context["form"]
    assert form["audience"].value() == "everyone"
    assert "There is a problem" in response.content.decode()
    assert not CaseStudy.objects.exists()


def test_fields_stand_in_the_order_in_which_one_tells_it(client):
    form = client.get("/case-studies/new/").context["form"]
    assert [field.name for field in form.about()] == [
        "title", "summary", "sectors", "place", "region", "side", "teller", "body",
    ]  # fmt: skip
    assert [field.name for field in form.for_pictures()] == ["picture", "picture_words"]
    assert [field.name for field in form.rest()] == ["keywords", "audience", "follow"]
    shown = [
        *form.about(), *form.for_pictures(), form["principles"], *form.sentences(), *form.rest(),
        *form.hidden_fields(),
    ]  # fmt: skip
    assert {field.name for field in shown} == set(form.fields)


def test_pictures_are_folded_away_until_there_is_one(client):
    form = client.get("/case-studies/new/").context["form"]
    assert not form.pictures_open()
    without = client.post("/case-studies/new/", quick(do="picture"))
    assert without.context["form"].pictures_open()
    assert "<details open><summary>Pictures" in without.content.decode()


def test_going_on_saves_a_draft_and_leads_to_the_first_step(client, member):
    sent = client.post("/case-studies/new/", {"title": "Only a title", "audience": "everyone", "do": "go-on"})
    case_study = CaseStudy.objects.get()
    assert sent.headers["Location"] == case_study.url_below("edit/people/")
    assert case_study.is_draft


def test_going_on_leaves_what_is_published_published(client, member):
    case_study = make_case_study(member)
    sent = client.post(
        case_study.url_below("edit/"), quick(title="A better title", version=case_study.version, do="go-on")
    )
    case_study = CaseStudy.objects.get()
    assert sent.headers["Location"] == case_study.url_below("edit/people/")
    assert (case_study.title, case_study.is_published) == ("A better title", True)


def test_going_on_with_what_is_published_asks_for_all_of_it(client, member):
    case_study = make_case_study(member)
    response = client.post(
        case_study.url_below("edit/"), quick(body="", version=case_study.version, do="go-on")
    )
    assert errors_of(response) == {"body": "required"}


def test_sentences_are_in_the_form_again(client, member):
    principle = Principle.objects.order_by("order").last()
    case_study = make_case_study(
        member, principles_shown=[{"principle_id": principle.pk, "sentence": "They chose."}]
    )
    form = client.get(case_study.url_below("edit/")).context["form"]
    assert form[f"shown_{principle.pk}"].value() == "They chose."


def test_a_version_saved_meanwhile_is_not_overwritten(client, member):
    case_study = make_case_study(member)
    stale = client.post(case_study.url_below("edit/"), quick(version=case_study.version - 1))
    assert stale.status_code == 409
    assert "Somebody saved another version" in stale.content.decode()


def test_what_was_typed_is_kept_where_a_session_is_lost(client, member):
    page = client.get("/case-studies/new/")
    principle = Principle.objects.order_by("order").first()
    sentence = {f"shown_{principle.pk}": "They set the rules."}
    typed = quick(**sentence, written_by=page.context["written_by"]["value"])
    Client().post("/case-studies/new/", typed)
    kept = KeptText.objects.get()
    form = client.get(f"/case-studies/new/?kept={kept.token}").context["form"]
    assert form["body"].value() == "Neighbours began to swap hours."
    assert form[f"shown_{principle.pk}"].value() == "They set the rules."
