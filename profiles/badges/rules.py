"""The rules by which badges are earned, each published in the words that stand here.

A rule is asked about contributions that have changed, and about what happened since a moment, and answers with ids of
members. It looks at nothing but what others can read, and gives the same answer however often it is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions import kinds
from commons.contributions.models import Comment, Contribution

FIRST = "first-"
FIRST_NAME = _("First %(kind)s")
FIRST_WORDS = _("Published a first %(kind)s.")


@dataclass(frozen=True)
class Rule:
    """A badge that whoever does something earns: `earned(ids, since)` returns the ids of those who did it.

    `ids` are contributions that have changed and can be read; comments and invitations are looked at from `since` on.
    A rule `of_moments` does not look at contributions. `patch` is the pattern it is drawn with.
    """

    code: str
    name: object
    words: object
    patch: int
    earned: Callable
    of_moments: bool = False


def _of_members(ids):
    return Contribution.objects.filter(pk__in=ids, author__isnull=False).order_by()


def _first_of(code):
    def earned(ids, since):
        return _of_members(ids).filter(kind=code).values_list("author", flat=True).distinct()

    return earned


def _commented(ids, since):
    found = Comment.objects.filter(
        contribution__in=ids, listed=True, published_at__gte=since, author__isnull=False
    )
    return found.order_by().values_list("author", flat=True).distinct()


def _answered(ids, since):
    best = [pk for kind in kinds.all_kinds() for pk in kind.model_class().best_answers_among(ids).values()]
    found = Comment.objects.filter(pk__in=best, listed=True, author__isnull=False)
    asked_another = found.exclude(author=F("contribution__author"))
    return asked_another.order_by().values_list("author", flat=True)


def _told_together(ids, since):
    """Whoever told it, where several did."""
    authors = dict(_of_members(ids).values_list("pk", "author"))
    found = set()
    for kind in kinds.all_kinds():
        for pk, tellers in kind.model_class().tellers_among(list(authors)).items():
            others = tellers - {authors[pk]}
            found |= {authors[pk], *others} if others else set()
    return found


def _welcomed(ids, since):
    """Who was the first to answer somebody's first contribution."""
    earlier = Contribution.objects.filter(
        author=OuterRef("author"), published_at__lt=OuterRef("published_at")
    )
    answers = Comment.objects.filter(contribution=OuterRef("pk"), listed=True, author__isnull=False)
    answers = answers.exclude(author=OuterRef("author")).order_by("position")
    firsts = _of_members(ids).filter(~Exists(earlier)).annotate(by=Subquery(answers.values("author")[:1]))
    return firsts.exclude(by=None).values_list("by", flat=True)


def _invited(ids, since):
    from ..invitations.models import Invitation

    return Invitation.objects.filter(accepted_at__gte=since).order_by().values_list("inviter", flat=True)


def _lower_first(text):
    return text[:1].lower() + text[1:]


_kind_inside = lazy(lambda words, label: str(words) % {"kind": _lower_first(str(label))}, str)


OTHER_RULES = (
    Rule("first-comment", _("First words"), _("Wrote a first comment or reply."), 3, _commented),
    Rule(
        "best-answer",
        _("Answered a question"),
        _("Wrote the reply that answered somebody else’s question best."),
        5,
        _answered,
    ),
    Rule(
        "told-together",
        _("Told together"),
        _("Told a case study together with somebody from the other side of the service."),
        6,
        _told_together,
    ),
    Rule(
        "welcomed",
        _("Welcomed a newcomer"),
        _("Was the first to answer the first thing that somebody published here."),
        2,
        _welcomed,
    ),
    Rule(
        "passed-on",
        _("Passed on the word"),
        _("Invited somebody who has joined."),
        4,
        _invited,
        of_moments=True,
    ),
)


@cache
def all_rules():
    """Return every Rule, those of first contributions before the others."""
    firsts = [
        Rule(
            f"{FIRST}{kind.code}",
            _kind_inside(FIRST_NAME, kind.label),
            _kind_inside(FIRST_WORDS, kind.label),
            1,
            _first_of(kind.code),
        )
        for kind in kinds.all_kinds()
        if kind.new_url
    ]
    return [*firsts, *OTHER_RULES]


def get(code):
    """Return the Rule with this code, or None."""
    return next((rule for rule in all_rules() if rule.code == code), None)
