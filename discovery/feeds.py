"""Atom feeds that cross the kinds: the whole site, a search, a browsed selection, a keyword, a pair, a region."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from commons.contributions.feeds import ContributionFeed
from commons.contributions.models import Contribution
from commons.markup.render import clean_text

from .chosen import Chosen
from .counting import among
from .found import path_of, search_for, title_of
from .hub_views import pair_at, region_at
from .kinds import all_kinds, contribution_kinds
from .views import keyword_at, narrowed, with_query


class SiteFeed(ContributionFeed):
    """Everything new on the site."""

    link = reverse_lazy("home")

    def title(self, obj):
        return settings.NETWORK_NAME

    def get_queryset(self, obj):
        return Contribution.objects.listed_to(AnonymousUser())


class SearchFeed(ContributionFeed):
    """The newest contributions among what a visitor's search finds, narrowed by the same facets. None without words.

    Costs at most two queries more than any feed asks, and one while the joined spellings are not cached.
    """

    def get_object(self, request, *args, **kwargs):
        visitor = AnonymousUser()
        return search_for(request.GET, visitor), Chosen.read(request.GET, visitor, all_kinds())

    def get_queryset(self, obj):
        search, chosen = obj
        listed = super().get_queryset(obj)
        if not search:
            return listed.none()
        narrow = (lambda entries: narrowed(entries, chosen, AnonymousUser())) if chosen else None
        return listed.filter(search_entry__in=among(search.best(narrow, settled=False).ids))

    def title(self, obj):
        search, chosen = obj
        return f"{clean_text(title_of(search.text, chosen))} – {settings.NETWORK_NAME}"

    def link(self, obj):
        search, chosen = obj
        return path_of("discovery:search", search.text, chosen)


class BrowseFeed(ContributionFeed):
    """What browse shows for the same facets."""

    def get_object(self, request, *args, **kwargs):
        chosen = Chosen.read(request.GET, AnonymousUser(), contribution_kinds())
        chosen.path = with_query(reverse("discovery:browse"), chosen)
        return chosen

    def get_queryset(self, obj):
        return obj.narrow(Contribution.objects.listed_to(AnonymousUser()))

    def title(self, obj):
        words = ", ".join(obj.words()) or _("Everything people share")
        return f"{words} – {settings.NETWORK_NAME}"

    def link(self, obj):
        return obj.path


class KeywordFeed(ContributionFeed):
    """Everything public that carries one keyword."""

    def get_object(self, request, *args, slug):
        keyword = keyword_at(slug)
        if not self.get_queryset(keyword).exists():
            raise Http404
        return keyword

    def get_queryset(self, obj):
        return Contribution.objects.listed_to(AnonymousUser()).about(keyword=obj.pk)

    def title(self, obj):
        return f"{obj.name} – {settings.NETWORK_NAME}"

    def link(self, obj):
        return reverse("discovery:keyword", args=[obj.slug])


class PairFeed(ContributionFeed):
    """Everything public about a principle in a sector."""

    def get_object(self, request, *args, principle, sector):
        return pair_at(principle, sector)

    def get_queryset(self, obj):
        return super().get_queryset(obj).about(principle=obj.principle.pk, sector=obj.sector.pk)

    def title(self, obj):
        return f"{obj} – {settings.NETWORK_NAME}"

    def link(self, obj):
        return obj.get_absolute_url()


class RegionFeed(ContributionFeed):
    """Everything public about one nation or region."""

    def get_object(self, request, *args, slug):
        return region_at(slug)

    def get_queryset(self, obj):
        return super().get_queryset(obj).filter(region=obj.code)

    def title(self, obj):
        return f"{obj} – {settings.NETWORK_NAME}"

    def link(self, obj):
        return obj.get_absolute_url()
