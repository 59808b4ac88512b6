"""Links: shared by a member with why, found by type, and one entry for one address."""

import re
import uuid

import pytest
from django.contrib.sessions.backends.db import SessionStore

from commons.contributions.models import Contribution
from commons.moderation.models import Case
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from library.link_forms import LinkForm
from library.link_views import CreateView
from library.models import Link
from library.models.link import AddressTaken
from tests.factories import establish, make_link, make_member

pytestmark = pytest.mark.django_db

NEW = "/library/links/new/"
ADDRESS = "https://www.example.org/gardens?a=1"


@pytest.fixture
def member(member):
    """Of a new member everything with an address in it would wait for approval."""
    return establish(member)


def typed(**values):
    return {
        "url": ADDRESS,
        "subtype": "website",
        "title": "Gardens that neighbours keep",
        "body": "They show **how**.",
        "principles": [Principle.objects.get(order=1).pk],
        "sectors": [ServiceSector.objects.get(order=1).pk],
        "audience": "everyone",
        "do": "publish",
        **values,
    }


def codes(response):
    found = response.context["form"].errors.as_data()
    return {name: [error.code for error in errors] for name, errors in found.items()}


def held():
    """Which links hold their address."""
    return {link.pk for link in Link.objects.exclude(address_key=None)}


# --- the form ---------------------------------------------------------------------------------------


def test_a_member_shares_one_and_visitors_find_it(client, member):
    client.force_login(member)
    sent = client.post(NEW, typed(url="example.org/gardens?a=1", subtype="video"))
    link = Link.objects.get()
    assert sent.headers["Location"] == link.get_absolute_url()
    assert (link.url, link.host, link.subtype) == ("https://example.org/gardens?a=1", "example.org", "video")
    assert link.card["host"] == "example.org"
    client.logout()
    page = client.get(link.get_absolute_url()).content.decode()
    assert "<strong>how</strong>" in page
    for place in ("/library/links/", "/library/links/feed/", "/browse/?kind=link", "/search/?q=neighbours"):
        assert "Gardens that neighbours keep" in client.get(place).content.decode(), place


def test_a_link_is_found_by_its_site(client):
    make_link(title="A garden", url="https://www.lanternfish.example.org/")
    assert SearchEntry.objects.get(kind="link").extra.endswith(", lanternfish.example.org")
    assert [card.title for card in client.get("/search/?q=lanternfish").context["cards"]] == ["A garden"]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"url": ""}, {"url": ["required"]}),
        ({"url": "javascript:alert(1)"}, {"url": ["scheme"]}),
        ({"url": "https://10.0.0.1/"}, {"url": ["host"]}),
        ({"url": "https://ann:x@example.org/"}, {"url": ["credentials"]}),
        ({"url": "https://example.org/" + "a" * 1_000}, {"url": ["max_length"]}),
        ({"url": "https://example.org/" + "ŵ" * 300}, {"url": ["too_long"]}),
        ({"body": ""}, {"body": ["required"]}),
        ({"subtype": "podcast"}, {"subtype": ["invalid_choice"]}),
        ({"subtype": ""}, {"subtype": ["required"]}),
    ],
)
def test_what_can_not_be_shared_is_said_beside_its_field_and_all_that_was_typed_stays(
    client, member, values, wrong
):
    client.force_login(member)
    answer = client.post(NEW, typed(**values))
    assert codes(answer) == wrong
    assert answer.context["form"]["title"].value() == "Gardens that neighbours keep"
    assert Link.objects.count() == 0


def test_a_draft_needs_no_reason_yet(client, member):
    client.force_login(member)
    client.post(NEW, typed(body="", do="draft", principles=[], sectors=[]))
    assert Link.objects.get().is_draft


def test_every_version_keeps_address_and_type(client, member):
    client.force_login(member)
    client.post(NEW, typed())
    link = Link.objects.get()
    page = client.get(f"{link.get_absolute_url()}edit/").context["form"]
    assert (page["url"].value(), page["subtype"].value()) == (ADDRESS, "website")
    client.post(
        f"{link.get_absolute_url()}edit/",
        typed(url="https://example.org/b", subtype="video", version=link.version),
    )
    kept = [
        (version.snapshot["url"], version.snapshot["subtype"])
        for version in link.revisions.order_by("number")
    ]
    assert kept == [(ADDRESS, "website"), ("https://example.org/b", "video")]


def test_the_form_is_opened_for_a_video_where_the_address_says_so(client, member):
    client.force_login(member)
    assert client.get(f"{NEW}?type=video").context["form"]["subtype"].value() == "video"
    assert client.get(f"{NEW}?type=podcast").context["form"]["subtype"].value() == "website"


# --- pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subtype", "words"), [("website", "Go to example.org"), ("video", "Watch it on example.org")]
)
def test_the_page_says_where_it_leads_and_leads_there_on_a_click_only(client, subtype, words):
    link = make_link(url=ADDRESS, subtype=subtype)
    page = client.get(link.get_absolute_url()).content.decode()
    (anchor,) = re.findall(r"<a [^>]*example\.org/gardens[^>]*>[^<]*</a>", page)
    assert anchor == f'<a class="btn" href="{ADDRESS}" rel="nofollow ugc noopener noreferrer">{words}</a>'
    assert "This leads away from here, to example.org." in page
    assert not re.search(r"<(iframe|img|video|embed|object|link)[^>]*example\.org", page)


def test_an_address_that_looks_like_html_is_words(client):
    link = make_link(url="https://example.org/'\"><script>alert(1)</script>")
    page = client.get(link.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert link.url == "https://example.org/'%22%3E%3Cscript%3Ealert(1)%3C/script%3E"


def test_a_card_names_the_site_and_what_it_is(client):
    make_link(url=ADDRESS, subtype="video")
    (card,) = client.get("/library/links/").context["cards"]
    assert (card.kind_label, card.facts) == ("Link", ["Video", "example.org"])
    assert "Video · example.org" in card.html(2)


def titles(response):
    return {card.title for card in response.context["cards"]}


def test_websites_and_videos_by_themselves(client):
    make_link(title="A site")
    make_link(title="A film", subtype="video")
    make_link(title="A members’ film", subtype="video", audience="members")
    assert titles(client.get("/library/links/")) == {"A site", "A film"}
    assert titles(client.get("/library/links/?type=website")) == {"A site"}
    assert titles(client.get("/library/links/?type=podcast")) == {"A site", "A film"}
    page = client.get("/library/links/?type=video&region=wales").content.decode()
    assert '<a href="/library/links/?type=website&amp;region=wales">Website</a>' in page
    assert '<a href="/library/links/?type=video&amp;region=wales" aria-current="true">Video</a>' in page
    assert '<a href="/library/links/?region=wales">All</a>' in page
    page = client.get("/library/links/?type=video&page=1")
    assert (titles(page), page.context["feed_query"]) == ({"A film"}, "type=video")
    client.force_login(make_member())
    assert titles(client.get("/library/links/?type=video")) == {"A film", "A members’ film"}


def test_a_feed_of_one_type(client):
    make_link(title="A site")
    make_link(title="A film", subtype="video")
    feed = client.get("/library/links/feed/?type=video").content.decode()
    assert re.findall(r"<title>(A [^<]*)</title>", feed) == ["A film"]
    assert (
        len(re.findall(r"<title>(A [^<]*)</title>", client.get("/library/links/feed/").content.decode())) == 2
    )


@pytest.mark.parametrize("count", [1, 3, 25])
def test_a_list_costs_the_same_however_long_it_is(client, queries, count):
    author = make_member()
    for _number in range(count):
        make_link(author)
    client.get("/library/links/")
    for path in ("/library/links/", "/library/links/?type=website"):
        with queries(3):
            client.get(path)


def test_what_a_page_costs(client, queries):
    link = make_link()
    client.get(link.get_absolute_url())
    with queries(2):  # the link, and what is like it
        client.get(link.get_absolute_url())


# --- one entry for one address ----------------------------------------------------------------------


def test_an_address_that_is_there_leads_to_its_entry(client, member):
    existing = make_link(url=ADDRESS, title="Their <garden>", audience="members")
    client.force_login(member)
    answer = client.post(NEW, typed(url="http://example.org/gardens/?a=1&utm_source=x#top"))
    assert codes(answer) == {"url": ["taken"]}
    page = answer.content.decode()
    assert f'<a href="{existing.get_absolute_url()}">Their &lt;garden&gt;</a>' in page
    assert "This address is in the library already, as “Their &lt;garden&gt;”." in page
    assert Link.objects.count() == 1
    assert codes(client.post(NEW, typed(do="preview"))) == {"url": ["taken"]}


def test_a_draft_of_it_can_be_kept_and_not_published(client, member):
    make_link(url=ADDRESS)
    client.force_login(member)
    client.post(NEW, typed(do="draft"))
    draft = Link.objects.get(author=member)
    assert codes(client.post(f"{draft.get_absolute_url()}edit/", typed(version=draft.version))) == {
        "url": ["taken"]
    }
    draft.refresh_from_db()
    assert draft.is_draft


def test_one_s_own_entry_can_be_edited(client, member):
    link = make_link(member, url=ADDRESS)
    client.force_login(member)
    answer = client.post(
        f"{link.get_absolute_url()}edit/", typed(title="Another title", version=link.version)
    )
    assert answer.status_code == 302
    assert held() == {link.pk}


def test_an_entry_can_not_be_given_the_address_of_another(client, member):
    make_link(url="https://example.org/other")
    link = make_link(member, url=ADDRESS)
    client.force_login(member)
    edited = typed(url="https://example.org/other", version=link.version)
    assert codes(client.post(f"{link.get_absolute_url()}edit/", edited)) == {"url": ["taken"]}
    link.refresh_from_db()
    assert link.url == ADDRESS


@pytest.mark.parametrize("state", ["draft", "awaiting", "removed", "withdrawn", "hidden"])
def test_an_entry_that_a_member_can_not_see_is_not_given_away(client, member, administrator, state):
    other = make_link(url=ADDRESS, title="zqother", publish=state not in {"draft", "awaiting"})
    {
        "draft": lambda: None,
        "awaiting": lambda: other.submit(other.author, held_because="It has links."),
        "removed": lambda: other.remove(administrator, "Off topic."),
        "withdrawn": lambda: other.withdraw(other.author),
        "hidden": lambda: other.author.hide_contributions(),
    }[state]()
    client.force_login(member)
    answer = client.post(NEW, typed())
    assert answer.status_code == 302
    mine = Link.objects.get(author=member)
    assert held() == {mine.pk}
    assert "zqother" not in client.get(mine.get_absolute_url()).content.decode()


def test_an_author_who_is_shown_again_brings_no_error(member):
    """Two entries of one address are listed then: the later one holds it, and both can be taken down."""
    theirs = make_link(url=ADDRESS)
    theirs.author.hide_contributions()
    mine = make_link(member, url=ADDRESS)
    theirs.author.hide_contributions(hidden=False)
    assert held() == {mine.pk}
    assert set(Link.objects.exclude(reach=0)) == {theirs, mine}
    mine.withdraw(member)
    theirs.refresh_from_db()
    theirs.withdraw(theirs.author)
    assert held() == set()


def test_an_address_is_held_while_its_entry_is_published(member, administrator):
    link = make_link(member, url=ADDRESS, publish=False)
    states = []
    for step in (
        lambda: link.submit(member),
        lambda: link.hold(member, "It has links."),
        lambda: link.approve(administrator),
        lambda: link.remove(administrator, "Off topic."),
        lambda: link.restore(administrator),
        lambda: link.withdraw(member),
    ):
        states.append(bool(held()))
        step()
    assert [*states, bool(held())] == [False, True, False, True, False, True, False]


# --- when somebody else was faster --------------------------------------------------------------------


def test_a_moderator_who_restores_what_was_added_anew_is_told(client, member, administrator):
    link = make_link(member, url=ADDRESS)
    link.remove(administrator, "Off topic.")
    make_link(url=ADDRESS, title="The new one")
    client.force_login(administrator)
    answer = client.post(
        "/admin/library/link/", {"action": "restore_selected", "_selected_action": [link.pk]}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == [
        f"Nothing was done about “{link.title}”. Its address is in the library already, as “The new one”."
    ]
    link.refresh_from_db()
    assert (link.status, link.reach, link.address_key) == ("removed", 0, None)


def test_so_is_one_who_approves_from_the_queue(client, administrator):
    link = make_link(url=ADDRESS, publish=False)
    link.submit(link.author, held_because="It has links.")
    make_link(url=ADDRESS, title="The new one")
    client.force_login(administrator)
    path = f"/admin/moderation/case/{Case.objects.about(link).get().pk}/step/approve/"
    answer = client.post(path, {"words": "", "seen_open": "1"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        f"Nothing was done about “{link.title}”. Its address is in the library already, as “The new one”."
    ]
    assert Contribution.objects.get(pk=link.pk).is_awaiting


def test_so_is_one_who_puts_back_an_earlier_version(client, member, administrator):
    link = make_link(member, url=ADDRESS)
    link.revise(member, {"url": "https://example.org/moved"}, version=link.version)
    make_link(url=ADDRESS, title="The new one")
    client.force_login(administrator)
    path = f"/contributions/{link.pk}/history/?version=1"
    answer = client.post(
        path, {"version": "1", "do": "back", "reason": "Better.", "stands": "2"}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == [
        "Nothing was changed. Its address is in the library already, as “The new one”."
    ]
    link.refresh_from_db()
    assert (link.url, link.version) == ("https://example.org/moved", 2)


@pytest.mark.parametrize("status", ["there", "gone again"])
def test_an_address_that_somebody_shares_between_looking_and_saving(rf, member, status):
    form = LinkForm(typed(), by=member)
    assert form.is_valid()
    other = make_link(url=ADDRESS, title="The new one")
    with pytest.raises(AddressTaken):
        Link.begin(member, form.values(), form_key=uuid.uuid4(), publish=True)
    assert list(Link.objects.all()) == [other]
    view = CreateView()
    request = rf.post(NEW)
    request.user, request.session = member, SessionStore()
    view.setup(request)
    if status == "gone again":
        form.refuse_taken("0" * 64)
    else:
        view.save(form, None, True, ())
    assert [error.code for error in form.errors.as_data()["url"]] == [
        "taken" if status == "there" else "taken_for_a_moment"
    ]
    assert list(Link.objects.all()) == [other]
