"""Many invitations at the same moment, each in a process of its own, on either database."""

TRY = """
import uuid
from functools import partial
from django.conf import settings
from commons.notifications.models import OutgoingMail
from profiles.invitations.inviting import PastInvitations, invite
from profiles.invitations.models import Invitation
from tests.at_once import at_once
from tests.factories import make_member
settings.NETWORK_INVITATIONS_A_DAY = 4
many, others = make_member(), [make_member() for _ in range(4)]
def go(inviter):
    try:
        invite(inviter, form_key=uuid.uuid4(), email="guest@example.org")
    except PastInvitations:
        pass
print(at_once(*[partial(go, inviter) for inviter in [many] * 10 + others]))
print(Invitation.objects.of(many).count(), Invitation.objects.count(), OutgoingMail.objects.count())
"""


def test_ten_at_once_keep_to_the_limit_and_one_email_goes_to_an_address(other_site):
    assert other_site.python(TRY).splitlines() == ["[]", "4 8 1"]


CONFIRM = """
import uuid
from functools import partial
from django.conf import settings
from commons.moderation.models import Case
from commons.notifications.models import Notice
from profiles.invitations.inviting import invite
from profiles.invitations.joining import note_arrival
from profiles.invitations.models import Invitation
from profiles.invitations.tokens import token_for
from profiles.models import Member
from tests.at_once import at_once
from tests.factories import make_member
settings.NETWORK_APPROVES_MEMBERS = True
inviter, *came = (
    make_member(email=f"{{uuid.uuid4()}}@example.org", confirmed=number == 0) for number in range(1 + {number})
)
invitation = invite(inviter, form_key=uuid.uuid4())
for each in came:
    note_arrival(each, token_for(invitation.pk))
people = [Member.objects.get(pk=each.pk) for each in came for _time in range({times})]
print(at_once(*[each.confirm for each in people]))
mine = Member.objects.filter(pk__in=[each.pk for each in came])
told = Notice.objects.filter(kind="invitation.accepted", member=inviter)
print(
    mine.exclude(confirmed_at=None).count(),
    mine.exclude(approved_at=None).count(),
    Invitation.objects.filter(accepted_by__in=mine).count(),
    told.count(),
    sum(Case.objects.about(each).count() for each in came),
)
"""


def test_of_four_who_confirm_at_once_one_comes_by_the_link(other_site):
    """All are confirmed; one is let in, and the inviter is told of that one; three wait for a moderator."""
    assert other_site.python(CONFIRM.format(number=4, times=1)).splitlines() == ["[]", "4 1 1 1 3"]


def test_who_confirms_twice_at_once_stays_let_in(other_site):
    assert other_site.python(CONFIRM.format(number=1, times=4)).splitlines() == ["[]", "1 1 1 1 0"]
