"""The parts of a page that are the same for many readers, rendered once and kept."""

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language

# What makes another page of an address: all else in it (where one came from, which comment is new) does not.
CHOOSING = (
    "kind", "type", "show", "principle", "sector", "keyword", "region", "year", "evidence", "language", "answered",
    "page",
)  # fmt: skip
register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context, name, user_chrome=None):
    """Return the component `name`, kept under all it may depend on.

    That is language, section, the network's name and `user_chrome`, what is shown of a member. Menus hold some
    thirty links and translations: rendering them anew for every page costs more than most pages' own content.
    """
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(name, get_language(), context.get("section", ""), settings.NETWORK_NAME, user_chrome)


@register.simple_tag(takes_context=True)
def canonical_link(context):
    """Return the link to the address by which search engines should know the page; nothing for who is signed in.

    That is its path on the site as configured, with what chooses among lists, in one order, and the page.
    """
    request = context.get("request")
    if request is None or context.get("user_chrome"):
        return ""
    query = _chosen(request.GET) if request.GET else ""
    return format_html('<link rel="canonical" href="{}{}{}">', settings.SITE_URL, request.path, query)


def _chosen(query):
    chosen = [(name, value) for name in CHOOSING for value in query.getlist(name) if value]
    chosen = [(name, value) for name, value in chosen if (name, value) != ("page", "1")]
    return f"?{urlencode(chosen)}" if chosen else ""


@lru_cache(maxsize=512)
def _render(name, _language, section, network_name, user_chrome):
    return render_to_string(
        name, {"section": section, "network_name": network_name, "user_chrome": user_chrome}
    )
