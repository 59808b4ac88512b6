"""Search on PostgreSQL: a tsvector column kept by a trigger, two GIN indexes, and a configuration of our own.

The configuration `network` folds accents (where the extension unaccent may be created), stems English
and drops no common words, so that phrases of them can be found. A trigger and not a generated column:
PostgreSQL refuses to alter a column that a generated one is made of.
"""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

import re

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from ..words import WORD
from . import END, START, WANTED, made_once

TABLE = "search_searchentry"
COLUMN = "document"
DOCUMENT_INDEX = "search_document"
TITLE_INDEX = "search_title"
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # body, extra, summary, title
# Longer texts score lower, gently (1), and repeating a word helps less and less (32 keeps it below one).
NORMALISATION = 1 | 32
TOKENS = (
    "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart, "
    "int, uint, float, sfloat, version, email, url, url_path, host, file"
)
# The parser takes addresses, paths and signed numbers whole: without these marks it sees words, as FTS5 does.
SEPARATORS = '-/_.@:;,+=?&#%~|\\<>()[]{}!*^$£€"’‘“”–—…'
HEADLINE = f"StartSel={START}, StopSel={END}, MaxWords=32, MinWords=16, ShortWord=0, MaxFragments=1"
SHOWN_COLUMNS = ("summary", "body", "extra")  # where a snippet is looked for
EDGE = 8
BETWEEN = re.compile(rf"{END}([\W_]{{1,3}}){START}")

_fields = ", ".join(
    f"setweight(to_tsvector('network', network_words(NEW.{name})), '{weight}')"
    for name, weight in (("title", "A"), ("summary", "B"), ("extra", "C"), ("body", "D"))
).replace(", setweight", " || setweight")
_document = f"NEW.{COLUMN} := {_fields}"
FUNCTIONS = {
    "network_words": f"""CREATE OR REPLACE FUNCTION network_words(words text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT translate(words, '{SEPARATORS}', '{" " * len(SEPARATORS)}')
        $$""",
    "search_document": f"""CREATE OR REPLACE FUNCTION search_document() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' OR (NEW.title, NEW.summary, NEW.extra, NEW.body)
                IS DISTINCT FROM (OLD.title, OLD.summary, OLD.extra, OLD.body) OR NEW.{COLUMN} IS NULL THEN
                {_document};
            END IF;
            RETURN NEW;
        END $$""",
}
TITLE = "to_tsvector('network', network_words(title))"


def install(connection):
    """Create configuration, column, trigger and indexes where they are missing, and index what is there."""
    with connection.cursor() as cursor, transaction.atomic(using=connection.alias):
        if not _exists(cursor, "pg_ts_config", "cfgname", "network"):
            _configure(connection, cursor)
        for statement in FUNCTIONS.values():
            cursor.execute(statement)
        if not _missing(cursor):
            return
        # A table with rows whose foreign keys are still to be checked can't be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {COLUMN} tsvector")
        cursor.execute(f"DROP TRIGGER IF EXISTS search_document ON {TABLE}")
        cursor.execute(
            f"CREATE TRIGGER search_document BEFORE INSERT OR UPDATE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION search_document()"
        )
        cursor.execute(f"UPDATE {TABLE} SET {COLUMN} = NULL")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {DOCUMENT_INDEX} ON {TABLE} USING gin ({COLUMN})")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {TITLE_INDEX} ON {TABLE} USING gin ({TITLE})")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _missing(cursor):
    """Return the names of what install() has still to create."""
    return [
        name
        for catalogue, column, name in (
            ("pg_ts_config", "cfgname", "network"),
            ("pg_trigger", "tgname", "search_document"),
            ("pg_class", "relname", DOCUMENT_INDEX),
            ("pg_class", "relname", TITLE_INDEX),
        )
        if not _exists(cursor, catalogue, column, name)
    ]


def _configure(connection, cursor):
    fold = ""
    try:
        with transaction.atomic(using=connection.alias):
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        fold = "unaccent, "
    except DatabaseError:
        # Without the right to create it, words with accents are found by their exact spelling only.
        pass
    cursor.execute("CREATE TEXT SEARCH DICTIONARY network_stem (TEMPLATE = snowball, LANGUAGE = english)")
    cursor.execute("CREATE TEXT SEARCH CONFIGURATION network (PARSER = default)")
    cursor.execute(
        f"ALTER TEXT SEARCH CONFIGURATION network ADD MAPPING FOR {TOKENS} WITH {fold}network_stem"
    )


def _exists(cursor, catalogue, column, name):
    cursor.execute(f"SELECT 1 FROM {catalogue} WHERE {column} = %s", [name])
    return cursor.fetchone() is not None


def uninstall(connection):
    with connection.cursor() as cursor, transaction.atomic(using=connection.alias):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER IF EXISTS search_document ON {TABLE}")
        cursor.execute(f"DROP INDEX IF EXISTS {TITLE_INDEX}")
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {COLUMN}")
        cursor.execute("DROP FUNCTION IF EXISTS search_document()")
        cursor.execute("DROP FUNCTION IF EXISTS network_words(text)")
        cursor.execute("DROP TEXT SEARCH CONFIGURATION IF EXISTS network")
        cursor.execute("DROP TEXT SEARCH DICTIONARY IF EXISTS network_stem")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def reinstall(connection):
    """Make the index anew from the entries."""
    uninstall(connection)
    install(connection)


def check(connection):
    """Return what is wrong with the index itself, as sentences."""
    with connection.cursor() as cursor:
        wrong = [f"not installed: {name}" for name in _missing(cursor)]
        if not wrong:
            made = _fields.replace("NEW.", "")
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {COLUMN} IS DISTINCT FROM ({made})")
            stale = cursor.fetchone()[0]
            if stale:
                wrong.append(f"the index does not agree with {stale} of the entries")
    return wrong


def every(terms):
    """Return the engine's words for: all of these terms."""
    return " & ".join(map(_term, terms))


def some(terms):
    """Return the engine's words for: any of these terms."""
    return " | ".join(map(_term, terms))


def _term(term):
    # Only letters and digits come this far, so a quotation mark can't end the quotes.
    return "(" + " | ".join(f"'{' '.join(spelling)}'" for spelling in term.spellings) + ")"


def matching(entries, wanted):
    """Return the entries that the engine's words (`every` or `some`) find."""
    found = RawSQL(f"SELECT id FROM {TABLE} WHERE {COLUMN} @@ to_tsquery('network', %s)", [wanted])
    return entries.filter(pk__in=found)


def candidates(reached, listed, wanted, most, known_as=None):
    """Return (candidates, cut): of `reached` the newest found and those whose title alone holds the words.

    At most `most` of each are read and scored, however many there are; `cut` is whether there may be more. Of
    those, the ones that are in `listed` too are returned. The statement is kept under `known_as`, when given.
    """
    try:
        statement, values = made_once(
            known_as and (known_as, most), lambda: _statement(reached, listed, most)
        )
    except EmptyResultSet:
        return [], False
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted if value is WANTED else value for value in values])
        rows = cursor.fetchall()
    return [row[:5] for row in rows], bool(rows) and most in rows[0][5:]


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    # The words are written into each condition, not joined from one place: so the planner knows how many match.
    words = "to_tsquery('network', %s)"
    whole = RawSQL(f"{TABLE}.{COLUMN} @@ {words}", [WANTED], BooleanField())
    title = RawSQL(f"{TITLE.replace('title', f'{TABLE}.title')} @@ {words}", [WANTED], BooleanField())
    rank = RawSQL(f"ts_rank('{WEIGHTS}', {TABLE}.{COLUMN}, {words}, {NORMALISATION})", [WANTED])
    # The gate is asked of what was cut alone: the planner can't take it for cheaper to read all that is listed.
    cut = RawSQL("SELECT id FROM newest UNION ALL SELECT id FROM titled", [])
    shown = listed.filter(pk__in=cut).annotate(points=rank).order_by()
    newest, newest_values = _cut(reached.filter(whole), most)
    titled, titled_values = _cut(reached.filter(title), most)
    gate, gate_values = shown.values("id", "title", "contribution_id", "points").query.sql_with_params()
    statement = (
        f"WITH newest AS MATERIALIZED ({newest}), titled AS MATERIALIZED ({titled}) "
        "SELECT listed.*, listed.id IN (SELECT id FROM titled), "
        f"(SELECT COUNT(*) FROM newest), (SELECT COUNT(*) FROM titled) FROM ({gate}) listed"
    )
    return statement, [*newest_values, *titled_values, *gate_values]


def _cut(entries, most):
    """Return the SQL and its values of the ids of the newest `most` of `entries`."""
    return entries.order_by("-pk").values("id")[:most].query.sql_with_params()


def snippets(ids, wanted):
    """Return {id: plain text around the words, with the words between START and END}, or "" without any."""
    if not ids:
        return {}
    # The headline is made of the words alone (network_words keeps every place), then the passage is cut from
    # the text itself, so that hyphens, addresses and angle brackets come out as they were written.
    part = (
        "LATERAL (SELECT ts_headline('network', network_words({name}), words, %s) AS marked OFFSET 0) "
        "AS {name}_headline, "
        "LATERAL (SELECT translate({name}_headline.marked, %s, '') AS bare) {name}_bare, "
        "LATERAL (SELECT strpos(network_words({name}), {name}_bare.bare) AS place) {name}_place"
    )
    columns = ", ".join(
        f"{name}_headline.marked, left({name}, least({name}_place.place - 1, {EDGE + 1})), "
        f"substr({name}, {name}_place.place, length({name}_bare.bare)), "
        f"substr({name}, {name}_place.place + length({name}_bare.bare), {EDGE + 1})"
        for name in SHOWN_COLUMNS
    )
    parts = ", ".join(part.format(name=name) for name in SHOWN_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {columns} FROM {TABLE}, to_tsquery('network', %s) words, {parts} WHERE id = ANY(%s)",
            [wanted, *[HEADLINE, START + END] * len(SHOWN_COLUMNS), list(ids)],
        )
        rows = cursor.fetchall()
    found = {}
    for pk, *cells in rows:
        texts = (cells[n : n + 4] for n in range(0, len(cells), 4))
        found[pk] = next((_passage(*text) for text in texts if START in text[0]), "")
    return found


def _passage(marked, before, original, after):
    """Return the passage `original` with the marks its words have in `marked`, and … where it was cut."""
    letters, passage = iter(original), []
    for letter in marked:
        passage.append(letter if letter in {START, END} else next(letters, ""))
    # A phrase is marked word by word: what lies between two marked words belongs to it.
    text = BETWEEN.sub(r"\1", "".join(passage))
    return f"{_edge(before)}{text}{_edge(after)}"


def _edge(beyond):
    """Return what lies beyond a passage where that is the text's last mark or two, which a headline leaves out."""
    return beyond if len(beyond) <= EDGE and not WORD.search(beyond) else "…"
