"""Addresses below a comment and below any item, put together as words: a page has a hundred of them."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language


def comment_path(pk, below=""):
    """Return the address of a comment, or of a page below it, such as "edit/"."""
    return f"{_root('comment', get_language())}{pk}/{below}"


def item_path(pk, below):
    """Return the address of what every kind of item has, such as "comments/" or "report/"."""
    return f"{_root('contribution_report', get_language())}{pk}/{below}"


def sign_in_path(then):
    """Return the address at which one signs in and goes on to the path `then`."""
    return f"{reverse('account_login')}?next={quote(then)}"


@lru_cache(maxsize=64)
def _root(name, _language):
    return reverse(name, args=[1]).partition("1/")[0]
