"""allauth's pages and e-mails: every one that can be reached is ours, in text and HTML, and says only our words."""

from pathlib import Path

import allauth
import html5lib
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

OURS = Path(settings.BASE_DIR) / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
# Of ways to sign in that are switched off: phones, codes in place of links, passkeys, several addresses.
UNREACHABLE = {
    "account/confirm_email_verification_code.html",
    "account/confirm_password_reset_code.html",
    "account/confirm_phone_verification_code.html",
    "account/email.html",
    "account/phone_change.html",
    "account/signup_by_passkey.html",
    "mfa/trust.html",
}
MAILS_UNREACHABLE = {"account/email/email_confirm", "account/email/password_reset_code"}


def their_pages():
    pages = [p for folder in ("account", "mfa", "usersessions") for p in (THEIRS / folder).rglob("*.html")]
    names = {
        str(p.relative_to(THEIRS))
        for p in pages
        if not p.name.startswith("base") and "snippets" not in p.parts
    }
    return {name for name in names if not name.startswith("mfa/webauthn/")}


def their_mails():
    found = {
        str(p.relative_to(THEIRS)).removesuffix("_subject.txt") for p in THEIRS.rglob("email/*_subject.txt")
    }
    return {name for name in found if name.split("/")[0] in {"account", "mfa"} and "webauthn" not in name}


def test_every_page_that_can_be_reached_is_ours():
    assert their_pages() - UNREACHABLE == {name for name in their_pages() if (OURS / name).exists()}


def test_every_mail_that_can_be_sent_is_ours_in_text_and_html():
    parts = ("subject.txt", "message.txt", "message.html")
    wanted = {f"{name}_{part}" for name in their_mails() - MAILS_UNREACHABLE for part in parts}
    there = {str(p.relative_to(OURS)) for p in OURS.rglob("email/*_*.*") if p.parts[-3] in {"account", "mfa"}}
    assert there - {"account/email/base_message.txt", "account/email/base_message.html"} == wanted


@pytest.mark.parametrize("name", sorted(their_mails() - MAILS_UNREACHABLE))
def test_mail(name):
    context = {
        "network_name": "Ann & Bob’s <network>",
        "site_url": "https://network.example",
        "activate_url": "https://network.example/accounts/confirm-email/abc/",
        "password_reset_url": "https://network.example/accounts/password/reset/key/abc/",
        "signup_url": "https://network.example/accounts/signup/",
        "code": "ABCD-EFGH",
        "timestamp": timezone.now(),
        "ip": "203.0.113.7",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
        "deleted_email": "old@example.org",
    }
    subject, text, html = (
        render_to_string(f"{name}_{part}", context) for part in ("subject.txt", "message.txt", "message.html")
    )
    assert subject.strip()
    assert "\n" not in subject.strip()
    assert "&amp;" not in subject + text  # plain text is not escaped
    assert "<network>" not in html
    html5lib.HTMLParser(strict=True).parse(html)
    assert "the people who run Ann & Bob’s <network>" in text
    links = [word for word in text.split() if "://" in word]
    assert links
    assert all(link.startswith("https://network.example") for link in links)
    assert all(link in html for link in links)
