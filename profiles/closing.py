"""Closing accounts whose fourteen days are over: the worker's part, in steps that are done whole or not at all.

A worker that is killed leaves the rest to the next, which begins anew and finds done what is done. First goes all that
was held on the member, each app's by its own declaration; what tells who they were goes last, once the e-mail that
says so has reached them.
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from commons.notifications.models import OutgoingMail
from commons.notifications.notify import send
from commons.personal_data.held import all_in_order_of_erasing
from commons.personal_data.leaving import Leaving

from .models import FormerUsername, Member

log = logging.getLogger(__name__)

# How long the last e-mail to them may take; then it is dropped like all else.
FAREWELL_WAITS = timedelta(days=2)


class Stopped(Exception):
    """Whoever asked for it does not want to go on."""


def carry_out_due(go_on=lambda: True, now=None):
    """Take a step towards closing the first account that is due and needs one; return how many did: 1 or 0.

    `go_on` is asked before each step: once it says no, the rest is left to the next.
    """
    now = now or timezone.now()
    due = Member.objects.filter(closes_at__lte=now, closed_at=None).order_by("closes_at", "pk")
    for member in due:
        if not go_on():
            return 0
        leaving = _leaving(member)
        if not member.is_active and _farewell_waits(leaving, now):
            continue
        try:
            _go_on_with(leaving, go_on)
        except Stopped:
            return 0
        except Exception:
            log.exception("the account of member %s could not be closed yet", member.pk)
            continue
        return 1
    return 0


def _go_on_with(leaving, go_on):
    last = not leaving.member.is_active
    leave_no_traces(connection)
    if last:
        leaving.farewell = ""  # it has been sent, or has waited long enough
    else:
        _say_farewell(leaving)
    with override(settings.LANGUAGE_CODE):
        for held in all_in_order_of_erasing():
            if held.last and not last:
                break
            for _step in held.take_out(leaving):
                if not go_on():
                    raise Stopped
    # Emptied, nothing is left but who they were, until the farewell has been sent.
    done = {"closed_at": timezone.now()} if last else {"is_active": False}
    Member.objects.filter(pk=leaving.member.pk).update(**done)
    log.info("member %s: %s", leaving.member.pk, "account closed" if last else "account emptied")


def leave_no_traces(connection):
    """Let SQLite overwrite what this connection deletes from now on; else it would lie in the file until used again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _leaving(member):
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    former = FormerUsername.objects.filter(member=member).values_list("username", flat=True)
    addresses = EmailAddress.objects.filter(user=member).values_list("email", flat=True)
    return Leaving(
        member,
        member.keeps_written,
        names={member.display_name},
        usernames={member.username, *former},
        addresses={member.email, *(address.lower() for address in addresses)},
        farewell=f"<closed.{member.pk}.{member.closes_at:%Y%m%d%H%M%S}@{host}>",
    )


def _say_farewell(leaving):
    """Queue the last e-mail to them. It has a name of its own, so that however often this is done it is sent once."""
    member = leaving.member
    with leaving.step(), override(member.language):
        send(member.email, "email/farewell", {"member": member}, {"Message-ID": leaving.farewell})


def _farewell_waits(leaving, now):
    waiting = OutgoingMail.objects.waiting().filter(message_id=leaving.farewell)
    return leaving.member.closes_at > now - FAREWELL_WAITS and waiting.exists()
