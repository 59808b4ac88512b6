"""The home page: for visitors what this place is, for members what is new for them."""

from functools import lru_cache

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commons.contributions import structured
from commons.contributions.cards import cards_for
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.drawn import digest_of, drawn
from commons.contributions.lists import last_change, newest, somebody
from commons.contributions.models import Contribution
from commons.contributions.prepared import Prepared
from commons.moderation.models import Status
from commons.tagging import vocabulary
from events.this_week import this_week
from forum.rows import newest_threads, open_questions, rows_of
from profiles.people import chosen_terms

from .first_steps import first_step
from .starter_library import ways_to_take_part

NEWEST = 6
NEWEST_THREADS = 3
UNFINISHED = 5


@require_safe
def home(request):
    """Show the visitors' or the members' home page; four queries for a visitor at most."""
    if request.user.is_authenticated:
        return render(request, "home_member.html", _for_member(request.user))
    etag = etag_for(request, last_change(), timezone.localdate())
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    context = {
        "cards": cards_for(newest(request.user).part(0, NEWEST)),
        "thread_cards": rows_of(newest_threads(request.user, NEWEST_THREADS)),
        "this_week": this_week(request.user),
        "principles": vocabulary.current().principles.values(),
        "ways": ways_to_take_part(),
        "site_url": settings.SITE_URL,
        "kept_under": _kept_under("visitor"),
        "told": drawn(
            ("site told", settings.SITE_URL, settings.NETWORK_NAME, get_language()),
            lambda: structured.block(structured.website()),
        ),
    }
    return stamp(render(request, "home.html", context), etag)


def _for_member(member):
    principles, sectors = chosen_terms(member)
    chosen = _newest_chosen(len(principles), len(sectors)) if principles or sectors else None
    ids = [term.pk for term in (*principles, *sectors)]
    return {
        "has_chosen": chosen is not None,
        "chosen_cards": cards_for(chosen.rows(member.pk, *ids)) if chosen else [],
        "cards": cards_for(newest(member).part(0, NEWEST)),
        "own_cards": cards_for(unfinished_of(member), with_status=True),
        "question_cards": rows_of(open_questions(member, principles, sectors, NEWEST_THREADS)),
        "this_week": this_week(member),
        "ways": ways_to_take_part(),
        "first_step": first_step(member),
        "kept_under": _kept_under("member"),
    }


def unfinished_of(member):
    """Return what the member has begun and not published yet, the last changed first. One query."""
    return _unfinished.rows(member.pk)


def _kept_under(reader):
    """Return under what {% keep %} keeps the parts that are the same for every reader of one sort."""
    return digest_of("home", reader, get_language(), vocabulary.current().digest)


@lru_cache(maxsize=200)
def _newest_chosen(principles, sectors):
    """Return the statement of what is new under so many principles and sectors, but for what one wrote oneself."""

    def build(member, *terms):
        listed = Contribution.objects.listed_to(somebody(signed_in=True)).exclude(author=member)
        found = listed.about(principle=terms[:principles], sector=terms[principles:])
        return found.newest().for_cards()[:NEWEST]

    return Prepared(build, *[0] * (1 + principles + sectors))


_unfinished = Prepared(
    lambda member: (
        Contribution.objects.by(member)
        .filter(status__in=(Status.DRAFT, Status.AWAITING))
        .order_by("-changed_at")
        .for_cards()[:UNFINISHED]
    ),
    0,
)
