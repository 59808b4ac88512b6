"""Search on PostgreSQL: tsvector columns kept by a trigger, GIN indexes, and a configuration of our own.

The configuration `network` folds accents (where the extension unaccent may be created), stems English
and drops no common words, so that phrases of them can be found. A trigger and not a generated column:
PostgreSQL refuses to alter a column that a generated one is made of.

`document` holds the words of an entry, `titled` those of its title. `heading` holds those of title, summary and names:
it is short, so that a thousand can be scored where unpacking a thousand documents would take long. `attached` holds
the document's words and those of the attached files, for entries that have any: what an item says itself is found and
scored as if it had no files.

A GIN index knows no order, and of a word that most texts hold the newest are wanted. So each column also holds the
number of the SPAN of ids that its entry is in, as a word that nobody can type: the newest spans are asked first, and
what is read does not grow with what there is.
"""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

import re
from itertools import accumulate, pairwise

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from ..words import WORD
from . import END, READ, START, TABLE, WANTED, gate_of, made_once

COLUMN = "document"
TITLED = "titled"
HEADING = "heading"
ATTACHED = "attached"
INDEXES = {"search_document": COLUMN, "search_titled": TITLED, "search_attached": ATTACHED}
SPAN = 1_024  # ids
SPANS = (2, 14, 112)  # asked first, then the next so many, and so on; then all the rest
SPANS_FOR_FEW = (4,)
RANKED_BELOW = object()  # stands, like WANTED, for how many are too many to be scored by all of their words
RANKED = 200  # so many, the best by their headings, are scored by all of their words
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
WORDS = "to_tsquery('network', %s)"
TOP = f"top AS MATERIALIZED (SELECT MAX(id) / {SPAN} + 1 AS span FROM {TABLE})"
SPELLING = re.compile(r"'([^']*)'")
EDGE = 8
BETWEEN = re.compile(rf"{END}([\W_]{{1,3}}){START}")

_weighted = "setweight(to_tsvector('network', network_words({{row}}{name})), '{weight}')"
_title, _summary, _extra, _body = (
    _weighted.format(name=name, weight=weight)
    for name, weight in (("title", "A"), ("summary", "B"), ("extra", "C"), ("body", "D"))
)
_span = f"array_to_tsvector(ARRAY['#' || {{row}}id / {SPAN}])"
# What each column is made of; `attached` is made of the document, so it stands last.
MADE_OF = {
    COLUMN: " || ".join((_title, _summary, _extra, _body, _span)),
    TITLED: " || ".join((_title, _span)),
    HEADING: " || ".join((_title, _summary, _extra)),
    ATTACHED: "network_attached({row}document, {row}files)",
}
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
                {" ".join(f"NEW.{name} := {made.format(row='NEW.')};" for name, made in MADE_OF.items())}
            END IF;
            RETURN NEW;
        END $$""",
    # The numbers of the spans from the first to before the last, as a query for any of them.
    "network_spans": """CREATE OR REPLACE FUNCTION network_spans(first bigint, last bigint) RETURNS tsquery
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT string_agg('#' || n, '|')::tsquery FROM generate_series(greatest(first, 0), last - 1) n
        $$""",
}


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
        for column in MADE_OF:
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {column} tsvector")
        cursor.execute(f"DROP TRIGGER IF EXISTS search_document ON {TABLE}")
        cursor.execute(
            f"CREATE TRIGGER search_document BEFORE INSERT OR UPDATE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION search_document()"
        )
        cursor.execute(f"UPDATE {TABLE} SET {COLUMN} = NULL")
        cursor.execute("DROP INDEX IF EXISTS search_title")  # of an earlier version
        for index, column in INDEXES.items():
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON {TABLE} USING gin ({column}) WHERE {column} IS NOT NULL"
            )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _missing(cursor):
    """Return the names of what install() has still to create."""
    return [
        name
        for catalogue, column, name in (
            ("pg_ts_config", "cfgname", "network"),
            ("pg_trigger", "tgname", "search_document"),
            *(("pg_class", "relname", index) for index in INDEXES),
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
        for column in MADE_OF:
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {column}")
        cursor.execute("DROP FUNCTION IF EXISTS search_document()")
        cursor.execute("DROP FUNCTION IF EXISTS network_spans(bigint, bigint)")
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
            differs = " OR ".join(
                f"{name} IS DISTINCT FROM ({made.format(row='')})" for name, made in MADE_OF.items()
            )
            cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE {differs}")
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
    everything = entries.model._default_manager.all()
    parts, values = _newest("titles", everything, TITLED, most)
    found = f"WITH {', '.join([TOP, *parts])} SELECT id FROM titles"
    return entries.filter(pk__in=RawSQL(found, [wanted if value is WANTED else value for value in values]))


def candidates(reached, listed, wanted, most, known_as=None, *, of_any=False):
    """Return (candidates, cut): of `reached` the newest found, before them those whose title alone holds the words
    however old they are, and, where there is room, the newest found by their files.

    At most `most` are read, however many there are; `cut` is whether there may be more. Of those, the ones that are in
    `listed` too are returned. The statement is kept under `known_as`, when given.

    All are scored by their headings, and the RANKED best of them by all of their words, where they are not cut or
    `of_any` words.
    """
    try:
        statement, values = made_once(
            known_as and (known_as, most), lambda: _statement(reached, listed, most)
        )
    except EmptyResultSet:
        return [], False
    given = {WANTED: wanted, RANKED_BELOW: most + of_any}
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(value, value) for value in values])
        rows = cursor.fetchall()
    return [row[:-1] for row in rows], bool(rows) and rows[0][-1] >= most


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    newest, newest_values = _newest("newest", reached, COLUMN, most)
    # Titles older than the newest found are looked for only where those were cut.
    older_than = f"{TABLE}.id < (SELECT CASE COUNT(*) WHEN %s THEN MIN(id) ELSE 0 END FROM newest)"
    older, older_values = _newest("older", reached, TITLED, most, older_than, [most])
    elsewhere = f"{TABLE}.id NOT IN (SELECT id FROM own)"
    by_file, by_file_values = _newest("by_file", reached, ATTACHED, most, elsewhere)
    gate, gate_values = gate_of("found", listed)
    columns = ", ".join(READ)
    parts = (
        TOP,
        *newest,
        *older,
        f"own AS MATERIALIZED (SELECT {columns}, {_rank(HEADING)} AS rank, {TITLED} @@ {WORDS} AS in_title FROM newest "
        f"UNION ALL SELECT {columns}, {_rank(HEADING)}, true FROM older ORDER BY in_title DESC, id DESC LIMIT %s)",
        *by_file,
        f"found AS MATERIALIZED (SELECT {columns}, rank, in_title, true AS own FROM own "
        f"UNION ALL (SELECT {columns}, 0, false, false FROM by_file ORDER BY id DESC "
        "LIMIT %s - (SELECT COUNT(*) FROM own)))",
        "best AS MATERIALIZED (SELECT id, own FROM found WHERE (SELECT COUNT(*) FROM newest) < %s "
        f"ORDER BY own DESC, in_title DESC, rank DESC, id DESC LIMIT {RANKED})",
        f"ranked AS MATERIALIZED (SELECT entry.id, CASE WHEN best.own THEN {_rank(f'entry.{COLUMN}')} "
        f"ELSE {_rank(f'entry.{ATTACHED}')} END AS rank FROM best JOIN {TABLE} entry ON entry.id = best.id)",
    )
    statement = (
        f"WITH {', '.join(parts)} SELECT found.id, title, contribution_id, coalesce(1 + ranked.rank, found.rank), "
        "in_title, own, counted, (SELECT COUNT(*) FROM found) "
        f"FROM found LEFT JOIN ranked ON ranked.id = found.id WHERE found.id IN ({gate})"
    )
    values = [
        *newest_values,
        *older_values,
        WANTED, WANTED, WANTED, most,
        *by_file_values, most,
        RANKED_BELOW, WANTED, WANTED,
        *gate_values,
    ]  # fmt: skip
    return statement, values


def _rank(column):
    return f"ts_rank('{WEIGHTS}', {column}, {WORDS}, {NORMALISATION})"


def some_found(name, reached, wanted, most, few, condition=""):
    """Return CTEs, of which the last is called `name`, of up to `most` of `reached` that hold the words, or hold them
    with their files, and the values of their SQL. Where the newest hold `few`, no others are looked for."""
    columns = ", ".join(READ)
    parts, values = [TOP], []
    for part, column in ((f"{name}_own", COLUMN), (f"{name}_by_file", ATTACHED)):
        newest, newest_values = _newest(
            part, reached, column, most, condition, spans=SPANS_FOR_FEW, enough=few
        )
        parts += newest
        values += [wanted if value is WANTED else value for value in newest_values]
    united = f"SELECT {columns} FROM {name}_own UNION SELECT {columns} FROM {name}_by_file"
    return [*parts, f"{name} AS MATERIALIZED ({united})"], values


def _newest(name, reached, column, most, condition="", condition_values=(), *, spans=SPANS, enough=None):
    """Return CTEs, of which the last is called `name`, of the newest `most` of `reached` whose `column` has the words,
    and the values of their SQL; to stand behind TOP.

    The newest spans of ids are asked first, then the next; then what is older, without asking for its span. Each only
    where those before do not hold `enough`, which is `most` unless told otherwise.
    """
    top = "(SELECT span FROM top)"
    asked = [0, *accumulate(spans)]
    where = [
        f"{TABLE}.{column} @@ network_spans({top} - {upto}, {top} - {before})"
        for before, upto in pairwise(asked)
    ]
    where.append(f"{TABLE}.id < ({top} - {asked[-1]}) * {SPAN}")
    rows = (
        reached.order_by("-pk")
        .annotate(**{name: RawSQL(f"{TABLE}.{name}", []) for name in (HEADING, TITLED)})
        .values(*READ, HEADING, TITLED)
    )
    parts, values = [], []
    for number, span in enumerate(where):
        # The words are written into each condition, not joined from one place: so the planner knows how many match.
        conditions, given = [f"{TABLE}.{column} @@ {WORDS}", span], [WANTED]
        if number:
            before = " + ".join(f"(SELECT COUNT(*) FROM {name}{other})" for other in range(number))
            conditions.append(f"{before} < %s")
            given.append(most if enough is None else enough)
        if condition:
            conditions.append(condition)
            given += condition_values
        found = rows.filter(RawSQL(" AND ".join(conditions), given, BooleanField()))[:most]
        sql, parameters = found.query.sql_with_params()
        parts.append(f"{name}{number} AS MATERIALIZED ({sql})")
        values += parameters
    united = " UNION ALL ".join(f"SELECT * FROM {name}{number}" for number in range(len(where)))
    parts.append(f"{name} AS MATERIALIZED ({united} ORDER BY id DESC LIMIT %s)")
    return parts, [*values, most]


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
