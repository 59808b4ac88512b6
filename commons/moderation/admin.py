"""The queue: what waits for a moderator, decided in place. And the record of decisions, which is never changed."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commons.notifications.admin import ReadOnlyAdmin

from . import queued, steps
from .admin_forms import StepForm
from .admin_pages import CaseList, case_context
from .models import Case, CaseClosed, Decision, Flag, OwnCase, State, Status, TransitionRefused, Why
from .moderators import moderates_anything

MOST_AT_ONCE = 100


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(State.CLOSED.value, State.CLOSED.label), ("all", _("All"))]

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": State.OPEN.label,
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=State.CLOSED if self.value() == State.CLOSED else State.OPEN)


class WhyFilter(admin.SimpleListFilter):
    title = _("why")
    parameter_name = "why"

    def lookups(self, request, model_admin):
        return Why.choices

    def queryset(self, request, queryset):
        return queryset.filter(why=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(found.model.rpartition(".")[2].lower(), found.label) for found in queued.everything()]

    def queryset(self, request, queryset):
        return queryset.filter(target_type__model=self.value()) if self.value() else queryset


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """The queue. Each case has a page with the thing itself, and a page for each step that can be taken."""

    list_display = [
        "named",
        "beginning",
        "why_words",
        "kind_words",
        "author",
        "opened_at",
        "ended",
    ]
    list_display_links = None
    list_filter = [StateFilter, WhyFilter, KindFilter]
    list_select_related = ["target_type", "about", "outcome"]
    list_max_show_all = MOST_AT_ONCE
    search_fields = ["target_label", "about__display_name", "flags__reference"]
    search_help_text = _("Title, the author’s name, or the reference of a report")
    actions = ["approve_selected", "keep_selected"]

    # --- who may do what ------------------------------------------------------------------------

    def has_module_permission(self, request):
        return moderates_anything(request.user)

    def has_view_permission(self, request, obj=None):
        return moderates_anything(request.user)

    def has_decide_permission(self, request):
        return moderates_anything(request.user)

    def get_queryset(self, request):
        reports = (
            Flag.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(number=Count("pk"))
        )
        found = super().get_queryset(request).visible_to(request.user)
        return found.annotate(report_number=Coalesce(Subquery(reports.values("number")), 0))

    def get_ordering(self, request):
        return []

    # --- the list -------------------------------------------------------------------------------

    def get_changelist(self, request, **kwargs):
        return CaseList

    def get_list_display(self, request):
        waiting = StateFilter.parameter_name not in request.GET
        return [name for name in self.list_display if not (waiting and name == "ended")]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("The queue"), **(extra_context or {})})

    @admin.display(description=_("what"))
    def named(self, case):
        address = reverse("admin:moderation_case_change", args=[case.pk])
        return format_html('<a href="{}">{}</a>', address, case.title)

    @admin.display(description=_("why"))
    def why_words(self, case):
        number, why = case.report_number, case.get_why_display()
        reports = ngettext("%d report", "%d reports", number) % number
        return f"{why} ({reports})" if number else why

    @admin.display(description=_("kind"))
    def kind_words(self, case):
        return case.shown.kind if case.shown else queued.kind_label(case.target_type)

    @admin.display(description=_("author"))
    def author(self, case):
        return case.about or "-"

    @admin.display(description=_("in short"))
    def beginning(self, case):
        return case.held_because or (case.shown.summary if case.shown else "") or "-"

    @admin.display(description=_("decision"))
    def ended(self, case):
        return case.outcome.get_action_display() if case.outcome_id else "-"

    # --- several at once ------------------------------------------------------------------------

    @admin.action(description=_("Approve what awaits approval"), permissions=["decide"])
    def approve_selected(self, request, queryset):
        self._each(request, queryset, steps.approve, gettext("Approved: %(titles)s."))

    @admin.action(description=_("Keep: dismiss the reports"), permissions=["decide"])
    def keep_selected(self, request, queryset):
        self._each(request, queryset, steps.keep, gettext("Kept: %(titles)s."))

    def _each(self, request, queryset, decide, done_words):
        """Decide each case by itself, and say of each what came of it."""
        cases = list(queryset.in_order()[: MOST_AT_ONCE + 1])
        if len(cases) > MOST_AT_ONCE:
            words = gettext("Choose at most %(most)d at once.") % {"most": MOST_AT_ONCE}
            self.message_user(request, words, messages.ERROR)
            return
        done = [
            case.named
            for case in cases
            if self._decided(request, case, lambda c=case: decide(c, request.user))
        ]
        if done:
            titles = get_text_list(done, gettext("and"))
            self.message_user(request, done_words % {"titles": titles}, messages.SUCCESS)

    def _decided(self, request, case, decide):
        """Return whether `decide()` went through; if not, say why."""
        try:
            decide()
        except (CaseClosed, OwnCase, TransitionRefused, steps.NotOffered) as refusal:
            self.message_user(request, _why_not(case, refusal), messages.WARNING)
            return False
        return True

    # --- one case -------------------------------------------------------------------------------

    def get_urls(self):
        step = self.admin_site.admin_view(self.step_view)
        return [
            path("<int:pk>/step/<slug:code>/", step, name="moderation_case_step"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in {"GET", "HEAD"} or not self.has_view_permission(request):
            raise PermissionDenied
        case = self.get_object(request, object_id)
        if case is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": case.title}
        context |= case_context(case, request.user)
        return TemplateResponse(request, "admin/moderation/case.html", context)

    def step_view(self, request, pk, code):
        """The page of one step: its words can be edited, then it is taken."""
        if request.method not in {"GET", "HEAD", "POST"} or not self.has_view_permission(request):
            raise PermissionDenied
        step = steps.get(code)
        case = self.get_object(request, str(pk)) if step else None
        if case is None:
            raise Http404
        address = reverse("admin:moderation_case_change", args=[case.pk])
        if request.method == "POST":
            form = StepForm(step, request.POST)
            if form.is_valid():
                return redirect(self._take(request, step, case, form.values()) or address)
        else:
            thing = case.target() if step.about == steps.OF_ITEM else case.about
            if not step.offered_to(request.user, case, thing):
                self.message_user(request, _why_not(case, steps.NotOffered()), messages.WARNING)
                return redirect(address)
            begun = {"words": step.first_words(case, thing), "seen_open": "1" if case.is_open else ""}
            form = StepForm(step, initial=begun)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{step.label}: {case.title if step.about == steps.OF_ITEM else case.about}",
            "step": step,
            "case": case,
            "form": form,
            "cancel_url": address,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/moderation/step.html", context)

    def _take(self, request, step, case, values):
        """Take a step; return the queue's address when nothing of the case is left to decide, else None."""

        def decide():
            steps.take(step, case, request.user, values, seen_open=values["seen_open"])

        if not self._decided(request, case, decide):
            return None
        self.message_user(request, f"{case.named}: {step.done}", messages.SUCCESS)
        case.refresh_from_db()
        return None if case.is_open else reverse("admin:moderation_case_changelist")


def _why_not(case, refusal):
    """Return in words why nothing was done about a case."""
    if isinstance(refusal, CaseClosed):
        words = gettext("Nothing was done about %(title)s: %(who)s has decided meanwhile (%(what)s).")
        closed = refusal.case
        who = str(closed.closed_by) if closed.closed_by_id else gettext("somebody")
        what = closed.outcome.get_action_display() if closed.outcome_id else "-"
        return words % {"title": case.named, "who": who, "what": what}
    if isinstance(refusal, OwnCase):
        return gettext("Nothing was done about %(title)s. %(why)s") % {"title": case.named, "why": refusal}
    if isinstance(refusal, TransitionRefused):
        if refusal.words:
            return gettext("Nothing was done about %(title)s. %(why)s") % {
                "title": case.named,
                "why": refusal.words,
            }
        words = gettext("Nothing was done about %(title)s: it is in the state “%(status)s”.")
        return words % {"title": case.named, "status": refusal.status.label}
    return gettext("Nothing was done about %(title)s: as things stand, this step is not for you to take.") % {
        "title": case.named
    }


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "target_label", "target_type", "from_status", "to_status", "by", "reason"]
    list_display_links = ["at", "target_label"]
    list_filter = ["action", "to_status", "at", "target_type"]
    list_select_related = ["by", "target_type"]
    search_fields = ["target_label", "reason", "by__display_name"]
    search_help_text = _("Title, reason, or the name of who decided")
    date_hierarchy = "at"
    # Not the reference: it is the right to answer a decision, and for the member concerned alone.
    fields = [
        "at", "action", "target_type", "target_id", "target_label", "about", "from_status", "to_status", "by", "reason",
    ]  # fmt: skip

    def get_queryset(self, request):
        # What never left its author's desk is nobody else's business: the title of a draft they took back.
        return super().get_queryset(request).exclude(from_status=Status.DRAFT, to_status=Status.WITHDRAWN)
