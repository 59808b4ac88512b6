"""Award all badges that were earned, from the beginning."""

from django.core.management.base import BaseCommand

from profiles.badges.awarding import award_everything


class Command(BaseCommand):
    help = (
        "Looks at everything members did and awards the badges they earned. The worker does so by itself for what is "
        "new; this is for after a rule was changed. Badges that are held stay, and hidden ones stay hidden."
    )

    def handle(self, **_options):
        self.stdout.write(f"{award_everything()} badges awarded.")
