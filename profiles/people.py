"""People in a list: what components/person.html shows of a member, for one reader, with no query a row. And what
a member works on."""

from dataclasses import dataclass, field

from django.db.models import Value
from django.utils.translation import get_language

from commons.contributions.drawn import digest_of
from commons.contributions.prepared import Prepared
from commons.tagging import vocabulary

from .models import Member


@dataclass
class Person:
    """One member, as components/person.html shows them."""

    name: str
    url: str
    initials: str
    photo_url: str
    role: str
    patch: int
    principles: list = field(default_factory=list)
    text: str = ""
    open_to_contact: bool = False

    @property
    def key(self):
        """All that the card is made of but for the vocabulary and the language, as plain values."""
        terms = [term.pk for term in self.principles]
        return [
            self.name,
            self.url,
            self.initials,
            self.photo_url,
            self.role,
            self.patch,
            terms,
            self.text,
            self.open_to_contact,
        ]


def kept_under():
    """Return under what {% keep %} keeps cards of people and parts of a profile: all that no `key` says."""
    return digest_of("people", get_language(), vocabulary.current().digest)


def chosen_terms(member):
    """Return (principles, sectors) the member works on, as terms of the vocabulary. One query."""
    terms = vocabulary.current()
    chosen = set(_chosen.rows(member.pk))
    return (
        [term for pk, term in terms.principles.items() if (pk, "principle") in chosen],
        [term for pk, term in terms.sectors.items() if (pk, "sector") in chosen],
    )


def _chosen_by(member):
    principles = Member.principles.through.objects.filter(member=member)
    sectors = Member.sectors.through.objects.filter(member=member)
    return principles.values_list("principle", Value("principle")).union(
        sectors.values_list("servicesector", Value("sector"))
    )


_chosen = Prepared(_chosen_by, 0)


def people_for(members, reader):
    """Return a Person for each member, in their order, with what `reader` may see. One query for all of them."""
    terms = vocabulary.current()
    chosen = {}
    through = Member.principles.through.objects.filter(member__in=[member.pk for member in members])
    for member_id, principle_id in through.values_list("member", "principle"):
        chosen.setdefault(member_id, set()).add(principle_id)
    return [_person(member, reader, terms, chosen.get(member.pk, ())) for member in members]


def _person(member, reader, terms, chosen):
    words = [*member.role_labels()] if member.shows("roles", reader) else []
    if member.organisation and member.shows("organisation", reader):
        words.append(member.organisation)
    if member.shows("place", reader) and member.place_words():
        words.append(member.place_words())
    principles = [term for pk, term in terms.principles.items() if pk in chosen]
    return Person(
        name=member.display_name,
        url=member.get_absolute_url(),
        initials=member.initials,
        photo_url=member.photo_url,
        role=", ".join(str(word) for word in words),
        patch=principles[0].patch if principles else 0,
        principles=principles,
        open_to_contact=member.open_to_contact,
    )
