"""What search keeps on PostgreSQL: tsvector columns filled by a trigger, GIN indexes, and a configuration of our own.

The configuration `network` folds accents (where the extension unaccent may be created), stems English
and drops no common words, so that phrases of them can be found. A trigger and not a generated column:
PostgreSQL refuses to alter a column that a generated one is made of.

`document` holds the words of an entry, `titled` those of its title. `heading` holds those of title, summary and names:
it is short, so that a thousand can be scored where unpacking a thousand documents would take long. `attached` holds
the document's words and those of the attached files, for entries that have any: what an item says itself is found and
scored as if it had no files.

Each indexed column also holds the number of the SPAN of ids that its entry is in, as a word that nobody can type.
"""

# ruff: noqa: S608 -- names in the SQL are this module's own; whatever was typed is a parameter.

from django.db import DatabaseError, transaction

from . import TABLE

COLUMN = "document"
TITLED = "titled"
HEADING = "heading"
ATTACHED = "attached"
INDEXES = {"search_document": COLUMN, "search_titled": TITLED, "search_attached": ATTACHED}
SPAN = 1_024  # ids
TOKENS = (
    "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart, "
    "int, uint, float, sfloat, version, email, url, url_path, host, file"
)
# The parser takes addresses, paths and signed numbers whole: without these marks it sees words, as FTS5 does.
SEPARATORS = '-/_.@:;,+=?&#%~|\\<>()[]{}!*^$£€"’‘“”–—…'
# A tsvector numbers no more than 16,383 words: a long file is numbered anew each PART characters, so that words side by
# side are found however far behind they stand. The parts overlap, or words on an edge would be parted.
PART, OVERLAP = 80_000, 500

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
