"""What a search found, for others than the page's reader: as rows for machines, and the search itself for its feed."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from commons.contributions import public_data
from commons.contributions.querysets import NOT_IN_LISTS, Reach
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.words import QUERY_LENGTH, clean

NOT_SHOWN = (
    "body",
    "files",
    "files_from",
    "counted",
    "extra",
    "indexed_at",
    "published_at",
    "year",
    "language",
)


def search_for(query, user):
    """Return the Search for the words of a request's GET, in everything that `user` may find."""
    text = clean(query.get("q", "")[: QUERY_LENGTH * 2])[:QUERY_LENGTH]
    entries = SearchEntry.objects
    reader = "member" if user.is_authenticated else "visitor"
    return Search(text, entries.listed_to(user), entries.reaching(user), known_as=reader)


def path_of(name, text, chosen):
    """Return the address of a page of this name for a search: "discovery:search" or "discovery:search_feed"."""
    asked = "&".join(filter(None, [urlencode({"q": text}), chosen.query()]))
    return f"{reverse(name)}?{asked}"


def title_of(text, chosen):
    """Return what the list of what was found is called away from its page."""
    words = _("Search for “%(words)s”") % {"words": text} if text else _("Search")
    return ", ".join([words, *chosen.words()])


class FoundRows:
    """The search entries with these ids, which have passed the gate, in their order: for a Pager. One query a part."""

    def __init__(self, ids):
        self.ids = ids

    def count_to(self, most):
        return min(len(self.ids), most)

    def part(self, start, stop):
        ids = self.ids[start:stop]
        deferred = (*NOT_SHOWN, *(f"contribution__{name}" for name in NOT_IN_LISTS))
        entries = (
            SearchEntry.objects.filter(pk__in=ids).select_related("contribution").defer(*deferred).order_by()
        )
        found = {entry.pk: entry for entry in entries}
        return [found[pk] for pk in ids if pk in found]


def entry_item(entry):
    """Return what JSON says of a search entry: of a contribution what every list does, of others what they are."""
    if entry.contribution_id:
        return public_data.item_of(entry.contribution)
    return public_data.other_item(
        kind=entry.kind,
        title=entry.title,
        path=entry.url,
        summary=entry.summary,
        for_members=entry.reach < Reach.EVERYONE,
    )
