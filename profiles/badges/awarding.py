"""Awarding what the rules promise: by the worker, a little after it was earned, and however often, once.

A badge that was earned stays, also when what earned it is taken back. What a moderator has removed earns nothing.
"""

from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.conversation import batches
from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach
from commons.notifications.notify import notify

from ..news import BADGE_GIVEN
from . import rules
from .models import Held, Look
from .showing import keep_shown

BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
# What was written while the last look went on, in a transaction that ended after it, is looked at as well.
OVERLAP = timedelta(minutes=10)
CHUNK = 200


def award_due(go_on=lambda: True):
    """Award what was earned since the last look; return how many badges. Stops early when `go_on()` says so."""
    begun, last = timezone.now(), Look.last()
    since = last - OVERLAP if last else BEGINNING
    moments = [rule for rule in rules.all_rules() if rule.of_moments]
    others = [rule for rule in rules.all_rules() if not rule.of_moments]
    awarded = award(_earned(moments, [], since))
    for ids in _changed_since(since):
        if not go_on():
            return awarded
        awarded += award(_earned(others, ids, since))
    Look.note(begun)
    return awarded


def award_everything():
    """Look at everything there is once more, and at what is kept beside members; return how many badges were new."""
    Look.objects.all().delete()
    awarded = award_due()
    holders = Held.objects.order_by("member").values_list("member", flat=True).distinct()
    for batch in batches(list(holders)):
        keep_shown(batch)
    return awarded


def award(earned):
    """Give badges to whom they are due: `earned` is a set of (code, member id). Return how many were new."""
    return sum(_award(set(batch)) for batch in batches(sorted(earned)))


def _award(earned):
    codes, ids = ({each[place] for each in earned} for place in (0, 1))
    with transaction.atomic():
        members = get_user_model().objects.filter(pk__in=ids, is_active=True)
        open_accounts = set(members.order_by().values_list("pk", flat=True))
        held = Held.objects.filter(member__in=ids, rule__in=codes).order_by()
        have = set(held.values_list("rule", "member"))
        new = [pair for pair in sorted(earned - have) if pair[1] in open_accounts]
        Held.objects.bulk_create([Held(rule=code, member_id=pk) for code, pk in new], ignore_conflicts=True)
        keep_shown({pk for _code, pk in new})
    return len(new)


def give(held, by):
    """An editor gives a badge, `held` with its member and reason and not yet saved; the member is told."""
    with transaction.atomic():
        held.given_by = by
        held.save()
        keep_shown([held.member_id])
        notify(
            held.member,
            BADGE_GIVEN,
            _("You were given the badge “%(name)s”") % {"name": held.name},
            held.reason,
            url=reverse("badges:own"),
        )


def _earned(those, ids, since):
    return {(rule.code, pk) for rule in those for pk in rule.earned(ids, since)}


def _changed_since(since):
    """Yield lists of ids of what changed since then and can be read, the longest ago first."""
    listed = Contribution.objects.filter(reach__gt=Reach.NOBODY).order_by("changed_at", "pk")
    after = Q(changed_at__gte=since)
    while rows := list(listed.filter(after).values_list("changed_at", "pk")[:CHUNK]):
        yield [pk for _changed_at, pk in rows]
        changed_at, pk = rows[-1]
        # The first part says nothing new, but the index begins there.
        after = Q(changed_at__gte=changed_at) & (Q(changed_at__gt=changed_at) | Q(pk__gt=pk))
