"""allauth's forms in our words: no placeholders, plain labels, errors that say what to do, one password field.

Only words and lookups. What the forms do is allauth's.
"""

from allauth.account import forms as account
from allauth.account.fields import PasswordField
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .models import Member

EMAIL = (_("E-mail address"), _("Enter your e-mail address, such as ann@example.org."))
PASSWORD = (_("Password"), _("Enter your password."))
NEW_PASSWORD = (_("New password"), _("Choose a new password."))
CODE = (_("Code"), _("Enter the code."))
PASSWORD_HINT = _(
    "At least 10 characters. A few words that only you would put together are easy to keep in mind."
)
EMAIL_LENGTH = Member._meta.get_field("email").max_length
PASSWORD_LENGTH = 1000  # a longer one would only keep the hasher busy
EMAIL_WRONG = _("Enter a whole e-mail address, such as ann@example.org.")


class PlainWords:
    """Gives a form's fields the label and the message for an empty field that `words` names, and `hints`."""

    words = {}
    hints = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")
            if name in self.words:
                field.label, field.error_messages["required"] = self.words[name]
            if name in {"email", "login"}:
                field.error_messages["invalid"] = EMAIL_WRONG
                _limit(field, EMAIL_LENGTH)
            if isinstance(field, PasswordField):
                _limit(field, PASSWORD_LENGTH)
            if name == "code":
                field.widget.attrs.update(
                    {"autocomplete": "one-time-code", "spellcheck": "false", "class": "short"}
                )


def _limit(field, length):
    """Let a field take `length` characters and no more. The browser doesn't cut: the server says so."""
    message = _("Use %(limit_value)d characters or fewer (there are %(show_value)d).")
    field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    field.validators.append(MaxLengthValidator(length, message))
    field.max_length = length
    field.widget.attrs.pop("maxlength", None)


class FindsByOwnAddress:
    """An account is found by its member's own address, never by one that somebody has yet to confirm as theirs."""

    def owners(self, email):
        return list(Member.objects.filter(email=Member.objects.normalize_email(email), is_active=True))


class LoginForm(PlainWords, account.LoginForm):
    words = {"login": EMAIL, "password": PASSWORD}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"  # what password keepers look for


class LoginCodeForm(FindsByOwnAddress, PlainWords, account.RequestLoginCodeForm):
    words = {"email": EMAIL}

    def clean_email(self):
        email = super().clean_email()
        self._user = next(iter(self.owners(email)), None)
        return email


class ConfirmLoginCodeForm(PlainWords, account.ConfirmLoginCodeForm):
    words = {"code": CODE}


class ResetPasswordForm(FindsByOwnAddress, PlainWords, account.ResetPasswordForm):
    words = {"email": EMAIL}

    def clean_email(self):
        email = super().clean_email()
        self.users = self.owners(email)
        return email


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD}
    hints = {"password1": PASSWORD_HINT}


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Current password"), _("Enter your current password.")),
        "password1": NEW_PASSWORD,
    }
    hints = {"password1": PASSWORD_HINT}


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    words = {"password1": NEW_PASSWORD}
    hints = {"password1": PASSWORD_HINT}


class NewEmailForm(PlainWords, account.AddEmailForm):
    words = {"email": (_("New e-mail address"), EMAIL[1])}
    hints = {"email": _("We send a link there. Your address changes once you have opened it.")}


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    words = {"password": PASSWORD}


class SecondStepForm(PlainWords, mfa.AuthenticateForm):
    words = {"code": CODE}
    hints = {"code": _("From your authenticator app, or one of your recovery codes.")}


class SecondStepAgainForm(PlainWords, mfa.ReauthenticateForm):
    words = {"code": CODE}
    hints = SecondStepForm.hints


class ActivateAppForm(PlainWords, totp.ActivateTOTPForm):
    words = {"code": (_("Code that the app shows"), _("Enter the code that your app shows."))}
    hints = {"code": _("Six digits. A new code comes every 30 seconds.")}
