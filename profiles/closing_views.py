"""Closing one's account, and opening it again within fourteen days."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from commons.moderation.limits import sender_of, spend

from .models import Member

STANDING_KEY = "standing"  # in the session: why the last signing in was refused
# How long after proving who they are somebody may open their account again by pressing a button.
NOTED_FOR = timedelta(hours=1)
KEEP, REMOVE = "keep", "remove"
GUESSES_RATE = "10/h"


def leaving_note(member):
    """Return what is kept in the session of a member who proved who they are, and whose account is to be closed."""
    return {
        "why": "closing",
        "until": member.closes_at.isoformat(),
        "member": member.pk,
        "noted": timezone.now().isoformat(),
    }


class ClosingForm(forms.Form):
    """What becomes of what they shared, and their password once more."""

    written = forms.ChoiceField(
        label=gettext_lazy("What should become of what you shared?"),
        choices=[
            (
                KEEP,
                gettext_lazy("It stays, under “A former member”. Others can go on reading and answering it."),
            ),
            (REMOVE, gettext_lazy("It is removed: its words, its versions and its files, for good.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it stays or is removed.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=1_000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not spend("closing an account", sender_of(self.request), GUESSES_RATE):
            raise ValidationError(_("Too many attempts. Wait an hour, then try again."), code="too_many")
        if not self.request.user.check_password(password):
            raise ValidationError(_("This password is not right. Try again."), code="incorrect_password")
        return password

    def clean(self):
        if self.request.user.is_last_administrator():
            raise ValidationError(
                _("Nobody else could run the network: make somebody else an administrator first."),
                code="last_administrator",
            )
        return super().clean()


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class ClosingView(LoginRequiredMixin, FormView):
    """What closing means, and the form."""

    template_name = "profiles/closing.html"
    form_class = ClosingForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, section="people", has_password=self.request.user.has_usable_password()
        )

    def form_valid(self, form):
        member = self.request.user
        member.close(keeps=form.cleaned_data["written"] == KEEP)
        logout(self.request)
        self.request.session[STANDING_KEY] = leaving_note(member)
        return redirect("account_inactive")


@method_decorator(never_cache, name="dispatch")
class ReopeningView(View):
    """The button on the page that says that an account is to be closed. Who may press it, the session says."""

    def get(self, request):
        return redirect("account_inactive")

    def post(self, request):
        noted = request.session.pop(STANDING_KEY, None) or {}
        member = Member.objects.filter(pk=noted.get("member")).first() if _is_fresh(noted) else None
        if member is not None and member.reopen():
            messages.success(request, _("Your account is open again. You can sign in."))
        else:
            messages.error(request, _("This took too long. Sign in once more."))
        return redirect("account_login")


def _is_fresh(noted):
    try:
        noted_at = datetime.fromisoformat(noted["noted"])
    except (KeyError, ValueError):
        return False
    return noted_at > timezone.now() - NOTED_FOR
