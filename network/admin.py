"""What people reported about the site, and the worker's sign of life. Nothing is deleted there."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.notifications.admin import ReadOnlyAdmin

from .models import SiteIssue, WorkerBeat


class AnsweredFilter(admin.SimpleListFilter):
    title = _("answered")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("no", _("No")), ("yes", _("Yes"))]

    def queryset(self, request, queryset):
        if self.value() in {"no", "yes"}:
            return queryset.filter(answered_at__isnull=self.value() == "no")
        return queryset


class ComplaintFilter(admin.SimpleListFilter):
    title = _("complaints about personal data")
    parameter_name = "complaint"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue")), ("waiting", _("Waiting")), ("all", _("All of them"))]

    def queryset(self, request, queryset):
        chosen = {
            "overdue": queryset.overdue,
            "waiting": queryset.complaints().unanswered,
            "all": queryset.complaints,
        }
        return chosen.get(self.value(), lambda: queryset)()


@admin.register(SiteIssue)
class SiteIssueAdmin(admin.ModelAdmin):
    """What was reported stays as it was written; an administrator adds a note and marks it answered."""

    list_display = ["reference", "kind", "beginning", "created_at", "due", "answered_at", "answered_by"]
    list_filter = [AnsweredFilter, ComplaintFilter, "kind", "created_at"]
    list_select_related = ["answered_by"]
    search_fields = ["reference", "text", "page", "email", "note"]
    date_hierarchy = "created_at"
    readonly_fields = [
        "reference", "kind", "text", "page", "email", "reporter", "created_at", "due", "answered_at",
        "answered_by",
    ]  # fmt: skip
    fields = [*readonly_fields, "note"]
    actions = ["mark_answered"]

    @admin.display(description=_("what happened"))
    def beginning(self, issue):
        return issue.text if len(issue.text) <= 80 else f"{issue.text[:79]}…"

    @admin.display(description=_("to be answered by"), ordering="created_at")
    def due(self, issue):
        """The day, for complaints about personal data; and that it is over, where it is."""
        if issue.answer_by is None:
            return ""
        day = date_format(issue.answer_by, "j F Y")
        return _("%(day)s: overdue") % {"day": day} if issue.is_overdue else day

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Mark as answered"), permissions=["change"])
    def mark_answered(self, request, queryset):
        with transaction.atomic():
            unanswered = list(queryset.unanswered())
            for issue in unanswered:
                issue.mark_answered(request.user)
                self.log_change(request, issue, str(_("Marked as answered.")))
        number = len(unanswered)
        message = ngettext(
            "%(number)d issue marked as answered.", "%(number)d issues marked as answered.", number
        )
        self.message_user(request, message % {"number": number}, messages.SUCCESS)


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ReadOnlyAdmin):
    """When the worker was last seen: without it no mail is sent."""

    list_display = ["at"]
