"""The pages of events: the shared views, with what is particular to them."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .forms import EventForm
from .models import Event

SECTION = "events"


class EventListView(views.ContributionListView):
    kind = Event.KIND
    template_name = "events/event_list.html"
    introduction = _("What is coming up, on the spot and online.")
    section = SECTION
    whole_kind = True


class EventArchiveView(views.ContributionArchiveView):
    kind = Event.KIND
    section = SECTION


class EventDetailView(views.ContributionDetailView):
    model = Event
    template_name = "events/event_detail.html"
    section = SECTION


class EventCreateView(views.ContributionCreateView):
    model = Event
    form_class = EventForm
    template_name = "events/event_form.html"
    section = SECTION


class EventUpdateView(views.ContributionUpdateView):
    model = Event
    form_class = EventForm
    template_name = "events/event_form.html"
    section = SECTION


class EventWithdrawView(views.ContributionWithdrawView):
    model = Event
    section = SECTION
