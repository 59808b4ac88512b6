"""E-mail backends: every message is queued in the database; the worker hands it over.

`QueueBackend` is what Django and allauth send through. `deliver_due` is the worker's part, and uses
settings.DELIVERY_BACKEND: SMTP when a mail server is named, else `FolderBackend`.
"""

import copy
import logging
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import make_msgid, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.utils import timezone

from .models import OutgoingMail

log = logging.getLogger(__name__)

# The words of a message that went to a file: long enough to look up what a member was told. docs/decisions/0019.
FILES_KEPT_FOR = timedelta(days=30)
FILE_STAMP = "%Y%m%dT%H%M%S%f"
OUR_FILE = re.compile(r"\.?(\d{8}T\d{12})-\w+\.(?:eml|part)", re.ASCII)


class QueueBackend(BaseEmailBackend):
    """Write messages as rows, in the transaction of what caused them."""

    def send_messages(self, email_messages):
        """Queue each EmailMessage once for each recipient; return how many messages had one.

        Raises ValueError (BadHeaderError is one) for a header or address that would break out of its line.
        """
        rows, queued = [], 0
        for message in email_messages:
            recipients = {sanitize_address(address, "utf-8"): None for address in message.recipients()}
            if not recipients:
                continue
            mime = _with_our_headers(message).message()
            stored = mime.as_bytes(linesep="\r\n").removesuffix(b"\r\n") + b"\r\n"
            queued += 1
            rows += [
                OutgoingMail(
                    message_id=str(mime["Message-ID"])[:255],
                    sender=parseaddr(sanitize_address(message.from_email, "utf-8"))[1],
                    recipient=parseaddr(recipient)[1],
                    subject=str(message.subject)[:300],
                    message=stored,
                )
                for recipient in recipients
            ]
        # A message that says it is one already queued is that one.
        OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
        return queued


def _with_our_headers(message):
    """Return a copy of an EmailMessage whose headers name this site, and say that a machine wrote it."""
    given = {name.lower() for name in message.extra_headers}
    ours = {"Auto-Submitted": "auto-generated"}
    if "message-id" not in given:
        ours["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname or "localhost")
    dressed = copy.copy(message)
    dressed.extra_headers = {
        **{name: value for name, value in ours.items() if name.lower() not in given},
        **message.extra_headers,
    }
    return dressed


def mail_folder():
    """Return the folder where messages become files while no mail server is named."""
    return Path(settings.NETWORK_DATA) / "mail"


class FolderBackend(BaseEmailBackend):
    """Write each message to a file of its own under NETWORK_DATA/mail, until a mail server is named."""

    def send_messages(self, email_messages):
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            stamp = timezone.now().strftime(FILE_STAMP)
            handle, name = tempfile.mkstemp(dir=folder, prefix=f".{stamp}-", suffix=".part")
            part = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(message.message().as_bytes(linesep="\n"))
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(folder / (part.name[1:-5] + ".eml"))
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return len(email_messages)


def forget_old_files(now=None):
    """Delete the files of messages past FILES_KEPT_FOR, by the day in their name; return how many.

    A mail server that was named meanwhile changes nothing about them. What is no message of ours stays.
    """
    before = (now or timezone.now()) - FILES_KEPT_FOR
    folder = mail_folder()
    old = [path for path in folder.iterdir() if _written_before(path.name, before)] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _written_before(name, moment):
    ours = OUR_FILE.fullmatch(name)
    try:
        return bool(ours) and datetime.strptime(ours[1], FILE_STAMP).replace(tzinfo=UTC) < moment
    except ValueError:  # digits that are no day
        return False


class StoredMessage:
    """A queued message in the shape that Django's backends expect. Its bytes are never parsed anew."""

    encoding = "utf-8"

    def __init__(self, row):
        self._bytes = bytes(row.message)
        self.from_email = row.sender
        self.to = [row.recipient]

    def recipients(self):
        return self.to

    def message(self, **_options):
        return self

    def as_bytes(self, linesep="\n", **_options):
        """Return the message as it was queued, with the wanted line ends ("\\n" or "\\r\\n")."""
        return self._bytes if linesep == "\r\n" else self._bytes.replace(b"\r\n", linesep.encode())


def deliver_due(limit=50, go_on=lambda: True):
    """Try up to `limit` messages that are due, each on its own; return how many were handed over.

    `go_on` is asked before each. When the mail server can't be reached at all, every waiting message
    waits a little longer, and the first to get through afterwards lets the others follow at once.
    """
    sent = 0
    connection = None
    try:
        for pk in list(OutgoingMail.objects.due().values_list("pk", flat=True)[:limit]):
            if not go_on():
                break
            if connection is None:
                connection = get_connection(settings.DELIVERY_BACKEND)
                try:
                    connection.open()
                except Exception as error:
                    OutgoingMail.objects.due().postpone(_words(error))
                    log.warning("the mail server can't be reached: %s", _words(error))
                    break
            row = OutgoingMail.claim(pk)
            if row is None:
                continue
            try:
                connection.send_messages([StoredMessage(row)])
            except Exception as error:  # whatever a mail server may do, the queue goes on
                row.mark_failed(_words(error))
                # No address and no words of the message: logs are read by others than the mail is.
                log.warning(
                    "mail %s not delivered, attempt %s: %s", row.pk, row.attempts, type(error).__name__
                )
                _close(connection)
                connection = None
            else:
                row.mark_sent()
                sent += 1
    finally:
        _close(connection)
    return sent


def _words(error):
    return f"{type(error).__name__}: {error}"


def _close(connection):
    """End the conversation with the mail server, which may be gone already."""
    if connection is None:
        return
    try:
        connection.close()
    except Exception as error:
        log.info("the mail server's connection did not close well: %s", type(error).__name__)
