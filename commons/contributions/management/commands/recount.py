"""Prove that what is kept beside contributions and comments is right; say where it is not, and mend it when asked."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.contributions.recounting import recount


class Command(BaseCommand):
    help = (
        "Prove that counts of comments and of helpful marks, numbers, latest comments, voices and answers are right; "
        "say where they are not."
    )

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="mend what is wrong")

    def handle(self, *, repair, **options):
        count = 0
        for sentence in recount(repair=repair):
            count += 1
            self.stderr.write(sentence)
        if not count:
            self.stdout.write(_("Everything that is kept of comments and marks is right."))
        elif repair:
            self.stdout.write(
                ngettext(
                    "%(count)d thing was wrong and is mended.",
                    "%(count)d things were wrong and are mended.",
                    count,
                )
                % {"count": count}
            )
        else:
            raise CommandError(
                ngettext(
                    "%(count)d thing is wrong. “manage.py recount --repair” mends it.",
                    "%(count)d things are wrong. “manage.py recount --repair” mends them.",
                    count,
                )
                % {"count": count}
            )
