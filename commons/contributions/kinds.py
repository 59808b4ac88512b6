"""The kinds of contribution there are: each app declares its own in its apps.py.

Everything that crosses kinds (cards, search, feeds, the admin) asks here for a label or an address
and needs to import no app.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.urls import reverse
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """What the site knows of a kind of contribution.

    `code` is stored in Contribution.kind and used in addresses (?kind=blog); `label` and `plural` are lazy
    translations; `model` is "app_label.Model"; `list_url`, `new_url` are URL names (`new_url` empty where members
    can't add one); `below` are (label, URL name) of the pages its list stands below; `comment`, `comments` are what
    answers to it are called, `so_many_comments` with their number, `write_comment` what leads to writing one,
    `numbered_comment` what one is called elsewhere, and `your_comment` to its author. `card_facts` returns what a
    card says of an item beside its title, as words, made of the base row alone. `lasts` is whether it tells as much
    in ten years as on its day. Details live at the list's address + "<id>-<slug>/".
    """

    code: str
    label: object
    plural: object
    model: str
    list_url: str
    new_url: str = ""
    below: tuple = ()
    comment: object = _("Comment")
    comments: object = _("Comments")
    so_many_comments: object = ngettext_lazy("%(words)s comment", "%(words)s comments", "number")
    write_comment: object = _("Write a comment")
    numbered_comment: object = _("Comment %(number)d on “%(title)s”")
    your_comment: object = _("Your comment on “%(title)s”")
    card_facts: object = None
    lasts: bool = True

    def model_class(self):
        return apps.get_model(self.model)

    def count_words(self, number):
        """Return so many answers to it in words, such as "1,200 replies"; what they are called where there are none."""
        return self.so_many_comments % {"number": number, "words": f"{number:,}"} if number else self.comments


_kinds = {}


def register(kind):
    """Make a Kind known. Called from an app's AppConfig.ready()."""
    _kinds[kind.code] = kind


def all_kinds():
    """Every Kind, in the order of INSTALLED_APPS."""
    return list(_kinds.values())


def get(code):
    """Return the Kind with this code, or None."""
    return _kinds.get(code)


def address(code, pk, slug, suffix=""):
    """Return the path of a contribution, or of a page below it (`suffix` such as "edit/")."""
    return f"{_prefix(code, get_language())}{pk}{'-' if slug else ''}{slug}/{suffix}"


def list_path(code):
    """Return the path of a kind's list, such as /blog/."""
    return _prefix(code, get_language())


def crumbs_above(code):
    """Return (words, path) of each page that a kind's list stands below."""
    return [(label, reverse(name)) for label, name in _kinds[code].below]


def crumbs(code):
    """Return (words, path) of each page that an item of a kind stands below, its list the last."""
    return [*crumbs_above(code), (_kinds[code].plural, list_path(code))]


@lru_cache(maxsize=256)
def _prefix(code, _language):
    return reverse(_kinds[code].list_url)
