"""The starter library's events and case studies: what took place, and what came of it."""

from casestudies.models import CaseStudy, Currency, Flow
from casestudies.models.case_study import LONG, OWN_COLUMNS
from casestudies.models.rows import Recurrence, Role
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region
from events.models import Event
from events.models.event import WRITTEN, KnownTo, Season

from .starter_files import BrokenFile, read_documents
from .starter_items import COMMON, common, starter_key, vocabularies

YEARS = (1000, 9999)
MOST_PEOPLE, MOST_MONEY = 1_000_000_000, 10**15
OBSTACLES = tuple(name for name in OWN_COLUMNS if name.startswith("obstacles_"))
TEXTS = ("citizens_did", "before", "after", *OBSTACLES, "differently")

# --- events -----------------------------------------------------------------------------------------

# Beside the year, what says when it was; a day is never said here, so that no event of the library has a date.
SAID_WITH = {KnownTo.MONTH: "month", KnownTo.SEASON: "season", KnownTo.YEAR: ""}


def read_events(folder, part):
    """Return the events in the order in which they took place, as far as that is known."""
    terms, entries = vocabularies(), []
    for document in read_documents(folder / part):
        document.knows_only(*COMMON, "known_to", "year", "month", "season", "venue", "organiser", "region")
        values = {
            **{name: Event._meta.get_field(name).get_default() for name in WRITTEN},
            **common(document, terms),
            **_when(document),
            "byline": document.text("byline", longest=200),
            "venue": document.text("venue", longest=200, required=False),
            "organiser": document.text("organiser", longest=200, required=False),
            "region": document.choice("region", Region.values, required=False),
        }
        # Its snapshot keeps what is not said as an empty text.
        stored = {name: "" for name in WRITTEN if values[name] is None}
        entries.append(
            {
                "model": Event,
                "starter_key": starter_key(document, Event.KIND),
                "values": values,
                "stored": stored,
            }
        )
    return sorted(entries, key=lambda entry: (entry["values"]["year"], entry["values"]["month"] or 0))


def _when(document):
    known_to = document.choice("known_to", [*SAID_WITH])
    for name in filter(None, SAID_WITH.values()):
        if name in document.front and name != SAID_WITH[known_to]:
            raise BrokenFile(document.path, f"“{name}” says something else than “known_to”")
    return {
        "known_to": known_to,
        "year": document.number("year", *YEARS),
        "month": document.number("month", 1, 12) if known_to == KnownTo.MONTH else None,
        "season": document.choice("season", Season.values) if known_to == KnownTo.SEASON else "",
    }


# --- case studies -----------------------------------------------------------------------------------


def read_case_studies(folder, part):
    terms, entries = vocabularies(), []
    for document in read_documents(folder / part):
        document.knows_only(
            *COMMON, "place", "region", "from_year", "from_month", "to_year", "to_month", "ongoing",
            "evidence_level", "evidence_reason", *TEXTS, *CaseStudy.ROWS,
        )  # fmt: skip
        values = {
            **{name: CaseStudy._meta.get_field(name).get_default() for name in OWN_COLUMNS},
            **common(document, terms),
            "byline": document.text("byline", longest=200),
            "place": document.text("place", longest=120, required=False),
            "region": document.choice("region", Region.values, required=False),
            **{
                name: document.number(name, *limits, required=False)
                for name, limits in (
                    ("from_year", YEARS),
                    ("from_month", (1, 12)),
                    ("to_year", YEARS),
                    ("to_month", (1, 12)),
                )
            },
            "ongoing": document.yes_or_no("ongoing"),
            "evidence_level": document.number(
                "evidence_level", min(EvidenceLevel), max(EvidenceLevel), required=False
            ),
            "evidence_reason": document.text("evidence_reason", longest=1_000, required=False),
            **{name: document.text(name, longest=LONG, required=False) for name in TEXTS},
            "principles_shown": _principles_shown(document, terms["principles"]),
            "taking_part": [_taking_part(table) for table in document.tables("taking_part")],
            "outcomes": [_outcome(table) for table in document.tables("outcomes")],
            "costs_and_benefits": [
                _cost_or_benefit(table) for table in document.tables("costs_and_benefits")
            ],
        }
        entries.append(
            {"model": CaseStudy, "starter_key": starter_key(document, CaseStudy.KIND), "values": values}
        )
    return entries


def _principles_shown(document, principles):
    rows = []
    for table in document.tables("principles_shown"):
        table.knows_only("principle", "sentence")
        slug = table.text("principle", longest=80)
        if slug not in principles:
            raise BrokenFile(document.path, f"there is no “{slug}” among the principles")
        row = {"principle_id": principles[slug].pk, "sentence": table.text("sentence", longest=400)}
        if any(row["principle_id"] == other["principle_id"] for other in rows):
            raise BrokenFile(document.path, f"“principles_shown” has “{slug}” twice")
        rows.append(row)
    return rows


def _taking_part(table):
    table.knows_only("role", "number", "words")
    return {
        "role": table.choice("role", Role.values),
        "number": table.number("number", 0, MOST_PEOPLE, required=False),
        "words": table.text("words", longest=200, required=False),
    }


def _outcome(table):
    table.knows_only("measure", "before", "after", "unit", "compared_with", "source", "period")
    return {
        "measure": table.text("measure", longest=200),
        "before": table.text("before", longest=60, required=False),
        "after": table.text("after", longest=60, required=False),
        "unit": table.text("unit", longest=60, required=False),
        "compared_with": table.text("compared_with", longest=200, required=False),
        "source": table.text("source", longest=400, required=False),
        "period": table.text("period", longest=100, required=False),
    }


def _cost_or_benefit(table):
    table.knows_only(
        "holder", "flow", "about", "low", "high", "currency", "price_year", "period", "recurrence", "source",
        "cash_releasing",
    )  # fmt: skip
    low = table.number("low", 0, MOST_MONEY)
    return {
        "holder": table.text("holder", longest=120),
        "flow": table.choice("flow", Flow.values),
        "about": table.text("about", longest=200, required=False),
        "low": low,
        "high": table.number("high", low, MOST_MONEY, required=False),
        "currency": table.choice("currency", Currency.values),
        "price_year": table.number("price_year", *YEARS, required=False),
        "period": table.text("period", longest=100, required=False),
        "recurrence": table.choice("recurrence", Recurrence.values, required=False),
        "source": table.text("source", longest=400, required=False),
        "cash_releasing": table.yes_or_no("cash_releasing"),
    }
