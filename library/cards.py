"""What cards say of documents and links, beside the title: made of the base row, whose card knows the rest."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.contributions.models import Role
from commons.files.accepted import FILE_TYPES
from commons.tagging.evidence import EvidenceLevel

from .models.document import DocumentType
from .models.link import LinkType


def document_facts(item):
    """Yield type, organisation, year, files and strength of evidence in words, as far as they are known."""
    if item.subtype in DocumentType.values:
        yield DocumentType(item.subtype).label
    if item.card.get("organisation"):
        yield item.card["organisation"]
    if item.year:
        yield str(item.year)
    files = [each for each in item.card.get("files", []) if each["role"] == Role.FILE]
    if files:
        size = filesizeformat(sum(each["size"] for each in files))
        if len(files) == 1:
            yield f"{FILE_TYPES[files[0]['type']].label}, {size}"
        else:
            words = ngettext("%(number)d file", "%(number)d files", len(files)) % {"number": len(files)}
            yield f"{words}, {size}"
    if item.evidence_level is not None:
        yield _("Evidence: %(level)s") % {"level": EvidenceLevel(item.evidence_level).label}


def link_facts(item):
    """Yield whether a link leads to a website or a video, whose site it is, and whether it may be gone."""
    if item.subtype in LinkType.values:
        yield LinkType(item.subtype).label
    if item.card.get("host"):
        yield item.card["host"]
    if item.card.get("gone"):
        yield _("May be gone")
