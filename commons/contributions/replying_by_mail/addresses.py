"""The address to which a member answers about one conversation: theirs alone, and of no use to anybody else.

It is signed, short enough for every mail server, and all in small letters, for servers may fold them.
"""

import re
from base64 import b32encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from commons.notifications import answering

from ..telling import conversation_name

SALT = "contributions.replying_by_mail"
SIGNED = re.compile(r"([0-9a-z]{1,13})-([0-9a-z]{1,13})-([a-z2-7]{16})", re.ASCII)


def address_for(member_id, contribution_id):
    """Return the address at which a member answers about a contribution, or "" where the site takes no such mail."""
    if not settings.NETWORK_REPLY_ADDRESS:
        return ""
    name, _at, host = settings.NETWORK_REPLY_ADDRESS.partition("@")
    return f"{name}+{_token(member_id, contribution_id)}@{host}"


def find(text):
    """Return (member id, contribution id) of the first address of ours in `text`, or None where all are made up.

    Raises LookupError when there is none that even looks like one.
    """
    name, _at, host = settings.NETWORK_REPLY_ADDRESS.lower().partition("@")
    ours = re.compile(rf"(?<![\w.+-]){re.escape(name)}\+([^\s@<>,;:]{{0,60}})@{re.escape(host)}(?![\w-])")
    tokens = ours.findall(text.lower())
    if not tokens:
        raise LookupError
    return next(filter(None, map(_ids_in, tokens)), None)


def _token(member_id, contribution_id):
    names = f"{int_to_base36(member_id)}-{int_to_base36(contribution_id)}"
    seal = b32encode(salted_hmac(SALT, names, algorithm="sha256").digest()[:10]).decode().lower()
    return f"{names}-{seal}"


def _ids_in(token):
    signed = SIGNED.fullmatch(token)
    if signed is None:
        return None
    ids = base36_to_int(signed[1]), base36_to_int(signed[2])
    return ids if constant_time_compare(_token(*ids), token) else None


def _answer_to(member, conversation):
    """Return where a member's answers go about a conversation, named as in a Told, or "" for any but those of ours."""
    _name, _colon, number = conversation.partition(":")
    ours = number.isdecimal() and conversation == conversation_name(int(number))
    return address_for(member.pk, int(number)) if ours else ""


def register():
    """Let e-mails about conversations say where answers go."""
    answering.register(_answer_to)
