"""Threads in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin

from .models import Thread

OWN = ("is_question", "answered_words", "pinned_at", "closed_at", "closed_reason", "merged_into")


@admin.register(Thread)
class ThreadAdmin(ContributionAdmin):
    list_display = [*ContributionAdmin.list_display, "is_question", "comment_count", "pinned_at", "closed_at"]
    list_filter = [
        *ContributionAdmin.list_filter,
        "is_question",
        "answered",
        ("pinned_at", admin.EmptyFieldListFilter),
        ("closed_at", admin.EmptyFieldListFilter),
    ]
    fields = [*ContributionAdmin.fields, *OWN]
    readonly_fields = [*ContributionAdmin.readonly_fields, *OWN]

    @admin.display(description=_("best answer"))
    def answered_words(self, thread):
        best = thread.readable_best_answer()
        return best.moderation_label() if best else "-"
