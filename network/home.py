"""The home page: for visitors what this place is, for members what is new for them."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commons.contributions.cards import cards_for
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.models import Contribution
from commons.moderation.models import Status
from commons.tagging import vocabulary

from .starter_library import ways_to_take_part

NEWEST = 6
UNFINISHED = 5


@require_safe
def home(request):
    """Show the visitors' or the members' home page; three queries for a visitor at most."""
    if request.user.is_authenticated:
        return render(request, "home_member.html", _for_member(request.user))
    newest_change = Contribution.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    etag = etag_for(request, newest_change)
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    newest = Contribution.objects.listed_to(request.user).newest().for_cards()[:NEWEST]
    context = {
        "cards": cards_for(newest),
        "principles": vocabulary.current().principles.values(),
        "ways": ways_to_take_part(),
        "site_url": settings.SITE_URL,
    }
    return stamp(render(request, "home.html", context), etag)


def _for_member(member):
    listed = Contribution.objects.listed_to(member).newest().for_cards()
    principles = list(member.principles.values_list("pk", flat=True))
    sectors = list(member.sectors.values_list("pk", flat=True))
    theirs = listed.exclude(author=member)
    chosen = theirs.about(principle=principles, sector=sectors)
    unfinished = member.contributions.filter(status__in=(Status.DRAFT, Status.AWAITING)).order_by(
        "-changed_at"
    )
    own_cards = cards_for(unfinished.for_cards()[:UNFINISHED], with_status=True)
    return {
        "has_chosen": bool(principles or sectors),
        "chosen_cards": cards_for(chosen[:NEWEST]) if principles or sectors else [],
        "cards": cards_for(listed[:NEWEST]),
        "own_cards": own_cards,
        "ways": ways_to_take_part(),
    }
