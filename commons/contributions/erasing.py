"""Taking out what a member wrote, and where others name them, when they close their account.

What they keep stays as it is: it shows who they are by what their row says, which is that of a former member.
"""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from commons.files.models import StoredFile
from commons.markup.render import render
from commons.moderation.models import Status
from commons.personal_data.held import BATCH, change_rows

from . import conversation, mentions, pictures
from .models import Attachment, Comment, CommentRevision, Contribution, Helpful, Revision
from .models.comment import FIRST_HEADING

CAN_BE_WITHDRAWN = (Status.DRAFT, Status.AWAITING, Status.PUBLISHED)
# The line above a quotation, as quoting.py writes it: whose words they are, and where they stand.
ATTRIBUTION = re.compile(r"^(>[> ]*\[)[^\]\n]*(\]\((?:/[a-z-]+)?/comments/(\d+)/\):)", re.MULTILINE)


def erase_contributions(leaving):
    """What they wrote themselves: all of it, or what others could not read."""
    mine = Contribution.objects.by(leaving.member)
    if leaving.keeps:
        mine = mine.exclude(status=Status.PUBLISHED)
    for pk in list(mine.order_by("pk").values_list("pk", flat=True)):
        with leaving.step():
            item = conversation.lock(pk)
            if item.author_id == leaving.member.pk:
                _take_out(item, leaving.member)
        yield


def _take_out(item, member):
    """Leave nothing of a contribution but that there was one, when, and of what kind."""
    if item.status in CAN_BE_WITHDRAWN:
        item.withdraw(member)
        item.refresh_from_db()
    attached = Attachment.objects.filter(contribution=item)
    StoredFile.objects.filter(pk__in=attached.values("file")).update(in_use=False)
    attached.delete()
    for terms in (item.principles, item.sectors, item.mentioned):
        terms.clear()
    item.tagged.all().delete()
    item.revisions.all().delete()
    item.erase_rows()
    blanks = item.blank_columns()
    for name, value in blanks.items():
        setattr(item, name, value)
    item.author = None
    item.save(update_fields=[*blanks, "author"])
    item.refresh()


def erase_comments(leaving):
    """First where others name them, while it is known which comments are theirs; then what they wrote themselves."""
    yield from _scrub_what_others_wrote(leaving)
    mine = Comment.objects.by(leaving.member)
    if leaving.keeps:
        mine = mine.exclude(status=Status.PUBLISHED)
    for pk in list(mine.order_by("pk").values_list("pk", flat=True)):
        with leaving.step():
            comment = Comment.objects.get(pk=pk)
            comment.lock_and_read()
            if comment.author_id == leaving.member.pk:
                _take_out_comment(comment, leaving.member)
        yield


def _take_out_comment(comment, member):
    """Leave the line with its number that every comment leaves that is withdrawn."""
    if comment.status in CAN_BE_WITHDRAWN:
        comment.withdraw(member)
    comment.mentioned.clear()
    comment.revisions.all().delete()
    Comment.objects.filter(pk=comment.pk).update(body="", body_html="", byline={}, author=None)
    conversation.announce(comment.contribution_id)


def erase_helpful_marks(leaving):
    """One by one, so that the counts beside what they found helpful stay right."""
    there = True
    while there:
        with leaving.step():
            marks = Helpful.objects.of(leaving.member).select_related("contribution", "comment")
            there = list(marks.order_by("pk")[:BATCH])
            for mark in there:
                Helpful.objects.set(leaving.member, mark.comment or mark.contribution, False)
        if there:
            yield


# --- where others name them ----------------------------------------------------------------------------


def _scrub_what_others_wrote(leaving):
    """Take @username out of texts and their versions, and the name above what is quoted; all other words stay."""
    scrub = _Scrub(leaving)
    yield from change_rows(leaving, scrub.may_be_in(Revision, "snapshot__body"), scrub.version)
    yield from change_rows(leaving, scrub.may_be_in(CommentRevision, "body"), scrub.version_of_comment)
    for model, change in ((Contribution, scrub.contribution), (Comment, scrub.comment)):
        named = model._base_manager.filter(mentioned=leaving.member)
        rows = model._base_manager.filter(
            Q(pk__in=scrub.may_be_in(model, "body").values("pk")) | Q(pk__in=named.values("pk"))
        )
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            with leaving.step():
                change(pk)
            yield


class _Scrub:
    """Takes a member's name out of what others wrote."""

    def __init__(self, leaving):
        self.leaving = leaving
        comments = Comment._base_manager.filter(author=leaving.member)
        self.comments = set(comments.values_list("pk", flat=True))

    def may_be_in(self, model, field):
        """Return the rows of a model whose text in `field` may name them, as far as the database can tell."""
        quotes = Q(**{f"{field}__icontains": "> ["}) & Q(**{f"{field}__icontains": "/comments/"})
        named = Q()
        for username in self.leaving.usernames:
            named |= Q(**{f"{field}__icontains": f"@{username}"})
        return model._base_manager.filter(named | quotes if self.comments else named)

    def text(self, text):
        return ATTRIBUTION.sub(self._attribution, self.leaving.without_mentions(text))

    def _attribution(self, found):
        if int(found[3]) not in self.comments:
            return found[0]
        said = _("%(name)s wrote") % {"name": _("A former member")}
        return f"{found[1]}{said}{found[2]}"

    def version(self, version):
        body = self.text(version.text)
        return {"snapshot": {**version.snapshot, "body": body}} if body != version.text else {}

    def version_of_comment(self, version):
        body = self.text(version.body)
        return {"body": body} if body != version.body else {}

    def contribution(self, pk):
        item = conversation.lock(pk)
        body = self.text(item.body)
        item.mentioned.remove(self.leaving.member)
        if body != item.body:
            item.body = body
            item.body_html = render(
                body,
                document=f"c{pk}",
                trusted=item.is_starter,
                people=mentions.People(),
                pictures=pictures.pictures_of(item),
            )
            item.save(update_fields=["body"])
            item.refresh()

    def comment(self, pk):
        comment = Comment.objects.get(pk=pk)
        comment.lock_and_read()
        body = self.text(comment.body)
        comment.mentioned.remove(self.leaving.member)
        if body != comment.body:
            html = render(body, document=f"m{pk}", first_heading=FIRST_HEADING, people=mentions.People())
            Comment.objects.filter(pk=pk).update(body=body, body_html=html)
            conversation.announce(comment.contribution_id)
