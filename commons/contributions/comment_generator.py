"""Sample conversations, for a sample network (manage.py generate_network): comments, and what members do with them.

As in generator.py, rows are written in bulk, with all that the models' own methods keep beside them.
"""

from datetime import timedelta

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from commons.moderation.models import Case, Decision, Status

from . import conversation
from .generator import BATCH, Generator, Stage, case_of, decisions_of, identifier
from .models import Bookmark, Comment, CommentRevision, Contribution, Follow, Helpful, ReadMark
from .paging import PER_PAGE
from .signals import contribution_changed

LONG = 1000  # comments of the one long conversation, which there is in a network of
LONG_FROM = 2000  # comments or more
SILENT = 0.25  # of what can be commented on, nobody does
STATUSES = [Status.PUBLISHED, Status.WITHDRAWN, Status.REMOVED, Status.AWAITING]
STATUS_WEIGHTS = [940, 25, 15, 20]
KEPT = [
    "comment_count",
    "last_position",
    "last_comment",
    "last_reply",
    "last_activity_at",
    "helpful_count",
    "voices",
]
FLUSH = 1000  # comments or more are written together


def conversations(network, count):
    """Write `count` comments on what was published, in conversations of very different lengths; yield how many."""
    open_items = [
        item
        for item in network.contributions
        if item.status == Status.PUBLISHED and not item.closed_because()
    ]
    if not open_items:
        return
    writer = _Writer(network)
    for item, size in _sizes(network, writer.random, open_items, count):
        writer.talk(item, size)
        if len(writer.comments) >= FLUSH:
            yield writer.flush()
    yield writer.flush()
    writer.give_back_numbers()


def _sizes(network, random, items, count):
    """Yield (item, number of comments): most for a few items, none for many, `count` in all."""
    most = max(network.talk.get(item.kind, 1) for item in items)
    if count >= LONG_FROM:
        long = next(
            (i for i in items if network.talk.get(i.kind, 1) == most and i.audience == "everyone"), items[0]
        )
        items = [item for item in items if item is not long] or items
        yield long, LONG
        count -= LONG
    weights = [
        0 if random.random() < SILENT else network.talk.get(item.kind, 1) * min(60, random.paretovariate(1.3))
        for item in items
    ]
    whole, before = sum(weights) or 1, 0
    if not sum(weights):
        weights[0] = 1
    for item, weight in zip(items, weights, strict=True):
        after = before + weight
        size = round(count * after / whole) - round(count * before / whole)
        before = after
        if size:
            yield item, size


class _Writer:
    """Makes conversations one after the other and writes them, some at a time."""

    def __init__(self, network):
        self.network = network
        self.first = (Comment.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        self.next = self.first
        self.random = network.random(f"comments/{self.first}")
        self._empty()

    def _empty(self):
        self.items, self.comments = [], []
        self.helpful, self.follows, self.reads, self.bookmarks = [], [], [], []

    # --- making -------------------------------------------------------------------------------

    def talk(self, item, size):
        """Let members say `size` things about an item."""
        random, until = self.random, self.network.until
        span = max(timedelta(minutes=size), until - item.published_at)
        moments = sorted(item.published_at + span * random.random() ** 3 for _number in range(size))
        made, listed_answers = [], {}
        for position, moment in enumerate(moments, start=1):
            answered = self._answered(made)
            comment = self._comment(item, position, min(moment, until), answered)
            made.append(comment)
            if answered and comment.listed:
                listed_answers.setdefault(answered.pk, []).append([comment.pk, position])
        for comment in made:
            comment.answered_by = listed_answers.get(comment.pk, [])[:PER_PAGE]
        self._keep(item, made)
        self._around(item, made)
        self.items.append(item)
        self.comments += made

    def _answered(self, made):
        """Return which of the comments made so far the next one answers, or None; mostly one of the last."""
        readable = made[-12:]
        if not readable or self.random.random() < 0.45:
            return None
        chosen = readable[-1 - int(len(readable) * self.random.random() ** 2)]
        return chosen if chosen.listed else None

    def _comment(self, item, position, moment, answered):
        random = self.random
        author = self._author(item, moment)
        status = random.choices(STATUSES, weights=STATUS_WEIGHTS)[0]
        published = None if status == Status.AWAITING else moment
        body, html = self.network.texts.comment(
            random, quoting=answered is not None and random.random() < 0.3
        )
        edited = published is not None and random.random() < 0.04
        comment = Comment(
            pk=self.next,
            contribution=item,
            position=position,
            answers_id=answered.pk if answered else None,
            answers_position=answered.position if answered else None,
            author=author,
            byline=author.card_byline(),
            body=body,
            body_html=html,
            status=status,
            created_at=moment,
            published_at=published,
            edited_at=min(moment + timedelta(minutes=random.randint(2, 60)), self.network.until)
            if edited
            else None,
            changed_at=moment,
            listed=status == Status.PUBLISHED and not author.contributions_hidden,
            listed_since=moment if status in (Status.PUBLISHED, Status.WITHDRAWN) else None,
            helpful_count=0,
            version=2 if edited else 1,
            form_key=identifier(random),
        )
        self.next += 1
        if comment.listed:
            comment.helpful_count = self._mark({"comment_id": comment.pk}, comment)
        return comment

    def _author(self, item, moment):
        """Return who says something: now and then whoever wrote the item, to answer."""
        if item.author_id and self.random.random() < 0.15:
            return item.author
        return self.network.author(self.random, moment)

    def _mark(self, what, thing):
        """Let a few members find `thing` helpful, most things nobody; return how many."""
        random = self.random
        if random.random() < 0.65:
            return 0
        members = self._members(min(12, int(random.paretovariate(1.1))), thing.author_id)
        moment = thing.published_at
        self.helpful += [Helpful(member_id=pk, at=moment, **what) for pk in members]
        return len(members)

    def _members(self, count, besides=None):
        """Return the ids of up to `count` members, but for one."""
        chosen = self.random.sample(self.network.members, min(count, len(self.network.members)))
        return [member.pk for member in chosen if member.pk != besides]

    def _keep(self, item, made):
        """Let an item keep what it does of the comments on it."""
        listed = [comment for comment in made if comment.listed]
        last = max(listed, key=lambda comment: (comment.published_at, comment.pk), default=None)
        item.comment_count, item.last_position = len(listed), len(made)
        item.last_comment = last
        item.last_reply = conversation.reply(last.published_at, last.byline) if last else {}
        item.last_activity_at = max(item.published_at, last.published_at) if last else item.published_at
        item.helpful_count = self._mark({"contribution_id": item.pk}, item)

    def _around(self, item, made):
        """Let those who take part follow the conversation and read on, and some keep a bookmark."""
        random, part = self.random, {}
        for comment in made:
            part.setdefault(comment.author_id, comment)
        for member, comment in part.items():
            if random.random() < 0.9:
                self.follows.append(
                    Follow(member_id=member, contribution_id=item.pk, since=comment.created_at)
                )
            if random.random() < 0.5:
                position = random.randint(comment.position, len(made))
                self.reads.append(
                    ReadMark(
                        member_id=member, contribution_id=item.pk, position=position, at=comment.created_at
                    )
                )
        if random.random() < 0.1:
            for member in self._members(random.randint(1, 3)):
                self.bookmarks.append(
                    Bookmark(member_id=member, contribution_id=item.pk, at=item.last_activity_at)
                )

    # --- writing ------------------------------------------------------------------------------

    def flush(self):
        """Write what was made since the last time; return how many comments."""
        comments, items = self.comments, self.items
        Comment.objects.bulk_create(comments, batch_size=BATCH)
        CommentRevision.objects.bulk_create(self._revisions(), batch_size=BATCH)
        decisions = [decision for comment in comments for decision in decisions_of(self.random, comment)]
        Decision.objects.bulk_create(decisions, batch_size=BATCH)
        Case.objects.bulk_create(
            case_of(comment) for comment in comments if comment.status == Status.AWAITING
        )
        for rows in (self.helpful, self.follows, self.reads, self.bookmarks):
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)
        voices = conversation.voices_of({item.pk: item.author_id for item in items})
        for item in items:
            item.voices = voices[item.pk]
        rows = [Contribution(pk=item.pk, **{name: getattr(item, name) for name in KEPT}) for item in items]
        Contribution._base_manager.bulk_update(rows, KEPT, batch_size=BATCH)
        contribution_changed.send(sender=Contribution, ids=[item.pk for item in items])
        self._empty()
        return len(comments)

    def _revisions(self):
        """Yield every version of the comments: what was edited had other words before."""
        for comment in self.comments:
            shown = comment.published_at is not None
            for number in range(1, comment.version + 1):
                is_last = number == comment.version
                yield CommentRevision(
                    comment_id=comment.pk,
                    number=number,
                    body=comment.body if is_last else f"{comment.body}\n\nThis was left out later.",
                    by_id=comment.author_id,
                    at=comment.edited_at if is_last and number > 1 else comment.created_at,
                    shown=shown,
                )

    def give_back_numbers(self):
        """Let the database go on numbering where this ended: comments were numbered here, for they name each other."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
                cursor.execute(statement)


COMMENTS = Generator("comments", Stage.COMMENTS, conversations)
