"""While somebody types: the titles that hold what was typed so far, through the gate."""

from functools import lru_cache

from commons.contributions.lists import somebody
from commons.contributions.prepared import Prepared

from .backends import backend
from .models import JoinedSpelling, SearchEntry
from .querysets import MEMBER
from .words import bare, parse

LOOKED_AT = 100  # the newest titles that hold the words, of which a few are suggested


def suggested(text, user):
    """Return (names of members, titles of contributions) listed to `user` that hold the words of `text`.

    The last letters typed may be the beginning of a word. At most LOOKED_AT of each, the newest; those that begin with
    what was typed stand first. Two queries, none without a word, and one for the joined spellings while they are not
    cached.
    """
    query = parse(text, JoinedSpelling.objects.pairs())
    if not query:
        return [], []
    wanted = backend().every(query.unfinished)
    found = (titles.rows(wanted) for titles in _titles(user.is_authenticated))
    return tuple(_beginning_first([title for (title,) in rows], text) for rows in found)


def _beginning_first(titles, text):
    typed = bare(text).lower()
    return sorted(dict.fromkeys(titles), key=lambda title: not bare(title).lower().startswith(typed))


@lru_cache(maxsize=2)
def _titles(signed_in):
    """Return the statements for members' names and for contributions' titles, made once."""

    def titled(**of):
        def build(wanted):
            listed = SearchEntry.objects.listed_to(somebody(signed_in)).filter(**of)
            return backend().titled(listed, wanted, LOOKED_AT).order_by("-pk").values_list("title")

        return Prepared(build, "")

    return titled(kind=MEMBER), titled(contribution__isnull=False)
