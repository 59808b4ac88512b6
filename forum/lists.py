"""The forum's lists: which threads ?show= asks for, and in which order ?sort= puts them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from commons.contributions import kinds
from commons.contributions.facets import Facets

from .models import Thread

ALL, UNANSWERED, OPEN, ANSWERED = "", "unanswered", "open", "answered"
ACTIVITY, NEWEST, HELPFUL = "activity", "newest", "helpful"

SHOWN = {
    ALL: _("All threads"),
    UNANSWERED: _("Unanswered"),
    OPEN: _("Open questions"),
    ANSWERED: _("Answered"),
}
MEANT = {
    ALL: _("Questions and conversations about making services together. Everybody may ask."),
    UNANSWERED: _("Nobody has replied to these yet. Could you be the first?"),
    OPEN: _("Questions in which no reply has been marked as the best answer yet."),
    ANSWERED: _("Questions with a best answer, chosen by whoever asked."),
}
SORTED = {
    ACTIVITY: _("Newest activity"),
    NEWEST: _("Newest"),
    HELPFUL: _("Most helpful"),
}
ORDERS = {
    ACTIVITY: ("-last_activity_at", "-pk"),
    NEWEST: ("-published_at", "-pk"),
    HELPFUL: ("-helpful_count", "-published_at", "-pk"),
}


@dataclass
class ThreadList:
    """One list of the forum: what it shows, in which order, narrowed by which facets."""

    show: str
    sort: str
    facets: Facets

    @classmethod
    def read(cls, query, facets):
        """Return the list that an address asks for; values that mean nothing are ignored."""
        show, sort = query.get("show", ALL), query.get("sort", ACTIVITY)
        return cls(show if show in SHOWN else ALL, sort if sort in SORTED else ACTIVITY, facets)

    @property
    def is_plain(self):
        """Whether nothing was chosen: the list in which what is pinned stands first."""
        return self.show == ALL and self.sort == ACTIVITY and not self.facets

    def narrow(self, threads):
        """Return those of `threads` (a queryset of contributions that has passed the gate) that belong here."""
        # All that is listed has a date. Saying so lets the indexes that hold only such rows be read.
        found = self.facets.narrow(threads).filter(published_at__isnull=False)
        if self.show == UNANSWERED:
            return found.filter(comment_count=0)
        return answered_or_open(found, self.show == ANSWERED) if self.show in {OPEN, ANSWERED} else found

    def order(self, threads):
        if self.show == UNANSWERED and self.sort == ACTIVITY:
            return threads.order_by(*ORDERS[NEWEST])  # without a reply, the last thing that happened
        return threads.order_by(*ORDERS[self.sort])

    def words(self):
        """Return what was chosen in words, such as ["Open questions", "Housing", "Most helpful"]."""
        words = [SHOWN[self.show]] if self.show else []
        words += [name for _facet, _value, name in self.facets.chosen()]
        return [str(word) for word in (*words, *([SORTED[self.sort]] if self.sort != ACTIVITY else []))]

    @property
    def meaning(self):
        """What stands in this list, in a sentence."""
        return MEANT[self.show]

    def description(self):
        """Return what stands in this list, and what else was chosen, for those who find it by a search engine."""
        words = self.words()[1 if self.show else 0 :]
        return " ".join([str(self.meaning), *([f"{', '.join(words)}."] if words else [])])

    def parameters(self, *, show=None, sort=None):
        """Return what was chosen as an address has it, with another `show` or `sort` where one is given."""
        show, sort = self.show if show is None else show, self.sort if sort is None else sort
        chosen = [(facet, value) for facet, value, _words in self.facets.chosen()]
        return [
            *([("show", show)] if show else []),
            *([("sort", sort)] if sort != ACTIVITY else []),
            *chosen,
        ]

    def show_links(self):
        """Return {label, url, current} for each list, everything else that was chosen kept."""
        return [_link(label, self.parameters(show=code), code == self.show) for code, label in SHOWN.items()]

    def sort_links(self):
        return [_link(label, self.parameters(sort=code), code == self.sort) for code, label in SORTED.items()]

    def feed_query(self):
        """Return the query of the feed of this list: the same threads, always the newest first."""
        return urlencode(self.parameters(sort=ACTIVITY))


def answered_or_open(threads, answered):
    """Return those of `threads` that are questions with a best answer, or those without one."""
    # A list of one, because SQLite reads no index for a bare NOT; and PostgreSQL takes every row without an answer
    # for one that says no, unless told that it says something.
    return threads.filter(published_at__isnull=False, answered__isnull=False, answered__in=[answered])


def _link(label, parameters, current):
    path = kinds.list_path(Thread.KIND)
    return {
        "label": label,
        "url": f"{path}?{urlencode(parameters)}" if parameters else path,
        "current": current,
    }
