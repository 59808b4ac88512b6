"""Threads like one that is being started, so that a question is not asked twice."""

from django.db.models import F
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.words import QUERY_LENGTH, clean

from .models import Thread
from .rows import rows_of, threads_listed_to

MOST_SIMILAR = 5
SHORTEST = 3


def similar_threads(title, user):
    """Return the ThreadRows of at most MOST_SIMILAR threads that `user` may see and that are most like a title.

    Any text will do. At most four queries, and one for the joined spellings while they are not cached.
    """
    text = clean(title[: QUERY_LENGTH * 2])[:QUERY_LENGTH]
    search = Search(text, SearchEntry.objects.listed_to(user).filter(kind=Thread.KIND))
    if len(text) < SHORTEST or not search:
        return []
    best = search.ranked()[:MOST_SIMILAR]
    found = threads_listed_to(user).filter(search_entry__in=best).annotate(entry=F("search_entry"))
    return (
        rows_of(sorted(found.for_conversations(), key=lambda thread: best.index(thread.entry)))
        if best
        else []
    )


@require_safe
def similar(request):
    """Answer ?q= with a piece of HTML for the page on which the title is typed; empty where nothing is similar."""
    rows = similar_threads(request.GET.get("q", ""), request.user)
    return render(request, "forum/_similar.html", {"similar": rows})
