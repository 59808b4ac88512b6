"""Loading the starter library: what the network begins with, kept in starter/ as data files.

Loading again brings what changed in the files, but never overwrites what an editor wrote meanwhile: a
text that was loaded carries its own hash, and one whose words no longer match it is left alone.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from commons.contributions.models import Contribution
from commons.tagging import vocabulary
from commons.texts.models import TextVersion

from .starter_files import FOLDER, BrokenFile, read_toml
from .starter_items import write_item
from .starter_outcomes import Tally
from .starter_practice import read_case_studies, read_events
from .starter_reports import read_links, read_reports, write_link
from .starter_terms import (
    TERMS,
    read_spellings,
    read_terms,
    read_texts,
    write_spelling,
    write_term,
    write_text,
)

# In the order in which they are written: the reports last of what is shared, so that they are the newest here.
PARTS = ("texts", "principles", "sectors", "events", "links", "case-studies", "reports", "spellings")


@dataclass(frozen=True)
class Way:
    """One of the ways to take part. `key` names it for good; `url` is a path on this site, or empty."""

    key: str
    title: str
    text: str = ""
    url: str = ""


@lru_cache(maxsize=1)
def ways_to_take_part():
    """Return the Ways to take part, as the home and about pages list them."""
    path = FOLDER / "ways.toml"
    ways = read_toml(path).get("ways", [])
    try:
        return tuple(Way(**way) for way in ways)
    except TypeError as error:
        raise BrokenFile(path, error) from error


def is_new():
    """Whether the library was never loaded. The standing texts don’t count: migrating loads them."""
    loaded = TextVersion.objects.exclude(starter_hash="").filter(
        text__key__regex=rf"^({'|'.join(model.text_prefix for model in TERMS.values())})/"
    )
    return not loaded.exists() and not Contribution.objects.filter(starter_key__isnull=False).exists()


def load(only=PARTS, folder=FOLDER):
    """Load the parts named and return their Tallies, in one transaction.

    Raises BrokenFile, before anything is written, when a file of these parts can't be used.
    """
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        first_time = is_new()
        readers = {
            "texts": read_texts,
            "principles": read_terms,
            "sectors": read_terms,
            "events": read_events,
            "links": read_links,
            "case-studies": read_case_studies,
            "reports": read_reports,
            "spellings": read_spellings,
        }
        writers = {
            "texts": write_text,
            "principles": write_term,
            "sectors": write_term,
            "events": write_item,
            "links": write_link,
            "case-studies": write_item,
            "reports": write_item,
            "spellings": lambda spelling: write_spelling(spelling, first_time),
        }
        read = {part: readers[part](folder, part) for part in PARTS if part in only}
        tallies = [Tally(part, [writers[part](entry) for entry in read[part]]) for part in read]
        vocabulary.forget()
    return tallies
