"""Look at all links that are due. Twice does no harm: what was looked at is due no more."""

from django.conf import settings
from django.core.management.base import BaseCommand

from library.link_checking import check_one


class Command(BaseCommand):
    help = "Looks whether the links that are due can still be reached."

    def handle(self, *, verbosity, **_options):
        if not settings.NETWORK_CHECK_LINKS:
            self.stdout.write("Links are not looked at: NETWORK_CHECK_LINKS is off.")
            return
        looked_at = failed = 0
        while (link := check_one()) is not None:
            looked_at += 1
            failed += bool(link.problem)
            if verbosity > 1:
                self.stdout.write(f"{link.url}: {link.problem or 'there'}")
        self.stdout.write(f"{looked_at} looked at, {failed} of them not reached.")
