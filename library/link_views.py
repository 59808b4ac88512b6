"""The pages of links: the shared views, with what is particular to them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions import views
from commons.contributions.cards import date_words

from . import addresses
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

    def get_list(self, facets):
        self.type = chosen_type(self.request.GET)
        if self.type is None:
            return super().get_list(facets)
        return facets.narrow(self.get_queryset().filter(subtype=self.type))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.type:
            rest = self.request.GET.copy()
            rest.pop("page", None)
            context["feed_query"] = rest.urlencode()
        return {**context, "types": self._types(), "type": self.type}

    def _types(self):
        """Return {words, url, current} of each choice; what else is chosen stays."""
        rest = self.request.GET.copy()
        for name in ("page", "type"):
            rest.pop(name, None)
        words = {None: _("All"), LinkType.WEBSITE: _("Websites"), LinkType.VIDEO: _("Videos")}
        choices = []
        for type_, label in words.items():
            query = rest.copy()
            if type_:
                query["type"] = type_.value
            url = f"{self.request.path}?{query.urlencode()}" if query else self.request.path
            choices.append({"words": label, "url": url, "current": type_ == self.type})
        return choices


class ArchiveView(views.ContributionArchiveView):
    kind = Link.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Link
    template_name = "library/link_detail.html"
    section = SECTION

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
        chosen = chosen_type(self.request.GET)
        return {**({"subtype": chosen} if chosen else {}), **super().initial()}


class UpdateView(LeadsToExisting, views.ContributionUpdateView):
    model = Link
    form_class = LinkForm
    template_name = "library/link_form.html"
    section = SECTION


class WithdrawView(views.ContributionWithdrawView):
    model = Link
    section = SECTION
