"""Reporting a contribution or a comment.

And keeping what was typed into a report or an appeal when a session is lost.
"""

from django.http import Http404
from django.utils.translation import gettext as _

from commons.moderation.views import AppealView, ReportView

from . import kinds
from .kept import FIELD, forget_used, give_back, sign_writer
from .models import Comment, Contribution
from .paths import comment_path, item_path


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
            "named": f"“{item.title}”",
            "kind": kind.label,
            "lead": _(
                "Should this not be here? Tell the moderators what is wrong with it. You need no account."
            ),
            "by": item.card.get("byline", {}).get("name", ""),
            "url": item.get_absolute_url(),
            "edit_url": item.url_below("edit/") if changes else "",
            "withdraw_url": item.url_below("withdraw/") if changes and item.status != "withdrawn" else "",
            "crumbs": [*kinds.crumbs(kind.code), (item.title, item.get_absolute_url())],
        }


class CommentReportView(KeptTyping, ReportView):
    """Reporting a comment, where it stands now: the line it left behind when it was moved stands for it."""

    def get_target(self):
        reader, pk = self.request.user, self.kwargs["pk"]
        place = Comment.objects.leading_to(reader).filter(pk=pk).values_list("moved_to", flat=True).first()
        found = Comment.objects.visible_to(reader).filter(pk=place or pk)
        comment = found.select_related("contribution").first()
        if comment is None:
            raise Http404
        return comment

    def describe(self, comment):
        talk = comment.contribution
        kind = kinds.get(talk.kind)
        own = comment.author_id is not None and comment.author_id == self.request.user.pk
        changes = own and comment.can_be_edited_by(self.request.user)
        return {
            "own": own,
            "name": comment.moderation_label(),
            "named": comment.moderation_label(),
            "kind": kind.comment,
            "lead": _(
                "Should this not be here? Tell the moderators what is wrong with it. You need no account."
            ),
            "by": comment.byline.get("name", ""),
            "url": comment.get_absolute_url(),
            "edit_url": comment_path(comment.pk, "edit/") if changes else "",
            "withdraw_url": comment_path(comment.pk, "withdraw/")
            if changes and comment.status != "withdrawn"
            else "",
            "crumbs": [
                (kind.plural, kinds.list_path(kind.code)),
                (talk.title, talk.get_absolute_url()),
                (_("Number %(number)d") % {"number": comment.position}, comment.get_absolute_url()),
            ],
        }


class KeptAppealView(KeptTyping, AppealView):
    """Answering a decision."""


def report_path(thing):
    """Return the address at which an item or a comment can be reported."""
    below = "report/"
    return comment_path(thing.pk, below) if isinstance(thing, Comment) else item_path(thing.pk, below)
