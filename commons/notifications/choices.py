"""What comes by e-mail: a member's own choices, and ending it from an e-mail without signing in."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from . import sources
from .models import Silence
from .news_mail import read_wish

CONVERSATION, SORT, ALL = "conversation", "sort", "all"
ONE_CLICK = "List-Unsubscribe"  # RFC 8058: what a mail program posts when its own button is pressed


class EmailChoicesForm(forms.Form):
    """Which news a member wants by e-mail. All of it stands in the inbox in any case."""

    by_email = forms.MultipleChoiceField(
        label=gettext_lazy("Send me an e-mail about"),
        help_text=gettext_lazy("Whatever you choose, your inbox here has it all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["by_email"].choices = [(choice.code, choice.label) for choice in sources.choices()]

    def silent(self):
        """Return the codes of the choices that were not made."""
        wanted = self.cleaned_data["by_email"]
        return [choice.code for choice in sources.choices() if choice.code not in wanted]


@method_decorator(login_required, name="dispatch")
class EmailChoicesView(View):
    """A member's own choices."""

    def get(self, request):
        silent = set(Silence.objects.filter(member=request.user).values_list("choice", flat=True))
        wanted = [choice.code for choice in sources.choices() if choice.code not in silent]
        return self.show(EmailChoicesForm(initial={"by_email": wanted}))

    def post(self, request):
        form = EmailChoicesForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        Silence.set(request.user, form.silent())
        messages.success(request, _("Your choices are saved."))
        return redirect(request.path)

    def show(self, form):
        return render(self.request, "notifications/choices.html", {"form": form, "section": ""})


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribeView(View):
    """Ending e-mails by the link in one of them. The link itself is the right to do so: no session, no token.

    Opening it changes nothing, for mail programs open links to look at them.
    """

    def dispatch(self, request, token):
        try:
            member_id, self.kind, self.conversation = read_wish(token)
        except (BadSignature, ValueError, TypeError):
            return self.show("notifications/unsubscribe_unknown.html", status=404)
        self.source = sources.of_kind(self.kind)
        self.member = get_user_model()._base_manager.filter(pk=member_id).first()
        if self.member is None or self.source is None:
            return self.show("notifications/unsubscribe_unknown.html", status=404)
        return super().dispatch(request)

    def get(self, request):
        return self.show(
            "notifications/unsubscribe.html",
            choice=self.source.kinds[self.kind],
            conversation_label=self.source.conversation_label if self.conversation else "",
        )

    def post(self, request):
        what = ALL if ONE_CLICK in request.POST else request.POST.get("stop", ALL)
        if what == CONVERSATION and self.conversation:
            self.source.stop(self.member, self.conversation)
        elif what == SORT:
            Silence.objects.get_or_create(member=self.member, choice=self.source.kinds[self.kind].code)
        else:
            Silence.set(self.member, [choice.code for choice in sources.choices()])
        return self.show("notifications/unsubscribed.html")

    def show(self, template, status=200, **context):
        return render(self.request, template, {"section": "", **context}, status=status)
