"""The form in which a member shares a document."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import PUBLISH, ContributionForm
from commons.contributions.models import Role
from commons.files.accepted import DOCUMENTS
from commons.files.forms import UploadsField
from commons.markup.render import clean_text
from commons.tagging.evidence import CITATION, EvidenceLevel
from commons.tagging.evidence import HELP as LEVEL_HELP
from commons.tagging.regions import Region

from .editions import replaceable
from .models import Document
from .models.document import LICENCE_HELP, DocumentType, Evaluator, Licence

MOST_FILES = 10
MOST_BYTES = settings.NETWORK_FILE_MB * 1024 * 1024
EARLIEST = 1800
FROM_THE_LIST = {"invalid_choice": _("Choose from the list.")}
ABOUT_EVALUATION = ("evaluated", "evaluator", "method", "findings", "evidence_level")
ORDER = [
    "title", "subtype", "files", "organisation", "year", "place", "region", "licence", "summary", "body",
    *ABOUT_EVALUATION, "principles", "sectors", "keywords", "audience",
]  # fmt: skip


class ExplainedRadios(forms.RadioSelect):
    """Radio buttons that say beside each choice what it means. `explanations` are by the choices' values."""

    def __init__(self, explanations, attrs=None):
        super().__init__(attrs)
        self.explanations = {str(value): words for value, words in explanations.items()}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.explanations = self.explanations
        return copied

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "explanation": self.explanations.get(str(value), "")}


class DocumentForm(ContributionForm):
    """A document with its files. What is asked about an evaluation counts for an evaluation alone."""

    subtype = forms.ChoiceField(
        label=_("What it is"),
        choices=DocumentType,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )
    files = UploadsField(label=_("Files"), accepted=DOCUMENTS, most=MOST_FILES, most_bytes=MOST_BYTES)
    year = forms.IntegerField(
        label=_("Year in which it was published"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        error_messages={"invalid": _("Enter the year as four digits, such as 2019.")},
    )
    licence = forms.ChoiceField(
        label=_("Licence: what others may do with it"),
        choices=Licence,
        initial=Licence.UNKNOWN,
        widget=ExplainedRadios({code.value: words for code, words in LICENCE_HELP.items()}),
        help_text=_("It often stands on the first or last page."),
        error_messages=FROM_THE_LIST,
    )
    evaluator = forms.ChoiceField(
        label=_("Who evaluated it"),
        choices=Evaluator,
        required=False,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
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
        widget=ExplainedRadios({level.value: words for level, words in LEVEL_HELP.items()}),
        help_text=CITATION,
        error_messages=FROM_THE_LIST,
    )
    supersedes = forms.CharField(widget=forms.HiddenInput, required=False)
    file_roles = {"files": Role.FILE}
    ABOUT_EVALUATION = ABOUT_EVALUATION

    field_order = ORDER

    needed_to_publish = {
        "subtype": _("Say what kind of document it is."),
        "files": _("Choose at least one file before you publish. You can save a draft without it."),
        "year": _("Enter the year in which it was published."),
        "licence": _("Choose a licence. “I don’t know” is one of the answers."),
        "summary": _("Say in a sentence or two what it is about."),
        **{name: ContributionForm.needed_to_publish[name] for name in ("principles", "sectors")},
    }
    needed_of_an_evaluation = {
        "evaluated": _("Say what was evaluated."),
        "evaluator": _("Say who evaluated it."),
        "method": _("Say how it was evaluated."),
        "findings": _("Say what it found."),
        "evidence_level": _("Choose how strong its evidence is. “Story only” is one of the answers."),
    }

    class Meta(ContributionForm.Meta):
        model = Document
        # Not the columns that no ModelForm may name: they are fields above, and values() has them.
        fields = [name for name in ORDER if name not in {"subtype", "files", "evidence_level"}]
        labels = {
            "region": _("Nation or region it applies to"),
            "body": _("What it is good for"),
        }
        widgets = {
            **ContributionForm.Meta.widgets,
            "body": forms.Textarea(attrs={"rows": 8}),
            "method": forms.Textarea(attrs={"rows": 4}),
            "findings": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "title": _("As it stands on the document itself."),
            "organisation": _("Whose document it is, such as a council, a trust or a charity."),
            "place": _("Such as a town, a county or a service."),
            "summary": _("What is it about? One or two sentences that lists can show."),
            "body": _("Who will find it useful, and for what? You can format it: see the help below."),
            "evaluated": _("Such as “Peer support in two GP surgeries, 2019 to 2021”."),
            "method": _("How was it looked at, how many people took part, and over what time?"),
            "findings": _("What changed, what didn’t, and what could not be told?"),
        }
        error_messages = {
            **ContributionForm.Meta.error_messages,
            **{
                name: {
                    "max_length": _(
                        "Shorten this to %(limit_value)d characters or fewer (it has %(show_value)d)."
                    )
                }
                for name in ("organisation", "place", "evaluated", "method", "findings")
            },
            "region": FROM_THE_LIST,
        }

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.by = by
        self.fields["body"].required = False
        self.fields["region"].choices = [("", _("Not said")), *Region.choices]
        if self.instance.pk:
            del self.fields["supersedes"]
            for name in ("subtype", "evidence_level"):  # no editable columns: ModelForm leaves them out
                self.initial.setdefault(name, getattr(self.instance, name))

    def replaced(self):
        """Return the document of which this is to be a newer version, or None. One query where one is named."""
        if self.instance.pk:
            return self.instance.replaces if self.instance.replaces_id else None
        return replaceable(self.by, self["supersedes"].value())

    def about_evaluation(self):
        """Return the fields about an evaluation, for a fieldset of their own."""
        return [self[name] for name in ABOUT_EVALUATION]

    def clean_supersedes(self):
        """One that was taken down meanwhile, or is not theirs to replace, is left alone: this stands on its own."""
        return replaceable(self.by, self.cleaned_data["supersedes"])

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and not EARLIEST <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError(
                _("Enter a year from %(first)d to %(last)d."),
                code="year_out_of_range",
                params={"first": EARLIEST, "last": timezone.localdate().year + 1},
            )
        return year

    def clean_licence(self):
        return self.cleaned_data["licence"] or Licence.UNKNOWN

    def clean_organisation(self):
        return _on_one_line(self.cleaned_data["organisation"])

    def clean_place(self):
        return _on_one_line(self.cleaned_data["place"])

    def clean_evaluated(self):
        return _on_one_line(self.cleaned_data["evaluated"])

    def clean_method(self):
        return clean_text(self.cleaned_data["method"]).strip()

    def clean_findings(self):
        return clean_text(self.cleaned_data["findings"]).strip()

    def clean(self):
        values = super().clean()
        if values.get("subtype") == DocumentType.EVALUATION:
            self._ask_about_evaluation(values)
        elif "subtype" in values:
            self._leave_out_evaluation(values)
        return values

    def _ask_about_evaluation(self, values):
        if self.wants != PUBLISH:
            return
        for name, message in self.needed_of_an_evaluation.items():
            if name not in self.errors and values.get(name) in {"", None}:
                self.add_error(name, forms.ValidationError(message, code="required"))

    def _leave_out_evaluation(self, values):
        for name in ABOUT_EVALUATION:
            self.errors.pop(name, None)
            values[name] = None if name == "evidence_level" else ""

    def values(self):
        values = super().values()
        replaced = values.pop("supersedes", None)
        return {**values, "replaces": replaced} if replaced else values


def _on_one_line(text):
    return " ".join(clean_text(text).split())
