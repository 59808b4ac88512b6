"""Sample reports, documents and links, for a sample network (manage.py generate_network).

No videos: see docs/decisions/0030-a-hosted-video-is-a-link.md.
"""

from functools import partial

from commons.contributions.generator import Generator, Stage, contributions
from commons.moderation.models import Status
from commons.tagging.evidence import EvidenceLevel

from . import addresses
from .models import Document, Link, Report
from .models.document import DocumentType, Evaluator, Licence
from .models.link import LinkType


def _own(random, number, item):
    """Return what a report has of its own: no author, but authors and publishers by name, and a date."""
    publisher = f"Sample publisher {random.randint(1, 12)}"
    published_at = None if item.status == Status.DRAFT else item.changed_at
    return {
        "author": None,
        "byline": publisher,
        "status": Status.DRAFT if item.status == Status.DRAFT else Status.PUBLISHED,
        "published_at": published_at,
        "listed_since": published_at,
        "last_activity_at": published_at,
        "authors": [f"Sample author {random.randint(1, 60)}" for _ in range(random.randint(1, 2))],
        "publishers": [publisher],
        "year": item.changed_at.year - random.randint(0, 10),
        "month": random.choice((None, *range(1, 13))),
        "identifier": f"sample-{number}",
    }


REPORTS = Generator(
    "reports",
    Stage.CONTRIBUTIONS,
    partial(contributions, model=Report, noun="report", own=_own),
    share=1,
)


def _own_of_document(random, number, item):
    """Return what a document has of its own; it has no file. Strong evidence is rare among the evaluations."""
    subtype = random.choices(DocumentType.values, weights=(4, 3, 2, 1))[0]
    values = {
        "subtype": subtype,
        "organisation": f"Sample organisation {random.randint(1, 40)}",
        "year": item.changed_at.year - random.randint(0, 10),
        "licence": random.choice(Licence.values),
    }
    if subtype == DocumentType.EVALUATION:
        values |= {
            "evaluated": f"Sample service {random.randint(1, 200)}",
            "evaluator": random.choice(Evaluator.values),
            "method": "A sample method: nothing was evaluated.",
            "findings": "Sample findings: nothing was found.",
            "evidence_level": random.choices(EvidenceLevel.values, weights=(5, 8, 6, 3, 2, 1))[0],
        }
    return values


DOCUMENTS = Generator(
    "documents",
    Stage.CONTRIBUTIONS,
    partial(contributions, model=Document, noun="document", own=_own_of_document),
    share=2,
)


def _own_of_link(random, number, item):
    """Return what a link has of its own: an address that is nobody's, held while it is published."""
    subtype = random.choices(LinkType.values, weights=[3, 1])[0]
    address = addresses.read(f"https://sample-{random.randint(1, 60)}.example.org/{subtype}s/{number}")
    return {
        "subtype": subtype,
        "url": address.url,
        "host": address.host,
        "address_key": address.key if item.status == Status.PUBLISHED else None,
        "check_due_at": item.created_at,
    }


LINKS = Generator(
    "links",
    Stage.CONTRIBUTIONS,
    partial(contributions, model=Link, noun="link", own=_own_of_link),
    share=1,
)
