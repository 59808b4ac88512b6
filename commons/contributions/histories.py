"""What pages say of a thing's versions: when and by whom each was saved, and what changed from the one before."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commons.tagging import vocabulary

from . import kinds
from .cards import date_words
from .differences import GAP, MOST_SHOWN, SAME, Effort, Piece, differences, excerpt
from .models import Comment
from .querysets import moderates
from .sending import words_in

# A database may give a snapshot's names back in any order.
ORDER = ("title", "summary", "body", "principles", "sectors", "keywords", "audience")


@dataclass
class Entry:
    """One version. `changes` are (label, Pieces); `is_first` where there is none before it that the reader may read."""

    number: int
    name: str
    name_url: str
    date_iso: str
    date_words: str
    date_exact: str
    stands: bool
    shown: bool
    is_first: bool
    changes: list = field(default_factory=list)
    was_cut: bool = False


def entries_for(thing, versions, reader, *, whole=False):
    """Return the Entries of `versions`, the last first; the last of them is only compared with.

    It is None where there is nothing before. With `whole` nothing is left out of what stayed the same. No query but
    the vocabulary's, and an effort that is bounded for them all.
    """
    effort = Effort()
    texts = [fields_of(thing, version) if version else None for version in versions]
    entries = []
    for version, after, before in zip(versions, texts, texts[1:], strict=False):
        entry = _entry(thing, version, reader, is_first=before is None)
        for label, text in after.items():
            earlier = before.get(label, "") if before is not None else None
            if text != (earlier or ""):
                pieces, was_cut = _changes(earlier, text, effort, whole)
                entry.changes.append((label, pieces))
                entry.was_cut = entry.was_cut or was_cut
        entries.append(entry)
    return entries


def _changes(before, after, effort, whole):
    """Return (Pieces, whether something is left out). Of a first text, `before` is None."""
    if before is not None:
        pieces = differences(before, after, effort)
        return (pieces, False) if whole else excerpt(pieces)
    if whole or len(after) <= MOST_SHOWN:
        return [Piece(SAME, after)], False
    return [Piece(SAME, after[:MOST_SHOWN]), Piece(GAP)], True


def _entry(thing, version, reader, *, is_first):
    name, name_url = _writer(thing, version, reader)
    moment = timezone.localtime(version.at)
    return Entry(
        number=version.number,
        name=name,
        name_url=name_url,
        date_iso=moment.isoformat(timespec="seconds"),
        date_words=date_words(moment),
        date_exact=formats.date_format(moment, "j F Y, H:i"),
        stands=version.number == thing.version,
        shown=version.shown,
        is_first=is_first,
    )


def _writer(thing, version, reader):
    """Return (name, address of the profile or ""): which moderator it was is for moderators alone."""
    if version.by is None:
        return _("The editors"), ""
    if version.by_id != thing.author_id and not moderates(reader):
        return (_("A moderator") if thing.author_id else _("The editors")), ""
    byline = version.by.card_byline()
    return byline["name"], get_user_model().describe_byline(byline)[0]


def fields_of(thing, version):
    """Return what a version says, as {label: text}: what all kinds have first."""
    if isinstance(thing, Comment):
        return {_("Text"): version.text}
    snapshot, model = version.snapshot, kinds.get(thing.kind).model_class()
    names = [name for name in ORDER if name in snapshot] + sorted(set(snapshot) - set(ORDER))
    return {_label(model, name): _as_text(model, name, snapshot[name]) for name in names}


def _label(model, name):
    try:
        field = model._meta.get_field(name)
        words = field.related_model._meta.verbose_name_plural if name in model.ROWS else field.verbose_name
        return str(capfirst(words))
    except FieldDoesNotExist:
        return capfirst(name.replace("_", " "))


def _choices(model, name):
    """Return {value: words} of what can be chosen for a field of a kind."""
    if name in model.CHOICES:
        return dict(model.CHOICES[name].choices)
    try:
        return dict(model._meta.get_field(name).flatchoices)
    except (FieldDoesNotExist, AttributeError):
        return {}


def _as_text(model, name, value):
    """Return a value of a snapshot as people read it."""
    terms = vocabulary.current()
    choices = _choices(model, name)
    if isinstance(value, list) and name in model.CHOICES:
        return ", ".join(str(choices.get(part, part)) for part in value)
    chosen = choices.get(value) if isinstance(value, (str, int)) else None
    if chosen is not None:
        return str(chosen)
    if name in {"principles", "sectors"}:
        known = getattr(terms, name)
        return ", ".join(known[pk].name for pk in value if pk in known)
    if name in model.ROWS:
        return "\n".join(model.words_of_row(name, row) for row in value)
    if name == "files":
        return "\n".join(" – ".join(filter(None, [each["name"], each["description"]])) for each in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return str(value) if isinstance(value, (str, int, float)) else words_in(value)
