"""Contributions in the admin: found, read, and decided about. Their words are their authors'."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.markup.render import render
from commons.moderation.admin_forms import ReasonField
from commons.moderation.models import Decision, OwnCase, TransitionRefused
from commons.notifications.admin import ReadOnlyAdmin
from commons.tagging import vocabulary

from . import comment_admin, kinds  # noqa: F401 -- the first registers comments
from .models import Audience, Contribution, Revision
from .querysets import Reach, moderates

REACH_WORDS = {
    Reach.NOBODY: _("Its author and moderators only"),
    Reach.MEMBERS: _("Members"),
    Reach.EVERYONE: _("Everyone"),
}
MOST_AT_ONCE = 100
REVISIONS_SHOWN = 50


class RemovalForm(forms.Form):
    """Why something is taken down, in words that its author will read."""

    reason = ReasonField(
        label=_("Reason"), error_messages={"required": _("Say why, in words for the author.")}
    )


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in kinds.all_kinds()]

    def queryset(self, request, queryset):
        return queryset.of_kind(self.value()) if self.value() else queryset


class ContributionAdmin(admin.ModelAdmin):
    """What every kind's admin is based on.

    Members' words are shown, not changed: a kind that editors keep themselves sets `curated` and its own
    `fields`. Status changes by the actions alone, which call the transitions; nothing is deleted.
    """

    curated = False

    change_form_template = "admin/contributions/change_form.html"
    list_display = ["title", "kind_label", "author_name", "status", "published_at", "reach_words"]
    list_filter = ["status", KindFilter, "audience", "principles", "sectors", "year"]
    list_select_related = ["author"]
    list_per_page = 50
    list_max_show_all = MOST_AT_ONCE
    show_full_result_count = False
    search_fields = ["title", "summary", "byline", "author__display_name", "author__username"]
    search_help_text = _("Title, summary or author")
    view_on_site = False
    ordering = ["-changed_at", "-pk"]
    fields = [
        "title", "kind_label", "author_name", "status", "reach_words", "audience_words", "published_at",
        "edited_at", "summary", "rendered", "principle_words", "sector_words", "keyword_words",
    ]  # fmt: skip
    # In every kind's admin: what the site keeps itself, and what is made of other columns.
    readonly_fields = [
        "kind_label", "author_name", "status", "reach_words", "audience_words", "published_at",
        "edited_at", "rendered", "principle_words", "sector_words", "keyword_words",
    ]  # fmt: skip
    actions = ["approve_selected", "remove_selected", "restore_selected"]

    # --- who may do what ------------------------------------------------------------------------

    def has_module_permission(self, request):
        return super().has_module_permission(request) or moderates(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or moderates(request.user)

    def has_moderate_permission(self, request):
        return moderates(request.user)

    def has_add_permission(self, request):
        return self.curated and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.curated and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        # Nobody reads a member's drafts, here neither. Those of a curated kind are the editors' own.
        found = super().get_queryset(request)
        found = found if self.curated else found.visible_to(request.user)
        return found.for_cards() if request.resolver_match.url_name.endswith("_changelist") else found

    def get_list_filter(self, request):
        own_kind = bool(getattr(self.model, "KIND", ""))
        return [f for f in super().get_list_filter(request) if not (own_kind and f is KindFilter)]

    # --- what is shown --------------------------------------------------------------------------

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, item):
        kind = kinds.get(item.kind)
        return kind.label if kind else item.kind

    @admin.display(description=_("author"), ordering="author__display_name")
    def author_name(self, item):
        return item.author.display_name if item.author_id else item.byline

    @admin.display(description=_("reaches"), ordering="reach")
    def reach_words(self, item):
        return REACH_WORDS[item.reach]

    @admin.display(description=_("meant for"))
    def audience_words(self, item):
        return Audience(item.audience).label

    @admin.display(description=_("text"))
    def rendered(self, item):
        return render(item.body, document=f"c{item.pk}", trusted=item.is_starter)

    @admin.display(description=_("principles"))
    def principle_words(self, item):
        return _names(vocabulary.current().principles, item.card.get("principles", []))

    @admin.display(description=_("service sectors"))
    def sector_words(self, item):
        return _names(vocabulary.current().sectors, item.card.get("sectors", []))

    @admin.display(description=_("keywords"))
    def keyword_words(self, item):
        return ", ".join(name for name, _slug in item.card.get("keywords", []))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            opts = self.opts
            context |= {
                "decisions": Decision.objects.about(obj).select_related("by"),
                "revisions": obj.revisions.select_related("by").defer("snapshot")[:REVISIONS_SHOWN],
                "may_moderate": self.has_moderate_permission(request),
                "list_url": reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_changelist"),
                "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- deciding -------------------------------------------------------------------------------

    @admin.action(description=_("Approve what awaits approval"), permissions=["moderate"])
    def approve_selected(self, request, queryset):
        return self._decide(request, queryset, "approve", gettext("Approved: %(titles)s."))

    @admin.action(description=_("Restore what was removed"), permissions=["moderate"])
    def restore_selected(self, request, queryset):
        return self._decide(request, queryset, "restore", gettext("Restored: %(titles)s."))

    @admin.action(description=_("Remove, with a reason"), permissions=["moderate"])
    def remove_selected(self, request, queryset):
        if self._too_many(request, queryset):
            return None
        asked = "reason" in request.POST
        form = RemovalForm(request.POST if asked else None)
        if asked and form.is_valid():
            reason = form.cleaned_data["reason"]
            return self._decide(request, queryset, "remove", gettext("Removed: %(titles)s."), reason)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remove, and tell the author why"),
            "opts": self.opts,
            "form": form,
            "items": queryset.select_related("author").order_by("pk"),
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "from_item": request.POST.get("from_item", ""),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/contributions/remove.html", context)

    def _decide(self, request, queryset, step, done_words, *reason):
        """Take one step with each item; say of each whether it was taken or in which state it is."""
        if self._too_many(request, queryset):
            return None
        done = []
        for pk, code, title in list(queryset.order_by("pk").values_list("pk", "kind", "title")):
            # As an object of its own kind, whose card holds more than the base's.
            item = kinds.get(code).model_class()._base_manager.get(pk=pk)
            try:
                getattr(item, step)(request.user, *reason)
            except TransitionRefused as refusal:
                words = gettext("Nothing was done about “%(title)s”: it is in the state “%(status)s”.")
                self.message_user(
                    request, words % {"title": title, "status": refusal.status.label}, messages.WARNING
                )
            except OwnCase as refusal:
                self.message_user(request, f"“{title}”: {refusal}", messages.WARNING)
            else:
                done.append(title)
        if done:
            titles = get_text_list([f"“{title}”" for title in done], gettext("and"))
            self.message_user(request, done_words % {"titles": titles}, messages.SUCCESS)
        return self._back_to_item(request)

    def _too_many(self, request, queryset):
        if queryset.count() <= MOST_AT_ONCE:
            return False
        words = gettext("Choose at most %(most)d at once.") % {"most": MOST_AT_ONCE}
        self.message_user(request, words, messages.ERROR)
        return True

    def _back_to_item(self, request):
        """Return a redirect to the item from whose own page the step was taken, else None: to the list."""
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if not request.POST.get("from_item") or len(chosen) != 1:
            return None
        opts = self.opts
        return redirect(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_change", chosen[0])


def _names(terms, ids):
    return ", ".join(terms[pk].name for pk in ids if pk in terms)


admin.site.register(Contribution, ContributionAdmin)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """Every saved version, readable as it was sent."""

    list_display = ["contribution", "number", "by", "at"]
    list_filter = ["at"]
    list_select_related = ["by"]
    search_fields = ["contribution__title", "by__display_name"]
    ordering = ["-at", "-pk"]
    fields = ["contribution", "number", "by", "at"]
    change_form_template = "admin/contributions/revision.html"

    def has_module_permission(self, request):
        return super().has_module_permission(request) or moderates(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or moderates(request.user)

    def get_queryset(self, request):
        items = Contribution.objects.visible_to(request.user).only("pk", "title")
        found = super().get_queryset(request).filter(contribution__in=items.values("pk"))
        return found.prefetch_related(Prefetch("contribution", queryset=items))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["written"] = _readable(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def _readable(revision):
    """Return the (label, words) of what a version held, in the order of its form."""
    terms = vocabulary.current()
    named = {"principles": terms.principles, "sectors": terms.sectors}
    written = []
    for name, value in revision.snapshot.items():
        if name in named:
            value = _names(named[name], value)
        elif isinstance(value, list):
            value = ", ".join(str(part) for part in value)
        written.append((_label(name), "" if value is None else str(value)))
    return written


def _label(name):
    try:
        return Contribution._meta.get_field(name).verbose_name
    except FieldDoesNotExist:  # a kind's own field
        return name.replace("_", " ")
