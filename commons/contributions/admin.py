"""Contributions in the admin: found, read, and decided about. Their words are their authors'."""

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from commons.markup.render import render
from commons.notifications.admin import ReadOnlyAdmin
from commons.tagging import vocabulary

from . import comment_admin, kinds  # noqa: F401 -- the first registers comments
from .deciding_admin import REACH_WORDS, DecidingAdmin, KindFilter
from .models import Audience, Contribution, Revision
from .querysets import moderates

REVISIONS_SHOWN = 50


class ContributionAdmin(DecidingAdmin):
    """What every kind's admin is based on. A kind that editors keep themselves sets `curated` and its own `fields`."""

    curated = False

    list_display = ["title", "kind_label", "author_name", "status", "published_at", "reach_words"]
    list_filter = ["status", KindFilter, "audience", "principles", "sectors", "year"]
    list_select_related = ["author"]
    search_fields = ["title", "summary", "byline", "author__display_name", "author__username"]
    search_help_text = _("Title, summary or author")
    ordering = ["-changed_at", "-pk"]
    fields = [
        "title", "kind_label", "author_name", "status", "reach_words", "audience_words", "published_at",
        "edited_at", "summary", "rendered", "principle_words", "sector_words", "keyword_words",
    ]  # fmt: skip
    # In every kind's admin: what the site keeps itself, and what is made of other columns.
    readonly_fields = [
        "kind_label", "author_name", "status", "reach_words", "audience_words", "published_at",
        "edited_at", "rendered", "principle_words", "sector_words", "keyword_words",
    ]  # fmt: skip

    # --- who may do what ------------------------------------------------------------------------

    def has_add_permission(self, request):
        return self.curated and admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request, obj=None):
        return self.curated and admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_queryset(self, request):
        # Nobody reads a member's drafts, here neither. Those of a curated kind are the editors' own.
        found = super().get_queryset(request)
        found = found if self.curated else found.visible_to(request.user)
        return found.for_cards() if request.resolver_match.url_name.endswith("_changelist") else found

    def get_list_filter(self, request):
        own_kind = bool(getattr(self.model, "KIND", ""))
        return [f for f in super().get_list_filter(request) if not (own_kind and f is KindFilter)]

    # --- what is shown --------------------------------------------------------------------------

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, item):
        kind = kinds.get(item.kind)
        return kind.label if kind else item.kind

    @admin.display(description=_("author"), ordering="author__display_name")
    def author_name(self, item):
        return item.author.display_name if item.author_id else item.byline

    @admin.display(description=_("reaches"), ordering="reach")
    def reach_words(self, item):
        return REACH_WORDS[item.reach]

    @admin.display(description=_("meant for"))
    def audience_words(self, item):
        return Audience(item.audience).label

    @admin.display(description=_("text"))
    def rendered(self, item):
        return render(item.body, document=f"c{item.pk}", trusted=item.is_starter)

    @admin.display(description=_("principles"))
    def principle_words(self, item):
        return _names(vocabulary.current().principles, item.card.get("principles", []))

    @admin.display(description=_("service sectors"))
    def sector_words(self, item):
        return _names(vocabulary.current().sectors, item.card.get("sectors", []))

    @admin.display(description=_("keywords"))
    def keyword_words(self, item):
        return ", ".join(name for name, _slug in item.card.get("keywords", []))

    def named(self, item):
        return f"“{item.title}”"

    def as_decided(self, item):
        """As an object of its own kind, whose card holds more than the base's."""
        return kinds.get(item.kind).model_class()._base_manager.get(pk=item.pk)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["revisions"] = obj.revisions.select_related("by").defer("snapshot")[:REVISIONS_SHOWN]
        return super().render_change_form(request, context, add, change, form_url, obj)


def _names(terms, ids):
    return ", ".join(terms[pk].name for pk in ids if pk in terms)


admin.site.register(Contribution, ContributionAdmin)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """Every saved version, readable as it was sent."""

    list_display = ["contribution", "number", "by", "at"]
    list_filter = ["at"]
    list_select_related = ["by"]
    search_fields = ["contribution__title", "by__display_name"]
    ordering = ["-at", "-pk"]
    fields = ["contribution", "number", "by", "at"]
    change_form_template = "admin/contributions/revision.html"

    def has_module_permission(self, request):
        return super().has_module_permission(request) or moderates(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or moderates(request.user)

    def get_queryset(self, request):
        items = Contribution.objects.visible_to(request.user).only("pk", "title")
        found = super().get_queryset(request).filter(contribution__in=items.values("pk"))
        return found.prefetch_related(Prefetch("contribution", queryset=items))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["written"] = _readable(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def _readable(revision):
    """Return the (label, words) of what a version held, in the order of its form."""
    terms = vocabulary.current()
    named = {"principles": terms.principles, "sectors": terms.sectors}
    written = []
    for name, value in revision.snapshot.items():
        if name in named:
            value = _names(named[name], value)
        elif name == "files":
            value = ", ".join(entry["name"] for entry in value)
        elif isinstance(value, list):
            value = ", ".join(str(part) for part in value)
        written.append((_label(name), "" if value is None else str(value)))
    return written


def _label(name):
    try:
        return Contribution._meta.get_field(name).verbose_name
    except FieldDoesNotExist:  # a kind's own field
        return name.replace("_", " ")
