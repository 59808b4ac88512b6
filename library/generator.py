"""Sample reports and links, for a sample network (manage.py generate_network)."""

from functools import partial

from commons.contributions.generator import Generator, Stage, contributions
from commons.moderation.models import Status

from . import addresses
from .models import Link, Report
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
        "authors": [f"Sample author {random.randint(1, 60)}" for _ in range(random.randint(0, 2))],
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
