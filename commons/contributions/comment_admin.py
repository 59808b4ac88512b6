"""Comments in the admin: found and read. What waits for a decision stands in the moderators' queue."""

from django.contrib import admin

from commons.notifications.admin import ReadOnlyAdmin

from .models import Comment
from .querysets import moderates


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "author", "status", "published_at"]
    list_filter = ["status"]
    list_select_related = ["contribution", "author"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["body", "author__display_name", "author__username"]
    ordering = ["-created_at", "-pk"]
    fields = ["contribution", "position", "author", "status", "published_at", "edited_at", "body"]

    def has_module_permission(self, request):
        return super().has_module_permission(request) or moderates(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or moderates(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)
