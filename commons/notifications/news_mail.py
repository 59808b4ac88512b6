"""The e-mails that news asks for: written by the worker, one a notice, and never twice.

A notice says itself that its e-mail is still to be written. Writing it and noting so are one transaction, and its
Message-ID is made of the notice's number: a worker that is killed in between repeats nothing.
"""

from email.utils import formataddr

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from . import answering, sources
from .models import EmailChoice, Notice
from .notify import send
from .unsubscribing import headers_for, stop_path
from .when import When


def write_due(limit=50, go_on=lambda: True):
    """Queue the e-mails of up to `limit` notices, the oldest first; return how many notices were seen to."""
    due = Notice.objects.filter(mail_due=True).order_by("pk").values_list("pk", flat=True)
    seen_to = 0
    for pk in list(due[:limit]):
        if not go_on():
            break
        with transaction.atomic():
            # Of two workers at once, the second finds it no longer due.
            if not Notice.objects.filter(pk=pk, mail_due=True).update(mail_due=False):
                continue
            _write(Notice.objects.select_related("member").get(pk=pk))
        seen_to += 1
    return seen_to


def _write(notice):
    """Queue the e-mail of one notice, unless its member may not see what it is about, or wants it no more."""
    member, source = notice.member, sources.of_kind(notice.kind)
    if source is None or not member.may_act:
        return
    choice = source.kinds[notice.kind]
    if EmailChoice.of_each([member], choice).get(member.pk, choice.default) != When.AT_ONCE:
        return
    with override(member.language):
        sources.tell([notice], member)
        if notice.told is None:
            return
        stop_url = f"{settings.SITE_URL}{stop_path(member.pk, notice.kind, notice.told.conversation)}"
        headers = headers_for(f"notice-{notice.pk}", stop_url, notice.told.conversation)
        context = {"notice": notice.told, "member": member, "why": choice.why, "stop_url": stop_url}
        answer_to = answering.address_for(member, notice.told.conversation)
        if answer_to:
            headers["Reply-To"] = formataddr((settings.NETWORK_NAME, answer_to))
            context["can_be_answered"] = True
        send(member.email, "email/news", context, headers)
