"""The links from one page of a list to the others."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

KEPT_LINKS = 500
register = template.Library()


@register.simple_tag
def page_links(pager):
    """Return the links to the other pages as HTML. A Pager's are kept: everybody who reads a list is shown the same.

    Anything else with the names that the component uses is drawn each time.
    """
    links = getattr(pager, "links", None)
    draw = _draw.__wrapped__ if settings.DEBUG or links is None else _draw
    return draw(links or pager, get_language())


@lru_cache(maxsize=KEPT_LINKS)
def _draw(links, _language):
    return render_to_string("components/page_links.html", {"pager": links})
