"""What digests tell of what a member follows: what became public there, by principle and sector, the newest first."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.notifications import sources
from commons.notifications.sources import Choice, Part, Section, Told
from commons.notifications.when import When

from . import kinds
from .cards import date_words
from .models import Contribution, Follow

MOST = 200
MOST_IN_A_SECTION = 10
MOST_FOLLOWED = 1_000
# In this order: what is about two things that are followed stands under the first.
SORTS = ("principle", "sector", "pair", "keyword", "region", "person")
FOLLOWED = Choice(
    "followed",
    gettext_lazy("what is new in what you follow"),
    gettext_lazy("You get this e-mail because you follow principles, sectors, keywords, regions or people."),
    offers=(When.DAILY, When.WEEKLY, When.NEVER),
)


def load(member, since, until):
    """Return Sections of what became public after `since`, until `until`, in what the member follows. Two queries."""
    present = Q(person=None) | Q(person__in=get_user_model().objects.visible_to(member))
    follows = list(
        Follow.objects.of(member)
        .filter(present, contribution=None)
        .select_related("principle", "sector", "keyword", "person")
        .order_by("principle__order", "sector__order", "pk")[:MOST_FOLLOWED]
    )
    follows.sort(key=lambda follow: SORTS.index(follow.sort))
    new = Contribution.objects.listed_to(member).published_between(since, until).new_for(member)
    found = {}
    for item in new.for_cards()[:MOST]:
        follow = next((follow for follow in follows if _is_about(item, follow)), None)
        if follow is not None:
            found.setdefault(follow.pk, []).append(item)
    return [_section(follow.thing, found[follow.pk]) for follow in follows if follow.pk in found]


def _is_about(item, follow):
    """Whether an item belongs to what is followed; its card says so without a query."""
    principles, sectors = item.card.get("principles", []), item.card.get("sectors", [])
    match follow.sort:
        case "principle":
            return follow.principle_id in principles
        case "sector":
            return follow.sector_id in sectors
        case "pair":
            return follow.principle_id in principles and follow.sector_id in sectors
        case "keyword":
            return follow.keyword.slug in [slug for _name, slug in item.card.get("keywords", [])]
        case "region":
            return follow.region == item.region
    return follow.person_id == item.author_id


def _section(thing, items):
    lines = [_told(item) for item in items[:MOST_IN_A_SECTION]]
    return Section(str(thing), thing.get_absolute_url(), lines, len(items) > MOST_IN_A_SECTION)


def _told(item):
    note = _("%(kind)s by %(name)s, %(day)s") % {
        "kind": kinds.get(item.kind).label,
        "name": item.card.get("byline", {}).get("name", ""),
        "day": date_words(item.published_at),
    }
    return Told(item.title, item.lead(), item.get_absolute_url(), note=note)


def has(until):
    """The condition on members who followed something by then."""
    followed = Follow.objects.filter(member=OuterRef("pk"), contribution=None, since__lte=until)
    return Exists(followed)


def register():
    """Make this news a part of digests."""
    sources.register(Part(FOLLOWED, load, has))
