"""The one interface behind which a search engine stands; docs/search.md says what it must do."""

from importlib import import_module

from django.db import connection

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
