"""The admin's forms about members: adding one, changing one, suspending."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commons.moderation.admin_forms import LastDayField, ReasonField, end_of

from .forms import NameField
from .models import Member


class AddressOfOne:
    """An address may be confirmed for one member only."""

    def clean_email(self):
        email = Member.objects.normalize_email(self.cleaned_data["email"])
        if Member.objects.filter(email=email).exclude(pk=self.instance.pk).exists() or (
            EmailAddress.objects.filter(email=email, verified=True).exclude(user=self.instance.pk).exists()
        ):
            raise ValidationError(_("Another member has this address."), code="email_taken")
        return email


class MemberAddForm(AddressOfOne, AdminUserCreationForm):
    display_name = NameField(label=_("Name"))

    class Meta:
        model = Member
        fields = ["display_name", "email"]
        field_classes = {}


class MemberChangeForm(AddressOfOne, UserChangeForm):
    """A new address counts as confirmed: the administrator vouches for it."""

    display_name = NameField(label=_("Name"))

    class Meta:
        model = Member
        fields = [
            "display_name",
            "email",
            "password",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
        ]
        field_classes = {}


class SuspensionForm(forms.Form):
    """Until when somebody is suspended, and why, in words that they will read."""

    last_day = LastDayField()
    reason = ReasonField(
        label=_("Reason"), error_messages={"required": _("Say why, in words for the member.")}
    )

    def until(self):
        """Return the last moment of the last day."""
        return end_of(self.cleaned_data["last_day"])


class SpammerForm(forms.Form):
    """What somebody is told who is taken for a spammer: the usual words, where there are none."""

    reason = ReasonField(
        label=_("Words to the member"),
        help_text=_(
            "They read exactly these words, by e-mail. Left empty, they read that it looked like advertising."
        ),
        required=False,
    )
