"""What the site answers to an e-mail that it could not publish, or not as it came. Never to a stranger, never twice."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commons.moderation.limits import spend
from commons.notifications.notify import send
from commons.notifications.sources import Told
from commons.notifications.unsubscribing import message_id

RATE = "10/d"

UNKNOWN_ADDRESS = gettext_lazy(
    "The address you wrote to is not one of ours, or no longer. Reply to the e-mail you got, without changing "
    "the address, or answer on the site."
)
OTHER_SENDER = gettext_lazy(
    "An e-mail came to the address that only you should use, but from another sender than the address you have "
    "here. If it was you, send it again from your own address, or answer on the site: %(address)s\n\n"
    "If it was not you, somebody has seen an e-mail of ours to you. They could not write anything in your name."
)
SUSPENDED = gettext_lazy("You can’t take part at the moment.")
GONE = gettext_lazy("What you answered can’t be seen any more.")
CLOSED = gettext_lazy("Nobody can write there any more: %(reason)s")
TOO_LARGE = gettext_lazy("The e-mail is too large. Send it again with your words alone, without files.")
EMPTY = gettext_lazy(
    "We found no words of yours in it. Write above or below what you quote, as text, not as a picture or a file."
)


def wait_words(seconds):
    """Return what is said to a member who has sent in as much as they may, and can do so again in so many seconds."""
    minutes = -(-seconds // 60)
    return ngettext(
        "You have sent in a lot in a short time. Send it again in a minute.",
        "You have sent in a lot in a short time. Send it again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def send_refusal(member, letter, key, words, url=""):
    """Answer a member that what came by e-mail is not published, and why."""
    _send(member, letter, key, Told(_("Your reply by e-mail was not published"), str(words), url))


def send_notes(member, letter, key, comment, *, left_out):
    """Answer a member what they should know of a comment of theirs that came by e-mail, if there is anything."""
    notes = []
    if comment.is_awaiting:
        notes.append(_("It is saved and awaits approval. You will be told when others can read it."))
    if left_out:
        notes.append(
            _(
                "Files and pictures can’t come by e-mail: your words are there without them. Add a link on the site."
            )
        )
    if notes:
        told = Told(_("About your reply by e-mail"), "\n\n".join(notes), comment.get_absolute_url())
        _send(member, letter, key, told)


def _send(member, letter, key, told):
    if not spend("answers to e-mails", str(member.pk), RATE):
        return
    # The same letter read twice is answered by the same message, and that is queued once.
    headers = {"Message-ID": message_id(f"answer-{key.hex}"), "Auto-Submitted": "auto-replied"}
    if letter.message_id:
        headers["In-Reply-To"] = headers["References"] = letter.message_id
    send(member.email, "email/reply_answer", {"notice": told, "member": member}, headers)
