"""The pages of case studies: what they show, to whom, and what they cost; lists, comparing and the table."""

import csv
import io
import re

import pytest

from casestudies.models import CaseStudy
from commons.tagging.models import Principle
from tests.casestudies.test_models import rows_for
from tests.casestudies.typing import cost
from tests.factories import consume, make_case_study, make_member
from tests.telling import told_in

pytestmark = pytest.mark.django_db

FULL = {
    "place": "Armley, Leeds",
    "region": "wales",
    "side": "professional",
    "teller": "A link worker",
    "from_year": 2018,
    "from_month": 3,
    "ongoing": True,
    "citizens_did": "They set the rules.",
    "before": "Few knew each other.",
    "after": "Most do.",
    "evidence_level": 2,
    "evidence_reason": "We counted twice.",
    "obstacles_scale": "Each street is different.",
    "differently": "Begin with the children.",
    "contact": "The coordinator",
    "consent": True,
}


def full(author=None, **values):
    return make_case_study(author, **{**FULL, **rows_for(), **values})


def page(client, path):
    return client.get(path).content.decode()


def test_all_that_was_told_is_on_its_page(client):
    case_study = full(title="A time bank")
    html = page(client, case_study.get_absolute_url())
    for words in (
        "Facts at a glance", 'Armley, Leeds, <a href="/regions/wales/">Wales</a>', "Since March 2018", "A link worker",
        "Family: 3, Grandmothers",
        "2. Compared before and after", "The coordinator", "They were asked.", "They set the rules.",
        "Few knew each other.", "Most do.", "Nights in hospital", "We counted twice.", "£12,000",
        "Each street is different.", "Begin with the children.", "One side so far", "css/pages/case-study",
        f'{case_study.get_absolute_url()}"', f'?id={case_study.pk}"',
    ):  # fmt: skip
        assert words in html, words


def test_what_was_not_told_leaves_nothing_behind(client):
    html = page(client, make_case_study().get_absolute_url())
    for words in (
        "at a glance", "Outcomes", "Costs and benefits", "Obstacles", "differently", "Before and after", "told",
        "Told", "One side", "None",
    ):  # fmt: skip
        assert words not in html, words


def test_one_that_no_member_wrote_says_that_it_was_retold(client):
    case_study = make_case_study()
    CaseStudy.objects.filter(pk=case_study.pk).update(author=None)
    assert "Retold from what was published" in page(client, case_study.get_absolute_url())


def test_how_complete_it_is_concerns_its_author_alone(client, member):
    case_study = make_case_study(member)
    path = case_study.get_absolute_url()
    assert "You have told" not in page(client, path)
    client.force_login(member)
    html = page(client, path)
    assert "You have told 0 of 11 parts." in html
    assert f'href="{path}edit/">say in a sentence how each principle showed up</a>' in html


@pytest.mark.parametrize(
    ("values", "told", "suggestion"),
    [
        ({"principles_shown": []}, 10, "say in a sentence how each principle showed up"),
        ({"taking_part": []}, 10, "say who took part"),
        ({"after": ""}, 10, "tell how it was before, and after"),
        ({"evidence_level": None}, 10, "say how strong the evidence is"),
        ({"consent": False}, 10, "say that those described agree"),
        ({"evidence_level": 0}, 11, None),
        ({}, 11, None),
    ],
)
def test_one_next_step_is_suggested_and_no_more(client, member, values, told, suggestion):
    case_study = full(member, **values)
    client.force_login(member)
    response = client.get(case_study.get_absolute_url())
    completeness = response.context["completeness"]
    assert (completeness.told, completeness.of, completeness.suggestion) == (told, 11, suggestion or "")
    assert response.content.decode().count("Next, if you like") == (1 if suggestion else 0)


def test_machines_are_told_of_what_everybody_may_read(client, member):
    public, members = full(member, title="For everyone"), full(member, audience="members")
    (told,) = told_in(page(client, public.get_absolute_url()), "Article")
    assert (told["headline"], told["author"]) == (
        "For everyone",
        {"@type": "Person", "name": member.display_name},
    )
    client.force_login(member)
    assert "schema.org" not in page(client, members.get_absolute_url())


def test_a_page_costs_no_more_than_six_queries_however_much_it_tells(client, queries):
    author = make_member()
    other = full(author)
    for case_study in (full(author, costs_and_benefits=rows_for()["costs_and_benefits"] * 20), other):
        client.get(case_study.get_absolute_url())
        with queries(2):
            client.get(case_study.get_absolute_url())


def test_lists_are_narrowed_by_the_strength_of_evidence(client):
    for level in (None, 0, 2, 5):
        full(title=f"Of level {level}", evidence_level=level)

    def titles(query):
        html = page(client, f"/case-studies/{query}")
        return set(re.findall(r"Of level \w+", html))

    assert titles("") == {"Of level None", "Of level 0", "Of level 2", "Of level 5"}
    assert titles("?evidence=0") == {"Of level 0"}
    assert titles("?evidence=2&evidence=5") == {"Of level 2", "Of level 5"}
    assert titles("?evidence=9&evidence=x") == titles("")
    assert titles("?evidence=2&region=scotland") == set()
    html = page(client, "/case-studies/?evidence=2")
    assert "/case-studies/table.csv?evidence=2" in html
    assert "/case-studies/feed/?evidence=2" in html
    assert '<option value="2" selected>' in html


def test_the_feed_is_narrowed_too(client):
    full(title="Of level 0", evidence_level=0)
    full(title="Of level 3", evidence_level=3)
    feed = page(client, "/case-studies/feed/?evidence=3")
    assert ("Of level 3" in feed, "Of level 0" in feed) == (True, False)


def test_cards_say_the_level_of_evidence_in_words(client):
    full()
    assert "Evidence: Compared before and after" in page(client, "/case-studies/")
    assert "Evidence: Compared before and after" in page(client, "/browse/?kind=case-study")


def test_a_list_costs_the_same_however_long_it_is(client, queries):
    full()
    for _ in range(5):
        full()
    client.get("/case-studies/?evidence=2")
    with queries(3):
        client.get("/case-studies/?evidence=2")


# --- comparing -----------------------------------------------------------------------------------


def compared(client, *items):
    query = "&".join(f"id={item if isinstance(item, str) else item.pk}" for item in items)
    return client.get(f"/case-studies/compare/?{query}")


@pytest.mark.parametrize(("number", "shown", "said"), [(0, 0, 0), (1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 3, 1)])
def test_two_or_three_stand_beside_each_other(client, number, shown, said):
    items = [full(title=f"Story {place}") for place in range(number)]
    response = compared(client, *items)
    assert [item.title for item in response.context["items"]] == [f"Story {place}" for place in range(shown)]
    html = response.content.decode()
    assert html.count('<th scope="col">') == (shown if shown > 1 else 0)
    assert html.count("Only the first 3 are shown") == said


def test_what_one_of_them_does_not_tell_is_said(client):
    response = compared(client, full(title="Full"), make_case_study(title="Short"))
    lines = {str(heading): words for heading, words in response.context["lines"]}
    assert lines["Place"] == ["Armley, Leeds, Wales", ""]
    assert lines["Outcomes"] == ["Nights in hospital: 12 before, 4 after (nights). Source: Our count", ""]
    assert lines["Costs and benefits"][0].startswith("The council: −\N{WORD JOINER}£12,000")
    assert "Obstacles: commissioning" not in lines
    assert "Not told" in response.content.decode()


@pytest.mark.parametrize("more", ["x", "0", "-1", "9" * 18, "9" * 40, "١", ""])
def test_numbers_that_are_none_are_left_out(client, more):
    one, other = full(), full()
    assert [item.pk for item in compared(client, one, more, one, other).context["items"]] in (
        [one.pk, other.pk], [one.pk],
    )  # fmt: skip


def test_what_a_reader_may_not_see_is_neither_compared_nor_offered(client, member):
    hidden = [
        full(title="Secret one", publish=False),
        full(title="Secret two", audience="members"),
        full(title="Secret three", author=make_member(contributions_hidden=True)),
    ]
    hidden[2].author.hide_contributions()
    response = compared(client, full(title="Open one"), *hidden[:2])
    assert [item.title for item in response.context["items"]] == ["Open one"]
    assert "Secret" not in response.content.decode()
    client.force_login(member)
    response = compared(client, *hidden)
    assert [item.title for item in response.context["items"]] == ["Secret two"]


def test_comparing_costs_two_queries(client, queries):
    items = [full() for _ in range(3)]
    compared(client, *items)
    with queries(2):
        compared(client, *items)


# --- the table -----------------------------------------------------------------------------------


def table(client, query=""):
    response = client.get(f"/case-studies/table.csv{query}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="case-studies.csv"'
    return list(csv.DictReader(io.StringIO(consume(response).decode("utf-8-sig"))))


def test_the_table_has_all_that_is_public_in_words(client, settings):
    settings.SITE_URL = "https://network.example"
    case_study = full(make_member("Ann Lee"), title="A time bank", summary="Hours for hours.")
    full(title="For members", audience="members")
    full(title="Not yet", publish=False)
    principle = Principle.objects.order_by("order").first()
    (row,) = table(client)
    assert row == {
        "Title": "A time bank",
        "Address": f"https://network.example{case_study.get_absolute_url()}",
        "By": "Ann Lee",
        "Published": f"{case_study.published_at:%Y-%m-%d}",
        "In short": "Hours for hours.",
        "Place": "Armley, Leeds, Wales",
        "When": "Since March 2018",
        "Sectors": row["Sectors"],
        "Principles": principle.name,
        "How they showed up": f"{principle.name}: They were asked.",
        "Who took part": "Family: 3, Grandmothers",
        "Outcomes": "Nights in hospital: 12 before, 4 after (nights). Source: Our count",
        "Level of evidence": "2. Compared before and after",
        "Left over to each budget holder": "The council: −\N{WORD JOINER}£12,000 (pounds sterling (£), every year)",
        "Told by": "Somebody who works in the service",
    }


def test_members_have_those_for_members_in_their_table_too(client, member):
    full(title="For members", audience="members")
    assert table(client) == []
    client.force_login(member)
    assert [row["Title"] for row in table(client)] == ["For members"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\uff1d"])
def test_no_cell_is_taken_for_a_formula(client, begins):
    formula = f"{begins}HYPERLINK(1)"
    row = {**rows_for()["costs_and_benefits"][0], "holder": formula}
    full(title=formula, summary=formula, place=formula, costs_and_benefits=[row])
    (found,) = table(client)
    for column in ("Title", "In short", "Place", "Left over to each budget holder"):
        assert found[column].startswith(f"'{begins}"), column


def test_the_table_is_narrowed_like_the_list(client):
    full(title="Of level 0", evidence_level=0)
    full(title="Of level 3", evidence_level=3)
    assert [row["Title"] for row in table(client, "?evidence=3")] == ["Of level 3"]


def test_the_table_costs_one_query_however_long_it_is(client, queries):
    for _ in range(5):
        full()
    table(client)
    with queries(1):
        table(client)


def test_going_back_to_an_earlier_version_brings_rows_and_columns_back(client, member):
    case_study = full(member)
    client.force_login(member)
    typed = {"costs_and_benefits-TOTAL_FORMS": 1, "costs_and_benefits-INITIAL_FORMS": 0}
    typed |= {f"costs_and_benefits-0-{name}": value for name, value in cost(holder="The trust").items()}
    client.post(case_study.url_below("edit/costs/"), {**typed, "do": "save"})
    case_study.refresh_from_db()
    assert [row["holder"] for row in case_study.rows_of("costs_and_benefits")] == ["The trust"]
    case_study.go_back_to(case_study.revisions.get(number=1), make_member(), version=case_study.version)
    stored = CaseStudy.objects.get()
    assert [row["holder"] for row in stored.rows_of("costs_and_benefits")] == ["The council"]
    assert [row.holder for row in stored.costs_and_benefits.all()] == ["The council"]
