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

from commons.moderation.models import Decision, OwnCase
from commons.notifications.admin import ReadOnlyAdmin

from .admin_actions import download_members, send_confirmation_again
from .admin_forms import MemberAddForm, MemberChangeForm, SpammerForm, SuspensionForm
from .badges.admin import EditorsBadgeAdmin, HeldAdmin  # noqa: F401 (where Django looks for them)
from .help_lines import lines_of
from .invitations.admin import InvitationAdmin  # noqa: F401 (where Django looks for it)
from .models import FormerUsername, Member

MOST_AT_ONCE = 100
# What a moderator sees of a member who is not also an administrator: no address, no password, no rights.
SEEN_BY_MODERATORS = {"display_name", "standing", "joined_at", "region"}
FOR_MODERATORS = [
    (None, {"fields": ["display_name", "username", "standing", "joined_at", "approved_at"]}),
    (_("What they say of themselves"), {"fields": [
        "about_html_shown", "help_words", "role_words", "organisation", "place", "region", "links",
    ]}),
    (_("What may be seen"), {"fields": ["suspended_until", "hidden", "contributions_hidden", "decisions"]}),
]  # fmt: skip
SUSPEND = {
    "title": _("Suspend, and tell them why"),
    "action": "suspend_selected",
    "explanation": _(
        "They are signed out everywhere and can’t sign in until then. What they wrote stays: hiding it is a "
        "decision of its own."
    ),
    "submit": _("Suspend and tell them"),
}
SPAMMER = {
    "title": _("Stop spammers"),
    "action": "spammer_selected",
    "explanation": _(
        "They are signed out and can’t sign in any more; their profile and everything they wrote is hidden. All "
        "that waits about each of them becomes one case."
    ),
    "submit": _("Stop them and tell them"),
}


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _("Waits for an answer")),
            ("unconfirmed", _("Address not confirmed")),
            ("suspended", _("Suspended")),
            ("hidden", _("Profile or contributions hidden")),
            ("closing", _("Leaves soon")),
            ("closed", _("Account closed")),
        ]

    def queryset(self, request, queryset):
        return {
            "awaiting": queryset.awaiting_approval,
            "unconfirmed": queryset.unconfirmed,
            "suspended": queryset.suspended,
            "hidden": queryset.out_of_sight,
            "closing": queryset.closing,
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
        "standing", "username", "joined_at", "closes_at", "closed_at", "last_login", "confirmed_at", "approved_at",
        "suspended_until", "hidden",
        "contributions_hidden", "terms_version", "terms_agreed_at", "old_enough_at", "about_html_shown", "help_words",
        "role_words", "organisation", "place", "region", "links", "decisions",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["display_name", "email", "password", "username", "standing"]}),
        (_("Joining"), {"fields": [
            "joined_at", "confirmed_at", "approved_at", "terms_version", "terms_agreed_at", "old_enough_at",
            "last_login",
        ]}),
        (_("Leaving"), {"fields": ["closes_at", "closed_at"]}),
        (_("What they say of themselves"), {"fields": [
            "about_html_shown", "help_words", "role_words", "organisation", "place", "region", "links",
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
        "approve_selected", "confirm_selected", "suspend_selected", "spammer_selected", "lift_selected",
        "hide_selected", "show_selected",
        "hide_written_selected", "show_written_selected", send_confirmation_again, download_members,
    ]  # fmt: skip

    # --- who may do what ------------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        return False

    def has_moderate_permission(self, request):
        """Whether they may approve, suspend and hide members."""
        user = request.user
        return user.has_perm("profiles.moderate_member") or super().has_change_permission(request)

    def only_moderates(self, request):
        """Whether a moderator asks who is no administrator: addresses and rights are not theirs to see."""
        return not (super().has_view_permission(request) or super().has_change_permission(request))

    def has_module_permission(self, request):
        return super().has_module_permission(request) or self.has_moderate_permission(request)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or self.has_moderate_permission(request)

    def has_change_permission(self, request, obj=None):
        """Only a superuser changes a superuser: else a change of address or password would be a way up."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_download_permission(self, request):
        """Whether they may take the list of members away, addresses and all."""
        return request.user.has_perm("profiles.download_member")

    def get_fieldsets(self, request, obj=None):
        return FOR_MODERATORS if self.only_moderates(request) else super().get_fieldsets(request, obj)

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return (
            [name for name in shown if name in SEEN_BY_MODERATORS] if self.only_moderates(request) else shown
        )

    def get_list_filter(self, request):
        return [StandingFilter, "joined_at", "region"] if self.only_moderates(request) else self.list_filter

    def get_search_fields(self, request):
        return (
            ["display_name", "username", "organisation"]
            if self.only_moderates(request)
            else self.search_fields
        )

    def lookup_allowed(self, lookup, value, request=None):
        """A moderator narrows the list by what they see: else they could guess addresses letter by letter."""
        if request is not None and self.only_moderates(request):
            return lookup.partition("__")[0] in SEEN_BY_MODERATORS
        return super().lookup_allowed(lookup, value, request)

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
        return member.standing_words()

    @admin.display(description=_("about me"))
    def about_html_shown(self, member):
        return member.about_shown() or "-"

    @admin.display(description=_("offers and wishes"))
    def help_words(self, member):
        lines = lines_of(member) if member.pk else []
        return ", ".join(f"{line.get_sort_display()}: {line.text}" for line in lines) or "-"

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

    @admin.action(description=_("Approve: let them in, and tell them"), permissions=["moderate"])
    def approve_selected(self, request, queryset):
        members = self._decide(request, queryset, lambda member: member.approve(request.user))
        done = len(members)
        self._say(request, ngettext("%d member let in.", "%d members let in.", done) % done)

    @admin.action(description=_("Confirm the address by hand"), permissions=["change"])
    def confirm_selected(self, request, queryset):
        def confirm(member):
            if member.confirmed_at is None:
                member.vouch(request.user)
                return True
            return False

        done = len(self._decide(request, queryset, confirm))
        self._say(request, ngettext("%d address confirmed.", "%d addresses confirmed.", done) % done)

    @admin.action(description=_("End the suspension"), permissions=["moderate"])
    def lift_selected(self, request, queryset):
        def lift(member):
            if member.is_spammer:
                member.clear_spammer(request.user)
            elif member.is_suspended:
                member.lift_suspension(request.user)
            else:
                return False
            return True

        done = len(self._decide(request, queryset, lift))
        self._say(request, ngettext("%d suspension ended.", "%d suspensions ended.", done) % done)

    @admin.action(description=_("Hide the profile"), permissions=["moderate"])
    def hide_selected(self, request, queryset):
        self._hide(request, queryset, "hide", True)

    @admin.action(description=_("Show the profile again"), permissions=["moderate"])
    def show_selected(self, request, queryset):
        self._hide(request, queryset, "hide", False)

    @admin.action(description=_("Hide what they wrote"), permissions=["moderate"])
    def hide_written_selected(self, request, queryset):
        self._hide(request, queryset, "hide_contributions", True)

    @admin.action(description=_("Show what they wrote again"), permissions=["moderate"])
    def show_written_selected(self, request, queryset):
        self._hide(request, queryset, "hide_contributions", False)

    def _hide(self, request, queryset, method, hidden):
        def hide(member):
            getattr(member, method)(by=request.user, hidden=hidden)
            return True

        done = len(self._decide(request, queryset, hide))
        self._say(request, ngettext("%d member changed.", "%d members changed.", done) % done)

    @admin.action(description=_("Suspend, with a reason"), permissions=["moderate"])
    def suspend_selected(self, request, queryset):
        asked = "reason" in request.POST
        form = SuspensionForm(request.POST if asked else None)
        if asked and form.is_valid():

            def suspend(member):
                member.suspend(form.until(), request.user, form.cleaned_data["reason"])
                return True

            done = len(self._decide(request, queryset, suspend))
            self._say(request, ngettext("%d member suspended.", "%d members suspended.", done) % done)
            return None
        return self._ask(request, queryset, form, SUSPEND)

    @admin.action(description=_("Spammer: suspend for good, hide everything"), permissions=["moderate"])
    def spammer_selected(self, request, queryset):
        asked = "reason" in request.POST
        form = SpammerForm(request.POST if asked else None)
        if asked and form.is_valid():

            def mark(member):
                if member.is_spammer:
                    return False
                member.mark_spammer(request.user, form.cleaned_data["reason"])
                return True

            done = len(self._decide(request, queryset, mark))
            self._say(request, ngettext("%d spammer stopped.", "%d spammers stopped.", done) % done)
            return None
        return self._ask(request, queryset, form, SPAMMER)

    def _ask(self, request, queryset, form, question):
        """Show the page that asks why; `question` is SUSPEND or SPAMMER. Nobody is asked about themselves."""
        members = self._each(request, queryset)
        if not members:
            self.message_user(
                request, _("There is nobody among them whom you can decide about."), messages.ERROR
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            **question,
            "opts": self.opts,
            "form": form,
            "members": members,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/profiles/suspend.html", context)

    def _decide(self, request, queryset, decide):
        """Decide about each member by itself; return those about whom `decide(member)` says that it did something."""
        done = []
        for member in self._each(request, queryset):
            try:
                if decide(member):
                    done.append(member)
            except OwnCase as refusal:
                self.message_user(request, f"{member}: {refusal}", messages.WARNING)
        return done

    def _each(self, request, queryset):
        """The members chosen about whom this administrator may decide, 100 at most; never themselves."""
        chosen = list(queryset[:MOST_AT_ONCE])
        if request.user in chosen:
            self.message_user(request, _("You can’t decide about yourself."), messages.ERROR)
        return [member for member in chosen if self.may_decide_about(request, member)]

    def may_decide_about(self, request, member):
        """Whether this administrator may decide about a member: a superuser only as one, and nobody themselves."""
        superior = member.is_superuser and not request.user.is_superuser
        return self.has_moderate_permission(request) and not superior and member != request.user

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
