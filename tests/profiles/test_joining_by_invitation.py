"""Joining by an invitation: it is kept until the address is confirmed, counts once, and is told to who invited."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from commons.moderation.models import Case
from commons.notifications.models import Notice
from profiles.invitations.inviting import invite
from profiles.invitations.models import Arrival, Invitation
from profiles.invitations.tokens import token_for
from profiles.models import Member
from tests.factories import make_member
from tests.profiles.joining import JOIN, SENT, answers, confirm, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(member):
    return invite(member, form_key=uuid.uuid4(), note="Come and see.")


def guest(**changed):
    return answers(**{"display_name": "Guest Person", "email": "guest@example.org", **changed})


def join(invitation, **changed):
    """Sign up by an invitation from a new browser; return the confirming e-mail."""
    mail.outbox.clear()
    response = Client().post(JOIN, guest(invitation=token_for(invitation.pk), **changed))
    assert (response.status_code, response.url) == (302, SENT)
    return mail.outbox[0]


def test_from_the_link_to_being_in(client, invitation, member):
    page = client.get(invitation.get_absolute_url()).content.decode()
    joining = f"{JOIN}?invitation={token_for(invitation.pk)}"
    assert f'href="{joining}"' in page
    form = client.get(joining)
    assert "You come by an invitation of Ann Lee." in form.content.decode()
    kept = form.context["form"]["invitation"].value()
    client.post(JOIN, guest(invitation=kept))
    invitation.refresh_from_db()
    assert (invitation.accepted_at, Notice.objects.count()) == (
        None,
        0,
    )  # not before the address is confirmed
    (message,) = mail.outbox
    assert confirm(client, message).status_code == 302
    assert signed_in(client)
    came = Member.objects.get(email="guest@example.org")
    invitation.refresh_from_db()
    assert invitation.accepted_by == came
    assert came.may_act
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.subject, notice.url) == (
        member,
        "invitation.accepted",
        "Guest Person has accepted your invitation",
        came.get_absolute_url(),
    )
    assert [message.to for message in mail.outbox[1:]] == [[member.email]]
    # Both can read who invited whom.
    assert "You came by an invitation of" in client.get("/invitations/").content.decode()
    client.force_login(member)
    assert (
        f'<a href="{came.get_absolute_url()}">Guest Person</a>'
        in client.get("/invitations/").content.decode()
    )
    assert Client().get(invitation.get_absolute_url()).status_code == 410


def test_the_invitation_is_kept_when_something_else_is_wrong(client, invitation):
    response = client.post(JOIN, guest(invitation=token_for(invitation.pk), password1="short"))
    assert response.context["form"]["invitation"].value() == token_for(invitation.pk)
    assert "You come by an invitation of Ann Lee." in response.content.decode()


def test_confirming_in_another_browser_counts_as_well(invitation):
    confirm(Client(), join(invitation))
    invitation.refresh_from_db()
    assert invitation.accepted_by.email == "guest@example.org"


@pytest.mark.parametrize(("by_invitation", "approved", "cases"), [(True, True, 0), (False, False, 1)])
def test_who_was_invited_need_not_wait_for_approval(invitation, settings, by_invitation, approved, cases):
    settings.NETWORK_APPROVES_MEMBERS = True
    if by_invitation:
        assert "Ann Lee vouches for you" in Client().get(invitation.get_absolute_url()).content.decode()
        message = join(invitation)
    else:
        Client().post(JOIN, guest())
        message = mail.outbox[0]
    confirm(Client(), message)
    assert (Member.objects.get(email="guest@example.org").may_act, Case.objects.count()) == (approved, cases)


@pytest.mark.parametrize("when", ["before signing up", "before confirming"])
@pytest.mark.parametrize("what", ["revoked", "used", "suspended"])
def test_an_invitation_that_has_ended_lets_nobody_past_approval(invitation, settings, when, what, member):
    settings.NETWORK_APPROVES_MEMBERS = True

    def end():
        if what == "revoked":
            assert invitation.revoke()
        elif what == "used":
            Invitation.objects.update(accepted_by=make_member(), accepted_at=timezone.now())
        else:
            Member.objects.filter(pk=member.pk).update(suspended_until=timezone.now() + timedelta(days=1))

    if when == "before signing up":
        end()
    message = join(invitation)
    if when == "before confirming":
        end()
    confirm(Client(), message)
    came = Member.objects.get(email="guest@example.org")
    assert (came.confirmed_at is not None, came.approved_at) == (True, None)
    assert not Invitation.objects.filter(accepted_by=came).exists()
    assert not Notice.objects.filter(kind="invitation.accepted").exists()


def test_who_signed_up_in_time_may_confirm_later(invitation):
    message = join(invitation)
    now = timezone.now()
    Arrival.objects.update(at=now - timedelta(hours=2))
    Invitation.objects.update(expires_at=now - timedelta(hours=1))
    confirm(Client(), message)
    assert Invitation.objects.get().accepted_by.email == "guest@example.org"


def test_signing_up_past_its_end_is_joining_like_everybody(client, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(f"{JOIN}?invitation={token_for(invitation.pk)}").content.decode()
    assert "The invitation you came by is not open any more." in page
    assert "Ann Lee" not in page
    confirm(Client(), join(invitation))
    assert (Arrival.objects.count(), Invitation.objects.get().accepted_by) == (0, None)


def test_of_two_with_one_link_the_first_to_confirm_comes_by_it(invitation):
    first, second = (
        join(invitation),
        join(invitation, email="other@example.org", display_name="Other Person"),
    )
    for message in (second, first):
        confirm(Client(), message)
    assert Invitation.objects.get().accepted_by.email == "other@example.org"
    assert Notice.objects.filter(kind="invitation.accepted").count() == 1
    assert Member.objects.get(email="guest@example.org").may_act


@pytest.mark.parametrize("token", ["x", "1.x", "²", "x" * 3000])
def test_a_token_made_up_is_as_good_as_none(token):
    response = Client().post(JOIN, guest(invitation=token))
    assert (response.status_code, Arrival.objects.count()) == (302, 0)
    assert Client().get(JOIN, {"invitation": token}).status_code == 200


def test_a_member_who_opens_it_is_told_so(client, invitation, other_member, member):
    client.force_login(other_member)
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert "You are a member already" in page
    assert "/accounts/signup/?invitation" not in page
    client.force_login(member)
    assert "This is your invitation" in client.get(invitation.get_absolute_url()).content.decode()
    assert client.get(f"{JOIN}?invitation={token_for(invitation.pk)}").status_code == 302


def test_an_address_that_is_a_members_is_answered_as_ever(invitation):
    make_member("Known Person", email="guest@example.org")
    mail.outbox.clear()
    response = Client().post(JOIN, guest(invitation=token_for(invitation.pk)))
    assert (response.status_code, response.url, len(mail.outbox)) == (302, SENT, 1)
    assert Arrival.objects.count() == 0
