"""What search engines are told: the properties that each type must have, of what everyone may see, and once."""

import pytest
from django.urls import reverse

from commons.contributions import structured
from tests.factories import (
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_link,
    make_member,
    make_post,
    make_report,
    make_thread,
    make_video,
)
from tests.telling import told_in

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
# What schema.org says a type is made of and search engines ask for ("required" in their own guides, and what an author
# and a date are for all of them): https://developers.google.com/search/docs/appearance/structured-data
ARTICLE = {"headline", "datePublished", "dateModified", "author", "image", "url", "publisher"}
REQUIRED = {
    "Article": ARTICLE,
    "BlogPosting": ARTICLE,
    "DiscussionForumPosting": {"author", "datePublished", "text", "headline", "url"},
    "QAPage": {"mainEntity"},
    "Question": {"answerCount", "acceptedAnswer", "name", "text", "author", "datePublished"},
    "Answer": {"text", "url", "author", "datePublished", "upvoteCount"},
    "Event": {"name", "startDate", "location", "eventStatus", "eventAttendanceMode"},
    "VideoObject": {"name", "thumbnailUrl", "uploadDate", "description"},
    "WebPage": {"name", "url", "author", "datePublished", "significantLink"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "ProfilePage": {"mainEntity"},
    "Person": {"name"},
    "Organization": {"name"},
    "Place": {"name", "address"},
    "VirtualLocation": {"url"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "Dataset": {"name", "description", "url", "creator", "distribution"},
    "DataDownload": {"contentUrl", "encodingFormat"},
}


ADDRESSES = {"url", "item", "image", "contentUrl", "thumbnailUrl", "mainEntityOfPage"}


def check(value, where):
    """Every thing in `value` has what its type must have, and nothing is empty; addresses are whole ones."""
    if isinstance(value, list):
        assert value, where
        for each in value:
            check(each, where)
    elif isinstance(value, dict):
        schema_type = value.get("@type")
        assert REQUIRED[schema_type] <= set(value), (
            f"{where}: {schema_type} lacks {REQUIRED[schema_type] - set(value)}"
        )
        for name, each in value.items():
            assert each not in ("", None), f"{where}: {schema_type}.{name} is empty"
            if name in ADDRESSES and isinstance(each, str):
                assert each.startswith(SITE), f"{where}: {name} is {each}"
            check(each, f"{where}.{name}")


def answered(author):
    question = make_thread(author, is_question=True, title="How do you begin?")
    question.mark_best(make_comment(question, make_member(), "Ask first."), by=author)
    return question


KINDS = {
    "BlogPosting": make_post,
    "DiscussionForumPosting": make_thread,
    "QAPage": answered,
    "Event": make_event,
    "VideoObject": make_video,
    "WebPage": make_link,
    "Article": make_case_study,
}
ARTICLES = {"document": make_document, "report": lambda author: make_report(), "case study": make_case_study}


@pytest.mark.parametrize(
    ("schema_type", "maker"), [*KINDS.items(), *(("Article", maker) for maker in ARTICLES.values())]
)
def test_each_kind_is_told_with_what_its_type_must_have(client, member, schema_type, maker):
    item = maker(member)
    things = told_in(client.get(item.get_absolute_url()).content.decode())
    assert [thing["@type"] for thing in things] == [schema_type, "BreadcrumbList"]
    for thing in things:
        check(thing, schema_type)
    steps = things[1]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert (steps[0]["item"], steps[-1]["name"]) == (f"{SITE}/", item.title)
    assert "itemprop" not in client.get(item.get_absolute_url()).content.decode()


def test_an_answered_question_is_told_with_its_answer(client, member):
    question = answered(member)
    (page,) = told_in(client.get(question.get_absolute_url()).content.decode(), "QAPage")
    told = page["mainEntity"]
    best = question.comments.get()
    assert (told["name"], told["answerCount"]) == ("How do you begin?", 1)
    accepted = told["acceptedAnswer"]
    assert (accepted["text"], accepted["url"]) == ("Ask first.", f"{SITE}/comments/{best.pk}/")
    question.mark_best(best, marked=False)
    things = told_in(client.get(question.get_absolute_url()).content.decode())
    assert [thing["@type"] for thing in things] == ["DiscussionForumPosting", "BreadcrumbList"]


def test_a_report_is_told_by_when_it_appeared_and_who_wrote_it(client):
    report = make_report(byline="New Economics Foundation", year=2010)
    (told,) = told_in(client.get(report.get_absolute_url()).content.decode(), "Article")
    assert told["author"] == {"@type": "Organization", "name": "New Economics Foundation"}
    dated = report.card.get("dated")
    assert told["datePublished"] == (f"{dated[0]}-{dated[1]:02d}" if dated and dated[1] else "2010")


@pytest.mark.parametrize("known_to", ["month", "year"])
def test_what_has_no_known_day_or_place_is_no_event(client, member, known_to):
    made = make_event(
        member, known_to=known_to, starts_on=None, starts_time=None, ends_time=None, year=2010, month=7
    )
    nowhere = make_event(member, venue="", address="", online_url="")
    for item in (made, nowhere):
        things = told_in(client.get(item.get_absolute_url()).content.decode())
        assert [thing["@type"] for thing in things] == ["BreadcrumbList"]


def test_nothing_is_told_but_to_visitors_of_what_everyone_may_see(client, member):
    public = make_post(member, title="For everyone")
    members = make_post(member, title="For members", audience="members")
    draft = make_post(member, publish=False)
    client.force_login(member)
    for item in (public, members, draft):
        html = client.get(item.get_absolute_url()).content.decode()
        assert "ld+json" not in html
        assert "og:title" not in html
        assert 'rel="canonical"' not in html


def test_a_later_page_of_a_conversation_is_not_told_again(client, member):
    thread = make_thread(member)
    for _ in range(21):
        make_comment(thread, member)
    html = client.get(f"{thread.get_absolute_url()}?page=2").content.decode()
    assert told_in(html) == []
    assert f'<link rel="canonical" href="{SITE}{thread.get_absolute_url()}?page=2">' in html


HOSTILE = '</script><script>alert(1)</script> <!-- & \u2028 “quoted” "x" 🧵'


@pytest.mark.parametrize(
    "maker", [make_post, make_thread, make_event, make_video, make_link, make_case_study]
)
def test_nothing_that_was_typed_ends_the_block(client, member, maker):
    item = maker(member, title=HOSTILE, summary=HOSTILE, keywords=["a</script>b"])
    html = client.get(item.get_absolute_url()).content.decode()
    block = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not {"<", ">", "&", "\u2028"} & set(block)
    things = told_in(html)
    assert item.title in {things[0].get("headline"), things[0].get("name")}


def test_what_was_told_follows_what_it_is_made_of(client, member):
    post = make_post(member, title="Before")
    assert "Before" in client.get(post.get_absolute_url()).content.decode()
    member.write_profile({"display_name": "Another Name"})
    (told,) = told_in(client.get(post.get_absolute_url()).content.decode(), "BlogPosting")
    assert told["author"]["name"] == "Another Name"


def test_a_profile_is_told_of_who_chose_to_be_found(client):
    found = make_member("Found", indexable=True, organisation="Leeds Council", show_organisation="everyone")
    private = make_member(
        "Private", indexable=True, organisation="Leeds Council", show_organisation="members"
    )
    (page,) = told_in(client.get(found.get_absolute_url()).content.decode(), "ProfilePage")
    check(page, "profile")
    assert page["mainEntity"] == {
        "@type": "Person",
        "name": "Found",
        "url": f"{SITE}{found.get_absolute_url()}",
        "worksFor": {"@type": "Organization", "name": "Leeds Council"},
    }
    (page,) = told_in(client.get(private.get_absolute_url()).content.decode(), "ProfilePage")
    assert set(page["mainEntity"]) == {"@type", "name", "url"}
    for fields in ({}, {"indexable": True, "in_directory": False}):
        other = make_member(**fields)
        assert told_in(client.get(other.get_absolute_url()).content.decode()) == []


def test_the_site_tells_how_it_is_searched(client):
    (told,) = told_in(client.get("/").content.decode())
    check(told, "home")
    assert told["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"


def test_a_dataset_is_told_with_its_files(member):
    told = structured.dataset(
        "Sample", "What this sample is about, in fifty characters or more.", reverse("discovery:browse"),
        changed=member.changed_at, downloads=[("text/csv", "/browse/?format=csv")],
    )  # fmt: skip
    check(told, "dataset")
    assert told["distribution"] == [
        {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{SITE}/browse/?format=csv"}
    ]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/blog/", "/blog/"),
        ("/blog/?page=1", "/blog/"),
        ("/blog/?utm_source=x&sort=y", "/blog/"),
        ("/blog/?sector=b&principle=a&format=xml", "/blog/?principle=a&amp;sector=b"),
        ("/browse/?kind=blog&region=wales", "/browse/?kind=blog&amp;region=wales"),
        ('/blog/?keyword="><script>', "/blog/?keyword=%22%3E%3Cscript%3E"),
        ("/about/", "/about/"),
    ],
)
def test_a_page_names_the_address_it_is_known_by(client, settings, asked, canonical):
    settings.ALLOWED_HOSTS = ["*"]
    html = client.get(asked, HTTP_HOST="elsewhere.example").content.decode()
    assert f'<link rel="canonical" href="{SITE}{canonical}">' in html


def test_search_names_none_and_asks_not_to_be_kept(client):
    html = client.get("/search/?q=budget").content.decode()
    assert 'rel="canonical"' not in html
    assert '<meta name="robots" content="noindex, follow">' in html
