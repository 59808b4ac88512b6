"""One page of a conversation, for one reader: its comments, the links to its other pages, what is new to them."""

from functools import cached_property

from django.contrib.auth import get_user_model
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.markup.render import joined

from . import kinds
from .comment_lines import Reader, lines, rows_of
from .conversation import page_of
from .models import Comment, ReadMark
from .paging import PER_PAGE, PageLinks, Pager
from .paths import comment_path, item_path, sign_in_path
from .prepared import Prepared
from .querysets import moderates
from .reader_marks import ReaderMarks, marks_of

MOST_UNREAD = 100  # past it nobody counts: they are read for as long as it takes


class ConversationLinks(PageLinks):
    """The links from one page of a conversation to the others. Its `query` is the address of the first."""

    count_words = ""

    def url(self, number):
        return f"?page={number}" if number > 1 else self.query


class ConversationPager(Pager):
    """The pages of a conversation. They go by number, so nothing is counted, and there may be any number of them."""

    def __init__(self, item, query):
        self.item, self.query = item, query
        self.number = self._number()

    def _number(self):
        raw = self.query.get("page", "1")
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 9) or not 1 <= int(raw) <= self.last:
            raise Http404
        return int(raw)

    @property
    def last(self):
        return page_of(max(1, self.item.last_position))

    @property
    def first_position(self):
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last_position(self):
        return min(self.number * PER_PAGE, self.item.last_position)

    @cached_property
    def links(self):
        return ConversationLinks(self.number, self.last, 0, self.item.get_absolute_url())


class ConversationPage:
    """What a page shows of the comments on `item`, which `user` got through the gate. Raises Http404.

    Costs one query, where there are comments; for a member two more, and a third where something is new to them.
    """

    def __init__(self, item, query, user):
        self.item, self.user = item, user
        self.kind = kinds.get(item.kind)
        self.pager = ConversationPager(item, query)
        self.signed_in = user.is_authenticated
        self.closed = item.closed_because()

    @cached_property
    def rows(self):
        if not self.item.last_position:
            return []
        reader = Reader(self.user.pk, moderates(self.user))
        return rows_of(self.item, reader, self.pager.first_position, self.pager.last_position)

    @cached_property
    def marks(self):
        """What the reader has set here; of a visitor nothing."""
        if not self.signed_in:
            return ReaderMarks()
        return marks_of(self.user, self.item, [row.pk for row in self.rows])

    @property
    def may_reply(self):
        return self.signed_in and self.item.is_published and not self.closed

    @property
    def reader(self):
        return Reader(
            pk=self.user.pk,
            moderates=moderates(self.user),
            may_reply=self.may_reply,
            helpful=self.marks.helpful_comments,
            best=self.item.best_comment_id,
            may_mark_best=self.item.may_mark_best(self.user),
            move_path=self.item.move_path() if moderates(self.user) else "",
        )

    @property
    def shown(self):
        """Whether there is, or could be, a conversation: nobody comments on what was never published."""
        return self.item.is_published or self.item.last_position > 0

    @property
    def html(self):
        return joined(lines(self.rows, self.reader))

    @property
    def heading(self):
        return self.kind.count_words(self.item.comment_count)

    @property
    def is_last_page(self):
        return self.pager.number == self.pager.last

    @property
    def voices(self):
        return get_user_model().describe_voices(self.item.voices)

    @property
    def reply_url(self):
        return item_path(self.item.pk, "comments/")

    @property
    def sign_in_url(self):
        return sign_in_path(self.reply_url)

    @cached_property
    def unread(self):
        """Return (how many in words, address of the first) of what is new to a member who was here before, or None."""
        read_up_to = self.marks.read_up_to
        if read_up_to is None or read_up_to >= self.item.last_position:
            return None
        new = _unread.rows(self.item.pk, read_up_to, self.user.pk)
        if not new:
            return None
        return _new_words(len(new)), self._address_of(*new[0])

    def _address_of(self, pk, position):
        return f"#comment-{pk}" if page_of(position) == self.pager.number else comment_path(pk)

    def mark_read(self):
        """Note that the member has read up to the end of this page, when they had not read so far. After showing it."""
        if self.signed_in and (self.marks.read_up_to or 0) < self.pager.last_position:
            ReadMark.objects.move(self.user, self.item, self.pager.last_position)


def _unread_statement(item, read_up_to, reader):
    found = Comment.objects.on(item).filter(listed=True, position__gt=read_up_to).exclude(author=reader)
    return found.order_by("position").values_list("pk", "position")[:MOST_UNREAD]


_unread = Prepared(_unread_statement, 0, 0, 0)


def _new_words(number):
    if number == MOST_UNREAD:
        return _("More than %(number)d new to you") % {"number": MOST_UNREAD - 1}
    return ngettext("%(number)d new to you", "%(number)d new to you", number) % {"number": number}


def is_fetched_ahead(request):
    """Whether a browser asks for a page that nobody may ever look at."""
    return any("prefetch" in request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
