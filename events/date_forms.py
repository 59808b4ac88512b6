"""The forms for what happens to a date that is announced: moved, different in some way, or called off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .dates import WallTime
from .forms import ERRORS, LONGEST_DATE, NOT_A_DAY, NOT_A_TIME, day_input, ends_first, time_input
from .models import Occurrence


def one_line(text):
    return " ".join(clean_text(text).split())


class DateForm(forms.ModelForm):
    """When one date takes place, and what is different about it. Without times where the event has none."""

    class Meta:
        model = Occurrence
        fields = ["starts_on", "starts_time", "ends_on", "ends_time", "note"]
        widgets = {
            "starts_on": day_input(), "ends_on": day_input(), "starts_time": time_input(), "ends_time": time_input(),
        }  # fmt: skip
        help_texts = {
            "ends_time": _("Left empty, it lasts until the end of the day."),
            "note": _("For example: “In the small hall this time.” Everybody reads it beside the date."),
        }
        error_messages = {
            "starts_on": {"required": ERRORS["no_start"], "invalid": NOT_A_DAY},
            "ends_on": {"required": _("Enter the last day."), "invalid": NOT_A_DAY},
            "starts_time": {"invalid": NOT_A_TIME},
            "ends_time": {"invalid": NOT_A_TIME},
        }

    def __init__(self, *args, all_day=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop(
            "maxlength", None
        )  # the server says so, and keeps what was typed
        for name in ("starts_time", "ends_time"):
            if all_day:
                del self.fields[name]
        if not all_day:
            self.fields["starts_time"].required = True
            self.fields["starts_time"].error_messages["required"] = _("Enter when it starts.")

    def clean_note(self):
        return one_line(self.cleaned_data["note"])

    def clean(self):
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last:
            if last < first:
                self._refuse("ends_on", "end_before_start")
            elif last > first + LONGEST_DATE:
                self._refuse("ends_on", "lasts_too_long")
            elif last == first and ends_first(said.get("starts_time"), said.get("ends_time")):
                self._refuse("ends_time", "end_before_start")
        return said

    def _refuse(self, field, code):
        self.add_error(field, forms.ValidationError(ERRORS[code], code=code))

    def wall_time(self):
        """Return when it takes place, as a WallTime."""
        said = self.cleaned_data
        return WallTime(said["starts_on"], said.get("starts_time"), said["ends_on"], said.get("ends_time"))

    def _post_clean(self):
        """The date itself is changed by changes.change_date() alone, which needs to know how it stood."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("Everybody reads this on the page, and whoever said that they come is told."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in words that everybody will read.")},
    )

    def clean_reason(self):
        reason = one_line(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"], code="required")
        return reason
