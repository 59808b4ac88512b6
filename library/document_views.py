"""The pages of documents: the shared views, with what is particular to them."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commons.contributions import views
from commons.contributions.file_lines import file_lines
from commons.contributions.filters import MORE, filters_of_types
from commons.contributions.models import Attachment, Role
from commons.contributions.prepared import Prepared
from commons.tagging.evidence import CITATION, HELP, EvidenceLevel
from commons.tagging.places import place_html

from .document_forms import ABOUT_EVALUATION, DocumentForm
from .editions import may_replace, others_listed, replaceable, without_superseded
from .facets import DocumentFacets
from .lists import Newest
from .models import Document
from .models.document import LICENCE_HELP, DocumentType, Evaluator, Licence

SECTION = "library"
# What a newer version begins with: all but the files, and the year, which is another one.
TAKEN_OVER = (
    "title", "subtype", "organisation", "place", "region", "licence", "summary", "body", "audience",
    *ABOUT_EVALUATION,
)  # fmt: skip


class ListView(views.ContributionListView):
    """The documents, without those that a newer version has superseded; in an archive all of its month."""

    kind = Document.KIND
    template_name = "library/document_list.html"
    introduction = gettext_lazy(
        "Policy guidance, evaluations and tools that members share, with the files themselves."
    )
    section = SECTION
    facets_class = DocumentFacets

    def get_list(self, facets):
        if "year" in self.kwargs:
            return super().get_list(facets)
        if not facets:
            return Newest(self.request.user, [Document.KIND])
        return without_superseded(super().get_list(facets), self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        filters = filters_of_types(context, DocumentType, label=_("Which documents"), selects=MORE, year=True)
        return {**context, **filters}


class ArchiveView(views.ContributionArchiveView):
    kind = Document.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    """A document with its files; an older version says which one is the newest that the reader may see."""

    model = Document
    template_name = "library/document_detail.html"
    section = SECTION

    def made_of(self, item):
        self.newest, self.older = others_listed(item, self.request.user)
        return tuple((other.pk, other.changed_at) for other in (self.newest, *self.older) if other)

    def get_context_data(self, item):
        may_renew = item.is_published and self.newest is None and may_replace(self.request.user, item)
        context = super().get_context_data(item)
        card = context["card"]
        return {
            **context,
            "type_words": DocumentType(item.subtype).label if item.subtype in DocumentType.values else "",
            "facts": document_facts(item),
            "evaluation": evaluation_of(item),
            "newest": self.newest,
            "older": self.older,
            "renew_url": f"{reverse('library:document_new')}?supersedes={item.pk}" if may_renew else "",
            "files": file_lines(item),
            "downloads_words": downloads_words(item),
            "cited": " ".join(
                filter(None, [item.organisation or card.byline_name, f"({item.year})" if item.year else ""])
            ),
        }


class CreateView(views.ContributionCreateView):
    """Sharing a document, of the ?type= in the address; with ?supersedes= a newer version of one that is there."""

    model = Document
    form_class = DocumentForm
    template_name = "library/document_form.html"
    section = SECTION

    def initial(self):
        query, found = self.request.GET, super().initial()
        if self.kept is not None:
            return found
        older = replaceable(self.request.user, query.get("supersedes"))
        if older is not None:
            return {
                **found,
                **{name: getattr(older, name) for name in TAKEN_OVER},
                "principles": older.card["principles"],
                "sectors": older.card["sectors"],
                "keywords": [name for name, _slug in older.card["keywords"]],
                "supersedes": older.pk,
            }
        subtype = query.get("type", "")
        return {**found, "subtype": subtype if subtype in DocumentType.values else ""}

    def show(self, form, item, *, status=200, **context):
        return super().show(form, item, status=status, replaced=form.replaced(), **context)


class UpdateView(views.ContributionUpdateView):
    model = Document
    form_class = DocumentForm
    template_name = "library/document_form.html"
    section = SECTION

    def show(self, form, item, *, status=200, **context):
        replaced = form.replaced() if item.work_id is None else None
        return super().show(form, item, status=status, replaced=replaced, **context)


class WithdrawView(views.ContributionWithdrawView):
    model = Document
    section = SECTION


def downloads_words(item):
    """Return how often the files of a document were downloaded, in words, or "". One query where it has files."""
    if not item.card.get("files"):
        return ""
    number = sum(downloads for (downloads,) in _downloads().rows(item.pk))
    words = ngettext("Downloaded %(words)s time", "Downloaded %(words)s times", number)
    return words % {"words": f"{number:,}"} if number else _("Not downloaded yet")


@cache
def _downloads():
    return Prepared(
        lambda pk: (
            Attachment.objects.current()
            .filter(contribution=pk, role=Role.FILE)
            .order_by()
            .values_list("file__downloads")
        ),
        0,
    )


def document_facts(item):
    """Return (label, words, explanation) of each thing known about a document, as its page lists them."""
    licence = _("Not known") if item.licence == Licence.UNKNOWN else Licence(item.licence).label
    facts = [
        (_("Organisation"), item.organisation, ""),
        (_("Published in"), str(item.year or ""), ""),
        (_("Applies to"), place_html(item.place, item.region), ""),
        (_("Licence"), licence, LICENCE_HELP[item.licence]),
    ]
    return [fact for fact in facts if fact[1]]


def evaluation_of(item):
    """Return what was evaluated, by whom, how, and what it found, in words; None for what is no evaluation."""
    if not item.is_evaluation:
        return None
    level = None if item.evidence_level is None else EvidenceLevel(item.evidence_level)
    return {
        "evaluated": item.evaluated,
        "evaluator": Evaluator(item.evaluator).label if item.evaluator else "",
        "method": item.method,
        "findings": item.findings,
        "strength": ""
        if level is None
        else _("Level %(number)d of 5: %(words)s.") % {"number": level, "words": level.label},
        "strength_help": "" if level is None else HELP[level],
        "citation": CITATION,
    }
