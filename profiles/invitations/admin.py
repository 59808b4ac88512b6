"""Who invited whom, for administrators: to be looked at. The reminder a member wrote for themselves is theirs."""

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.notifications.admin import ReadOnlyAdmin

from .models import Invitation, State


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        now = timezone.now()
        found = {
            State.ACCEPTED: Q(accepted_at__isnull=False),
            State.REVOKED: Q(revoked_at__isnull=False),
            State.WAITING: Q(accepted_at=None, revoked_at=None, expires_at__gt=now),
            State.EXPIRED: Q(accepted_at=None, revoked_at=None, expires_at__lte=now),
        }.get(self.value())
        return queryset if found is None else queryset.filter(found)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["inviter", "accepted_by", "state_words", "by_email", "invited_at", "expires_at"]
    list_filter = [StateFilter, "by_email", "invited_at"]
    list_select_related = ["inviter", "accepted_by"]
    search_fields = ["inviter__display_name", "accepted_by__display_name"]
    fields = [
        "inviter", "accepted_by", "state_words", "by_email", "note", "invited_at", "expires_at", "accepted_at",
        "revoked_at",
    ]  # fmt: skip
    readonly_fields = ["state_words"]

    @admin.display(description=_("state"))
    def state_words(self, invitation):
        return invitation.state.label
