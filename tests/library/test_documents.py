"""Documents: their form, their pages, and what is kept of them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commons.contributions.differences import REMOVED
from commons.contributions.models import Contribution, KeptText
from commons.tagging.models import Principle, ServiceSector
from library.document_forms import DocumentForm
from library.models import Document
from library.models.document import Licence
from network.starter_library import ways_to_take_part
from tests.factories import establish, make_document
from tests.files import made

pytestmark = pytest.mark.django_db

NEW = "/library/documents/new/"
EVALUATION = {
    "subtype": "evaluation",
    "evaluated": "Peer support in two surgeries",
    "evaluator": "independent",
    "method": "Interviews with forty people.",
    "findings": "People felt less alone.",
    "evidence_level": "2",
}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def writer(client, member):
    client.force_login(establish(member))
    return client


def typed(**values):
    """What a member types to share guidance, as a form posts it, with a file."""
    found = {
        "title": "How to begin",
        "subtype": "guidance",
        "files": SimpleUploadedFile("guidance.pdf", made.pdf()),
        "organisation": "Test council",
        "year": "2019",
        "place": "Leeds",
        "region": "yorkshire-and-the-humber",
        "licence": "ogl",
        "summary": "What to do first.",
        "body": "",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "keywords": "beginning",
        "audience": "everyone",
        **values,
    }
    return {name: value for name, value in found.items() if value is not None}


def errors(response):
    """Return {field: codes} of a form that was shown again."""
    return {
        name: [each.code for each in found.as_data()]
        for name, found in response.context["form"].errors.items()
    }


def only():
    return Document.objects.get(title="How to begin")


# --- the form -------------------------------------------------------------------------------------


def test_a_document_is_shared_with_all_that_was_typed(writer):
    response = writer.post(NEW, typed())
    document = only()
    assert (response.status_code, response["Location"]) == (302, document.get_absolute_url())
    kept = {name: getattr(document, name) for name in (*Document.OWN, "status", "kind", "reach")}
    assert kept == {
        "subtype": "guidance", "organisation": "Test council", "year": 2019, "place": "Leeds",
        "region": "yorkshire-and-the-humber", "licence": "ogl", "evaluated": "", "evaluator": "", "method": "",
        "findings": "", "evidence_level": None, "status": "published", "kind": "document", "reach": 2,
    }  # fmt: skip
    assert [(file["name"], file["type"]) for file in document.card["files"]] == [("guidance.pdf", "pdf")]


def test_an_evaluation_keeps_what_was_found_and_how_strong_it_is(writer):
    writer.post(NEW, typed(**EVALUATION))
    document = Contribution.objects.get(title="How to begin")
    assert (document.subtype, document.evidence_level) == ("evaluation", 2)
    own = only()
    assert [getattr(own, name) for name in ("evaluated", "evaluator", "method", "findings")] == [
        EVALUATION[name] for name in ("evaluated", "evaluator", "method", "findings")
    ]


def test_a_story_alone_is_a_strength_too(writer):
    writer.post(NEW, typed(**{**EVALUATION, "evidence_level": "0"}))
    assert only().evidence_level == 0
    assert "Level 0 of 5: Story only." in writer.get(only().get_absolute_url()).content.decode()


def test_publishing_asks_for_what_others_need(writer):
    response = writer.post(NEW, {"title": "How to begin", "audience": "everyone"})
    needed = ["subtype", "files", "year", "licence", "summary", "principles", "sectors"]
    assert errors(response) == {name: ["required"] for name in needed}
    assert not Document.objects.exists()


def test_publishing_an_evaluation_asks_for_all_about_it(writer):
    response = writer.post(NEW, typed(subtype="evaluation"))
    asked = ["evaluated", "evaluator", "method", "findings", "evidence_level"]
    assert errors(response) == {name: ["required"] for name in asked}


@pytest.mark.parametrize("subtype", ["guidance", "tool", "other"])
def test_what_is_asked_about_an_evaluation_counts_for_no_other_document(writer, subtype):
    writer.post(
        NEW, typed(**{**EVALUATION, "subtype": subtype, "evidence_level": "77", "findings": "x" * 9_000})
    )
    document = only()
    assert [getattr(document, name) for name in ("evaluated", "evaluator", "method", "findings")] == [""] * 4
    assert document.evidence_level is None


def test_two_of_the_ways_to_take_part_lead_to_the_form(writer):
    ways = {way.title: way.url for way in ways_to_take_part()}
    begun = {
        title: writer.get(ways[title]).context["form"]["subtype"].value()
        for title in ("Upload policy guidance", "Add an evaluation")
    }
    assert begun == {"Upload policy guidance": "guidance", "Add an evaluation": "evaluation"}


def test_a_draft_needs_a_title_alone(writer):
    writer.post(NEW, {"title": "How to begin", "audience": "everyone", "do": "draft"})
    document = only()
    assert (document.status, document.subtype, document.year, document.licence) == (
        "draft",
        "",
        None,
        "unknown",
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("year", "nineteen", "invalid"),
        ("year", "1799", "year_out_of_range"),
        ("year", "3019", "year_out_of_range"),
        ("year", "9" * 30, "year_out_of_range"),
        ("year", "-2019", "year_out_of_range"),
        ("subtype", "poem", "invalid_choice"),
        ("licence", "mine", "invalid_choice"),
        ("region", "atlantis", "invalid_choice"),
        ("organisation", "x" * 201, "max_length"),
        ("place", "x" * 121, "max_length"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_is_lost(writer, field, value, code):
    response = writer.post(NEW, typed(**{field: value}))
    form = response.context["form"]
    assert errors(response) == {field: [code]}
    assert str(form[field].value()) == value
    assert form["summary"].value() == "What to do first."
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("evaluator", "nobody", "invalid_choice"),
        ("evidence_level", "6", "invalid_choice"),
        ("evidence_level", "-1", "invalid_choice"),
        ("evaluated", "x" * 301, "max_length"),
        ("method", "x" * 3_001, "max_length"),
        ("findings", "x" * 5_001, "max_length"),
    ],
)
def test_bad_input_about_an_evaluation_is_refused_beside_its_field(writer, field, value, code):
    response = writer.post(NEW, typed(**{**EVALUATION, field: value}))
    assert errors(response) == {field: [code]}


def test_the_form_says_what_each_licence_and_each_level_means(writer):
    page = writer.get(NEW).content.decode()
    hints = re.findall(r'<span class="hint">([^<]+)</span>', page)
    assert len(hints) == len(Licence) + 6
    assert "Others may do with it what they like." in hints
    assert "Standards of Evidence" in page


@pytest.mark.parametrize("subtype", ["guidance", "evaluation"])
def test_the_address_says_what_kind_of_document_it_is_to_be(writer, subtype):
    assert writer.get(f"{NEW}?type={subtype}").context["form"]["subtype"].value() == subtype


def test_a_strange_type_in_the_address_is_ignored(writer):
    assert writer.get(f"{NEW}?type=poem").context["form"]["subtype"].value() == ""


def test_what_was_typed_without_a_session_is_given_back(writer, client, member):
    page = writer.get(NEW)
    signed = page.context["written_by"]
    client.logout()
    response = client.post(NEW, {**typed(**EVALUATION, files=None), signed["name"]: signed["value"]})
    assert response.status_code == 302
    kept = KeptText.objects.get()
    client.force_login(member)
    form = client.get(f"{NEW}?kept={kept.token}").context["form"]
    assert {name: form[name].value() for name in EVALUATION} == EVALUATION
    assert form["licence"].value() == "ogl"


def test_editing_shows_and_keeps_all_that_stands(writer):
    writer.post(NEW, typed(**EVALUATION))
    document = only()
    form = writer.get(document.url_below("edit/")).context["form"]
    assert {name: str(form[name].value()) for name in EVALUATION} == EVALUATION
    token = document.card["files"][0]["token"]
    again = typed(**EVALUATION, files=None, files_kept=token, version=form["version"].value(), place="York")
    assert writer.post(document.url_below("edit/"), again).status_code == 302
    changed = only()
    assert (changed.place, changed.evidence_level, changed.version) == ("York", 2, 2)
    assert [file["token"] for file in changed.card["files"]] == [token]


def test_its_versions_say_what_changed_in_words(writer):
    writer.post(NEW, typed(**EVALUATION))
    document = only()
    token = document.card["files"][0]["token"]
    changed = {**EVALUATION, "evidence_level": "3"}
    writer.post(
        document.url_below("edit/"),
        typed(**changed, files=None, files_kept=token, version=1, licence="cc-by"),
    )
    changes = dict(writer.get(f"/contributions/{document.pk}/history/").context["entries"][0].changes)
    now = {
        label: "".join(piece.text for piece in pieces if piece.what != REMOVED)
        for label, pieces in changes.items()
    }
    assert now == {
        "Licence": "Creative Commons Attribution (CC BY 4.0)",
        "Evidence level": "Compared with others",
    }


def test_whoever_saves_second_is_shown_both(writer):
    writer.post(NEW, typed())
    document = only()
    token = document.card["files"][0]["token"]
    same = {"files": None, "files_kept": token, "version": 1}
    writer.post(document.url_below("edit/"), typed(**same, place="York"))
    response = writer.post(document.url_below("edit/"), typed(**same, place="Hull"))
    assert (response.status_code, only().place) == (409, "York")
    assert response.context["form"]["place"].value() == "Hull"


def test_going_back_to_a_version_brings_all_of_it_back(writer, administrator):
    writer.post(NEW, typed(**EVALUATION))
    document = only()
    token = document.card["files"][0]["token"]
    writer.post(document.url_below("edit/"), typed(files=None, files_kept=token, version=1))
    document.refresh_from_db()
    assert document.evidence_level is None
    document.go_back_to(document.revisions.get(number=1), administrator, version=2)
    document.refresh_from_db()
    assert (document.subtype, document.evidence_level, document.findings) == (
        "evaluation", 2, "People felt less alone.",
    )  # fmt: skip


def test_search_finds_what_an_evaluation_found(writer):
    writer.post(NEW, typed(**EVALUATION))
    document = only()
    for words in ("felt less alone", "forty people", "surgeries", "Test council", "Leeds"):
        found = writer.get("/search/", {"q": words, "kind": "document"}).context["cards"]
        assert [card.url for card in found] == [document.get_absolute_url()], words


# --- its page -------------------------------------------------------------------------------------


def test_the_page_says_what_is_known(client):
    document = make_document(
        title="What works", organisation="Test council", place="Leeds", region="scotland", licence="cc-by",
        body="Use it *first*.", year=2018,
    )  # fmt: skip
    response = client.get(document.get_absolute_url())
    page = response.content.decode()
    assert [(label, words) for label, words, _help in response.context["facts"]] == [
        ("Organisation", "Test council"),
        ("Published in", "2018"),
        ("Applies to", 'Leeds, <a href="/regions/scotland/">Scotland</a>'),
        ("Licence", "Creative Commons Attribution (CC BY 4.0)"),
    ]
    assert "Others may copy, change and use it, if they name whose work it is." in page
    assert "<p>Use it <em>first</em>.</p>" in page
    assert '<span class="tag">Policy guidance</span>' in page
    assert "Test council (2018) <cite>What works</cite>." in page
    assert "The evaluation" not in page


def test_a_licence_that_its_author_did_not_know_is_said_to_be_unknown(client):
    facts = client.get(make_document(licence="unknown").get_absolute_url()).context["facts"]
    assert facts[-1] == ("Licence", "Not known", "Others should ask whoever owns it before they pass it on.")


def test_the_page_of_an_evaluation_says_what_it_found_and_how_strong_it_is(client):
    document = make_document(
        **{**EVALUATION, "evidence_level": 3, "findings": "One <b>thing</b>.\n\nAnother."}
    )
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Somebody independent of it" in page
    assert "Level 3 of 5: Compared with others." in page
    assert "People who took part were compared with similar people who did not." in page
    assert "<p>One &lt;b&gt;thing&lt;/b&gt;.</p>" in page
    assert "Standards of Evidence" in page


def test_the_page_says_before_a_download_what_the_file_is_and_how_often_it_was_taken(writer, client):
    writer.post(NEW, typed())
    document = only()
    client.logout()

    def page():
        return client.get(document.get_absolute_url())

    line = page().context["files"][0]
    assert (line.name, line.kind) == ("guidance.pdf", "PDF")
    assert line.url in page().content.decode()
    assert "Not downloaded yet" in page().content.decode()
    attached = document.attachments.get()
    for number, words in ((1, "Downloaded 1 time"), (1_200, "Downloaded 1,200 times")):
        type(attached.file).objects.filter(pk=attached.file_id).update(downloads=number)
        assert words in page().content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_visitors_page_costs_the_same_for_any_number_of_files(writer, client, queries, number):
    files = [SimpleUploadedFile(f"guidance{each}.pdf", made.pdf()) for each in range(number)]
    writer.post(NEW, typed(files=files))
    client.logout()
    url = only().get_absolute_url()
    client.get(url)
    with queries(3):  # the document, what is like it, how often its files were downloaded
        client.get(url)


def test_a_card_says_what_it_is_without_being_opened(writer, client):
    files = [SimpleUploadedFile(f"{each}.txt", made.txt(f"Words {each}.")) for each in range(2)]
    writer.post(NEW, typed(**EVALUATION, files=files))
    (card,) = client.get("/library/documents/").context["cards"]
    size = sum(file["size"] for file in only().card["files"])
    assert [words.replace("\xa0", " ") for words in card.facts] == [
        "Evaluation", "Test council", "2019", f"2 files, {size} bytes", "Evidence: Compared before and after",
    ]  # fmt: skip


def test_the_form_offers_each_field_once():
    form = DocumentForm()
    assert [name for name in form.fields if not form[name].is_hidden] == [
        "title", "subtype", "files", "organisation", "year", "place", "region", "licence", "summary", "body",
        "picture", "picture_words",
        "evaluated", "evaluator", "method", "findings", "evidence_level", "principles", "sectors", "keywords",
        "audience", "follow",
    ]  # fmt: skip


def test_in_the_admin_it_is_read_and_not_written(client, administrator):
    document = make_document(**EVALUATION | {"evidence_level": 2}, organisation="Test council")
    client.force_login(administrator)
    lists = "/admin/library/document/"
    found = client.get(lists, {"q": "Test council", "evidence_level": "2", "subtype": "evaluation"})
    page = client.get(f"{lists}{document.pk}/change/").content.decode()
    assert document.title in found.content.decode()
    assert ("Compared before and after" in page, 'name="findings"' in page) == (True, False)
