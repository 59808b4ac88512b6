"""The facets that only search and browse have: how strong the evidence is, the language, and whether it is answered."""

import pytest
from django.core.cache import cache

from commons.contributions.models import Contribution
from commons.search.index import index_contributions
from tests.factories import make_comment, make_document, make_member, make_post, make_thread

from .test_views import BROWSE, PAGES, options, titles

pytestmark = pytest.mark.django_db
TITLES = {"Open", "Answered", "Talk", "Story", "Compared", "Cymraeg"}


def question(author, title, *, best=False, **values):
    thread = make_thread(author, title=title, body="About gooseberries.", is_question=True, **values)
    if best:
        thread.mark_best(make_comment(thread))
    return thread


@pytest.fixture
def shelf():
    """Six that everybody may find, four that only members may, and one that nobody may."""
    author = make_member("Ann Lee", in_directory=False)
    about = {"body": "About gooseberries."}
    members = {**about, "audience": "members"}

    def evaluated(title, level, **values):
        return make_document(
            author, title=title, subtype="evaluation", evidence_level=level, **{**about, **values}
        )

    question(author, "Open")
    question(author, "Answered", best=True)
    question(author, "Members ask", audience="members")
    question(author, "Members know", best=True, audience="members")
    make_thread(author, title="Talk", **about)
    evaluated("Story", 0)
    evaluated("Compared", 3)
    evaluated("Members compare", 3, audience="members")
    evaluated("Draft", 5, publish=False)
    welsh = make_post(author, title="Cymraeg", **about)
    hidden = make_post(author, title="Gaeilge", **members)
    Contribution.objects.filter(pk=welsh.pk).update(language="cy")
    Contribution.objects.filter(pk=hidden.pk).update(language="ga")
    index_contributions([welsh.pk, hidden.pk])
    cache.clear()
    return author


@pytest.mark.parametrize(("path", "query"), PAGES)
@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"evidence": "3"}, {"Compared"}),
        ({"evidence": ["0", "3"]}, {"Story", "Compared"}),
        ({"evidence": "5"}, set()),
        ({"language": "cy"}, {"Cymraeg"}),
        ({"language": ["cy", "en-gb"]}, TITLES),
        ({"language": "ga"}, set()),
        ({"answered": "yes"}, {"Answered"}),
        ({"answered": "no"}, {"Open"}),
        ({"answered": ["yes", "no"]}, {"Open", "Answered"}),
        ({"answered": "no", "evidence": "3"}, set()),
        ({"answered": "no", "language": "en-gb", "kind": "forum"}, {"Open"}),
        ({"evidence": ["6", "-1", "\u0663", "3.0", "x"], "language": ["xx", "EN", "'"], "answered": "1"}, TITLES),
    ],
)  # fmt: skip
def test_they_combine_with_each_other(client, shelf, path, query, chosen, expected):
    response = client.get(path, {**query, **chosen})
    assert set(titles(response)) == expected
    assert len(titles(response)) == len(expected)


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_their_counts_keep_the_gate(client, shelf, path, query):
    response = client.get(path, query)
    assert options(response, "evidence") == {"0": "1", "3": "1"}
    assert options(response, "language") == {"en-gb": "5", "cy": "1"}
    assert options(response, "answered") == {"yes": "1", "no": "1"}
    client.force_login(shelf)
    response = client.get(path, query)
    assert options(response, "evidence") == {"0": "1", "3": "2"}
    assert options(response, "language") == {"en-gb": "8", "cy": "1", "ga": "1"}
    assert options(response, "answered") == {"yes": "2", "no": "2"}


@pytest.mark.parametrize(("path", "query"), PAGES)
@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"kind": "forum"}, None),
        ({"kind": "blog"}, None),
        ({"kind": "blog", "language": "cy"}, {"cy": "1"}),
        ({"kind": "forum", "language": "cy"}, {"cy": "0", "en-gb": "3"}),
        ({"evidence": "5"}, None),
    ],
)
def test_languages_are_offered_where_there_is_a_choice_of_them(client, shelf, path, query, chosen, expected):
    response = client.get(path, {**query, **chosen})
    offered = [group["name"] for group in response.context["facets"]]
    assert ("language" in offered) is (expected is not None)
    if expected is not None:
        assert options(response, "language") == expected


@pytest.mark.parametrize(("path", "query"), PAGES)
@pytest.mark.parametrize(
    ("chosen", "offered"), [({"kind": "forum"}, 5), ({"evidence": "3"}, 3), ({"answered": "no"}, 3), ({}, 9)]
)
def test_a_count_says_what_choosing_the_option_shows(client, shelf, path, query, chosen, offered):
    response = client.get(path, {**query, **chosen})
    shown = 0
    for name in ("kind", "evidence", "language", "answered"):
        for value, count in options(response, name).items():
            narrower = client.get(path, {**query, **chosen, name: value})
            assert len(titles(narrower)) == int(count), (name, value)
            shown += 1
    assert shown == offered


def test_what_was_chosen_is_named_and_can_be_taken_away(client, shelf):
    chosen = {"evidence": "3", "language": "cy", "answered": ["yes", "no"]}
    response = client.get(BROWSE, chosen)
    chips = {chip["label"]: chip["remove_url"] for chip in response.context["active_facets"]}
    assert list(chips) == ["Compared with others", "Welsh", "Answered questions", "Open questions"]
    assert chips["Welsh"] == "?evidence=3&answered=yes&answered=no"
    legends = {group["name"]: str(group["legend"]) for group in response.context["facets"]}
    assert legends == {
        "evidence": "Strength of evidence",
        "language": "Language",
        "answered": "Questions",
    }
    content = client.get(BROWSE, {"language": "cy"}).content.decode()
    assert "<title>Explore what people share: Welsh –" in content
    assert 'href="/browse/feed/?language=cy"' in content
    assert b"Cymraeg" in client.get("/browse/feed/?language=cy").content
    assert b"Compared" not in client.get("/browse/feed/?language=cy").content


def test_their_counts_are_exact_to_a_thousand(client, shelf, monkeypatch):
    monkeypatch.setattr("discovery.facets.COUNT_TO", 1)
    client.force_login(shelf)
    for path, query in PAGES:
        response = client.get(path, query)
        assert options(response, "evidence") == {"0": "1", "3": "over 1"}
        assert options(response, "language") == {"en-gb": "over 1", "cy": "1", "ga": "1"}
        assert options(response, "answered") == {"yes": "over 1", "no": "over 1"}
