"""The quick form of a case study: ten minutes, and it can be published. The other steps are in step_forms.py."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import ContributionForm
from commons.markup.render import clean_text
from commons.tagging.models import Principle

from .models import CaseStudy
from .models.sides import Side

SENTENCE_LENGTH = 400
TOO_LONG = _("Shorten this to %(limit_value)d characters or fewer (it has %(show_value)d).")
FROM_THE_LIST = {"invalid_choice": _("Choose from the list.")}
ORDER = ["title", "summary", "sectors", "place", "region", "side", "teller", "body", "principles"]


class CaseStudyForm(ContributionForm):
    """What happened, where, who tells it, and for each principle one sentence on how it showed up.

    A principle with a sentence is a chosen one, ticked or not. `sentences` are the fields of the sentences.
    """

    side = forms.ChoiceField(
        label=_("From which side do you tell it?"),
        choices=Side,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("You can invite somebody from the other side to tell it too, once it is published."),
        error_messages=FROM_THE_LIST,
    )

    needed_to_publish = {
        **ContributionForm.needed_to_publish,
        "body": _("Tell what happened before you publish. You can save a draft without it."),
        "principles": _("Choose at least one principle that showed up."),
    }

    class Meta(ContributionForm.Meta):
        model = CaseStudy
        fields = [*ORDER, "keywords", "audience"]
        labels = {"body": _("What happened"), "teller": _("Who tells it")}
        widgets = {**ContributionForm.Meta.widgets, "body": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "title": _("Such as what was done, and where."),
            "summary": _("One or two sentences: what was done together, and what came of it."),
            "place": _("Such as a town, a neighbourhood or a service."),
            "teller": _(
                "How others should know you in this story, such as “a tenant and her housing officer”."
            ),
            "body": _(
                "How did it begin, what did people do together, and what changed? You can format it: see below."
            ),
            "principles": _(
                "Which of the six showed up? Say how in the fields below; a sentence each is plenty."
            ),
        }
        error_messages = {
            **ContributionForm.Meta.error_messages,
            **{name: {"max_length": TOO_LONG} for name in ("place", "teller")},
            "region": FROM_THE_LIST,
        }

    field_order = ORDER

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shown = {}
        if self.instance.pk:
            shown = {
                row["principle_id"]: row["sentence"] for row in self.instance.rows_of("principles_shown")
            }
        self.principle_of = {}
        for principle in Principle.objects.all():
            name = f"shown_{principle.pk}"
            self.principle_of[name] = principle
            self.fields[name] = forms.CharField(
                label=principle.name,
                required=False,
                max_length=SENTENCE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": TOO_LONG},
            )
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.initial.setdefault(name, shown.get(principle.pk, ""))
        names = [name for name in self.fields if name not in self.principle_of]
        place = names.index("principles") + 1
        self.order_fields([*names[:place], *self.principle_of, *names[place:]])

    def full_clean(self):
        """What has a sentence counts as chosen before anything is asked of `principles`."""
        if self.is_bound:
            self.data = self._with_chosen(self.data)
        super().full_clean()

    def _with_chosen(self, data):
        if not hasattr(data, "getlist"):
            return data
        ticked = data.getlist("principles")
        told = [
            str(principle.pk)
            for name, principle in self.principle_of.items()
            if clean_text(data.get(name, "")).strip() and str(principle.pk) not in ticked
        ]
        if not told:
            return data
        data = data.copy()
        data.setlist("principles", [*ticked, *told])
        return data

    def about(self):
        """Return the fields before those of the pictures, for the template."""
        return [self[name] for name in ORDER if name != "principles"]

    def sentences(self):
        """Return the fields of the sentences, for a group of their own."""
        return [self[name] for name in self.principle_of]

    def rest(self):
        """Return the fields after the sentences."""
        before = {*ORDER, *self.principle_of, *self.pictures.names}
        return [field for field in self.visible_fields() if field.name not in before]

    def clean_place(self):
        return on_one_line(self.cleaned_data["place"])

    def clean_teller(self):
        return on_one_line(self.cleaned_data["teller"])

    def values(self):
        values = super().values()
        shown = []
        for name, principle in self.principle_of.items():
            sentence = on_one_line(values.pop(name, ""))
            if sentence:
                shown.append({"principle_id": principle.pk, "sentence": sentence})
        return {**values, "principles_shown": shown}


def on_one_line(text):
    return " ".join(clean_text(text).split())
