"""The forum as Atom feeds: a list of threads, and the replies in one."""

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.detail_view import gone_or_missing
from commons.contributions.facets import Facets
from commons.contributions.feeds import MOST_ITEMS, ContributionFeed, canonical
from commons.contributions.models import Comment
from commons.markup.render import clean_text, excerpt

from .lists import ACTIVITY, ThreadList
from .models import Thread

EXCERPT_LENGTH = 1_000


class ThreadFeed(ContributionFeed):
    """Public threads, newest first, of one of the forum's lists: ?show= and the facets."""

    link = reverse_lazy("forum:list")
    kind = Thread.KIND

    def get_object(self, request, *args, **kwargs):
        asked = ThreadList.read(request.GET, Facets.read(request.GET, AnonymousUser()))
        return replace(asked, sort=ACTIVITY)  # a feed has an order of its own

    def get_queryset(self, obj):
        return obj.narrow(super().get_queryset(obj))

    def title(self, obj):
        return ": ".join(filter(None, [_("Forum"), ", ".join(obj.words())]))


class ReplyFeed(ContributionFeed):
    """The replies in one public thread, newest first. Its id stays the same when the thread's title changes."""

    def __call__(self, request, item):
        thread = Thread.objects.listed_to(AnonymousUser()).with_id(item.pk)
        if thread is None:
            return gone_or_missing(request, Thread, item.pk)
        if item.slug != thread.slug:
            return redirect(thread.url_below("feed/"), permanent=True)
        etag = etag_for(request, thread.pk, thread.changed_at)
        unchanged = not_modified(request, etag)
        return unchanged or stamp(Feed.__call__(self, request, thread=thread), etag)

    def get_object(self, request, thread):
        return thread

    def get_feed(self, obj, request):
        feed = super().get_feed(obj, request)
        feed.feed["id"] = canonical(kinds.address(obj.kind, obj.pk, "", "feed/"))
        return feed

    def title(self, obj):
        return _("Replies to “%(title)s”") % {"title": clean_text(obj.title)}

    def subtitle(self, obj):
        return clean_text(obj.lead())

    def link(self, obj):
        return obj.get_absolute_url()

    def items(self, obj):
        found = Comment.objects.listed_to(AnonymousUser()).on(obj).newest()
        return found.defer("body")[:MOST_ITEMS]

    def item_title(self, item):
        name = clean_text(item.byline.get("name", ""))
        return _("Reply %(number)d by %(name)s") % {"number": item.position, "name": name}

    def item_description(self, item):
        return escape(clean_text(excerpt(item.body_html, EXCERPT_LENGTH)))

    def item_link(self, item):
        return canonical(item.get_absolute_url())

    def item_guid(self, item):
        return self.item_link(item)

    def item_author_name(self, item):
        return clean_text(item.byline.get("name", ""))

    def item_categories(self, item):
        return []
