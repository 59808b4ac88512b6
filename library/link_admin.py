"""Links in the admin: found and decided about; those of the starter library, which nobody added, are kept there too."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin

from .link_forms import EditorsLinkForm
from .models import Link
from .models.link import AddressTaken, LinkType


class GoneFilter(admin.SimpleListFilter):
    """Which can be reached no more."""

    title = _("can be reached")
    parameter_name = "gone"

    def lookups(self, request, model_admin):
        return [("yes", _("No: may be gone")), ("failing", _("Not the last time")), ("no", _("Yes"))]

    def queryset(self, request, queryset):
        chosen = {
            "yes": {"dead_since__isnull": False},
            "failing": {"dead_since": None, "problem__gt": ""},
            "no": {"problem": "", "checked_at__isnull": False},
        }.get(self.value())
        return queryset.filter(**chosen) if chosen else queryset


class TypeFilter(admin.SimpleListFilter):
    title = _("type")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        return LinkType.choices

    def queryset(self, request, queryset):
        return queryset.filter(subtype=self.value()) if self.value() else queryset


@admin.register(Link)
class LinkAdmin(ContributionAdmin):
    """Members' links are theirs. The editors change what the starter library brought, each time as a new version."""

    form = EditorsLinkForm
    list_display = ["title", "host", "author_name", "status", "checked_at", "dead_since", "problem"]
    list_filter = [GoneFilter, TypeFilter, "status", "audience", "principles", "sectors"]
    search_fields = [*ContributionAdmin.search_fields, "host"]
    search_help_text = _("Title, summary, author or site")
    looked = ["checked_at", "check_due_at", "failures", "failed_since", "dead_since", "problem"]
    fields = [*ContributionAdmin.fields, "subtype", "url", *looked]
    readonly_fields = [*ContributionAdmin.readonly_fields, *looked]
    written_fields = [
        "url", "subtype", "title", "byline", "summary", "body", "principles", "sectors", "keywords", "audience",
        "version",
    ]  # fmt: skip

    def has_change_permission(self, request, obj=None):
        may = admin.ModelAdmin.has_change_permission(self, request, obj)
        return may and (obj is None or (obj.is_starter and obj.author_id is None))

    def get_fields(self, request, obj=None):
        if not self.has_change_permission(request, obj):
            return self.fields
        return ["status", "reach_words", "published_at", "edited_at", *self.looked, *self.written_fields]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        # The form's own fields need no naming, and some of them are columns that no form may offer.
        named = flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in named if name not in {"version", "subtype"}]
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        try:
            obj.revise(request.user, form.values(), version=form.version_seen())
        except AddressTaken as taken:
            self.message_user(request, taken.words, messages.ERROR)

    def save_related(self, request, form, formsets, change):
        """Tags were written with the rest, in save_model."""
