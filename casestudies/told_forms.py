"""Inviting somebody to tell it too, and telling it: all rules of input are here."""

import re

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from commons.contributions.comment_forms import CommentForm

from .models import Account, Stance

PROFILE = re.compile(r"(?:.*/members/|@)?([a-z0-9][a-z0-9-]*)/?\Z", re.IGNORECASE)
STANCE_REQUIRED = {"required": _("Choose how you saw it."), "invalid_choice": _("Choose one of these.")}


class InvitationForm(forms.Form):
    """Whom to invite, by username or by the address of their page; gives `member`."""

    who = forms.CharField(
        label=_("Their username, or the address of their page here"),
        max_length=300,
        help_text=_("Such as ann-lee. They must be a member: ask them to join first if they are not."),
        error_messages={"required": _("Enter the username of the person you want to invite.")},
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["who"].widget.attrs.update({"autocomplete": "off", "autocapitalize": "none"})
        self.fields["who"].widget.attrs.pop("maxlength", None)

    def clean_who(self):
        written = self.cleaned_data["who"].strip()
        named = PROFILE.match(written)
        members = get_user_model().objects.visible_to(self.by)
        self.member = members.filter(username=named[1].lower()).first() if named else None
        if self.member is None:
            raise forms.ValidationError(
                _("There is no member with this username. Look at the address of their page: it ends in it."),
                code="no_such_member",
            )
        return written


class StanceForm(forms.ModelForm):
    """How somebody saw it, changed later."""

    stance = forms.ChoiceField(
        label=_("How did you see it?"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages=STANCE_REQUIRED,
    )

    class Meta:
        model = Account
        fields = ["stance"]


class TellForm(CommentForm):
    """A comment that tells it from the other side, and how its author saw it."""

    stance = forms.ChoiceField(
        label=_("How did you see it?"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages=STANCE_REQUIRED,
    )

    field_order = ["stance", "body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("In your own words")
