"""Hubs that cross the kinds: a principle in a sector, a region, and following them."""

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from commons.contributions.hubs import hub_of
from commons.contributions.lists import last_change
from commons.contributions.mark_views import FollowView, follow_state
from commons.tagging import vocabulary
from commons.tagging.places import Pair, RegionPlace
from commons.tagging.regions import Region

from .evidence_map import map_of
from .evidence_map_filters import MapFilters
from .views import ConditionalView


class HubView(ConditionalView):
    """A page of what is about one thing. What it shows changes with the day: events to come."""

    @cached_property
    def last_change(self):
        return last_change(), timezone.localdate()


class PairView(HubView):
    """A principle in a sector: how much is known of it, how strong that is, and what one can do where it is little."""

    template_name = "discovery/pair.html"

    def get(self, request, *args, **kwargs):
        self.pair = pair_at(kwargs["principle"], kwargs["sector"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user, pair = self.request.user, self.pair
        url = pair.get_absolute_url()
        whole = map_of(MapFilters.read(QueryDict(), user), user, self.last_change[0])
        follows = follow_state(user, principle=pair.principle.pk, sector=pair.sector.pk)
        hub = hub_of(user, self.last_change[0], principle=pair.principle, sector=pair.sector)
        return super().get_context_data(
            **kwargs,
            section="explore",
            pair=pair,
            cell=whole.cell(pair.principle, pair.sector),
            hub=hub,
            hub_html=hub.html(f"{url}feed/"),
            crumbs=[
                (_("Explore"), reverse("discovery:browse")),
                (_("Evidence map"), reverse("discovery:evidence_map")),
            ],
            feed_url=f"{url}feed/",
            follow_url=f"{url}follow/",
            follows=follows,
        )


class RegionListView(HubView):
    """The nations and regions, each with its page."""

    template_name = "discovery/region_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            section="explore",
            regions=[RegionPlace(code) for code in Region.values],
            crumbs=[(_("Explore"), reverse("discovery:browse"))],
        )


class RegionView(HubView):
    """What is about one nation or region."""

    template_name = "discovery/region.html"

    def get(self, request, *args, **kwargs):
        self.region = region_at(kwargs["slug"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        code, url = self.region.code, self.region.get_absolute_url()
        hub = hub_of(self.request.user, self.last_change[0], region=code)
        return super().get_context_data(
            **kwargs,
            section="explore",
            region=self.region,
            hub=hub,
            hub_html=hub.html(f"{url}feed/"),
            crumbs=[
                (_("Explore"), reverse("discovery:browse")),
                (_("Nations and regions"), reverse("discovery:region_list")),
            ],
            feed_url=f"{url}feed/",
            follow_url=f"{url}follow/",
            follows=follow_state(self.request.user, region=code),
        )


class PairFollowView(FollowView):
    """Following a principle in a sector: what is about both."""

    def get_thing(self):
        return pair_at(self.kwargs["principle"], self.kwargs["sector"])


class RegionFollowView(FollowView):
    """Following a nation or region."""

    def get_thing(self):
        return region_at(self.kwargs["slug"])


def pair_at(principle, sector):
    """Return the Pair of terms with these slugs. Raises Http404."""
    terms = vocabulary.current()
    found = Pair(terms.principle_by_slug(principle), terms.sector_by_slug(sector))
    if not (found.principle and found.sector):
        raise Http404
    return found


def region_at(slug):
    """Return the RegionPlace with this slug. Raises Http404."""
    if slug not in Region.values:
        raise Http404
    return RegionPlace(slug)
