"""What the account pages say of a refused signing in, of a browser, and how they draw the app's QR code."""

import re
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from commons.markup.render import safe_svg

register = template.Library()

BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
]  # fmt: skip


@register.simple_tag(takes_context=True)
def standing(context):
    """Return {"why", "until"} of the last refused signing in, as the adapter noted it, or {}."""
    noted = context["request"].session.get("standing") or {}
    if "until" in noted:
        return {**noted, "until": datetime.fromisoformat(noted["until"])}
    return noted


@register.filter
def browser_words(user_agent):
    """Return a browser's identification in words, such as "Firefox on Windows"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")


@register.filter
def qr_code(svg):
    """Return the QR code's SVG to stand in the page itself: with a name, and on white in either theme."""
    drawing = svg[svg.index("<svg") :]
    side = re.search(r'viewBox="0 0 (\d+) \d+"', drawing)[1]
    name = _("QR code for your authenticator app")
    drawing = drawing.replace("<svg", f'<svg role="img" aria-label="{name}"', 1)
    return safe_svg(drawing.replace("<path", f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path', 1))
