"""Load the starter library; loading again brings changed files and leaves alone what editors changed."""

from django.core.management.base import BaseCommand, CommandError

from network.starter_files import FOLDER, BrokenFile
from network.starter_library import PARTS, is_new, load


class Command(BaseCommand):
    help = (
        "Loads the starter library: texts, principles, sectors, events, links, case studies, reports and joined "
        "spellings."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-new", action="store_true", help="Do nothing when the library has been loaded before."
        )
        parser.add_argument(
            "--only", action="append", choices=PARTS, help="Load this part only; may be given again."
        )

    def handle(self, *, if_new, only, verbosity, **_options):
        if if_new and not is_new():
            if verbosity > 1:
                self.stdout.write("The starter library has been loaded before.")
            return
        try:
            tallies = load(only=only or PARTS)
        except BrokenFile as error:
            raise CommandError(f"Nothing was loaded, because of {error} (in {FOLDER})") from error
        for tally in tallies:
            self.stdout.write(str(tally))
