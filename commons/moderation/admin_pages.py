"""What the queue's pages show: rows with what they are about, and one case with all that was said about it."""

from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from . import queued
from .decisions import Decision, OwnCase
from .steps import OF_ITEM, steps_for

MOST_DECISIONS = 50
MOST_REPORTS = 100


class CaseList(ChangeList):
    """The queue's rows, each with its thing as `shown`: one query for each kind of thing, however many rows."""

    def get_ordering(self, request, queryset):
        return []

    def get_queryset(self, request, *args, **kwargs):
        return super().get_queryset(request, *args, **kwargs).in_order()

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        show(self.result_list, request.user)


def show(cases, user, *, whole=False):
    """Give each case its `shown` (a queued.Shown, or None where `user` may not see the thing)."""
    ids = {}
    for case in cases:
        ids.setdefault(case.target_type, []).append(case.target_id)
    shown = {}
    for target_type, wanted in ids.items():
        found = queued.of_type(target_type)
        shown[target_type] = found.load(wanted, user, whole) if found else {}
    for case in cases:
        case.shown = shown[case.target_type].get(case.target_id)


def case_context(case, user):
    """Return what the page of one case shows, in a number of queries that doesn't depend on how much that is."""
    show([case], user, whole=True)
    member_type = ContentType.objects.get_for_model(get_user_model())
    members = queued.of_type(member_type)
    about_member = case.is_about_member
    author = None
    if case.about_id and not about_member:
        author = members.load([case.about_id], user, False).get(case.about_id)
    thing = case.target()
    offered = steps_for(user, case, thing, case.about)
    refusal = _refusal(case, user)
    if refusal:
        offered = [step for step in offered if step.about != OF_ITEM]
    writers = [found for found in queued.everything() if found.written_by]
    return {
        "case": case,
        "shown": case.shown,
        "author": author,
        "refusal": refusal,
        # Who moderates is an author like others: they don't learn who reported them.
        "flags": []
        if case.about_id == user.pk
        else list(case.flags.select_related("by").order_by("pk")[:MOST_REPORTS]),
        "appeals": list(case.appeals.select_related("decision", "outcome").order_by("pk")),
        "decisions": _decisions(case.target_type_id, case.target_id),
        "decisions_about_author": [] if about_member else _decisions(member_type.pk, case.about_id),
        "written": [s for found in writers for s in found.written_by(case.about, user)]
        if about_member
        else [],
        "item_steps": [step for step in offered if step.about == OF_ITEM],
        "member_steps": [step for step in offered if step.about != OF_ITEM],
    }


def _refusal(case, user):
    """Return in words why `user` may not decide what waits here, or ""."""
    try:
        case.check_decider(user)
    except OwnCase as refusal:
        return str(refusal)
    return ""


def _decisions(target_type, target_id):
    """Return the latest decisions about one thing, newest first. One query."""
    found = Decision.objects.filter(target_type=target_type, target_id=target_id)
    return list(found.select_related("by").order_by("-at", "-pk")[:MOST_DECISIONS])
