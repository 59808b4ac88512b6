"""What the search box suggests while somebody types: principles, service sectors, members and titles, as JSON."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.generic import View

from commons.search.suggest import suggested
from commons.search.words import QUERY_LENGTH, WORD, bare, clean
from commons.tagging import vocabulary

MOST_NAMES, MOST_TITLES = 3, 6
SHORTEST = 2


class SearchSuggestView(View):
    """Answers ?q= with what the asker may see; a browser that was led here as to a page goes on to the search."""

    def get(self, request):
        typed = clean(request.GET.get("q", "")[: QUERY_LENGTH * 2])[:QUERY_LENGTH]
        if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
            response = redirect(f"{reverse('discovery:search')}?{urlencode({'q': typed})}")
        else:
            response = JsonResponse(suggestions(typed, request.user))
        patch_vary_headers(response, ["Accept"])
        return response


def suggestions(typed, user):
    """Return {"principles", "sectors", "members", "titles"}: lists of names, each a few. At most three queries."""
    long_enough = len(typed) >= SHORTEST
    terms = vocabulary.current()
    members, titles = suggested(typed, user) if long_enough else ([], [])
    return {
        "principles": _named(terms.principles.values(), typed) if long_enough else [],
        "sectors": _named(terms.sectors.values(), typed) if long_enough else [],
        "members": members[:MOST_NAMES],
        "titles": titles[:MOST_TITLES],
    }


def _named(terms, typed):
    """Return the names of the first MOST_NAMES terms in which each word typed begins a word."""
    wanted = WORD.findall(bare(typed.lower()))
    found = []
    for term in terms:
        words = WORD.findall(bare(term.name.lower()))
        if wanted and all(any(word.startswith(each) for word in words) for each in wanted):
            found.append(term.name)
    return found[:MOST_NAMES]
