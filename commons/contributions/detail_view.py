"""The page of one item, whatever its kind: through the gate, then its canonical address, then item and conversation."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import View

from commons.markup.render import clean_text
from commons.moderation.models import Decision, Status
from commons.tagging import vocabulary

from . import kinds, structured
from .cards import CardLine, cards_for, date_words
from .comment_lines import helpful_words
from .comment_views import reply_form_context
from .conditional import etag_for, not_modified, stamp
from .conversation_page import ConversationPage, is_fetched_ahead
from .drawn import digest_of, drawn
from .lists import visible_one
from .models import Contribution
from .more_like import more_like
from .paths import item_path
from .querysets import Reach
from .share_pictures import picture_of


class ContributionDetailView(View):
    """One item at its own address, with a page of its conversation."""

    model = Contribution
    template_name = "contributions/detail.html"
    section = ""
    schema_type = "Article"  # what search engines are told that it is

    def get(self, request, item):
        found = visible_one(self.model, request.user, item.pk)
        if found is None:
            return gone_or_missing(request, self.model, item.pk)
        if item.slug != found.slug:
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return redirect(f"{found.get_absolute_url()}{query}", permanent=found.is_published)
        # What stands below the item belongs to what a browser keeps: it must not go on naming what was taken down.
        self.more_like = more_like(found, request.user) if self.shows_more_like(found) else []
        made_of = self.made_of(found)
        etag = None
        if not request.user.is_authenticated:
            others = [(other.pk, other.changed_at) for other in self.more_like]
            etag = etag_for(request, found.pk, found.version, found.changed_at, others, made_of)
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        self.talk = ConversationPage(found, request.GET, request.user)
        response = render(request, self.template_name, self.get_context_data(found))
        if request.method == "GET" and not is_fetched_ahead(request):
            self.talk.mark_read()
        return stamp(response, etag) if etag else response

    def shows_more_like(self, item):
        """Whether others like it are shown: under what is listed, on the first page of its conversation."""
        return item.reach != Reach.NOBODY and self.request.GET.get("page", "1") == "1"

    def made_of(self, item):
        """Return what the page is made of beside the item and those like it, in plain values. Asked for first."""
        return ()

    def get_context_data(self, item):
        """Return what the page shows of `item` and its conversation.

        No query but the conversation's, and the vocabulary's when that is not cached.
        """
        kind = kinds.get(item.kind)
        user = self.request.user
        is_author = item.author_id is not None and item.author_id == user.pk
        may_edit = item.can_be_edited_by(user)
        kept_under = self.kept_under(item, is_author, may_edit)
        indexable = item.is_published and item.audience == "everyone"
        return {
            "item": item,
            "card": cards_for([item], with_status=True)[0],
            "kind": kind,
            "kind_url": kinds.list_path(kind.code),
            "section": self.section,
            "crumbs": kinds.crumbs(kind.code),
            "edited_words": date_words(item.edited_at) if item.edited_at else "",
            "history_url": item_path(item.pk, "history/"),
            "may_edit": may_edit,
            "is_author": is_author,
            "report_url": item_path(item.pk, "report/") if item.is_published and not is_author else "",
            "removal": removal_of(item) if item.status == Status.REMOVED else None,
            "share_url": f"{settings.SITE_URL}{item.get_absolute_url()}",
            "indexable": indexable,
            "told": self.told(item, kept_under) if indexable and not self.talk.signed_in else "",
            "helpful_words": helpful_words(item.helpful_count),
            "helpful_path": item_path(item.pk, "helpful/"),
            "bookmark_path": item_path(item.pk, "bookmark/"),
            "follow_path": item_path(item.pk, "follow/"),
            "talk": self.talk,
            "more_like": cards_for(self.more_like, drawn_as=CardLine),
            "reply_form": self.reply_form(item) if self.talk.may_reply and self.talk.is_last_page else {},
            "kept_under": kept_under,
        }

    def told(self, item, kept_under):
        """Return what other sites and search engines are told of it, as HTML for a visitor's first page; else ""."""
        if self.talk.pager.number > 1:
            return ""
        return drawn(("told", kept_under, self.told_of(item)), lambda: self.draw_told(item))

    def told_of(self, item):
        """Return what things() is made of beside the item's own row, in plain values."""
        return ()

    def things(self, item, picture):
        """Return what search engines are told of the item (structured.py): a list of dicts. `picture` is an address."""
        return [structured.creative(item, self.schema_type, picture)]

    def draw_told(self, item):
        picture = picture_of(item)
        crumbs = structured.breadcrumbs(kinds.crumbs(item.kind), item.title)
        url = structured.absolute(item.get_absolute_url())
        return render_to_string(
            "components/told.html",
            {
                "network_name": settings.NETWORK_NAME,
                "title": clean_text(item.title),
                "description": clean_text(item.lead()),
                "url": url,
                "oembed_url": f"{structured.absolute(reverse('discovery:oembed'))}?{urlencode({'url': url})}",
                "picture": picture,
                "structured": structured.block(*self.things(item, picture.url), crumbs),
            },
        )

    def reply_form(self, item):
        """Return what contributions/_comment_form.html shows below the last page; nothing for a link to its page."""
        return reply_form_context(self.request, item, self.talk.marks)

    def kept_under(self, item, is_author, may_edit):
        """Return under what the parts of the page may be kept that {% keep %} names, or None where none may.

        It is all that they are made of: the columns of the row but its text, the page, what the reader may do.
        """
        if not item.is_published:
            return None
        columns = {
            name: value
            for name, value in item.__dict__.items()
            if name[0] != "_" and name not in {"body", "body_html"}
        }
        return digest_of(
            self.template_name,
            columns,
            self.talk.pager.number,
            (self.talk.signed_in, is_author, may_edit),
            get_language(),
            vocabulary.current().digest,
            settings.SITE_URL,
        )


def removal_of(item):
    """Return the decision that took a removed item down. One query."""
    return Decision.objects.about(item).filter(to_status=Status.REMOVED).first()


def gone_or_missing(request, model, pk):
    """Answer 410 with a polite page for what its author withdrew, 404 for all else."""
    if model.objects.tombstone_for(request.user).filter(pk=pk).exists():
        kind = kinds.get(model.KIND)
        context = {"kind": kind, "kind_url": kinds.list_path(kind.code)}
        return render(request, "410.html", context, status=410)
    raise Http404
