"""A worker killed without a word (SIGKILL) while it closes an account: between two steps, and in the middle of one."""

import signal

import pytest

pytestmark = pytest.mark.django_db

PREPARE = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from profiles.models import Member
from tests.factories import make_comment, make_member, make_post
ann, other = (make_member(name, email=f"{uuid4()}@example.org") for name in ("Quillon Wyvern", "Other"))
posts = [make_post(ann, body="Words of wyvern.") for _number in range(2)]
talk = make_post(other)
said = [make_comment(talk, ann, "Wyvern says.") for _number in range(2)]
make_comment(talk, other, f"Thanks, @{ann.username}.")
ann.close(keeps=False)
Member.objects.filter(pk=ann.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
print(ann.pk)
"""
CARRY_OUT = """
import os, signal
from itertools import count
from commons.contributions.signals import contribution_changed
from profiles import closing
steps, changes = count(1), count(1)
def die_after(counted, most):
    if most and next(counted) > most:
        os.kill(os.getpid(), signal.SIGKILL)
    return True
contribution_changed.connect(lambda **_rest: die_after(changes, {changes}), weak=False)
while closing.carry_out_due(go_on=lambda: die_after(steps, {steps})):
    pass
"""
# Emptying the account, and taking its name once the last e-mail has been sent.
FINISH = """
from commons.notifications.mail import deliver_due
from profiles import closing
for _time in range(2):
    while closing.carry_out_due():
        pass
    deliver_due(limit=1000)
"""
LEFT = """
from commons.contributions.models import Comment, CommentRevision, Contribution, Revision
from commons.moderation.models import Decision
from profiles.models import Member
member = Member.objects.get(pk={pk})
print(
    member.display_name,
    Contribution.objects.filter(body__icontains="wyvern").count(),
    Comment.objects.filter(body__icontains="wyvern").count(),
    CommentRevision.objects.filter(body__icontains="wyvern").count(),
    Revision.objects.filter(snapshot__body__icontains="wyvern").count(),
    Decision.objects.filter(action="erase", about=member).count(),
    sep="|",
)
"""


def test_what_it_left_is_gone_on_with(other_site):
    pk = other_site.python(PREPARE).splitlines()[-1]
    for killed_after in ({"steps": 3, "changes": 0}, {"steps": 0, "changes": 2}):
        process = other_site.start("-c", CARRY_OUT.format(**killed_after))
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    left = other_site.python(FINISH + LEFT.format(pk=pk)).splitlines()[-1]
    assert left == "A former member|0|0|0|0|1"
