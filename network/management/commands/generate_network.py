"""Fill a site with sample members, contributions and comments, for trying it out and for benchmarks."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.search.progress import Bar
from network.generator import CannotGenerate, generate, real_members

# A fixed day and not today, so that the same seed gives the same rows on any day.
UNTIL = datetime(2026, 11, 1, 12)
COMMENTS_EACH = 2  # comments for each contribution, unless told otherwise


def whole_number(text):
    """Return a number from 0 to a million. Raises ValueError."""
    number = int(text)
    if not 0 <= number <= 1_000_000:
        raise ValueError
    return number


def day(text):
    """Return noon of a day written as 2026-11-01. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").replace(hour=12)


class Command(BaseCommand):
    help = (
        "Fill this site with a sample network: members, posts, threads, reports and comments that say they are "
        "samples. The same numbers, seed and day give the same rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("--members", type=whole_number, default=300)
        parser.add_argument("--contributions", type=whole_number, default=2000)
        parser.add_argument(
            "--comments",
            type=whole_number,
            help=f"(default: {COMMENTS_EACH} for each contribution)",
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--until", type=day, default=UNTIL, metavar="DAY", help="the day it ends (default: 2026-11-01)"
        )
        parser.add_argument(
            "--password", default="", help="with which every sample member can sign in; without it, none can"
        )
        parser.add_argument("--yes-add", action="store_true", help="also on a site that has real members")

    def handle(
        self, *, members, contributions, comments, seed, until, password, yes_add, verbosity, **options
    ):
        if contributions and not members:
            raise CommandError(_("Contributions need members to write them: ask for one at least."))
        if real_members() and not yes_add:
            raise CommandError(
                _(
                    "This site has real members. Sample data can't be told to leave again: give the samples a site of "
                    "their own with NETWORK_DATA, or add --yes-add if you mean this one."
                )
            )
        try:
            made = generate(
                members=members,
                contributions=contributions,
                comments=contributions * COMMENTS_EACH if comments is None else comments,
                seed=seed,
                until=timezone.make_aware(until),
                password=password,
                progress=Bar(self.stderr) if verbosity else lambda name, done, of: None,
            )
        except CannotGenerate as reason:
            raise CommandError(str(reason)) from reason
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted: nothing was written."), returncode=130) from None
        self.stdout.write(
            _(
                "%(members)s members, %(contributions)s contributions and %(comments)s comments: %(rows)s rows in "
                "%(seconds).1f s, %(speed)s rows a second."
            )
            % {
                "members": f"{made.members:,}",
                "contributions": f"{made.contributions:,}",
                "comments": f"{made.comments:,}",
                "rows": f"{made.rows:,}",
                "seconds": made.seconds,
                "speed": f"{made.rows_a_second:,}",
            }
        )
        if password:
            self.stdout.write(_("Sign in as sample-member-1@example.invalid."))
