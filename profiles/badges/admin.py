"""Badges in the admin: editors make their own and give them, with a reason; what was earned is only looked at."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.notifications.admin import ReadOnlyAdmin

from . import rules
from .awarding import give
from .models import EditorsBadge, Held
from .showing import keep_shown


class GiveForm(forms.ModelForm):
    """Giving a badge. Who gets it is named by the end of their profile's address: editors see no list of members."""

    username = forms.CharField(
        label=_("Member"), help_text=_("The last part of the address of their profile, such as ann-lee.")
    )

    class Meta:
        model = Held
        fields = ["username", "editors_badge", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("editors_badge", "reason"):
            self.fields[name].required = True

    def clean_username(self):
        from ..models import Member

        username = self.cleaned_data["username"].strip().strip("/").rpartition("/")[2].lower()
        member = Member.objects.present().filter(username=username).first()
        if member is None:
            raise ValidationError(_("There is no member with this address."), code="no_member")
        if member.pk == self.by.pk:
            raise ValidationError(_("You can’t give a badge to yourself."), code="oneself")
        self.instance.member = member
        return username

    def clean(self):
        values = super().clean()
        member, badge = getattr(self.instance, "member_id", None), values.get("editors_badge")
        if member and badge and Held.objects.filter(member=member, editors_badge=badge).exists():
            self.add_error("editors_badge", ValidationError(_("They hold this badge already."), code="held"))
        return values


class RuleFilter(admin.SimpleListFilter):
    title = _("badge")
    parameter_name = "badge"

    def lookups(self, request, model_admin):
        earned = [(rule.code, rule.name) for rule in rules.all_rules()]
        return [("given", _("Given by editors")), *earned]

    def queryset(self, request, queryset):
        if self.value() == "given":
            return queryset.filter(rule="")
        return queryset.filter(rule=self.value()) if self.value() else queryset


@admin.register(EditorsBadge)
class EditorsBadgeAdmin(admin.ModelAdmin):
    list_display = ["name", "words"]
    search_fields = ["name", "words"]

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            keep_shown(set(obj.held.values_list("member", flat=True)))


@admin.register(Held)
class HeldAdmin(ReadOnlyAdmin):
    list_display = ["name", "member", "reason", "given_by", "at"]
    list_filter = [RuleFilter, "at"]
    list_select_related = ["member", "editors_badge", "given_by"]
    search_fields = ["member__display_name", "member__username", "reason"]
    fields = ["name", "words", "member", "reason", "given_by", "at"]
    form = GiveForm

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_delete_permission(self, request, obj=None):
        """What was given can be taken away again; what was earned would only be earned anew."""
        given = obj is None or obj.editors_badge_id is not None
        return given and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["username", "editors_badge", "reason"]

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else []

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        give(obj, request.user)

    def delete_model(self, request, obj):
        with transaction.atomic():
            super().delete_model(request, obj)
            keep_shown([obj.member_id])

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            members = set(queryset.values_list("member", flat=True))
            super().delete_queryset(request, queryset)
            keep_shown(members)
