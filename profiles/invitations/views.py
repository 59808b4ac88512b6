"""The pages of invitations: one's own, the one for whoever is invited, and wanting no more of them."""

from allauth.account.views import SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.contributions.paging import Pager
from commons.contributions.writing import sign_in_first

from ..models import Member
from ..reporting import report_path
from .forms import InvitationForm
from .inviting import PastInvitations, invite
from .joining import usable_invitation
from .models import Invitation, InvitedAddress
from .tokens import read_stop_token


class InvitationsView(View):
    """A member's own invitations and what came of them, and inviting one more. What was typed outlives the session."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        kept = give_back(request)
        typed = kept.fields if kept else {}
        names = ("email", "note", "for_whom")
        initial = {name: typed[name][-1] for name in names if typed.get(name)}
        return self.show(InvitationForm(initial=initial, by=request.user), kept=kept)

    def post(self, request):
        form = InvitationForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.show(form)
        try:
            made = invite(request.user, **form.cleaned_data)
        except PastInvitations:
            form.add_error(
                None,
                _(
                    "You have invited as many people as you can in one day. Your words are here: try again tomorrow."
                ),
            )
            return self.show(form, status=429)
        forget_used(request)
        # The same words whoever's the address is, and whether or not we may write to it.
        messages.success(
            request,
            _("Your invitation is ready. If we may write to that address, an e-mail is on its way.")
            if made.by_email
            else _("Your invitation is ready. Pass on its link."),
        )
        return redirect(f"{request.path}#invitation-{made.pk}")

    def show(self, form, kept=None, status=200):
        reader = self.request.user
        pager = Pager(Invitation.objects.of(reader), self.request.GET)
        came_by = Invitation.objects.filter(accepted_by=reader).first()
        ids = {row.accepted_by_id for row in pager.rows} | {came_by.inviter_id if came_by else None}
        seen = Member.objects.visible_to(reader).in_bulk(ids - {None})
        context = {
            "section": "people",
            "form": form,
            "kept": kept,
            "pager": pager,
            "rows": [(row, seen.get(row.accepted_by_id)) for row in pager.rows],
            "invited_by": seen.get(came_by.inviter_id) if came_by else None,
            "most": settings.NETWORK_INVITATIONS_A_DAY,
            "written_by": {"name": FIELD, "value": sign_writer(reader)},
        }
        return render(self.request, "profiles/invitations/list.html", context, status=status)


class RevokeView(LoginRequiredMixin, View):
    """Taking back one of one's own invitations."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.invitation = get_object_or_404(Invitation.objects.of(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        context = {"section": "people", "invitation": self.invitation}
        return render(request, "profiles/invitations/revoke.html", context)

    def post(self, request, pk):
        if self.invitation.revoke():
            messages.success(request, _("The invitation is taken back: its link does not work any more."))
        else:
            messages.info(request, _("There was nothing to take back: the invitation is not open any more."))
        return redirect("invitations:list")


@require_safe
@never_cache
def invitation(request, token):
    """What the person invited reads. Opening it changes nothing: mail programs open links to look at them."""
    found = Invitation.objects.by_token(token)
    if found is None:
        raise Http404
    context = {"section": "", "invitation": found, "inviter": found.inviter, "token": token}
    if not Invitation.objects.usable().filter(pk=found.pk).exists():
        return render(request, "profiles/invitations/ended.html", context, status=410)
    context |= {
        "own": found.inviter_id == request.user.pk,
        "skips_approval": settings.NETWORK_APPROVES_MEMBERS,
        "report_url": report_path(found.inviter),
    }
    return render(request, "profiles/invitations/invitation.html", context)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class StopView(View):
    """Wanting no more invitations, by the link in one. The link itself is the right to do so: no session, no token."""

    def dispatch(self, request, token):
        self.digest = read_stop_token(token)
        if self.digest is None:
            return self.show("unknown", status=404)
        return super().dispatch(request)

    def get(self, request):
        return self.show("ask")

    def post(self, request):
        InvitedAddress.objects.stop(self.digest)
        return self.show("done")

    def show(self, step, status=200):
        context = {"section": "", "step": step}
        return render(self.request, "profiles/invitations/stop.html", context, status=status)


class JoinView(SignupView):
    """allauth's page for joining; with an invitation in its address it says by whose, and keeps it in the form."""

    def get_initial(self):
        token = self.request.GET.get("invitation", "")
        return {**super().get_initial(), **({"invitation": token} if token else {})}

    def get_context_data(self, **kwargs):
        asked = self.request.POST.get("invitation") or self.request.GET.get("invitation", "")
        found = usable_invitation(asked) if asked else None
        return super().get_context_data(
            **kwargs, invitation=found, invitation_ended=bool(asked) and found is None
        )
