"""What a case study says at a glance, how complete it is, and how it stands beside others. No query of its own."""

from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.tagging import vocabulary
from commons.tagging.evidence import HELP, EvidenceLevel
from commons.tagging.places import place_html
from commons.tagging.regions import Region

from .ledger import ledger_of
from .models.case_study import BARRIERS, CaseStudy
from .models.rows import Role


def facts_of(item):
    """Return [(what, words)] of what is known at a glance: place, time, who tells it, who took part, evidence."""
    facts = [
        (_("Place"), place_html(item.place, item.region)),
        (_("When"), when_words(item)),
        (_("Who tells it"), item.teller),
        (_("Who took part"), people_words(item)),
        (_("Strength of evidence"), evidence_words(item)),
        (_("Whom to ask"), item.contact),
        (_("Consent"), consent_words(item)),
    ]
    return [(what, words) for what, words in facts if words]


def card_facts(item):
    """Yield what a card says beside the title, made of the base row: evidence in words, and who tells it."""
    if item.evidence_level is not None:
        yield _("Evidence: %(level)s") % {"level": EvidenceLevel(item.evidence_level).label}
    if len(item.card.get("sides", [])) > 1:
        yield _("Told by both sides")


def place_words(item):
    region = str(Region(item.region).label) if item.region in Region.values else ""
    return ", ".join(filter(None, [item.place, region]))


def when_words(item):
    """Return from when to when, as far as it is known, such as "March 2018 to 2020" or "since 2015"."""
    begins, ends = _moment(item.from_month, item.from_year), _moment(item.to_month, item.to_year)
    if begins and ends:
        return _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
    if begins:
        return (
            _("Since %(begins)s") % {"begins": begins}
            if item.ongoing
            else _("From %(begins)s") % {"begins": begins}
        )
    if ends:
        return _("Until %(ends)s") % {"ends": ends}
    return _("Still going on") if item.ongoing else ""


def _moment(month, year):
    return f"{MONTHS[month]} {year}" if month and year else str(year or "")


def people_words(item):
    """Return who took part and how many, in one line."""
    return "; ".join(_people(row) for row in item.rows_of("taking_part"))


def _people(row):
    who = str(Role(row["role"]).label)
    number = f"{row['number']:,}" if row["number"] is not None else ""
    return f"{who}: {', '.join(filter(None, [number, row['words']]))}" if number or row["words"] else who


def evidence_words(item):
    if item.evidence_level is None:
        return ""
    level = EvidenceLevel(item.evidence_level)
    return f"{level}. {level.label}. {HELP[level]}"


def consent_words(item):
    if not item.consent:
        return ""
    return item.consent_words or _("Those who are described agreed to this being published.")


def sentences_of(item):
    """Return (the term, sentence) for each principle that has one, in the order of the principles."""
    terms = vocabulary.current().principles
    shown = {row["principle_id"]: row["sentence"] for row in item.rows_of("principles_shown")}
    return [(term, shown[pk]) for pk, term in terms.items() if pk in shown]


def obstacles_of(item):
    """Return (heading, text) of the obstacles that were told, by barrier."""
    found = ((CaseStudy._meta.get_field(f"obstacles_{barrier}"), barrier) for barrier in BARRIERS)
    return [
        (field.verbose_name, getattr(item, field.name))
        for field, _barrier in found
        if getattr(item, field.name)
    ]


@dataclass(frozen=True)
class Completeness:
    """How many parts have been told, of how many; and one that could be told next, with its address."""

    told: int
    of: int
    suggestion: str
    url: str

    @property
    def words(self):
        return ngettext(
            "You have told %(told)d of %(of)d parts.", "You have told %(told)d of %(of)d parts.", self.of
        ) % {"told": self.told, "of": self.of}


def completeness_of(item):
    """Return the Completeness of a case study: a kind word for its author, and no more than one suggestion."""
    edit = item.url_below("edit/")
    parts = [
        (bool(item.rows_of("principles_shown")), _("say in a sentence how each principle showed up"), edit),
        (bool(item.rows_of("taking_part")), _("say who took part"), f"{edit}people/"),
        (bool(item.citizens_did), _("tell what citizens decided or did"), f"{edit}people/"),
        (bool(item.before and item.after), _("tell how it was before, and after"), f"{edit}change/"),
        (bool(item.rows_of("outcomes")), _("add something that was counted or measured"), f"{edit}outcomes/"),
        (item.evidence_level is not None, _("say how strong the evidence is"), f"{edit}outcomes/"),
        (bool(item.rows_of("costs_and_benefits")), _("say who pays and who gains"), f"{edit}costs/"),
        (bool(obstacles_of(item)), _("tell what stood in the way"), f"{edit}obstacles/"),
        (bool(item.differently), _("say what you would do differently"), f"{edit}obstacles/"),
        (item.consent, _("say that those described agree"), f"{edit}sharing/"),
        (bool(item.contact), _("say whom others can ask"), f"{edit}sharing/"),
    ]
    missing = next(((words, url) for done, words, url in parts if not done), ("", ""))
    return Completeness(sum(done for done, _words, _url in parts), len(parts), *missing)


def beside_each_other(items):
    """Return [(heading, [words of each])] to compare case studies: a line where at least one of them says something."""
    lines = [
        (_("In short"), [item.lead() for item in items]),
        (_("Place"), [place_words(item) for item in items]),
        (_("When"), [when_words(item) for item in items]),
        (_("Who took part"), [people_words(item) for item in items]),
        (_("Principles"), [_principle_words(item) for item in items]),
        (_("What citizens decided or did"), [item.citizens_did for item in items]),
        (_("Before"), [item.before for item in items]),
        (_("After"), [item.after for item in items]),
        (_("Outcomes"), [outcome_words(item) for item in items]),
        (_("Strength of evidence"), [evidence_words(item) for item in items]),
        (_("Why this level"), [item.evidence_reason for item in items]),
        (_("Costs and benefits"), [ledger_words(item) for item in items]),
        *(
            (
                _("Obstacles: %(barrier)s")
                % {"barrier": CaseStudy._meta.get_field(f"obstacles_{each}").verbose_name},
                [getattr(item, f"obstacles_{each}") for item in items],
            )
            for each in BARRIERS
        ),
        (_("What we would do differently"), [item.differently for item in items]),
    ]
    return [(heading, words) for heading, words in lines if any(words)]


def _principle_words(item):
    return "\n".join(f"{term.name}: {sentence}" for term, sentence in sentences_of(item))


def outcome_words(item):
    """Return the outcomes, one a line, such as "Nights in hospital: 12 before, 4 after (nights). Source: our count"."""
    return "\n".join(_outcome(row) for row in item.rows_of("outcomes"))


def _outcome(row):
    values = [
        _("%(value)s before") % {"value": row["before"]} if row["before"] else "",
        _("%(value)s after") % {"value": row["after"]} if row["after"] else "",
    ]
    words = f"{row['measure']}: {', '.join(filter(None, values))}".rstrip(": ")
    if row["unit"]:
        words = f"{words} ({row['unit']})"
    if row["compared_with"]:
        words = _("%(words)s, compared with %(other)s") % {"words": words, "other": row["compared_with"]}
    if row["source"]:
        words = _("%(words)s. Source: %(source)s") % {"words": words, "source": row["source"]}
    return words


def ledger_words(item):
    """Return what is left to each budget holder, one a line, of each statement of the ledger."""
    return "\n".join(
        f"{holder.name}: {holder.net.words(statement.currency)} ({statement.heading()})"
        for statement in ledger_of(item.costs()).statements
        for holder in statement.holders
    )
