"""Events in the admin, with their dates: read there, and changed on the site, where those who come are told."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin

from .models import Event, Occurrence


class OccurrenceInline(admin.TabularInline):
    """The dates of an event, as they stand."""

    model = Occurrence
    extra = 0
    can_delete = False
    fields = readonly_fields = [
        "starts_on", "starts_time", "ends_on", "ends_time", "note", "cancelled_at", "cancelled_reason", "going_count",
        "waiting_count",
    ]  # fmt: skip

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True  # to whoever may see the event


@admin.register(Event)
class EventAdmin(ContributionAdmin):
    list_display = ["title", "when", "author_name", "status", "published_at", "reach_words"]
    own = [
        "when",
        "where",
        "organiser",
        "cost",
        "booking_url",
        "capacity",
        "access_said",
        "cancelled_at",
        "cancelled_reason",
    ]
    fields = [*ContributionAdmin.fields, *own]
    readonly_fields = [*ContributionAdmin.readonly_fields, *own]
    inlines = [OccurrenceInline]

    @admin.display(description=_("when"), ordering="starts_on")
    def when(self, event):
        return event.when()

    @admin.display(description=_("where"))
    def where(self, event):
        return event.where()

    @admin.display(description=_("access"))
    def access_said(self, event):
        return ", ".join(str(label) for label in event.access_labels())
