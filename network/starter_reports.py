"""The starter library's reports and links."""

from commons.contributions.querysets import Reach
from library import addresses
from library.models import Link, Report
from library.models.link import LinkType

from .starter_files import BrokenFile, read_documents
from .starter_items import COMMON, common, starter_key, vocabularies, write_item
from .starter_outcomes import SHARED


def read_reports(folder, part):
    """Return the reports in the order in which they were published, so that the latest is the newest here."""
    terms, entries = vocabularies(), []
    for document in read_documents(folder / part):
        document.knows_only(*COMMON, "authors", "publishers", "year", "month", "identifier")
        entries.append(
            {
                "model": Report,
                "starter_key": starter_key(document, Report.KIND),
                "values": {
                    **common(document, terms),
                    "byline": document.text("byline", longest=200),
                    "authors": document.strings("authors"),
                    "publishers": document.strings("publishers", required=True),
                    "year": document.number("year", 1000, 9999),
                    "month": document.number("month", 1, 12, required=False),
                    "identifier": document.text("identifier", longest=100, required=False),
                },
            }
        )
    return sorted(entries, key=lambda entry: (entry["values"]["year"], entry["values"]["month"] or 0))


def read_links(folder, part):
    terms, entries = vocabularies(), []
    for document in read_documents(folder / part):
        document.knows_only(*COMMON, "url", "type")
        address, subtype = _address(document), document.choice("type", LinkType.values)
        values = {
            **common(document, terms),
            "byline": document.text("byline", longest=200, required=False),
            "url": address.url,
            "subtype": subtype,
        }
        entry = {"model": Link, "starter_key": starter_key(document, Link.KIND), "values": values}
        entries.append({**entry, "address_key": address.key})
    return entries


def _address(document):
    try:
        return addresses.read(document.text("url", longest=addresses.LONGEST))
    except addresses.NotShareable as refusal:
        raise BrokenFile(document.path, refusal) from refusal


def write_link(entry):
    """Write a link, unless a member has shared its address: then theirs stays the one entry for it."""
    same = Link.objects.exclude(reach=Reach.NOBODY).with_address(entry["address_key"])
    if same.exclude(starter_key=entry["starter_key"]).exists():
        return SHARED
    return write_item(entry)
