"""Threads in a list: a card of their own, which says how the conversation stands."""

from datetime import datetime
from functools import cache, lru_cache

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.contributions.cards import ItemCard, date_words
from commons.contributions.facets import Facets
from commons.contributions.lists import somebody
from commons.contributions.models import Contribution, ReadMark
from commons.contributions.paging import PER_PAGE
from commons.contributions.prepared import Prepared, PreparedList
from commons.tagging import vocabulary

from .lists import ThreadList, answered_or_open
from .models import QUESTION, Thread

MOST_PINNED = 5
MOST_ROWS = PER_PAGE + MOST_PINNED


class ThreadRow(ItemCard):
    """The card of a thread. Its `snippet` is what differs between readers: how many replies they have not read."""

    template = "forum/_thread_row.html"

    @property
    def is_question(self):
        return self.item.subtype == QUESTION

    @property
    def answered(self):
        return self.item.answered

    @property
    def closed(self):
        return self.item.card.get("closed", False)

    @property
    def pinned(self):
        return self.item.card.get("pinned", False)

    @property
    def begun(self):
        return Moment(self.item.published_at or self.item.created_at)

    @property
    def replies(self):
        """How many there are, in words."""
        return reply_words(self.item.comment_count)

    @property
    def last_reply(self):
        """Who wrote the last reply, and when: a dict, or None."""
        last = self.item.last_reply
        if not last:
            return None
        byline = last["by"]
        url, _role = get_user_model().describe_byline(byline)
        return {
            "name": byline.get("name", ""),
            "url": url,
            "place": reverse("comment", args=[self.item.last_comment_id]),
            "at": Moment(datetime.fromisoformat(last["at"])),
        }


class Moment:
    """A time as pages show it: the day in words, and the exact local time on the element."""

    def __init__(self, moment):
        local = timezone.localtime(moment)
        self.iso = local.isoformat(timespec="seconds")
        self.words = date_words(moment)
        self.exact = formats.date_format(local, "j F Y, H:i")


def threads_listed_to(user):
    """Return the threads that lists may show to `user`, as rows of contributions, which is all that a row needs."""
    return Contribution.objects.of_kind(Thread.KIND).listed_to(user)


def threads_in(chosen, user, besides=()):
    """Return what a ThreadList without facets shows to `user`, but for the threads `besides`, for a Pager."""
    made = _threads_in(user.is_authenticated, chosen.show, chosen.sort, len(besides))
    return made.of(*(thread.pk for thread in besides))


@cache
def _threads_in(signed_in, show, sort, besides):
    chosen = ThreadList(show, sort, Facets())

    def shown(*others):
        found = chosen.narrow(threads_listed_to(somebody(signed_in)))
        return found.exclude(pk__in=others) if others else found

    def build(*others):
        return chosen.order(shown(*others)).for_conversations()

    return PreparedList(build, *[0] * besides, counted=shown)


def pinned_threads(user, most):
    """Return the pinned threads that `user` may see, the last pinned first. One query."""
    return _pinned(user.is_authenticated, most).rows()


def newest_threads(user, most):
    """Return the newest threads that `user` may see. One query."""
    return _newest(user.is_authenticated, most).rows()


def open_questions(member, principles, sectors, most):
    """Return the newest questions of others without a best answer, under a member's principles and sectors (Terms).

    One query; those under any principle where they have chosen none.
    """
    ids = [term.pk for term in (*principles, *sectors)]
    return _open_questions(len(principles), len(sectors), most).rows(member.pk, *ids)


@cache
def _pinned(signed_in, most):
    def build():
        pinned = threads_listed_to(somebody(signed_in)).filter(thread__pinned_at__isnull=False)
        return pinned.for_conversations().order_by("-thread__pinned_at", "-pk")[:most]

    return Prepared(build)


@cache
def _newest(signed_in, most):
    return Prepared(lambda: threads_listed_to(somebody(signed_in)).for_conversations().newest()[:most])


@lru_cache(maxsize=200)
def _open_questions(principles, sectors, most):
    def build(member, *terms):
        found = answered_or_open(threads_listed_to(somebody(signed_in=True)), False).exclude(author=member)
        found = found.about(principle=terms[:principles], sector=terms[principles:])
        return found.for_conversations().newest()[:most]

    return Prepared(build, *[0] * (1 + principles + sectors))


def rows_of(threads, user=None):
    """Return the ThreadRows of threads that were read for_conversations().

    For a signed-in `user` one query says what is unread.
    """
    threads = list(threads)
    terms = vocabulary.current()
    unread = _unread(threads, user) if user is not None and user.is_authenticated else {}
    return [ThreadRow(thread, terms, False, unread.get(thread.pk, "")) for thread in threads]


def reply_words(count):
    """Return how many replies there are, in words."""
    if not count:
        return _("No replies yet")
    return ngettext("%(number)s reply", "%(number)s replies", count) % {"number": f"{count:,}"}


def _unread(threads, member):
    """Return in words how many replies `member` has not read, by thread: of those they have begun to read."""
    # Where nobody replied there is nothing to read. One statement for every list: as many places as the fullest has,
    # those left over for a thread that has one already, which is looked up once.
    ids = [thread.pk for thread in threads if thread.last_position] or [0]
    read = dict(_read_marks.rows(member.pk, *ids, *ids[-1:] * (MOST_ROWS - len(ids))))
    numbers = {
        thread.pk: thread.last_position - read.get(thread.pk, thread.last_position) for thread in threads
    }
    return {
        pk: ngettext("%(number)s unread", "%(number)s unread", number) % {"number": f"{number:,}"}
        for pk, number in numbers.items()
        if number > 0
    }


_read_marks = Prepared(
    lambda member, *threads: (
        ReadMark.objects.filter(member=member, contribution__in=threads)
        .order_by()
        .values_list("contribution_id", "position")
    ),
    *[0] * (1 + MOST_ROWS),
)
