"""Prove that the search index agrees with what it points at; say where it does not."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.search.index import check


class Command(BaseCommand):
    help = "Prove that the search index agrees with what it points at; say where it does not."

    def handle(self, *args, **options):
        wrong = check()
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(
                ngettext(
                    "%(count)d thing is wrong. “manage.py rebuild_search” mends it.",
                    "%(count)d things are wrong. “manage.py rebuild_search” mends them.",
                    len(wrong),
                )
                % {"count": len(wrong)}
            )
        self.stdout.write(_("The search index agrees with everything it points at."))
