"""What tests of replying by e-mail share: the e-mails of real programs in letters/, and what the site answers."""

from email import message_from_bytes, policy
from pathlib import Path

from commons.contributions.models import Comment
from commons.contributions.replying_by_mail.addresses import address_for
from commons.notifications.models import OutgoingMail

LETTERS = Path(__file__).parent / "letters"
PLACE = b"reply+0-0-aaaaaaaaaaaaaaaa@network.example.org"


def letter(name, member, thread):
    """Return the bytes of one of letters/, sent to the address that is the member's for this thread."""
    content = (LETTERS / f"{name}.eml").read_bytes()
    assert PLACE in content
    return content.replace(PLACE, address_for(member.pk, thread.pk).encode())


def plain(member, thread, text, **headers):
    """Return the bytes of a plain e-mail from a member; `headers` are added, or left out where they are None."""
    lines = {
        "From": f"{member.display_name} <{member.email}>",
        "To": address_for(member.pk, thread.pk),
        "Message-ID": "<one@mail.example.org>",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value is not None)
    return f"{head}\n{text}".encode()


def texts(thread):
    """Return what stands in the conversation, in its order."""
    return list(Comment.objects.on(thread).order_by("position").values_list("body", flat=True))


def answered():
    """Return the answers of the site to e-mails, as messages."""
    rows = OutgoingMail.objects.filter(message_id__startswith="<answer-").order_by("pk")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]


def words_of(message):
    return " ".join(message.get_body(("plain",)).get_content().split())
