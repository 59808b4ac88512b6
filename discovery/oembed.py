"""oEmbed (oembed.com): what another site needs to show a link to one of our public items well.

Of type "link": our pages can't be put in a frame, and we give nobody HTML to run on their site.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import JsonResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commons.contributions import kinds
from commons.contributions.cards import cards_for
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.converters import ItemAddress
from commons.contributions.feeds import canonical
from commons.contributions.models import Contribution
from commons.contributions.share_pictures import picture_of

LONGEST = 2_000
CACHE_SECONDS = 86_400


@require_safe
def oembed(request):
    """Answer for ?url= of an item that everyone can read: 404 for all else, 501 for another format than JSON."""
    if request.GET.get("format", "json") != "json":
        return _problem(501, _("We answer in JSON alone."))
    address = request.GET.get("url", "")
    if not address or len(address) > LONGEST:
        return _problem(400, _("Give the address of a page of ours as url."))
    item = item_at(address)
    if item is None:
        return _problem(404, _("There is nothing at this address that everyone can read."))
    etag = etag_for(request, item.changed_at)
    return not_modified(request, etag) or stamp(_open(JsonResponse(_values(item))), etag)


def item_at(address):
    """Return the public contribution whose page has this address on our site, or None. One query at most."""
    if "\\" in address or not address.isprintable():
        return None
    try:
        parts, ours = urlsplit(address), urlsplit(settings.SITE_URL)
        match = resolve(parts.path) if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc) else None
    except (ValueError, Resolver404):
        return None
    found = match and match.kwargs.get("item")
    if not isinstance(found, ItemAddress):
        return None
    item = Contribution.objects.listed_to(AnonymousUser()).for_cards().with_id(found.pk)
    if item is None or parts.path not in {
        item.get_absolute_url(),
        kinds.address(item.kind, item.pk, found.slug),
    }:
        return None
    return item


def _values(item):
    card, picture = cards_for([item])[0], picture_of(item)
    author = {"author_name": card.byline_name} if card.byline_name else {}
    # No author_url: not every author wants their profile to be found from elsewhere.
    return {
        "version": "1.0",
        "type": "link",
        "title": item.title,
        **author,
        "provider_name": settings.NETWORK_NAME,
        "provider_url": canonical("/"),
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": picture.url,
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }


def _problem(status, words):
    return _open(JsonResponse({"error": str(words)}, status=status))


def _open(response):
    """Let scripts of other sites read it: it holds nothing that not everyone may read, and asks for no session."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
