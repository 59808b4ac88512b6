"""What others see of a member's badges: kept beside the member, so that a profile asks for nothing more."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from . import rules
from .models import Held, address_of

EDITORS_PATCH = 7


@dataclass(frozen=True)
class Shown:
    """One badge on a profile: `why` is the reason that an editor gave."""

    name: object
    url: str
    patch: int
    why: str = ""


def keep_shown(members):
    """Bring what is kept beside these members (their ids) in step with what they hold and hide.

    Three statements, and one more where anything is new. A member of whom others see something new has changed.
    """
    if not members:
        return
    model = get_user_model()
    with transaction.atomic():
        found = list(
            model.objects.select_for_update(no_key=True)
            .filter(pk__in=members)
            .order_by("pk")
            .only("badges_hidden", "badges_shown", "changed_at")
        )
        held = defaultdict(list)
        for each in Held.objects.filter(member__in=members, hidden=False).select_related("editors_badge"):
            held[each.member_id].append(each)
        changed = []
        for member in found:
            shown = [] if member.badges_hidden else in_order(held[member.pk])
            if shown != member.badges_shown:
                member.badges_shown, member.changed_at = shown, timezone.now()
                changed.append(member)
        model.objects.bulk_update(changed, ["badges_shown", "changed_at"])


def in_order(held):
    """Return what is kept of badges: what editors gave first, then by the order of the rules."""
    places = {rule.code: place for place, rule in enumerate(rules.all_rules())}
    known = [each for each in held if each.editors_badge_id or each.rule in places]
    return [each.as_shown() for each in sorted(known, key=lambda each: (places.get(each.rule, -1), each.pk))]


def badges_of(member):
    """Return the Shown badges of a member, as others see them. No query."""
    return [] if member.contributions_hidden else [_shown(each) for each in member.badges_shown]


def _shown(kept):
    if "id" in kept:
        return Shown(kept["name"], address_of(kept["id"]), EDITORS_PATCH, kept["why"])
    rule = rules.get(kept["rule"])
    return Shown(rule.name if rule else kept["rule"], address_of(kept["rule"]), rule.patch if rule else 8)


def choose(member, *, hidden, hide_all):
    """The member's own choice: hide the badges with these ids and no others, or all there are and will be."""
    with transaction.atomic():
        own = Held.objects.filter(member=member)
        own.filter(pk__in=hidden).update(hidden=True)
        own.exclude(pk__in=hidden).update(hidden=False)
        get_user_model().objects.filter(pk=member.pk).update(badges_hidden=hide_all)
        keep_shown([member.pk])
