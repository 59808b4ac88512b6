"""Sample case studies with their rows, for a sample network (manage.py generate_network)."""

from commons.contributions.generator import BATCH, Generator, Stage, contributions
from commons.tagging.evidence import EvidenceLevel

from .models import CaseStudy, CostOrBenefit, Outcome, PrincipleShown, TakingPart
from .models.rows import Currency, Flow, Recurrence, Role
from .models.sides import Side

SENTENCE = "A sample: nobody did this."
LEVEL_WEIGHTS = (8, 8, 5, 2, 1, 1)


def _own(random, number, item):
    """Return what a case study has of its own; some have all steps of the full form, most the quick one alone."""
    in_full = random.random() < 0.4
    began = item.changed_at.year - random.randint(1, 12)
    rows = {
        "principles_shown": [
            {"principle_id": term.pk, "sentence": SENTENCE}
            for term in item._prefetched_objects_cache["principles"]
        ],
        "taking_part": [_people(random, role) for role in random.sample(Role.values, random.randint(1, 3))],
        "outcomes": [_outcome(random, place) for place in range(random.randint(1, 3))] if in_full else [],
        "costs_and_benefits": [_cost(random, began) for _ in range(random.randint(2, 5))] if in_full else [],
    }
    return {
        "side": random.choice(("", *Side.values)),
        "teller": f"Sample teller {random.randint(1, 60)}",
        "place": f"Sample place {random.randint(1, 60)}",
        "from_year": began,
        "citizens_did": SENTENCE if in_full else "",
        "before": SENTENCE if in_full else "",
        "after": SENTENCE if in_full else "",
        "evidence_level": random.choices(EvidenceLevel.values, weights=LEVEL_WEIGHTS)[0] if in_full else None,
        "kept_rows": rows,
    }


def _people(random, role):
    return {"role": role, "number": random.randint(1, 80), "words": "Sample people"}


def _outcome(random, place):
    return {
        "measure": f"Sample measure {place + 1}",
        "before": str(random.randint(10, 90)),
        "after": str(random.randint(10, 90)),
        "unit": "samples",
        "compared_with": "",
        "source": "A sample: nothing was counted",
        "period": "",
    }


def _cost(random, year):
    low = random.randint(1, 500) * 10_000
    return {
        "holder": f"Sample holder {random.randint(1, 4)}",
        "flow": random.choice(Flow.values),
        "about": "A sample amount",
        "low": low,
        "high": low * 2 if random.random() < 0.3 else None,
        "currency": Currency.GBP.value,
        "price_year": year,
        "period": "",
        "recurrence": random.choice((Recurrence.ONCE.value, Recurrence.YEARLY.value)),
        "source": "A sample: nobody paid this" if random.random() < 0.8 else "",
        "cash_releasing": random.choice((None, True, False)),
    }


def case_studies(network, count):
    """Write `count` case studies with all their rows; yield how many case studies, batch by batch."""
    made = len(network.contributions)
    for written in contributions(network, count, model=CaseStudy, noun="case study", own=_own):
        batch, made = network.contributions[made:], len(network.contributions)
        for model, name in (
            (PrincipleShown, "principles_shown"),
            (TakingPart, "taking_part"),
            (Outcome, "outcomes"),
            (CostOrBenefit, "costs_and_benefits"),
        ):
            model.objects.bulk_create(
                [
                    model(case_study=item, **model.position_of(place), **row)
                    for item in batch
                    for place, row in enumerate(item.rows_of(name))
                ],
                batch_size=BATCH,
            )
        yield written


CASE_STUDIES = Generator("case studies", Stage.CONTRIBUTIONS, case_studies, share=2)
