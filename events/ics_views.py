"""Calendar files at their addresses: one event's, and that of a list, to which a calendar can subscribe."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max, Prefetch
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.facets import Facets
from commons.contributions.lists import last_change, visible_one

from .ics import calendar_of
from .models import Event, Occurrence

KEPT_AFTERWARDS = timedelta(days=60)
MOST_EVENTS = 500
DATES = Prefetch("occurrences", Occurrence.objects.order_by("starts_at", "pk"))


def list_calendar(request):
    """The events of a list, with the facets in the address: those to come, and those that are not over for long.

    Who asks decides what is in it, and a calendar that subscribes asks as a visitor. Three queries, one for a 304.
    """
    facets = Facets.read(request.GET, request.user)
    etag = etag_for(request, last_change(Event.KIND), timezone.localdate()) if _is_visitor(request) else None
    unchanged = not_modified(request, etag) if etag else None
    if unchanged:
        return unchanged
    since = timezone.now() - KEPT_AFTERWARDS
    listed = facets.narrow(Event.objects.listed_to(request.user))
    recent = (
        listed.annotate(last_at=Max("occurrences__ends_at"))
        .filter(last_at__gte=since)
        .order_by("last_at", "pk")
    )
    with override(settings.LANGUAGE_CODE):
        words = ", ".join(str(words) for _name, _value, words in facets.chosen())
        name = _("Events: %(network)s") % {"network": settings.NETWORK_NAME}
        content = calendar_of(
            recent.prefetch_related(DATES)[:MOST_EVENTS], f"{name} ({words})" if words else name
        )
    return _answer(content, "events.ics", etag)


def event_calendar(request, item):
    """One event as a calendar file, for whoever may see it."""
    event = visible_one(Event, request.user, item.pk)
    if event is None or not event.is_published:
        raise Http404
    etag = etag_for(request, event.pk, event.version, event.changed_at) if _is_visitor(request) else None
    unchanged = not_modified(request, etag) if etag else None
    if unchanged:
        return unchanged
    found = Event.objects.filter(pk=event.pk).prefetch_related(DATES)
    if not Occurrence.objects.filter(event=event.pk).exists():
        raise Http404  # known to the month or the year alone: there is no day to put it on
    with override(settings.LANGUAGE_CODE):
        content = calendar_of(found, event.title)
    return _answer(content, f"{event.slug or 'event'}.ics", etag)


def _is_visitor(request):
    return not request.user.is_authenticated


def _answer(content, name, etag):
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return stamp(response, etag) if etag else response
