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

from . import END, READ, START, TABLE, WANTED, gate_of, made_once

# Stand, like WANTED, for the words in one column; and for how many are too many to be scored.
IN_TITLE, IN_SUMMARY, IN_EXTRA, SCORED_BELOW = object(), object(), object(), object()
IN_COLUMN = {IN_TITLE: "title", IN_SUMMARY: "summary", IN_EXTRA: "extra"}
INDEX = "search_fulltext"
ATTACHED = "search_attached"
COLUMNS = ("title", "summary", "extra", "body")
WEIGHTS = (10.0, 4.0, 2.0, 1.0)
SNIPPET_WORDS = 28
NOTHING = '""'  # what no entry holds
NEWEST = "ORDER BY words.rowid DESC LIMIT"
SHOWN_COLUMNS = (1, 3, 2)  # where a snippet is looked for: summary, body, extra
# What a row of the statement of candidates tells: an entry that was found, by its own words or by its files'; that the
# words stand in a column of it; or its score.
PARTS = OWN, BY_FILE, SUMMARY, EXTRA, SCORE, FILE_SCORE = range(6)


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


def candidates(reached, listed, wanted, most, known_as=None, *, of_any=False):
    """Return (candidates, cut): of `reached` the newest found, before them those whose title alone holds the words
    however old they are, and, where there is room, the newest found by their files.

    At most `most` are read and scored, however many there are; `cut` is whether there may be more. Of those, the ones
    that are in `listed` too are returned. The statement is kept under `known_as`, when given.

    Those that are not cut are scored by bm25. It reads everything that holds a word, so where it is cut, what is found
    is scored by where the words stand; but not `of_any` words, of which it would not tell how many are held.
    """
    try:
        statement, values = made_once(
            known_as and (known_as, most), lambda: _statement(reached, listed, most)
        )
    except EmptyResultSet:
        return [], False
    given = {each: f"{{{column}}} : ({wanted})" for each, column in IN_COLUMN.items()}
    given |= {WANTED: wanted, SCORED_BELOW: most + of_any}
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(value, value) for value in values])
        rows = cursor.fetchall()
    return _put_together(rows, most)


def _put_together(rows, most):
    """Return the same of the rows of the statement's parts."""
    parts = {part: [] for part in PARTS}
    for row in rows:
        parts[row[0]].append(row)
    summary, extra = ({row[1] for row in parts[part]} for part in (SUMMARY, EXTRA))
    scores = {row[1]: row[2] for part in (SCORE, FILE_SCORE) for row in parts[part]}
    of_title, of_summary, of_extra, _of_body = WEIGHTS
    found = []
    for part in (OWN, BY_FILE):
        for _part, pk, title, contribution, counted, in_title, is_listed in parts[part]:
            if is_listed:
                score = scores.get(pk)
                if score is None:
                    # As bm25 weighs them, of words that stand once.
                    score = of_title * in_title + of_summary * (pk in summary) + of_extra * (pk in extra)
                found.append((pk, title, contribution, score, in_title, part == OWN, counted))
    return found, len(parts[OWN]) + len(parts[BY_FILE]) >= most


def _statement(reached, listed, most):
    """Return the SQL of candidates() and its values. Raises EmptyResultSet."""
    found, found_values = _found(reached)
    gate, gate_values = gate_of("found", listed)

    def standing(part, index, condition, score="NULL"):
        return (
            f"SELECT {part}, rowid, {score}, NULL, NULL, NULL, NULL FROM {index} "
            f"WHERE {index} MATCH %s AND {condition}"
        )

    def score(index):
        return f"-bm25({index}, {', '.join(map(str, WEIGHTS))})"

    # Titles older than the newest found are looked for only where those were cut, and so is where the words stand.
    oldest = "(SELECT CASE COUNT(*) WHEN %s THEN MIN(id) ELSE {} END FROM newest)"
    only_if_cut = f"rowid >= {oldest.format(2**62)}"
    since_oldest = "rowid >= (SELECT MIN(id) FROM {})"
    few_enough = "(SELECT COUNT(*) FROM {}) < %s"
    titled = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s AND {since_oldest.format('newest')}"
    ctes = (
        f"newest AS MATERIALIZED ({found.format(INDEX)} {NEWEST} %s)",
        f"older AS MATERIALIZED ({found.format(INDEX)} AND words.rowid < {oldest.format(0)} {NEWEST} %s)",
        f"own AS MATERIALIZED (SELECT *, id IN ({titled}) AS in_title FROM newest "
        "UNION ALL SELECT *, 1 FROM older ORDER BY in_title DESC, id DESC LIMIT %s)",
        f"by_file AS MATERIALIZED ({found.format(ATTACHED)} AND words.rowid NOT IN (SELECT id FROM own) "
        f"{NEWEST} %s - (SELECT COUNT(*) FROM own))",
        f"found AS (SELECT {OWN} AS part, * FROM own UNION ALL SELECT {BY_FILE}, *, 0 FROM by_file)",
    )
    parts = (
        f"SELECT part, id, title, contribution_id, counted, in_title, id IN ({gate}) FROM found",
        standing(SUMMARY, INDEX, only_if_cut),
        standing(EXTRA, INDEX, only_if_cut),
        standing(
            SCORE,
            INDEX,
            f"{since_oldest.format('newest')} AND {few_enough.format('newest')}",
            score(INDEX),
        ),
        standing(
            FILE_SCORE,
            ATTACHED,
            f"{since_oldest.format('by_file')} AND {few_enough.format('by_file')}",
            score(ATTACHED),
        ),
    )
    values = [
        *found_values, WANTED, most,
        *found_values, IN_TITLE, most, most,
        IN_TITLE, most,
        *found_values, WANTED, most,
        *gate_values,
        IN_SUMMARY, most,
        IN_EXTRA, most,
        WANTED, SCORED_BELOW,
        WANTED, SCORED_BELOW,
    ]  # fmt: skip
    return f"WITH {', '.join(ctes)} {' UNION ALL '.join(parts)}", values


def some_found(name, reached, wanted, most, few, condition=""):
    """Return CTEs, of which the last is called `name`, of up to `most` of `reached` that hold the words, or hold them
    with their files, and the values of their SQL. `few` would be enough: here more are no dearer."""
    # As part of what is matched, or the index would be read before the condition is looked at.
    found, values = _found(
        reached, f"(CASE WHEN {condition} THEN %s ELSE '{NOTHING}' END)" if condition else "%s"
    )
    parts = (f"SELECT * FROM ({found.format(index)} {NEWEST} %s)" for index in (INDEX, ATTACHED))
    return [f"{name} AS MATERIALIZED ({' UNION '.join(parts)})"], [*values, wanted, most] * 2


def _found(reached, wanted="%s"):
    """Return the SQL that reads READ of those of `reached` that an index finds, to be given its name, and its values
    but for the words."""
    inner, values = reached.order_by().values(*READ).query.sql_with_params()
    # CROSS JOIN keeps the planner from walking all entries: the index comes first.
    inner = inner.replace("{", "{{").replace("}", "}}")
    found = f"SELECT reached.* FROM {{0}} words CROSS JOIN ({inner}) reached ON reached.id = words.rowid"
    return f"{found} WHERE {{0}} MATCH {wanted}", list(values)


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
