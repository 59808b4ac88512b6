"""Telling moderators that something waits: at once, or once a day (NETWORK_MODERATION_MAIL).

A flood of reports does not become a flood of mail: after one mail a moderator is left alone for a while, and then
gets one with all that still waits. The worker sends that one.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commons.notifications.notify import send

from . import queued
from .moderators import all_with

AT_ONCE, DAILY = "at-once", "daily"
QUIET = timedelta(minutes=15)
DAILY_AT = time(8)
MOST_NAMED = 20


class ModeratorMail(models.Model):
    """When a moderator was last told that something waits, and whether they are owed more."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), on_delete=models.PROTECT, related_name="+"
    )
    mailed_at = models.DateTimeField(_("last told"), null=True, blank=True)
    owed = models.BooleanField(_("is owed more"), default=False)

    class Meta:
        verbose_name = _("mail to a moderator")
        verbose_name_plural = _("mail to moderators")

    def __str__(self):
        return str(self.member)


def tell_moderators(case):
    """Queue a mail about a new case to each moderator who may decide it, or note that they are owed one."""
    deciders = case.deciders()
    ModeratorMail.objects.bulk_create(
        [ModeratorMail(member=member) for member in deciders], ignore_conflicts=True
    )
    for member in deciders:
        if settings.NETWORK_MODERATION_MAIL == AT_ONCE and _claim(member):
            _send(member, [case], 1)
        else:
            ModeratorMail.objects.filter(member=member).update(owed=True)


def send_due(now=None):
    """Send what moderators are owed by now; return how many mails were queued. For the worker, as often as it likes."""
    now = now or timezone.now()
    sent = 0
    for member in _owed(now):
        with transaction.atomic():
            waiting = _waiting_for(member)
            if not waiting:
                ModeratorMail.objects.filter(member=member).update(owed=False)
            elif _claim(member, now):
                _send(member, waiting[:MOST_NAMED], len(waiting))
                sent += 1
    return sent


def _owed(now):
    """Return the moderators who are to be told now, if anything waits for them."""
    if settings.NETWORK_MODERATION_MAIL == AT_ONCE:
        rows = ModeratorMail.objects.filter(_rested(now), owed=True).select_related("member")
        return [row.member for row in rows.order_by("member")]
    told = set(ModeratorMail.objects.exclude(_rested(now)).values_list("member", flat=True))
    found = {member.pk: member for q in queued.everything() for member in all_with(q.permission)}
    missing = [pk for pk in found if pk not in told]
    ModeratorMail.objects.bulk_create([ModeratorMail(member_id=pk) for pk in missing], ignore_conflicts=True)
    return [found[pk] for pk in sorted(missing)]


def _rested(now):
    """The condition that a moderator has not been told for so long that they may be told now."""
    if settings.NETWORK_MODERATION_MAIL == AT_ONCE:
        since = now - QUIET
    else:
        today = timezone.make_aware(datetime.combine(timezone.localdate(now), DAILY_AT))
        since = today if now >= today else today - timedelta(days=1)
    return Q(mailed_at=None) | Q(mailed_at__lt=since)


def _claim(member, now=None):
    """Note that a moderator is told now; return whether it is time for it. Of two at once, one is right."""
    now = now or timezone.now()
    rows = ModeratorMail.objects.filter(_rested(now), member=member)
    return bool(rows.update(mailed_at=now, owed=False))


def _waiting_for(member):
    """Return the open cases that a moderator may decide, the longest waiting first."""
    from .cases import Case

    if not (member.is_active and member.may_act):
        return []
    return list(Case.objects.awaiting(member).select_related("target_type", "about").in_order())


def _send(member, cases, number):
    with override(member.language):
        lines = [
            {
                "title": case.title,
                "why": case.get_why_display(),
                "kind": queued.kind_label(case.target_type),
                "url": f"{settings.SITE_URL}{reverse('admin:moderation_case_change', args=[case.pk])}",
            }
            for case in cases
        ]
        queue = f"{settings.SITE_URL}{reverse('admin:moderation_case_changelist')}"
        context = {
            "member": member,
            "cases": lines,
            "number": number,
            "more": number - len(lines),
            "queue": queue,
        }
        send(member.email, "email/moderation_awaits", context)
