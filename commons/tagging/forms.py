"""Choosing principles and sectors in a form."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TermsField(forms.ModelMultipleChoiceField):
    """Several terms of a vocabulary, as checkboxes. Ids that no database could hold are refused like any other."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": _("Choose from the list."),
        "invalid_pk_value": _("Choose from the list."),
        "list": _("Choose from the list."),
    }

    def _check_values(self, value):
        for one in value:
            if not (str(one).isascii() and str(one).isdecimal() and len(str(one)) <= 9):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super()._check_values(value)
