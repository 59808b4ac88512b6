"""Atom feeds of the library: the reports, and what is new on a principle or a sector."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse_lazy
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions.feeds import ContributionFeed, canonical
from commons.contributions.file_lines import file_url
from commons.contributions.models import Role
from commons.files.accepted import FILE_TYPES
from commons.tagging import vocabulary

from .editions import without_superseded
from .facets import DocumentFacets, LibraryFacets, LinkFacets, VideoFacets
from .models import Document, Link, Report, Video


class ReportFeed(ContributionFeed):
    kind = Report.KIND
    title = gettext_lazy("Reports")
    link = reverse_lazy("library:report_list")


class LibraryFeed(ContributionFeed):
    """What is new in the library as a whole."""

    facets_class = LibraryFacets
    title = gettext_lazy("Library")
    link = reverse_lazy("library:all")

    def get_queryset(self, obj):
        return without_superseded(super().get_queryset(obj), AnonymousUser())


class DocumentFeed(ContributionFeed):
    facets_class = DocumentFacets
    kind = Document.KIND
    title = gettext_lazy("Documents")
    link = reverse_lazy("library:document_list")

    def get_queryset(self, obj):
        return without_superseded(super().get_queryset(obj), AnonymousUser())


class LinkFeed(ContributionFeed):
    facets_class = LinkFacets
    kind = Link.KIND
    title = gettext_lazy("Links")
    link = reverse_lazy("library:link_list")


class VideoFeed(ContributionFeed):
    """The videos; of one that was uploaded here, the feed names the file too."""

    facets_class = VideoFacets
    kind = Video.KIND
    title = gettext_lazy("Videos")
    link = reverse_lazy("library:video_list")

    def item_enclosures(self, item):
        return [
            Enclosure(canonical(file_url(file)), str(file["size"]), FILE_TYPES[file["type"]].media_type)
            for file in item.card.get("files", [])
            if file["role"] == Role.VIDEO
        ]


class TermFeed(ContributionFeed):
    """Everything public that is tagged with one principle or sector, whatever its kind."""

    facet = ""

    def get_object(self, request, slug):
        term = self.term(vocabulary.current(), slug)
        if term is None:
            raise Http404
        return term

    def get_queryset(self, obj):
        return super().get_queryset(obj).about(**{self.facet: obj.pk})

    def title(self, obj):
        return obj.name

    def link(self, obj):
        return obj.url

    def subtitle(self, obj):
        return obj.summary or _("What is new about %(name)s.") % {"name": obj.name}


class PrincipleFeed(TermFeed):
    facet = "principle"

    def term(self, terms, slug):
        return terms.principle_by_slug(slug)


class SectorFeed(TermFeed):
    facet = "sector"

    def term(self, terms, slug):
        return terms.sector_by_slug(slug)
