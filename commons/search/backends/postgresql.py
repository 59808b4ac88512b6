"""Search on PostgreSQL: a tsvector column kept by a trigger, two GIN indexes, and a configuration of our own.

The configuration `network` folds accents (where the extension unaccent may be created), stems English
and drops no common words, so that phrases of them can be found. A trigger and not a generated column:
PostgreSQL refuses to alter a column that a generated one is made of.

A second column, `attached`, holds the same words and those of the attached files, for entries that have any: what an
item says itself is found and scored as if it had no files.
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
ATTACHED = "attached"
ATTACHED_INDEX = "search_attached"
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
# A tsvector numbers no more than 16,383 words: a long file is numbered anew each PART characters, so that words side by
# side are found however far behind they stand. The parts overlap, or words on an edge would be parted.
PART, OVERLAP = 80_000, 500
WINDOW = 4_000  # characters of a file, in which the passage is looked for
WIDE_WINDOW = 200_000  # where the words don't stand there as they were typed
SPELLING = re.compile(r"'([^']*)'")
EDGE = 8
BETWEEN = re.compile(rf"{END}([\W_]{{1,3}}){START}")

_fields = ", ".join(
    f"setweight(to_tsvector('network', network_words(NEW.{name})), '{weight}')"
    for name, weight in (("title", "A"), ("summary", "B"), ("extra", "C"), ("body", "D"))
).replace(", setweight", " || setweight")
_attached = "network_attached({row}document, {row}files)"
FUNCTIONS = {
    "network_words": f"""CREATE OR REPLACE FUNCTION network_words(words text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT translate(words, '{SEPARATORS}', '{" " * len(SEPARATORS)}')
        $$""",
    # A tsvector ends at 1 MB: of a file with more different words than that, as much as fits is taken.
    "network_attached": f"""CREATE OR REPLACE FUNCTION network_attached(own tsvector, files text) RETURNS tsvector
        LANGUAGE plpgsql STABLE AS $$
        DECLARE
            most int := length(files);
            found tsvector;
        BEGIN
            IF files = '' THEN
                RETURN NULL;
            END IF;
            WHILE most > 0 LOOP
                BEGIN
                    SELECT string_agg(part::text, ' ')::tsvector INTO found FROM (
                        SELECT to_tsvector('network', network_words(
                            substr(files, start, least({PART + OVERLAP}, most - start + 1)))) AS part
                        FROM generate_series(1, most, {PART}) AS start
                    ) parts;
                    RETURN own || found;
                EXCEPTION WHEN program_limit_exceeded THEN
                    most := most / 2;
                END;
            END LOOP;
            RETURN own;
        END $$""",
    "search_document": f"""CREATE OR REPLACE FUNCTION search_document() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' OR (NEW.title, NEW.summary, NEW.extra, NEW.body, NEW.files)
                IS DISTINCT FROM (OLD.title, OLD.summary, OLD.extra, OLD.body, OLD.files)
                OR NEW.{COLUMN} IS NULL THEN
                NEW.{COLUMN} := {_fields};
                NEW.{ATTACHED} := {_attached.format(row="NEW.")};
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
        for column in (COLUMN, ATTACHED):
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {column} tsvector")
        cursor.execute(f"DROP TRIGGER IF EXISTS search_document ON {TABLE}")
        cursor.execute(
            f"CREATE TRIGGER search_document BEFORE INSERT OR UPDATE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION search_document()"
        )
        cursor.execute(f"UPDATE {TABLE} SET {COLUMN} = NULL")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {DOCUMENT_INDEX} ON {TABLE} USING gin ({COLUMN})")
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {ATTACHED_INDEX} ON {TABLE} USING gin ({ATTACHED}) "
            f"WHERE {ATTACHED} IS NOT NULL"
        )
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
            ("pg_class", "relname", ATTACHED_INDEX),
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
        for column in (COLUMN, ATTACHED):
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {column}")
        cursor.execute("DROP FUNCTION IF EXISTS search_document()")
        cursor.execute("DROP FUNCTION IF EXISTS network_attached(tsvector, text)")
        cursor.execute("DROP FUNCTION IF EXISTS network_words(text)")
        cursor.execute("DROP TEXT SEARCH CONFIGURATION IF EXISTS network")
        cursor.execute("DROP TEXT SEARCH DICTIONARY IF EXISTS network_stem")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def reinstall(connection):
    """Make the index anew from the entries."""
    uninstall(connection)
    install(connection)


def forget_deleted(connection):
    """Nothing: the index holds what the table holds."""


def check(connection):
    """Return what is wrong with the index itself, as sentences."""
    with connection.cursor() as cursor:
        wrong = [f"not installed: {name}" for name in _missing(cursor)]
        if not wrong:
            made = _fields.replace("NEW.", "")
            cursor.execute(
                f"SELECT count(*) FROM {TABLE} WHERE {COLUMN} IS DISTINCT FROM ({made}) "
                f"OR {ATTACHED} IS DISTINCT FROM {_attached.format(row='')}"
            )
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
    whole = [f"'{' '.join(spelling)}'" for spelling in term.spellings]
    # Of words in one pair of quotes each would be a beginning: they are put side by side one by one.
    begun = ["(" + " <-> ".join(f"'{word}'" for word in spelling) + ":*)" for spelling in term.begun]
    return f"({' | '.join(whole + begun)})"


def matching(entries, wanted, most):
    """Return the entries that the engine's words (`every` or `some`) find, of any `most` that hold them."""
    some_of = f"(SELECT id FROM {TABLE} WHERE {{}} @@ to_tsquery('network', %s) LIMIT %s)"
    found = RawSQL(
        f"{some_of.format(COLUMN)} UNION ALL {some_of.format(ATTACHED)}", [wanted, most, wanted, most]
    )
    return entries.filter(pk__in=found)


def titled(entries, wanted, most):
    """Return the entries whose title alone the engine's words find, of the newest `most` such titles."""
    found = RawSQL(
        f"SELECT id FROM {TABLE} WHERE {TITLE} @@ to_tsquery('network', %s) ORDER BY id DESC LIMIT %s",
        [wanted, most],
    )
    return entries.filter(pk__in=found)


def candidates(reached, listed, wanted, most, known_as=None):
    """Return (candidates, cut): of `reached` the newest found, those whose title alone holds the words, and the newest
    found by their files too.

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
    return [row[:6] for row in rows], bool(rows) and most in rows[0][6:]


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    # The words are written into each condition, not joined from one place: so the planner knows how many match.
    words = "to_tsquery('network', %s)"
    whole = RawSQL(f"{TABLE}.{COLUMN} @@ {words}", [WANTED], BooleanField())
    title = RawSQL(f"{TITLE.replace('title', f'{TABLE}.title')} @@ {words}", [WANTED], BooleanField())
    file = RawSQL(f"{TABLE}.{ATTACHED} @@ {words}", [WANTED], BooleanField())
    own = "{}.id IN (SELECT id FROM newest UNION ALL SELECT id FROM titled)"
    scored = f"CASE WHEN {own.format(TABLE)} THEN {TABLE}.{COLUMN} ELSE {TABLE}.{ATTACHED} END"
    rank = RawSQL(f"ts_rank('{WEIGHTS}', {scored}, {words}, {NORMALISATION})", [WANTED])
    # The gate is asked of what was cut alone: the planner can't take it for cheaper to read all that is listed.
    cut = RawSQL("SELECT id FROM newest UNION ALL SELECT id FROM titled UNION ALL SELECT id FROM by_file", [])
    shown = listed.filter(pk__in=cut).annotate(points=rank).order_by()
    newest, newest_values = _cut(reached.filter(whole), most)
    titled, titled_values = _cut(reached.filter(title), most)
    by_file, by_file_values = _cut(reached.filter(file), most)
    gate, gate_values = shown.values("id", "title", "contribution_id", "points").query.sql_with_params()
    statement = (
        f"WITH newest AS MATERIALIZED ({newest}), titled AS MATERIALIZED ({titled}), "
        f"by_file AS MATERIALIZED ({by_file}) "
        f"SELECT listed.*, listed.id IN (SELECT id FROM titled), {own.format('listed')}, "
        "(SELECT COUNT(*) FROM newest), (SELECT COUNT(*) FROM titled), (SELECT COUNT(*) FROM by_file) "
        f"FROM ({gate}) listed"
    )
    return statement, [*newest_values, *titled_values, *by_file_values, *gate_values]


def _cut(entries, most):
    """Return the SQL and its values of the ids of the newest `most` of `entries`."""
    return entries.order_by("-pk").values("id")[:most].query.sql_with_params()


def snippets(ids, wanted):
    """Return {id: (plain text around the words, with the words between START and END, or "" without any, whether it
    is of an attached file)}."""
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
    window, window_values = _window(wanted)
    shown = (*SHOWN_COLUMNS, "part")
    columns = ", ".join(
        f"{name}_headline.marked, left({name}, least({name}_place.place - 1, {EDGE + 1})), "
        f"substr({name}, {name}_place.place, length({name}_bare.bare)), "
        f"substr({name}, {name}_place.place + length({name}_bare.bare), {EDGE + 1})"
        for name in shown
    )
    parts = ", ".join(part.format(name=name) for name in shown)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {columns} FROM {TABLE}, to_tsquery('network', %s) words, {window}, {parts} "
            "WHERE id = ANY(%s)",
            [wanted, *window_values, *[HEADLINE, START + END] * len(shown), list(ids)],
        )
        rows = cursor.fetchall()
    found = {}
    for pk, *cells in rows:
        texts = [cells[n : n + 4] for n in range(0, len(cells), 4)]
        found[pk] = next(
            ((_passage(*text), text is texts[-1]) for text in texts if START in text[0]), ("", False)
        )
    return found


def _window(wanted):
    """Return the SQL, and its values, of the `part` of an entry's files in which a passage is looked for.

    It is empty where the entry says the words itself: to look through a whole file for each entry would take seconds.
    It begins a little before the first of the words that stands there much as it was typed.
    """
    spellings = sorted(dict.fromkeys(SPELLING.findall(wanted)), key=len, reverse=True)
    beginnings = [spelling[: max(4, len(spelling) - 3)] for spelling in spellings]
    typed = dict.fromkeys(text for each in beginnings for text in (each, each.replace(" ", "-")))
    places = [text for each in typed for text in (f" {each}", each)]
    found = ", ".join("nullif(strpos(lowered, %s), 0)" for _place in places)
    sql = (
        f"LATERAL (SELECT CASE WHEN {COLUMN} @@ words THEN '' ELSE files END AS whole OFFSET 0) AS looked, "
        'LATERAL (SELECT lower(whole COLLATE "C") AS lowered OFFSET 0) AS low, '
        f"LATERAL (SELECT coalesce({found}) AS at OFFSET 0) AS found, "
        "LATERAL (SELECT CASE WHEN at IS NULL THEN left(whole, %s) "
        "ELSE substr(whole, greatest(1, at - %s), %s) END AS part OFFSET 0) AS looked_at"
    )
    return sql, [*places, WIDE_WINDOW, WINDOW // 4, WINDOW]


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
