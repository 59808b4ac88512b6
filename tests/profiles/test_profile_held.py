"""What a new member says of themselves, when it looks like an advertisement: kept, and shown to nobody else yet."""

import pytest
from django.core import mail
from django.test import Client

from commons.moderation.models import Case, Decision
from commons.search.models import SearchEntry
from profiles.forms import NameField
from profiles.models import Member
from tests.factories import establish, make_administrator, make_member

pytestmark = pytest.mark.django_db
EDIT = "/members/me/edit/"
SPAM = "Loans for all, see zqloans.example.com"
SHOWN = {"show_organisation": "everyone", "show_place": "everyone", "show_links": "everyone"}


@pytest.fixture
def ann():
    return make_member("Ann Lee")


def write(member, **values):
    client = Client()
    client.force_login(member)
    answer = client.post(EDIT, {"display_name": "Ann Lee", **SHOWN, **values}, follow=True)
    member.refresh_from_db()
    return answer


def pages(reader=None):
    client = Client()
    if reader:
        client.force_login(reader)
    paths = ("/members/ann-lee/", "/members/", "/members/?q=zqorg", "/search/?q=zqloans", "/search/?q=zqorg")
    return "".join(client.get(path).content.decode().replace("?q=zq", "") for path in paths)


def test_words_with_links_are_shown_to_nobody_else(ann, other_member):
    answer = write(ann, about=SPAM, organisation="Zqorg", place="Zqplace", links="https://zqlink.example.org")
    assert "awaits approval" in answer.content.decode()
    assert "zqloans" in answer.content.decode()
    for reader in (None, other_member):
        shown = pages(reader)
        assert "Ann Lee" in shown
        for word in ("zqloans.example.com", "Zqplace", "zqlink", ">Zqorg"):
            assert word not in shown, word
    assert SearchEntry.objects.for_target(ann).get().body == ""
    assert ann.card_byline()["organisation"] == ""


def test_a_moderator_sees_them_and_lets_them_through(ann):
    administrator = make_administrator()
    write(ann, about=SPAM)
    case = Case.objects.get()
    assert (case.about, case.why) == (ann, "awaiting")
    assert case.held_because == "By a new member. It has a link or the address of a page."
    client = Client()
    client.force_login(administrator)
    assert "zqloans" in client.get("/members/ann-lee/").content.decode()
    mail.outbox.clear()
    assert ann.approve(administrator)
    assert not ann.approve(administrator)
    case.refresh_from_db()
    assert (case.is_open, Decision.objects.get().action) == (False, "approve_profile")
    assert [message.subject for message in mail.outbox] == ["Your profile can be seen now"]
    assert "zqloans" in pages()


def test_offers_and_wishes_that_wait_are_read_in_the_queue(ann):
    write(ann, offer_1=SPAM, show_help="everyone")
    client = Client()
    client.force_login(make_administrator())
    page = client.get(f"/admin/moderation/case/{Case.objects.get().pk}/change/").content.decode()
    assert f"Can offer: {SPAM}" in page
    assert "zqloans" not in Client().get("/members/ann-lee/").content.decode()


def test_mending_a_word_afterwards_asks_for_nothing(ann):
    write(ann, about=SPAM)
    ann.approve(make_administrator())
    write(ann, about=f"{SPAM} Mended.")
    assert ann.profile_held_because == ""
    write(ann, about=f"{SPAM} And www.other.example")
    assert ann.profile_held_because


def test_without_the_links_it_is_shown_again(ann):
    write(ann, about=SPAM)
    write(ann, about="I keep bees.")
    assert ann.profile_held_because == ""
    assert "I keep bees." in pages()


def test_a_page_of_ones_own_has_its_field_and_holds_nothing(ann):
    write(ann, about="I keep bees.", links="https://zqlink.example.org")
    assert ann.profile_held_because == ""
    assert "zqlink" in pages()


def test_established_members_write_what_they_like(ann):
    write(establish(ann), about=SPAM)
    assert ann.profile_held_because == ""


def test_the_hidden_field_holds(ann):
    write(ann, about="I keep bees.", leave_empty="x")
    assert ann.profile_held_because


def test_an_administrators_change_of_the_name_holds_nothing(ann):
    ann.about = SPAM
    ann.write_profile()
    assert Member.objects.get(pk=ann.pk).profile_held_because == ""


@pytest.mark.parametrize("name", ["www.loans.example", "Loans loans.com", "http://loans"])
def test_a_name_is_not_an_address(name):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        NameField().clean(name)
    assert refused.value.code == "name_is_link"
