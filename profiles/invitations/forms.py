"""What a member types to invite somebody: all rules of input are here."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text
from commons.moderation.signs import ways_off_this_site, wording

from ..account_forms import EMAIL_LENGTH, EMAIL_WRONG
from ..models import Member
from .models import FOR_WHOM_LENGTH, NOTE_LENGTH
from .tokens import digest_of

TOO_LONG = _("Use %(limit_value)d characters or fewer (there are %(show_value)d).")


class InvitationForm(forms.Form):
    """Whom to invite. The hidden `form_key` makes one form one invitation."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("We write one e-mail to it. Leave it empty for a link that you pass on yourself."),
        error_messages={"invalid": EMAIL_WRONG, "max_length": TOO_LONG},
    )
    note = forms.CharField(
        label=_("A few words of yours to them"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("Why you think of them. Whoever has the link can read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )
    for_whom = forms.CharField(
        label=_("Whom it is for"),
        required=False,
        max_length=FOR_WHOM_LENGTH,
        help_text=_("A reminder for you: nobody else sees it."),
        error_messages={"max_length": TOO_LONG},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.initial.setdefault("form_key", uuid.uuid4())
        for name in ("email", "for_whom"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("email", "note", "for_whom"):
            self.fields[name].widget.attrs.pop("maxlength", None)  # the server says so, and cuts nothing

    def clean_email(self):
        email = Member.objects.normalize_email(self.cleaned_data["email"])
        if email and digest_of(email) == digest_of(self.by.email):
            raise ValidationError(
                _("This is your own address. Enter that of the person you want to invite."),
                code="own_address",
            )
        if email and any(ways_off_this_site(self.by.display_name)):
            raise ValidationError(
                _(
                    "Your name holds a link or a number, so we can’t put it into an e-mail. "
                    "Change your name, or leave this empty for a link that you pass on yourself."
                ),
                code="name_leads_away",
            )
        return email

    def clean_note(self):
        """E-mails to strangers carry no way off this site: else they would be sent for the sake of it."""
        note = clean_text(self.cleaned_data["note"]).strip()
        if any(ways_off_this_site(note)):
            raise ValidationError(
                _(
                    "Leave out links, addresses and telephone numbers: this goes to somebody who does not know us yet."
                ),
                code="note_leads_away",
            )
        if any(wording(note)):
            raise ValidationError(
                _("This reads like the e-mails that nobody wants. Say it in other words."),
                code="note_wording",
            )
        return note

    def clean_for_whom(self):
        return " ".join(clean_text(self.cleaned_data["for_whom"]).split())

    def clean_form_key(self):
        return self.cleaned_data["form_key"] or uuid.uuid4()
