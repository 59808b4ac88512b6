"""The directory: everyone who takes part and chose to be found, by what they show of themselves."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.paging import Pager
from commons.contributions.prepared import Prepared
from commons.markup.render import clean_text

from . import people_facets
from .models import Member
from .people import kept_under, people_for
from .people_facets import OFFERS, PeopleFacets

PEOPLE_PER_PAGE = 24
SEARCH_LENGTH = 100
BY_NAME, NEWEST = "", "newest"
ORDERS = {BY_NAME: gettext_lazy("By name"), NEWEST: gettext_lazy("Newest members")}


class DirectoryView(TemplateView):
    """Those who chose to be found, by name or the newest first, narrowed by ?q= and the facets in the address."""

    template_name = "profiles/directory.html"

    def get(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return super().get(request, *args, **kwargs)
        etag = etag_for(request, self.last_change)
        return not_modified(request, etag) or stamp(super().get(request, *args, **kwargs).render(), etag)

    @cached_property
    def last_change(self):
        """When any member last changed, or None."""
        changed = _last_change.first()
        return changed and changed[0]

    def get_context_data(self, **kwargs):
        query, reader = self.request.GET, self.request.user
        words = " ".join(clean_text(query.get("q", ""))[:SEARCH_LENGTH].split())
        order = NEWEST if query.get("sort") == NEWEST else BY_NAME
        chosen = PeopleFacets.read(query)
        members = Member.objects.listed_to(reader).told_of(words, reader)
        found = chosen.narrow(members, reader).for_lists()
        pager = Pager(found.newest() if order == NEWEST else found.by_name(), query, per_page=PEOPLE_PER_PAGE)
        people = people_for(pager.rows, reader)
        if chosen.of(OFFERS):
            offers = chosen.offers_among(pager.rows)
            for member, person in zip(pager.rows, people, strict=True):
                person.text = offers.get(member.pk, "")
        return super().get_context_data(
            **kwargs,
            section="people",
            kept_under=kept_under(),
            q=words,
            sort=order,
            sort_links=_sort_links(query, order),
            facets=people_facets.groups(chosen, members, reader, as_of=None if words else self.last_change),
            facet_action=reverse("profiles:directory"),
            kept=[(name, value) for name, value, _words, _patch in chosen.chosen()],
            active_facets=chosen.chips(query),
            pager=pager,
            people=people,
        )


_last_change = Prepared(lambda: Member.objects.order_by("-changed_at").values_list("changed_at")[:1])


def _sort_links(query, current):
    """Return {label, url, current} for each order, from its first page on."""
    links = []
    for order, label in ORDERS.items():
        rest = query.copy()
        for name in ("page", "sort"):
            rest.pop(name, None)
        if order:
            rest["sort"] = order
        links.append({"label": label, "url": f"?{rest.urlencode()}", "current": order == current})
    return links
