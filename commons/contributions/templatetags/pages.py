"""What stands below a list: the links from one of its pages to the others, and to what it is for machines."""

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


@register.simple_tag
def reuse_links(pager):
    """Return the links to the list of a Pager as JSON and as CSV, as HTML."""
    draw = _draw_reuse.__wrapped__ if settings.DEBUG else _draw_reuse
    return draw(pager.links.query, get_language())


@lru_cache(maxsize=KEPT_LINKS)
def _draw_reuse(query, _language):
    return render_to_string("components/reuse_links.html", {"query": query})


@lru_cache(maxsize=KEPT_LINKS)
def _draw(links, _language):
    return render_to_string("components/page_links.html", {"pager": links})
