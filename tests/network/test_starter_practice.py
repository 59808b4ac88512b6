"""The starter library's events and case studies: what is loaded, what editors keep, which files are refused."""

import pytest

from casestudies.models import CaseStudy, CostOrBenefit, Outcome, PrincipleShown, TakingPart
from commons.contributions.models import Contribution
from commons.tagging.models import Principle
from events.models import Event, Occurrence
from network.starter_files import BrokenFile
from network.starter_library import PARTS, load

pytestmark = pytest.mark.django_db

COMMON = """
summary = "In short."
byline = "The editors"
principles = ["peer-support-networks"]
sectors = ["housing"]
keywords = ["trust"]
"""
MEETING = f"""
title = "A meeting"
{COMMON}
known_to = "month"
year = 2009
month = 10
venue = "A hall"
organiser = "Some people"
region = "wales"
"""
GARDEN = f"""
title = "A garden"
{COMMON}
place = "Leeds"
region = "yorkshire-and-the-humber"
from_year = 2008
ongoing = true
evidence_level = 1
evidence_reason = "Somebody counted."
obstacles_skills = "Nobody could dig."

[[principles_shown]]
principle = "peer-support-networks"
sentence = "They dug together."

[[taking_part]]
role = "neighbours"
number = 12
words = "from two streets"

[[taking_part]]
role = "staff"

[[outcomes]]
measure = "Beds"
after = "9"
source = "A count"

[[costs_and_benefits]]
holder = "The council"
flow = "cost"
low = 10000
high = 20000
currency = "GBP"
source = "A bill"
cash_releasing = false
"""
MEETING_FILE, GARDEN_FILE = "events/a-meeting.md", "case-studies/a-garden.md"
STAFF = '[[taking_part]]\nrole = "staff"'
SHOWN_AGAIN = '[[principles_shown]]\nprinciple = "peer-support-networks"\nsentence = "x"'
ROLES = "service-users, family, neighbours, staff, volunteers, other"
NO_NUMBER = "“number” must be a number from 0 to 1000000000"


@pytest.fixture
def folder(tmp_path):
    for part in PARTS[:-1]:
        (tmp_path / part).mkdir()
    write(tmp_path, MEETING_FILE, MEETING)
    write(tmp_path, GARDEN_FILE, GARDEN)
    return tmp_path


def write(folder, name, front, body="Some words."):
    (folder / name).write_text(f"+++\n{front}\n+++\n{body}\n")


def outcomes(folder):
    return [
        outcome for tally in load(("events", "case-studies"), folder=folder) for outcome in tally.outcomes
    ]


def test_an_event_is_loaded_with_what_is_known_and_no_date(folder):
    assert outcomes(folder) == ["loaded", "loaded"]
    event = Event.objects.get(starter_key="event/a-meeting")
    assert (event.known_to, event.year, event.month, event.season) == ("month", 2009, 10, "")
    assert (event.venue, event.organiser, event.region, event.byline) == (
        "A hall",
        "Some people",
        "wales",
        "The editors",
    )
    assert (event.status, event.reach, event.author, event.starts_on) == ("published", 2, None, None)
    assert event.when() == "October 2009"
    assert Occurrence.objects.count() == 0


def test_a_case_study_is_loaded_with_all_it_has(folder):
    load(folder=folder)
    study = CaseStudy.objects.get(starter_key="case-study/a-garden")
    assert (study.status, study.reach, study.author, study.byline) == ("published", 2, None, "The editors")
    assert (study.place, study.region, study.from_year, study.ongoing, study.to_year) == (
        "Leeds",
        "yorkshire-and-the-humber",
        2008,
        True,
        None,
    )
    assert (study.evidence_level, study.evidence_reason) == (1, "Somebody counted.")
    assert (study.obstacles_skills, study.obstacles_scale, study.side) == ("Nobody could dig.", "", "")
    principle = Principle.objects.get(slug="peer-support-networks")
    assert list(PrincipleShown.objects.values_list("principle", "sentence")) == [
        (principle.pk, "They dug together.")
    ]
    assert list(TakingPart.objects.values_list("role", "number", "words")) == [
        ("neighbours", 12, "from two streets"),
        ("staff", None, ""),
    ]
    assert list(Outcome.objects.values_list("measure", "before", "after", "unit", "source", "period")) == [
        ("Beds", "", "9", "", "A count", "")
    ]
    row = CostOrBenefit.objects.get()
    assert (row.holder, row.flow, row.about, row.low, row.high, row.currency) == (
        "The council",
        "cost",
        "",
        10000,
        20000,
        "GBP",
    )
    assert (row.price_year, row.period, row.recurrence, row.source, row.cash_releasing) == (
        None,
        "",
        "",
        "A bill",
        False,
    )


def test_loading_again_changes_nothing(folder):
    load(folder=folder)
    before = list(Contribution.objects.order_by("pk").values_list("pk", "version", "changed_at"))
    assert outcomes(folder) == ["unchanged", "unchanged"]
    assert list(Contribution.objects.order_by("pk").values_list("pk", "version", "changed_at")) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("number = 12", "number = 13"),
        ("low = 10000", "low = 9000"),
        ("They dug together.", "They wept."),
        ('after = "9"', 'after = "8"'),
        ("ongoing = true", "ongoing = false"),
        ("from_year = 2008", ""),
    ],
)
def test_a_changed_row_or_column_is_brought(folder, old, new):
    load(folder=folder)
    assert old in GARDEN
    write(folder, GARDEN_FILE, GARDEN.replace(old, new))
    assert outcomes(folder) == ["unchanged", "updated"]
    assert outcomes(folder) == ["unchanged", "unchanged"]


def test_a_changed_event_is_brought(folder):
    load(folder=folder)
    write(folder, MEETING_FILE, MEETING.replace("month = 10", "month = 11"))
    assert outcomes(folder) == ["updated", "unchanged"]
    assert Event.objects.get().when() == "November 2009"


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (Event, {"venue": "Another hall"}),
        (Event, {"month": 9}),
        (Event, {"byline": "An editor"}),
        (Event, {"access": ["step-free"]}),
        (CaseStudy, {"differently": "Begin in spring."}),
        (CaseStudy, {"byline": "An editor"}),
        (CaseStudy, {"evidence_level": 3}),
        (CaseStudy, {"outcomes": []}),
        (CaseStudy, {"costs_and_benefits": []}),
    ],
)
def test_what_an_editor_changed_stays(folder, administrator, model, changed):
    load(folder=folder)
    item = model.objects.get()
    item.revise(administrator, changed, version=item.version)
    write(folder, MEETING_FILE, MEETING.replace("A meeting", "From the file"))
    write(folder, GARDEN_FILE, GARDEN.replace("A garden", "From the file"))
    assert outcomes(folder) == (["left alone", "updated"] if model is Event else ["updated", "left alone"])
    assert model.objects.get().title != "From the file"


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (MEETING_FILE, '"month"', '"day"', "“known_to” must be one of month, season, year"),
        (MEETING_FILE, '"month"', '"year"', "“month” says something else than “known_to”"),
        (MEETING_FILE, '"month"', '"season"', "“month” says something else than “known_to”"),
        (MEETING_FILE, "month = 10", "", "“month” must be a number from 1 to 12"),
        (MEETING_FILE, "year = 2009", "", "“year” must be a number from 1000 to 9999"),
        (MEETING_FILE, "venue", "starts_on", "“starts_on” is not a field of this kind of file"),
        (GARDEN_FILE, "place", "town", "“town” is not a field of this kind of file"),
        (GARDEN_FILE, "evidence_level = 1", "evidence_level = 9", "“evidence_level” must be a number from 0 to 5"),
        (GARDEN_FILE, "ongoing = true", "ongoing = 1", "“ongoing” must be true or false"),
        (GARDEN_FILE, '"neighbours"', '"cats"', f"“role” must be one of {ROLES}"),
        (GARDEN_FILE, "number = 12", "number = -1", NO_NUMBER),
        (GARDEN_FILE, "number = 12", "many = 12", "“many” is not a field of this kind of file"),
        (GARDEN_FILE, "high = 20000", "high = 9999", "“high” must be a number from 10000 to 1000000000000000"),
        (GARDEN_FILE, '"GBP"', '"ZZZ"', "“currency” must be one of GBP, EUR, USD, AUD"),
        (GARDEN_FILE, '"cost"', '"loss"', "“flow” must be one of cost, benefit"),
        (GARDEN_FILE, 'measure = "Beds"', "", "“measure” is missing"),
        (GARDEN_FILE, '= "peer-support-networks"', '= "kindness"', "there is no “kindness” among the principles"),
        (GARDEN_FILE, STAFF, SHOWN_AGAIN, "“principles_shown” has “peer-support-networks” twice"),
        (GARDEN_FILE, "[[outcomes]]", "[outcomes]", "“outcomes” must be tables, each below [[outcomes]]"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_and_nothing_is_loaded(folder, name, old, new, problem):
    front = MEETING if name.startswith("events") else GARDEN
    assert old in front
    write(folder, name, front.replace(old, new))
    with pytest.raises(BrokenFile) as caught:
        load(folder=folder)
    assert str(caught.value) == f"{name}: {problem}"
    assert not Contribution.objects.exists()
