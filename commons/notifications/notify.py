"""Telling members something: a notice in the inbox and an e-mail.

`notify` tells one member what was decided, in the caller's transaction. `spread` tells many of news: their notices
are written in the caller's transaction, and the worker writes the e-mails (see news_mail.py), so that whoever posts
does not wait for them.
"""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from commons.markup.render import clean_text

from . import sources
from .models import EmailChoice, Notice
from .unsubscribing import headers_for, stop_path
from .when import DIGESTS, When


def notify(member, kind, subject, text="", url="", email=True, conversation=""):
    """Put a notice into the member's inbox and, unless `email` is false, queue the same as an e-mail.

    `kind` is a short code ("contribution.remove"); `subject` and `text` are plain words, written in the
    member's language where they are lazy translations; `url` is a path on this site; `conversation` names what it
    belongs to, for mail programs. A kind that members can choose about (see sources.Worded) is mailed to those who
    want it. Returns the Notice.
    """
    with override(getattr(member, "language", "") or settings.LANGUAGE_CODE):
        notice = Notice.objects.create(
            member=member,
            kind=kind,
            subject=_one_line(subject)[:200],
            text=re.sub(r"\n{3,}", "\n\n", clean_text(str(text)).strip()),
            url=url,
        )
        if email and member.email:
            _mail(notice, member, conversation)
    return notice


def _mail(notice, member, conversation):
    """Queue the e-mail of a notice that keeps its own words, unless it is of a kind that its member does not want."""
    choice = sources.choice_of(notice.kind)
    if choice is None:
        send(member.email, "email/notice", {"notice": notice, "member": member})
    elif EmailChoice.of_each([member], choice).get(member.pk, choice.default) == When.AT_ONCE:
        stop_url = f"{settings.SITE_URL}{stop_path(member.pk, notice.kind)}"
        context = {"notice": notice, "member": member, "why": choice.why, "stop_url": stop_url}
        headers = headers_for(f"notice-{notice.pk}", stop_url, conversation)
        send(member.email, "email/news", context, headers)


def spread(members, kind, target_id):
    """Tell each of `members` once of news of this `kind` (see sources.py) about `target_id`; return how many.

    E-mails follow at once, with a digest or not at all, as each has chosen. Two statements, however many members.
    """
    choice = sources.of_kind(kind).kinds[kind]
    chosen = EmailChoice.of_each(members, choice)
    notices = []
    for member in members:
        when = chosen.get(member.pk, choice.default) if member.confirmed_at else When.NEVER
        digest = when if when in DIGESTS else ""
        notices.append(
            Notice(
                member=member,
                kind=kind,
                target_id=target_id,
                mail_due=when == When.AT_ONCE,
                digest=digest,
            )
        )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)


def send(address, template, context, headers=None):
    """Queue an e-mail written from `<template>_subject.txt`, `<template>.txt` and `<template>.html`."""
    context = {"network_name": settings.NETWORK_NAME, "site_url": settings.SITE_URL, **context}
    message = EmailMultiAlternatives(
        _one_line(render_to_string(f"{template}_subject.txt", context)),
        render_to_string(f"{template}.txt", context),
        to=[address],
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()


def _one_line(text):
    """Return `text` as a header can hold it: no control characters, no line breaks."""
    return " ".join(clean_text(str(text)).split())
