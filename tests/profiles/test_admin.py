"""Members in the admin: found, let in, helped, stopped; who may do what; nothing secret, nothing deleted."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone

from commons.moderation.models import Decision
from profiles.models import Member
from tests.factories import PASSWORD, make_administrator, make_member, make_post
from tests.profiles.joining import sign_in, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/profiles/member/"


@pytest.fixture
def boss():
    return make_administrator("Boss")


@pytest.fixture
def staff(client, boss):
    client.force_login(boss)
    return client


def do(client, action, *members, **more):
    return client.post(
        LIST, {"action": action, "_selected_action": [m.pk for m in members], **more}, follow=True
    )


def page_of(member):
    return f"{LIST}{member.pk}/change/"


def listed(response):
    return {member.display_name for member in response.context["cl"].result_list}


def form_of(member, **changed):
    """What the change form sends."""
    return {"display_name": member.display_name, "email": member.email, "is_active": "on", **changed}


@pytest.mark.parametrize("count", [1, 3, 50])
def test_list_costs_the_same_for_any_number(staff, queries, count):
    for _number in range(count):
        make_member()
    with queries(4):
        staff.get(LIST)


def test_search_and_filters(staff):
    now = timezone.now()
    make_member("Waiting", confirmed=False, confirmed_at=now)
    make_member("Unconfirmed", confirmed=False)
    make_member("Suspended", suspended_until=now + timedelta(days=1))
    make_member("Was suspended", suspended_until=now - timedelta(days=1))
    make_member("Hidden", hidden=True)
    make_member("Closed", is_active=False)
    for standing, found in {
        "awaiting": {"Waiting"},
        "unconfirmed": {"Unconfirmed"},
        "suspended": {"Suspended"},
        "hidden": {"Hidden"},
        "closed": {"Closed"},
    }.items():
        assert listed(staff.get(LIST, {"standing": standing})) == found
    assert listed(staff.get(LIST, {"q": "suspended"})) == {"Suspended", "Was suspended"}
    assert staff.get(LIST, {"standing": "nonsense"}).status_code == 200


def test_approving_lets_in_and_tells(staff, boss):
    waiting = make_member("Ann Lee", email="ann@example.org", confirmed=False, confirmed_at=timezone.now())
    waiting.trust_address()
    already = make_member("Bola Ade")
    response = do(staff, "approve_selected", waiting, already)
    assert "1 member let in." in response.content.decode()
    assert [message.to for message in mail.outbox] == [["ann@example.org"]]
    assert list(Decision.objects.values_list("action", "target_id", "by")) == [
        ("approve", waiting.pk, boss.pk)
    ]
    client = Client()
    sign_in(client, "ann@example.org")
    assert signed_in(client)
    assert "Ann Lee" in Client().get("/members/").content.decode()


def test_confirming_by_hand(staff):
    member = make_member(email="ann@example.org", confirmed=False)
    do(staff, "confirm_selected", member)
    client = Client()
    sign_in(client, "ann@example.org")
    assert signed_in(client)


def test_suspending_asks_until_when_and_why(staff, boss):
    member = make_member("Ann Lee", email="ann@example.org")
    client = Client()
    sign_in(client, "ann@example.org")
    page = do(staff, "suspend_selected", member).content.decode()
    assert "Ann Lee" in page
    assert not Member.objects.get(pk=member.pk).is_suspended
    response = do(staff, "suspend_selected", member, last_day="2001-01-01", reason="")
    codes = {n: [e.code for e in found] for n, found in response.context["form"].errors.as_data().items()}
    assert codes == {"last_day": ["day_over"], "reason": ["required"]}
    assert "<title>Error: " in response.content.decode()
    do(staff, "suspend_selected", member, last_day="2998-12-31", reason="Advertisements.")
    member.refresh_from_db()
    assert timezone.localtime(member.suspended_until).date().isoformat() == "2998-12-31"
    assert client.get("/members/me/").status_code != 200
    (message,) = mail.outbox
    assert "Advertisements." in message.body
    assert list(Decision.objects.values_list("action", "reason", "by")) == [
        ("suspend", "Advertisements.", boss.pk)
    ]
    page = staff.get(page_of(member)).content.decode()
    assert "Advertisements." in page
    do(staff, "lift_selected", member)
    assert not Member.objects.get(pk=member.pk).is_suspended


@pytest.mark.parametrize("day", ["abc", "9999-12-31", "99999-01-01", "\x00", "²"])
def test_silly_days(staff, day):
    member = make_member()
    response = do(staff, "suspend_selected", member, last_day=day, reason="Why.")
    assert response.status_code in {200, 400}
    assert Member.objects.get(pk=member.pk).suspended_until is None


def test_nobody_suspends_themselves(staff, boss):
    do(staff, "suspend_selected", boss, last_day="2998-12-31", reason="Why.")
    assert not Member.objects.get(pk=boss.pk).is_suspended


def test_hiding_and_showing(staff):
    member = make_member("Ann Lee")
    post = make_post(member, title="Words")
    do(staff, "hide_selected", member)
    assert Client().get("/members/ann-lee/").status_code == 404
    assert Client().get(post.get_absolute_url()).status_code == 200
    do(staff, "hide_written_selected", member)
    assert Client().get(post.get_absolute_url()).status_code == 404
    do(staff, "show_written_selected", member)
    do(staff, "show_selected", member)
    assert Client().get("/members/ann-lee/").status_code == 200
    assert Client().get(post.get_absolute_url()).status_code == 200
    assert list(Decision.objects.about(member).values_list("action", flat=True)) == [
        "show",
        "show_contributions",
        "hide_contributions",
        "hide",
    ]


def test_page_of_a_member_shows_no_secret(staff):
    member = make_member("Ann Lee", about="Hello <script>alert(1)</script>")
    member.write_profile()
    Authenticator.objects.create(user=member, type="totp", data={"secret": "TOPSECRETSEED"})
    app = Authenticator.objects.get()
    paths = [page_of(member), f"/admin/mfa/authenticator/{app.pk}/change/", "/admin/mfa/authenticator/"]
    for path in [*paths, "/admin/usersessions/usersession/", "/admin/account/emailaddress/"]:
        page = staff.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        assert "TOPSECRETSEED" not in text
        assert member.password not in text
        assert "<script>alert" not in text


def test_nothing_is_deleted(staff):
    member = make_member()
    address = EmailAddress.objects.get(user=member)
    assert staff.post(f"{LIST}{member.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"/admin/account/emailaddress/{address.pk}/delete/", {"post": "yes"}).status_code == 403
    assert do(staff, "delete_selected", member, post="yes").status_code == 200
    assert Member.objects.filter(pk=member.pk).exists()


def test_lost_second_step_can_be_deleted(staff):
    app = Authenticator.objects.create(user=make_member(), type="totp", data={})
    staff.post(f"/admin/mfa/authenticator/{app.pk}/delete/", {"post": "yes"})
    assert Authenticator.objects.count() == 0


def test_adding_a_member(staff):
    response = staff.post(
        f"{LIST}add/",
        {
            "display_name": "Ann Lee",
            "email": "Ann@Example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert response.status_code == 302
    member = Member.objects.get(email="ann@example.org")
    assert (member.display_name, member.username, member.may_act) == ("Ann Lee", "ann-lee", True)
    client = Client()
    sign_in(client, "ann@example.org")
    assert signed_in(client)


def test_changing_an_address(staff):
    member = make_member("Ann Lee", email="old@example.org")
    taken = make_member(email="taken@example.org")
    response = staff.post(page_of(member), form_of(member, email="Taken@example.org"))
    assert [e.code for e in response.context["adminform"].form.errors.as_data()["email"]] == ["email_taken"]
    assert staff.post(page_of(member), form_of(member, email="New@example.org")).status_code == 302
    addresses = EmailAddress.objects.filter(user=member).values_list("email", "verified", "primary")
    assert list(addresses) == [("new@example.org", True, True)]
    client = Client()
    sign_in(client, "new@example.org")
    assert signed_in(client)
    taken.refresh_from_db()
    assert taken.email == "taken@example.org"


def test_changing_a_name_carries_to_cards(staff):
    member = make_member("Ann Lee")
    post = make_post(member)
    staff.post(page_of(member), form_of(member, display_name="Ann Other"))
    post.refresh_from_db()
    assert post.card["byline"]["name"] == "Ann Other"


def test_closing_an_account(staff):
    member = make_member("Ann Lee", email="ann@example.org")
    client = Client()
    sign_in(client, "ann@example.org")
    form = form_of(member)
    del form["is_active"]
    staff.post(page_of(member), form)
    assert client.get("/members/me/").status_code == 302
    assert Client().get("/members/ann-lee/").status_code == 404


def test_setting_a_password(staff):
    member = make_member("Ann Lee", email="ann@example.org")
    path = f"{LIST}{member.pk}/password/"
    assert staff.get(path).status_code == 200
    words = "quite another pass phrase"
    staff.post(path, {"usable_password": "true", "password1": words, "password2": words})
    client = Client()
    sign_in(client, "ann@example.org", words)
    assert signed_in(client)


# --- who may do what --------------------------------------------------------------------------------


@pytest.fixture
def helper():
    """Staff with the right to change members, but no superuser."""
    made = make_member("Helper", is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=["view_member", "change_member"]))
    client = Client()
    client.force_login(made)
    return client


def test_helper_can_t_give_rights(helper):
    member = make_member("Ann Lee")
    helper.post(page_of(member), form_of(member, is_staff="on", is_superuser="on"))
    member.refresh_from_db()
    assert (member.is_staff, member.is_superuser) == (False, False)


def test_helper_can_t_touch_a_superuser(helper, boss):
    helper.post(page_of(boss), form_of(boss, email="mine@example.org"))
    words = "quite another pass phrase"
    helper.post(
        f"{LIST}{boss.pk}/password/", {"usable_password": "true", "password1": words, "password2": words}
    )
    for action in ("hide_selected", "suspend_selected", "confirm_selected"):
        do(helper, action, boss, last_day="2998-12-31", reason="Why.")
    after = Member.objects.get(pk=boss.pk)
    assert (after.email, after.hidden, after.is_suspended) == (boss.email, False, False)
    assert after.check_password(PASSWORD)


@pytest.mark.parametrize("rights", [[], ["view_member"]])
def test_others_can_t_decide(rights):
    viewer = make_member("Viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(viewer)
    member = make_member("Ann Lee")
    do(client, "hide_selected", member)
    client.post(page_of(member), form_of(member, display_name="Changed"))
    member.refresh_from_db()
    assert (member.hidden, member.display_name) == (False, "Ann Lee")


def test_members_stay_outside(client, member):
    client.force_login(member)
    assert client.get(LIST).status_code in {302, 403}
    assert client.get(LIST, follow=True).status_code == 403
