"""What editors keep: reports, principles and sectors; and the documents that members share.

The vocabularies are administered here and not beside their models, because saving a term also brings
search up to date, which lies above them.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin
from commons.moderation.models import TransitionRefused
from commons.search.index import index_term
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text

from . import video_admin  # noqa: F401 -- registers videos
from .forms import PrincipleForm, ReportForm, SectorForm
from .link_admin import LinkAdmin  # noqa: F401 -- registers links
from .models import Document, Report
from .models.document import DocumentType


@admin.register(Document)
class DocumentAdmin(ContributionAdmin):
    """Documents are their members' own: found, read and decided about."""

    OWN = (
        "type_words", "organisation", "year", "place", "region", "licence", "evaluated", "evaluator", "method",
        "findings", "level_words", "replaces", "edition",
    )  # fmt: skip
    list_display = [*ContributionAdmin.list_display, "type_words", "organisation", "year"]
    list_filter = [*ContributionAdmin.list_filter, "subtype", "licence", "evidence_level", "region"]
    search_fields = [*ContributionAdmin.search_fields, "organisation"]
    fields = [*ContributionAdmin.fields, *OWN]
    readonly_fields = [*ContributionAdmin.readonly_fields, *OWN]

    @admin.display(description=_("type"), ordering="subtype")
    def type_words(self, document):
        return DocumentType(document.subtype).label if document.subtype else ""

    @admin.display(description=_("strength of evidence"), ordering="evidence_level")
    def level_words(self, document):
        level = document.evidence_level
        return "" if level is None else EvidenceLevel(level).label


@admin.register(Report)
class ReportAdmin(ContributionAdmin):
    """Reports are the editors' own: written and changed here, each time as a new version."""

    curated = True
    form = ReportForm
    list_display = ["title", "byline", "year", "month", "status", "reach_words", "published_at"]
    list_filter = ["status", "audience", "principles", "sectors", "year"]
    search_fields = ["title", "summary", "byline", "identifier"]
    search_help_text = _("Title, summary, byline or identifier")
    actions = ["publish_selected", *ContributionAdmin.actions]
    written_fields = [
        "title", "byline", "authors", "publishers", "year", "month", "identifier", "summary", "body",
        "files", "principles", "sectors", "keywords", "audience", "publish", "version", "form_key",
    ]  # fmt: skip

    def get_fields(self, request, obj=None):
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may_write:
            return ContributionAdmin.fields
        written = [name for name in self.written_fields if name != "publish" or obj is None or obj.is_draft]
        return written if obj is None else ["status", "reach_words", "published_at", "edited_at", *written]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change and not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        # The form's own fields need no naming, and two of them are columns that no form may offer.
        named = flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in named if name not in {"version", "form_key", "publish", "files"}]
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        values, publish = form.values(), bool(form.cleaned_data.get("publish"))
        if change:
            version = form.cleaned_data["version"]
            obj.revise(
                request.user, values, version=obj.version if version is None else version, publish=publish
            )
            return
        obj.kind = Report.KIND
        obj.form_key = form.cleaned_data["form_key"]
        obj.store(values, by=request.user)
        if publish:
            obj.submit(request.user)

    def save_related(self, request, form, formsets, change):
        """Tags were written with the rest, in save_model."""

    @admin.action(description=_("Publish drafts"), permissions=["change"])
    def publish_selected(self, request, queryset):
        for report in queryset.order_by("pk"):
            if not (report.body and report.card.get("principles") and report.card.get("sectors")):
                message = _("“%(title)s” needs text, a principle and a sector before it can be published.")
                self.message_user(request, message % {"title": report.title}, messages.WARNING)
                continue
            try:
                report.submit(request.user)
            except TransitionRefused:
                message = _("“%(title)s” is not a draft.")
                self.message_user(request, message % {"title": report.title}, messages.WARNING)
            else:
                message = _("“%(title)s” is published.")
                self.message_user(request, message % {"title": report.title}, messages.SUCCESS)


class TermAdmin(admin.ModelAdmin):
    """A vocabulary. A term that is in use can't be taken away, so none is ever deleted here."""

    list_display = ["name", "short_name", "order", "summary"]
    list_editable = ["order"]
    search_fields = ["name", "short_name", "summary"]
    prepopulated_fields = {"slug": ["name"]}

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change and not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return [*self.form.Meta.fields, *(["body"] if may_write else [])]

    def get_readonly_fields(self, request, obj=None):
        # Its address and its text hang on the slug.
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        vocabulary.forget()
        if form.cleaned_data.get("body"):
            Text.write(
                obj.text_key,
                title=obj.name,
                summary=obj.summary,
                body=form.cleaned_data["body"],
                by=request.user,
            )
        index_term(obj)


@admin.register(Principle)
class PrincipleAdmin(TermAdmin):
    form = PrincipleForm
    list_display = [*TermAdmin.list_display, "patch"]
    list_filter = ["patch"]


@admin.register(ServiceSector)
class ServiceSectorAdmin(TermAdmin):
    form = SectorForm
