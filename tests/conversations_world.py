"""Conversations to add to tests/world.py: comments of every sort, each known by a word of its own.

To prove that nothing leaks, create what could. Beside its word each comment has a `twin`, by which it is searched for:
a page that only repeats what was asked does not show the word itself.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from commons.contributions.models import Bookmark, Comment, Follow, Helpful, ReadMark
from commons.moderation.models import Flag
from forum import order
from tests.factories import make_comment, make_member, make_post, make_thread
from tests.world import SHARED_WORD, STAFF

LINK = "https://spam.example/"
# Listed to everyone, and to members alone.
PUBLIC = {"zqcshown", "zqcpost", "zqcreport", "zqcbybanned", "zqcmoved", "zqcmerged", "zqcmergedtext"}
INSIDE = {"zqcinside"}
# What its author alone still reads, and moderators with them but for what was never sent in for good.
HELD_BACK = {"zqcawaiting", "zqcremoved", "zqcwithdrawn", "zqcbefore", "zqcagain"}
NEVER = {"zqcnever"}
# On what was taken down, taken back or hidden, and by somebody whose words are hidden.
BELOW_GONE = {"zqctaken", "zqcback", "zqconcovered", "zqcbycovered"}
EARLIER = {"zqcearlier"}  # in the history, which members read


@dataclass
class Conversations:
    """`comments` and `hosts` by marker. The comments are the author's, unless their name says otherwise."""

    world: object
    comments: dict = field(default_factory=dict)
    hosts: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)  # what moved comments left behind
    fan: object = None  # marked, follows and has read everything; nobody is to know

    def found_in(self, html):
        """Return the words of comments in a text."""
        return set(re.findall(r"zqc[a-z]+", html.lower())) & ALL

    def listed_to(self, reader):
        """Return what lists, feeds, search, inboxes and e-mails may show to a reader."""
        return PUBLIC if reader == "visitor" else PUBLIC | INSIDE

    def readable_by(self, reader):
        """Return what a reader may read where it stands, its history included."""
        found = self.listed_to(reader)
        if reader != "visitor":
            found = found | EARLIER
        if reader == "author":
            found = found | HELD_BACK | NEVER
        if reader in STAFF:
            found = found | HELD_BACK | BELOW_GONE
        return found

    def standing_on(self, host):
        """Return the words of the comments that stand on an item now."""
        return {
            marker
            for marker, comment in self.comments.items()
            if Comment.objects.get(pk=comment.pk).contribution_id == host.pk
        }


ALL = PUBLIC | INSIDE | HELD_BACK | NEVER | BELOW_GONE | EARLIER


def twin(marker):
    """Return the word by which a comment is searched for."""
    return f"plumb{marker.removeprefix('zqc')}"


def text(marker):
    return f"{marker} {twin(marker)} {SHARED_WORD}"


def build_conversations(world):
    """Add conversations to a World, and return them."""
    talks = Conversations(world)
    host, covered, banned = (
        make_member("Hosting Member", in_directory=False),
        make_member("Zqcovered Member", in_directory=False),
        make_member("Zqbanned Member", in_directory=False),
    )
    world.people |= {"zqcovered": covered, "zqbanned": banned}
    talks.hosts = {
        "thread": make_thread(host, title="A thread", is_question=True),
        "post": make_post(host, title="A post"),
        "report": world.items["zqreport"],
        "inside": make_thread(host, title="Inside", audience="members"),
        "taken": make_post(host, title="Taken down"),
        "back": make_thread(host, title="Taken back"),
        "covered": make_thread(covered, title="Covered"),
        "merged": make_thread(world.author, title="Merged", body=text("zqcmergedtext")),
    }
    talks.fan = make_member("Zqsecretfan Member", in_directory=False)
    world.people["zqsecretfan"] = talks.fan
    for item in talks.hosts.values():
        for follower in (world.stranger, talks.fan):
            Follow.objects.set(follower, item, follows=True)
        Bookmark.objects.set(talks.fan, item, True)
        Helpful.objects.set(talks.fan, item, True)
    _write(talks, world.author, covered, banned)
    for comment in talks.comments.values():
        if comment.listed:
            Helpful.objects.set(talks.fan, comment, True)
    for item in talks.hosts.values():
        ReadMark.objects.move(talks.fan, item, 1)
    _change(talks, world, covered, banned)
    return talks


def _write(talks, author, covered, banned):
    on = talks.hosts

    def say(marker, host, by=author, **more):
        talks.comments[marker] = make_comment(on[host], by, body=text(marker), **more)

    say("zqcearlier", "thread")
    say("zqcbybanned", "thread", banned, answers=talks.comments["zqcearlier"])
    for marker, host in {
        "zqcpost": "post", "zqcreport": "report", "zqcinside": "inside", "zqcremoved": "thread",
        "zqcwithdrawn": "thread", "zqcbefore": "thread", "zqctaken": "taken", "zqcback": "back",
        "zqconcovered": "covered", "zqcmoved": "thread", "zqcmerged": "merged",
    }.items():  # fmt: skip
        say(marker, host)
    say("zqcbycovered", "thread", covered, answers=talks.comments["zqcearlier"])
    for marker in ("zqcawaiting", "zqcnever"):
        body = f"{text(marker)} {LINK}"
        talks.comments[marker] = Comment.begin(author, on["thread"], body, form_key=uuid.uuid4())


def _change(talks, world, covered, banned):
    """Bring each into its state, by the steps that members and moderators take."""
    said, on, author, moderator = talks.comments, talks.hosts, world.author, world.moderator
    said["zqcearlier"].revise(author, text("zqcshown"), version=1)
    said["zqcbefore"].revise(author, f"{text('zqcagain')} {LINK}", version=1)
    for current, earlier in (("zqcshown", "zqcearlier"), ("zqcagain", "zqcbefore")):
        said[current] = said.pop(earlier)
    Flag.objects.report(said["zqcremoved"], reason="spam", words="Look.", by=world.reporter)
    said["zqcremoved"].remove(moderator, "Not here.")
    for marker in ("zqcwithdrawn", "zqcnever"):
        said[marker].withdraw(author)
    order.split(said["zqcmoved"], moderator, "Moved away")
    order.merge(on["merged"], on["thread"], moderator)
    talks.lines = list(Comment.objects.exclude(moved_to=None))
    said["zqcmergedtext"] = Comment.objects.get(body__contains="zqcmergedtext")
    on["moved"] = Comment.objects.get(pk=said["zqcmoved"].pk).contribution.as_its_kind()
    on["taken"].remove(moderator, "Not here.")
    on["back"].withdraw(on["back"].author)
    covered.hide_contributions()
    banned.suspend(timezone.now() + timedelta(days=30), world.administrator, "Advertising.")
