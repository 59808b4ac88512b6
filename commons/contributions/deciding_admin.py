"""What the admins of all that members write share: who may decide there, and the steps for several at once.

Members' words are shown, not changed. Status changes by the actions alone, which call the transitions; nothing is
deleted.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.moderation.admin_forms import ReasonField
from commons.moderation.models import Decision, OwnCase, TransitionRefused

from . import kinds
from .querysets import Reach, moderates

REACH_WORDS = {
    Reach.NOBODY: _("Its author and moderators only"),
    Reach.MEMBERS: _("Members"),
    Reach.EVERYONE: _("Everyone"),
}
MOST_AT_ONCE = 100


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in kinds.all_kinds()]

    def queryset(self, request, queryset):
        return queryset.of_kind(self.value()) if self.value() else queryset


class RemovalForm(forms.Form):
    """Why something is taken down, in words that its author will read."""

    reason = ReasonField(
        label=_("Reason"), error_messages={"required": _("Say why, in words for the author.")}
    )


class DecidingAdmin(admin.ModelAdmin):
    """The admin of something Moderated. A subclass says what is shown of it, and how it is named in a sentence."""

    change_form_template = "admin/contributions/change_form.html"
    list_per_page = 50
    list_max_show_all = MOST_AT_ONCE
    show_full_result_count = False
    view_on_site = False
    actions = ["approve_selected", "remove_selected", "restore_selected"]

    # --- who may do what ------------------------------------------------------------------------

    def has_module_permission(self, request):
        return super().has_module_permission(request) or moderates(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or moderates(request.user)

    def has_moderate_permission(self, request):
        return moderates(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # --- what is shown --------------------------------------------------------------------------

    def named(self, thing):
        """Return what a thing is called within a sentence."""
        raise NotImplementedError

    def author_name(self, thing):
        """Return who wrote it, in words."""
        raise NotImplementedError

    def as_decided(self, thing):
        """Return the object whose transitions are called."""
        return thing

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            opts = self.opts
            context |= {
                "decisions": Decision.objects.about(obj).select_related("by"),
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
        chosen = list(queryset.select_related("author").order_by("pk"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remove, and tell the author why"),
            "opts": self.opts,
            "form": form,
            "items": [
                (thing.pk, self.named(thing), self.author_name(thing), thing.status_label) for thing in chosen
            ],
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "from_item": request.POST.get("from_item", ""),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/contributions/remove.html", context)

    def _decide(self, request, queryset, step, done_words, *reason):
        """Take one step with each; say of each whether it was taken or in which state it is."""
        if self._too_many(request, queryset):
            return None
        done = []
        for chosen in list(queryset.order_by("pk")):
            thing = self.as_decided(chosen)
            named = self.named(thing)
            try:
                getattr(thing, step)(request.user, *reason)
            except TransitionRefused as refusal:
                words = gettext("Nothing was done about %(title)s: it is in the state “%(status)s”.")
                if refusal.words:
                    words = gettext("Nothing was done about %(title)s. %(why)s")
                said = {"title": named, "status": refusal.status.label, "why": refusal.words}
                self.message_user(request, words % said, messages.WARNING)
            except OwnCase as refusal:
                self.message_user(request, f"{named}: {refusal}", messages.WARNING)
            else:
                done.append(named)
        if done:
            titles = get_text_list(done, gettext("and"))
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
