"""The pages of documents: the shared views, with what is particular to them."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .document_forms import DocumentForm
from .models import Document

SECTION = "library"


class ListView(views.ContributionListView):
    kind = Document.KIND
    template_name = "library/document_list.html"
    introduction = _("Policy guidance, evaluations and tools that members share, with the files themselves.")
    whole_kind = True
    section = SECTION


class ArchiveView(views.ContributionArchiveView):
    kind = Document.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Document
    template_name = "library/document_detail.html"
    section = SECTION


class CreateView(views.ContributionCreateView):
    model = Document
    form_class = DocumentForm
    template_name = "library/document_form.html"
    section = SECTION


class UpdateView(views.ContributionUpdateView):
    model = Document
    form_class = DocumentForm
    template_name = "library/document_form.html"
    section = SECTION


class WithdrawView(views.ContributionWithdrawView):
    model = Document
    section = SECTION
