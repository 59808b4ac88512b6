"""Contributions and comments in the moderators' queue: who may decide about them, and how they are shown there."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from commons.markup.render import excerpt
from commons.moderation.models import Status
from commons.moderation.queued import Queued, Shown

from . import conversation, kinds
from .models import Audience, Comment, Contribution
from .paths import comment_path

MOST_WRITTEN = 100


def load(ids, user, whole):
    """Return {id: Shown} of the contributions that `user` may see; no draft is among them. One query."""
    found = Contribution.objects.visible_to(user).filter(pk__in=ids)
    return {item.pk: _shown(item, whole) for item in (found if whole else found.for_cards())}


def find(pk):
    """Return a contribution as its own kind, whose card holds more than the base's, or None."""
    code = Contribution._base_manager.filter(pk=pk).values_list("kind", flat=True).first()
    kind = kinds.get(code)
    return kind.model_class()._base_manager.filter(pk=pk).first() if kind else None


def written_by(member, user):
    """Return Shown for what a member wrote, the newest first, as far as `user` may see it. One query."""
    found = Contribution.objects.visible_to(user).by(member).exclude(status=Status.DRAFT).for_cards()
    return [_shown(item, False) for item in found.order_by("-created_at", "-pk")[:MOST_WRITTEN]]


def _shown(item, whole):
    kind = kinds.get(item.kind)
    shown = Shown(
        target=item,
        label=item.title,
        kind=kind.label if kind else item.kind,
        status=item.status_label,
        summary=item.summary if whole else item.lead(),
        url=item.get_absolute_url(),
        admin_url=reverse("admin:contributions_contribution_change", args=[item.pk]),
    )
    if whole:
        shown.html = item.html
        shown.facts = [
            (_("Meant for"), Audience(item.audience).label),
            (_("Keywords"), ", ".join(name for name, _slug in item.card.get("keywords", [])) or "-"),
            (_("Published"), _day(item.published_at)),
            (_("Edited"), _day(item.edited_at)),
        ]
    return shown


def _day(moment):
    return date_format(localtime(moment), "j F Y, H:i") if moment else "-"


CONTRIBUTIONS = Queued(
    model="contributions.Contribution",
    permission="contributions.moderate_contribution",
    label=_("Contribution"),
    load=load,
    find=find,
    written_by=written_by,
)


def load_comments(ids, user, whole):
    """Return {id: Shown} of the comments that `user` may see. One query."""
    found = Comment.objects.visible_to(user).filter(pk__in=ids)
    return {comment.pk: _comment_shown(comment, whole) for comment in _with_what_it_answers(found)}


def find_comment(pk):
    """Return a comment, or None."""
    return Comment.objects.select_related("contribution").filter(pk=pk).first()


def lock_conversation_of(pk):
    """Lock the conversation in which a comment stands, as everybody does who changes one."""
    for found in Comment.objects.filter(pk=pk).values_list("contribution", flat=True):
        conversation.lock(found)


def comments_by(member, user):
    """Return Shown for the comments of a member, the newest first, as far as `user` may see them. One query."""
    found = Comment.objects.visible_to(user).by(member).order_by("-created_at", "-pk")[:MOST_WRITTEN]
    return [_comment_shown(comment, False) for comment in _with_what_it_answers(found)]


def _with_what_it_answers(comments):
    return comments.select_related("contribution", "answers").defer(
        "contribution__body", "contribution__body_html", "answers__body"
    )


def _comment_shown(comment, whole):
    kind = kinds.get(comment.contribution.kind)
    shown = Shown(
        target=comment,
        label=comment.moderation_label(),
        kind=kind.comment if kind else _("Comment"),
        status=comment.status_label,
        summary="" if whole else excerpt(comment.body_html),
        url=comment.get_absolute_url(),
        admin_url=reverse("admin:contributions_comment_change", args=[comment.pk]),
    )
    if whole:
        shown.html = comment.html
        shown.facts = _comment_facts(comment)
    return shown


def _comment_facts(comment):
    talk = comment.contribution
    on = format_html('<a href="{}">{}</a>', talk.get_absolute_url(), talk.title)
    facts = [
        (_("On"), on if talk.is_published else format_html("{} ({})", on, talk.status_label)),
        (_("Meant for"), Audience(talk.audience).label),
    ]
    if comment.answers is not None:
        answered = comment.answers
        names = {
            "url": answered.get_absolute_url(),
            "number": answered.position,
            "name": answered.byline.get("name") or _("A former member"),
            "words": excerpt(answered.body_html),
        }
        line = format_html('<a href="{url}">{number}, {name}</a>: {words}', **names)
        facts.append((_("Answers number"), line))
    if comment.answered_by:
        numbers = [
            format_html('<a href="{}">{}</a>', comment_path(pk), position)
            for pk, position in comment.answered_by
        ]
        facts.append((_("Answered in"), format_html_join(", ", "{}", ((number,) for number in numbers))))
    edited = _day(comment.edited_at)
    if comment.edited_at:
        edited = format_html('<a href="{}">{}</a>', comment_path(comment.pk, "history/"), edited)
    return [*facts, (_("Published"), _day(comment.published_at)), (_("Edited"), edited)]


COMMENTS = Queued(
    model="contributions.Comment",
    permission="contributions.moderate_contribution",
    label=_("Comment"),
    load=load_comments,
    find=find_comment,
    written_by=comments_by,
    lock_first=lock_conversation_of,
    in_quotes=False,
)
