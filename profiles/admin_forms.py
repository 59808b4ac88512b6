"""The admin's forms about members: adding one, changing one, suspending."""

from datetime import datetime, time

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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

    last_day = forms.DateField(
        label=_("Last day of the suspension"),
        widget=AdminDateWidget,
        error_messages={"required": _("Give the last day."), "invalid": _("Write the day like 2026-11-30.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The member gets these words by e-mail. Say what was wrong, kindly."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
        error_messages={"required": _("Say why, in words for the member.")},
    )

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over."), code="day_over")
        if day.year > 9990:
            raise ValidationError(_("This day is too far away."), code="day_too_far")
        return day

    def until(self):
        """Return the last moment of the last day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], time.max))
