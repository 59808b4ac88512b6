"""What notices and mail hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import BATCH, Closing, Held

from .erasing import erase_mails, erase_notices
from .models import OutgoingMail


def mails(member):
    """Yield a dict of each e-mail on its way to the member, or sent in the last weeks."""
    sent = OutgoingMail.objects.filter(recipient=member.email).order_by("pk")
    yield from sent.values("recipient", "subject", "created_at", "sent_at").iterator(chunk_size=BATCH)


HELD = [
    Held(
        "notifications.Notice",
        what=_("The notices in your inbox, and which of them you have read."),
        why=_("To tell you what happened while you were away."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("kind", "subject", "text", "url", "created_at", "read_at"),
        erase=erase_notices,
    ),
    Held(
        "notifications.EmailChoice",
        what=_("Which sorts of news you want by e-mail, and when."),
        why=_("So that we write to you as you wish."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("choice", "when", "since"),
    ),
    Held(
        "notifications.Digest",
        what=_("When you were last sent what is new, all together."),
        why=_("So that nothing is told twice and nothing is left out."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("when", "day", "news_until", "sent_at"),
    ),
    Held(
        "notifications.OutgoingMail",
        what=_(
            "The e-mails we send you: to which address, their subject and when. Their words are blanked as soon as "
            "the mail server has them, and the rest is deleted after 90 days."
        ),
        why=_(
            "To send them again when the mail server can’t be reached, and to find out why one didn’t arrive."
        ),
        closing=Closing.DELETE,
        rows=mails,
        erase=erase_mails,
    ),
]
