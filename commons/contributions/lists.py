"""The lists that most people read, with nothing chosen: their statements are made once (prepared.py)."""

from functools import cache, lru_cache

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from .models import Contribution
from .prepared import Prepared, PreparedList


def newest(user, kind=None):
    """Return what is listed to `user`, all of it or of one kind, newest first, for a Pager or by its part()."""
    return _newest(user.is_authenticated, kind).of()


def newest_by(author, user):
    """Return what `author` wrote and is listed to `user`, newest first, for a Pager."""
    return _newest_by(user.is_authenticated).of(author.pk)


def count_by_kind(author, user):
    """Return {code of a kind: how many the author wrote that are listed to `user`}. One query."""
    return dict(_by_kind(user.is_authenticated).rows(author.pk))


def visible_one(model, user, pk):
    """Return the one of `model` with this id, if it is visible to `user`, or None. One query."""
    if not user.is_authenticated:
        return _visible_to_visitors(model).first(pk)
    if user.is_staff:  # who may moderate, and see more
        return model.objects.visible_to(user).with_id(pk)
    return _visible_to_members(model).first(user.pk, pk)


def last_change(kind=None):
    """Return when any contribution (of the kind) last changed, or None: one read of an index."""
    changed = _last_change(kind).first()
    return changed and changed[0]


def last_change_by(author):
    """Return when anything of the author's last changed, or None."""
    changed = _last_change_by().first(author.pk)
    return changed and changed[0]


def somebody(signed_in):
    """Return a reader for a statement that is made once: what is listed is the same to every member."""
    return get_user_model()() if signed_in else AnonymousUser()


@cache
def _newest(signed_in, kind):
    return PreparedList(lambda: _of(kind).listed_to(somebody(signed_in)).newest().for_cards())


@lru_cache(maxsize=2)
def _newest_by(signed_in):
    return PreparedList(lambda author: _written_by(author, signed_in).newest().for_cards(), 0)


@lru_cache(maxsize=2)
def _by_kind(signed_in):
    def build(author):
        written = _written_by(author, signed_in)
        return written.order_by().values_list("kind").annotate(number=Count("pk"))

    return Prepared(build, 0)


@cache
def _visible_to_visitors(model):
    return Prepared(lambda pk: model.objects.visible_to(AnonymousUser()).filter(pk=pk).order_by(), 0)


@cache
def _visible_to_members(model):
    return Prepared(
        lambda user, pk: model.objects.visible_to(get_user_model()(pk=user)).filter(pk=pk).order_by(), 0, 0
    )


@cache
def _last_change(kind):
    return Prepared(lambda: _of(kind).order_by("-changed_at").values_list("changed_at")[:1])


@lru_cache(maxsize=1)
def _last_change_by():
    return Prepared(
        lambda author: Contribution.objects.by(author).order_by("-changed_at").values_list("changed_at")[:1],
        0,
    )


def _written_by(author, signed_in):
    return Contribution.objects.written_by(author, listed_to=somebody(signed_in))


def _of(kind):
    return Contribution.objects.of_kind(kind) if kind else Contribution.objects.all()
