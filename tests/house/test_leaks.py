"""Nothing leaks: every address, asked as visitor, stranger, author and administrator."""

import pytest
from django.urls import URLPattern, get_resolver

from tests import addresses
from tests.addresses import ITEMS, NOTHING, ONE, OWN, PEOPLE, PERSON, POSTS, REPORTS, ROWS
from tests.world import READERS, build_world

pytestmark = pytest.mark.django_db


def test_every_address_has_a_row():
    assert set(addresses.names()) == set(ROWS)


@pytest.fixture
def world():
    return build_world()


def allowed(world, row, reader, path):
    """Return the markers that a page may show to a reader."""
    items = world.listed_to("visitor" if row.answer == addresses.OTHER and "feed" in path else reader)
    reports = {marker for marker in items if "report" in marker}
    own = {marker for marker, item in world.items.items() if item.author_id == world.author.pk}
    byline = {"zqauthor"}
    return {
        NOTHING: set(),
        ITEMS: items | byline,
        POSTS: (items - reports) | byline,
        REPORTS: reports,
        PEOPLE: world.people_listed(),
        "found": items | world.people_listed(),
        "keywords": items,
        OWN: {"author": own | byline, "stranger": {"zqstranger"}}.get(reader, set()),
    }[row.shows]


LISTS = {ITEMS, POSTS, REPORTS, PEOPLE, "found", "keywords"}


@pytest.mark.parametrize("reader", READERS)
def test_pages_show_what_they_may_and_no_more(world, reader):
    """All lists in one test: making the world costs more than asking for a page."""
    client = world.client_for(reader)
    chrome = {"zqauthor", "zqstranger"} & {f"zq{reader}"}
    wrong = []
    for name, row in ROWS.items():
        if row.shows in {ONE, PERSON}:
            continue
        for path in row.paths(world):
            response = client.get(path)
            if response.status_code >= 500:
                wrong.append(f"{path}: {response.status_code}")
            found = world.found_in(response) - chrome
            may = allowed(world, row, reader, path)
            if name == "home" and reader == "author":
                may = may | {"zqdraft", "zqawaiting"}  # what one has begun
            if found - may:
                wrong.append(f"{name} {path} shows {found - may}")
            if row.shows in LISTS and name != "home" and may - found - chrome - {"zqauthor"}:
                wrong.append(f"{name} {path} misses {may - found}")
    assert wrong == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.shows == ONE])
def test_an_items_page_opens_only_for_those_who_may_see_it(world, name, reader):
    client = world.client_for(reader)
    kind = "blog" if name.startswith("blog") else "report"
    for marker, item in world.items.items():
        if item.kind != kind:
            continue
        response = client.get(item.get_absolute_url())
        if marker in world.visible_to(reader):
            assert response.status_code == 200, marker
        else:
            gone = marker == "zqwithdrawn"
            assert response.status_code == (410 if gone else 404), marker
            assert world.found_in(response) <= {f"zq{reader}"}


@pytest.mark.parametrize("reader", READERS)
def test_a_profile_opens_only_for_those_who_may_see_it(world, reader):
    client = world.client_for(reader)
    listed = world.listed_to(reader)
    for marker, member in world.people.items():
        response = client.get(member.get_absolute_url())
        if marker in world.people_visible(reader):
            assert response.status_code == 200, marker
            shown = world.found_in(response) - {marker, f"zq{reader}"}
            wrote = {m for m in listed if world.items[m].author_id == member.pk}
            assert shown == wrote, marker
        else:
            assert response.status_code == 404, marker
            assert world.found_in(response) <= {f"zq{reader}"}


@pytest.mark.parametrize("reader", ["stranger", "administrator"])
def test_nobody_edits_or_withdraws_anothers(world, reader):
    client = world.client_for(reader)
    for item in world.items.values():
        for below in ("edit/", "withdraw/"):
            for method in (client.get, client.post):
                assert method(item.url_below(below)).status_code == 404


def admin_addresses(resolver, prefix="/admin/"):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            route = str(pattern.pattern)
            for name in pattern.pattern.converters:
                route = (
                    route.replace(f"<path:{name}>", "1")
                    .replace(f"<int:{name}>", "1")
                    .replace(f"<str:{name}>", "x")
                )
            if "<" not in route and "(?P" not in route and "^" not in route:
                yield prefix + route
        else:
            yield from admin_addresses(pattern, prefix + str(pattern.pattern))


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author"])
def test_the_admin_is_for_administrators(world, reader):
    client = world.client_for(reader)
    admin = next(p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin")
    paths = list(admin_addresses(admin))
    assert len(paths) > 30
    for path in paths:
        if path in {"/admin/login/", "/admin/jsi18n/", "/admin/logout/"}:
            continue
        response = client.get(path)
        assert response.status_code in {302, 403, 404, 405}, path
        assert world.found_in(response) <= {f"zq{reader}"}, path
