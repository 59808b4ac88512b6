"""Finding: search over everything, browse by facet, and a page for each keyword."""

from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from commons.contributions import kinds, public_data
from commons.contributions.cards import Card, cards_for
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.drawn import digest_of
from commons.contributions.hubs import hub_of
from commons.contributions.keywords import listed_keywords
from commons.contributions.lists import last_change, newest
from commons.contributions.mark_views import FollowView, follow_state
from commons.contributions.models import Contribution
from commons.contributions.paging import PER_PAGE, Pager
from commons.contributions.prepared import Prepared
from commons.contributions.querysets import NOT_IN_LISTS, reach_of
from commons.contributions.unchanged import CountKept
from commons.search.models import SearchEntry
from commons.search.nearest import nearest
from commons.search.words import QUERY_LENGTH
from commons.tagging.models import FormerKeyword, Keyword, normalise_keyword

from . import orders
from .chosen import Chosen
from .facets import FacetCounts
from .found import NOT_SHOWN, FoundRows, entry_item, path_of, search_for, title_of
from .kinds import all_kinds, contribution_kinds, label_of_one

MOST_SUGGESTIONS = 10


class ConditionalView(TemplateView):
    """A page made of contributions alone, which a visitor's browser need not fetch twice."""

    def get(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return super().get(request, *args, **kwargs)
        etag = etag_for(request, self.last_change)
        return not_modified(request, etag) or stamp(super().get(request, *args, **kwargs), etag)

    @cached_property
    def last_change(self):
        return last_change()


class ListView(ConditionalView):
    """One list on a page: `pager` and `list_title` in its context, which can be had in other formats too."""

    def render_to_response(self, context, **more):
        """Answer with the page, or with its list in the format that the address asks for."""
        asked = public_data.answer(self.request, context["pager"], context["list_title"])
        return asked or super().render_to_response(context, **more)


class BrowseView(ListView):
    """Everything members have shared, newest first, narrowed by the facets in the address."""

    template_name = "discovery/browse.html"

    def get_list(self, chosen, order):
        """Return what is shown, for a Pager."""
        user = self.request.user
        if chosen:
            found = chosen.narrow(orders.in_order(user, order))
        else:
            found = newest(user) if order == orders.NEWEST else orders.all_in_order(user, order)
        key = f"browse.count.{reach_of(user)}.{digest_of(chosen.query()).hex()}"
        return CountKept(found, key, self.last_change)

    def get_context_data(self, **kwargs):
        query = self.request.GET
        chosen = Chosen.read(query, self.request.user, contribution_kinds())
        order = orders.read_order(query, orders.IN_BROWSE)
        pager = Pager(self.get_list(chosen, order), query)
        counts = FacetCounts(chosen, self.request.user, as_of=self.last_change)
        return super().get_context_data(
            **kwargs,
            section="explore",
            kept_under=("browse", get_language()),
            pager=pager,
            cards=cards_for(pager.rows),
            facets=counts.groups(),
            fewer=counts.fewer(query) if chosen and not pager.count else [],
            facet_action=reverse("discovery:browse"),
            active_facets=chosen.chips(query),
            sort=orders.named(order, orders.IN_BROWSE),
            sort_links=orders.links(query, orders.IN_BROWSE),
            feed_url=with_query(reverse("discovery:browse_feed"), chosen),
            list_title=", ".join(chosen.words()) or _("Everything people share"),
            empty_actions=[{"label": _("Show everything"), "url": reverse("discovery:browse")}]
            if chosen
            else [],
        )


class SearchView(TemplateView):
    """The words asked for, in everything the reader may see, the best first."""

    template_name = "discovery/search.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET
        search = search_for(query, self.request.user)
        if public_data.wanted(query) and not search:
            return {"pager": Pager(FoundRows([]), query), "list_title": title_of("", Chosen())}
        context = super().get_context_data(
            **kwargs,
            section="explore",
            q=search.text,
            facet_action=reverse("discovery:search"),
            browse_url=reverse("discovery:browse"),
            suggestions=[
                {"label": kind.plural, "url": f"{reverse('discovery:browse')}?kind={kind.code}"}
                for kind in kinds.all_kinds()
            ],
        )
        return {**context, **self.found(search, query)} if search else context

    def render_to_response(self, context, **more):
        """Answer with the page, or with what was found in the format that the address asks for."""
        if not public_data.wanted(self.request.GET):
            return super().render_to_response(context, **more)
        return public_data.answer(self.request, context["pager"], context["list_title"], describe=entry_item)

    def found(self, search, query):
        """Return what the page shows of a search that has words; for machines, what was found alone."""
        user = self.request.user
        chosen = Chosen.read(query, user, all_kinds())
        order = orders.read_order(query, orders.IN_SEARCH)
        by_merit = order == orders.RELEVANCE
        found = search.best(settled=by_merit and not chosen)
        ids = found.ids
        if chosen:
            ids = search.best(lambda entries: narrowed(entries, chosen, user), settled=by_merit).ids
        ids = orders.put_in_order(ids, order)
        title = title_of(search.text, chosen)
        if public_data.wanted(query):
            return {"pager": Pager(FoundRows(ids), query), "list_title": title}
        pager = RankedPager(ids, query)
        counts = FacetCounts(chosen, user, found=found)
        # Where something was chosen, taking it away helps first; and so the page asks no more than it may.
        meant = nearest(search) if search.in_vain and not chosen else ""
        return {
            "asked": True,
            "list_title": title,
            "feed_url": path_of("discovery:search_feed", search.text, chosen),
            "reached_further": search.reached_further(ids),
            "meant": meant and {"words": meant, "url": f"?{urlencode({'q': meant})}"},
            "fewer": counts.fewer(query) if chosen and not ids else [],
            "ask_url": f"{reverse('forum:new')}?{urlencode({'question': 1, 'title': search.cleaned})}",
            "pager": pager,
            "cards": entry_cards(pager.rows, search.snippets(pager.rows)),
            "facets": counts.groups(),
            "active_facets": chosen.chips(query),
            "sort": orders.named(order, orders.IN_SEARCH),
            "sort_links": orders.links(query, orders.IN_SEARCH),
        }


class KeywordView(ListView):
    """Everything that carries one keyword, newest first, below the best and the open of it."""

    template_name = "discovery/keyword.html"

    @cached_property
    def last_change(self):
        return last_change(), timezone.localdate()  # events to come change with the day

    def get(self, request, *args, **kwargs):
        keyword = keyword_at(kwargs["slug"])
        if keyword.slug != kwargs["slug"] and self.items(keyword).exists():
            return redirect(keyword, permanent=True)
        self.keyword = keyword
        return super().get(request, *args, **kwargs)

    def items(self, keyword):
        return Contribution.objects.listed_to(self.request.user).about(keyword=keyword.pk)

    def get_context_data(self, **kwargs):
        pager = Pager(self.items(self.keyword).newest().for_cards(), self.request.GET)
        if not pager.count:
            raise Http404
        feed_url = reverse("discovery:keyword_feed", args=[self.keyword.slug])
        is_first_page = pager.number == 1 and not public_data.wanted(self.request.GET)
        hub = hub_of(self.request.user, self.last_change[0], keyword=self.keyword) if is_first_page else None
        return super().get_context_data(
            **kwargs,
            section="explore",
            keyword=self.keyword,
            pager=pager,
            cards=cards_for(pager.rows),
            hub=hub,
            hub_html=hub.html(feed_url, without_newest=True) if hub else "",
            crumbs=[(_("Explore"), reverse("discovery:browse"))],
            browse_url=f"{reverse('discovery:browse')}?keyword={self.keyword.slug}",
            feed_url=feed_url,
            list_title=self.keyword.name,
            follow_url=reverse("discovery:keyword_follow", args=[self.keyword.slug]),
            follows=follow_state(self.request.user, keyword=self.keyword.pk),
        )


class KeywordFollowView(FollowView):
    """Following a keyword that stands on something the member may see."""

    def get_thing(self):
        keyword = keyword_at(self.kwargs["slug"])
        if not Contribution.objects.listed_to(self.request.user).about(keyword=keyword.pk).exists():
            raise Http404
        return keyword


class KeywordSuggestView(View):
    """Keywords that begin like what is being typed, from what the asker may see."""

    def get(self, request):
        typed = normalise_keyword(request.GET.get("q", "")[:QUERY_LENGTH])
        return JsonResponse({"keywords": self.suggestions(typed) if typed else []})

    def suggestions(self, typed):
        listed = listed_keywords(self.request.user)
        begun = listed.filter(Q(name__startswith=typed) | Q(name__contains=f" {typed}"))
        return list(begun.order_by("name").values_list("name", flat=True)[:MOST_SUGGESTIONS])


class RankedPager(Pager):
    """Pages of a list of ids that is already in order."""

    @cached_property
    def count(self):
        return len(self.queryset)


def narrowed(entries, chosen, user):
    """Return the search entries that have what was chosen."""
    if not chosen:
        return entries
    contributions = chosen.narrow(Contribution.objects.listed_to(user))
    others = chosen.narrow_others(SearchEntry.objects.filter(contribution=None))
    return entries.filter(Q(contribution__in=contributions.values("pk")) | Q(pk__in=others.values("pk")))


def entry_cards(ids, snippets):
    """Return the Cards of search entries, in the order of `ids`, each with the passage found. One query."""
    # The 0 is no entry's: the statement always has the same places.
    entries = {entry.pk: entry for entry in _entries.rows(*[*ids, *[0] * PER_PAGE][:PER_PAGE])}
    there = [entries[pk] for pk in ids if pk in entries]
    contributions = [entry.contribution for entry in there if entry.contribution_id]
    passages = {entry.contribution_id: snippets.get(entry.pk, "") for entry in there}
    cards = dict(
        zip(
            (item.pk for item in contributions),
            cards_for(contributions, snippets=passages),
            strict=True,
        )
    )
    return [cards.get(entry.contribution_id) or _other_card(entry, snippets) for entry in there]


_entries = Prepared(
    lambda *ids: (
        SearchEntry.objects.filter(pk__in=ids)
        .select_related("contribution")
        .defer(*NOT_SHOWN, *(f"contribution__{name}" for name in NOT_IN_LISTS))
        .order_by()
    ),
    *[0] * PER_PAGE,
)


def _other_card(entry, snippets):
    return Card(
        kind_label=str(label_of_one(entry.kind)),
        url=entry.url,
        title=entry.title,
        summary=entry.summary,
        byline_name="",
        byline_url="",
        byline_role="",
        date_iso="",
        date_words="",
        snippet=snippets.get(entry.pk, ""),
    )


def keyword_at(slug):
    """Return the Keyword that has, or once had, this address. Raises Http404."""
    found = Keyword.objects.filter(slug=slug).first()
    if found is None:
        former = FormerKeyword.objects.select_related("keyword").filter(slug=slug).first()
        found = former and former.keyword
    if found is None:
        raise Http404
    return found


def with_query(path, chosen):
    """Return `path` with what is chosen."""
    return f"{path}?{chosen.query()}" if chosen else path
