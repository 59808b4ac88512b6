"""What the site holds on a member: each app declares its own in its apps.py, one Held a table.

From these the page that tells it is made, the copy that a member takes, and what closing an account does. Members and
what they wrote live on floors above, so nothing here knows them: everything is found by the names that a Held gives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

BATCH = 200


class Closing(Enum):
    """What becomes of it when the account is closed, in words for everyone."""

    DELETE = _("Deleted.")
    BLANK = _(
        "All words, names and addresses are taken out. What is left says that something was done, and when."
    )
    CHOOSE = _("You choose: it stays under “A former member”, or its words are taken out for good.")
    KEEP = _("Stays, with a number in place of your name.")


@dataclass(frozen=True)
class Held:
    """What one table holds on a member.

    `model` is "app_label.Model"; `fields` are those of its fields that lead to a member, none where it is found in
    another way; `what` and `why` are sentences for members. `columns` are what a copy has of each row whose `of` (of
    `fields`: all, if not said) is the member; a table that needs more gives `rows(member)`, which yields dicts as JSON
    can hold them. `papers(member)` yields (path, words) of texts to read, of which those that follow each other under
    one path are one text; `files(member)` yields (path, function that opens the bytes). Where a copy has nothing of
    it, `not_copied` says why.

    `erase(leaving)` (a leaving.Leaving) takes it out when the account is closed. It is a generator that yields after
    each of its steps (leaving.step()), and does no harm when it begins anew, because the worker may be killed anywhere.
    A table that is DELETEd needs none: the rows whose `fields` are the member go; nor does one that goes `erased_with`
    another. `last`: it goes after all others,
    because these find the member's name or address by it, or because it follows from what they do.
    """

    model: str
    what: object
    why: object
    closing: Closing
    fields: tuple = ()
    of: tuple = ()
    columns: tuple = ()
    rows: Callable | None = None
    papers: Callable | None = None
    files: Callable | None = None
    not_copied: object = ""
    erase: Callable | None = None
    erased_with: str = ""
    last: bool = False

    def model_class(self):
        return apps.get_model(self.model)

    def of_member(self, member):
        """Return the rows that are the member's, in the order in which they were made."""
        return self._rows_with(member, self.of or self.fields)

    def copy(self, member):
        """Yield what a member's copy has of it, a dict a row; read in batches, however many there are."""
        if self.rows:
            yield from self.rows(member)
        elif self.columns:
            yield from self.of_member(member).values(*self.columns).iterator(chunk_size=BATCH)

    def take_out(self, leaving):
        """Take out what it holds on a member who leaves, a step at a time; yield after each."""
        if self.erase:
            yield from self.erase(leaving)
        elif self.closing == Closing.DELETE:
            yield from delete_rows(leaving, self._rows_with(leaving.member, self.fields))

    def _rows_with(self, member, fields):
        mine = Q()
        for name in fields:
            mine |= Q(**{name: member})
        return self.model_class()._base_manager.filter(mine).order_by("pk")


def delete_rows(leaving, rows):
    """Delete the rows of a queryset, so many a step; yield after each."""
    there = True
    while there:
        with leaving.step():
            there = list(rows.values_list("pk", flat=True)[:BATCH])
            rows.model._base_manager.filter(pk__in=there).delete()
        if there:
            yield


def change_rows(leaving, rows, change):
    """Give each row of a queryset to `change(row)`, so many a step; yield after each. In the order of their numbers.

    `change` returns the columns that it changed, by name; of a row that should stay as it is, none.
    """
    last, there = 0, True
    while there:
        with leaving.step():
            there = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH])
            for row in there:
                if columns := change(row):
                    rows.model._base_manager.filter(pk=row.pk).update(**columns)
        if there:
            last = there[-1].pk
            yield


_held = {}


def declare(*held):
    """Make what an app holds known. Called from its AppConfig.ready()."""
    for each in held:
        _held[each.model] = each


def all_held():
    """Return every Held, in the order of INSTALLED_APPS."""
    return list(_held.values())


def all_in_order_of_erasing():
    """Return every Held, the highest floor first: what hangs on something goes before it, what is `last` last."""
    downwards = list(reversed(all_held()))
    return [held for held in downwards if not held.last] + [held for held in downwards if held.last]
