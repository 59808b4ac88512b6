"""Reminding those who are going: a week before, and a day before.

The worker looks now and then, and a look missed is made up for. Whoever said that they come after the moment for a
reminder had passed needs none. Each is sent once: the row says so in the transaction that writes it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from commons.moderation.models import Status

from .models import Answer, Rsvp
from .rsvp_telling import tell_soon

WEEK, DAY = timedelta(days=7), timedelta(days=1)
COLUMNS = {"reminded_a_week_before": WEEK, "reminded_a_day_before": DAY}


def passed_by(starts_at, now=None):
    """Return which reminders need not be sent any more to somebody who is told now when it is: {column: bool}."""
    now = now or timezone.now()
    return {column: starts_at <= now + before for column, before in COLUMNS.items()}


def remind_due(go_on=lambda: True, now=None):
    """Remind all who should be by now; return how many were."""
    now = now or timezone.now()
    reminded = 0
    for column, before, not_after in (
        ("reminded_a_week_before", WEEK, DAY),
        ("reminded_a_day_before", DAY, timedelta(0)),
    ):
        due = Rsvp.objects.filter(
            Q(**{column: False}),
            answer=Answer.GOING,
            waiting_since=None,
            occurrence__starts_at__gt=now + not_after,
            occurrence__starts_at__lte=now + before,
            answered_at__lt=F("occurrence__starts_at") - before,
            occurrence__cancelled_at=None,
            occurrence__event__cancelled_at=None,
            occurrence__event__status=Status.PUBLISHED,
        )
        for pk in list(due.order_by("pk").values_list("pk", flat=True)):
            if not go_on():
                return reminded
            reminded += _remind(due, pk, column)
    return reminded


def _remind(due, pk, column):
    with transaction.atomic():
        # Of two workers at once, the second finds it done.
        waits = due.filter(pk=pk).exists()
        if not waits or not Rsvp.objects.filter(pk=pk, **{column: False}).update(**{column: True}):
            return 0
        tell_soon(Rsvp.objects.select_related("member", "occurrence__event").get(pk=pk))
    return 1
