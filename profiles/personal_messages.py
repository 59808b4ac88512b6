"""What one member writes to another through the site: kept, told in the inbox and by e-mail, answered on the site.

Neither address is ever in what the other receives. Like all news, a message goes through the gate each time it is
shown: one by somebody whose profile was hidden, or who was blocked since, is gone from inboxes and from e-mails not
yet sent.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions.sending import one_at_a_time, standing_of
from commons.markup.render import clean_text
from commons.moderation import holds
from commons.moderation.forms import WORDS_LENGTH
from commons.notifications.notify import spread
from commons.notifications.sources import Choice, Source, Told
from commons.notifications.when import When

from .blocks import Block

KIND = "member.message"
MOST_A_DAY, MOST_A_DAY_WHEN_NEW = 20, 5
DAY = timedelta(days=1)
SHOWN = 5
MESSAGES = Choice(
    "message",
    gettext_lazy("messages from other members"),
    gettext_lazy(
        "You get this e-mail because a member wrote to you through your profile. Neither of you sees the other’s "
        "address."
    ),
    default=When.AT_ONCE,
)


class MessageRefused(Exception):
    """A message can't be sent; `code` says why: "closed", "too_many" or "held"."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class PersonalMessageQuerySet(models.QuerySet):
    def between(self, one, other):
        """What either of two members, by id, wrote to the other, the latest first."""
        both = Q(sender=one, recipient=other) | Q(sender=other, recipient=one)
        return self.filter(both).order_by("-sent_at", "-pk")

    def readable_by(self, member):
        """What was written to a member by somebody who is present, and whom they have not blocked since."""
        from .models import Member

        senders = Member.objects.present().on_terms_with(member.pk)
        return self.filter(recipient=member, sender__in=senders)


class PersonalMessage(models.Model):
    """A message from one member to another."""

    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("from"),
        on_delete=models.CASCADE,
        related_name="messages_sent",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("to"),
        on_delete=models.CASCADE,
        related_name="messages_received",
    )
    words = models.TextField(gettext_lazy("message"), max_length=WORDS_LENGTH)
    form_key = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(gettext_lazy("sent"), default=timezone.now)

    objects = PersonalMessageQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("personal message")
        verbose_name_plural = gettext_lazy("personal messages")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["sender", "-sent_at"], name="personal_message_sent")]
        constraints = [
            # However often one form is sent, it is one message.
            models.UniqueConstraint(fields=["sender", "form_key"], name="personal_message_once"),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="personal_message_to_another"),
        ]

    def __str__(self):
        return f"{self.sender_id}: {self.recipient_id}"

    @classmethod
    def send(cls, sender, recipient, words, form_key):
        """Write to a member and tell them; return the PersonalMessage, the same one when its form was sent before.

        Raises MessageRefused when the recipient takes none from this sender, when it would be too many within a day,
        and when a new member's words lead off the site.
        """
        with transaction.atomic():
            sender = one_at_a_time(sender)
            before = cls.objects.filter(sender=sender, form_key=form_key).first()
            if before is not None:
                return before
            if not sender.may_act or not may_write(sender, recipient):
                raise MessageRefused("closed")
            standing = standing_of(sender)
            most = MOST_A_DAY_WHEN_NEW if standing.is_new else MOST_A_DAY
            if cls.objects.filter(sender=sender, sent_at__gt=timezone.now() - DAY).count() >= most:
                raise MessageRefused("too_many")
            # Nobody looks at a message before it is read: what would wait elsewhere is not sent.
            if holds.why_held(words, holds.Standing(is_new=standing.is_new)):
                raise MessageRefused("held")
            message = cls.objects.create(
                sender=sender, recipient=recipient, words=clean_text(words), form_key=form_key
            )
            spread([recipient], KIND, message.pk)
        return message


def may_write(sender, recipient):
    """Whether a member may write to another: who is open to it or wrote first, and where neither blocked the other."""
    from .models import Member

    if sender.pk == recipient.pk or not Member.objects.present().on_terms_with(sender.pk).filter(
        pk=recipient.pk
    ):
        return False
    return (
        recipient.open_to_contact
        or PersonalMessage.objects.filter(sender=recipient, recipient=sender).exists()
    )


def contact_path(member):
    """Return the address of the form by which others write to a member."""
    return reverse("profiles:contact", args=[member.username])


def load(notices, member):
    """Return {notice id: Told} of the messages that the member may read. One query."""
    ids = {notice.target_id for notice in notices}
    found = PersonalMessage.objects.readable_by(member).filter(pk__in=ids).select_related("sender").in_bulk()
    return {notice.pk: _told(found[notice.target_id]) for notice in notices if notice.target_id in found}


def _told(message):
    foot = _(
        "To answer, to block this member or to report them, open the page. Your address is not shown to them."
    )
    return Told(
        _("%(name)s wrote to you") % {"name": message.sender.display_name},
        f"{message.words}\n\n{foot}",
        contact_path(message.sender),
        f"messages:{message.sender_id}",
    )


def stop(member, conversation):
    """Let the one whose messages these are, named as in a Told, write to a member no more."""
    _name, _colon, number = conversation.partition(":")
    Block.set(member.pk, int(number), True)


SOURCE = Source(
    {KIND: MESSAGES}, load, stop, gettext_lazy("Block this member: they can’t write to you any more")
)
