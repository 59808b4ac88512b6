"""Comments in the admin: found, read, and decided about. What waits for a decision is in the moderators' queue too."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from commons.markup.render import excerpt

from .deciding_admin import REACH_WORDS, DecidingAdmin, KindFilter
from .models import Comment
from .querysets import Reach


class TalkKindFilter(KindFilter):
    """By the kind of what was commented on."""

    title = _("kind of what it stands on")

    def queryset(self, request, queryset):
        return queryset.filter(contribution__kind=self.value()) if self.value() else queryset


class ReadFilter(admin.SimpleListFilter):
    """Whether others can read it: what is published by a member whose words are hidden can't be read either."""

    title = _("can be read")
    parameter_name = "listed"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        return queryset.filter(listed=self.value() == "yes") if self.value() in {"yes", "no"} else queryset


@admin.register(Comment)
class CommentAdmin(DecidingAdmin):
    list_display = ["named", "beginning", "author_name", "status", "written_on", "reach_words"]
    list_filter = ["status", ReadFilter, TalkKindFilter, "created_at"]
    list_select_related = ["contribution", "author"]
    search_fields = ["body", "contribution__title", "author__display_name", "author__username"]
    search_help_text = _("Words, author, or the title of what it stands on")
    ordering = ["-created_at", "-pk"]
    fields = [
        "on", "position", "author_name", "status", "reach_words", "answered", "created_at", "published_at", "edited_at",
        "rendered",
    ]  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request):
        found = super().get_queryset(request).visible_to(request.user)
        return found.defer("contribution__body", "contribution__body_html")

    def as_decided(self, comment):
        return Comment.objects.select_related("contribution", "author").get(pk=comment.pk)

    @admin.display(description=_("comment"))
    def named(self, comment):
        return comment.moderation_label()

    @admin.display(description=_("in short"))
    def beginning(self, comment):
        return excerpt(comment.body_html)

    @admin.display(description=_("author"), ordering="author__display_name")
    def author_name(self, comment):
        return comment.author.display_name if comment.author_id else comment.byline.get("name") or "-"

    @admin.display(description=_("written"), ordering="created_at")
    def written_on(self, comment):
        return date_format(localtime(comment.created_at), "j M Y")

    @admin.display(description=_("reaches"))
    def reach_words(self, comment):
        return REACH_WORDS[comment.contribution.reach if comment.listed else Reach.NOBODY]

    @admin.display(description=_("on"))
    def on(self, comment):
        talk = comment.contribution
        return format_html('<a href="{}">{}</a>', talk.get_absolute_url(), talk.title)

    @admin.display(description=_("answers number"))
    def answered(self, comment):
        if comment.answers is None:
            return "-"
        return format_html(
            '<a href="{}">{}</a>', comment.answers.get_absolute_url(), comment.answers.position
        )

    @admin.display(description=_("text"))
    def rendered(self, comment):
        return comment.html
