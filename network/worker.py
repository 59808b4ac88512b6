"""The background worker: mail as it comes, files to be read, copies of one's data, accounts to close, links.

It tells moderators what they are owed, and tidies up once a day. Any number may run at once. It keeps going when the
database or the mail server does not.
"""

import logging
import os
import time
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from commons.contributions import kept
from commons.files import tidying
from commons.files.reading import read_due
from commons.moderation.mails import send_due
from commons.notifications import digests
from commons.notifications.mail import deliver_due, forget_old_files
from commons.notifications.models import Digest, OutgoingMail
from commons.notifications.news_mail import write_due
from events.reminders import remind_due
from library.link_checking import check_one
from profiles import closing, copying, photos
from profiles.badges.awarding import award_due
from profiles.data_copy import DataCopy
from profiles.invitations.models import InvitedAddress
from profiles.sessions import forget_ended

from .models import WorkerBeat
from .planning import count_rows

log = logging.getLogger(__name__)

POLL_SECONDS = 1
LONGEST_PAUSE = 60
MODERATORS_EVERY = 20
DIGESTS_EVERY = 60
DIGESTS_AT_ONCE = 200
LINKS_EVERY = 10
ACCOUNTS_EVERY = 60
NAP = 0.1  # how soon a signal is noticed


class Worker:
    """One running worker. `stop()` may be called from a signal handler."""

    def __init__(self):
        self.stopping = False
        self.troubles = 0
        self.next_beat = 0.0
        self.next_look = 0.0
        self.next_digest = 0.0
        self.next_link = 0.0
        self.next_closing = 0.0

    def stop(self):
        """End after the message in flight; a file that is being read is given back."""
        self.stopping = True

    def run(self):
        """Work until told to stop."""
        log.info("worker started")
        while not self.stopping:
            self._sleep(self.turn())
        log.info("worker stopped")

    def turn(self):
        """Do all that is due now; return how many seconds to rest. Errors are logged in one line each."""
        try:
            close_old_connections()
            done = self.work()
        except Exception as error:  # the database may be away, or not yet migrated
            self.troubles += 1
            pause = min(LONGEST_PAUSE, 2 ** min(self.troubles, 10))
            log.error("worker: %s; trying again in %s s", _one_line(error), pause)
            connections.close_all()
            return pause
        self.troubles = 0
        return 0 if done else POLL_SECONDS

    def work(self):
        """Do what is due now; return how many things were done: messages, files read, copies made, accounts closed.

        All messages, but some digests, one file, one copy of somebody's data and one account: however many wait, none
        holds up the mail. Raises what goes wrong.
        """
        self._go_on()
        self._tell_moderators()
        written = write_due(go_on=self._go_on)
        written += self._write_digests()
        delivered = deliver_due(go_on=self._go_on)
        read = read_due(go_on=self._go_on)
        copied = copying.make_due(go_on=self._go_on)
        closed = self._close_accounts()
        if not self.stopping:
            tidy_daily()
        done = written + delivered + read + copied + closed
        if not (done or self.stopping):
            self._look_at_a_link()
        return done

    def _close_accounts(self):
        """Go on with closing an account; when there is none, or none that can be, look again in a while."""
        if time.monotonic() < self.next_closing:
            return 0
        done = closing.carry_out_due(go_on=self._go_on)
        if not done:
            self.next_closing = time.monotonic() + ACCOUNTS_EVERY
        return done

    def _go_on(self):
        """Show now and then that the worker is alive; return whether to go on."""
        now = time.monotonic()
        if now >= self.next_beat:
            WorkerBeat.show()
            self.next_beat = now + WorkerBeat.EVERY
        return not self.stopping

    def _tell_moderators(self):
        """Queue now and then what moderators are owed: see commons.moderation.mails."""
        now = time.monotonic()
        if now >= self.next_look:
            send_due()
            remind_due(self._go_on)
            award_due(self._go_on)
            self.next_look = now + MODERATORS_EVERY

    def _write_digests(self):
        """Write now and then the digests that are due, at once again where there are more; return how many."""
        now = time.monotonic()
        if now < self.next_digest:
            return 0
        seen_to = digests.write_due(limit=DIGESTS_AT_ONCE, go_on=self._go_on)
        if seen_to < DIGESTS_AT_ONCE:
            self.next_digest = now + DIGESTS_EVERY
        return seen_to

    def _look_at_a_link(self):
        """Look now and then at one link that is due, when no mail waits: that takes seconds at most."""
        now = time.monotonic()
        if now >= self.next_link:
            check_one()
            self.next_link = now + LINKS_EVERY

    def _sleep(self, seconds):
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)


def tidy_daily():
    """Tidy up unless that was done today: the day is kept in a file, so a restart doesn't repeat it."""
    stamp = Path(settings.NETWORK_DATA) / "worker.tidied"
    today = timezone.localdate()
    if _day_in(stamp) == today:
        return
    tidy()
    part = stamp.with_suffix(f".{os.getpid()}")
    part.write_text(today.isoformat())
    part.replace(stamp)


def tidy():
    """Delete what has had its time: kept texts, photos and uploads, ended sessions, old mail; count what is left.

    Twice does no harm.
    """
    texts = kept.forget_old()
    pictures = photos.forget_old()
    call_command("clearsessions")
    sessions = forget_ended()
    mails = OutgoingMail.objects.forget_old() + Digest.objects.forget_old()
    invited = InvitedAddress.objects.forget_old()
    files = forget_old_files()
    copies = DataCopy.objects.forget_old()
    uploads = tidying.forget_unused() + tidying.forget_strays()
    if connection.vendor == "sqlite":
        count_rows()
    log.info(
        "worker: tidied up: %s kept texts, %s kept pictures, %s ended sessions, %s e-mails, %s files of e-mails, "
        "%s uploads that nobody uses, %s fingerprints of invited addresses, %s copies of members' data",
        texts,
        pictures,
        sessions,
        mails,
        files,
        uploads,
        invited,
        copies,
    )


def _day_in(stamp):
    try:
        return date.fromisoformat(stamp.read_text())
    except (OSError, ValueError):
        return None


def _one_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
