"""Cards: what a list shows of a contribution, ready for the template, with no query of their own.

Most of a list's cards were shown a moment ago to somebody else, so the HTML of a card is kept in memory.
It is kept under all that it is made of: the columns of the row as they were read, the language, the
vocabulary. A row that was changed is therefore drawn anew at once, and which rows a reader gets is decided
by the gate, each time, as ever.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.markup.render import HOLE, around, filled
from commons.tagging import vocabulary

from . import kinds
from .models import Audience
from .querysets import Reach

CARD_TEMPLATE = "components/card.html"
KEPT_CARDS = 4_000  # at about 2 KB each
TONES = {
    "published": "good",
    "draft": "info",
    "awaiting": "warn",
    "removed": "bad",
    "withdrawn": "info",
    "merged": "info",
}


@dataclass(frozen=True)
class KeywordLink:
    name: str
    url: str


@dataclass
class Card:
    """One contribution, as components/card.html shows it."""

    kind_label: str
    url: str
    title: str
    summary: str
    byline_name: str
    byline_url: str
    byline_role: str
    date_iso: str
    date_words: str
    principles: list = field(default_factory=list)
    sectors: list = field(default_factory=list)
    keywords: list = field(default_factory=list)
    members_only: bool = False
    starter: bool = False
    status_label: str = ""
    status_tone: str = ""
    snippet: str = ""
    edit_url: str = ""
    lang: str = ""
    read_more: str = ""
    facts: list = field(default_factory=list)
    superseded: bool = False


class ItemCard:
    """The Card of one contribution: filled in when something of it is asked for, which a kept one never is.

    A kind that lists its items in a way of its own subclasses it with another `template`.
    """

    template = CARD_TEMPLATE

    def __init__(self, item, terms, with_status, snippet):
        self.item, self.terms, self.with_status, self.snippet = item, terms, with_status, snippet

    def __getattr__(self, name):
        # Called only for what is not there yet: the Card's own fields, which come all at once.
        if name not in Card.__dataclass_fields__:
            raise AttributeError(name)
        self.__dict__.update(
            {**vars(_card(self.item, self.terms, self.with_status)), "snippet": self.snippet}
        )
        return self.__dict__[name]

    def html(self, level):
        """Return the card as HTML, with its title as a heading of this level."""
        columns = {name: value for name, value in self.item.__dict__.items() if name[0] != "_"}
        made_of = (
            columns,
            self.template,
            level,
            self.with_status,
            bool(self.snippet),
            get_language(),
            self.terms.digest,
        )
        key = _Key(hashlib.blake2b(repr(made_of).encode(), digest_size=16).digest(), self, level)
        before, after = (_kept.__wrapped__ if settings.DEBUG else _kept)(key)
        return filled([(before, self.snippet, after)]) if self.snippet else before


class CardLine(ItemCard):
    """A contribution in one line of a list that stands below something else."""

    template = "components/card_line.html"


class _Key:
    """What a card's HTML is kept under; equal when all that the HTML is made of is equal."""

    __slots__ = ("card", "digest", "level")

    def __init__(self, digest, card, level):
        self.digest, self.card, self.level = digest, card, level

    def __hash__(self):
        return hash(self.digest)

    def __eq__(self, other):
        return self.digest == other.digest


@lru_cache(maxsize=KEPT_CARDS)
def _kept(key):
    """Return the HTML before and after the card's snippet: what was found is another thing in each search."""
    html = draw(key.card, key.level, snippet=HOLE if key.card.snippet else "")
    key.card = None  # the key lives as long as the HTML, and needs the item no more
    return around(html)


def draw(card, level, snippet=None):
    """Return the HTML of any card, with `snippet` in place of its own."""
    snippet = card.snippet if snippet is None else snippet
    template = getattr(card, "template", CARD_TEMPLATE)
    return render_to_string(template, {"card": card, "level": str(level), "snippet": snippet})


def date_words(moment):
    """Return a datetime's local day in words, such as "4 November 2026"."""
    return _day_words(timezone.localtime(moment).date(), get_language())


@lru_cache(maxsize=2_000)
def _day_words(day, _language):
    return formats.date_format(day, "j F Y")


def cards_for(items, *, snippets=None, with_status=False, drawn_as=ItemCard):
    """Return the ItemCards of contributions (base rows are enough), in their order, as cards or as `drawn_as`.

    `snippets` maps ids to safe HTML (search); `with_status` shows each item's status (one's own list).
    Costs no query when the vocabulary is cached, two otherwise.
    """
    terms = vocabulary.current()
    snippets = snippets or {}
    return [drawn_as(item, terms, with_status, snippets.get(item.pk, "")) for item in items]


def _dates(item):
    """Return the date for machines and in words: when it was published here.

    A kind whose works have a date of their own, such as a report of July 2010, keeps it in its card as
    `dated`: [year, month], where the month may not be known.
    """
    year, month = item.card.get("dated") or (None, None)
    if year and month:
        return f"{year:04d}-{month:02d}", formats.date_format(date(year, month, 1), "F Y")
    if year:
        return f"{year:04d}", str(year)
    moment = item.published_at or item.created_at
    return moment.isoformat(timespec="seconds"), date_words(moment)


def keyword_path():
    """Return the path below which every keyword has its page."""
    return reverse("discovery:keyword", args=["-"])[:-2]


def _card(item, terms, with_status):
    stored = item.card
    keywords_path = keyword_path()
    byline = stored.get("byline", {})
    byline_url, byline_role = get_user_model().describe_byline(byline)
    date_iso, dated_words = _dates(item)
    kind = kinds.get(item.kind)
    return Card(
        kind_label=str(kind.label),
        url=item.get_absolute_url(),
        title=item.title,
        summary=item.lead(),
        byline_name=byline.get("name", ""),
        byline_url=byline_url,
        byline_role=byline_role,
        date_iso=date_iso,
        date_words=dated_words,
        principles=[terms.principles[pk] for pk in stored.get("principles", []) if pk in terms.principles],
        sectors=[terms.sectors[pk] for pk in stored.get("sectors", []) if pk in terms.sectors],
        keywords=[KeywordLink(name, f"{keywords_path}{slug}/") for name, slug in stored.get("keywords", [])],
        members_only=item.audience == Audience.MEMBERS,
        starter=item.is_starter,
        status_label=str(item.status_label) if with_status else "",
        status_tone=TONES[item.status] if with_status else "",
        edit_url=item.url_below("edit/")
        if with_status and item.author_id and item.status not in {"removed", "merged"}
        else "",
        lang="" if item.language == settings.LANGUAGE_CODE else item.language,
        read_more=_("Read on"),
        facts=[str(words) for words in kind.card_facts(item)] if kind.card_facts else [],
        # A newer version that only members may see is not told of to everyone.
        superseded=stored.get("superseded") == Reach.EVERYONE,
    )
