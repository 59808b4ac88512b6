"""Keyword pages, suggestions, and merging two keywords into one."""

import pytest
from django.urls import reverse

from commons.contributions.keywords import delete_keywords, listed_keywords, merge_keywords, save_keyword
from commons.contributions.models import Contribution
from commons.search.index import check
from commons.tagging.models import FormerKeyword, Keyword
from tests.factories import make_administrator, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_member("Ann Lee", in_directory=False)


def titles(response):
    return [card.title for card in response.context["cards"]]


def test_a_keyword_s_page_shows_what_carries_it(client, author, member):
    make_post(author, title="One", keywords=["soft fruit"])
    make_post(author, title="Two", keywords=["Soft  Fruit", "jam"])
    make_post(author, title="Members", keywords=["soft fruit"], audience="members")
    make_post(author, title="Other", keywords=["jam"])
    address = Keyword.objects.get(name="soft fruit").get_absolute_url()
    assert address == "/keywords/soft-fruit/"
    response = client.get(address)
    assert titles(response) == ["Two", "One"]
    assert "Keyword: soft fruit" in response.content.decode()
    client.force_login(member)
    assert titles(client.get(address)) == ["Members", "Two", "One"]


def test_a_keyword_with_nothing_to_show_is_not_there(client, author, member):
    make_post(author, keywords=["secret"], audience="members")
    make_post(author, keywords=["draft"], publish=False)
    Keyword.objects.create(name="unused")
    for slug in ("secret", "draft", "unused", "never-made", "²", "日本", "%27", "x" * 900):
        assert client.get(f"/keywords/{slug}/").status_code == 404
        assert client.get(f"/keywords/{slug}/feed/").status_code == 404
    client.force_login(member)
    assert client.get("/keywords/secret/").status_code == 200
    assert client.get("/keywords/secret/feed/").status_code == 404


@pytest.mark.parametrize(
    "name", ["日本", "tŷ", "!!!", "café society", "a/b", "c++", "50%", "feed", "suggest"]
)
def test_every_keyword_has_an_address_that_works(client, author, name):
    make_post(author, title="One", keywords=[name])
    keyword = Keyword.objects.get(name=name.strip("#.,;"))
    response = client.get(keyword.get_absolute_url())
    if name == "suggest":
        assert response.status_code == 200
        return
    assert titles(response) == ["One"]
    assert client.get(reverse("discovery:keyword_feed", args=[keyword.slug])).status_code == 200


def test_suggestions_are_of_keywords_that_the_asker_may_see(client, author, member):
    make_post(author, keywords=["jam", "jam jars", "plum jam", "pyjamas"])
    make_post(author, keywords=["jam secrets"], audience="members")
    make_post(author, keywords=["jam drafts"], publish=False)
    Keyword.objects.create(name="jam unused")
    assert client.get("/keywords/suggest/", {"q": " JAM "}).json() == {
        "keywords": ["jam", "jam jars", "plum jam"]
    }
    client.force_login(member)
    expected = ["jam", "jam jars", "jam secrets", "plum jam"]
    assert client.get("/keywords/suggest/", {"q": "jam"}).json() == {"keywords": expected}


def test_at_most_ten_are_suggested_in_one_query(client, author, django_assert_num_queries):
    for n in range(12):
        make_post(author, keywords=[f"jam {n:02d}"])
    with django_assert_num_queries(1):
        suggested = client.get("/keywords/suggest/", {"q": "jam"}).json()["keywords"]
    assert suggested == [f"jam {n:02d}" for n in range(10)]


def test_any_input_is_safe(client, author):
    make_post(author, keywords=["jam"])
    for query in (
        {},
        *({"q": typed} for typed in ("", " ", "%", "_", "\\", "'", "x" * 2_000, "²", "\u202e")),
    ):
        assert client.get("/keywords/suggest/", query).json() == {"keywords": []}


# --- merging ----------------------------------------------------------------------------------------


@pytest.fixture
def two(author):
    """Posts with one keyword, the other, and both."""
    for title, keywords in (
        ("One", ["co-production"]),
        ("Two", ["coproduction"]),
        ("Both", ["co-production", "coproduction"]),
    ):
        make_post(author, title=title, keywords=keywords)
    return Keyword.objects.get(name="co-production"), Keyword.objects.get(name="coproduction")


def test_merging_moves_everything_and_leads_on(client, two):
    keep, away = two
    merge_keywords(keep, away)
    assert not Keyword.objects.filter(name="coproduction").exists()
    assert titles(client.get(keep.get_absolute_url())) == ["Both", "Two", "One"]
    response = client.get("/keywords/coproduction/")
    assert (response.status_code, response.headers["Location"]) == (301, "/keywords/co-production/")
    assert client.get("/keywords/coproduction/feed/").status_code == 200
    for item in Contribution.objects.all():
        assert item.card["keywords"] == [["co-production", "co-production"]]
        assert item.search_entry.extra == "co-production, Ann Lee"
    assert check() == []


def test_a_merged_word_typed_again_is_what_it_was_merged_into(client, two, author):
    keep, away = two
    merge_keywords(keep, away)
    make_post(author, title="Again", keywords=["Coproduction", "co-production"])
    assert titles(client.get(keep.get_absolute_url()))[0] == "Again"
    assert list(Keyword.objects.values_list("name", flat=True)) == ["co-production"]


def test_merging_twice_leads_on_from_the_first(client, two, author):
    keep, away = two
    merge_keywords(keep, away)
    make_post(author, keywords=["working together"])
    other = Keyword.objects.get(name="working together")
    merge_keywords(other, Keyword.objects.get(name="co-production"))
    assert client.get("/keywords/coproduction/").headers["Location"] == "/keywords/working-together/"
    assert set(other.former_names.values_list("name", flat=True)) == {"coproduction", "co-production"}


def test_an_address_that_was_merged_before_can_be_merged_again(two, author):
    keep, away = two
    merge_keywords(keep, away)
    make_post(author, keywords=["coproduction!"])
    merge_keywords(keep, Keyword.objects.get(name="coproduction!"))
    assert FormerKeyword.objects.get(slug="coproduction").name == "coproduction!"


def test_a_keyword_is_not_merged_into_itself(two):
    with pytest.raises(ValueError, match="itself"):
        merge_keywords(two[0], two[0])
    assert Keyword.objects.count() == 2


def test_a_former_address_tells_nothing_of_what_is_hidden(client, author):
    make_post(author, keywords=["secret", "other"], audience="members")
    merge_keywords(Keyword.objects.get(name="secret"), Keyword.objects.get(name="other"))
    assert client.get("/keywords/other/").status_code == 404
    client.force_login(author)
    assert client.get("/keywords/other/").status_code == 301


def test_a_renamed_keyword_keeps_its_address(client, two):
    keep, _away = two
    keep.name = "Working Together"
    save_keyword(keep)
    assert "Keyword: working together" in client.get("/keywords/co-production/").content.decode()
    assert Contribution.objects.get(title="One").card["keywords"] == [["working together", "co-production"]]
    assert check() == []


def test_deleting_takes_it_off_everything(client, two):
    delete_keywords(Keyword.objects.filter(pk=two[1].pk))
    assert client.get("/keywords/coproduction/").status_code == 404
    assert Contribution.objects.get(title="Two").card["keywords"] == []
    assert check() == []


def test_listed_keywords(author):
    make_post(author, keywords=["seen"])
    make_post(author, keywords=["members"], audience="members")
    from django.contrib.auth.models import AnonymousUser

    assert [k.name for k in listed_keywords(AnonymousUser())] == ["seen"]
    assert {k.name for k in listed_keywords(author)} == {"seen", "members"}


# --- in the admin -----------------------------------------------------------------------------------


@pytest.fixture
def admin(client):
    client.force_login(make_administrator())
    return client


LIST = "/admin/tagging/keyword/"


def test_the_list_counts_uses_and_finds_former_names(admin, two, django_assert_num_queries):
    merge_keywords(*two)
    content = admin.get(LIST, {"q": "coproduction"}).content.decode()
    assert "co-production" in content
    assert '<td class="field-used">3</td>' in content


def test_merging_asks_which_to_keep(admin, two):
    keep, away = two
    chosen = {"action": "merge_selected", "_selected_action": [keep.pk, away.pk]}
    page = admin.post(LIST, chosen)
    assert "Merge keywords into one" in page.content.decode()
    unanswered = admin.post(LIST, {**chosen, "merge": "Merge"})
    assert "Choose the keyword that stays." in unanswered.content.decode()
    assert Keyword.objects.count() == 2
    done = admin.post(LIST, {**chosen, "merge": "Merge", "keep": away.pk}, follow=True)
    assert "“co-production”: now “coproduction”." in done.content.decode()
    assert list(Keyword.objects.all()) == [away]


def test_one_alone_can_not_be_merged(admin, two):
    page = admin.post(LIST, {"action": "merge_selected", "_selected_action": [two[0].pk]}, follow=True)
    assert "Choose between 2 and 20 keywords" in page.content.decode()


def test_a_keyword_that_was_not_chosen_can_not_be_kept(admin, two, author):
    make_post(author, keywords=["third"])
    third = Keyword.objects.get(name="third")
    chosen = {
        "action": "merge_selected",
        "_selected_action": [k.pk for k in two],
        "merge": "Merge",
        "keep": third.pk,
    }
    admin.post(LIST, chosen)
    assert Keyword.objects.count() == 3


def test_renaming_in_the_admin_normalises_and_refuses_what_is_there(admin, two):
    keep, _away = two
    admin.post(f"{LIST}{keep.pk}/change/", {"name": "  Working   TOGETHER "})
    keep.refresh_from_db()
    assert keep.name == "working together"
    for name, words in (("Coproduction", "There is such a keyword already"), (" # ", "Write a word or two")):
        assert words in admin.post(f"{LIST}{keep.pk}/change/", {"name": name}).content.decode()


def test_deleting_in_the_admin_brings_cards_up_to_date(admin, two):
    admin.post(f"{LIST}{two[1].pk}/delete/", {"post": "yes"})
    assert check() == []
    admin.post(LIST, {"action": "delete_selected", "_selected_action": [two[0].pk], "post": "yes"})
    assert check() == []
    assert Contribution.objects.get(title="Both").card["keywords"] == []


def test_search_s_own_tables_in_the_admin(admin, two):
    for path in (
        "/admin/search/searchentry/",
        "/admin/search/joinedspelling/",
        "/admin/tagging/formerkeyword/",
    ):
        assert admin.get(path, {"q": "co"}).status_code == 200
    entry = Contribution.objects.get(title="One").search_entry
    assert "Some words." in admin.get(f"/admin/search/searchentry/{entry.pk}/change/").content.decode()
    assert admin.post(f"/admin/search/searchentry/{entry.pk}/change/", {"title": "x"}).status_code == 403
    bad = admin.post("/admin/search/joinedspelling/add/", {"text": "Not so"})
    assert "Write it in small letters with one hyphen" in bad.content.decode()


def test_a_member_can_not_merge(client, two, author):
    client.force_login(author)
    client.post(
        LIST,
        {
            "action": "merge_selected",
            "_selected_action": [k.pk for k in two],
            "merge": "1",
            "keep": two[0].pk,
        },
    )
    assert Keyword.objects.count() == 2
