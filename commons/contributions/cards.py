"""Cards: what a list shows of a contribution, ready for the template, with no query of their own."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from commons.tagging import vocabulary

from . import kinds
from .models import Audience

TONES = {"published": "good", "draft": "info", "awaiting": "warn", "removed": "bad", "withdrawn": "info"}


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


def date_words(moment):
    """Return a datetime's local day in words, such as "4 November 2026"."""
    return formats.date_format(timezone.localtime(moment), "j F Y")


def cards_for(items, *, snippets=None, with_status=False):
    """Return the Cards of contributions (base rows are enough), in their order.

    `snippets` maps ids to safe HTML (search); `with_status` shows each item's status (one's own list).
    Costs no query when the vocabulary is cached, two otherwise.
    """
    terms = vocabulary.current()
    keyword_path = _keyword_path()
    return [_card(item, terms, keyword_path, snippets or {}, with_status) for item in items]


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


def _keyword_path():
    return reverse("discovery:keyword", args=["-"])[:-2]


def _card(item, terms, keyword_path, snippets, with_status):
    stored = item.card
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
        keywords=[KeywordLink(name, f"{keyword_path}{slug}/") for name, slug in stored.get("keywords", [])],
        members_only=item.audience == Audience.MEMBERS,
        starter=item.is_starter,
        status_label=str(item.status_label) if with_status else "",
        status_tone=TONES[item.status] if with_status else "",
        snippet=snippets.get(item.pk, ""),
        edit_url=item.url_below("edit/")
        if with_status and item.author_id and item.status != "removed"
        else "",
        lang="" if item.language == settings.LANGUAGE_CODE else item.language,
        read_more=_("Read on"),
    )
