"""Take in e-mails with which members answer: one that a mail server pipes in, or all in a maildir.

Its exit status is one of those that mail servers know (sysexits.h): only 75 asks them to try again later.
"""

import logging
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from commons.contributions.replying_by_mail.letters import MOST_BYTES
from commons.contributions.replying_by_mail.receiving import receive

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Take in one e-mail from standard input, or with --maildir all that lie there."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--maildir", type=Path, help="take in what is new in this maildir, and delete it")

    def handle(self, *args, maildir, **options):
        if not settings.NETWORK_REPLY_ADDRESS:
            self.stderr.write("NETWORK_REPLY_ADDRESS is not set: this site takes no replies by e-mail.")
            sys.exit(os.EX_CONFIG)
        if maildir is None:
            sys.exit(take_in(sys.stdin.buffer.read(MOST_BYTES + 1)))
        if not (maildir / "new").is_dir():
            self.stderr.write(f"{maildir} is no maildir: it has no folder “new”.")
            sys.exit(os.EX_NOINPUT)
        sys.exit(take_in_all(maildir))


def take_in(content):
    """Take in the bytes of one message; return the exit status that tells a mail server how it went."""
    try:
        receive(content)
    except (OperationalError, InterfaceError, OSError) as error:  # a database that is away, or a full disk
        log.error("an e-mail can't be taken in now: %s", type(error).__name__)
        return os.EX_TEMPFAIL
    except Exception:
        log.exception("an e-mail can't be taken in")
        return os.EX_SOFTWARE
    return os.EX_OK


def take_in_all(maildir):
    """Take in all that is new in a maildir, the oldest first; return the exit status.

    What was taken in is deleted. What can't be now stays for the next time; what never can is put aside among the
    messages that were read ("cur"), marked, for somebody to look at.
    """
    worst = os.EX_OK
    for path in sorted((maildir / "new").iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                status = take_in(file.read(MOST_BYTES + 1))
        except FileNotFoundError:  # another one was quicker
            continue
        if status == os.EX_TEMPFAIL:
            return status
        if status == os.EX_OK:
            path.unlink(missing_ok=True)
        else:
            worst = status
            (maildir / "cur").mkdir(exist_ok=True)
            path.rename(maildir / "cur" / f"{path.name}:2,F")
    return worst
