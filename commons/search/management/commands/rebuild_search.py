"""Make the search index anew from everything that can be found."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.search.index import rebuild


class Command(BaseCommand):
    help = "Make the search index anew from everything that can be found."

    def handle(self, *args, **options):
        progress = self._progress if options["verbosity"] > 1 else None
        count = rebuild(progress)
        self.stdout.write(
            ngettext("%(count)d entry can be found.", "%(count)d entries can be found.", count)
            % {"count": count}
        )

    def _progress(self, done):
        self.stdout.write(_("%(count)d entries done") % {"count": done})
