"""Members in the admin: found, let in, helped with their address, stopped from acting. Never deleted."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.admin import UserAdmin
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.moderation.models import Decision
from commons.notifications.admin import ReadOnlyAdmin

from .admin_forms import MemberAddForm, MemberChangeForm, SuspensionForm
from .models import FormerUsername, Member

MOST_AT_ONCE = 100


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _("Waits for an answer")),
            ("unconfirmed", _("Address not confirmed")),
            ("suspended", _("Suspended")),
            ("hidden", _("Profile or contributions hidden")),
            ("closed", _("Account closed")),
        ]

    def queryset(self, request, queryset):
        return {
            "awaiting": queryset.awaiting_approval,
            "unconfirmed": queryset.unconfirmed,
            "suspended": queryset.suspended,
            "hidden": queryset.out_of_sight,
            "closed": queryset.closed,
        }.get(self.value(), lambda: queryset)()


@admin.register(Member)
class MemberAdmin(UserAdmin):
    """Who takes part. What members say of themselves is theirs: it is shown, not changed."""

    form = MemberChangeForm
    add_form = MemberAddForm
    list_display = ["display_name", "email", "standing", "joined_at", "last_login", "is_staff"]
    list_filter = [StandingFilter, "is_staff", "is_superuser", "joined_at", "region"]
    list_per_page = 50
    list_max_show_all = MOST_AT_ONCE
    show_full_result_count = False
    search_fields = ["display_name", "email", "username", "organisation"]
    search_help_text = _("Name, e-mail address, username or organisation")
    ordering = ["-joined_at", "-pk"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = [
        "standing", "username", "joined_at", "last_login", "confirmed_at", "approved_at", "suspended_until", "hidden",
        "contributions_hidden", "terms_version", "terms_agreed_at", "old_enough_at", "about_html_shown", "role_words",
        "organisation", "place", "region", "links", "decisions",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["display_name", "email", "password", "username", "standing"]}),
        (_("Joining"), {"fields": [
            "joined_at", "confirmed_at", "approved_at", "terms_version", "terms_agreed_at", "old_enough_at",
            "last_login",
        ]}),
        (_("What they say of themselves"), {"fields": [
            "about_html_shown", "role_words", "organisation", "place", "region", "links",
        ]}),
        (_("What may be seen"), {"fields": ["suspended_until", "hidden", "contributions_hidden", "decisions"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]  # fmt: skip
    add_fieldsets = [
        (None, {
            "fields": ["display_name", "email", "usable_password", "password1", "password2"],
            "description": _("They can sign in at once: you vouch for the address. They are asked nothing."),
        }),
    ]  # fmt: skip
    actions = [
        "approve_selected", "confirm_selected", "suspend_selected", "lift_selected", "hide_selected", "show_selected",
        "hide_written_selected", "show_written_selected",
    ]  # fmt: skip

    # --- who may do what ------------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Only a superuser changes a superuser: else a change of address or password would be a way up."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        rights = (
            [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups", "user_permissions"]
        )
        return [*super().get_readonly_fields(request, obj), *rights]

    def save_model(self, request, obj, form, change):
        if not change:
            now = timezone.now()
            obj.confirmed_at = obj.approved_at = now
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            obj.trust_address()
        if change and form.changed_data:
            obj.write_profile()
        elif not change:
            obj.reindex()

    # --- what is shown --------------------------------------------------------------------------

    @admin.display(description=_("standing"))
    def standing(self, member):
        if not member.is_active:
            return _("Account closed")
        if member.is_suspended:
            return _("Suspended")
        if member.confirmed_at is None:
            return _("Address not confirmed")
        if member.approved_at is None:
            return _("Waits for an answer")
        return _("Profile hidden") if member.hidden else _("Member")

    @admin.display(description=_("about me"))
    def about_html_shown(self, member):
        return member.about_shown() or "-"

    @admin.display(description=_("how I take part"))
    def role_words(self, member):
        return ", ".join(str(label) for label in member.role_labels()) or "-"

    @admin.display(description=_("who decided what, when and why"))
    def decisions(self, member):
        if member.pk is None:
            return "-"
        found = Decision.objects.about(member).select_related("by")[:50]
        rows = (
            (
                timezone.localtime(d.at).strftime("%Y-%m-%d %H:%M"),
                d.get_action_display(),
                d.by or "-",
                d.reason,
            )
            for d in found
        )
        items = format_html_join("", "<li>{}: {}, {}. {}</li>", rows)
        return format_html("<ul>{}</ul>", items) if items else "-"

    # --- deciding -------------------------------------------------------------------------------

    @admin.action(description=_("Approve: let them in, and tell them"), permissions=["change"])
    def approve_selected(self, request, queryset):
        done = sum(member.approve(request.user) for member in self._each(request, queryset))
        self._say(request, ngettext("%d member let in.", "%d members let in.", done) % done)

    @admin.action(description=_("Confirm the address by hand"), permissions=["change"])
    def confirm_selected(self, request, queryset):
        members = [member for member in self._each(request, queryset) if member.confirmed_at is None]
        for member in members:
            member.vouch(request.user)
        self._say(
            request, ngettext("%d address confirmed.", "%d addresses confirmed.", len(members)) % len(members)
        )

    @admin.action(description=_("End the suspension"), permissions=["change"])
    def lift_selected(self, request, queryset):
        members = [member for member in self._each(request, queryset) if member.is_suspended]
        for member in members:
            member.lift_suspension(request.user)
        self._say(
            request, ngettext("%d suspension ended.", "%d suspensions ended.", len(members)) % len(members)
        )

    @admin.action(description=_("Hide the profile"), permissions=["change"])
    def hide_selected(self, request, queryset):
        self._hide(request, queryset, "hide", True)

    @admin.action(description=_("Show the profile again"), permissions=["change"])
    def show_selected(self, request, queryset):
        self._hide(request, queryset, "hide", False)

    @admin.action(description=_("Hide what they wrote"), permissions=["change"])
    def hide_written_selected(self, request, queryset):
        self._hide(request, queryset, "hide_contributions", True)

    @admin.action(description=_("Show what they wrote again"), permissions=["change"])
    def show_written_selected(self, request, queryset):
        self._hide(request, queryset, "hide_contributions", False)

    @admin.action(description=_("Suspend, with a reason"), permissions=["change"])
    def suspend_selected(self, request, queryset):
        asked = "reason" in request.POST
        form = SuspensionForm(request.POST if asked else None)
        members = self._each(request, queryset)
        if request.user in members:
            self.message_user(request, _("You can’t suspend yourself."), messages.ERROR)
            return None
        if asked and form.is_valid():
            for member in members:
                member.suspend(form.until(), request.user, form.cleaned_data["reason"])
            self._say(
                request,
                ngettext("%d member suspended.", "%d members suspended.", len(members)) % len(members),
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Suspend, and tell them why"),
            "opts": self.opts,
            "form": form,
            "members": members,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/profiles/suspend.html", context)

    def _hide(self, request, queryset, method, hidden):
        members = self._each(request, queryset)
        for member in members:
            getattr(member, method)(by=request.user, hidden=hidden)
        self._say(request, ngettext("%d member changed.", "%d members changed.", len(members)) % len(members))

    def _each(self, request, queryset):
        """The members chosen whom this administrator may change, 100 at most."""
        return [member for member in queryset[:MOST_AT_ONCE] if self.has_change_permission(request, member)]

    def _say(self, request, words):
        self.message_user(request, words, messages.SUCCESS)


@admin.register(FormerUsername)
class FormerUsernameAdmin(ReadOnlyAdmin):
    list_display = ["username", "member", "until"]
    list_filter = ["until"]
    list_select_related = ["member"]
    search_fields = ["username", "member__display_name", "member__username"]


for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    """Addresses and whether they are confirmed. They are changed at the member, or by the member."""

    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["verified", "primary"]
    list_select_related = ["user"]
    search_fields = ["email", "user__display_name"]


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Who has a second step. Its secret is nobody's business; it can be deleted for a member who lost their phone."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__display_name", "user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """Where members are signed in. The key of a session is not shown: it would be a way in."""

    list_display = ["user", "created_at", "ip", "user_agent"]
    list_filter = ["created_at"]
    list_select_related = ["user"]
    search_fields = ["user__display_name", "user__email", "ip"]
    fields = ["user", "created_at", "ip", "user_agent"]
