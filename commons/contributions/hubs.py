"""What stands on a hub: the page of a principle, a sector, a principle in a sector, a keyword or a region.

A hub shows the newest of all kinds and how many there are of each, the best evidence, the open questions, the events
to come and some of the people. Three statements, made once, read all of it; what a reader gets is asked of the gate
each time.
"""

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import DateField
from django.db.models.expressions import RawSQL
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel

from . import kinds
from .cards import CardLine, cards_for
from .drawn import digest_of, drawn
from .lists import somebody
from .models import Contribution
from .paging import COUNT_TO
from .prepared import Prepared, count_each
from .querysets import reach_of
from .unchanged import while_unchanged

NEWEST = 6
FEW = 3
PEOPLE = 8
MOST_ROWS = NEWEST + 3 * FEW


@dataclass(frozen=True)
class KindCount:
    """How many there are of one kind, `count` in words, and where all of them are."""

    code: str
    plural: str
    count: str
    url: str


@dataclass(frozen=True)
class Part:
    """A few contributions under a heading, and where all of that sort are."""

    code: str
    heading: str
    lines: list
    all_words: str
    all_url: str


class ComingLine(CardLine):
    """An event to come in one line: when and where it is, and not when it was put in."""

    template = "contributions/_coming_line.html"


class Hub:
    """All that templates/components/hub.html shows, and its HTML.

    `kinds`, `newest` and `parts` are made when they are asked for, which kept HTML never needs. `people` is None for
    visitors: they are led to the directory.
    """

    def __init__(self, rows, counts, people, query, has_people, is_place):
        self.rows, self.counts, self.people, self.query = rows, counts, people, query
        self.is_place = is_place
        self.today = timezone.localdate()
        self.people_url = f"{reverse('profiles:directory')}?{query}" if has_people else ""

    @property
    def all_url(self):
        return f"{reverse('discovery:browse')}?{self.query}"

    @property
    def add_url(self):
        return f"{reverse('casestudies:new')}?{self.query}"

    @property
    def ask_url(self):
        return f"{reverse('forum:new')}?question=1&{self.query}"

    @cached_property
    def kinds(self):
        """A KindCount for each kind that there is something of."""
        return [
            KindCount(kind.code, str(kind.plural), _number(number), f"{self.all_url}&kind={kind.code}")
            for kind in kinds.all_kinds()
            if (number := self.counts[kind.code])
        ]

    @cached_property
    def newest(self):
        return cards_for(_few(self.rows, "published_at", "pk", most=NEWEST))

    @cached_property
    def parts(self):
        return [part for part in _parts(self.rows, self.today, self.query) if part.lines]

    def html(self, feed_url, without_newest=False):
        """Return it as HTML, from memory where it was drawn of the same rows, counts and people before."""
        people = [(person.username, person.display_name) for person in self.people or ()]
        columns = [
            {name: value for name, value in row.__dict__.items() if name[0] != "_"} for row in self.rows
        ]
        made_of = (
            "hub", self.query, self.people_url, columns, self.counts, people, self.today, feed_url, without_newest,
            get_language(), vocabulary.current().digest,
        )  # fmt: skip
        context = {"hub": self, "feed_url": feed_url, "without_newest": without_newest}
        return drawn(made_of, lambda: render_to_string("components/hub.html", context))


def hub_of(user, as_of, **about):
    """Return the Hub of what is `about` all of these and is listed to `user`.

    `about` has a term for `principle` and `sector`, a Keyword for `keyword`, a code for `region`. One query, two more
    where what stands there and how much there is was not kept since any contribution last changed (`as_of`), and
    one for people where a member reads and there can be some.
    """
    names = tuple(sorted(about))
    values = [about[name] if name == "region" else about[name].pk for name in names]
    signed_in, has_people = user.is_authenticated, "keyword" not in names
    today = timezone.localdate().isoformat()

    def look():
        found = _places(signed_in, names).rows(*values, today)
        return [pk for (pk,) in found], count_each(_counted(signed_in, names), *values)

    key = f"hub.{reach_of(user)}.{digest_of(names, values).hex()}"
    ids, counts = while_unchanged(key, (as_of, today), look)
    return Hub(
        # The 0 is nobody's id: the statement always has the same places.
        rows=_rows(signed_in).rows(*[*ids, *[0] * MOST_ROWS][:MOST_ROWS]),
        counts=counts,
        people=_people(names).rows(*values) if signed_in and has_people else None,
        query=_query_of(about),
        has_people=has_people,
        is_place="region" in names,
    )


def listed_about(user, **about):
    """Return all that a hub shows the first of, newest first, as rows for a Pager. `about` is as hub_of() takes it."""
    region = about.pop("region", None)
    found = Contribution.objects.listed_to(user).about(**{name: term.pk for name, term in about.items()})
    return (found if region is None else found.filter(region=region)).newest().for_cards()


def browse_path(**about):
    """Return the address of the list of all that is `about` these, where people read it in pages and narrow it."""
    return f"{reverse('discovery:browse')}?{_query_of(about)}"


def _query_of(about):
    return urlencode({name: about[name] if name == "region" else about[name].slug for name in sorted(about)})


def _parts(rows, today, query):
    """Yield the Parts of a hub, from rows among which each part's own are."""
    browse = reverse("discovery:browse")
    best = [row for row in rows if row.evidence_level is not None]
    yield Part(
        "evidence",
        _("Best evidence"),
        _lines(_few(best, "evidence_level", "published_at", "pk")),
        _("All evidence"),
        f"{browse}?{query}&{urlencode([('evidence', level) for level in EvidenceLevel.values])}",
    )
    questions = [row for row in rows if row.kind == "forum" and row.answered is False]
    yield Part(
        "questions",
        _("Open questions"),
        _lines(_few(questions, "published_at", "pk")),
        _("All open questions"),
        f"{browse}?{query}&answered=no",
    )
    coming = [row for row in rows if row.kind == "event" and row.starts_on and row.starts_on >= today]
    yield Part(
        "events",
        _("Coming events"),
        cards_for(_few(coming, "starts_on", "pk", descending=False), drawn_as=ComingLine),
        _("All events"),
        f"{kinds.list_path('event')}?{query}",
    )


def _few(rows, *by, most=FEW, descending=True):
    return sorted(rows, key=attrgetter(*by), reverse=descending)[:most]


def _lines(rows):
    return cards_for(rows, drawn_as=CardLine)


def _number(count):
    return _("over %(number)s") % {"number": f"{COUNT_TO:,}"} if count > COUNT_TO else f"{count:,}"


def _listed(signed_in, names, values):
    about = dict(zip(names, values, strict=True))
    region = about.pop("region", None)
    found = Contribution.objects.listed_to(somebody(signed_in)).about(**about)
    return found if region is None else found.filter(region=region)


def _like(names):
    """Return the placeholders of the values for these names, as Prepared takes them."""
    return ["" if name == "region" else 0 for name in names]


@cache
def _counted(signed_in, names):
    """Return {kind: the statement of what there is of it, no further than is counted}."""

    def of(kind):
        return Prepared(
            lambda *values: (
                _listed(signed_in, names, values).of_kind(kind.code).order_by().values("pk")[: COUNT_TO + 1]
            ),
            *_like(names),
        )

    return {kind.code: of(kind) for kind in kinds.all_kinds()}


@cache
def _rows(signed_in):
    """Return the statement of the rows with these ids, as far as they are listed."""
    listed = Contribution.objects.listed_to(somebody(signed_in))
    return Prepared(lambda *ids: listed.filter(pk__in=ids).order_by().for_cards(), *[0] * MOST_ROWS)


@cache
def _places(signed_in, names):
    """Return the statement of the ids of all from which the parts of a hub are taken, each part's own first few."""

    def build(*given):
        *values, today = given
        listed = _listed(signed_in, names, values)
        # As SQL, for a statement that is made once takes no placeholder for a day.
        day = RawSQL("%s", [today], DateField())
        parts = [
            listed.newest()[:NEWEST],
            listed.filter(evidence_level__isnull=False).order_by("-evidence_level", "-published_at", "-pk")[
                :FEW
            ],
            listed.of_kind("forum").filter(answered=False).newest()[:FEW],
            listed.of_kind("event").filter(starts_on__gte=day).order_by("starts_on", "pk")[:FEW],
        ]
        # Each slice is an inner query: SQLite takes no limit in a part of a union.
        first, *others = [
            Contribution.objects.filter(pk__in=part.values("pk")).order_by().values_list("pk")
            for part in parts
        ]
        return first.union(*others)

    return Prepared(build, *_like(names), "")


@cache
def _people(names):
    """Return the statement of the newest members in the directory who work on all of this, or live there."""

    def build(*values):
        about = dict(zip(names, values, strict=True))
        reader = somebody(signed_in=True)
        found = get_user_model().objects.listed_to(reader)
        if "region" in about:
            found = found.in_regions([about.pop("region")], reader)
        found = found.working_on(**{f"{name}s": [pk] for name, pk in about.items()})
        return found.order_by("-pk").only("username", "display_name")[:PEOPLE]

    return Prepared(build, *_like(names))
