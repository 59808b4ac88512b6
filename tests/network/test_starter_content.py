"""The starter library as it ships: what its reports hold, where each text comes from, and that it is found."""

import re

import pytest

from commons.contributions.models import Contribution
from commons.tagging.models import Principle, ServiceSector
from library.models import Link, Report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_library")]


def parts(text):
    """Return {heading: its lines} of a Markdown text, for headings of any level."""
    found, heading = {}, ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        found.setdefault(heading, []).append(line)
    return found


def numbered(lines):
    return [line for line in lines if re.match(r"\d+\. ", line)]


def test_the_three_reports_with_their_dates():
    assert list(Report.objects.order_by("year", "month").values_list("title", "year", "month")) == [
        ("The Challenge of Co-production", 2009, 12),
        ("Public Services Inside Out", 2010, 4),
        ("Right Here, Right Now", 2010, 7),
    ]
    for report in Report.objects.all():
        assert report.authors, report.title
        assert report.publishers, report.title
        assert {"What it argues", "Key points"} <= set(parts(report.body)), report.title
        assert report.principles.exists(), report.title
        assert report.sectors.exists(), report.title


def test_the_third_report_s_four_barriers_and_twelve_recommendations_under_three_themes():
    found = parts(Report.objects.get(title="Right Here, Right Now").body)
    themes = (
        "Changing how services are managed and run",
        "Changing how services are commissioned",
        "Opening new opportunities",
    )
    assert len(numbered(found["Four barriers"])) == 4
    assert [len(numbered(found[theme])) for theme in themes] == [6, 4, 2]


def test_the_links_are_the_addresses_that_the_sources_give():
    assert sorted(Link.objects.values_list("url", flat=True)) == [
        "http://www.2020publicservicestrust.org/publications/",
        "http://www.bmj.com/cgi/content/full/340/jun24_1/c3311",
        "http://www.disability.wa.gov.au/dscwr/_assets/main/report/documents/pdf/"
        "final_report_lac_review1_(id_369_ver_1.0.2).pdf",
        "http://www.guardian.co.uk/uk/2010/jun/27/osborne-budget-cuts-hit-poorest",
        "http://www.kiva.org/",
        "http://www.nesta.org.uk/",
        "http://www.neweconomics.org/",
        "http://www.nursefamilypartnership.org/",
        "http://www.timebankingwales.org.uk/",
    ]
    for link in Link.objects.all():
        assert {"Why it is here", "Where this comes from"} <= set(parts(link.body)), link.title


def test_every_text_says_where_it_comes_from():
    for term in (*Principle.objects.all(), *ServiceSector.objects.all()):
        assert "[^1]:" in term.text.body, term.slug
    for item in (*Report.objects.all(), *Link.objects.all()):
        assert "[^1]:" in item.body, item.title


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("nurse family partnership", "Nurse Family"),
        ("first-time mothers", "Nurse Family"),
        ("local area coordination", "Local Area Co-ordination"),
        ("disability western australia", "Local Area Co-ordination"),
        ("holy cross", "Holy Cross"),
        ("risky business drama kent", "Skillnet"),
        ("keyring", "KeyRing"),
        ("offenders", "User Voice"),
        ("student councils", "Learning to Lead"),
        ("spice time credits", "Spice"),
        ("south wales valleys timebanking", "South Wales Valleys"),
        ("cardiff roadshow", "in Cardiff"),
        ("recommendations right here right now", "Right Here, Right Now"),
        ("challenge of coproduction", "The Challenge of Co-production"),
        ("services inside out", "Public Services Inside Out"),
        ("reciprocity", "Mutuality and reciprocity"),
        ("peer support", "Peer support networks"),
        ("blurring", "Blurring distinctions"),
        ("facilitate rather than deliver", "Facilitating rather than delivering"),
        ("commissioning for outcomes camden", "in Camden"),
        ("challenge of co production", "The Challenge of Co-production"),
        ("codesign", "Co-design"),
        ("time banking wales", "South Wales Valleys"),
        ("nurses mothers savings", "Nurse Family"),
        ("drama group learning difficulties kent", "Skillnet"),
        ("student council", "Learning to Lead"),
        ("co-production roadshow manchester", "in Manchester"),
        ("prison reoffending", "User Voice"),
        ("evidence savings per dollar", "Nurse Family"),
        ("time credits", "Spice"),
        ("supported living", "KeyRing"),
        ("re-offending", "User Voice"),
        ("risky business", "Skillnet"),
        ("lac australia", "Local Area Co-ordination"),
        ("october 2009", "Network is formed"),
        ("how was the network formed", "Network is formed"),
        ("mental health commissioning", "Camden"),
        ("sam hopley", "Holy Cross"),
        ("learning disability employment", "Skillnet"),
        ("cinema tickets", "South Wales Valleys"),
        ("roadshows london", "in London"),
        ("what is co-production", "The Challenge of Co-production"),
        ("what is coproduction?", "The Challenge of Co-production"),
        ("definition of co-production", "The Challenge of Co-production"),
        ("mainstreaming co-production", "Right Here, Right Now"),
        ("six principles", "Public Services Inside Out"),
        ("family nurse partnership", "Nurse Family"),
        ("scotland event", "in Edinburgh"),
        ("student voice", "Learning to Lead"),
        ("ex-offenders", "User Voice"),
        ("local area co-ordinator", "Local Area Co-ordination"),
        ("value for money review australia", "Value for Money Review"),
        ("volunteering credits wales", "Spice"),
        ("independent living mark", "KeyRing"),
        ("commissioner outcomes tender camden", "Commissioning for outcomes"),
        ("spending cuts poorest families", "poorest families"),
        ("british medical journal", "Budget crises"),
        ("2020 public services trust", "2020 Public Services Trust"),
        ("asset based", "Recognising people as assets"),
        ("professionals and users distinction", "Blurring distinctions"),
        ("elderly care", "Adult social care"),
        ("housing association", "Housing"),
        ("job seekers", "Welfare to work"),
        ("co design workshop", "Co-design"),
        ("patients", "Healthcare"),
    ],
)
def test_what_a_practitioner_types_finds_what_they_mean_first(client, words, first):
    response = client.get("/search/", {"q": words})
    assert first in str(response.context["cards"][0].title)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("camden mental health day services", "Holy Cross"),
        ("pupils school council", "Learning to Lead"),
        ("launch public services inside out", "Launch of"),
        ("child abuse reduction", "Nurse Family"),
        ("young people schools", "Learning to Lead"),
        ("criminal justice offenders", "User Voice"),
    ],
)
def test_what_another_page_is_named_after_comes_right_behind_it(client, words, title):
    response = client.get("/search/", {"q": words})
    assert title in str(response.context["cards"][1].title)


def test_no_two_items_have_the_same_title():
    titles = list(Contribution.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles)) == 29
