"""The lists of events and the calendar: each narrowed by the region, principle and sector in its address."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from commons.contributions import kinds, public_data
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.facets import Facets
from commons.contributions.lists import last_change
from commons.contributions.paging import Pager
from commons.tagging import vocabulary

from .filters import filters_html
from .lists import EventRow, Past, Upcoming, events_listed_to, past_years
from .models import Event, Occurrence
from .month import FIRST_YEAR, LAST_YEAR, Month

SECTION = "events"


class EventsView(TemplateView):
    """What the lists and the calendar share: the facets, the way from one to the other, and answering 304."""

    def get(self, request, *args, **kwargs):
        self.now = timezone.now()
        etag = None
        if not request.user.is_authenticated:
            etag = etag_for(request, last_change(Event.KIND), *self.made_of())
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        response = super().get(request, *args, **kwargs)
        return stamp(response, etag) if etag else response

    def made_of(self):
        """Return what the page is made of beside the events: what is over moves to another list. One query."""
        last_over = Occurrence.objects.over(self.now).order_by("-ends_at").values_list("ends_at", flat=True)
        return last_over[:1].first(), timezone.localdate()

    def get_context_data(self, **kwargs):
        self.facets = Facets.read(self.request.GET, self.request.user)
        kind = kinds.get(Event.KIND)
        return super().get_context_data(
            **kwargs,
            kind=kind,
            section=SECTION,
            chips=self.facets.chips(self.request.GET),
            filters=filters_html(self.request.path, self.facets),
            places=self.places(),
            query=self.query(),
        )

    def events(self):
        """Return the events that this reader may be shown, narrowed."""
        return self.facets.narrow(events_listed_to(self.request.user))

    def query(self):
        """Return what was chosen as an address has it, with its question mark, or ""."""
        chosen = [(facet, value) for facet, value, _words in self.facets.chosen()]
        return f"?{urlencode(chosen)}" if chosen else ""

    place = ""

    def places(self):
        """Return {label, url, current} for the ways to look at events, what was chosen kept."""
        ways = (("list", _("Upcoming")), ("calendar", _("Calendar")), ("past", _("Past")))
        return [
            {"label": label, "url": reverse(f"events:{name}") + self.query(), "current": name == self.place}
            for name, label in ways
        ]


class EventListView(EventsView):
    """What is to come, the next first."""

    template_name = "events/event_list.html"
    place = "list"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pager = Pager(self.get_list(), self.request.GET)
        return {**context, "pager": pager, "cards": rows_of(pager.rows), "is_narrowed": bool(self.facets)}

    def render_to_response(self, context, **more):
        return public_data.answer(
            self.request, context["pager"], self.list_title()
        ) or super().render_to_response(context, **more)

    def list_title(self):
        """Return what the list is called away from its page."""
        words = [str(words) for _facet, _value, words in self.facets.chosen()]
        return ": ".join(filter(None, [self.title_words(), ", ".join(words)]))

    def title_words(self):
        return _("Events to come")

    def get_list(self):
        return Upcoming(self.events(), self.now)


class PastListView(EventListView):
    """What is over, the last first: of one year, or of all."""

    template_name = "events/past_list.html"
    place = "past"

    def title_words(self):
        year = self.kwargs.get("year")
        return _("Events of %(year)d") % {"year": year} if year else _("Past events")

    def get_list(self):
        return Past(self.events(), self.kwargs.get("year"), self.now)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        year, query = self.kwargs.get("year"), self.query()
        years = [
            {
                "label": each,
                "url": reverse("events:past_year", args=[each]) + query,
                "current": each == year,
            }
            for each in past_years(self.request.user, self.now)
        ]
        return {**context, "year": year, "years": years, "crumbs": self.crumbs()}

    def crumbs(self):
        above = kinds.crumbs(Event.KIND)
        return [*above, (_("Past"), reverse("events:past"))] if "year" in self.kwargs else above


class CalendarView(EventsView):
    """One month as a table; without a month in the address, this one."""

    template_name = "events/calendar.html"
    place = "calendar"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        year, month = self.kwargs.get("year", today.year), self.kwargs.get("month", today.month)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        context = super().get_context_data(**kwargs)
        shown = Month(year, month, self.events(), today)
        return {
            **context,
            "month": shown,
            "is_named": "year" in self.kwargs,
            "before_url": self.month_url(shown.before),
            "after_url": self.month_url(shown.after),
            "today_url": "" if (year, month) == (today.year, today.month) else self.month_url(today),
            "crumbs": kinds.crumbs(Event.KIND),
            "indexable": bool(shown.count) and not self.facets,
        }

    def month_url(self, day):
        return reverse("events:calendar_month", args=[day.year, day.month]) + self.query() if day else ""


def rows_of(events):
    """Return the EventRows of rows on which a list noted a date."""
    terms = vocabulary.current()
    return [EventRow(item, terms, False, "") for item in events]
