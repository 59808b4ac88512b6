"""Keeping the search entries in step with what they point at.

Contributions are indexed in the transaction that changes them (apps.py listens for their
announcement). Other apps put and drop their own entries and register a source here, so that
everything can be rebuilt and checked.
"""

from contextlib import closing

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.contributions import kinds
from commons.contributions.models import Comment, Contribution
from commons.contributions.querysets import Reach
from commons.markup.render import plain, render_standing
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text

from .attached import files_from, put_words_into
from .backends import backend
from .models import SearchEntry
from .querysets import BODY_LENGTH

BATCH = 200
COMMENTS = 100  # read at a time, until there is no more room
TERM_KINDS = {Principle: "principle", ServiceSector: "sector"}

_sources = []


def register_source(source):
    """Make a source of entries known; called from an app's AppConfig.ready().

    `source()` yields (target, fields) for everything of the app that should be found, where `fields` are
    the keyword arguments of SearchEntry.objects.put (kind, title, reach, url and what else there is).
    """
    if source not in _sources:
        _sources.append(source)


def index_contributions(ids):
    """Bring the entries of the contributions with these ids up to date, dropping those nobody may see."""
    ids = list(ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic(savepoint=False):
            entries = {entry.target_id: entry for entry in _contribution_entries(batch)}
            stored = SearchEntry.objects.filter(contribution_id__in=batch)
            before = {entry.target_id: entry for entry in stored.defer("files")}
            shown = {pk: entry for pk, entry in entries.items() if entry.reach != Reach.NOBODY}
            # A long conversation's entry is full: what is said at its end changes nothing, and costs no writing.
            changed = {pk: entry for pk, entry in shown.items() if _differing(before.get(pk), entry)}
            refiled = [
                changed.pop(pk)
                for pk, entry in list(changed.items())
                if entry.files_from != (before[pk].files_from if pk in before else "")
            ]
            SearchEntry.objects.put_all(list(changed.values()))
            if refiled:
                put_words_into(refiled)
                SearchEntry.objects.put_all(refiled, with_files=True)
            if gone := before.keys() - shown.keys():
                stored.filter(target_id__in=gone).delete()


def index_term(term):
    """Bring the entry of a principle or sector up to date, with the newest version of its text."""
    SearchEntry.objects.put(term, **_term_fields(term))


def index_vocabulary():
    """Bring the entries of all principles and sectors up to date, and drop those of terms that are gone."""
    for model in TERM_KINDS:
        terms = list(model.objects.all())
        SearchEntry.objects.put_all(
            [SearchEntry.objects.describe(term, **_term_fields(term)) for term in terms]
        )
        entries = SearchEntry.objects.filter(target_type=ContentType.objects.get_for_model(model))
        entries.exclude(target_id__in=[term.pk for term in terms]).delete()


def rebuild(progress=None):
    """Make every entry anew from what is there, drop the rest, and rebuild the engine's index.

    Returns how many entries there are. `progress(name, done, of)` is called after each batch, of as many as there were
    when it began, or more once there are more; and before and after the engine's index is made.
    """
    progress = progress or (lambda name, done, of: None)
    seen = set()
    of = Contribution.objects.exclude(reach=Reach.NOBODY).count()
    of += SearchEntry.objects.filter(contribution=None).count()
    with transaction.atomic():
        for entries in _batches(_everything()):
            put_words_into(entries)
            SearchEntry.objects.put_all(entries, with_files=True)
            seen.update((entry.target_type_id, entry.target_id) for entry in entries)
            progress(_("entries"), len(seen), max(of, len(seen)))
        stored = SearchEntry.objects.values_list("pk", "target_type_id", "target_id")
        left_over = [pk for pk, *target in stored.iterator() if tuple(target) not in seen]
        for start in range(0, len(left_over), BATCH):
            SearchEntry.objects.filter(pk__in=left_over[start : start + BATCH]).delete()
        progress(_("entries"), len(seen), len(seen))
        progress(_("index"), 0, 1)
        backend().reinstall(connection)
        progress(_("index"), 1, 1)
    return len(seen)


def check():
    """Return what is wrong with the index as sentences for an administrator: none when all agree."""
    wrong = []
    stored = {
        (entry.target_type_id, entry.target_id): entry
        for entry in SearchEntry.objects.defer("files").iterator(chunk_size=BATCH)
    }
    for entry in _everything():
        found = stored.pop((entry.target_type_id, entry.target_id), None)
        if found is None:
            wrong.append(f"missing: {entry.kind} {entry.target_id}")
            continue
        differing = _differing(found, entry)
        if found.files_from or entry.files_from:
            put_words_into([entry])
            differing += ["files"] * (found.files != entry.files)
        if differing:
            wrong.append(f"differs: {entry.kind} {entry.target_id} ({', '.join(differing)})")
    wrong += [f"left over: {entry.kind} {entry.target_id}" for entry in stored.values()]
    return wrong + backend().check(connection)


def _differing(stored, entry):
    """Return the names of the fields in which a stored entry is not what it should be; all where there is none.

    The words of files are not compared, for they are long: `files_from` tells whether they are others.
    """
    left_out = {"id", "indexed_at", "files"}
    fields = [f.attname for f in SearchEntry._meta.concrete_fields if f.name not in left_out]
    return [name for name in fields if stored is None or getattr(stored, name) != getattr(entry, name)]


def _everything():
    """Yield an unsaved entry for all that should be found."""
    ids = Contribution.objects.exclude(reach=Reach.NOBODY).order_by("pk").values_list("pk", flat=True)
    for batch in _batches(ids.iterator(chunk_size=BATCH)):
        yield from _contribution_entries(batch)
    for model in TERM_KINDS:
        for term in model.objects.all():
            yield SearchEntry.objects.describe(term, **_term_fields(term))
    for source in _sources:
        for target, fields in source():
            entry = SearchEntry.objects.describe(target, **fields)
            if entry.reach != Reach.NOBODY:
                yield entry


def _batches(things):
    batch = []
    for thing in things:
        batch.append(thing)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _contribution_entries(ids):
    """Yield entries for contributions.

    A kind whose own model has `search_text()` is asked for more words: a dict with `body` and `extra`. The words of
    comments follow, as far as there is room.
    """
    with override(settings.LANGUAGE_CODE):
        items = list(_with_own_fields(Contribution.objects.filter(pk__in=ids).order_by("pk")))
        own = {item.pk: item.search_text() if hasattr(item, "search_text") else {} for item in items}
        bodies = {
            item.pk: " ".join(filter(None, [plain(item.body_html), own[item.pk].get("body", "")]))
            for item in items
        }
        talks = [item.pk for item in items if item.comment_count and item.reach != Reach.NOBODY]
        answers = _words_of_comments({pk: BODY_LENGTH - len(bodies[pk]) for pk in talks})
        for item in items:
            keywords = [name for name, _slug in item.card.get("keywords", [])]
            byline = item.card.get("byline", {}).get("name", "")
            names = [*keywords, byline, own[item.pk].get("extra", ""), item.get_region_display()]
            yield SearchEntry.objects.describe(
                item,
                kind=item.kind,
                title=item.title,
                summary=item.summary,
                body=" ".join(filter(None, [bodies[item.pk], *answers.get(item.pk, [])])),
                extra=", ".join(map(str, filter(None, names))),
                reach=item.reach,
                url=item.get_absolute_url(),
                year=item.year,
                published_at=item.published_at,
                language=item.language,
                contribution_id=item.pk,
                files_from=files_from(item),
                facets=_facets(item),
            )


def _facets(item):
    """Yield (facet, value) for all that a contribution is counted by, but its kind."""
    yield from (("principle", pk) for pk in item.card.get("principles", []))
    yield from (("sector", pk) for pk in item.card.get("sectors", []))
    yield from (("keyword", slug) for _name, slug in item.card.get("keywords", []))
    for facet, value in (
        ("region", item.region),
        ("year", item.year),
        ("evidence", item.evidence_level),
        ("language", item.language),
    ):
        if value not in ("", None):
            yield facet, value
    if item.answered is not None:
        yield "answered", "yes" if item.answered else "no"


def _words_of_comments(room):
    """Return {id: plain texts of the first comments that can be read} for contributions with so much `room` for them.

    One query, and one more after each conversation that has no room for all of its comments: the rest of those is
    not read.
    """
    words, left = {}, sorted(pk for pk, characters in room.items() if characters > 0)
    while left:
        found = Comment.objects.filter(contribution__in=left, listed=True).order_by(
            "contribution", "position"
        )
        left = []
        with closing(found.values_list("contribution", "body_html").iterator(chunk_size=COMMENTS)) as rows:
            for pk, html in rows:
                words.setdefault(pk, []).append(plain(html))
                room[pk] -= len(words[pk][-1]) + 1
                if room[pk] <= 0:
                    left = sorted(other for other in room if other > pk and room[other] > 0)
                    break
    return words


def _with_own_fields(contributions):
    """Yield contributions, those of a kind that has `search_text()` as its own model: one query for each kind.

    What `search_text()` reads from other rows the model names in SEARCHED_WITH: it comes with the same query.
    """
    richer = {}
    items = list(contributions)
    for kind in kinds.all_kinds():
        model = kind.model_class()
        if hasattr(model, "search_text"):
            of_kind = [item.pk for item in items if item.kind == kind.code]
            if of_kind:
                rows = model._base_manager.select_related(*getattr(model, "SEARCHED_WITH", (None,)))
                richer.update(rows.in_bulk(of_kind))
    for item in items:
        yield richer.get(item.pk, item)


def _term_fields(term):
    text = Text.objects.current(term.text_key, settings.LANGUAGE_CODE)
    with override(settings.LANGUAGE_CODE):
        return {
            "kind": TERM_KINDS[type(term)],
            "title": term.name,
            "summary": term.summary or (text.summary if text else ""),
            "body": plain(render_standing(text.body)) if text else "",
            "reach": Reach.EVERYONE,
            "url": term.get_absolute_url(),
        }
