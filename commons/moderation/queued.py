"""What can stand in the queue: each app declares its own in its apps.py.

The queue, reports and the moderators' mails ask here who may decide about a thing, and how it is shown; so a new
kind of moderated thing joins them without a change here.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _


@dataclass
class Shown:
    """One thing as a moderator sees it. `html` is safe HTML, empty in lists; `facts` are (label, words)."""

    target: object
    label: str
    kind: object
    status: object = ""
    summary: str = ""
    html: str = ""
    url: str = ""
    admin_url: str = ""
    facts: list = field(default_factory=list)


@dataclass(frozen=True)
class Queued:
    """A model whose objects can stand in the queue.

    `model` is "app_label.Model", the first part of `moderation_target()`; `permission` is what a moderator needs
    to decide about it; `load(ids, user, whole)` returns {id: Shown} of what `user` may see, with its text when
    `whole`; `find(id)` returns the object to be decided about, or None; `written_by(member, user)` returns Shown
    for what a member wrote, or is None where that is nothing; `lock_first(id)` locks what must be locked before the
    object itself, or is None where that is nothing; `in_quotes` says whether its name within a sentence is quoted.
    """

    model: str
    permission: str
    label: object
    load: object
    find: object
    written_by: object = None
    lock_first: object = None
    in_quotes: bool = True

    def content_type(self):
        return ContentType.objects.get_for_model(apps.get_model(self.model))


_queued = {}


def register(queued):
    """Make a Queued known. Called from an app's AppConfig.ready()."""
    _queued[queued.model.lower()] = queued


def everything():
    """Every Queued, in the order of INSTALLED_APPS."""
    return list(_queued.values())


def of_type(content_type):
    """Return the Queued of a ContentType, or None."""
    return _queued.get(f"{content_type.app_label}.{content_type.model}")


def decided_by(user):
    """Return the Queued whose objects `user` may decide about."""
    if not (user.is_authenticated and user.is_staff):
        return []
    return [queued for queued in _queued.values() if user.has_perm(queued.permission)]


def in_a_sentence(content_type, label):
    """Return what the record or the queue calls a thing, as it stands within a sentence."""
    queued = of_type(content_type)
    return f"“{label}”" if queued is None or queued.in_quotes else label


def kind_label(content_type):
    """Return what a kind of thing is called, also where nothing of it is registered any more."""
    queued = of_type(content_type)
    return queued.label if queued else _("Something else")
