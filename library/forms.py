"""The forms in which editors keep reports and the vocabularies; they are shown in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import DRAFT, PUBLISH, ContributionForm
from commons.contributions.models import Role
from commons.files.forms import UploadsField
from commons.markup.render import BODY_LENGTH, clean_text
from commons.tagging.models import Principle, ServiceSector

from .models import Report
from .models.report import MOST_BYTES, ORIGINALS

MOST_LINES = 50
MOST_FILES = 5


class LinesField(forms.CharField):
    """Names typed one a line; gives a list of them, without empty lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value):
        lines = clean_text(super().to_python(value)).split("\n")
        return [line for line in (" ".join(line.split()) for line in lines) if line]

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST_LINES:
            raise forms.ValidationError(
                _("Use %(limit)d lines or fewer."), code="too_many_lines", params={"limit": MOST_LINES}
            )

    def run_validators(self, value):
        for line in value:
            super().run_validators(line)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


def refuse_stale_version(form, version):
    """Raise ValidationError when another version than `version` stands by now; sent again, the form replaces it."""
    # Locked until the admin's own transaction ends, so that nobody can save in between.
    rows = type(form.instance)._base_manager.select_for_update(of=("self",)).filter(pk=form.instance.pk)
    current = rows.values_list("version", flat=True).get()
    if version is not None and version != current:
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = current
        raise forms.ValidationError(
            _(
                "Somebody saved another version while you were writing: it is among the versions below. "
                "Nothing of yours is lost; if you save now, yours becomes the newest."
            ),
            code="stale",
        )


class ReportForm(ContributionForm):
    """A report as the editors describe it. Publishing it asks for text, a principle and a sector.

    `by`, who uploads its files, is set by the admin on a class of its own for each request.
    """

    by = None
    file_roles = {"files": Role.FILE}

    authors = LinesField(label=_("Authors"), help_text=_("One name a line."), required=False, max_length=120)
    publishers = LinesField(
        label=_("Publishers"), help_text=_("One name a line."), required=False, max_length=120
    )
    files = UploadsField(
        label=_("The report itself"),
        help_text=_(
            "If it may be shared: as PDF, Word, OpenDocument or plain text. Its words will be found too."
        ),
        accepted=ORIGINALS,
        most=MOST_FILES,
        most_bytes=MOST_BYTES,
        required=False,
    )
    publish = forms.BooleanField(label=_("Publish it now"), required=False)

    class Meta(ContributionForm.Meta):
        model = Report
        fields = [
            *ContributionForm.Meta.fields,
            "byline", "authors", "publishers", "year", "month", "identifier",
        ]  # fmt: skip
        widgets = {
            **ContributionForm.Meta.widgets,
            "title": forms.TextInput(attrs={"size": 80}),
            "byline": forms.TextInput(attrs={"size": 80}),
            "summary": forms.Textarea(attrs={"rows": 4, "cols": 80}),
            "body": forms.Textarea(attrs={"rows": 30, "cols": 80}),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "byline": _("Whose report it is, in a few words, such as “nef and NESTA”."),
            "body": _("You can use Markdown: ## for a heading, * for a list, ** around bold words."),
            "year": _("When the report was published."),
            "month": _("As a number, if it is known."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, by=self.by, **kwargs)
        self.fields["year"].required = True
        published = self.instance.pk is not None and self.instance.is_published
        self.wants = PUBLISH if published or self.data.get(self.add_prefix("publish")) else DRAFT

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 1000 <= year <= 9999:
            raise forms.ValidationError(_("Enter a year with four digits."), code="year_of_four_digits")
        return year

    def clean(self):
        values = super().clean()
        if self.instance.pk is None:
            self._refuse_second_sending(values.get("form_key"))
        else:
            refuse_stale_version(self, values.get("version"))
        return values

    def _refuse_second_sending(self, form_key):
        if form_key and Report.objects.filter(author=None, form_key=form_key).exists():
            raise forms.ValidationError(
                _("This form has been sent already: the report is in the list."), code="already_sent"
            )

    def values(self):
        return {name: value for name, value in super().values().items() if name != "publish"}


class TermForm(forms.ModelForm):
    """A term of a vocabulary with its text. A changed text is a new version; the old ones are kept."""

    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 80}),
        help_text=_("You can use Markdown: ## for a heading, * for a list, ** around bold words."),
    )

    class Meta:
        fields = ["name", "short_name", "slug", "order", "summary"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.instance.text if self.instance.pk else None
        self.initial.setdefault("body", text.body if text else "")

    def clean_body(self):
        body = clean_text(self.cleaned_data["body"]).strip()
        if not body and self.initial.get("body"):
            raise forms.ValidationError(
                _("The text can be changed, but not taken away."), code="text_taken_away"
            )
        return body


class PrincipleForm(TermForm):
    class Meta(TermForm.Meta):
        model = Principle
        fields = [*TermForm.Meta.fields, "patch"]


class SectorForm(TermForm):
    class Meta(TermForm.Meta):
        model = ServiceSector
