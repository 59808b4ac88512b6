"""What comes by e-mail: a member's own choices, and ending it from an e-mail without signing in."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from . import sources
from .digests import DIGEST_KINDS
from .models import EmailChoice
from .unsubscribing import read_wish
from .when import When

CONVERSATION, SORT, ALL = "conversation", "sort", "all"
ONE_CLICK = "List-Unsubscribe"  # RFC 8058: what a mail program posts when its own button is pressed


class EmailChoicesForm(forms.Form):
    """When a member wants e-mails about each sort of news. All of it stands in the inbox in any case."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for choice in sources.choices():
            offers = [(when.value, when.label) for when in choice.offers]
            self.fields[choice.code] = forms.ChoiceField(label=capfirst(choice.label), choices=offers)


@method_decorator(login_required, name="dispatch")
class EmailChoicesView(View):
    """A member's own choices, and a button for no news at all."""

    def get(self, request):
        return self.show(EmailChoicesForm(initial=EmailChoice.of(request.user)))

    def post(self, request):
        if request.POST.get("stop") == ALL:
            EmailChoice.stop(request.user)
            messages.success(request, _("No more news comes by e-mail. Your inbox here goes on."))
            return redirect(request.path)
        form = EmailChoicesForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        EmailChoice.set(request.user, form.cleaned_data)
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
        self.digest = DIGEST_KINDS.get(self.kind)
        self.choice = self.digest or sources.choice_of(self.kind)
        self.member = get_user_model()._base_manager.filter(pk=member_id).first()
        if self.member is None or self.choice is None:
            return self.show("notifications/unsubscribe_unknown.html", status=404)
        return super().dispatch(request)

    def get(self, request):
        return self.show(
            "notifications/unsubscribe.html",
            choice=self.choice,
            conversation_label=sources.of_kind(self.kind).conversation_label if self.conversation else "",
        )

    def post(self, request):
        what = ALL if ONE_CLICK in request.POST else request.POST.get("stop", ALL)
        if what == CONVERSATION and self.conversation:
            sources.of_kind(self.kind).stop(self.member, self.conversation)
        elif what == SORT:
            self.stop_sort()
        else:
            EmailChoice.stop(self.member)
        return self.show("notifications/unsubscribed.html")

    def stop_sort(self):
        """End the e-mails of one sort: a digest with all that it gathers, or one sort of news."""
        if self.digest:
            EmailChoice.stop(self.member, self.digest.default)
        else:
            EmailChoice.set(self.member, {self.choice.code: When.NEVER})

    def show(self, template, status=200, **context):
        return render(self.request, template, {"section": "", **context}, status=status)
