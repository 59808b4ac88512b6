"""A small network with one item in every status and audience, each known by a word of its own.

To prove that nothing leaks, create what could: the tests look for these words on every page.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from django.utils import timezone

from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_administrator, make_member, make_post, make_report

SHARED_WORD = "lanternfish"
SHARED_KEYWORD = "lantern key"


@dataclass
class World:
    """`items` and `people` by marker; a marker is a word that stands nowhere else on the site."""

    author: object = None
    stranger: object = None
    administrator: object = None
    items: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    principle: object = None
    sector: object = None

    @property
    def markers(self):
        return {*self.items, *self.people}

    def found_in(self, response):
        """Return the markers that a response shows, besides those in the address that was asked for."""
        text = response.content.decode().lower()
        path = response.wsgi_request.get_full_path()
        for asked in (path, quote(path), quote(path, safe="")):
            text = text.replace(asked.lower(), "")
        return set(re.findall(r"zq[a-z]+", text)) & self.markers

    def listed_to(self, reader):
        """Return the markers of items that lists may show to a reader (by name: visitor, stranger, ...)."""
        public = {"zqpublic", "zqreport"}
        return public if reader == "visitor" else {*public, "zqmembers", "zqreportmembers"}

    def people_listed(self):
        return {"zqauthor", "zqstranger"}

    def people_visible(self, reader):
        """Return the markers of members whose profile opens for a reader."""
        everyone = {*self.people_listed(), "zqunlisted"}
        return {*self.people} if reader == "administrator" else everyone

    def visible_to(self, reader):
        """Return the markers of items whose own page opens for a reader."""
        seen = self.listed_to(reader)
        if reader == "author":
            seen |= {"zqdraft", "zqawaiting", "zqremoved", "zqwithdrawn", "zqnever"}
        if reader == "administrator":
            seen |= {"zqawaiting", "zqremoved", "zqwithdrawn", "zqhidden", "zqreportremoved"}
        return seen

    def client_for(self, reader):
        """Return a test client signed in as the reader named, or not at all for the visitor."""
        from django.test import Client

        client = Client()
        if reader != "visitor":
            client.force_login(getattr(self, reader))
        return client


READERS = ("visitor", "stranger", "author", "administrator")


def build_world():
    """Make the rows and return the World."""
    now = timezone.now()
    world = World(
        author=make_member("Zqauthor Member"),
        stranger=make_member("Zqstranger Member"),
        administrator=make_administrator("Zqadmin Person", in_directory=False),
        principle=Principle.objects.first(),
        sector=ServiceSector.objects.first(),
    )
    world.people = {
        "zqauthor": world.author,
        "zqstranger": world.stranger,
        "zqunlisted": make_member("Zqunlisted Member", in_directory=False),
        "zqhiddenperson": make_member("Zqhiddenperson Member", hidden=True),
        "zqclosed": make_member("Zqclosed Member", is_active=False),
        "zqunconfirmed": make_member("Zqunconfirmed Member", confirmed=False),
        "zqwaiting": make_member("Zqwaiting Member", confirmed=False, confirmed_at=now),
    }
    for member in world.people.values():
        member.about = f"{SHARED_WORD} about {member.username.split('-')[0]}"
        member.write_profile()
    world.items = {
        "zqpublic": _post(world.author, "zqpublic"),
        "zqmembers": _post(world.author, "zqmembers", audience="members"),
        "zqdraft": _post(world.author, "zqdraft", publish=False),
        "zqawaiting": _post(world.author, "zqawaiting", publish=False),
        "zqremoved": _post(world.author, "zqremoved"),
        "zqwithdrawn": _post(world.author, "zqwithdrawn"),
        "zqnever": _post(world.author, "zqnever", publish=False),
        "zqhidden": _post(world.people["zqunlisted"], "zqhidden"),
        "zqreport": make_report(**_values("zqreport")),
        "zqreportmembers": make_report(**_values("zqreportmembers"), audience="members"),
        "zqreportdraft": make_report(**_values("zqreportdraft"), publish=False),
        "zqreportremoved": make_report(**_values("zqreportremoved")),
    }
    world.items["zqawaiting"].submit(world.author, held_because="It has links.")
    world.items["zqremoved"].remove(world.administrator, "Off topic.")
    world.items["zqreportremoved"].remove(world.administrator, "Out of date.")
    world.items["zqwithdrawn"].withdraw(world.author)
    world.items["zqnever"].withdraw(world.author)
    world.people["zqunlisted"].hide_contributions()
    return world


def _values(marker, **more):
    return {
        "title": f"{marker} {SHARED_WORD}",
        "summary": f"{marker} in short",
        "body": f"{marker} at length, {SHARED_WORD}.",
        "keywords": [SHARED_KEYWORD, f"{marker} word"],
        **more,
    }


def _post(author, marker, publish=True, **more):
    return make_post(author, publish=publish, **_values(marker, **more))
