"""Search on SQLite: an FTS5 table over the entries (external content), kept in step by triggers.

Django's own table changes on SQLite copy the table and drop its triggers without a word, so
install() runs again after every migrate.
"""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

from . import END, START, WANTED, made_once

TITLED = object()  # stands, like WANTED, for the words in a title
INDEX = "search_fulltext"
TABLE = "search_searchentry"
COLUMNS = ("title", "summary", "extra", "body")
WEIGHTS = (10.0, 4.0, 2.0, 1.0)
SNIPPET_WORDS = 28
SHOWN_COLUMNS = (1, 3, 2)  # where a snippet is looked for: summary, body, extra

_new = ", ".join(f"new.{name}" for name in COLUMNS)
_old = ", ".join(f"old.{name}" for name in COLUMNS)
_names = ", ".join(COLUMNS)
_add = f"INSERT INTO {INDEX}(rowid, {_names}) VALUES (new.id, {_new});"
_take = f"INSERT INTO {INDEX}({INDEX}, rowid, {_names}) VALUES ('delete', old.id, {_old});"
TRIGGERS = {
    f"{INDEX}_insert": f"AFTER INSERT ON {TABLE} BEGIN {_add} END",
    f"{INDEX}_delete": f"AFTER DELETE ON {TABLE} BEGIN {_take} END",
    f"{INDEX}_update": f"AFTER UPDATE OF {_names} ON {TABLE} BEGIN {_take} {_add} END",
}


def install(connection):
    """Create the index and its triggers where they are missing; index what was written without them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE %s", [f"{INDEX}%"])
        there = dict(cursor.fetchall())
        complete = INDEX in there
        if not complete:
            cursor.execute(
                f"CREATE VIRTUAL TABLE {INDEX} USING fts5({_names}, content='{TABLE}', content_rowid='id', "
                "tokenize='porter unicode61 remove_diacritics 2')"
            )
        for name, body in TRIGGERS.items():
            statement = f"CREATE TRIGGER {name} {body}"
            if there.get(name) != statement:
                complete = False
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
        if not complete:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def uninstall(connection):
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")


def reinstall(connection):
    """Make the index anew from the entries."""
    uninstall(connection)
    install(connection)


def check(connection):
    """Return what is wrong with the index itself, as sentences."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{INDEX}%"])
        there = {name for (name,) in cursor.fetchall()}
        wrong = [f"not installed: {name}" for name in (INDEX, *TRIGGERS) if name not in there]
        if INDEX in there:
            try:
                cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")
            except DatabaseError:
                wrong.append(f"the index {INDEX} does not agree with the entries")
    return wrong


def every(terms):
    """Return the engine's words for: all of these terms."""
    return " AND ".join(map(_term, terms))


def some(terms):
    """Return the engine's words for: any of these terms."""
    return " OR ".join(map(_term, terms))


def _term(term):
    # Only letters and digits come this far, so a quotation mark can't end the quotes.
    return "(" + " OR ".join(f'"{" ".join(spelling)}"' for spelling in term.spellings) + ")"


def matching(entries, wanted):
    """Return the entries that the engine's words (`every` or `some`) find."""
    found = RawSQL(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", [wanted])
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
    words = {WANTED: wanted, TITLED: f"{{title}} : ({wanted})"}
    with connection.cursor() as cursor:
        cursor.execute(statement, [words.get(value, value) for value in values])
        rows = cursor.fetchall()
    # The last columns: whether it is of the older titles, and whether it is listed.
    cut = [row[-2] for row in rows].count(0) == most
    return [row[:-2] for row in rows if row[-1]], cut


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    inner, inner_values = reached.order_by().values("id", "title", "contribution_id").query.sql_with_params()
    outer, outer_values = listed.order_by().values("id").query.sql_with_params()
    score = f"-bm25({INDEX}, {', '.join(map(str, WEIGHTS))})"
    # CROSS JOIN keeps the planner from walking all entries: the index comes first.
    found = (
        f"SELECT reached.*, {score} FROM {INDEX} "
        f"CROSS JOIN ({inner}) reached ON reached.id = {INDEX}.rowid WHERE {INDEX} MATCH %s"
    )
    order = f"ORDER BY {INDEX}.rowid DESC LIMIT %s"
    gate = f"EXISTS (SELECT 1 FROM ({outer}) listed WHERE listed.id = found.id)"
    # Titles older than the newest found are looked for only where those were cut.
    statement = (
        f"WITH newest AS MATERIALIZED ({found} {order}) "
        f"SELECT found.*, id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s), 0, {gate} FROM newest found "
        f"UNION ALL SELECT found.*, 1, 1, {gate} FROM ({found} "
        f"AND {INDEX}.rowid < (SELECT CASE COUNT(*) WHEN %s THEN MIN(id) ELSE 0 END FROM newest) {order}) found"
    )
    values = [*inner_values, WANTED, most, TITLED, *outer_values]
    return statement, [*values, *outer_values, *inner_values, TITLED, most, most]


def snippets(ids, wanted):
    """Return {id: plain text around the words, with the words between START and END}, or "" without any."""
    if not ids:
        return {}
    marks = ", ".join(f"snippet({INDEX}, {number}, %s, %s, '…', {SNIPPET_WORDS})" for number in SHOWN_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {marks} FROM {INDEX} WHERE {INDEX} MATCH %s "
            f"AND rowid IN ({', '.join(['%s'] * len(ids))})",
            [*[START, END] * len(SHOWN_COLUMNS), wanted, *ids],
        )
        return {pk: next((t for t in texts if START in t), "") for pk, *texts in cursor.fetchall()}
