"""Send the digests that are due: the worker does so by itself; this is for trying it, and for another moment."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commons.notifications import digests


def _moment(words):
    """Return the aware datetime that ISO 8601 `words` name, in the site's time zone unless they say another."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise CommandError("--now must be a moment such as 2026-11-30T08:00.") from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Command(BaseCommand):
    help = "Queue the daily and weekly digests that are due; the worker delivers them."

    def add_arguments(self, parser):
        parser.add_argument(
            "--now", metavar="MOMENT", help="act as if it were then, such as 2026-11-30T08:00"
        )

    def handle(self, *args, now, **options):
        seen_to = digests.write_due(_moment(now) if now else None)
        self.stdout.write(f"{seen_to} members seen to.")
