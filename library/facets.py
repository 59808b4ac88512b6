"""What the library's lists can be narrowed by in their address, beside what every list takes."""

from dataclasses import dataclass, field

from commons.contributions import kinds
from commons.contributions.facets import EvidenceFacets, Facets

from .lists import KINDS
from .models.document import DocumentType
from .models.link import LinkType
from .models.video import VideoType


class Typed:
    """?type=, for the facets of a kind whose items are of the TYPES kept in Contribution.subtype."""

    TYPES = None

    @classmethod
    def read(cls, query, user):
        found = super().read(query, user)
        found.types = [cls.TYPES(code) for code in cls.TYPES.values if code in query.getlist("type")]
        return found

    def __bool__(self):
        return bool(self.types or super().__bool__())

    def narrow(self, contributions):
        found = super().narrow(contributions)
        return found.filter(subtype__in=[each.value for each in self.types]) if self.types else found

    def chosen(self):
        yield from (("type", each.value, each.label) for each in self.types)
        yield from super().chosen()


class LinkFacets(Typed, Facets):
    TYPES = LinkType


class VideoFacets(Typed, Facets):
    TYPES = VideoType


class DocumentFacets(Typed, EvidenceFacets):
    """?type= and ?evidence=, for documents."""

    TYPES = DocumentType


@dataclass
class LibraryFacets(Facets):
    """?kind=, for the library as a whole: which of its four kinds, all of them where none is chosen."""

    kinds: list = field(default_factory=list)

    @classmethod
    def read(cls, query, user):
        found = super().read(query, user)
        found.kinds = [code for code in KINDS if code in query.getlist("kind")]
        return found

    @property
    def only_kinds(self):
        """Whether nothing else was chosen."""
        return not super().__bool__()

    def __bool__(self):
        return bool(self.kinds or not self.only_kinds)

    def narrow(self, contributions):
        return super().narrow(contributions).filter(kind__in=self.kinds or KINDS)

    def chosen(self):
        yield from (("kind", code, kinds.get(code).plural) for code in self.kinds)
        yield from super().chosen()
