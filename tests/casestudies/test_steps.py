"""The full form, step by step: rows, what is refused, and that each step changes what is its own alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from casestudies.models import CaseStudy
from casestudies.step_forms import STEPS
from commons.contributions.models import KeptText
from network import uploads
from tests.casestudies.typing import cost, table
from tests.factories import establish, make_case_study, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_study(member):
    return make_case_study(member, title="A time bank")


@pytest.fixture
def client(client, member):
    client.force_login(member)
    return client


def save(client, case_study, step, typed, do="save"):
    return client.post(case_study.url_below(f"edit/{step}/"), {**typed, "do": do})


def again(case_study):
    return CaseStudy.objects.get(pk=case_study.pk)


def errors_of(response):
    """Return {name of the input: message} of all that the page says is wrong, in rows too."""
    form = response.context["form"]
    found = {name: errors[0] for name, errors in form.errors.items()}
    for *_rest, rows in form.row_sets:
        found |= dict.fromkeys(
            [rows.prefix] if rows.non_form_errors() else [], "".join(rows.non_form_errors())
        )
        found |= {row[name].html_name: errors[0] for row in rows for name, errors in row.errors.items()}
    return found


def test_every_step_opens_and_leads_to_the_next(client, case_study):
    empty = {
        "people": table("taking_part"),
        "outcomes": table("outcomes"),
        "costs": table("costs_and_benefits"),
    }
    followed = []
    path = case_study.url_below("edit/people/")
    while path != case_study.get_absolute_url():
        assert client.get(path).status_code == 200
        step = path.split("/")[-2]
        followed.append(step)
        path = client.post(path, {**empty.get(step, {}), "do": "go-on"}).headers["Location"]
    assert followed == [step.slug for step in STEPS]
    assert again(case_study).version == case_study.version + len(STEPS)


def test_people_and_dates(client, case_study):
    typed = {
        "from_year": "2018", "from_month": "3", "to_year": "2020", "ongoing": "false",
        "citizens_did": "They chose the hours.",
        **table("taking_part", {"role": "family", "number": "12", "words": " Grand\tparents "}, {}, {"role": "staff"}),
    }  # fmt: skip
    assert save(client, case_study, "people", typed).headers["Location"] == case_study.get_absolute_url()
    saved = again(case_study)
    assert (saved.from_year, saved.from_month, saved.to_year, saved.to_month, saved.ongoing) == (
        2018, 3, 2020, None, False,
    )  # fmt: skip
    assert saved.citizens_did == "They chose the hours."
    assert saved.rows_of("taking_part") == [
        {"role": "family", "number": 12, "words": "Grand parents"},
        {"role": "staff", "number": None, "words": ""},
    ]


def test_costs_are_kept_in_pence_and_shown_as_they_were_typed(client, case_study):
    rows = [cost(), cost(flow="benefit", low="£1000", high="2000", cash_releasing="true", price_year="2019")]
    save(client, case_study, "costs", table("costs_and_benefits", *rows))
    kept = again(case_study).rows_of("costs_and_benefits")
    assert [(row["low"], row["high"], row["price_year"], row["cash_releasing"]) for row in kept] == [
        (125_050, None, None, None), (100_000, 200_000, 2019, True),
    ]  # fmt: skip
    html = client.get(case_study.url_below("edit/costs/")).content.decode()
    for value in ("1250.50", "1000", "2000"):
        assert f'value="{value}"' in html


@pytest.mark.parametrize("low", ["", "much", "-5", "1.234", "1e9", "12,34", "NaN", "٣", "9" * 40])
def test_what_is_no_amount(client, case_study, low):
    response = save(client, case_study, "costs", table("costs_and_benefits", cost(low=low)))
    assert set(errors_of(response)) == {"costs_and_benefits-0-low"}
    assert 'href="#id_costs_and_benefits-0-low"' in response.content.decode()
    assert again(case_study).version == case_study.version


@pytest.mark.parametrize(
    ("step", "typed", "name"),
    [
        ("costs", table("costs_and_benefits", cost(high="1000")), "costs_and_benefits-0-high"),
        ("costs", table("costs_and_benefits", cost(high="less")), "costs_and_benefits-0-high"),
        ("costs", table("costs_and_benefits", cost(holder=" ")), "costs_and_benefits-0-holder"),
        ("costs", table("costs_and_benefits", cost(flow="")), "costs_and_benefits-0-flow"),
        ("costs", table("costs_and_benefits", cost(currency="ZZZ")), "costs_and_benefits-0-currency"),
        ("costs", table("costs_and_benefits", cost(price_year="19")), "costs_and_benefits-0-price_year"),
        ("costs", table("costs_and_benefits", cost(source="x" * 401)), "costs_and_benefits-0-source"),
        ("outcomes", table("outcomes", {"before": "3"}), "outcomes-0-measure"),
        ("outcomes", {"evidence_level": "6", **table("outcomes")}, "evidence_level"),
        ("people", table("taking_part", {"number": "3"}), "taking_part-0-role"),
        ("people", table("taking_part", {"role": "family", "number": "-1"}), "taking_part-0-number"),
        ("people", table("taking_part", {"role": "family", "number": "many"}), "taking_part-0-number"),
        ("people", table("taking_part", {"role": "family", "number": "2147483648"}), "taking_part-0-number"),
        ("people", {"from_year": "18", **table("taking_part")}, "from_year"),
        ("people", {"from_year": "2998", **table("taking_part")}, "from_year"),
        ("people", {"from_month": "3", **table("taking_part")}, "from_year"),
        ("people", {"to_month": "13", "to_year": "2001", **table("taking_part")}, "to_month"),
        ("people", {"from_year": "2010", "to_year": "2009", **table("taking_part")}, "to_year"),
        ("change", {"before": "x" * 5001}, "before"),
        ("obstacles", {"obstacles_scale": "x" * 5001}, "obstacles_scale"),
        ("sharing", {"contact": "x" * 301}, "contact"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_and_nothing_is_saved(client, case_study, step, typed, name):
    response = save(client, case_study, step, typed)
    assert list(errors_of(response)) == [name]
    html = response.content.decode()
    assert "There is a problem" in html
    assert f'href="#id_{name}' in html
    assert again(case_study).version == case_study.version


@pytest.mark.parametrize("total", ["31", "1000000000", "9" * 30, "-1", "x", "", "1.5"])
def test_more_rows_than_there_is_room_for_and_numbers_that_are_none(client, case_study, total):
    response = save(client, case_study, "people", table("taking_part", {"role": "family"}, total=total))
    assert list(errors_of(response)) == ["taking_part"]
    assert 'href="#rows-taking_part"' in response.content.decode()
    ((_name, _heading, _hint, rows),) = response.context["form"].row_sets
    assert len(rows.forms) <= 30
    assert f'name="taking_part-TOTAL_FORMS" value="{len(rows.forms)}"' in response.content.decode()
    assert again(case_study).version == case_study.version


def test_a_step_whose_rows_did_not_arrive_leaves_them_alone(client, case_study):
    save(client, case_study, "people", table("taking_part", {"role": "family"}))
    response = client.post(case_study.url_below("edit/people/"), {})
    assert errors_of(response) == {
        "taking_part": "The rows did not arrive whole. Check them, and save again."
    }
    assert again(case_study).rows_of("taking_part") == [{"role": "family", "number": None, "words": ""}]


def test_more_empty_rows_save_nothing_and_say_nothing_yet(client, case_study):
    typed = table("taking_part", {"role": "family", "number": "many"})
    response = save(client, case_study, "people", {**typed, "from_year": "18"}, do="rows")
    assert (response.status_code, errors_of(response)) == (200, {})
    ((_name, _heading, _hint, rows),) = response.context["form"].row_sets
    assert len(rows.forms) == 4
    html = response.content.decode()
    assert "There is a problem" not in html
    assert 'value="many"' in html
    assert 'value="18"' in html
    assert again(case_study).version == case_study.version


@pytest.mark.parametrize(
    ("sent", "then"), [("28", 30), ("30", 30), ("999", 30), ("99999", 3), ("-3", 3), ("x", 3)]
)
def test_rows_end_at_thirty(client, case_study, sent, then):
    response = save(client, case_study, "people", table("taking_part", total=sent), do="rows")
    ((_name, _heading, _hint, rows),) = response.context["form"].row_sets
    assert len(rows.forms) == then


def test_a_step_changes_what_is_its_own_alone(client, case_study):
    save(
        client,
        case_study,
        "people",
        {"citizens_did": "They chose.", **table("taking_part", {"role": "staff"})},
    )
    save(client, case_study, "outcomes", {"evidence_level": "2", **table("outcomes", {"measure": "Visits"})})
    save(client, case_study, "change", {"before": "Few.", "after": "Many."})
    saved = again(case_study)
    assert (saved.citizens_did, saved.before, saved.after, saved.evidence_level) == (
        "They chose.", "Few.", "Many.", 2,
    )  # fmt: skip
    assert [row["role"] for row in saved.rows_of("taking_part")] == ["staff"]
    assert [row["measure"] for row in saved.rows_of("outcomes")] == ["Visits"]
    assert (saved.title, saved.is_published) == ("A time bank", True)
    assert list(saved.card["principles"]) == list(case_study.card["principles"])


def test_the_level_of_evidence_is_in_the_form_again_and_can_be_taken_back(client, case_study):
    save(client, case_study, "outcomes", {"evidence_level": "0", **table("outcomes")})
    assert again(case_study).evidence_level == 0
    form = client.get(case_study.url_below("edit/outcomes/")).context["form"]
    assert form["evidence_level"].value() == 0
    save(client, case_study, "outcomes", {"evidence_level": "", **table("outcomes")})
    assert again(case_study).evidence_level is None


def test_a_row_that_is_emptied_is_gone(client, case_study):
    save(client, case_study, "people", table("taking_part", {"role": "family"}, {"role": "staff"}))
    save(client, case_study, "people", table("taking_part", {}, {"role": "staff"}))
    saved = again(case_study)
    assert [row["role"] for row in saved.rows_of("taking_part")] == ["staff"]
    assert [row.role for row in saved.taking_part.all()] == ["staff"]


def test_files_stay_with_it_and_can_be_taken_out(client, case_study):
    file = SimpleUploadedFile("notes.txt", b"What we counted.", "text/plain")
    save(client, case_study, "sharing", {"files": [file], "contact": " The  coordinator ", "consent": "on"})
    saved = again(case_study)
    assert ([entry["name"] for entry in saved.card["files"]], saved.contact, saved.consent) == (
        ["notes.txt"], "The coordinator", True,
    )  # fmt: skip
    assert "notes.txt" in client.get(case_study.get_absolute_url()).content.decode()
    token = saved.card["files"][0]["token"]
    save(client, case_study, "change", {"before": "Few."})
    save(client, case_study, "sharing", {"files_kept": [token]})
    assert [entry["name"] for entry in again(case_study).card["files"]] == ["notes.txt"]
    save(client, case_study, "sharing", {})
    assert "files" not in again(case_study).card


def test_a_file_that_is_refused_says_why(client, case_study):
    file = SimpleUploadedFile("run.exe", b"MZ", "application/octet-stream")
    response = save(client, case_study, "sharing", {"files": [file]})
    assert list(errors_of(response)) == ["files"]


def test_the_step_with_files_takes_as_many_bytes_as_they_may_have_and_no_other_does(case_study):
    field = STEPS[-1].form.base_fields["files"]
    sizes = {
        step.slug: uploads.most_bytes(resolve(case_study.url_below(f"edit/{step.slug}/")).func)
        for step in STEPS
    }
    assert sizes == {**{step.slug: 0 for step in STEPS}, "sharing": field.most * field.most_bytes}


def test_a_version_saved_meanwhile_is_shown_and_can_be_replaced_knowingly(client, case_study):
    typed = {"before": "Few.", "version": case_study.version}
    save(client, case_study, "change", typed)
    stale = save(client, case_study, "change", {**typed, "before": "None."})
    assert stale.status_code == 409
    assert "Somebody saved another version" in stale.content.decode()
    save(
        client, case_study, "change", {"before": "None.", "version": stale.context["form"]["version"].value()}
    )
    assert again(case_study).before == "None."


@pytest.mark.parametrize("version", ["x", "-1", "2147483648"])
def test_a_version_that_is_none_is_refused(client, case_study, version):
    response = save(client, case_study, "change", {"before": "Few.", "version": version})
    assert list(errors_of(response)) == ["version"]


def test_what_was_typed_is_kept_where_a_session_is_lost(client, case_study):
    path = case_study.url_below("edit/people/")
    page = client.get(path)
    typed = {
        "citizens_did": "They chose.", "from_year": "18", "written_by": page.context["written_by"]["value"],
        **table("taking_part", {"role": "family", "words": "Aunts"}, {}, {}, {"role": "staff"}),
    }  # fmt: skip
    Client().post(path, typed)
    html = client.get(f"{path}?kept={KeptText.objects.get().token}").content.decode()
    for words in ("They chose.", 'value="Aunts"', "Your text is here", 'value="18"', "taking_part-row-4"):
        assert words in html
    assert "There is a problem" not in html


def test_what_a_new_member_adds_waits_for_approval(client, member):
    case_study = make_case_study(member)
    response = client.post(
        case_study.url_below("edit/change/"),
        {"after": "See https://cheap.example.com/ and https://more.example.com/", "do": "save"},
        follow=True,
    )
    assert again(case_study).is_awaiting
    assert "awaits approval" in response.content.decode()


def test_what_an_established_member_adds_does_not_wait(client, member):
    establish(member)
    case_study = make_case_study(member)
    save(client, case_study, "change", {"after": "See https://cheap.example.com/"})
    assert again(case_study).is_published


def test_steps_are_its_authors_alone(client, case_study):
    other, visitor = Client(), Client()
    other.force_login(make_member())
    for step in STEPS:
        path = case_study.url_below(f"edit/{step.slug}/")
        assert other.get(path).status_code == other.post(path, {"before": "x"}).status_code == 404
        assert visitor.get(path).status_code == visitor.post(path, {"before": "x"}).status_code == 302
    assert client.get(case_study.url_below("edit/nothing/")).status_code == 404
