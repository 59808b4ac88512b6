"""The starter library's standing texts, the descriptions of principles and sectors, and the joined spellings."""

from django.conf import settings
from django.core.exceptions import ValidationError

from commons.search.models import JoinedSpelling
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text, TextVersion, fingerprint

from .starter_files import BrokenFile, body_of, read_documents, read_toml
from .starter_outcomes import LEFT_ALONE, LOADED, UNCHANGED, UPDATED

TERMS = {"principles": Principle, "sectors": ServiceSector}


def read_texts(folder, part):
    entries = []
    for document in read_documents(folder / part):
        document.knows_only("key", "title", "summary")
        entries.append(
            {
                "key": document.text("key", longest=120, required=False) or document.name,
                "title": document.text("title", longest=200),
                "summary": document.text("summary", longest=300, required=False),
                "body": body_of(document),
            }
        )
    return entries


def write_text(entry):
    newest = _newest(entry["key"])
    if newest and (newest.title, newest.summary, newest.body) == _words(entry):
        return UNCHANGED
    if newest and not _is_ours(newest):
        return LEFT_ALONE
    Text.write(**entry, starter_hash=fingerprint(*_words(entry)))
    return UPDATED if newest else LOADED


def read_terms(folder, part):
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
                "body": body_of(document),
            }
        )
    return entries


def write_term(entry):
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


def read_spellings(folder, part):
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


def write_spelling(spelling, first_time):
    """Add a spelling, but only with the first load: one that is missing later was taken away by an editor."""
    if JoinedSpelling.objects.filter(text=spelling).exists():
        return UNCHANGED
    if not first_time:
        return LEFT_ALONE
    JoinedSpelling.objects.create(text=spelling)
    return LOADED
