"""Reporting a contribution, and keeping what was typed into a report or an appeal when a session is lost."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.moderation.views import AppealView, ReportView

from . import kinds
from .kept import FIELD, forget_used, give_back, sign_writer
from .models import Contribution


class KeptTyping:
    """For a form page of moderation: a member's words survive a lost session or token, as in every long form."""

    def initial(self):
        kept = give_back(self.request)
        typed = kept.fields if kept else {}
        return {name: typed[name][-1] for name in ("reason", "words") if typed.get(name)}

    def context_for_writer(self):
        user = self.request.user
        return {"written_by": {"name": FIELD, "value": sign_writer(user)}} if user.is_authenticated else {}

    def forget_kept(self):
        if self.request.user.is_authenticated:
            forget_used(self.request)


class ContributionReportView(KeptTyping, ReportView):
    """Reporting an item, whatever its kind."""

    def get_target(self):
        found = Contribution.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def describe(self, item):
        kind = kinds.get(item.kind)
        own = item.author_id is not None and item.author_id == self.request.user.pk
        changes = own and item.can_be_edited_by(self.request.user)
        return {
            "own": own,
            "name": item.title,
            "kind": kind.label,
            "lead": _(
                "Should this not be here? Tell the moderators what is wrong with it. You need no account."
            ),
            "by": item.card.get("byline", {}).get("name", ""),
            "url": item.get_absolute_url(),
            "edit_url": item.url_below("edit/") if changes else "",
            "withdraw_url": item.url_below("withdraw/") if changes and item.status != "withdrawn" else "",
            "crumbs": [(kind.plural, kinds.list_path(kind.code)), (item.title, item.get_absolute_url())],
        }


class KeptAppealView(KeptTyping, AppealView):
    """Answering a decision."""


def report_path(item):
    """Return the address at which an item can be reported."""
    return reverse("contribution_report", args=[item.pk])
