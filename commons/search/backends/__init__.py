"""The one interface behind which a search engine stands; docs/search.md says what it must do."""

from importlib import import_module

from django.db import connection

ENGINES = {"sqlite": "sqlite", "postgresql": "postgresql"}

# Around what was found, in the plain text of a snippet: private characters, which no entry holds.
START, END = "\ue000", "\ue001"


# What a candidate is, as a plain tuple, for there are a thousand of them: the id of the entry, its title, the id of its
# contribution or None, its score (a higher one is better), and whether its title alone has the words.
PK, TITLE, CONTRIBUTION, SCORE, IN_TITLE = range(5)


def backend():
    """Return the engine's module for the database in use."""
    return import_module(f"{__name__}.{ENGINES[connection.vendor]}")
