"""Passing on the word: inviting, what is written to whom, limits, taking back, and wanting no more of it."""

import re
import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.notifications.models import OutgoingMail
from profiles.invitations.inviting import PastInvitations, invite
from profiles.invitations.models import OPEN_FOR, Invitation, InvitedAddress, State
from profiles.invitations.tokens import digest_of, token_for
from profiles.models import Member
from tests.factories import make_member

pytestmark = pytest.mark.django_db
PAGE = "/invitations/"
GUEST = "guest@example.org"


@pytest.fixture
def inviting(client, member):
    client.force_login(member)
    return client


def make_invitation(inviter, **values):
    return invite(inviter, form_key=uuid.uuid4(), **values)


def errors(response):
    """Return the codes of a form's errors by field."""
    found = response.context["form"].errors.as_data()
    return {name: [error.code for error in errors] for name, errors in found.items()}


def page_of(response):
    """Return what a page says, without what differs each time it is asked for."""
    return re.sub(
        r'value="[^"]*"|invitation-\d+|invitations/[^/"<]+/(?:revoke/)?', "", response.content.decode()
    )


def stop_path(message):
    return re.search(r"http://[^/\s]+(/invitations/stop/\S+/)", message.body)[1]


# --- inviting --------------------------------------------------------------------------------------
def test_by_a_link(inviting, member):
    response = inviting.post(PAGE, {"note": "Come and see.", "for_whom": "Bola"}, follow=True)
    made = Invitation.objects.get()
    assert response.redirect_chain == [(f"{PAGE}#invitation-{made.pk}", 302)]
    assert (made.inviter, made.note, made.for_whom, made.by_email) == (member, "Come and see.", "Bola", False)
    assert made.expires_at - made.invited_at < OPEN_FOR + timedelta(seconds=5)
    page = response.content.decode()
    assert made.address in page
    assert f"until {timezone.localtime(made.expires_at):%-d %B %Y}" in page
    assert mail.outbox == []


def test_by_email(inviting, member):
    inviting.post(PAGE, {"email": " Guest@Example.ORG ", "note": "Come and see."})
    made = Invitation.objects.get()
    (message,) = mail.outbox
    assert message.to == [GUEST]
    assert message.subject == "Ann Lee invites you to Co-production Practitioners’ Network"
    for words in (message.body, message.alternatives[0].content):
        assert "Ann Lee" in words
        assert "Come and see." in words
        assert made.address in words
        assert f"{timezone.localtime(made.expires_at):%-d %B %Y}" in words
        assert stop_path(message) in words
        assert member.email not in words
    stop = f"<http://127.0.0.1:8000{stop_path(message)}>"
    assert message.extra_headers["List-Unsubscribe"] == stop
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_address_is_kept_in_no_table_but_the_log_of_mail(inviting):
    inviting.post(PAGE, {"email": GUEST})
    assert InvitedAddress.objects.get().digest == digest_of(GUEST)
    assert "guest" not in str(Invitation.objects.values().get())
    assert "guest" not in str(InvitedAddress.objects.values().get())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"email": "guest"}, {"email": ["invalid"]}),
        ({"email": "guest@example.org\r\nBcc: other@example.org"}, {"email": ["invalid"]}),
        ({"email": "a" * 250 + "@example.org"}, {"email": ["max_length"]}),
        ({"email": "ANN@example.com"}, {"email": ["own_address"]}),
        ({"email": "ann+more@example.com"}, {"email": ["own_address"]}),
        ({"note": "Look at https://example.org/prize"}, {"note": ["note_leads_away"]}),
        ({"note": "Look at example dot com"}, {"note": ["note_leads_away"]}),
        ({"note": "Call 0161 496 0000"}, {"note": ["note_leads_away"]}),
        ({"note": "Write to me@example.org"}, {"note": ["note_leads_away"]}),
        ({"note": "x" * 501}, {"note": ["max_length"]}),
        ({"note": "x\x00"}, {"note": ["null_characters_not_allowed"]}),
        ({"for_whom": "x" * 81}, {"for_whom": ["max_length"]}),
        ({"form_key": "x"}, {"form_key": ["invalid"]}),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_kept(client, typed, found):
    client.force_login(make_member("Ann Lee", email="ann@example.com"))
    response = client.post(PAGE, typed)
    assert response.status_code == 200
    assert {name: sorted(codes) for name, codes in errors(response).items()} == found
    name, value = next(iter(typed.items()))
    assert response.context["form"][name].value() == value
    assert "<title>Error: Pass on the word" in response.content.decode()
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


def test_html_in_name_and_note_stays_text(client):
    client.force_login(make_member("Ann <b>Lee</b>"))
    client.post(PAGE, {"email": GUEST, "note": "<script>alert(1)</script>\n\n<a href=x>y</a>"})
    (message,) = mail.outbox
    page = Client().get(Invitation.objects.get().get_absolute_url()).content.decode()
    for html in (message.alternatives[0].content, page):
        assert "<script>alert" not in html
        assert "<a href=x>" not in html
        assert "<b>Lee" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert message.subject.startswith("Ann <b>Lee</b> invites you")


@pytest.mark.parametrize("name", ["Prizes at example.com", "Ring 0161 496 0000"])
def test_a_name_that_leads_away_goes_into_no_email(client, name):
    client.force_login(make_member(name))
    response = client.post(PAGE, {"email": GUEST})
    assert errors(response) == {"email": ["name_leads_away"]}
    assert (Invitation.objects.count(), mail.outbox) == (0, [])
    assert client.post(PAGE, {}).status_code == 302  # a link of their own they can have


def test_a_name_can_not_break_out_of_the_subject(settings, member):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    Member.objects.filter(pk=member.pk).update(display_name="Ann\r\nBcc: other@example.org")
    make_invitation(Member.objects.get(pk=member.pk), email=GUEST)
    queued = OutgoingMail.objects.get()
    arrived = message_from_bytes(bytes(queued.message), policy=policy.default)
    assert queued.recipient == GUEST
    assert arrived["Bcc"] is None
    assert arrived["Subject"].strip() == (
        "Ann Bcc: other@example.org invites you to Co-production Practitioners’ Network"
    )


def test_the_same_form_twice_is_one_invitation(inviting):
    key = str(uuid.uuid4())
    for _time in range(2):
        inviting.post(PAGE, {"email": GUEST, "form_key": key})
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


def test_limit_of_a_day_keeps_what_was_typed(inviting, member, settings):
    settings.NETWORK_INVITATIONS_A_DAY = 2
    yesterday = make_invitation(member)
    Invitation.objects.filter(pk=yesterday.pk).update(invited_at=timezone.now() - timedelta(hours=25))
    for _time in range(2):
        assert inviting.post(PAGE, {}).status_code == 302
    response = inviting.post(PAGE, {"email": GUEST, "note": "My words."})
    assert response.status_code == 429
    assert "My words." in response.content.decode()
    assert (Invitation.objects.count(), mail.outbox) == (3, [])
    settings.NETWORK_INVITATIONS_A_DAY = 0
    assert inviting.post(PAGE, {}).status_code == 302


def test_taking_back_gives_no_room_for_more(member, settings):
    settings.NETWORK_INVITATIONS_A_DAY = 1
    make_invitation(member).revoke()
    with pytest.raises(PastInvitations):
        make_invitation(member)


@pytest.mark.parametrize(("number", "expected"), [(1, 7), (3, 7), (50, 7)])
def test_the_list_costs_the_same_for_few_and_many(inviting, member, settings, queries, number, expected):
    settings.NETWORK_INVITATIONS_A_DAY = 0
    for each in range(number):
        made = make_invitation(member)
        Invitation.objects.filter(pk=made.pk).update(
            accepted_by=make_member(f"Guest {each}"), accepted_at=timezone.now()
        )
    inviting.get(PAGE)
    with queries(expected):
        inviting.get(PAGE)


def test_visitors_sign_in_first(client):
    assert client.get(PAGE).url == "/accounts/login/?next=/invitations/"
    assert client.post(PAGE, {"email": GUEST}).status_code == 302
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


# --- who is a member is told to nobody ----------------------------------------------------------------
@pytest.mark.parametrize(
    "fields", [{}, {"confirmed": False}, {"suspended_until": True}, {"is_active": False}]
)
def test_a_members_address_is_answered_like_any_other(client, fields):
    if "suspended_until" in fields:
        fields = {"suspended_until": timezone.now() + timedelta(days=1)}
    make_member("Known Person", email="known@example.org", **fields)
    seen = []
    for email in ("warm@example.org", "known@example.org", "other@example.org"):
        # Each by a member of their own: a list that grows is no answer to one address.
        inviter = make_member("Ann Lee", email=f"inviter-of-{email}")
        client.force_login(inviter)
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as done:
            response = client.post(PAGE, {"email": email, "note": "Hello."})
        page = page_of(client.get(PAGE)).replace(inviter.get_absolute_url(), "")
        statements = [query["sql"].split(maxsplit=1)[0] for query in done]
        told = response.status_code, response.url.partition("#")[0], page
        seen.append((told, statements, [message.to for message in mail.outbox]))
    _warm, known, other = seen
    assert known[:2] == other[:2]
    assert (known[2], other[2]) == ([["known@example.org"]], [["other@example.org"]])


def test_a_member_reads_that_there_is_nothing_to_do(inviting):
    make_member("Known Person", email="known@example.org")
    inviting.post(PAGE, {"email": "known@example.org", "note": "Come and see."})
    (message,) = mail.outbox
    assert message.subject == "Ann Lee wanted to invite you to Co-production Practitioners’ Network"
    for words in (message.body, message.alternatives[0].content):
        assert "There is an account with your address already" in words
        assert "Come and see." in words
        assert stop_path(message) in words
        assert Invitation.objects.get().address not in words


# --- one e-mail an address, and none to whoever wants none ------------------------------------------------
def test_one_email_an_address_whoever_invites(inviting, other_member):
    pages = []
    for email in (GUEST, "Guest+news@example.org"):
        inviting.post(PAGE, {"email": email})
        pages.append(page_of(inviting.get(PAGE)).count("If we may write to that address"))
    make_invitation(other_member, email=GUEST)
    assert [message.to for message in mail.outbox] == [[GUEST]]
    assert Invitation.objects.count() == 3
    assert pages == [1, 1]


def test_after_a_year_an_address_may_be_written_to_once_more(member):
    make_invitation(member, email=GUEST)
    InvitedAddress.objects.update(written_at=timezone.now() - timedelta(days=366))
    for _time in range(2):
        make_invitation(member, email=GUEST)
    assert len(mail.outbox) == 2


def test_the_worker_forgets_who_may_be_written_to_again_but_not_who_said_no(member):
    for name in ("old", "refused", "recent"):
        make_invitation(member, email=f"{name}@example.org")
    InvitedAddress.objects.stop(digest_of("refused@example.org"))
    old = [digest_of(f"{name}@example.org") for name in ("old", "refused")]
    InvitedAddress.objects.filter(digest__in=old).update(written_at=timezone.now() - timedelta(days=366))
    assert InvitedAddress.objects.forget_old() == 1
    kept = {digest_of(f"{name}@example.org") for name in ("refused", "recent")}
    assert set(InvitedAddress.objects.values_list("digest", flat=True)) == kept


def test_wanting_no_more_takes_one_click_and_a_button(member, other_member):
    make_invitation(member, email=GUEST)
    path = stop_path(mail.outbox.pop())
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.get(path).status_code == 200
    assert visitor.head(path).status_code == 200
    assert InvitedAddress.objects.get().stopped_at is None  # opening it changes nothing
    assert visitor.post(path).status_code == 200
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert dict(visitor.cookies) == {}
    InvitedAddress.objects.update(written_at=timezone.now() - timedelta(days=3650))
    InvitedAddress.objects.forget_old()
    make_invitation(other_member, email="guest+2@example.org")
    assert mail.outbox == []
    assert Invitation.objects.count() == 2


def test_a_changed_stopping_link_stops_nobody(member):
    make_invitation(member, email=GUEST)
    path = stop_path(mail.outbox[0])
    changed = path.replace(digest_of(GUEST), digest_of("other@example.org"))
    for wrong in (changed, f"{path[:-2]}/", f"{PAGE}stop/x/"):
        assert Client().get(wrong).status_code == Client().post(wrong).status_code == 404
    assert list(InvitedAddress.objects.values_list("stopped_at", flat=True)) == [None]


# --- the page for whoever is invited -----------------------------------------------------------------------
def test_the_page_says_who_invites_the_note_and_until_when(client, member):
    made = make_invitation(member, note="Come and see.", for_whom="zqreminder")
    response = client.get(made.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert "Ann Lee invites you" in page
    assert "Come and see." in page
    assert (
        f"{timezone.localtime(made.expires_at):%-d %B %Y}, {timezone.localtime(made.expires_at):%H:%M}"
        in page
    )
    assert f'href="/accounts/signup/?invitation={token_for(made.pk)}"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "zqreminder" not in page
    assert dict(client.cookies) == {}
    assert "no-store" in response.headers["Cache-Control"]


def test_opening_it_changes_nothing(client, member):
    made = make_invitation(member)
    before = Invitation.objects.values().get()
    for method in (client.get, client.head):
        assert method(made.get_absolute_url()).status_code == 200
    assert client.post(made.get_absolute_url()).status_code == 405
    assert Invitation.objects.values().get() == before


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, State.EXPIRED),
        ({"revoked_at": timezone.now()}, State.REVOKED),
    ],
)
def test_an_ended_one_names_nobody(client, member, changed, state):
    made = make_invitation(member, note="Come and see.")
    Invitation.objects.update(**changed)
    response = client.get(made.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 410
    assert Invitation.objects.get().state == state
    assert "Ann Lee" not in page
    assert "Come and see." not in page


@pytest.mark.parametrize(
    "fields", [{"suspended_until": True}, {"hidden": True}, {"is_active": False}, {"approved_at": None}]
)
def test_the_invitations_of_who_may_not_act_stop_working_for_as_long(client, member, fields):
    if "suspended_until" in fields:
        fields = {"suspended_until": timezone.now() + timedelta(days=1)}
    made = make_invitation(member)
    before = Member.objects.filter(pk=member.pk).values(*fields).get()
    Member.objects.filter(pk=member.pk).update(**fields)
    assert client.get(made.get_absolute_url()).status_code == 410
    Member.objects.filter(pk=member.pk).update(**before)
    assert client.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("wrong", ["x", "1", "1.", ".", "1.x", "9" * 400, "²", "1.%00"])
def test_a_link_made_up_leads_nowhere(client, member, wrong):
    make_invitation(member)
    assert client.get(f"{PAGE}{wrong}/").status_code in {400, 404}


def test_the_signature_of_one_opens_no_other(client, member):
    first, second = make_invitation(member), make_invitation(member)
    signature = token_for(first.pk).partition(".")[2]
    assert len(signature) == 43  # 256 bits
    assert client.get(f"{PAGE}{second.pk}.{signature}/").status_code == 404


# --- taking back ----------------------------------------------------------------------------------------------
def test_taking_back(inviting, member):
    made = make_invitation(member)
    path = f"{PAGE}{made.pk}/revoke/"
    assert inviting.get(path).status_code == 200
    assert Client().get(made.get_absolute_url()).status_code == 200
    assert inviting.post(path).url == PAGE
    assert Client().get(made.get_absolute_url()).status_code == 410
    revoked_at = Invitation.objects.get().revoked_at
    inviting.post(path)
    assert Invitation.objects.get().revoked_at == revoked_at


def test_nobody_takes_back_anothers(inviting, other_member):
    made = make_invitation(other_member)
    for method in (inviting.get, inviting.post):
        assert method(f"{PAGE}{made.pk}/revoke/").status_code == 404
    assert Client().post(f"{PAGE}{made.pk}/revoke/").status_code == 302
    assert Invitation.objects.get().is_waiting


def test_taking_back_takes_a_token_of_the_form(member):
    made = make_invitation(member)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    for path in (PAGE, f"{PAGE}{made.pk}/revoke/"):
        assert strict.post(path).status_code == 403
    assert Invitation.objects.get().is_waiting


# --- the admin ----------------------------------------------------------------------------------------------------
def test_administrators_look_and_change_nothing(client, member, other_member, administrator):
    made = make_invitation(member, note="Come and see.", for_whom="A reminder")
    Invitation.objects.update(accepted_by=other_member, accepted_at=timezone.now())
    client.force_login(administrator)
    listed = client.get("/admin/profiles/invitation/?state=accepted").content.decode()
    assert "Ann Lee" in listed
    assert "Bola Ade" in listed
    assert "Ann Lee" not in client.get("/admin/profiles/invitation/?state=waiting").content.decode()
    page = client.get(f"/admin/profiles/invitation/{made.pk}/change/").content.decode()
    assert "Come and see." in page
    assert "A reminder" not in page
    for path in ("add/", f"{made.pk}/delete/"):
        assert client.get(f"/admin/profiles/invitation/{path}").status_code == 403
