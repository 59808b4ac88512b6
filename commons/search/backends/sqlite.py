"""Search on SQLite: an FTS5 table over the entries (external content), kept in step by triggers.

A second one holds the entries with attached files, with the files' words: what an item says itself is found and
scored as if it had no files.

Django's own table changes on SQLite copy the table and drop its triggers without a word, so install() runs again
after every migrate.
"""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

from . import END, START, WANTED, made_once

TITLED = object()  # stands, like WANTED, for the words in a title
INDEX = "search_fulltext"
TABLE = "search_searchentry"
ATTACHED = "search_attached"
COLUMNS = ("title", "summary", "extra", "body")
WEIGHTS = (10.0, 4.0, 2.0, 1.0)
SNIPPET_WORDS = 28
SHOWN_COLUMNS = (1, 3, 2)  # where a snippet is looked for: summary, body, extra
NEWEST, OLDER_TITLE, BY_FILE = range(3)  # of which part of the statement a candidate is


def _triggers(index, columns, condition):
    """Return the triggers that keep `index` in step with those entries of which `condition`, by row, is true."""
    names = ", ".join(columns)
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
    add = f"INSERT INTO {index}(rowid, {names}) SELECT new.id, {new} WHERE {condition.format('new')};"
    take = (
        f"INSERT INTO {index}({index}, rowid, {names}) "
        f"SELECT 'delete', old.id, {old} WHERE {condition.format('old')};"
    )
    return {
        f"{index}_insert": f"AFTER INSERT ON {TABLE} BEGIN {add} END",
        f"{index}_delete": f"AFTER DELETE ON {TABLE} BEGIN {take} END",
        f"{index}_update": f"AFTER UPDATE OF {names} ON {TABLE} BEGIN {take} {add} END",
    }


INDEXES = {INDEX: (COLUMNS, "1"), ATTACHED: ((*COLUMNS, "files"), "{}.files <> ''")}
TRIGGERS = {index: _triggers(index, *about) for index, about in INDEXES.items()}


def install(connection):
    """Create the indexes and their triggers where they are missing; index what was written without them."""
    with connection.cursor() as cursor:
        for index, (columns, condition) in INDEXES.items():
            there = _there(cursor, index)
            complete = index in there
            names = ", ".join(columns)
            if not complete:
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{TABLE}', "
                    "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
                )
            for name, body in TRIGGERS[index].items():
                statement = f"CREATE TRIGGER {name} {body}"
                if there.get(name) != statement:
                    complete = False
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(statement)
            if not complete:
                cursor.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")
                cursor.execute(
                    f"INSERT INTO {index}(rowid, {names}) SELECT id, {names} FROM {TABLE} "
                    f"WHERE {condition.format(TABLE)}"
                )


def _there(cursor, index):
    """Return the SQL of what is there of an index, by name."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE %s", [f"{index}%"])
    return dict(cursor.fetchall())


def uninstall(connection):
    with connection.cursor() as cursor:
        for index in INDEXES:
            for name in TRIGGERS[index]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {index}")


def reinstall(connection):
    """Make the index anew from the entries."""
    uninstall(connection)
    install(connection)


def forget_deleted(connection):
    """Take out the words of entries that were deleted: FTS5 only marks them so, until it next merges its segments."""
    with connection.cursor() as cursor:
        for index in INDEXES:
            cursor.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")


def check(connection):
    """Return what is wrong with the indexes themselves, as sentences."""
    wrong = []
    with connection.cursor() as cursor:
        for index in INDEXES:
            there = _there(cursor, index)
            wrong += [f"not installed: {name}" for name in (index, *TRIGGERS[index]) if name not in there]
            if index in there and not _agrees(cursor, index):
                wrong.append(f"the index {index} does not agree with the entries")
    return wrong


def _agrees(cursor, index):
    """Whether an index agrees with the entries: of that of attached files, whether it holds the entries it should."""
    try:
        # With 1 each entry is compared, and one without files, which is not in the second index, would be missed there.
        cursor.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', %s)", [index == INDEX])
    except DatabaseError:
        return False
    condition = INDEXES[index][1].format(TABLE)
    held, wanted = f"SELECT id FROM {index}_docsize", f"SELECT id FROM {TABLE} WHERE {condition}"
    cursor.execute(f"SELECT * FROM ({held} EXCEPT {wanted}) UNION ALL SELECT * FROM ({wanted} EXCEPT {held})")
    return cursor.fetchone() is None


def every(terms):
    """Return the engine's words for: all of these terms."""
    return " AND ".join(map(_term, terms))


def some(terms):
    """Return the engine's words for: any of these terms."""
    return " OR ".join(map(_term, terms))


def _term(term):
    # Only letters and digits come this far, so a quotation mark can't end the quotes.
    whole = [f'"{" ".join(spelling)}"' for spelling in term.spellings]
    begun = [f'"{" ".join(spelling)}" *' for spelling in term.begun]
    return f"({' OR '.join(whole + begun)})"


def matching(entries, wanted, most):
    """Return the entries that the engine's words (`every` or `some`) find, of the newest `most` that hold them."""
    newest = "SELECT * FROM (SELECT rowid FROM {0} WHERE {0} MATCH %s ORDER BY rowid DESC LIMIT %s)"
    found = RawSQL(
        f"{newest.format(INDEX)} UNION ALL {newest.format(ATTACHED)}", [wanted, most, wanted, most]
    )
    return entries.filter(pk__in=found)


def titled(entries, wanted, most):
    """Return the entries whose title alone the engine's words find, of the newest `most` such titles."""
    found = RawSQL(
        f"SELECT * FROM (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH '{{title}} : (' || %s || ')' "
        "ORDER BY rowid DESC LIMIT %s)",
        [wanted, most],
    )
    return entries.filter(pk__in=found)


def candidates(reached, listed, wanted, most, known_as=None):
    """Return (candidates, cut): of `reached` the newest found, those whose title alone holds the words, and the newest
    found by their files.

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
    # The last columns: of which part it is, and whether it is listed.
    parts = [row[-2] for row in rows]
    cut = most in (parts.count(NEWEST), parts.count(BY_FILE))
    candidates = [row[:-2] for row in rows if row[-1]]
    if BY_FILE in parts:
        # An older title may have been found by its files again.
        candidates = list({row[0]: row for row in reversed(candidates)}.values())
    return candidates, cut


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    inner, inner_values = reached.order_by().values("id", "title", "contribution_id").query.sql_with_params()
    outer, outer_values = listed.order_by().values("id").query.sql_with_params()
    gate = f"EXISTS (SELECT 1 FROM ({outer}) listed WHERE listed.id = found.id)"

    def found(index):
        # CROSS JOIN keeps the planner from walking all entries: the index comes first.
        return (
            f"SELECT reached.*, -bm25({index}, {', '.join(map(str, WEIGHTS))}) FROM {index} "
            f"CROSS JOIN ({inner}) reached ON reached.id = {index}.rowid WHERE {index} MATCH %s"
        )

    def newest(index):
        return f"ORDER BY {index}.rowid DESC LIMIT %s"

    # Titles older than the newest found are looked for only where those were cut.
    statement = (
        f"WITH newest AS MATERIALIZED ({found(INDEX)} {newest(INDEX)}), "
        f"by_file AS MATERIALIZED ({found(ATTACHED)} AND {ATTACHED}.rowid NOT IN (SELECT id FROM newest) "
        f"{newest(ATTACHED)}) "
        f"SELECT found.*, id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s), 1, {NEWEST}, {gate} "
        "FROM newest found "
        f"UNION ALL SELECT found.*, 1, 1, {OLDER_TITLE}, {gate} FROM ({found(INDEX)} "
        f"AND {INDEX}.rowid < (SELECT CASE COUNT(*) WHEN %s THEN MIN(id) ELSE 0 END FROM newest) "
        f"{newest(INDEX)}) found "
        f"UNION ALL SELECT found.*, 0, 0, {BY_FILE}, {gate} FROM by_file found"
    )
    cut = [*inner_values, WANTED, most]
    titled = [*inner_values, TITLED, most, most]
    return statement, [*cut, *cut, TITLED, *outer_values, *outer_values, *titled, *outer_values]


def snippets(ids, wanted):
    """Return {id: (plain text around the words, with the words between START and END, or "" without any, whether it
    is of an attached file)}."""
    if not ids:
        return {}
    place = ", ".join(["%s"] * len(ids))
    mark = f"snippet({{}}, {{}}, %s, %s, '…', {SNIPPET_WORDS})"
    own = ", ".join(mark.format(INDEX, number) for number in SHOWN_COLUMNS)
    file = mark.format(ATTACHED, len(COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, 0, {own} FROM {INDEX} WHERE {INDEX} MATCH %s AND rowid IN ({place}) "
            f"UNION ALL SELECT rowid, 1, {file}{', NULL' * (len(SHOWN_COLUMNS) - 1)} FROM {ATTACHED} "
            f"WHERE {ATTACHED} MATCH %s AND rowid IN ({place}) "
            f"AND rowid NOT IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s AND rowid IN ({place}))",
            [*[START, END] * len(SHOWN_COLUMNS), wanted, *ids, START, END, wanted, *ids, wanted, *ids],
        )
        rows = cursor.fetchall()
    return {pk: (next((t for t in texts if t and START in t), ""), bool(of)) for pk, of, *texts in rows}
