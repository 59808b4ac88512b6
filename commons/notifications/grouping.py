"""Several notices of the same in one conversation, told as one: "3 people answered"."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from . import sources
from .sources import Told

MOST_NAMES = 3


@dataclass(frozen=True)
class Group:
    """One or more notices that were given their `told`, newest first: all read, or none.

    `told` is what they say together; None where what it was about can't be seen any more.
    """

    notices: list

    @property
    def newest(self):
        return self.notices[0]

    @property
    def is_several(self):
        return len(self.notices) > 1

    @property
    def oldest_first(self):
        """The notices in the order in which one would read on."""
        return self.notices[::-1]

    @cached_property
    def told(self):
        if not self.is_several:
            return self.newest.told
        told = [notice.told for notice in self.oldest_first]
        return Told(
            subject=sources.of_kind(self.newest.kind).together[self.newest.kind](told),
            text=_names(told),
            url=told[0].url,
            conversation=told[0].conversation,
        )


def grouped(notices):
    """Return Groups of notices that were given their `told`, in the order of the newest of each."""
    groups = {}
    for notice in notices:
        groups.setdefault(_belongs_to(notice), []).append(notice)
    return [Group(theirs) for theirs in groups.values()]


def _belongs_to(notice):
    source = sources.of_kind(notice.kind)
    if notice.told and source and notice.kind in source.together:
        return notice.kind, notice.told.group or notice.told.conversation, notice.read_at is None
    return notice.pk


def _names(told):
    """Return who did something, the latest last, such as "Ann, Bea and 4 more"."""
    names = list(dict.fromkeys(one.who for one in told if one.who))
    if len(names) > MOST_NAMES:
        more = _("%(number)d more") % {"number": len(names) - MOST_NAMES + 1}
        names = [*names[: MOST_NAMES - 1], more]
    return get_text_list(names, _("and"))
