"""The pages of links: the shared views, with what is particular to them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions import structured, views
from commons.contributions.cards import date_words
from commons.contributions.filters import filters_of_types

from . import addresses
from .facets import LinkFacets
from .link_forms import LinkForm
from .models import Link
from .models.link import AddressTaken, LinkType, chosen_type

SECTION = "library"


class ListView(views.ContributionListView):
    """Links, all of them or by ?type= websites or videos alone."""

    kind = Link.KIND
    template_name = "library/link_list.html"
    introduction = gettext_lazy("Websites and videos elsewhere that inspire, and why.")
    whole_kind = True
    section = SECTION
    facets_class = LinkFacets

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, **filters_of_types(context, LinkType, label=_("Which links"))}


class ArchiveView(views.ContributionArchiveView):
    kind = Link.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Link
    template_name = "library/link_detail.html"
    section = SECTION

    def things(self, item, picture):
        return [structured.creative(item, "WebPage", picture, name="name", significantLink=item.url)]

    def get_context_data(self, item):
        return {
            **super().get_context_data(item),
            "site": addresses.shown_host(item.host),
            "gone_since": date_words(item.dead_since) if item.dead_since else "",
        }


class LeadsToExisting:
    """Sending in an address that somebody else added a moment before: the form leads to their entry."""

    def save(self, form, item, publish, signs):
        try:
            return super().save(form, item, publish, signs)
        except AddressTaken as taken:
            form.refuse_taken(taken.key)
            return self.show(form, item)


class CreateView(LeadsToExisting, views.ContributionCreateView):
    model = Link
    form_class = LinkForm
    template_name = "library/link_form.html"
    section = SECTION

    def initial(self):
        asked = {
            "subtype": chosen_type(self.request.GET),
            "url": self.request.GET.get("url", "")[: addresses.LONGEST],
        }
        return {**{name: value for name, value in asked.items() if value}, **super().initial()}


class UpdateView(LeadsToExisting, views.ContributionUpdateView):
    model = Link
    form_class = LinkForm
    template_name = "library/link_form.html"
    section = SECTION


class WithdrawView(views.ContributionWithdrawView):
    model = Link
    section = SECTION
