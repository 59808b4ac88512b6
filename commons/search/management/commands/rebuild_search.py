"""Make the search index anew from everything that can be found."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from commons.search.index import rebuild
from commons.search.progress import Bar


class Command(BaseCommand):
    help = "Make the search index anew from everything that can be found."

    def handle(self, *args, **options):
        count = rebuild(Bar(self.stderr) if options["verbosity"] else None)
        self.stdout.write(
            ngettext("%(count)d entry can be found.", "%(count)d entries can be found.", count)
            % {"count": count}
        )
