"""The parts of a page that are the same for many readers, rendered once and kept."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context, name, user_chrome=None):
    """Return the component `name`, kept under all it may depend on.

    That is language, section, the network's name and `user_chrome`, what is shown of a member. Menus hold some
    thirty links and translations: rendering them anew for every page costs more than most pages' own content.
    """
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(name, get_language(), context.get("section", ""), settings.NETWORK_NAME, user_chrome)


@lru_cache(maxsize=512)
def _render(name, _language, section, network_name, user_chrome):
    return render_to_string(
        name, {"section": section, "network_name": network_name, "user_chrome": user_chrome}
    )
