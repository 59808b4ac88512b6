"""What administrators do with several members at once, beyond deciding about them: mail again, download."""

import logging

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import table

log = logging.getLogger(__name__)

MOST_MAILS = 100


@admin.action(description=_("Send the confirming e-mail again"), permissions=["change"])
def send_confirmation_again(modeladmin, request, queryset):
    """To those who have not confirmed their address yet, as often as allauth lets one address be written to."""
    sent = waiting = 0
    for member in queryset.unconfirmed()[:MOST_MAILS]:
        if _send_confirmation(request, member):
            sent += 1
        else:
            waiting += 1
    modeladmin.message_user(
        request,
        ngettext("%d confirming e-mail is on its way.", "%d confirming e-mails are on their way.", sent)
        % sent,
        messages.SUCCESS if sent else messages.INFO,
    )
    if waiting:
        words = ngettext(
            "%d member was sent one a short time ago: wait a few minutes.",
            "%d members were sent one a short time ago: wait a few minutes.",
            waiting,
        )
        modeladmin.message_user(request, words % waiting, messages.WARNING)


def _send_confirmation(request, member):
    if not ratelimit.consume(request, action="confirm_email", key=member.email):
        return False
    with transaction.atomic():
        address, _made = EmailAddress.objects.get_or_create(
            user=member, email=member.email, defaults={"primary": True}
        )
        address.send_confirmation(request, signup=True)
    return True


@admin.action(description=_("Download as a table (CSV)"), permissions=["download"])
def download_members(modeladmin, request, queryset):
    """Stream those chosen, with their addresses; who did so is on record."""
    number = queryset.count()
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(modeladmin.model),
        object_repr=str(ngettext("%d member", "%d members", number) % number),
        action_flag=CHANGE,
        change_message=str(_("Downloaded with their e-mail addresses.")),
    )
    log.info("member %s downloaded the list of %s members", request.user.pk, number)
    response = StreamingHttpResponse(table.lines(queryset), content_type="text/csv; charset=utf-8")
    name = f"members-{timezone.localdate().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
