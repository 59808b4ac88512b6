"""What a moderator fills in for a step: words to the member, and for a suspension until when."""

from datetime import datetime, time

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .steps import OF_MEMBER

REASON_LENGTH = 2_000
LAST_YEAR = 8_999  # past it a suspension is one without an end


class LastDayField(forms.DateField):
    """The last day of a suspension: today or later."""

    widget = AdminDateWidget
    default_error_messages = {
        "required": _("Give the last day."),
        "invalid": _("Write the day like 2026-11-30."),
        "day_over": _("This day is over."),
        "day_too_far": _("This day is too far away."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("Last day of the suspension"), **kwargs})

    def validate(self, value):
        super().validate(value)
        if value is not None and value < timezone.localdate():
            raise ValidationError(self.error_messages["day_over"], code="day_over")
        if value is not None and value.year > LAST_YEAR:
            raise ValidationError(self.error_messages["day_too_far"], code="day_too_far")


def end_of(day):
    """Return the last moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.max))


class ReasonField(forms.CharField):
    """Words to a member, which they read exactly as they stand here."""

    def __init__(self, **kwargs):
        words = {
            "label": _("Words to the author"),
            "help_text": _(
                "They read exactly these words, by e-mail and in their inbox. Say what was wrong, kindly."
            ),
            "max_length": REASON_LENGTH,
            "widget": forms.Textarea(attrs={"rows": 6, "cols": 60}),
        }
        super().__init__(**{**words, **kwargs})

    def clean(self, value):
        return clean_text(super().clean(value)).strip()


class StepForm(forms.Form):
    """The form of one step: which fields it has is said by Step.asks."""

    last_day = LastDayField()
    words = ReasonField(
        error_messages={"required": _("Say why, in words for the author.")},
    )
    hide_profile = forms.BooleanField(label=_("Hide the profile too"), required=False)
    hide_written = forms.BooleanField(label=_("Hide what they wrote too"), required=False)
    seen_open = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, step, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = "reason" in step.asks
        if step.about == OF_MEMBER:
            self.fields["words"].label = _("Words to the member")
        if "reason" not in step.asks:
            self.fields["words"].help_text = (
                _("They read exactly these words. Leave it empty to tell them nothing.")
                if "silence" in step.asks
                else _("They read exactly these words, by e-mail and in their inbox.")
            )
        if "last_day" not in step.asks:
            del self.fields["last_day"]
        if "hiding" not in step.asks:
            del self.fields["hide_profile"], self.fields["hide_written"]

    def values(self):
        """Return the cleaned values as steps take them, with `until` made of the last day."""
        values = dict(self.cleaned_data)
        if "last_day" in values:
            values["until"] = end_of(values["last_day"])
        return values
