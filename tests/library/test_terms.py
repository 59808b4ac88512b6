"""The pages of principles and sectors: their text, their neighbours, and exactly what is tagged with them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text
from tests.factories import make_member, make_post, make_report
from tests.world import build_world

pytestmark = pytest.mark.django_db

FIRST, SECOND, LAST = (
    "recognising-people-as-assets",
    "building-on-existing-capabilities",
    "facilitating-rather-than-delivering",
)


@pytest.fixture
def principle():
    return Principle.objects.get(slug=FIRST)


@pytest.fixture
def sector():
    return ServiceSector.objects.get(slug="housing")


def hub(response):
    """Return ({kind: how many, in words}, titles of the newest) of what a page shows as tagged."""
    found = response.context["hub"]
    return {part.code: part.count for part in found.kinds}, [card.title for card in found.newest]


def test_a_principle_s_page_shows_its_text(client, principle):
    Text.write(
        principle.text_key, title="x", body="## What it means\n\nA lot.\n\n## Questions to ask\n\nWhy?"
    )
    response = client.get(principle.get_absolute_url())
    assert response.context["html"] == (
        "<h2>What it means</h2>\n<p>A lot.</p>\n<h2>Questions to ask</h2>\n<p>Why?</p>\n"
    )
    assert response.context["term"].name == principle.name


def test_a_principle_without_a_text_still_has_its_page(client, principle):
    response = client.get(principle.get_absolute_url())
    assert (response.status_code, response.context["html"]) == (200, "")


def test_the_newest_of_all_kinds_and_how_many_there_are(client, principle, sector):
    author = make_member()
    for number in range(6):
        make_post(author, title=f"Post {number}", principles=[principle], sectors=[sector])
    make_report(title="Report", principles=[principle], sectors=[sector])
    make_post(author, title="Other", principles=[Principle.objects.get(slug=SECOND)])
    expected = (
        {"blog": "6", "report": "1"},
        ["Report", "Post 5", "Post 4", "Post 3", "Post 2", "Post 1"],
    )
    assert hub(client.get(principle.get_absolute_url())) == expected
    assert hub(client.get(sector.get_absolute_url())) == expected


def test_all_of_a_kind_is_one_step_away(client, principle, sector):
    make_post(principles=[principle], sectors=[sector])
    urls = {
        part.url
        for term in (principle, sector)
        for part in client.get(term.get_absolute_url()).context["hub"].kinds
    }
    assert urls == {f"/browse/?principle={FIRST}&kind=blog", "/browse/?sector=housing&kind=blog"}


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author", "administrator"])
def test_nothing_hidden_is_shown_or_counted(reader):
    world = build_world()
    for term in (world.principle, world.sector):
        response = world.client_for(reader).get(term.get_absolute_url())
        shown = world.listed_to(reader)
        assert world.found_in(response) - set(world.people) <= shown
        assert sum(int(part.count) for part in response.context["hub"].kinds) == len(shown)


@pytest.mark.parametrize(
    ("slug", "previous", "following"),
    [
        (FIRST, None, SECOND),
        (SECOND, FIRST, "mutuality-and-reciprocity"),
        (LAST, "blurring-distinctions", None),
    ],
)
def test_neighbours(client, slug, previous, following):
    context = client.get(reverse("library:principle", args=[slug])).context
    around = tuple(term and term.slug for term in (context["previous"], context["next"]))
    assert around == (previous, following)


@pytest.mark.parametrize("name", ["principle", "sector", "principle_feed", "sector_feed"])
@pytest.mark.parametrize("slug", ["nothing-like-it", "x" * 300, "1"])
def test_an_unknown_term_is_404(client, name, slug):
    assert client.get(reverse(f"library:{name}", args=[slug])).status_code == 404


@pytest.mark.parametrize(
    "path", ["/library/principles/²/", "/library/principles/a%00b/", "/library/sectors/%ED%A0%80/"]
)
def test_a_hostile_address_is_no_server_error(client, path):
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("facet", ["principle", "sector"])
def test_number_of_queries(client, member, queries, principle, sector, facet, number):
    author = make_member()
    for count in range(number):
        make_post(author, title=f"Post {count}", principles=[principle], sectors=[sector])
        make_report(principles=[principle], sectors=[sector])
    address = {"principle": principle, "sector": sector}[facet].get_absolute_url()
    client.get(address)
    with queries(3):
        client.get(address)
    cache.delete(vocabulary.CACHE_KEY)
    with queries(5):
        client.get(address)
    tag = client.get(address)["ETag"]
    with queries(2):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    client.force_login(member)
    client.get(address)
    with queries(8):
        client.get(address)


def test_a_page_that_changed_is_sent_again(client, principle):
    address = principle.get_absolute_url()
    tags = {client.get(address)["ETag"]}
    post = make_post(principles=[principle])
    tags.add(client.get(address)["ETag"])
    Text.write(principle.text_key, title="x", body="Other words.")
    tags.add(client.get(address)["ETag"])
    post.withdraw(post.author)
    tags.add(client.get(address)["ETag"])
    assert len(tags) == 4


@pytest.mark.parametrize(("number", "words"), [(999, "999"), (1000, "1,000"), (1001, "over 1,000")])
def test_counts_are_exact_to_a_thousand(client, principle, number, words):
    from commons.contributions.models import Contribution

    post = make_post()
    copies = Contribution.objects.bulk_create(
        Contribution(
            kind="blog",
            title=f"Copy {n}",
            status="published",
            reach=2,
            published_at=post.published_at,
            card=post.card,
        )
        for n in range(number)
    )
    through = Contribution.principles.through
    through.objects.filter(contribution=post).delete()
    through.objects.bulk_create(through(contribution=copy, principle=principle) for copy in copies)
    with connection.cursor() as cursor:  # as the database itself does after so many new rows
        for model in (Contribution, through):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    assert client.get(principle.get_absolute_url()).context["hub"].kinds[0].count == words


def test_the_feed_has_what_is_public_and_tagged(client):
    world = build_world()
    other = make_post(
        title="zqother", principles=[Principle.objects.get(slug=LAST)], sectors=[ServiceSector.objects.last()]
    )
    for name, term in (("principle_feed", world.principle), ("sector_feed", world.sector)):
        response = client.get(reverse(f"library:{name}", args=[term.slug]))
        text = response.content.decode()
        assert response["Content-Type"].startswith("application/atom+xml")
        assert world.found_in(response) - set(world.people) == world.listed_to("visitor")
        assert other.title not in text
        assert f"<title>{term.name}</title>" in text


@pytest.mark.parametrize("name", ["home", "principle_list"])
def test_the_principles_are_listed_in_their_order(client, name):
    principles = client.get(reverse(f"library:{name}")).context["principles"]
    assert [term.slug for term in principles] == list(Principle.objects.values_list("slug", flat=True))


@pytest.mark.parametrize("name", ["home", "sector_list"])
def test_the_sectors_are_listed_in_their_order(client, name):
    sectors = client.get(reverse(f"library:{name}")).context["sectors"]
    assert [term.slug for term in sectors] == list(ServiceSector.objects.values_list("slug", flat=True))


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries_of_the_library_s_first_page(client, queries, number):
    for _number in range(number):
        make_report()
    for name, most in (("home", 2), ("principle_list", 0), ("sector_list", 0)):
        client.get(reverse(f"library:{name}"))
        with queries(most):
            client.get(reverse(f"library:{name}"))


def test_the_first_page_shows_the_newest_that_may_be_seen(client):
    world = build_world()
    for number in range(3):
        make_report(title=f"Later {number}")
    home = client.get(reverse("library:home"))
    titles = [card.title for card in home.context["cards"]]
    assert titles[:3] == ["Later 2", "Later 1", "Later 0"]
    assert world.found_in(home) - world.bylines() == {"zqlink", "zqdocument", "zqreport"}
