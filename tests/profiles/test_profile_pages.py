"""The directory, profiles and one's own list: who sees what of whom, at how many queries."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from commons.tagging.models import Principle, ServiceSector
from profiles.models import Member
from tests.factories import make_administrator, make_member, make_post

pytestmark = pytest.mark.django_db
DIRECTORY = "/members/"


def client_of(member):
    client = Client()
    if member:
        client.force_login(member)
    return client


def names(response):
    return [person.name for person in response.context["people"]]


# --- the directory --------------------------------------------------------------------------------


def some_of_each():
    make_member("Zoe Listed")
    make_member("ann listed")
    make_member("Unlisted", in_directory=False)
    make_member("Hidden", hidden=True)
    make_member("Closed", is_active=False)
    make_member("Unconfirmed", confirmed=False)
    make_administrator("Boss", in_directory=False)


@pytest.mark.parametrize("reader", ["visitor", "member", "administrator"])
def test_directory_lists_those_who_chose_to_be_found(reader):
    some_of_each()
    member = {
        "member": lambda: make_member("Reader", in_directory=False),
        "administrator": lambda: Member.objects.get(display_name="Boss"),
    }
    client = client_of(member[reader]() if reader in member else None)
    assert names(client.get(DIRECTORY)) == ["ann listed", "Zoe Listed"]


def test_search_by_name(client):
    some_of_each()
    assert names(client.get(DIRECTORY, {"q": "LISTED"})) == ["ann listed", "Zoe Listed"]
    assert names(client.get(DIRECTORY, {"q": " zoe  listed "})) == ["Zoe Listed"]
    assert names(client.get(DIRECTORY, {"q": "Unlisted"})) == []


@pytest.mark.parametrize(
    ("sight", "found"), [("everyone", (True, True)), ("members", (False, True)), ("nobody", (False, False))]
)
def test_search_by_organisation_only_where_it_is_shown(sight, found):
    make_member("Ann Lee", organisation="Acme Housing", show_organisation=sight)
    reader = make_member("Reader")
    seen = [names(client_of(who).get(DIRECTORY, {"q": "acme"})) == ["Ann Lee"] for who in (None, reader)]
    assert tuple(seen) == found


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "²", "a" * 500, "\u202e", "é"])
def test_any_words_are_safe(client, words):
    make_member("Ann Lee")
    response = client.get(DIRECTORY, {"q": words})
    assert response.status_code == 200
    assert names(response) == []


@pytest.mark.parametrize("page", ["abc", "0", "-1", "²", "2", "99999999999999999999", "1e3", "", "\x00"])
def test_silly_pages_are_not_there(client, page):
    make_member("Ann Lee")
    assert client.get(DIRECTORY, {"page": page}).status_code in {404, 400}


def test_pages(client):
    for number in range(25):
        make_member(f"Member {number:02d}")
    assert len(names(client.get(DIRECTORY))) == 24
    second = client.get(DIRECTORY, {"page": "2"})
    assert names(second) == ["Member 24"]
    assert "<title>People, page 2" in second.content.decode()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_directory_costs_the_same_for_any_number(client, queries, count):
    principles = list(Principle.objects.all()[:2])
    for _number in range(count):
        make_member().principles.set(principles)
    client.get(DIRECTORY)  # the vocabulary is now kept
    with queries(4):
        client.get(DIRECTORY)
    signed_in = client_of(Member.objects.first())
    with queries(9):  # two of them count for the filters, which is kept
        signed_in.get(DIRECTORY)
    with queries(7):
        signed_in.get(DIRECTORY)


def test_unchanged_directory_is_not_sent_again(client, queries):
    member = make_member("Ann Lee")
    etag = client.get(DIRECTORY).headers["ETag"]
    with queries(1):
        assert client.get(DIRECTORY, headers={"if-none-match": etag}).status_code == 304
    member.hide(make_administrator())
    response = client.get(DIRECTORY, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "Ann Lee" not in response.content.decode()


# --- a profile ------------------------------------------------------------------------------------


def full_member(**fields):
    return make_member(
        "Ann Lee",
        email="ann.lee@private.example",
        roles=["carer"],
        organisation="Acme Housing",
        place="Leeds",
        region="yorkshire-and-the-humber",
        links=["https://example.org/ann"],
        about_html="<p>I keep bees.</p>",
        **fields,
    )


FIELDS = {
    "about": "I keep bees.",
    "roles": "Carer or family member",
    "organisation": "Acme Housing",
    "place": "Leeds",
    "links": "https://example.org/ann",
}


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        ("everyone", {"visitor", "member", "self", "administrator"}),
        ("members", {"member", "self", "administrator"}),
        ("nobody", {"self"}),
    ],
)
@pytest.mark.parametrize("field", list(FIELDS))
def test_each_field_has_its_own_sight(field, sight, seen):
    others = {f"show_{name}": "nobody" for name in FIELDS if name != field}
    ann = full_member(**others, **{f"show_{field}": sight})
    readers = {"visitor": None, "member": make_member(), "self": ann, "administrator": make_administrator()}
    found = {}
    for name, reader in readers.items():
        text = client_of(reader).get("/members/ann-lee/").content.decode()
        found[name] = {each for each, words in FIELDS.items() if words in text}
    assert {name for name, fields in found.items() if field in fields} == seen
    assert found["visitor"] - {field} == set()
    assert found["self"] == set(FIELDS)


@pytest.mark.parametrize("reader", ["visitor", "member", "administrator"])
def test_address_is_never_shown(reader):
    full_member(show_links="everyone", show_place="everyone")
    member = {"member": make_member, "administrator": make_administrator}.get(reader, lambda: None)()
    client = client_of(member)
    for path in ("/members/", "/members/ann-lee/", "/members/?q=private.example"):
        assert "private.example" not in client.get(path).content.decode().replace(
            'value="private.example"', ""
        ).replace("“private.example”", "")


@pytest.mark.parametrize(
    ("fields", "visitor", "member", "administrator"),
    [
        ({}, 200, 200, 200),
        ({"in_directory": False}, 200, 200, 200),
        ({"hidden": True}, 404, 404, 200),
        ({"is_active": False}, 404, 404, 200),
        ({"approved_at": None}, 404, 404, 200),
        ({"confirmed_at": None}, 404, 404, 200),
    ],
)
def test_whose_page_opens(fields, visitor, member, administrator):
    ann = make_member("Ann Lee", **fields)
    readers = (None, make_member(), make_administrator())
    assert [client_of(r).get(ann.get_absolute_url()).status_code for r in readers] == [
        visitor,
        member,
        administrator,
    ]


def test_hidden_member_sees_their_own_page():
    ann = make_member("Ann Lee", hidden=True)
    assert client_of(ann).get(ann.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("fields", "asked_not_to"),
    [({}, True), ({"indexable": True}, False), ({"indexable": True, "in_directory": False}, True)],
)
def test_search_engines_are_asked_not_to_list_it_unless_its_owner_chose_otherwise(
    client, fields, asked_not_to
):
    make_member("Ann Lee", **fields)
    page = client.get("/members/ann-lee/").content.decode()
    assert ('<meta name="robots" content="noindex">' in page) is asked_not_to


def test_page_of_a_visitor_has_no_token_and_sets_no_cookie(client):
    make_member("Ann Lee")
    for path in (DIRECTORY, "/members/ann-lee/"):
        response = client.get(path)
        assert "csrf" not in response.content.decode()
        assert response.cookies == {}
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author", "administrator"])
def test_profile_lists_what_may_be_listed(reader):
    author = make_member("Ann Lee")
    moderator = make_administrator()
    public = make_post(author, title="Public")
    members = make_post(author, title="For members", audience="members")
    make_post(author, title="A draft", publish=False)
    make_post(author, title="Taken down").remove(moderator, "Why.")
    make_post(author, title="Taken back").withdraw(author)
    make_post(title="By another")
    client = client_of({"stranger": make_member(), "author": author, "administrator": moderator}.get(reader))
    titles = [card.title for card in client.get("/members/ann-lee/").context["cards"]]
    assert titles == ([public.title] if reader == "visitor" else [members.title, public.title])


def test_hidden_contributions_are_not_on_the_profile(client):
    author = make_member("Ann Lee")
    make_post(author)
    author.hide_contributions()
    assert client.get("/members/ann-lee/").context["cards"] == []


@pytest.mark.parametrize("count", [1, 3, 50])
def test_profile_costs_the_same_for_any_number(client, queries, count):
    author = make_member("Ann Lee")
    author.principles.set(Principle.objects.all()[:3])
    for _number in range(count):
        make_post(author)
    client.get("/members/ann-lee/")
    with queries(5):
        client.get("/members/ann-lee/")
    signed_in = client_of(make_member())
    with queries(9):
        signed_in.get("/members/ann-lee/")


def test_unchanged_profile_is_not_sent_again(client, queries):
    author = make_member("Ann Lee")
    post = make_post(author)
    etag = client.get("/members/ann-lee/").headers["ETag"]
    with queries(2):
        assert client.get("/members/ann-lee/", headers={"if-none-match": etag}).status_code == 304
    post.withdraw(author)
    response = client.get("/members/ann-lee/", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert response.context["cards"] == []


def test_what_a_member_wrote_is_escaped_or_cleaned(client):
    ann = make_member("Ann <script>Lee</script>", organisation="<b>Acme</b>")
    ann.write_profile({"about": "Hello <script>alert(1)</script> [link](javascript:alert(1)) **bold**"})
    page = client.get(ann.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<script>Lee" not in page
    assert "<b>Acme" not in page
    assert 'href="javascript' not in page
    assert "<strong>bold</strong>" in page


def test_principles_and_sectors_are_shown_in_the_editors_order(client):
    ann = make_member("Ann Lee")
    principles, sectors = list(Principle.objects.all()[:2]), list(ServiceSector.objects.all()[:2])
    ann.principles.set(reversed(principles))
    ann.sectors.set(reversed(sectors))
    context = client.get("/members/ann-lee/").context
    assert [term.pk for term in context["principles"]] == [term.pk for term in principles]
    assert [term.pk for term in context["sectors"]] == [term.pk for term in sectors]


@pytest.mark.parametrize("name", ["nobody-here", "a_b", "x" * 300, "1"])
def test_unknown_names_are_not_there(client, name):
    assert client.get(f"/members/{name}/").status_code == 404


# --- one's own ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/members/me/", "/members/me/edit/"])
def test_own_pages_ask_to_sign_in(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/members/me/")


def test_own_list_has_everything_in_every_state():
    author = make_member("Ann Lee")
    moderator = make_administrator()
    make_post(author, title="A draft", publish=False)
    waiting = make_post(author, title="Waits", publish=False)
    waiting.submit(author, held_because="It has links.")
    make_post(author, title="Out")
    make_post(author, title="Taken down").remove(moderator, "Why.")
    make_post(author, title="Taken back").withdraw(author)
    make_post(title="By another")
    cards = client_of(author).get("/members/me/").context["cards"]
    assert {card.title: card.status_label for card in cards} == {
        "A draft": "Draft",
        "Waits": "Awaiting approval",
        "Out": "Published",
        "Taken down": "Removed",
        "Taken back": "Withdrawn",
    }


@pytest.mark.parametrize("count", [1, 3, 50])
def test_own_list_costs_the_same_for_any_number(queries, count):
    author = make_member("Ann Lee")
    for _number in range(count):
        make_post(author, publish=False)
    client = client_of(author)
    client.get("/members/me/")
    with queries(5):
        client.get("/members/me/")


def test_gate_of_members_for_a_visitor():
    some_of_each()
    assert set(Member.objects.visible_to(AnonymousUser()).values_list("display_name", flat=True)) == {
        "Zoe Listed",
        "ann listed",
        "Unlisted",
        "Boss",
    }
