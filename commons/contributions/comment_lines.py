"""The comments of a page as HTML: each is drawn once for all who see it alike, and then kept in memory.

What can't be read any more leaves one line with its number and why; what never could leaves nothing (the gate sees
to that). Whatever a comment shows comes from its row, the language, and what its reader may do.
"""

import json
from collections import namedtuple
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import ExpressionWrapper, F, TextField
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commons.markup.render import stored
from commons.moderation.models import Status

from .cards import TONES, date_words
from .comment_querysets import can_be_read
from .conversation import page_of
from .drawn import drawn
from .models import Comment
from .paths import comment_path, item_path
from .prepared import Prepared

COLUMNS = (
    "pk",
    "position",
    "status",
    "listed",
    "author_id",
    "body_html",
    "created_at",
    "edited_at",
    "helpful_count",
    "answers_id",
    "answers_position",
    "moved_to_id",
    "contribution_id",
)
# What is kept as JSON, as the database holds it: it is taken apart when a comment is drawn.
JOINED = ("byline", "answered_by")
Row = namedtuple("Row", (*COLUMNS, *JOINED))


@dataclass(frozen=True)
class Reader:
    """For whom a page is drawn. `pk` is None for a visitor; `helpful` are the ids of comments they find helpful.

    `best` is the id of the comment that answered best, or None; who asked may mark another. `move_path` is where who
    moderates moves a comment to a conversation of its own, or "".
    """

    pk: int | None = None
    moderates: bool = False
    may_reply: bool = False
    helpful: frozenset = frozenset()
    best: int | None = None
    may_mark_best: bool = False
    move_path: str = ""

    def can_read(self, row):
        return can_be_read(
            row.listed, row.author_id, row.moved_to_id, reader_id=self.pk, moderates=self.moderates
        )


def rows_of(item, reader, first, last):
    """Return the Rows of the comments on `item` with these numbers that have a place for `reader`. One query."""
    if reader.moderates:
        found = _for_moderators.rows(item.pk, first, last, reader.pk)
    elif reader.pk is None:
        found = _for_visitors.rows(item.pk, first, last)
    else:
        found = _for_members.rows(item.pk, first, last, reader.pk)
    return [Row(*values) for values in found]


def _statement(*reader, **how):
    def build(item, first, last, reader=None):
        found = Comment.objects.standing_on(item, reader, **how).between(first, last)
        return found.values_list(
            *COLUMNS,
            *(ExpressionWrapper(F(name), TextField()) for name in JOINED),
        )

    return Prepared(build, 0, 0, 0, *reader)


_for_visitors, _for_members, _for_moderators = _statement(), _statement(0), _statement(0, moderates=True)


def lines(rows, reader):
    """Return the HTML of each Row, one item of a list, as `reader` may see it."""
    language = get_language()
    return [_line(row, reader, language) for row in rows]


def comment_html(comment, level=3):
    """Return a Comment as HTML that stands outside its conversation, as every reader sees it.

    Its author's name is a heading of `level`. Costs no query. Whether the reader may see it is asked before.
    """
    columns = (getattr(comment, name) for name in COLUMNS)
    row = Row(*columns, json.dumps(comment.byline), json.dumps(comment.answered_by))
    made_of = ("outside", level, get_language(), tuple(row))
    return drawn(made_of, lambda: _draw(row, Reader(), level=level, outside=True))


def _line(row, reader, language):
    if reader.can_read(row):
        own = reader.pk is not None and row.author_id == reader.pk
        seen_as = (
            reader.pk is not None,
            own,
            reader.may_reply,
            row.pk in reader.helpful,
            row.pk == reader.best,
            reader.may_mark_best,
            reader.move_path,
        )
    else:
        seen_as = None
    # As a plain tuple: it is written out faster than with its names.
    return drawn(("line", seen_as, language, tuple(row)), lambda: _draw(row, reader))


def _draw(row, reader, level=3, outside=False):
    if not reader.can_read(row):
        return render_to_string("components/comment.html", {"comment": row, **_gone(row)})
    byline = json.loads(row.byline)
    name = byline.get("name") or _("A former member")
    url, role = get_user_model().describe_byline(byline)
    moment = timezone.localtime(row.created_at)
    own = reader.pk is not None and row.author_id == reader.pk
    context = {
        "comment": row,
        "crawled": reader.pk is None,
        "outside": outside,
        "level": level,
        "name": name,
        "initials": get_user_model().initials_of(name),
        "profile_url": url,
        "role": role,
        "url": comment_path(row.pk),
        "date_iso": moment.isoformat(timespec="minutes"),
        "date_words": date_words(row.created_at),
        "date_exact": formats.date_format(moment, "j F Y, H:i"),
        "history_url": comment_path(row.pk, "history/") if row.edited_at else "",
        "html": stored(row.body_html),
        "helpful_words": helpful_words(row.helpful_count),
        "state": "" if row.listed else _state(row),
        "tone": TONES[row.status] if row.status != Status.PUBLISHED else "warn",
    }
    if not outside:
        context |= {"answers": _answers(row), "answered_in": _answered_in(row), **_acts(row, reader, own)}
    return render_to_string("components/comment.html", context)


def helpful_words(number):
    """Return how many people found something helpful, in words; nothing where nobody has."""
    if not number:
        return ""
    return ngettext(
        "%(number)s person found this helpful", "%(number)s people found this helpful", number
    ) % {"number": f"{number:,}"}


def _acts(row, reader, own):
    """Return what `reader` may do with a comment, as the template's addresses; "" where they may not."""
    replies = item_path(row.contribution_id, f"comments/?answers={row.pk}")
    removed = row.status == Status.REMOVED
    may_reply = reader.may_reply and row.listed
    return {
        "helpful_path": comment_path(row.pk, "helpful/") if reader.pk and not own and row.listed else "",
        "helpful": row.pk in reader.helpful,
        "best": row.pk == reader.best,
        "best_path": comment_path(row.pk, "best/") if reader.may_mark_best and row.listed else "",
        "reply_url": replies if may_reply else "",
        "quote_url": f"{replies}&quote=1" if may_reply else "",
        "edit_url": comment_path(row.pk, "edit/") if own and not removed else "",
        "withdraw_url": comment_path(row.pk, "withdraw/")
        if own and not removed and row.status != Status.WITHDRAWN
        else "",
        "report_url": comment_path(row.pk, "report/") if row.listed and not own else "",
        "move_url": f"{reader.move_path}?comment={row.pk}" if reader.move_path else "",
    }


def _state(row):
    """Return how a comment that others can't read stands, for its author and moderators."""
    return _("Hidden by the moderators") if row.status == Status.PUBLISHED else str(Status(row.status).label)


def _gone(row):
    """Return the line of a comment that can't be read any more, and the address where it can."""
    number = {"number": row.position}
    if row.moved_to_id:
        words = _("Number %(number)d was moved to another conversation.")
        return {"gone": words % number, "moved_url": comment_path(row.moved_to_id)}
    words = {
        Status.WITHDRAWN: _("Number %(number)d was withdrawn by its author."),
        Status.REMOVED: _("Number %(number)d was removed by a moderator."),
        Status.AWAITING: _("Number %(number)d was changed by its author and waits to be looked at."),
    }
    return {"gone": words.get(row.status, _("Number %(number)d is hidden by the moderators.")) % number}


def _answers(row):
    """Return (number, address) of the comment of this conversation that this one answers, or None."""
    if row.answers_position is None:
        return None
    return row.answers_position, _place(row, row.answers_id, row.answers_position)


def _answered_in(row):
    return [(position, _place(row, pk, position)) for pk, position in json.loads(row.answered_by)]


def _place(row, pk, position):
    """Return the address of another comment of this conversation: on the same page, its place there."""
    return f"#comment-{pk}" if page_of(position) == page_of(row.position) else comment_path(pk)
