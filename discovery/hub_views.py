"""Hubs that cross the kinds: a principle in a sector, a region, and following them."""

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from commons.contributions import public_data
from commons.contributions.hubs import browse_path, hub_of, listed_about
from commons.contributions.lists import last_change
from commons.contributions.mark_views import FollowView, follow_state
from commons.contributions.paging import Pager
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


class PlaceView(HubView):
    """A hub at its own address: the page, and by `?format=` the list of all that it shows the first of.

    Subclasses find `place`, give `about()` as hub_of() takes it, and `page_context()`.
    """

    def get_context_data(self, **kwargs):
        if not public_data.wanted(self.request.GET):
            return super().get_context_data(**kwargs, **self.page_context())
        return {"pager": Pager(listed_about(self.request.user, **self.about()), self.request.GET)}

    def render_to_response(self, context, **more):
        if "pager" not in context:
            return super().render_to_response(context, **more)
        read_at = browse_path(**self.about())
        return public_data.answer(self.request, context["pager"], str(self.place), read_at=read_at)


class PairView(PlaceView):
    """A principle in a sector: how much is known of it, how strong that is, and what one can do where it is little."""

    template_name = "discovery/pair.html"

    def get(self, request, *args, **kwargs):
        self.place = pair_at(kwargs["principle"], kwargs["sector"])
        return super().get(request, *args, **kwargs)

    def about(self):
        return {"principle": self.place.principle, "sector": self.place.sector}

    def page_context(self):
        user, pair = self.request.user, self.place
        url = pair.get_absolute_url()
        whole = map_of(MapFilters.read(QueryDict(), user), user, self.last_change[0])
        follows = follow_state(user, principle=pair.principle.pk, sector=pair.sector.pk)
        hub = hub_of(user, self.last_change[0], **self.about())
        return {
            "section": "explore",
            "pair": pair,
            "cell": whole.cell(pair.principle, pair.sector),
            "hub": hub,
            "hub_html": hub.html(f"{url}feed/"),
            "crumbs": [
                (_("Explore"), reverse("discovery:browse")),
                (_("Evidence map"), reverse("discovery:evidence_map")),
            ],
            "feed_url": f"{url}feed/",
            "follow_url": f"{url}follow/",
            "follows": follows,
        }


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


class RegionView(PlaceView):
    """What is about one nation or region."""

    template_name = "discovery/region.html"

    def get(self, request, *args, **kwargs):
        self.place = region_at(kwargs["slug"])
        return super().get(request, *args, **kwargs)

    def about(self):
        return {"region": self.place.code}

    def page_context(self):
        url = self.place.get_absolute_url()
        hub = hub_of(self.request.user, self.last_change[0], **self.about())
        return {
            "section": "explore",
            "region": self.place,
            "hub": hub,
            "hub_html": hub.html(f"{url}feed/"),
            "crumbs": [
                (_("Explore"), reverse("discovery:browse")),
                (_("Nations and regions"), reverse("discovery:region_list")),
            ],
            "feed_url": f"{url}feed/",
            "follow_url": f"{url}follow/",
            "follows": follow_state(self.request.user, **self.about()),
        }


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
