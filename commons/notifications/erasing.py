"""Taking a member out of notices and e-mails when they close their account: their own, and where others' name them."""

from email import message_from_bytes, policy

from django.db.models import Q

from commons.personal_data.held import change_rows, delete_rows

from .mail import OUR_FILE, mail_folder
from .models import Notice, OutgoingMail

FILES_AT_ONCE = 100


def erase_notices(leaving):
    yield from delete_rows(leaving, Notice.objects.filter(member=leaving.member))
    naming = _naming(leaving, "subject", "text", "url")
    yield from change_rows(leaving, Notice.objects.filter(naming), lambda notice: _scrubbed(leaving, notice))


def _scrubbed(leaving, notice):
    """Return what a notice of somebody else says without their name; an address of their profile leads nowhere."""
    return {
        "subject": leaving.scrubbed(notice.subject)[:200],
        "text": leaving.scrubbed(notice.text),
        "url": "" if leaving.is_in(notice.url) else notice.url,
    }


def erase_mails(leaving):
    """Rows of the queue and, until a mail server is named, files. The last e-mail to them waits until it is sent."""
    to_them = Q()
    for address in leaving.addresses:
        to_them |= Q(recipient__iexact=address)
    last = Q(message_id=leaving.farewell, sent_at=None, failed_at=None)
    yield from delete_rows(leaving, OutgoingMail.objects.filter(to_them).exclude(last))
    others = OutgoingMail.objects.exclude(message_id=leaving.farewell)
    yield from _drop_mails_naming(leaving, others.waiting())
    yield from change_rows(
        leaving,
        others.filter(_naming(leaving, "subject", "last_error")),
        lambda mail: {
            "subject": leaving.scrubbed(mail.subject)[:300],
            "last_error": leaving.scrubbed(mail.last_error)[:300],
        },
    )
    yield from _delete_files(leaving)


def _drop_mails_naming(leaving, waiting):
    """What could not be sent for days and speaks of somebody who has left is no news any more."""
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with leaving.step():
            mail = waiting.filter(pk=pk).first()
            if mail is not None and _names(leaving, bytes(mail.message)):
                mail.delete()
        yield


def _delete_files(leaving):
    folder = mail_folder()
    paths = [path for path in folder.iterdir() if OUR_FILE.fullmatch(path.name)] if folder.is_dir() else []
    for number, path in enumerate(sorted(paths), 1):
        try:
            if _names(leaving, path.read_bytes()):
                path.unlink(missing_ok=True)
        except FileNotFoundError:  # tidied away a moment ago
            continue
        if number % FILES_AT_ONCE == 0:
            yield


def _names(leaving, content):
    """Whether a message, given as bytes, is to them or names them, whatever it is encoded in."""
    message = message_from_bytes(content, policy=policy.default)
    words = [str(value) for value in message.values()]
    words += [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return any(leaving.is_in(each) for each in words)


def _naming(leaving, *columns):
    """Return the condition that any of the columns may name them; leaving.is_in() says for certain."""
    found = Q()
    for column in columns:
        for name in (*leaving.names, *leaving.usernames, *leaving.addresses):
            found |= Q(**{f"{column}__icontains": name})
    return found
