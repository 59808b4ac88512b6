"""The pages of links: the shared views, with what is particular to them."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .link_forms import LinkForm
from .models import Link

SECTION = "library"


class ListView(views.ContributionListView):
    kind = Link.KIND
    template_name = "library/link_list.html"
    introduction = _("Websites and videos elsewhere that inspire, and why.")
    whole_kind = True
    section = SECTION


class ArchiveView(views.ContributionArchiveView):
    kind = Link.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Link
    template_name = "library/link_detail.html"
    section = SECTION


class CreateView(views.ContributionCreateView):
    model = Link
    form_class = LinkForm
    template_name = "library/link_form.html"
    section = SECTION


class UpdateView(views.ContributionUpdateView):
    model = Link
    form_class = LinkForm
    template_name = "library/link_form.html"
    section = SECTION


class WithdrawView(views.ContributionWithdrawView):
    model = Link
    section = SECTION
