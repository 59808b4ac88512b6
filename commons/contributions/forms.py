"""The form in which a member writes a contribution: all rules of input are here."""

import unicodedata
import uuid

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text
from commons.tagging.forms import TermsField
from commons.tagging.models import normalise_keyword, validate_keyword

from .attaching import Chosen, chosen_of
from .models import Contribution
from .pictures import PictureFields

MOST_KEYWORDS = 12
PUBLISH, DRAFT, PREVIEW, PICTURE = "publish", "draft", "preview", "picture"


class KeywordsField(forms.CharField):
    """Keywords typed with commas between them; gives a list of normalised names, without doubles."""

    default_error_messages = {
        "too_many_keywords": _("Choose %(limit)d keywords or fewer."),
    }

    def to_python(self, value):
        names = [
            normalise_keyword(part)
            for part in clean_text(super().to_python(value)).replace("\n", ",").split(",")
        ]
        return list(dict.fromkeys(name for name in names if name))

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST_KEYWORDS:
            raise forms.ValidationError(
                self.error_messages["too_many_keywords"],
                code="too_many_keywords",
                params={"limit": MOST_KEYWORDS},
            )

    def run_validators(self, value):
        for name in value:
            validate_keyword(name)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, (list, tuple)) else value


class FollowChoice(forms.Form):
    """Whether to hear of what others answer: yes, unless whoever writes refuses it where they are asked."""

    follow = forms.BooleanField(label=_("Tell me when somebody answers"), required=False, initial=True)
    # An empty box is not sent at all, and neither is one that was never shown.
    follow_asked = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)

    def wants_to_follow(self):
        return self.cleaned_data["follow"] or not self.cleaned_data["follow_asked"]


class ContributionForm(FollowChoice, forms.ModelForm):
    """Title, text, pictures, tags and audience, common to all kinds. A kind's own form adds its fields.

    Publishing asks for text, a principle and a sector; a draft or preview only for a title, adding a picture for none
    of them. The
    hidden `form_key` makes one form one item, `version` notices that somebody else saved meanwhile.
    """

    keywords = KeywordsField(
        label=_("Keywords"),
        required=False,
        help_text=_("Words of your own, with commas between them, such as “direct payments, rural”."),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    needed_to_publish = {
        "body": _("Write your text before you publish. You can save a draft without it."),
        "principles": _("Choose at least one principle, so that people can find this."),
        "sectors": _("Choose at least one sector. “Across services” is one of them."),
    }

    class Meta:
        model = Contribution
        field_classes = {"principles": TermsField, "sectors": TermsField}
        fields = ["title", "summary", "body", "principles", "sectors", "keywords", "audience"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 16, "class": "tall"}),
            "audience": forms.RadioSelect,
        }
        help_texts = {
            "title": _("Say what it is about in one line."),
            "summary": _("One or two sentences that lists can show. Left empty, your first words are shown."),
            "body": _("You can format it: see the help below."),
            "principles": _("Which of the six does it show? Choose one or more."),
            "sectors": _("Choose one or more."),
        }
        error_messages = {
            "title": {
                "required": _("Enter a title."),
                "max_length": _(
                    "Shorten the title to %(limit_value)d characters or fewer (it has %(show_value)d)."
                ),
            },
            "summary": {
                "max_length": _(
                    "Shorten the summary to %(limit_value)d characters or fewer (it has %(show_value)d)."
                ),
            },
            "body": {
                "max_length": _(
                    "Shorten the text to %(limit_value)d characters or fewer (it has %(show_value)d)."
                ),
            },
            "audience": {"required": _("Choose who can see it.")},
        }

    # Which fields take files, and in which role they are attached.
    file_roles = {}

    def __init__(self, *args, wants=PUBLISH, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.wants = wants
        self._bind_files(by)
        self.pictures = PictureFields(self, by)
        self.fields["title"].widget.attrs["autocomplete"] = "off"
        for field in self.fields.values():
            # A browser cuts what is pasted at maxlength without a word; the server says so and keeps it.
            field.widget.attrs.pop("maxlength", None)
        self.fields["keywords"].widget.attrs.update(
            {"autocomplete": "off", "data-suggest": reverse("discovery:keyword_suggest")}
        )
        self.fields["body"].strip = False
        if not self.is_bound:
            self.initial.setdefault("form_key", uuid.uuid4())
        if self.instance.pk:
            del self.fields["follow"], self.fields["follow_asked"]
            self.initial.setdefault("version", self.instance.version)
            if "keywords" not in kwargs.get("initial", {}):
                self.initial["keywords"] = [name for name, _slug in self.instance.card.get("keywords", [])]

        for name, message in self.needed_to_publish.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message

    def _bind_files(self, by):
        """Tell the fields for files whose the uploads are, and which files the item has already."""
        there = chosen_of(self.instance) if self.file_roles and self.instance.pk else []
        for name, role in self.file_roles.items():
            self.fields[name].bind(by, [each.file for each in there if each.role == role])

    def full_clean(self):
        """A draft or a preview may lack what publishing asks for; the form goes on showing it as asked for."""
        for name in self.needed_to_publish:
            self.fields[name].required = self.wants == PUBLISH
        if self.is_bound:
            self.pictures.take_in()
        super().full_clean()
        if self.is_bound:
            if self.wants == PICTURE:
                self._errors.clear()
            self.pictures.check(adding=self.wants == PICTURE, described=self.wants in {PUBLISH, DRAFT})
        for name in self.needed_to_publish:
            self.fields[name].required = True

    def clean_title(self):
        title = " ".join(clean_text(self.cleaned_data["title"]).split())
        if not any(unicodedata.category(c)[0] not in "CZ" for c in title):
            raise forms.ValidationError(_("Enter a title."), code="required")
        return title

    def clean_summary(self):
        return " ".join(clean_text(self.cleaned_data["summary"]).split())

    def clean_form_key(self):
        return self.cleaned_data["form_key"] or uuid.uuid4()

    def for_pictures(self):
        """Return the fields of the pictures, which stand folded away."""
        return [field for field in self.visible_fields() if field.name in self.pictures.names]

    def pictures_open(self):
        """Whether they are shown unfolded: there are some, or something is wrong there."""
        return bool(self.pictures.there) or any(field.errors for field in self.for_pictures())

    def values(self):
        """Return the cleaned values as Contribution.begin and revise take them."""
        skip = {"form_key", "version", "follow", "follow_asked", *self.file_roles, *self.pictures.names}
        values = {name: value for name, value in self.cleaned_data.items() if name not in skip}
        return {**values, "files": self.chosen_files()}

    def chosen_files(self):
        """Return the files that were chosen, as attaching.Chosen, in the order of the fields; pictures come last."""
        files = [
            Chosen(file, role)
            for name, role in self.file_roles.items()
            for file in self.cleaned_data.get(name) or []
        ]
        return [*files, *self.pictures.chosen()]
