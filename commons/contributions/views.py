"""The shared views: list, detail, create, edit, withdraw. A kind subclasses them with its model and templates."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from commons.markup.render import render as render_markdown
from commons.moderation.holds import form_signs, opened_stamp
from commons.moderation.models import Status, TransitionRefused

from . import kinds, public_data
from .cards import cards_for
from .conditional import etag_for, not_modified, stamp
from .detail_view import ContributionDetailView
from .facets import Facets
from .forms import DRAFT, PICTURE, PREVIEW, PUBLISH, ContributionForm
from .kept import FIELD, forget_used, give_back, sign_writer
from .lists import last_change, newest
from .models import Contribution, Follow, StaleEdit
from .paging import Pager
from .sending import PastPostRate
from .writing import sign_in_first, wait_words

MOST_MONTHS = 600

__all__ = [
    "ContributionArchiveView",
    "ContributionCreateView",
    "ContributionDetailView",
    "ContributionListView",
    "ContributionUpdateView",
    "ContributionWithdrawView",
]


class ContributionListView(TemplateView):
    """A kind's items, newest first, narrowed by the facets and the month in the address."""

    kind = ""
    template_name = "contributions/list.html"
    heading = ""
    introduction = ""
    section = ""
    whole_kind = False  # whether get_queryset() adds nothing of its own to the kind's newest
    facets_class = Facets  # what the list can be narrowed by

    def get(self, request, *args, **kwargs):
        etag = None
        if not request.user.is_authenticated:
            etag = etag_for(request, self.last_change())
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        response = super().get(request, *args, **kwargs)
        return stamp(response, etag) if etag else response

    def last_change(self):
        """Return when any item of the kind last changed: one read of an index."""
        return last_change(self.kind)

    def get_queryset(self):
        """What this list shows, before facets."""
        found = Contribution.objects.of_kind(self.kind).listed_to(self.request.user)
        if "year" in self.kwargs:
            found = found.in_month(self.kwargs["year"], self.kwargs.get("month"))
        return found.newest().for_cards()

    def get_list(self, facets):
        """Return what is shown, for a Pager."""
        if self.whole_kind and not facets and "year" not in self.kwargs:
            return newest(self.request.user, self.kind)
        return facets.narrow(self.get_queryset())

    def get_cards(self, pager):
        """Return the cards of one page."""
        return cards_for(pager.rows)

    def get_context_data(self, **kwargs):
        kind = kinds.get(self.kind)
        facets = self.facets_class.read(self.request.GET, self.request.user)
        pager = Pager(self.get_list(facets), self.request.GET)
        heading = self.heading or kind.plural
        return super().get_context_data(
            **kwargs,
            kind=kind,
            kind_url=_list_path(kind),
            heading=heading,
            introduction=self.introduction,
            section=self.section,
            crumbs=kinds.crumbs(kind.code) if "year" in self.kwargs else kinds.crumbs_above(kind.code),
            month_words=self.month_words(),
            pager=pager,
            cards=self.get_cards(pager),
            facets=facets,
            chips=facets.chips(self.request.GET),
            feed_query=_without_page(self.request.GET) if facets else "",
        )

    def render_to_response(self, context, **more):
        """Answer with the page, or with its list in the format that the address asks for."""
        return public_data.answer(
            self.request, context["pager"], self.list_title(context)
        ) or super().render_to_response(context, **more)

    def list_title(self, context):
        """Return what the list is called away from its page."""
        chosen = ", ".join(chip["label"] for chip in context["chips"])
        return ": ".join(filter(None, [str(context["heading"]), context["month_words"], chosen]))

    def month_words(self):
        """Return the month of the archive in words, such as "April 2010", or ""."""
        if "year" not in self.kwargs:
            return ""
        year, month = self.kwargs["year"], self.kwargs.get("month")
        if month is None:
            return str(year)
        return formats.date_format(timezone.datetime(year, month, 1), "F Y")


class ContributionArchiveView(TemplateView):
    """The months of a kind in which something was published that the reader may see."""

    kind = ""
    template_name = "contributions/archive.html"
    section = ""

    def get_context_data(self, **kwargs):
        kind = kinds.get(self.kind)
        months = (
            Contribution.objects.of_kind(self.kind)
            .listed_to(self.request.user)
            .annotate(month=TruncMonth("published_at"))
            .order_by("-month")
            .values("month")
            .annotate(count=Count("pk"))
        )
        return super().get_context_data(
            **kwargs,
            kind=kind,
            kind_url=_list_path(kind),
            crumbs=kinds.crumbs(kind.code),
            section=self.section,
            months=[
                {
                    "url": f"{_list_path(kind)}archive/{row['month']:%Y/%m}/",
                    "words": formats.date_format(row["month"], "F Y"),
                    "count": row["count"],
                }
                for row in months[:MOST_MONTHS]
            ],
        )


class ContributionFormView(View):
    """What writing and editing share: the form, its preview, and the care for what was typed."""

    model = Contribution
    form_class = ContributionForm
    template_name = "contributions/form.html"
    section = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        item = self.get_item()
        form = self.form_class(instance=item, initial=self.initial(), by=request.user)
        return self.show(form, item)

    def initial(self):
        """Return the text that was kept for this member when a session or token was lost, or nothing."""
        kept = give_back(self.request)
        if kept is None:
            return {}
        self.kept = kept
        single = {name: values[-1] for name, values in kept.fields.items() if values}
        return {**single, **{n: kept.fields[n] for n in self.several if n in kept.fields}}

    kept = None
    several = ("principles", "sectors")  # fields that have several values

    def post(self, request, *args, **kwargs):
        item = self.get_item()
        wants = request.POST.get("do", PUBLISH)
        listed = item is not None and item.status in {Status.PUBLISHED, Status.AWAITING}
        if wants not in {PUBLISH, DRAFT, PREVIEW, PICTURE} or (listed and wants == DRAFT):
            wants = PUBLISH  # what others can see never lacks what publishing asks for
        form = self.form_class(request.POST, request.FILES, instance=item, wants=wants, by=request.user)
        if not form.is_valid() or wants == PICTURE:
            return self.show(form, item)
        if wants == PREVIEW:
            pictures = form.pictures.shown()
            preview = render_markdown(form.cleaned_data["body"], document="preview", pictures=pictures)
            return self.show(form, item, preview=preview)
        try:
            return self.save(form, item, wants == PUBLISH, form_signs(request.POST))
        except PastPostRate as past:
            return self.wait(form, past.seconds)

    def wait(self, form, seconds):
        """Show the form again with all that was typed, and say when there is room for it."""
        form.add_error(None, wait_words(seconds))
        response = self.show(form, self.get_item(), status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def saved(self, item):
        """Say what happened and lead to the item."""
        forget_used(self.request)
        if item.is_published:
            messages.success(self.request, _("“%(title)s” is published.") % {"title": item.title})
        elif item.is_draft:
            messages.success(self.request, _("Your draft is saved. Only you can see it."))
        elif item.is_awaiting:
            messages.info(
                self.request,
                _("Your text is saved and awaits approval. You will be told when others can read it."),
            )
        else:
            messages.success(self.request, _("Your text is saved."))
        return redirect(item.get_absolute_url())

    def show(self, form, item, *, status=200, **context):
        kind = kinds.get(self.model.KIND)
        return render(
            self.request,
            self.template_name,
            {
                "form": form,
                "item": item,
                "kind": kind,
                "crumbs": kinds.crumbs(kind.code),
                "section": self.section,
                "written_by": {"name": FIELD, "value": sign_writer(self.request.user)},
                "opened": opened_stamp(self.request.POST),
                "kept": self.kept,
                "can_publish": item is None or not item.is_published,
                **context,
            },
            status=status,
        )


class ContributionCreateView(ContributionFormView):
    """Writing something new, about what the address names as lists do. The form sent twice leads to the one it made."""

    def get_item(self):
        return None

    def initial(self):
        about = Facets.read(self.request.GET, self.request.user)
        asked = {
            "principles": [term.pk for term in about.principles],
            "sectors": [term.pk for term in about.sectors],
            "keywords": [keyword.name for keyword in about.keywords],
            "region": next(iter(about.regions), ""),
        }
        return {**{name: value for name, value in asked.items() if value}, **super().initial()}

    def save(self, form, item, publish, signs):
        with transaction.atomic():
            made = self.model.begin(
                self.request.user,
                form.values(),
                form_key=form.cleaned_data["form_key"],
                publish=publish,
                form_signs=signs,
            )
            Follow.objects.set(self.request.user, made, form.wants_to_follow())
        return self.saved(made)


class ContributionUpdateView(ContributionFormView):
    """Changing one's own. Whoever saves second is shown both texts, and nothing of theirs is lost."""

    def get_item(self):
        found = self.model.objects.editable_by(self.request.user).filter(pk=self.kwargs["item"].pk).first()
        if found is None:
            raise Http404
        return found

    def save(self, form, item, publish, signs):
        version = form.cleaned_data["version"]
        try:
            item = self.get_item()
            item.revise(
                self.request.user,
                form.values(),
                version=item.version if version is None else version,
                publish=publish,
                form_signs=signs,
            )
        except StaleEdit as stale:
            # The form now carries the newer version: sent again, it is saved over it knowingly.
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
            return self.show(form, item, status=409, current=stale.current)
        return self.saved(item)


class ContributionWithdrawView(View):
    """Taking one's own back, after a page that says what that means."""

    model = Contribution
    template_name = "contributions/withdraw.html"
    section = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    def get_item(self):
        found = self.model.objects.editable_by(self.request.user).filter(pk=self.kwargs["item"].pk).first()
        if found is None or found.status == Status.WITHDRAWN:
            raise Http404
        return found

    def get(self, request, item):
        found = self.get_item()
        kind = kinds.get(found.kind)
        context = {
            "item": found,
            "kind": kind,
            "crumbs": kinds.crumbs(kind.code),
            "section": self.section,
        }
        return render(request, self.template_name, context)

    def post(self, request, item):
        found = self.get_item()
        try:
            found.withdraw(request.user)
        except TransitionRefused:
            messages.warning(request, _("It could not be withdrawn: its state changed meanwhile."))
        else:
            messages.success(
                request,
                _("“%(title)s” is withdrawn. You can still read and edit it.") % {"title": found.title},
            )
        return redirect("profiles:mine")


def _without_page(query):
    """Return the query string of a list's address without its page: a feed has none."""
    rest = query.copy()
    rest.pop("page", None)
    return rest.urlencode()


def _list_path(kind):
    return kinds.list_path(kind.code)
