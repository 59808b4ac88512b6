"""The one interface behind which a search engine stands; docs/search.md says what it must do."""

from dataclasses import dataclass
from importlib import import_module

from django.db import connection

ENGINES = {"sqlite": "sqlite", "postgresql": "postgresql"}

# Around what was found, in the plain text of a snippet: private characters, which no entry holds.
START, END = "\ue000", "\ue001"


@dataclass
class Candidate:
    """An entry that was found. A higher `score` is better; `in_title` when its title alone has the words."""

    title: str
    score: float
    in_title: bool


def backend():
    """Return the engine's module for the database in use."""
    return import_module(f"{__name__}.{ENGINES[connection.vendor]}")
