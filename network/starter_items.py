"""What every contribution of the starter library has in common: how it is read, written, and left to its editors.

An entry is a dict: the `model`, the `starter_key`, the `values` for store(), and where a kind's snapshot keeps some of
these in another form, those as `stored`.
"""

import json

from django.core.exceptions import ValidationError
from django.utils import timezone

from commons.contributions.models import SUMMARY_LENGTH
from commons.tagging.models import Keyword, Principle, ServiceSector, validate_keyword
from commons.texts.models import fingerprint

from .starter_files import BrokenFile, body_of
from .starter_outcomes import LEFT_ALONE, LOADED, UNCHANGED, UPDATED

COMMON = ("key", "title", "summary", "byline", "principles", "sectors", "keywords")


def vocabularies():
    """Return {"principles": {slug: term}, "sectors": {slug: term}}."""
    return {
        "principles": {term.slug: term for term in Principle.objects.all()},
        "sectors": {term.slug: term for term in ServiceSector.objects.all()},
    }


def starter_key(document, kind):
    return f"{kind}/{document.text('key', longest=100, required=False) or document.name}"


def common(document, terms):
    """Return what every kind of contribution has; `terms` are the vocabularies()."""
    return {
        "title": document.text("title", longest=200),
        "summary": document.text("summary", longest=SUMMARY_LENGTH),
        "body": body_of(document),
        "audience": "everyone",
        "principles": _terms(document, "principles", terms["principles"]),
        "sectors": _terms(document, "sectors", terms["sectors"]),
        "keywords": _keywords(document),
    }


def _terms(document, name, terms):
    slugs = document.strings(name, required=True)
    for slug in slugs:
        if slug not in terms:
            raise BrokenFile(document.path, f"there is no “{slug}” among the {name}")
    return [terms[slug] for slug in slugs]


def _keywords(document):
    names = document.strings("keywords")
    for name in names:
        try:
            validate_keyword(name)
        except ValidationError as error:
            raise BrokenFile(document.path, " ".join(error.messages)) from error
    return names


def write_item(entry):
    """Load an entry, or bring its changes to one that nobody has changed since; return what became of it."""
    model, values = entry["model"], entry["values"]
    item = model.objects.filter(starter_key=entry["starter_key"]).first()
    if item is None:
        item = model(kind=model.KIND, starter_key=entry["starter_key"])
        item.store(values)
        item.submit(None)
        _remember(item)
        return LOADED
    if _words_of(item.snapshot()) == _as_stored(entry):
        return UNCHANGED
    # The version as it was saved, not as it stands: a merged keyword is no change of this item.
    if _snapshot_hash(item.revisions.order_by("-number").first().snapshot) != item.starter_hash:
        return LEFT_ALONE
    if item.published_at:
        item.edited_at = timezone.now()
    item.store(values)
    item.note_shown()
    _remember(item)
    return UPDATED


def _remember(item):
    """Keep the hash of what was loaded, to tell later whether an editor has changed it."""
    type(item).objects.filter(pk=item.pk).update(starter_hash=_snapshot_hash(item.snapshot()))


def _as_stored(entry):
    """Return the snapshot that an entry makes: terms by id, keywords by the names they now have."""
    values = entry["values"]
    keywords = Keyword.objects.for_names(values["keywords"])
    return {
        **values,
        "principles": sorted(term.pk for term in values["principles"]),
        "sectors": sorted(term.pk for term in values["sectors"]),
        "keywords": sorted(keyword.name for keyword in keywords),
        **entry.get("stored", {}),
    }


def _words_of(snapshot):
    """Return a snapshot without its files: the library brings none, so attaching one changes nothing of it."""
    return {name: value for name, value in snapshot.items() if name != "files"}


def _snapshot_hash(snapshot):
    return fingerprint(json.dumps(_words_of(snapshot), sort_keys=True, ensure_ascii=False))
