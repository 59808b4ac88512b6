"""What becomes of a message that was sent to one of our addresses: a comment, an answer that says why not, or nothing.

The address says who writes and where, and the sender must be the address of that very member. Then it goes the way of
the form: its rules of input, the gate, the limits, what waits for approval. A message that comes twice is one.
"""

import hashlib
import logging
import re
import uuid
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from .. import kinds
from ..comment_forms import CommentTextForm
from ..models import Comment, Contribution, ConversationOver, Follow
from ..reader_marks import marks_of
from ..sending import PastPostRate
from . import addresses, answers, letters
from .written import what_was_written

log = logging.getLogger(__name__)
NAMESPACE = uuid.UUID("b1f7a1a4-9d4e-5d0c-8a5e-6f3c1e0f46aa")


class Became(StrEnum):
    """What became of a message. What is ignored is not answered either."""

    POSTED = "posted"
    REFUSED = "refused"
    IGNORED = "ignored"


class Refused(Exception):
    """The message is not published; `words` say why, in the member's language."""

    def __init__(self, words, url=""):
        super().__init__(words)
        self.words, self.url = words, url


def receive(content):
    """Do what the bytes of a message ask for, and return what it Became. Raises what a database that is away raises."""
    try:
        letter = letters.read(content)
    except letters.Unreadable as error:
        return _note(Became.IGNORED, f"unreadable: {error}")
    if letter.by_machine:
        return _note(Became.IGNORED, "written by a machine")
    key = uuid.uuid5(NAMESPACE, letter.message_id or hashlib.sha256(content).hexdigest())
    try:
        ids = addresses.find(letter.addressed)
    except LookupError:
        return _note(Became.IGNORED, "not to an address of ours")
    if ids is None:
        return _answer_unknown_address(letter, key)
    member = get_user_model()._base_manager.filter(pk=ids[0], is_active=True).first()
    if member is None:
        return _note(Became.IGNORED, "of nobody who is a member")
    with override(member.language):
        try:
            with transaction.atomic():
                _publish(letter, member, ids[1], key)
        except Refused as refused:
            answers.send_refusal(member, letter, key, refused.words, refused.url)
            return _note(Became.REFUSED, f"of member {member.pk}")
    return _note(Became.POSTED, f"of member {member.pk}")


def _answer_unknown_address(letter, key):
    """Tell a member that the address is none, but nobody else: whoever sends junk names others as its sender."""
    member = get_user_model()._base_manager.filter(email=letter.sender, is_active=True).first()
    if member is None:
        return _note(Became.IGNORED, "to an address that was made up")
    with override(member.language):
        answers.send_refusal(member, letter, key, answers.UNKNOWN_ADDRESS)
    return _note(Became.REFUSED, "to an address that was made up")


def _publish(letter, member, talk_id, key):
    """Make a comment of a letter, once, and answer what its writer should know of it. Raises Refused."""
    if letter.sender != member.email:
        raise Refused(answers.OTHER_SENDER % {"address": settings.SITE_URL})
    if not member.may_act:
        raise Refused(answers.SUSPENDED)
    if Comment.objects.by(member).filter(form_key=key).exists():
        return
    talk = Contribution.objects.listed_to(member).with_id(talk_id)
    if talk is None:
        raise Refused(answers.GONE)
    talk = talk.as_its_kind()
    if talk.closed_because():
        raise Refused(answers.CLOSED % {"reason": talk.closed_because()}, talk.get_absolute_url())
    body, pictures = _body(letter, member, talk)
    marks = marks_of(member, talk)
    try:
        comment = Comment.begin(member, talk, body, form_key=key)
    except PastPostRate as past:
        raise Refused(answers.wait_words(past.seconds), talk.get_absolute_url()) from past
    except ConversationOver as over:
        words = answers.CLOSED % {"reason": over.reason} if over.reason else answers.GONE
        raise Refused(words) from over
    # As the form does for who leaves its box as it stands.
    Follow.objects.set(member, talk, marks.follows or not marks.wrote)
    answers.send_notes(member, letter, key, comment, left_out=letter.attached or pictures)


def _body(letter, member, talk):
    """Return (the text to publish, whether pictures in it were left out), by the rules of the form. Raises Refused."""
    if letter.too_large:
        raise Refused(answers.TOO_LARGE, talk.get_absolute_url())
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    ours = (sender, settings.NETWORK_NAME, settings.NETWORK_REPLY_ADDRESS.partition("@")[0] + "+")
    names = re.findall(r"\w+", f"{member.display_name} {letter.sender_name}".lower())
    # Who reads them could stop their e-mails, or try to write as them.
    secrets = (
        addresses.address_for(member.pk, talk.pk),
        settings.SITE_URL + reverse("unsubscribe", args=["-"]).removesuffix("-/"),
    )
    text, pictures = what_was_written(letter.text, ours=ours, names=names, secrets=secrets)
    form = CommentTextForm({"body": text}, kind=kinds.get(talk.kind))
    if form.is_valid():
        return form.cleaned_data["body"], pictures
    (error, *_others) = form.errors.as_data()["body"]
    words = answers.EMPTY if error.code == "required" else " ".join(error.messages)
    raise Refused(words, talk.get_absolute_url())


def _note(became, why):
    """Log what became of a message, without a word of it; return it."""
    log.info("reply by e-mail %s: %s", became, why)
    return became
