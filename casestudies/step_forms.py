"""The full form of a case study, step by step: each step is a form of its own and is saved by itself."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.attaching import Chosen, chosen_of
from commons.contributions.models import Role
from commons.files.accepted import DOCUMENTS
from commons.files.forms import UploadsField
from commons.markup.render import clean_text
from commons.tagging.evidence import CITATION, EvidenceLevel

from .forms import FROM_THE_LIST, TOO_LONG, on_one_line
from .models import CaseStudy
from .models.case_study import BARRIERS
from .row_forms import CostForm, OutcomeForm, TakingPartForm, row_forms

EARLIEST = 1800
CHOICES_OF_MONTHS = [("", _("I don’t know")), *MONTHS.items()]
MOST_FILES = 10


class YearField(forms.IntegerField):
    """A year, typed with four digits."""

    def __init__(self, **kwargs):
        words = _("Enter the year as four digits, such as 2019.")
        super().__init__(
            required=False,
            min_value=EARLIEST,
            max_value=2999,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
            **kwargs,
        )


class MonthField(forms.TypedChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            choices=CHOICES_OF_MONTHS,
            coerce=int,
            empty_value=None,
            error_messages=FROM_THE_LIST,
            **kwargs,
        )


class StepForm(forms.ModelForm):
    """One step. `tables` are (name of the rows, RowForm, heading, what to write there) of its tables.

    Bound and shown like any form; the tables are RowFormSets beside it, and `is_valid` asks them too.
    """

    tables = ()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = CaseStudy
        fields = []

    def __init__(self, *args, by, more=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.initial.setdefault("version", self.instance.version)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            if getattr(field, "max_length", None):
                field.error_messages["max_length"] = TOO_LONG
        self.row_sets = [
            (
                name,
                heading,
                hint,
                row_forms(
                    form, name, self.instance.rows_of(name), self.data if self.is_bound else None, more
                ),
            )
            for name, form, heading, hint in self.tables
        ]

    def is_valid(self):
        return all([super().is_valid(), *(rows.is_valid() for *_rest, rows in self.row_sets)])

    def hush(self):
        """Say nothing of what is wrong yet."""
        self.errors.clear()
        for *_rest, rows in self.row_sets:
            rows.hush()

    def has_file_field(self):
        return any(isinstance(field, UploadsField) for field in self.fields.values())

    def row_problems(self):
        """Return (id, message) of what is wrong in rows, for the summary of the page."""
        return [problem for *_rest, rows in self.row_sets for problem in rows.problems()]

    def clean(self):
        values = super().clean()
        return {
            name: clean_text(value).strip() if isinstance(value, str) else value
            for name, value in values.items()
        }

    def values(self):
        """Return what is stored: the step's columns and its rows."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**values, **{name: rows.rows() for name, _heading, _hint, rows in self.row_sets}}


class PeopleForm(StepForm):
    tables = (
        (
            "taking_part",
            TakingPartForm,
            _("Who took part"),
            _("One row for each sort of people: those who use the service, family, neighbours, staff."),
        ),
    )

    from_year = YearField(label=_("Began in the year"))
    from_month = MonthField(label=_("Month in which it began"))
    to_year = YearField(label=_("Ended in the year"))
    to_month = MonthField(label=_("Month in which it ended"))
    ongoing = forms.NullBooleanField(
        label=_("Does it still go on?"),
        required=False,
        widget=forms.Select(choices=[("", _("I don’t know")), ("true", _("Yes")), ("false", _("No"))]),
    )

    class Meta(StepForm.Meta):
        fields = ["from_year", "from_month", "to_year", "to_month", "ongoing", "citizens_did"]
        widgets = {"citizens_did": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "citizens_did": _("What did people who use the service decide, and what did they do themselves?")
        }

    def clean(self):
        values = super().clean()
        first, last = values.get("from_year"), values.get("to_year")
        if first and last and (last, values.get("to_month") or 12) < (first, values.get("from_month") or 1):
            self.add_error(
                "to_year", forms.ValidationError(_("It can’t end before it began."), code="ends_first")
            )
        if first and first > timezone.localdate().year:
            self.add_error(
                "from_year", forms.ValidationError(_("Enter a year that has begun."), code="not_yet")
            )
        for year, month in (("from_year", "from_month"), ("to_year", "to_month")):
            if values.get(month) and not values.get(year) and year not in self.errors:
                self.add_error(
                    year, forms.ValidationError(_("Enter the year of this month."), code="month_alone")
                )
        return values


class ChangeForm(StepForm):
    class Meta(StepForm.Meta):
        fields = ["before", "after"]
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in ("before", "after")}
        help_texts = {
            "before": _("How was it, for the people and for the service?"),
            "after": _("What is different now? What is not?"),
        }


class OutcomesForm(StepForm):
    tables = (
        ("outcomes", OutcomeForm, _("Outcomes"), _("One row for each thing that was counted or measured.")),
    )

    evidence_level = forms.TypedChoiceField(
        label=_("Strength of evidence"),
        choices=[
            (level, format_lazy("{level}. {words}", level=level, words=words))
            for level, words in EvidenceLevel.choices
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=CITATION,
        error_messages=FROM_THE_LIST,
    )

    class Meta(StepForm.Meta):
        fields = ["evidence_reason"]
        widgets = {"evidence_reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"evidence_reason": _("Why this level, and not the one above it?")}

    field_order = ["evidence_level", "evidence_reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("evidence_level", self.instance.evidence_level)


class CostsForm(StepForm):
    tables = (
        (
            "costs_and_benefits",
            CostForm,
            _("Costs and benefits"),
            _(
                "One row for each amount that somebody pays or gains. Enter what you know; nothing is filled in."
            ),
        ),
    )


class ObstaclesForm(StepForm):
    class Meta(StepForm.Meta):
        fields = [*(f"obstacles_{barrier}" for barrier in BARRIERS), "differently"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in fields}
        labels = {
            "obstacles_commissioning": _("Commissioning: what stood in the way, and how did you meet it?"),
            "obstacles_evidence": _("Evidence of value: what stood in the way, and how did you meet it?"),
            "obstacles_scale": _("Reaching scale: what stood in the way, and how did you meet it?"),
            "obstacles_skills": _("Professional skills: what stood in the way, and how did you meet it?"),
        }


class SharingForm(StepForm):
    files = UploadsField(
        label=_("Files"), accepted=DOCUMENTS, most=MOST_FILES, most_bytes=settings.NETWORK_FILE_MB * 1024 * 1024,
        required=False,
    )  # fmt: skip

    class Meta(StepForm.Meta):
        fields = ["contact", "consent", "consent_words"]
        labels = {"consent": _("Those who are described here agreed to this being published")}
        help_texts = {
            "contact": _(
                "Whom others can ask, such as a job title and an organisation. Everybody can read it."
            ),
            "consent_words": _("Such as “Everybody named has read it”."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = [each for each in chosen_of(self.instance) if each.role != Role.FILE]
        there = [each.file for each in chosen_of(self.instance) if each.role == Role.FILE]
        self.fields["files"].bind(self.by, there)

    def clean_contact(self):
        return on_one_line(self.cleaned_data["contact"])

    def values(self):
        values = super().values()
        chosen = [Chosen(file, Role.FILE) for file in values.pop("files", None) or []]
        return {**values, "files": [*chosen, *self.others]}


@dataclass(frozen=True)
class Step:
    """One step of the full form: its name in the address, and what it is called."""

    slug: str
    label: object
    form: object


STEPS = (
    Step("people", _("Who took part, and when"), PeopleForm),
    Step("change", _("Before and after"), ChangeForm),
    Step("outcomes", _("Outcomes and evidence"), OutcomesForm),
    Step("costs", _("Costs and benefits"), CostsForm),
    Step("obstacles", _("Obstacles and lessons"), ObstaclesForm),
    Step("sharing", _("Files, contact and consent"), SharingForm),
)


def step_of(slug):
    """Return (the Step, the one after it or None), or (None, None)."""
    for step, following in zip(STEPS, (*STEPS[1:], None), strict=True):
        if step.slug == slug:
            return step, following
    return None, None
