"""Notices and outgoing mail in the admin: to be looked at, and mail to be tried again. Never their texts."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .models import UNSEEN_KINDS, Notice, OutgoingMail


class ReadOnlyAdmin(admin.ModelAdmin):
    """A record of what happened: nobody adds to it, changes it or deletes from it by hand."""

    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 100

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadFilter(admin.SimpleListFilter):
    title = _("read")
    parameter_name = "read"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() in {"yes", "no"}:
            return queryset.filter(read_at__isnull=self.value() == "no")
        return queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told of what and when; the text is between the network and the member."""

    list_display = ["subject", "member", "kind", "created_at", "read_at"]
    list_filter = [ReadFilter, "kind", "created_at"]
    list_select_related = ["member"]
    search_fields = ["subject", "member__display_name"]
    fields = ["member", "kind", "subject", "url", "created_at", "read_at"]

    def get_queryset(self, request):
        # An administrator is an author too: who reported something is said in the queue, and there not to its author.
        return super().get_queryset(request).exclude(kind__startswith=UNSEEN_KINDS).defer("text")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("waiting", _("Waiting")),
            ("troubled", _("Waiting after an error")),
            ("delivered", _("Delivered")),
            ("failed", _("Given up")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "troubled":
                return queryset.waiting().exclude(last_error="")
            case "delivered":
                return queryset.filter(sent_at__isnull=False)
            case "failed":
                return queryset.filter(sent_at=None, failed_at__isnull=False)
        return queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """What is on its way and what went wrong with it."""

    list_display = [
        "subject", "recipient", "state", "attempts", "created_at", "next_attempt_at", "last_error",
    ]  # fmt: skip
    list_filter = [StateFilter, "created_at"]
    search_fields = ["subject", "recipient", "last_error", "message_id"]
    fields = [
        "subject", "sender", "recipient", "state", "created_at", "attempts", "next_attempt_at", "sent_at",
        "failed_at", "last_error", "message_id",
    ]  # fmt: skip
    readonly_fields = ["state"]
    actions = ["try_again"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("message")

    @admin.display(description=_("state"))
    def state(self, mail):
        if mail.sent_at:
            return _("Delivered")
        if mail.failed_at:
            return _("Given up")
        return _("Waiting after an error") if mail.last_error else _("Waiting")

    def has_retry_permission(self, request):
        return request.user.has_perm("notifications.change_outgoingmail")

    @admin.action(description=_("Try again now"), permissions=["retry"])
    def try_again(self, request, queryset):
        number = queryset.try_again()
        message = ngettext(
            "%(number)d e-mail will be tried again within seconds.",
            "%(number)d e-mails will be tried again within seconds.",
            number,
        )
        self.message_user(
            request, message % {"number": number}, messages.SUCCESS if number else messages.WARNING
        )
