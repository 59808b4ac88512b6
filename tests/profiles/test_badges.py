"""Badges as people see them: on profiles, on their own page, as each chose; given by editors; and on other sites."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from commons.notifications.models import Notice
from profiles.badges.awarding import award_due, give
from profiles.badges.models import EditorsBadge, Held
from profiles.models import FormerUsername, Member
from tests.factories import make_comment, make_event, make_member, make_post, make_report

pytestmark = pytest.mark.django_db
LIST, OWN = "/badges/", "/members/me/badges/"
ADD = "/admin/profiles/held/add/"


@pytest.fixture
def holder(member):
    """Ann Lee, who holds three badges by what she did."""
    make_post(member)
    make_event(member)
    make_comment(make_report(), member)
    award_due()
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def badge(db):
    return EditorsBadge.objects.create(name="Pioneer", words="Was here when all began.")


@pytest.fixture
def editor(db):
    made = make_member("Edith Or", is_staff=True)
    made.groups.add(Group.objects.get(name="Editors"))
    return made


def give_to(member, badge, by, reason="Ran the first meeting."):
    give(Held(member=member, editors_badge=badge, reason=reason), by)
    return Held.objects.get(member=member, editors_badge=badge)


def names_on(response):
    page = response.content.decode().partition('id="badges-heading"')[2].partition("</section>")[0]
    return re.findall(r'<a class="chip" href="([^"]+)"><i class="patch p\d"></i>([^<]+)</a>', page)


# --- on a profile ------------------------------------------------------------------------------------
def test_everyone_sees_them_on_the_profile_and_what_they_are_for(client, holder):
    assert names_on(client.get(holder.get_absolute_url())) == [
        ("/badges/#badge-first-blog", "First blog post"),
        ("/badges/#badge-first-event", "First event"),
        ("/badges/#badge-first-comment", "First words"),
    ]


def test_a_profile_asks_nothing_more_for_badges(client, member, badge, editor, queries):
    make_post(member)
    path = member.get_absolute_url()
    client.get(path)
    with queries(5):
        assert names_on(client.get(path)) == []
    award_due()
    give_to(member, badge, editor)
    with queries(5):
        assert len(names_on(client.get(path))) == 2


def test_whose_writing_is_hidden_shows_none(client, holder, administrator):
    holder.hide_contributions(by=administrator)
    assert names_on(client.get(holder.get_absolute_url())) == []


# --- each member's choice -------------------------------------------------------------------------------
def test_hiding_one(client, holder):
    client.force_login(holder)
    shown = Held.objects.filter(member=holder).exclude(rule="first-event").values_list("pk", flat=True)
    assert client.post(OWN, {"shown": list(shown)}).url == OWN
    visible = [name for _url, name in names_on(Client().get(holder.get_absolute_url()))]
    assert visible == ["First blog post", "First words"]
    client.post(OWN, {"shown": list(Held.objects.values_list("pk", flat=True))})
    assert len(names_on(Client().get(holder.get_absolute_url()))) == 3


def test_hiding_all_and_what_comes_later(client, holder, badge, editor):
    client.force_login(holder)
    client.post(OWN, {"shown": list(Held.objects.values_list("pk", flat=True)), "hide_all": "on"})
    give_to(holder, badge, editor)
    assert names_on(Client().get(holder.get_absolute_url())) == []
    assert "Pioneer" in client.get(OWN).content.decode()


@pytest.mark.parametrize("shown", ["x", "²", "-1", "9" * 30])
def test_a_silly_choice_hides_and_breaks_nothing_more(client, holder, shown):
    client.force_login(holder)
    assert client.post(OWN, {"shown": shown}).status_code == 302
    assert set(Held.objects.values_list("hidden", flat=True)) == {True}


def test_nobody_chooses_for_another(client, holder, other_member):
    client.force_login(other_member)
    client.post(OWN, {"shown": [], "hide_all": "on"})
    assert len(names_on(Client().get(holder.get_absolute_url()))) == 3


def test_choosing_needs_signing_in_and_the_token_of_the_form(holder):
    assert Client().get(OWN).url == f"/accounts/login/?next={OWN}"
    assert Client().post(OWN).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(holder)
    assert strict.post(OWN, {"hide_all": "on"}).status_code == 403
    assert not Member.objects.get(pk=holder.pk).badges_hidden


# --- what each is for ----------------------------------------------------------------------------------------
def counts_on(response):
    page = " ".join(response.content.decode().split())
    found = re.findall(r'<div id="badge-([^"]+)">.*?<span class="meta">([^<]+)</span>', page)
    return {anchor: words for anchor, words in found if words != "Nobody yet"}


def test_the_rules_are_published_with_how_many_hold_each(
    client, holder, other_member, badge, editor, queries
):
    make_post(other_member)
    award_due()
    give_to(holder, badge, editor)
    client.get(LIST)
    with queries(2):
        response = client.get(LIST)
    assert counts_on(response) == {
        "first-blog": "2 members",
        "first-event": "1 member",
        "first-comment": "1 member",
        str(badge.pk): "1 member",
    }
    assert (
        "Was the first to answer the first thing that somebody published here." in response.content.decode()
    )
    assert client.get(LIST, headers={"if-none-match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("fields", [{"hidden": True}, {"badges_hidden": True}, {"is_active": False}])
def test_whose_badges_others_can_not_see_is_not_counted(client, holder, fields):
    Member.objects.filter(pk=holder.pk).update(**fields)
    assert counts_on(client.get(LIST)) == {}


def test_hidden_badges_are_not_counted(client, holder):
    Held.objects.filter(rule="first-blog").update(hidden=True)
    assert counts_on(client.get(LIST)) == {"first-event": "1 member", "first-comment": "1 member"}


# --- editors -----------------------------------------------------------------------------------------------------
def test_an_editor_gives_one_with_a_reason_and_the_member_is_told(client, member, editor, badge):
    client.force_login(editor)
    sent = {"username": member.username, "editors_badge": badge.pk, "reason": "Ran the first meeting."}
    assert client.post(ADD, sent).status_code == 302
    held = Held.objects.get()
    assert (held.member, held.given_by, held.reason) == (member, editor, "Ran the first meeting.")
    notice = Notice.objects.get(kind="badge.given")
    assert (notice.member, notice.subject, notice.text, notice.url) == (
        member,
        "You were given the badge “Pioneer”",
        "Ran the first meeting.",
        OWN,
    )
    assert mail.outbox[-1].to == [member.email]
    page = Client().get(member.get_absolute_url())
    assert names_on(page) == [(f"/badges/#badge-{badge.pk}", "Pioneer")]
    assert "Ran the first meeting." in page.content.decode()
    assert "Edith Or" not in page.content.decode()
    listed = client.get("/admin/profiles/held/?badge=given").content.decode()
    assert "Edith Or" in listed


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"username": "nobody-here"}, "username", "no_member"),
        ({"username": "edith-or"}, "username", "oneself"),
        ({"username": "hidden-one"}, "username", "no_member"),
        ({"reason": ""}, "reason", "required"),
        ({"editors_badge": ""}, "editors_badge", "required"),
    ],
)
def test_giving_it_wrongly_is_answered_beside_the_field(client, member, editor, badge, changed, field, code):
    make_member("Hidden One", hidden=True)
    client.force_login(editor)
    sent = {"username": member.username, "editors_badge": badge.pk, "reason": "Ran it.", **changed}
    response = client.post(ADD, sent)
    found = response.context["adminform"].form.errors.as_data()
    assert {name: [error.code for error in errors] for name, errors in found.items()} == {field: [code]}
    assert not Held.objects.exists()


def test_nobody_is_given_the_same_twice(client, member, editor, badge):
    give_to(member, badge, editor)
    client.force_login(editor)
    sent = {"username": member.username, "editors_badge": badge.pk, "reason": "Again."}
    found = client.post(ADD, sent).context["adminform"].form.errors.as_data()
    assert [error.code for error in found["editors_badge"]] == ["held"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Held.objects.create(member=member, editors_badge=badge, reason="Again.")


def test_what_was_given_can_be_taken_away_and_what_was_earned_not(client, holder, editor, badge):
    held = give_to(holder, badge, editor)
    client.force_login(editor)
    earned = Held.objects.get(rule="first-blog")
    assert client.post(f"/admin/profiles/held/{earned.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/profiles/held/{held.pk}/delete/", {"post": "yes"}).status_code == 302
    assert "Pioneer" not in [name for _url, name in names_on(Client().get(holder.get_absolute_url()))]


def test_a_badge_that_is_renamed_is_renamed_everywhere(client, member, editor, badge):
    give_to(member, badge, editor)
    client.force_login(editor)
    path = f"/admin/profiles/editorsbadge/{badge.pk}/change/"
    client.post(path, {"name": "Founder", "words": badge.words})
    assert names_on(Client().get(member.get_absolute_url()))[0][1] == "Founder"


def test_moderators_who_are_no_editors_give_none(client, member, badge):
    moderator = make_member(is_staff=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(moderator)
    assert client.get(ADD).status_code == 403


# --- for one's own site ----------------------------------------------------------------------------------------------
def test_the_badge_for_ones_own_site(client, member, queries):
    with queries(1):
        response = client.get("/members/ann-lee/badge.svg")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert dict(response.cookies) == {}
    drawn = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    words = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Member of", "Co-production", "Practitioners’ Network"]


@pytest.mark.parametrize("name", ["A & B <Network>", "N", "An " + "extraordinarily " * 12 + "long name"])
def test_whatever_the_networks_name_it_is_well_formed(client, member, settings, name):
    settings.NETWORK_NAME = name
    response = client.get("/members/ann-lee/badge.svg")
    drawn = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}text"))) in {2, 3, 4}


@pytest.mark.parametrize(
    "fields",
    [
        {"in_directory": False},
        {"hidden": True},
        {"is_active": False},
        {"approved_at": None},
        {"confirmed_at": None},
        {"contributions_hidden": True},
        {"suspended_until": True},
    ],
)
def test_whom_not_everyone_can_find_has_none(client, member, fields):
    if "suspended_until" in fields:
        fields = {"suspended_until": timezone.now() + timedelta(days=1)}
    FormerUsername.objects.create(username="ann-before", member=member)
    Member.objects.filter(pk=member.pk).update(**fields)
    for username in ("ann-lee", "ann-before", "nobody-here"):
        assert client.get(f"/members/{username}/badge.svg").status_code == 404


def test_a_former_username_leads_to_it(client, member):
    member.rename("ann-of-leeds")
    response = client.get("/members/ann-lee/badge.svg")
    assert (response.status_code, response.url) == (301, "/members/ann-of-leeds/badge.svg")


def test_what_to_copy_into_ones_own_page(client, member):
    client.force_login(member)
    page = client.get(OWN).content.decode()
    copied = (
        re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1].replace("&lt;", "<").replace("&gt;", ">")
    )
    site = "http://127.0.0.1:8000/members/ann-lee/"
    assert copied == (
        f'<a href="{site}" rel="me"><img src="{site}badge.svg" width="300" height="88" '
        'alt="Member of Co-production Practitioners’ Network"></a>'
    )
    Member.objects.filter(pk=member.pk).update(in_directory=False)
    assert "<textarea" not in client.get(OWN).content.decode()
