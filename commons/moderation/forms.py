"""What somebody types who reports something, and who answers a decision. All rules of this input are here."""

import uuid

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .models import FlagReason

WORDS_LENGTH = 4_000
# What each reason covers, in a reader's words.
EXPLAINED = {
    FlagReason.ILLEGAL: _("Such as threats, hatred, fraud, or sexual abuse"),
    FlagReason.HARM: _(
        "Such as bullying, or something that could lead somebody to hurt themselves or others"
    ),
    FlagReason.SPAM: _("Advertising, requests for money, links that lead into a trap"),
    FlagReason.PERSONAL_DATA: _("It tells something about a person who has not agreed to it"),
    FlagReason.OFF_TOPIC: _("It has nothing to do with co-production or public services"),
    FlagReason.OTHER: _("Say below what is wrong"),
}


class PlainWordsForm(forms.Form):
    """A form with `words`, and with a field that people don't see and robots fill in."""

    words = forms.CharField(
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "max_length": _("Use %(limit_value)d characters or fewer (there are %(show_value)d)."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The browser would count line ends differently and cut what was typed without a word.
        self.fields["words"].widget.attrs.pop("maxlength", None)

    def clean_words(self):
        words = clean_text(self.cleaned_data["words"]).strip()
        if not words and self.fields["words"].required:
            raise forms.ValidationError(self.fields["words"].error_messages["required"], code="required")
        return words

    def clean(self):
        values = super().clean()
        if self.data.get("leave_empty"):
            raise forms.ValidationError(
                _("This looked like a message from a robot. If you are a person, please send it once more."),
                code="robot",
            )
        return values


class ReportForm(PlainWordsForm):
    """Why something should be looked at. A visitor may leave an address; a member's is known."""

    field_order = ["reason", "words", "email"]
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=FlagReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose one of the reasons listed."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want to hear back"),
        help_text=_(
            "We use it to tell you that your report arrived and what came of it, and for nothing else."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Enter an e-mail address like name@example.org, or leave it empty."),
            "max_length": _("Enter an e-mail address of %(limit_value)d characters or fewer."),
        },
    )

    def __init__(self, *args, member=None, **kwargs):
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.label = _("What should we know?")
        words.help_text = _("In your own words: what is wrong, and where it stands. Needed for “Other”.")
        words.required = False
        self.fields["reason"].choices = [
            (reason.value, format_html('{} <span class="hint">{}</span>', reason.label, EXPLAINED[reason]))
            for reason in FlagReason
        ]
        if member is not None:
            del self.fields["email"]
        else:
            self.fields["email"].widget.attrs.pop("maxlength", None)
        if not self.is_bound:
            self.initial.setdefault("form_key", uuid.uuid4())

    def clean_email(self):
        email = self.cleaned_data["email"]
        if clean_text(email) != email:  # between quotation marks Django lets control characters pass
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    def clean(self):
        values = super().clean()
        if values.get("reason") == FlagReason.OTHER and "words" in values and not values["words"]:
            self.add_error(
                "words", forms.ValidationError(_("Say in your own words what is wrong."), code="required")
            )
        return values


class AppealForm(PlainWordsForm):
    """The author's one answer to a decision."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.label = _("Why do you think it should be decided otherwise?")
        words.help_text = _(
            "You can answer once. Say what was overlooked, or what you have in mind to change."
        )
        words.error_messages["required"] = _("Say why it should be decided otherwise.")
