"""Pages where people read: the library's first page and its list, the principles, the sectors, the reports."""

from datetime import date

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View

from commons.contributions import kinds, public_data
from commons.contributions import views as shared
from commons.contributions.cards import cards_for, date_words
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.file_lines import file_lines
from commons.contributions.filters import filters_html
from commons.contributions.hubs import browse_path, hub_of, listed_about
from commons.contributions.lists import last_change
from commons.contributions.mark_views import FollowView, follow_state
from commons.contributions.paging import Pager
from commons.contributions.prepared import Prepared
from commons.markup.render import render_standing
from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text

from .facets import LibraryFacets
from .lists import KINDS, Newest, listed
from .models import Document, Link, Report, Video
from .pairs import pairs_html

NEWEST_SHOWN = 6
_newest_versions = Prepared(lambda key, *languages: Text.objects.newest_versions(key, languages), "", "", "")
SECTION = "library"
# What each part of the library holds, as its first page says it.
ABOUT = {
    Document.KIND: gettext_lazy("Policy guidance, evaluations, tools and templates, with their files."),
    Link.KIND: gettext_lazy("Websites and videos elsewhere that are worth your time."),
    Video.KIND: gettext_lazy("Videos that members made or found, to watch."),
    Report.KIND: gettext_lazy("Research on co-production, described by the editors in their own words."),
}


class LibraryPageView(View):
    """A page of the library that a visitor's browser may keep until something on it changes.

    Subclasses give `template_name`, `page` (which reads nothing but the vocabulary and raises Http404),
    `changes` (what the page depends on: one query) and `get_context_data`.
    """

    template_name = ""

    def get(self, request, *args, **kwargs):
        self.terms = vocabulary.current()
        self.page()
        etag = None
        if not request.user.is_authenticated:
            etag = etag_for(request, self.changes())
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        context = self.get_context_data()
        response = self.as_data(context) or render(
            request, self.template_name, {"section": SECTION, **context}
        )
        return stamp(response, etag) if etag else response

    def as_data(self, context):
        """Return the page's list in the format that the address asks for, or None. For pages of one list."""

    def page(self):
        """Find what the page is about."""

    def changes(self):
        """Return what, beside the vocabulary, tells whether the page has changed since a visitor read it."""
        return ()

    def get_context_data(self):
        return {}


class LibraryHomeView(LibraryPageView):
    """Where the library begins: the principles, what is newest of everything in it, and where each kind is."""

    template_name = "library/home.html"

    def changes(self):
        return last_change()

    def get_context_data(self):
        return {
            "principles": self.terms.principles.values(),
            "sectors": self.terms.sectors.values(),
            "cards": cards_for(Newest(self.request.user).part(0, NEWEST_SHOWN)),
            "shelves": [
                {"kind": kinds.get(code), "url": kinds.list_path(code), "about": ABOUT[code]}
                for code in KINDS
            ],
        }


class LibraryListView(LibraryPageView):
    """Everything in the library together, newest first, narrowed by kind and by what every list takes."""

    template_name = "library/all.html"

    def as_data(self, context):
        chosen = ", ".join(chip["label"] for chip in context["chips"])
        title = ": ".join(filter(None, [_("Library"), chosen]))
        return public_data.answer(self.request, context["pager"], title)

    def changes(self):
        return last_change()

    def get_context_data(self):
        user, query, address = self.request.user, self.request.GET, reverse("library:all")
        facets = LibraryFacets.read(query, user)
        codes = facets.kinds or KINDS
        pager = Pager(Newest(user, codes) if facets.only_kinds else facets.narrow(listed(user)), query)
        return {
            "crumbs": [_crumb()],
            "filters": filters_html(
                address,
                facets,
                name="kind",
                options=[(code, str(kinds.get(code).plural)) for code in KINDS],
                label=_("Which kind"),
            ),
            "chips": facets.chips(query),
            "pager": pager,
            "cards": cards_for(pager.rows),
            "address": address,
            "feed_query": query.urlencode() if facets else "",
        }


class PrincipleListView(LibraryPageView):
    template_name = "library/principle_list.html"

    def get_context_data(self):
        return {"principles": self.terms.principles.values(), "crumbs": [_crumb()]}


class SectorListView(LibraryPageView):
    template_name = "library/sector_list.html"

    def get_context_data(self):
        return {"sectors": self.terms.sectors.values(), "crumbs": [_crumb()]}


class TermView(LibraryPageView):
    """A principle's or sector's own page: its text, and the hub of all that is tagged with it."""

    facet = ""
    list_title = ""
    list_url = ""

    def page(self):
        terms = list(self.listed_terms().values())
        place = next((n for n, term in enumerate(terms) if term.slug == self.kwargs["slug"]), None)
        if place is None:
            raise Http404
        self.term = terms[place]
        self.previous = terms[place - 1] if place else None
        self.next = terms[place + 1] if place + 1 < len(terms) else None

    def changes(self):
        text = self.get_text()
        return text and text.pk, self.last_change, timezone.localdate()  # events to come change with the day

    @cached_property
    def last_change(self):
        return last_change()

    def get_text(self):
        """Return the TextVersion of the term, or None; read once."""
        if not hasattr(self, "text"):
            key, wanted, english = f"{self.facet}/{self.term.slug}", get_language(), settings.LANGUAGE_CODE
            found = {version.language: version for version in _newest_versions.rows(key, wanted, english)}
            self.text = found.get(wanted) or found.get(english)
        return self.text

    def as_data(self, context):
        """Return the list of all that the hub shows the first of."""
        if "pager" not in context:
            return None
        read_at = browse_path(**self.about())
        return public_data.answer(self.request, context["pager"], self.term.name, read_at=read_at)

    def about(self):
        """Return what the hub is about, as hub_of() takes it."""
        return {self.facet: self.term}

    def get_context_data(self):
        if public_data.wanted(self.request.GET):
            return {"pager": Pager(listed_about(self.request.user, **self.about()), self.request.GET)}
        text = self.get_text()
        feed_url = f"{self.term.url}feed/"
        hub = hub_of(self.request.user, self.last_change, **self.about())
        return {
            "term": self.term,
            "previous": self.previous,
            "next": self.next,
            "html": render_standing(text.body) if text else "",
            "language": text.language if text and text.language != get_language() else "",
            "hub": hub,
            "hub_html": hub.html(feed_url),
            "pairs_html": pairs_html(self.facet, self.term),
            "feed_url": feed_url,
            "follow_url": f"{self.term.url}follow/",
            "follows": follow_state(self.request.user, **{self.facet: self.term.pk}),
            "crumbs": [_crumb(), (self.list_title, reverse(self.list_url))],
        }


class PrincipleView(TermView):
    template_name = "library/principle.html"
    facet = "principle"
    list_title = gettext_lazy("Principles")
    list_url = "library:principle_list"

    def listed_terms(self):
        return self.terms.principles


class SectorView(TermView):
    template_name = "library/sector.html"
    facet = "sector"
    list_title = gettext_lazy("Service sectors")
    list_url = "library:sector_list"

    def listed_terms(self):
        return self.terms.sectors


class PrincipleFollowView(FollowView):
    """Following a principle."""

    def get_thing(self):
        return get_object_or_404(Principle, slug=self.kwargs["slug"])


class SectorFollowView(FollowView):
    """Following a service sector."""

    def get_thing(self):
        return get_object_or_404(ServiceSector, slug=self.kwargs["slug"])


class ReportListView(shared.ContributionListView):
    """The reports, the last added first; in an archive, those that appeared in that year or month."""

    kind = Report.KIND
    template_name = "library/report_list.html"
    introduction = gettext_lazy("Research on co-production, described by the editors in their own words.")
    section = SECTION
    whole_kind = True

    def get_queryset(self):
        if "year" not in self.kwargs:
            return super().get_queryset()
        reports = Report.objects.listed_to(self.request.user).newest().for_cards()
        return reports.published_in(self.kwargs["year"], self.kwargs.get("month"))


class ReportArchiveView(LibraryPageView):
    """The months in which reports appeared, as far as they are known: not when they were added here."""

    template_name = "contributions/archive.html"

    def changes(self):
        return last_change(Report.KIND)

    def get_context_data(self):
        kind = kinds.get(Report.KIND)
        address = kinds.list_path(kind.code)
        months = Report.objects.listed_to(self.request.user).months_of_publication()
        return {
            "kind": kind,
            "kind_url": address,
            "crumbs": kinds.crumbs(kind.code),
            "months": [
                {
                    "url": f"{address}archive/{year:04d}/" + (f"{month:02d}/" if month else ""),
                    "words": formats.date_format(date(year, month, 1), "F Y") if month else str(year),
                    "count": count,
                }
                for year, month, count in months[: shared.MOST_MONTHS]
            ],
        }


class ReportDetailView(shared.ContributionDetailView):
    model = Report
    template_name = "library/report_detail.html"
    section = SECTION

    def get_context_data(self, item):
        context = super().get_context_data(item)
        before, after = item.citation()
        return {
            **context,
            "files": file_lines(item),
            "published_words": item.published_words(),
            "added_words": date_words(item.published_at) if item.published_at else "",
            "citation_before": before,
            "citation_after": after,
        }


def _crumb():
    return _("Library"), reverse("library:home")
