"""Saying whether one comes, and writing to those who do: all rules of input are here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .models import Answer, Rsvp


class RsvpForm(forms.ModelForm):
    class Meta:
        model = Rsvp
        fields = ["answer", "access_needs"]
        widgets = {"answer": forms.RadioSelect, "access_needs": forms.Textarea(attrs={"rows": 4})}
        labels = {"answer": _("Will you come?"), "access_needs": _("What do you need to take part?")}
        help_texts = {
            "access_needs": _(
                "For example an interpreter, step-free access, food you can’t eat. Only the organiser sees it."
            )
        }
        error_messages = {
            "answer": {
                "required": _("Choose whether you will come."),
                "invalid_choice": _("Choose one of these."),
            },
            "access_needs": {
                "max_length": _(
                    "Shorten this to %(limit_value)d characters or fewer (it has %(show_value)d)."
                )
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = Answer.choices
        self.fields["access_needs"].widget.attrs.pop("maxlength", None)

    def clean_access_needs(self):
        return clean_text(self.cleaned_data["access_needs"]).strip()


class WordToPeopleForm(forms.Form):
    """What the organiser writes to those who come."""

    GOING, EVERYBODY = "going", "everybody"

    to = forms.ChoiceField(
        label=_("To"),
        choices=[
            (GOING, _("Those who are going")),
            (EVERYBODY, _("Those who are going, may come, or wait for a place")),
        ],
        initial=GOING,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom you write to."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=150,
        error_messages={
            "required": _("Enter a subject."),
            "max_length": _(
                "Shorten the subject to %(limit_value)d characters or fewer (it has %(show_value)d)."
            ),
        },
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "It goes to their inbox here and by e-mail. They don’t see your address, nor you theirs."
        ),
        error_messages={
            "required": _("Write your text first."),
            "max_length": _(
                "Shorten the text to %(limit_value)d characters or fewer (it has %(show_value)d)."
            ),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("subject", "text"):
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean_subject(self):
        return " ".join(clean_text(self.cleaned_data["subject"]).split())

    def clean_text(self):
        return clean_text(self.cleaned_data["text"]).strip()
