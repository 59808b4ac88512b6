"""What search keeps of a member: only what everyone may see, and nothing of those who are not listed."""

from django.conf import settings
from django.utils.translation import override

from commons.contributions.querysets import Reach
from commons.markup.render import plain

from .choices import Sight

KIND = "member"


def fields_for(member):
    """Return the keyword arguments of SearchEntry.objects.put for a member."""
    if not member.is_listed:
        return {"kind": KIND, "title": member.display_name, "reach": Reach.NOBODY, "url": ""}
    with override(settings.LANGUAGE_CODE):
        held = bool(member.profile_held_because)
        place = member.place_words() if member.show_place == Sight.EVERYONE and not held else ""
        terms = [term.name for term in (*member.principles.all(), *member.sectors.all())]
        return {
            "kind": KIND,
            "title": member.display_name,
            "summary": member.describe_byline(member.card_byline())[1],
            "body": plain(member.about_html) if member.show_about == Sight.EVERYONE and not held else "",
            "extra": ", ".join(filter(None, [place, *terms])),
            "reach": Reach.EVERYONE,
            "url": member.get_absolute_url(),
            "facets": [
                *(("principle", term.pk) for term in member.principles.all()),
                *(("sector", term.pk) for term in member.sectors.all()),
            ],
        }


def entries():
    """Yield (member, fields) for every listed member, for rebuilding and checking the index."""
    from .models import Member

    listed = Member.objects.present().filter(in_directory=True).prefetch_related("principles", "sectors")
    for member in listed.order_by("pk").iterator(chunk_size=200):
        yield member, fields_for(member)
