"""The e-mails that news asks for: written by the worker, one a notice, and never twice.

A notice says itself that its e-mail is still to be written. Writing it and noting so are one transaction, and its
Message-ID is made of the notice's number: a worker that is killed in between repeats nothing.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from . import sources
from .models import Notice, Silence
from .notify import send

SALT = "notifications.unsubscribe"


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
    if Silence.objects.filter(member=member, choice=choice.code).exists():
        return
    with override(member.language):
        sources.tell([notice], member)
        if notice.told is None:
            return
        stop_url = f"{settings.SITE_URL}{stop_path(notice)}"
        headers = {
            "Message-ID": _message_id(f"notice-{notice.pk}"),
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if notice.told.conversation:
            # Nobody ever got this message, but mail programs put those together that answer the same one.
            headers["In-Reply-To"] = headers["References"] = _message_id(notice.told.conversation)
        context = {"notice": notice.told, "member": member, "why": choice.why, "stop_url": stop_url}
        send(member.email, "email/news", context, headers)


def stop_path(notice):
    """Return the address at which the member can end such e-mails without signing in. `notice.told` must be known."""
    wish = [notice.member_id, notice.kind, notice.told.conversation]
    return reverse("unsubscribe", args=[signing.dumps(wish, salt=SALT)])


def read_wish(token):
    """Return (member id, kind of notice, conversation or "") of a token made by stop_path. Raises BadSignature."""
    member_id, kind, conversation = signing.loads(token, salt=SALT)
    return member_id, kind, conversation


def _message_id(name):
    """Return a Message-ID that is always the same for `name`, and that nobody else can make up."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{name.replace(':', '-')}.{salted_hmac(SALT, name).hexdigest()[:16]}@{host}>"
