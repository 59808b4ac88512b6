"""Telling a member something: a notice in the inbox and an e-mail, both in the caller's transaction."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from commons.markup.render import clean_text

from .models import Notice


def notify(member, kind, subject, text="", url="", email=True):
    """Put a notice into the member's inbox and, unless `email` is false, queue the same as an e-mail.

    `kind` is a short code ("contribution.remove"); `subject` and `text` are plain words, written in the
    member's language where they are lazy translations; `url` is a path on this site. Returns the Notice.
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
            send(member.email, "email/notice", {"notice": notice, "member": member})
    return notice


def send(address, template, context):
    """Queue an e-mail written from `<template>_subject.txt`, `<template>.txt` and `<template>.html`."""
    context = {"network_name": settings.NETWORK_NAME, "site_url": settings.SITE_URL, **context}
    message = EmailMultiAlternatives(
        _one_line(render_to_string(f"{template}_subject.txt", context)),
        render_to_string(f"{template}.txt", context),
        to=[address],
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()


def _one_line(text):
    """Return `text` as a header can hold it: no control characters, no line breaks."""
    return " ".join(clean_text(str(text)).split())
