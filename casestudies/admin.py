"""Case studies in the admin: all that one says, with its rows, and what was told of it from the other side."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from commons.contributions.admin import ContributionAdmin

from . import facts
from .models import Account, CaseStudy
from .models.case_study import LONG_TEXTS
from .models.rows import CostOrBenefit, Outcome


class ReadOnlyInline(admin.TabularInline):
    """Rows as they stand, seen by whoever may see the case study."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


class OutcomeInline(ReadOnlyInline):
    model = Outcome
    fields = readonly_fields = ["measure", "before", "after", "unit", "compared_with", "period", "source"]


class CostInline(ReadOnlyInline):
    """Amounts are in pence or cents, as they are kept."""

    model = CostOrBenefit
    fields = readonly_fields = [
        "holder", "flow", "about", "low", "high", "currency", "price_year", "recurrence", "source",
    ]  # fmt: skip


class AccountInline(ReadOnlyInline):
    """What was told from the other side. Who was invited and has not told anything is their own business."""

    model = Account
    fields = readonly_fields = ["side", "stance", "comment", "told_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(told_at=None).select_related("comment")


@admin.register(CaseStudy)
class CaseStudyAdmin(ContributionAdmin):
    OWN = (
        "side", "teller", "place_words", "when_words", "people_words", "sentence_words", "level_words",
        *LONG_TEXTS, "contact", "consent", "consent_words",
    )  # fmt: skip
    list_display = [*ContributionAdmin.list_display, "level_words"]
    list_filter = [*ContributionAdmin.list_filter, "evidence_level", "side", "region"]
    fields = [*ContributionAdmin.fields, *OWN]
    readonly_fields = [*ContributionAdmin.readonly_fields, *OWN]
    inlines = [OutcomeInline, CostInline, AccountInline]

    @admin.display(description=_("place"))
    def place_words(self, item):
        return facts.place_words(item)

    @admin.display(description=_("when"))
    def when_words(self, item):
        return facts.when_words(item)

    @admin.display(description=_("who took part"))
    def people_words(self, item):
        return facts.people_words(item)

    @admin.display(description=_("how the principles showed up"))
    def sentence_words(self, item):
        shown = ((term.name, sentence) for term, sentence in facts.sentences_of(item))
        return format_html_join("", "<p>{}: {}</p>", shown)

    @admin.display(description=_("strength of evidence"), ordering="evidence_level")
    def level_words(self, item):
        return facts.evidence_words(item)
