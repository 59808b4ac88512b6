"""Loading the starter library: first texts, terms' descriptions, reports and links, kept in starter/ as data files.

Loading again brings what changed in the files, but never overwrites what an editor wrote meanwhile: a
text that was loaded carries its own hash, and one whose words no longer match it is left alone.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from commons.contributions.models import SUMMARY_LENGTH, Contribution
from commons.contributions.querysets import Reach
from commons.markup.render import BODY_LENGTH, clean_text
from commons.search.models import JoinedSpelling
from commons.tagging import vocabulary
from commons.tagging.models import Keyword, Principle, ServiceSector, validate_keyword
from commons.texts.models import Text, TextVersion, fingerprint
from library import addresses
from library.models import Link, Report
from library.models.link import LinkType

from .starter_files import FOLDER, BrokenFile, read_documents, read_toml

PARTS = ("texts", "principles", "sectors", "links", "reports", "spellings")
TERMS = {"principles": Principle, "sectors": ServiceSector}
LOADED, UPDATED, UNCHANGED, LEFT_ALONE = "loaded", "updated", "unchanged", "left alone"
SHARED = "shared by a member"


@dataclass(frozen=True)
class Way:
    """One of the ways to take part. `url` is a path on this site, or empty."""

    title: str
    text: str = ""
    url: str = ""


@lru_cache(maxsize=1)
def ways_to_take_part():
    """Return the Ways to take part, as the home and about pages list them."""
    path = FOLDER / "ways.toml"
    ways = read_toml(path).get("ways", [])
    try:
        return tuple(Way(**way) for way in ways)
    except TypeError as error:
        raise BrokenFile(path, error) from error


@dataclass
class Tally:
    """What became of the files of one part."""

    part: str
    outcomes: list = field(default_factory=list)

    def __str__(self):
        said = [
            f"{self.outcomes.count(outcome)} {outcome}"
            for outcome in (LOADED, UPDATED, UNCHANGED)
            if outcome in self.outcomes
        ]
        left = self.outcomes.count(LEFT_ALONE)
        if left:
            said.append(f"{left} left alone because an editor changed {'it' if left == 1 else 'them'}")
        shared = self.outcomes.count(SHARED)
        if shared:
            said.append(f"{shared} left out because a member has shared {'it' if shared == 1 else 'them'}")
        return f"{self.part}: {', '.join(said) or 'nothing to load'}"


def is_new():
    """Whether the library was never loaded. The standing texts don’t count: migrating loads them."""
    loaded = TextVersion.objects.exclude(starter_hash="").filter(
        text__key__regex=rf"^({'|'.join(model.text_prefix for model in TERMS.values())})/"
    )
    return not loaded.exists() and not Contribution.objects.filter(starter_key__isnull=False).exists()


def load(only=PARTS, folder=FOLDER):
    """Load the parts named and return their Tallies, in one transaction.

    Raises BrokenFile, before anything is written, when a file of these parts can't be used.
    """
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        first_time = is_new()
        readers = {
            "texts": _read_texts,
            "principles": _read_terms,
            "sectors": _read_terms,
            "reports": _read_reports,
            "links": _read_links,
            "spellings": _read_spellings,
        }
        writers = {
            "texts": _write_text,
            "principles": _write_term,
            "sectors": _write_term,
            "reports": _write_item,
            "links": _write_link,
            "spellings": lambda spelling: _write_spelling(spelling, first_time),
        }
        read = {part: readers[part](folder, part) for part in PARTS if part in only}
        tallies = [Tally(part, [writers[part](entry) for entry in read[part]]) for part in read]
        vocabulary.forget()
    return tallies


# --- standing texts and the vocabularies' descriptions ----------------------------------------------


def _read_texts(folder, part):
    entries = []
    for document in read_documents(folder / part):
        document.knows_only("key", "title", "summary")
        entries.append(
            {
                "key": document.text("key", longest=120, required=False) or document.name,
                "title": document.text("title", longest=200),
                "summary": document.text("summary", longest=300, required=False),
                "body": _body(document),
            }
        )
    return entries


def _write_text(entry):
    newest = _newest(entry["key"])
    if newest and (newest.title, newest.summary, newest.body) == _words(entry):
        return UNCHANGED
    if newest and not _is_ours(newest):
        return LEFT_ALONE
    Text.write(**entry, starter_hash=fingerprint(*_words(entry)))
    return UPDATED if newest else LOADED


def _read_terms(folder, part):
    entries = []
    terms = {term.slug: term for term in TERMS[part].objects.all()}
    for document in read_documents(folder / part):
        document.knows_only("slug", "name", "short_name", "summary")
        slug = document.text("slug", longest=80, required=False) or document.name
        if slug not in terms:
            raise BrokenFile(document.path, f"there is no “{slug}” among the {part}")
        entries.append(
            {
                "term": terms[slug],
                "summary": document.text("summary", longest=200, required=False),
                "body": _body(document),
            }
        )
    return entries


def _write_term(entry):
    """Write a term's summary and text together: the text's version remembers the summary that was loaded."""
    term = entry["term"]
    words = {"title": term.name, "summary": entry["summary"], "body": entry["body"]}
    newest = _newest(term.text_key)
    if newest and (newest.title, newest.summary, newest.body, term.summary) == (
        *_words(words),
        entry["summary"],
    ):
        return UNCHANGED
    if (newest and not _is_ours(newest)) or term.summary != (newest.summary if newest else ""):
        return LEFT_ALONE
    term.summary = entry["summary"]
    term.save(update_fields=["summary"])
    Text.write(term.text_key, **words, starter_hash=fingerprint(*_words(words)))
    return UPDATED if newest else LOADED


def _newest(key):
    versions = TextVersion.objects.filter(text__key=key, language=settings.LANGUAGE_CODE)
    return versions.order_by("-number").first()


def _is_ours(version):
    """Whether a version of a text says what the starter library wrote."""
    return bool(version.starter_hash) and version.starter_hash == fingerprint(
        version.title, version.summary, version.body
    )


def _words(entry):
    return entry["title"], entry["summary"], entry["body"]


def _body(document):
    body = clean_text(document.body)
    if len(body) > BODY_LENGTH:
        raise BrokenFile(document.path, f"its text has more than {BODY_LENGTH} characters")
    return body


# --- reports and links ------------------------------------------------------------------------------


def _read_reports(folder, part):
    """Return the reports in the order in which they were published, so that the latest is the newest here."""
    principles = {term.slug: term for term in Principle.objects.all()}
    sectors = {term.slug: term for term in ServiceSector.objects.all()}
    entries = []
    for document in read_documents(folder / part):
        document.knows_only(
            "key", "title", "summary", "byline", "authors", "publishers", "year", "month", "identifier",
            "principles", "sectors", "keywords",
        )  # fmt: skip
        entries.append(
            {
                "model": Report,
                "starter_key": _starter_key(document, Report.KIND),
                "values": {
                    **_common(document, principles, sectors),
                    "byline": document.text("byline", longest=200),
                    "authors": document.strings("authors"),
                    "publishers": document.strings("publishers", required=True),
                    "year": document.number("year", 1000, 9999),
                    "month": document.number("month", 1, 12, required=False),
                    "identifier": document.text("identifier", longest=100, required=False),
                },
            }
        )
    return sorted(entries, key=lambda entry: (entry["values"]["year"], entry["values"]["month"] or 0))


def _read_links(folder, part):
    principles = {term.slug: term for term in Principle.objects.all()}
    sectors = {term.slug: term for term in ServiceSector.objects.all()}
    entries = []
    for document in read_documents(folder / part):
        document.knows_only(
            "key", "title", "url", "type", "summary", "byline", "principles", "sectors", "keywords"
        )
        address, subtype = _address(document), document.text("type", longest=30)
        if subtype not in LinkType:
            raise BrokenFile(document.path, f"“type” must be one of {', '.join(LinkType.values)}")
        values = {
            **_common(document, principles, sectors),
            "byline": document.text("byline", longest=200, required=False),
            "url": address.url,
            "subtype": subtype,
        }
        entry = {"model": Link, "starter_key": _starter_key(document, Link.KIND), "values": values}
        entries.append({**entry, "address_key": address.key})
    return entries


def _address(document):
    try:
        return addresses.read(document.text("url", longest=addresses.LONGEST))
    except addresses.NotShareable as refusal:
        raise BrokenFile(document.path, refusal) from refusal


def _starter_key(document, kind):
    return f"{kind}/{document.text('key', longest=100, required=False) or document.name}"


def _common(document, principles, sectors):
    """Return what every kind of contribution has."""
    return {
        "title": document.text("title", longest=200),
        "summary": document.text("summary", longest=SUMMARY_LENGTH),
        "body": _body(document),
        "audience": "everyone",
        "principles": _terms(document, "principles", principles),
        "sectors": _terms(document, "sectors", sectors),
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


def _write_link(entry):
    """Write a link, unless a member has shared its address: then theirs stays the one entry for it."""
    same = Link.objects.exclude(reach=Reach.NOBODY).with_address(entry["address_key"])
    if same.exclude(starter_key=entry["starter_key"]).exists():
        return SHARED
    return _write_item(entry)


def _write_item(entry):
    model, values = entry["model"], entry["values"]
    item = model.objects.filter(starter_key=entry["starter_key"]).first()
    if item is None:
        item = model(kind=model.KIND, starter_key=entry["starter_key"])
        item.store(values)
        item.submit(None)
        _remember(item)
        return LOADED
    if _words_of(item.snapshot()) == _as_stored(values):
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


def _as_stored(values):
    """Return the snapshot that `values` make: terms by id, keywords by the names they now have."""
    keywords = Keyword.objects.for_names(values["keywords"])
    return {
        **values,
        "principles": sorted(term.pk for term in values["principles"]),
        "sectors": sorted(term.pk for term in values["sectors"]),
        "keywords": sorted(keyword.name for keyword in keywords),
    }


def _words_of(snapshot):
    """Return a report’s snapshot without its files: the library brings none, so attaching one changes nothing of it."""
    return {name: value for name, value in snapshot.items() if name != "files"}


def _snapshot_hash(snapshot):
    return fingerprint(json.dumps(_words_of(snapshot), sort_keys=True, ensure_ascii=False))


# --- joined spellings -------------------------------------------------------------------------------


def _read_spellings(folder, part):
    path = folder / "spellings.toml"
    spellings = read_toml(path).get("spellings", [])
    if not isinstance(spellings, list):
        raise BrokenFile(path, "“spellings” must be a list of texts")
    for spelling in spellings:
        try:
            JoinedSpelling(text=spelling).full_clean(validate_unique=False)
        except ValidationError as error:
            raise BrokenFile(path, f"“{spelling}”: {' '.join(error.messages)}") from error
    return spellings


def _write_spelling(spelling, first_time):
    """Add a spelling, but only with the first load: one that is missing later was taken away by an editor."""
    if JoinedSpelling.objects.filter(text=spelling).exists():
        return UNCHANGED
    if not first_time:
        return LEFT_ALONE
    JoinedSpelling.objects.create(text=spelling)
    return LOADED
