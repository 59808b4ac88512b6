"""A small network with one item in every status and audience, and one member of every sort, each known by a word of
its own; with a report, a case and an answer to a decision.

To prove that nothing leaks, create what could: the tests look for these words on every page.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone

from commons.moderation.models import Appeal, Decision, Flag
from commons.tagging.models import Principle, ServiceSector
from events.models import Answer
from events.rsvps import answer
from profiles.invitations.inviting import invite
from tests.factories import (
    consume,
    make_administrator,
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_link,
    make_member,
    make_moderator,
    make_post,
    make_report,
    make_thread,
    make_video,
)

SHARED_WORD = "lanternfish"
SHARED_KEYWORD = "lantern key"


@dataclass
class World:
    """`items`, `people` and `words` by marker; a marker is a word that stands nowhere else on the site.

    `words` are what was said about an item, and who may read it besides moderators; `needs` what the reporter told the
    organisers of events alone.
    """

    author: object = None
    stranger: object = None
    reporter: object = None
    moderator: object = None
    administrator: object = None
    items: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    needs: set = field(default_factory=set)
    notes: set = field(
        default_factory=set
    )  # in the author's invitations: to whom they invite, and to themselves
    invitation: object = None  # open, of the author
    taken_back: object = None
    comment: object = None  # the author's, on what is public, in two versions
    flag: object = None
    case: object = None
    appeal: object = None
    unanswered: object = None  # a decision that nobody has answered yet
    question: object = None  # of the author, without a word of its own, with a best answer
    reply: object = None
    principle: object = None
    sector: object = None

    @property
    def markers(self):
        return {*self.items, *self.people, *self.words, *self.needs, *self.notes}

    def found_in(self, response):
        """Return the markers that a response shows, besides those in the address that was asked for."""
        text = consume(response).decode(errors="replace").lower()  # a picture has no words
        request = response.wsgi_request
        for path in (request.get_full_path(), request.path):
            for asked in (path, quote(path), quote(path, safe="")):
                text = text.replace(asked.lower(), "")
        return set(re.findall(r"zq[a-z]+", text)) & self.markers

    def listed_to(self, reader):
        """Return the markers of items that lists may show to a reader (by name: visitor, stranger, ...)."""
        public = {"zqpublic", "zqreport", "zqbysuspended", "zqthread"}
        members = {"zqmembers", "zqreportmembers", "zqthreadmembers"}
        public |= {"zqdocument"}
        members |= {"zqdocumentmembers"}
        public |= {"zqvideo"}
        members |= {"zqvideomembers"}
        public |= {"zqlink"}
        members |= {"zqlinkmembers"}
        public |= {"zqcase"}
        members |= {"zqcasemembers"}
        public |= {"zqevent"}
        members |= {"zqeventmembers", "zqpasteventmembers"}
        return public if reader == "visitor" else public | members

    def people_listed(self):
        return {"zqauthor", "zqstranger", "zqsuspended"}

    def own_name(self, reader):
        """Return the marker of the reader's own name, which stands at the top of their pages."""
        names = {
            "stranger": "zqstranger",
            "author": "zqauthor",
            "reporter": "zqflagger",
            "moderator": "zqmoderator",
        }
        return {names[reader]} if reader in names else set()

    def bylines(self):
        """Return the markers of members who wrote what everyone may see: their names stand beside it."""
        return {"zqauthor", "zqsuspended", "zqhiddenperson"}

    def people_visible(self, reader):
        """Return the markers of members whose profile opens for a reader."""
        everyone = {*self.people_listed(), "zqunlisted", "zqflagger", "zqmoderator"}
        return {*self.people} if reader in STAFF else everyone

    def visible_to(self, reader):
        """Return the markers of items whose own page opens for a reader."""
        seen = self.listed_to(reader)
        if reader == "author":
            seen |= {"zqdraft", "zqawaiting", "zqremoved", "zqalsoremoved", "zqwithdrawn", "zqnever"}
            seen |= {"zqthreaddraft", "zqthreadremoved", "zqthreadwithdrawn"}
            seen |= {"zqdocumentdraft", "zqdocumentremoved", "zqdocumentwithdrawn"}
            seen |= {"zqvideodraft", "zqvideoremoved", "zqvideowithdrawn"}
            seen |= {"zqlinkdraft", "zqlinkremoved"}
            seen |= {"zqcasedraft", "zqcaseremoved", "zqcasewithdrawn"}
            seen |= {"zqeventdraft", "zqeventremoved", "zqeventwithdrawn"}
        if reader in STAFF:
            seen |= {
                "zqawaiting", "zqremoved", "zqalsoremoved", "zqwithdrawn", "zqhidden", "zqreportremoved",
                "zqthreadremoved", "zqthreadwithdrawn", "zqthreadhidden",
                "zqdocumentremoved", "zqdocumentwithdrawn", "zqdocumenthidden",
                "zqlinkremoved", "zqlinkhidden",
                "zqeventremoved", "zqeventwithdrawn", "zqeventhidden",
                "zqcaseremoved", "zqcasewithdrawn", "zqcasehidden",
            }  # fmt: skip
            seen |= {"zqvideoremoved", "zqvideowithdrawn", "zqvideohidden"}
        return seen

    def client_for(self, reader):
        """Return a test client signed in as the reader named, or not at all for the visitor."""
        from django.test import Client

        client = Client()
        if reader != "visitor":
            client.force_login(getattr(self, reader))
        return client


STAFF = ("moderator", "administrator")
READERS = ("visitor", "stranger", "author", "reporter", *STAFF)


def build_world():
    """Make the rows and return the World."""
    now = timezone.now()
    world = World(
        author=make_member("Zqauthor Member", open_to_contact=True),
        stranger=make_member("Zqstranger Member"),
        reporter=make_member("Zqflagger Member", in_directory=False),
        moderator=make_moderator("Zqmoderator Member", in_directory=False),
        administrator=make_administrator("Zqadmin Person", in_directory=False),
        principle=Principle.objects.first(),
        sector=ServiceSector.objects.first(),
    )
    world.people = {
        "zqauthor": world.author,
        "zqstranger": world.stranger,
        "zqflagger": world.reporter,
        "zqmoderator": world.moderator,
        "zqsuspended": make_member("Zqsuspended Member"),
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
        "zqmembers": _post(world.people["zqhiddenperson"], "zqmembers", audience="members"),
        "zqdraft": _post(world.author, "zqdraft", publish=False),
        "zqawaiting": _post(world.author, "zqawaiting", publish=False),
        "zqremoved": _post(world.author, "zqremoved"),
        "zqalsoremoved": _post(world.author, "zqalsoremoved"),
        "zqwithdrawn": _post(world.author, "zqwithdrawn"),
        "zqnever": _post(world.author, "zqnever", publish=False),
        "zqhidden": _post(world.people["zqunlisted"], "zqhidden"),
        "zqbysuspended": _post(world.people["zqsuspended"], "zqbysuspended"),
        "zqthread": _thread(world.author, "zqthread", is_question=True),
        "zqthreadmembers": _thread(world.people["zqhiddenperson"], "zqthreadmembers", audience="members"),
        "zqthreaddraft": _thread(world.author, "zqthreaddraft", publish=False),
        "zqthreadremoved": _thread(world.author, "zqthreadremoved", is_question=True),
        "zqthreadwithdrawn": _thread(world.author, "zqthreadwithdrawn"),
        "zqthreadhidden": _thread(world.people["zqunlisted"], "zqthreadhidden"),
        "zqvideo": _video(world.author, "zqvideo"),
        "zqvideomembers": _video(world.people["zqhiddenperson"], "zqvideomembers", audience="members"),
        "zqvideodraft": _video(world.author, "zqvideodraft", publish=False),
        "zqvideoremoved": _video(world.author, "zqvideoremoved"),
        "zqvideowithdrawn": _video(world.author, "zqvideowithdrawn"),
        "zqvideohidden": _video(world.people["zqunlisted"], "zqvideohidden"),
        "zqlink": _link(world.author, "zqlink"),
        "zqlinkmembers": _link(world.people["zqhiddenperson"], "zqlinkmembers", audience="members"),
        "zqlinkdraft": _link(world.author, "zqlinkdraft", publish=False),
        "zqlinkremoved": _link(world.author, "zqlinkremoved"),
        "zqlinkhidden": _link(world.people["zqunlisted"], "zqlinkhidden"),
        "zqcase": _case_study(world.author, "zqcase"),
        "zqcasemembers": _case_study(world.people["zqhiddenperson"], "zqcasemembers", audience="members"),
        "zqcasedraft": _case_study(world.author, "zqcasedraft", publish=False),
        "zqcaseremoved": _case_study(world.author, "zqcaseremoved"),
        "zqcasewithdrawn": _case_study(world.author, "zqcasewithdrawn"),
        "zqcasehidden": _case_study(world.people["zqunlisted"], "zqcasehidden"),
        "zqevent": _event(world.author, "zqevent"),
        "zqeventmembers": _event(world.people["zqhiddenperson"], "zqeventmembers", audience="members"),
        "zqeventdraft": _event(world.author, "zqeventdraft", publish=False),
        "zqeventremoved": _event(world.author, "zqeventremoved"),
        "zqeventwithdrawn": _event(world.author, "zqeventwithdrawn"),
        "zqeventhidden": _event(world.people["zqunlisted"], "zqeventhidden"),
        "zqpasteventmembers": _event(
            world.people["zqhiddenperson"], "zqpasteventmembers", days=-9, audience="members"
        ),
        "zqreport": make_report(**_values("zqreport")),
        "zqreportmembers": make_report(**_values("zqreportmembers"), audience="members"),
        "zqreportdraft": make_report(**_values("zqreportdraft"), publish=False),
        "zqreportremoved": make_report(**_values("zqreportremoved")),
    }
    hidden_person = world.people["zqhiddenperson"]
    world.items |= {
        "zqdocument": _document(world.author, "zqdocument"),
        "zqdocumentmembers": _document(hidden_person, "zqdocumentmembers", audience="members"),
        "zqdocumentdraft": _document(world.author, "zqdocumentdraft", publish=False),
        "zqdocumentremoved": _document(world.author, "zqdocumentremoved"),
        "zqdocumentwithdrawn": _document(world.author, "zqdocumentwithdrawn"),
        "zqdocumenthidden": _document(world.people["zqunlisted"], "zqdocumenthidden"),
    }
    world.comment = make_comment(world.items["zqpublic"], world.author)
    world.comment.revise(world.author, "Better words in answer.", version=1)
    world.items["zqawaiting"].submit(world.author, held_because="It has links.")
    world.needs = {"zqneeds"}
    for marker in ("zqevent", "zqeventmembers", "zqeventremoved"):
        answer(world.items[marker].occurrences.get(), world.reporter, Answer.GOING, "zqneeds to take part")
    world.notes = {"zqnote", "zqreminder"}
    words = {"note": "zqnote to read", "for_whom": "zqreminder"}
    world.invitation, world.taken_back = (
        invite(world.author, form_key=uuid.uuid4(), **words) for _ in range(2)
    )
    world.taken_back.revoke()
    _moderate(world)
    world.question = make_thread(
        world.author,
        is_question=True,
        principles=Principle.objects.all()[1:2],
        sectors=ServiceSector.objects.all()[1:2],
    )
    world.reply = make_comment(world.question)
    world.question.mark_best(world.reply)
    world.items["zqreportremoved"].remove(world.administrator, "Out of date.")
    world.items["zqwithdrawn"].withdraw(world.author)
    world.items["zqnever"].withdraw(world.author)
    world.items["zqthreadwithdrawn"].withdraw(world.author)
    world.items["zqdocumentremoved"].remove(world.administrator, "Out of date.")
    world.items["zqdocumentwithdrawn"].withdraw(world.author)
    world.items["zqvideowithdrawn"].withdraw(world.author)
    world.items["zqeventwithdrawn"].withdraw(world.author)
    world.items["zqcasewithdrawn"].withdraw(world.author)
    world.people["zqunlisted"].hide_contributions()
    return world


def _moderate(world):
    """A report on a public item, two removals of which one is answered, and a suspension."""
    public, removed, also = (world.items[name] for name in ("zqpublic", "zqremoved", "zqalsoremoved"))
    world.words = {
        "zqflagwords": set(),
        "zqreason": {"author"},
        "zqappealwords": {"author"},
    }
    world.flag = Flag.objects.report(public, reason="other", words="zqflagwords", by=world.reporter)
    world.case = world.flag.case
    removed.remove(world.moderator, "zqreason")
    also.remove(world.moderator, "zqreason")
    world.items["zqthreadremoved"].remove(world.moderator, "zqreason")
    world.items["zqvideoremoved"].remove(world.moderator, "zqreason")
    world.items["zqlinkremoved"].remove(world.moderator, "zqreason")
    world.items["zqeventremoved"].remove(world.moderator, "zqreason")
    world.items["zqcaseremoved"].remove(world.moderator, "zqreason")
    decided = Decision.objects.filter(action="remove")
    world.appeal = Appeal.objects.make(decided.get(target_id=removed.pk), world.author, "zqappealwords")
    world.unanswered = decided.get(target_id=also.pk)
    world.people["zqsuspended"].suspend(
        timezone.now() + timedelta(days=30), world.administrator, "Advertising."
    )


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


def _thread(author, marker, publish=True, **more):
    return make_thread(author, publish=publish, **_values(marker, **more))


def _document(author, marker, publish=True, **more):
    return make_document(author, publish=publish, **_values(marker, **more))


def _video(author, marker, publish=True, **more):
    transcript = f"{marker} as it is said"
    return make_video(author, publish=publish, **_values(marker, transcript=transcript, **more))


def _link(author, marker, publish=True, **more):
    return make_link(author, publish=publish, url=f"https://{marker}.example.org/", **_values(marker, **more))


def _event(author, marker, publish=True, days=3, **more):
    """An event with a venue of its own word, in a few days, so that the home pages have it too."""
    return make_event(author, publish=publish, days=days, venue=f"{marker} hall", **_values(marker, **more))


def _case_study(author, marker, publish=True, **more):
    """A case study with its own word in every table, told from one side, so that the other can be invited."""
    rows = {
        "taking_part": [{"role": "family", "number": 3, "words": f"{marker} people"}],
        "outcomes": [
            {"measure": f"{marker} visits", "before": "1", "after": "2", "unit": "", "compared_with": "", "source": "",
             "period": ""},
        ],
        "costs_and_benefits": [
            {"holder": f"{marker} council", "flow": "cost", "about": "", "low": 100, "high": None, "currency": "GBP",
             "price_year": None, "period": "", "recurrence": "", "source": "The budget", "cash_releasing": None},
        ],
    }  # fmt: skip
    own = {"side": "professional", "place": f"{marker} town", **rows}
    return make_case_study(author, publish=publish, **_values(marker, **own, **more))
