"""The joined spellings, which editors keep, and the search entries, which nobody changes by hand."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commons.notifications.admin import ReadOnlyAdmin

from .models import JoinedSpelling, SearchEntry, forget_spellings


@admin.register(JoinedSpelling)
class JoinedSpellingAdmin(admin.ModelAdmin):
    list_display = ["text"]
    search_fields = ["text"]

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        forget_spellings()


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    """What search knows of each thing, to see why it is found or not."""

    list_display = ["title", "kind", "reach", "year", "published_at", "indexed_at"]
    list_filter = ["kind", "reach", "year"]
    search_fields = ["title", "summary", "extra"]
    search_help_text = _("Title, summary, keywords or names")
    ordering = ["-indexed_at", "-pk"]
    show_full_result_count = False
    fields = [
        "title", "kind", "reach", "url", "summary", "extra", "body", "year", "published_at", "language",
        "indexed_at",
    ]  # fmt: skip

    def get_queryset(self, request):
        found = super().get_queryset(request)
        in_list = request.resolver_match.url_name.endswith("_changelist")
        return found.defer("files", *(["body"] if in_list else []))
