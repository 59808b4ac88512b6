"""The one interface behind which a search engine stands; docs/search.md says what it must do."""

# ruff: noqa: S608, S611 -- names in the SQL are this module's own; whatever was typed is a parameter.

from dataclasses import dataclass
from importlib import import_module

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

ENGINES = {"sqlite": "sqlite", "postgresql": "postgresql"}

# Around what was found, in the plain text of a snippet: private characters, which no entry holds.
START, END = "\ue000", "\ue001"


# What a candidate is, as a plain tuple, for there are a thousand of them: the id of the entry, its title, the id of its
# contribution or None, its score (a higher one is better), whether its title alone has the words, and whether they were
# found without its attached files.
PK, TITLE, CONTRIBUTION, SCORE, IN_TITLE, OWN = range(6)

# Stands in the values of a statement of candidates that is made once, where the words go.
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


def backend():
    """Return the engine's module for the database in use."""
    return import_module(f"{__name__}.{ENGINES[connection.vendor]}")


def held(entries, wants, few, most, known_as=None):
    """Return, for each of `wants` (an engine's words), the ids of up to `few` of the entries that it finds.

    Looked for is among `most` alone of those that hold the words, and each only where the one before found too few.
    The statement is kept under `known_as`, when given. One query.
    """
    try:
        statement, values = made_once(
            known_as and (known_as, "held", len(wants), few, most),
            lambda: _held(entries, len(wants), few, most),
        )
    except EmptyResultSet:
        return [set() for _each in wants]
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [wants[value.number] if isinstance(value, Place) else value for value in values]
        )
        rows = cursor.fetchall()
    return [{pk for place, pk in rows if place == number} for number in range(len(wants))]


def _held(entries, number_of_wants, few, most):
    named, values = [], []
    for number in range(number_of_wants):
        found = backend().matching(entries, Place(number), most)
        if number:
            too_few = RawSQL(f"(SELECT COUNT(*) FROM held{number - 1}) < %s", [few], BooleanField())
            found = found.filter(too_few)
        sql, parameters = found.order_by().values("id")[:few].query.sql_with_params()
        named.append(f"held{number} AS MATERIALIZED ({sql})")
        values += parameters
    parts = " UNION ALL ".join(f"SELECT {number}, id FROM held{number}" for number in range(number_of_wants))
    return f"WITH {', '.join(named)} {parts}", values
