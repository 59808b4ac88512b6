"""The record of decisions, to be read and searched. It is never changed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commons.notifications.admin import ReadOnlyAdmin

from .models import Decision, Status


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "target_label", "target_type", "from_status", "to_status", "by", "reason"]
    list_display_links = ["at", "target_label"]
    list_filter = ["action", "to_status", "at", "target_type"]
    list_select_related = ["by", "target_type"]
    search_fields = ["target_label", "reason", "by__display_name"]
    search_help_text = _("Title, reason, or the name of who decided")
    date_hierarchy = "at"

    def get_queryset(self, request):
        # What never left its author's desk is nobody else's business: the title of a draft they took back.
        return super().get_queryset(request).exclude(from_status=Status.DRAFT, to_status=Status.WITHDRAWN)
