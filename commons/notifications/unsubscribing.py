"""Ending e-mails by a link in one of them, without signing in; and the headers by which mail programs know them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

SALT = "notifications.unsubscribe"


def stop_path(member_id, kind, conversation=""):
    """Return the address at which a member can end e-mails of a kind of notice, or about one conversation."""
    return reverse("unsubscribe", args=[signing.dumps([member_id, kind, conversation], salt=SALT)])


def read_wish(token):
    """Return (member id, kind of notice, conversation or "") of a token made by stop_path. Raises BadSignature."""
    member_id, kind, conversation = signing.loads(token, salt=SALT)
    return member_id, kind, conversation


def headers_for(name, stop_url, conversation=""):
    """Return the headers of an e-mail that is news: its own Message-ID, how to stop it, what it belongs to.

    `name` is what its Message-ID is made of: the same e-mail written twice is the same message.
    """
    headers = {
        "Message-ID": message_id(name),
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if conversation:
        # Nobody ever got this message, but mail programs put those together that answer the same one.
        headers["In-Reply-To"] = headers["References"] = message_id(conversation)
    return headers


def message_id(name):
    """Return a Message-ID that is always the same for `name`, and that nobody else can make up."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{name.replace(':', '-')}.{salted_hmac(SALT, name).hexdigest()[:16]}@{host}>"
