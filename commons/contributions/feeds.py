"""The Atom feed of a list of contributions: public items only, newest first.

A kind's app subclasses ContributionFeed and gives it a title and a link; a page of its own (a
principle, a keyword) overrides get_object and get_queryset too.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.markup.render import clean_text
from commons.tagging import vocabulary

from . import kinds
from .conditional import etag_for, not_modified, stamp
from .facets import Facets
from .models import Contribution

MOST_ITEMS = 30
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


class StableAtomFeed(Atom1Feed):
    """Atom whose `updated` does not move while the feed is empty."""

    def latest_post_date(self):
        if not self.items:
            return NOTHING_YET
        return super().latest_post_date()


def canonical(path):
    """Return the address of `path` on the site as configured, whatever host a request named."""
    return f"{settings.SITE_URL}{path}"


class ContributionFeed(Feed):
    """A list's newest public items.

    `kind` (a code) narrows it to one kind; the facets in the address narrow it further. `title` and
    `link` (a path, usually reverse_lazy of the list) are the subclass's. Costs two queries, and two
    more while the vocabulary is not cached.
    """

    feed_type = StableAtomFeed
    kind = ""
    facets_class = Facets
    title = ""
    link = "/"

    def __call__(self, request, *args, **kwargs):
        etag = etag_for(request, self.last_change())
        unchanged = not_modified(request, etag)
        if unchanged:
            return unchanged
        return stamp(super().__call__(request, *args, **kwargs), etag)

    def last_change(self):
        """When anything that could stand in this feed last changed: one read of an index."""
        changed = Contribution.objects.order_by("-changed_at").values_list("changed_at", flat=True)
        if self.kind:
            changed = changed.of_kind(self.kind)
        return changed.first()

    def get_object(self, request, *args, **kwargs):
        """Return what the feed is about; by default the facets chosen in the address."""
        return self.facets_class.read(request.GET, AnonymousUser())

    def get_queryset(self, obj):
        """Return the contributions of the feed about `obj`. What is not public is dropped afterwards."""
        found = Contribution.objects.listed_to(AnonymousUser())
        if self.kind:
            found = found.of_kind(self.kind)
        return obj.narrow(found) if isinstance(obj, Facets) else found

    def get_feed(self, obj, request):
        with override(settings.LANGUAGE_CODE):
            feed = super().get_feed(obj, request)
        address = canonical(request.get_full_path())
        feed.feed.update(feed_url=address, id=address, link=canonical(self._path_of_list(obj)))
        return feed

    def _path_of_list(self, obj):
        return str(self.link(obj) if callable(self.link) else self.link)

    def subtitle(self, obj):
        return _("What is new on %(network)s.") % {"network": settings.NETWORK_NAME}

    def items(self, obj):
        return self.get_queryset(obj).listed_to(AnonymousUser()).newest().for_cards()[:MOST_ITEMS]

    def item_title(self, item):
        return clean_text(item.title)

    def item_description(self, item):
        # Atom's summary is HTML, so plain words are escaped once more than XML asks.
        return escape(clean_text(item.lead()))

    def item_link(self, item):
        return canonical(item.get_absolute_url())

    def item_guid(self, item):
        """The address without the title: it stays the same when the title changes."""
        return canonical(kinds.address(item.kind, item.pk, ""))

    def item_author_name(self, item):
        return clean_text(item.card.get("byline", {}).get("name", "")) or settings.NETWORK_NAME

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.edited_at or item.published_at

    def item_categories(self, item):
        terms = vocabulary.current()
        stored = item.card
        return [
            *(terms.principles[pk].name for pk in stored.get("principles", []) if pk in terms.principles),
            *(terms.sectors[pk].name for pk in stored.get("sectors", []) if pk in terms.sectors),
            *(name for name, _slug in stored.get("keywords", [])),
        ]
