"""Search on PostgreSQL: asking the columns that postgresql_index.py keeps.

A GIN index knows no order, and of a word that most texts hold the newest are wanted: the newest spans of ids are asked
first, so that what is read does not grow with what there is.
"""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

import re
from itertools import accumulate, pairwise

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from ..words import WORD
from . import END, READ, START, TABLE, WANTED, gate_of, made_once
from .postgresql_index import (  # noqa: F401 -- the engine's interface is this module
    ATTACHED,
    COLUMN,
    HEADING,
    SPAN,
    TITLED,
    check,
    forget_deleted,
    install,
    reinstall,
    uninstall,
)

SPANS = (2, 14, 112)  # asked first, then the next so many, and so on; then all the rest
SPANS_FOR_FEW = (4,)
RANKED_BELOW = object()  # stands, like WANTED, for how many are too many to be scored by all of their words
RANKED = 200  # so many, the best by their headings, are scored by all of their words
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # body, extra, summary, title
# Longer texts score lower, gently (1), and repeating a word helps less and less (32 keeps it below one).
NORMALISATION = 1 | 32
HEADLINE = f"StartSel={START}, StopSel={END}, MaxWords=32, MinWords=16, ShortWord=0, MaxFragments=1"
SHOWN_COLUMNS = ("summary", "body", "extra")  # where a snippet is looked for
WINDOW = 4_000  # characters of a file, in which the passage is looked for
WIDE_WINDOW = 200_000  # where the words don't stand there as they were typed
# Not the column itself, of which there is an index: to walk all ids for the words would take seconds.
ID = f"({TABLE}.id + 0)"
WORDS = "to_tsquery('network', %s)"
TOP = f"top AS MATERIALIZED (SELECT MAX(id) / {SPAN} + 1 AS span FROM {TABLE})"
SPELLING = re.compile(r"'([^']*)'")
EDGE = 8
BETWEEN = re.compile(rf"{END}([\W_]{{1,3}}){START}")


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
    older_than = f"{ID} < (SELECT CASE COUNT(*) WHEN %s THEN MIN(id) ELSE 0 END FROM newest)"
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
    where.append(f"{ID} < ({top} - {asked[-1]}) * {SPAN}")
    rows = (
        reached.order_by(RawSQL(ID, []).desc())
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
    # A text is not looked through where one before it has the words.
    part = (
        "LATERAL (SELECT CASE WHEN {found} THEN '' ELSE ts_headline('network', network_words({name}), words, %s) END "
        "AS marked OFFSET 0) AS {name}_headline, "
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
    parts, values = [], []
    for number, name in enumerate(shown):
        before = [f"strpos({other}_headline.marked, %s) > 0" for other in shown[:number]]
        parts.append(part.format(name=name, found=" OR ".join(before) or "false"))
        values += [*[START] * number, HEADLINE, START + END]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {columns} FROM {TABLE}, to_tsquery('network', %s) words, {window}, {', '.join(parts)} "
            "WHERE id = ANY(%s)",
            [wanted, *window_values, *values, list(ids)],
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
