"""Looking, once a week, whether what members link to can still be reached.

The worker looks at one link at a time. Which one is noted before it is asked for, so that no other worker asks too, and
a worker that is killed meanwhile leaves only a link that is looked at a little later.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import link_telling
from .fetching import Fetcher, Unreachable
from .models import Link
from .models.link import Problem, spread

log = logging.getLogger(__name__)

EVERY = timedelta(days=7)
SPREAD = timedelta(hours=12)
# While it is being asked for nobody else takes it; far longer than that takes.
TAKEN_FOR = timedelta(minutes=10)
# What did not count is tried again.
AGAIN_AFTER = timedelta(hours=6)
# The last looks at other links: when none of so many got an answer, it is we who are cut off.
LOOKS_BEFORE, FEWEST_LOOKS = 10, 3
# What a cut cable, a resolver or a clock of our own could bring about too.
MAY_BE_OURS = {
    Problem.NO_NAME, Problem.REFUSED, Problem.UNREACHABLE, Problem.TIMEOUT, Problem.NOT_SECURE, Problem.NOT_PUBLIC,
}  # fmt: skip


def check_one(fetcher=None):
    """Look at the link that has waited longest, if one is due; return it as it then stands, or None."""
    if not settings.NETWORK_CHECK_LINKS:
        return None
    link = take(timezone.now())
    return link and keep(link, look(link.url, fetcher or Fetcher()), timezone.now())


def take(now):
    """Return a link that is due, so that no other worker takes it too, or None."""
    for pk, due_at in list(Link.objects.to_check(now).values_list("pk", "check_due_at")[:LOOKS_BEFORE]):
        rows = Link._base_manager.filter(pk=pk, check_due_at=due_at)
        if rows.update(check_due_at=now + TAKEN_FOR):
            return Link._base_manager.get(pk=pk)
    return None


def look(url, fetcher):
    """Ask an address and return a Problem, or "" when it is there.

    It is there, too, for those who may not see it, or who ask too often: that is none of our business.
    """
    try:
        status = fetcher.ask(url)
    except Unreachable as trouble:
        return Problem(trouble.problem)
    if status in {404, 410}:
        return Problem.GONE if status == 410 else Problem.NOT_FOUND
    return Problem.SERVER if 500 <= status < 600 and status != 503 else ""


def keep(link, problem, now):
    """Keep what came of looking at `link.url`, and tell its author when that is to be called gone. Returns the Link."""
    with transaction.atomic():
        current = Link._base_manager.get(pk=link.pk)
        current.lock_and_read()
        if current.url != link.url or current.status != link.status:
            return current  # changed meanwhile: this was about something else
        counts = not (problem in MAY_BE_OURS and _are_we_cut_off(link))
        due_at = now + (EVERY if counts else AGAIN_AFTER) + spread(SPREAD)
        if current.note_look(problem, now, due_at=due_at, counts=counts):
            link_telling.tell_of(current)
    log.info("link %s: %s%s", current.pk, problem or "there", "" if counts else ", not counted")
    return current


def _are_we_cut_off(link):
    """Whether none of the last looks at other links got an answer."""
    looked_at = Link._base_manager.exclude(pk=link.pk).filter(checked_at__isnull=False)
    last = list(looked_at.order_by("-checked_at", "-pk").values_list("problem", flat=True)[:LOOKS_BEFORE])
    return len(last) >= FEWEST_LOOKS and MAY_BE_OURS.issuperset(last)
