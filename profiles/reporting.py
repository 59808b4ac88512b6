"""Reporting a member: the shared report page, with how a member is found and called."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.contributions.reporting import KeptTyping
from commons.moderation.views import ReportView

from .models import FormerUsername, Member


class MemberReportView(KeptTyping, ReportView):
    """Reporting a member, by their username or one they had before."""

    def get(self, request, username):
        if not self.sent():
            address = report_path(self.get_target())
            if address != request.path:
                return redirect(address, permanent=True)
        return super().get(request)

    def get_target(self):
        username = self.kwargs["username"].lower()
        seen = Member.objects.visible_to(self.request.user)
        former = FormerUsername.objects.filter(username=username).values("member")
        # Under a former name too: what somebody typed into an open form must not be lost to a change of name.
        found = seen.filter(username=username).first() or seen.filter(pk__in=former).first()
        if found is None:
            raise Http404
        return found

    def describe(self, member):
        own = member.pk == self.request.user.pk
        return {
            "own": own,
            "name": member.display_name,
            "named": f"“{member.display_name}”",
            "kind": _("Member"),
            "lead": _(
                "Does this member do what should not happen here, or is something wrong on their page? Tell the "
                "moderators. You need no account."
            ),
            "url": member.get_absolute_url(),
            "edit_url": reverse("profiles:edit") if own else "",
            "crumbs": [
                (_("People"), reverse("profiles:directory")),
                (member.display_name, member.get_absolute_url()),
            ],
        }


def report_path(member):
    """Return the address at which a member can be reported."""
    return f"{member.get_absolute_url()}report/"
