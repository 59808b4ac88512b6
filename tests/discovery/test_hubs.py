"""Hubs: the pages of a principle in a sector, a region and a keyword; what stands on them, and following them."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from commons.contributions.models import Contribution, Follow
from commons.contributions.querysets import Reach
from commons.tagging import vocabulary
from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.places import Pair, RegionPlace
from events.words import card_facts
from tests.factories import (
    make_case_study,
    make_document,
    make_event,
    make_member,
    make_moderator,
    make_post,
    make_thread,
)
from tests.world import READERS, SHARED_KEYWORD, build_world

pytestmark = pytest.mark.django_db

PRINCIPLE, SECTOR = "recognising-people-as-assets", "housing"
PAIR = f"/evidence-map/{PRINCIPLE}/{SECTOR}/"
REGION = "/regions/wales/"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def tags():
    return {
        "principles": [Principle.objects.get(slug=PRINCIPLE)],
        "sectors": [ServiceSector.objects.get(slug=SECTOR)],
    }


@pytest.fixture
def pair(tags):
    return Pair(tags["principles"][0], tags["sectors"][0])


def parts(response):
    """Return {part: titles} of a hub."""
    return {part.code: [line.title for line in part.lines] for part in response.context["hub"].parts}


def level(item, value):
    """Let an item have this level of evidence."""
    Contribution.objects.filter(pk=item.pk).update(evidence_level=value)


def test_the_parts_of_a_hub(client, tags):
    author = make_member()
    for value in (2, 5, 0, 3):
        level(make_case_study(author, title=f"Level {value}", **tags), value)
    make_thread(author, title="Asked", is_question=True, **tags)
    make_thread(author, title="Talked over", is_question=False, **tags)
    for days in (9, 3, 20, 5):
        make_event(author, title=f"In {days} days", days=days, **tags)
    for number in range(6):
        make_post(author, title=f"Post {number}", **tags)
    response = client.get(PAIR)
    assert parts(response) == {
        "evidence": ["Level 5", "Level 3", "Level 2"],
        "questions": ["Asked"],
        "events": ["In 3 days", "In 5 days", "In 9 days"],
    }
    hub = response.context["hub"]
    assert [card.title for card in hub.newest] == [f"Post {number}" for number in (5, 4, 3, 2, 1, 0)]
    assert {part.code: part.count for part in hub.kinds} == {
        "blog": "6", "forum": "2", "event": "4", "case-study": "4",
    }  # fmt: skip


def test_an_event_to_come_says_when_it_is_and_not_when_it_was_put_in(client, tags):
    event = make_event(title="Fair", days=3, venue="The hall", **tags)
    line = client.get(PAIR).content.decode().split(">Fair</a> ")[-1].partition("</li>")[0]
    assert line.strip() == f'<span class="meta">{" · ".join(card_facts(event))}</span>'


def test_an_event_that_is_over_and_an_answered_question_are_in_no_part(client, tags):
    make_event(title="Over", days=-3, **tags)
    thread = make_thread(title="Answered", is_question=True, **tags)
    Contribution.objects.filter(pk=thread.pk).update(answered=True)
    assert parts(client.get(PAIR)) == {}


def test_a_pair_has_only_what_is_about_both(client, tags):
    make_post(title="Both", **tags)
    make_post(title="Principle alone", principles=tags["principles"], sectors=[ServiceSector.objects.last()])
    make_post(title="Sector alone", sectors=tags["sectors"], principles=[Principle.objects.last()])
    assert [card.title for card in client.get(PAIR).context["hub"].newest] == ["Both"]
    text = client.get(f"{PAIR}feed/").content.decode()
    assert ("Both" in text, "alone" in text) == (True, False)


def test_a_region_has_only_what_is_about_it(client):
    event = make_event(title="Here", region="wales")
    make_event(title="Elsewhere", region="scotland")
    assert [card.title for card in client.get(REGION).context["hub"].newest] == ["Here"]
    text = client.get(f"{REGION}feed/").content.decode()
    assert ("Here" in text, "Elsewhere" in text) == (True, False)
    assert f'href="{REGION}"' in client.get(event.get_absolute_url()).content.decode()
    assert f'href="{REGION}"' in client.get("/regions/").content.decode()


def test_a_pair_of_which_nothing_is_known_says_what_one_can_do(client):
    text = client.get(PAIR).content.decode()
    place = f"principle={PRINCIPLE}&amp;sector={SECTOR}"
    for address in (
        f"/case-studies/new/?{place}",
        f"/forum/new/?question=1&amp;{place}",
        f"/members/?{place}",
        f"{PAIR}feed/",
    ):
        assert f'href="{address}"' in text
    assert text.count(">Add what you know</a>") == 1
    assert "<strong>Gap</strong>: nothing has been published about it here" in text


def test_a_pair_says_how_strong_the_evidence_is(client, tags):
    level(make_case_study(**tags), 3)
    text = client.get(PAIR).content.decode()
    assert "<strong>Strong</strong>: 1 item<ul><li>Case studies: 1</li>" in text
    assert "<li>Best level of evidence: 3, Compared with others</li>" in text


def test_a_pair_without_a_level_of_evidence_says_so(client, tags):
    make_post(**tags)
    assert "<li>Best level of evidence: none is given</li>" in client.get(PAIR).content.decode()


def test_all_of_a_part_is_one_step_away(client, tags):
    author = make_member()
    for number in range(4):
        level(make_case_study(author, title=f"Case {number}", region="wales", **tags), number)
        make_thread(author, title=f"Asked {number}", is_question=True, **tags)
        make_event(author, title=f"Coming {number}", region="wales", **tags)
    make_document(author, title="Guidance", region="wales", **tags)
    make_thread(author, title="Talked over", **tags)
    make_event(author, title="Over", days=-3, **tags)
    all_of = {}
    for path in (PAIR, REGION):
        hub = client.get(path).context["hub"]
        for part in hub.parts:
            titles = {card.title for card in client.get(part.all_url).context["cards"]}
            all_of.setdefault(part.code, []).append(titles)
    assert all_of == {
        "evidence": [{f"Case {number}" for number in range(4)}] * 2,
        "questions": [{f"Asked {number}" for number in range(4)}],
        "events": [{f"Coming {number}" for number in range(4)}] * 2,
    }


def test_a_principle_leads_to_its_page_in_each_sector_and_back(client, tags):
    for path, others in (
        (tags["principles"][0].get_absolute_url(), ServiceSector.objects.count()),
        (tags["sectors"][0].get_absolute_url(), Principle.objects.count()),
    ):
        text = client.get(path).content.decode()
        assert (text.count('href="/evidence-map/') - 1, f'href="{PAIR}"' in text) == (others, True)


def test_people_are_named_to_members_alone_and_only_those_in_the_directory(client, member, tags):
    shown = make_member("Zq Shown", in_directory=True)
    hidden = make_member("Zq Hidden", in_directory=False)
    for person in (shown, hidden):
        person.principles.set(tags["principles"])
        person.sectors.set(tags["sectors"])
    assert "Zq" not in client.get(PAIR).content.decode()
    client.force_login(member)
    text = client.get(PAIR).content.decode()
    assert ("Zq Shown" in text, "Zq Hidden" in text) == (True, False)


@pytest.mark.parametrize(("sight", "named"), [("everyone", True), ("members", True), ("nobody", False)])
def test_who_hides_their_place_is_not_named_on_its_page(client, member, sight, named):
    make_member("Zq Welsh", in_directory=True, region="wales", show_place=sight)
    client.force_login(member)
    assert ("Zq Welsh" in client.get(REGION).content.decode()) is named


def test_nothing_hidden_is_shown_or_counted():
    world = build_world()
    Contribution.objects.filter(pk__in=[item.pk for item in world.items.values()]).update(region="wales")
    keyword = Keyword.objects.get(name=SHARED_KEYWORD)
    paths = [Pair(world.principle, world.sector).get_absolute_url(), REGION, keyword.get_absolute_url()]
    for reader in READERS:
        for path in paths:
            response = world.client_for(reader).get(path)
            shown = world.listed_to(reader)
            assert world.found_in(response) - set(world.people) <= shown
            assert sum(int(part.count) for part in response.context["hub"].kinds) == len(shown)


@pytest.mark.parametrize(
    "path",
    [
        f"/evidence-map/{PRINCIPLE}/nothing/",
        f"/evidence-map/nothing/{SECTOR}/",
        f"/evidence-map/{SECTOR}/{PRINCIPLE}/",
        "/regions/atlantis/",
        "/regions/WALES/",
    ],
)
@pytest.mark.parametrize("below", ["", "feed/", "follow/"])
def test_what_is_no_hub_is_404(client, member, path, below):
    client.force_login(member)
    assert client.get(path + below).status_code == 404


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize(
    ("path", "visitor", "unchanged", "reader"),
    [(PAIR, 2, 1, 7), (REGION, 2, 1, 7), ("/keywords/jam/", 5, 2, 9), ("/regions/", 1, 1, 3)],
)
def test_number_of_queries(client, member, queries, tags, number, path, visitor, unchanged, reader):
    author = make_member()
    for count in range(number):
        make_event(author, title=f"Event {count}", region="wales", keywords=["jam"], **tags)
    client.get(path)
    cache.delete(vocabulary.CACHE_KEY)
    client.get(path)
    with queries(visitor):  # the numbers of the map and what stands on the hub are kept
        client.get(path)
    tag = client.get(path)["ETag"]
    with queries(unchanged):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    client.force_login(member)
    client.get(path)
    with queries(reader):
        client.get(path)


@pytest.mark.parametrize("reader", ["visitor", "member"])
@pytest.mark.parametrize("path", [PAIR, REGION, "/keywords/jam/", f"/library/principles/{PRINCIPLE}/"])
def test_what_is_kept_ends_with_the_next_change(client, member, tags, path, reader):
    def shown():
        hub = client.get(path).context["hub"]
        return [card.title for card in hub.newest], [kind.count for kind in hub.kinds]

    if reader == "member":
        client.force_login(member)
    make_post(title="First", region="wales", keywords=["jam"], **tags)
    assert shown() == (["First"], ["1"])
    second = make_post(title="Second", region="wales", keywords=["jam"], **tags)
    assert shown() == (["Second", "First"], ["2"])
    second.remove(make_moderator(), "Spam")
    assert shown() == (["First"], ["1"])


def test_what_is_kept_passes_the_gate_again(client, tags):
    post = make_post(title="Kept", **tags)
    client.get(PAIR)
    # What no change announces, as if an index were out of step.
    Contribution.objects.filter(pk=post.pk).update(reach=Reach.NOBODY)
    assert client.get(PAIR).context["hub"].newest == []


@pytest.mark.parametrize("path", [PAIR, REGION, "/keywords/jam/", f"/library/principles/{PRINCIPLE}/"])
def test_a_page_changes_with_the_day(client, tags, monkeypatch, path):
    make_event(title="Tomorrow", days=1, region="wales", keywords=["jam"], **tags)
    before = client.get(path)["ETag"]
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda *given: today + timedelta(days=30))
    response = client.get(path)
    assert (response["ETag"] == before, parts(response)) == (False, {})


# --- for machines -------------------------------------------------------------------------------------

PLACES = {
    PAIR: f"principle={PRINCIPLE}&sector={SECTOR}",
    REGION: "region=wales",
    f"/library/principles/{PRINCIPLE}/": f"principle={PRINCIPLE}",
    f"/library/sectors/{SECTOR}/": f"sector={SECTOR}",
}


@pytest.mark.parametrize(("path", "facets"), PLACES.items())
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_all_that_a_hub_is_about_is_there_as_data_newest_first(client, member, tags, path, facets, reader):
    for number in range(21):
        make_post(member, title=f"Post {number}", region="wales", **tags)
    make_post(member, title="For members", audience="members", region="wales", **tags)
    make_post(member, title="Begun", publish=False, region="wales", **tags)
    make_post(
        member,
        title="Elsewhere",
        principles=[Principle.objects.exclude(slug=PRINCIPLE).first()],
        sectors=[ServiceSector.objects.exclude(slug=SECTOR).first()],
    )
    if reader == "member":
        client.force_login(member)
    titles = [*(["For members"] if reader == "member" else []), *(f"Post {n}" for n in range(20, -1, -1))]
    first = client.get(f"{path}?format=json").json()
    second = client.get(first["next"].removeprefix(SITE)).json()
    assert [item["title"] for item in first["items"] + second["items"]] == titles
    assert (first["count"], len(first["items"]), second["next"]) == (len(titles), 20, None)
    assert (first["self"], first["html"]) == (f"{SITE}{path}?format=json", f"{SITE}/browse/?{facets}")
    assert second["html"] == f"{SITE}/browse/?{facets}&page=2"
    # The same as browse says of it, and a table of all.
    assert client.get(f"/browse/?{facets}&format=json").json()["items"] == first["items"]
    table = client.get(f"{path}?format=csv").content.decode("utf-8-sig")
    assert [row[3] for row in csv.reader(StringIO(table, newline=""))][1:] == titles


@pytest.mark.parametrize("path", PLACES)
def test_a_hub_leads_to_its_data_and_its_feed_where_there_is_any(client, tags, path):
    def leads():
        text = client.get(path).content.decode()
        return [
            text.count(f'href="?format={name}" rel="nofollow"') for name in ("csv", "json")
        ], f'type="application/atom+xml" href="{path}feed/"' in text

    assert leads() == ([0, 0], True)
    make_post(region="wales", **tags)
    assert leads() == ([1, 1], True)


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize(
    ("path", "visitor", "reader"),
    [(PAIR, 3, 4), (REGION, 3, 4), (f"/library/principles/{PRINCIPLE}/", 4, 4)],
)
def test_number_of_queries_of_the_data(client, member, queries, tags, number, path, visitor, reader):
    for _ in range(number):
        make_post(region="wales", **tags)
    client.get(path)
    for cost in (visitor, reader):
        for name in ("json", "csv"):
            with queries(cost):
                client.get(f"{path}?format={name}")
        tag = client.get(f"{path}?format=json").headers.get("ETag", "")
        assert client.get(f"{path}?format=json", headers={"If-None-Match": tag}).status_code == (
            304 if tag else 200
        )
        client.force_login(member)


# --- following ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAIR, REGION])
def test_following_and_no_more(client, member, path):
    client.force_login(member)
    assert client.get(path).context["follows"] is False
    for _twice in range(2):
        assert client.post(f"{path}follow/", {"want": "1"})["Location"] == path
    assert (Follow.objects.of(member).count(), client.get(path).context["follows"]) == (1, True)
    listed = client.get(reverse("profiles:following")).context["followed"]
    assert [(thing.url, thing.stop_url) for thing in listed] == [(path, f"{path}follow/")]
    client.post(f"{path}follow/", {"want": "0"})
    assert (Follow.objects.of(member).count(), client.get(path).context["follows"]) == (0, False)


def test_a_pair_is_followed_beside_its_principle_and_its_sector(member, pair):
    for thing in (pair, pair.principle, pair.sector):
        Follow.objects.set(member, thing, True)
    assert [follow.sort for follow in Follow.objects.of(member).order_by("pk")] == [
        "pair",
        "principle",
        "sector",
    ]
    Follow.objects.set(member, pair.principle, False)
    assert {follow.sort for follow in Follow.objects.of(member)} == {"pair", "sector"}
    assert list(Follow.objects.of(member).on(pair.principle)) == []
    assert [follow.thing for follow in Follow.objects.of(member).on(pair)] == [pair]


def test_what_is_new_for_who_follows_a_pair_or_a_region(member, pair, tags):
    make_post(title="Both", **tags)
    make_post(title="One", principles=tags["principles"], sectors=[ServiceSector.objects.last()])
    make_event(title="Welsh", region="wales", principles=[Principle.objects.last()])

    def new():
        return {item.title for item in Contribution.objects.listed_to(member).new_for(member)}

    assert new() == set()
    Follow.objects.set(member, pair, True)
    assert new() == {"Both"}
    Follow.objects.set(member, RegionPlace("wales"), True)
    assert new() == {"Both", "Welsh"}
    Follow.objects.set(member, pair, False)
    Follow.objects.set(member, pair.principle, True)
    assert new() == {"Both", "One", "Welsh"}
