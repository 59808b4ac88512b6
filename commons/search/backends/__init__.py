"""The one interface behind which a search engine stands; docs/search.md says what it must do."""

# ruff: noqa: S608 -- names in the SQL are this module's own; whatever was typed is a parameter.

from dataclasses import dataclass
from importlib import import_module

from django.core.exceptions import EmptyResultSet
from django.db import connection

ENGINES = {"sqlite": "sqlite", "postgresql": "postgresql"}

# Around what was found, in the plain text of a snippet: private characters, which no entry holds.
START, END = "\ue000", "\ue001"


# What a candidate is, as a plain tuple, for there are a thousand of them: the id of the entry, its title, the id of its
# contribution or None, its score (a higher one is better), whether its title alone has the words, whether they were
# found without its attached files, and what it is counted by (counting.py).
PK, TITLE, CONTRIBUTION, SCORE, IN_TITLE, OWN, COUNTED = range(7)

TABLE = "search_searchentry"
# What is read of each entry found: beside what a candidate is, what the gate and those who narrow it ask of an entry.
READ = ("id", "title", "contribution_id", "counted", "reach", "kind", "target_id")

# Of so many that hold the words it is asked whether a few are listed: not all that could be reached may be.
DECIDED_AMONG = 100

# Stands in the values of a statement that is made once, where the words go.
WANTED = object()

_statements = {}


@dataclass(frozen=True)
class Place:
    """Stands for the words of this number in a statement that is made once."""

    number: int


def made_once(known_as, make):
    """Return what `make()` returns, an engine's (SQL, values); made once for each `known_as` that is not None."""
    if known_as is None:
        return make()
    if known_as not in _statements:
        _statements[known_as] = make()
    return _statements[known_as]


def gate_of(found, listed):
    """Return the SQL, and its values, of the ids of the rows of the CTE `found` (which has READ) that are in `listed`.

    `listed` is asked of those rows under its own table's name, so that no entry is looked up a second time.
    """
    sql, values = listed.order_by().values("id").query.sql_with_params()
    return f"WITH {TABLE} AS (SELECT * FROM {found}) {sql}", values


def backend():
    """Return the engine's module for the database in use."""
    return import_module(f"{__name__}.{ENGINES[connection.vendor]}")


def held(reached, listed, wants, few, known_as=None):
    """Return, for each of `wants` (an engine's words), the ids of up to `few` of the entries that it finds.

    Each is looked for only where the one before found too few. `reached` and `listed` are those of candidates(). The
    statement is kept under `known_as`, when given. One query.
    """
    try:
        statement, values = made_once(
            known_as and (known_as, "held", len(wants), few), lambda: _held(reached, listed, len(wants), few)
        )
    except EmptyResultSet:
        return [set() for _each in wants]
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [wants[value.number] if isinstance(value, Place) else value for value in values]
        )
        rows = cursor.fetchall()
    return [{pk for place, pk in rows if place == number} for number in range(len(wants))]


def _held(reached, listed, number_of_wants, few):
    parts, values = [], []
    for number in range(number_of_wants):
        found = f"found{number}"
        too_few = f"(SELECT COUNT(*) FROM held{number - 1}) < {few:d}" if number else ""
        some, some_values = backend().some_found(found, reached, Place(number), DECIDED_AMONG, few, too_few)
        gate, gate_values = gate_of(found, listed)
        parts += some
        parts.append(
            f"held{number} AS MATERIALIZED (SELECT id FROM {found} WHERE id IN ({gate}) LIMIT {few:d})"
        )
        values += [*some_values, *gate_values]
    shown = " UNION ALL ".join(f"SELECT {number}, id FROM held{number}" for number in range(number_of_wants))
    # What an engine puts before each is the same, and stands once.
    return f"WITH {', '.join(dict.fromkeys(parts))} {shown}", values
