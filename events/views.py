"""The pages of an event: the shared views, with its dates, and a calendar file that fills in the form."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.contributions import views
from commons.contributions.cards import cards_for
from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach, moderates

from .dates import DEFAULT_ZONE
from .detail import DateLine, told_of_dates
from .filling import NothingToFill, values_in
from .forms import ROUGHLY, EventForm
from .models import Event, KnownTo
from .models.event import WHEN, WHERE
from .rsvp_lines import answered_lines, rsvp_lines, sign_in_path

SECTION = "events"
FILL = "fill"
NEXT_SHOWN = 5
MOST_AFTERWARDS = 30


class EventDetailView(views.ContributionDetailView):
    """An event: when and where, what is offered, and afterwards what came of it."""

    model = Event
    template_name = "events/event_detail.html"
    section = SECTION

    def made_of(self, item):
        """Which of its dates are over by now, who comes, and what came of it. One query, two once it is over."""
        self.read(item)
        return (
            sum(line.is_over for line in self.lines),
            [(date.going_count, date.waiting_count) for date in self.dates],
            [(each.pk, each.changed_at) for each in self.came_of_it],
        )

    lines = None

    def read(self, item):
        if self.lines is None:
            now = timezone.now()
            self.dates = list(item.occurrences.all())
            self.lines = [DateLine(item, date, now) for date in self.dates]
            self.is_over = item.known_to != KnownTo.DAY or (
                bool(self.lines) and all(line.is_over for line in self.lines)
            )
            listed = Contribution.objects.listed_to(self.request.user)
            found = listed.filter(events_before=item.pk).newest().for_cards()[:MOST_AFTERWARDS]
            self.came_of_it = list(found) if self.is_over else []

    def get_context_data(self, item):
        self.read(item)
        may_keep = may_keep_dates(item, self.request.user)
        upcoming = [line for line in self.lines if not line.is_over]
        signed_in = self.request.user.is_authenticated
        return {
            **super().get_context_data(item),
            "dates": self.lines,
            "upcoming": upcoming,
            "next_dates": upcoming[:NEXT_SHOWN],
            "is_over": self.is_over,
            "may_keep": may_keep,
            "shows_online": bool(item.online_url) and signed_in and not self.is_over,
            "asks_to_sign_in": bool(item.online_url) and not signed_in and not self.is_over,
            "came_of_it": cards_for(self.came_of_it),
            "rsvp_lines": rsvp_lines(item, self.dates, self.request.user),
            "answered_lines": answered_lines(item, self.dates, self.request.user),
            "sign_in_path": "" if signed_in else sign_in_path(item),
        }

    def told_dates(self):
        """Return the dates that search engines are told of: those to come, or else the last."""
        return [line for line in self.lines if not line.is_over] or self.lines[-1:]

    def told_of(self, item):
        return [(line.iso, line.ends_iso, line.cancelled, line.moved) for line in self.told_dates()]

    def things(self, item, picture):
        return told_of_dates(item, self.told_dates(), picture)


def may_keep_dates(item, user):
    """Whether `user` may move and cancel dates of an event: its author may, and moderators."""
    return item.can_be_edited_by(user) or (item.reach != Reach.NOBODY and moderates(user))


class EventCreateView(views.ContributionCreateView):
    """Announcing an event. A calendar file fills in the form, and nothing is saved by that."""

    model = Event
    form_class = EventForm
    template_name = "events/event_form.html"
    section = SECTION
    several = (*views.ContributionCreateView.several, "access")

    def post(self, request, *args, **kwargs):
        return self.fill() if request.POST.get("do") == FILL else super().post(request, *args, **kwargs)

    def fill(self):
        """Show the form with what was typed, and over it what a calendar file says. Nothing is saved."""
        posted = self.request.POST
        try:
            values = values_in(self.request.FILES.get("calendar"))
        except NothingToFill as refused:
            return self.show(EventForm.with_error(posted, self.request.user, "calendar", refused), None)
        typed = {name: posted.getlist(name) if name in self.several else posted[name] for name in posted}
        form = EventForm(initial={**typed, **values}, by=self.request.user)
        return self.show(form, None, filled=True)

    def saved(self, item):
        tell_if_over(self.request, item)
        return super().saved(item)

    def show(self, form, item, *, status=200, **context):
        return super().show(form, item, status=status, **{**context, **beside(form, context)})


class EventUpdateView(views.ContributionUpdateView):
    model = Event
    form_class = EventForm
    template_name = "events/event_form.html"
    section = SECTION
    several = (*views.ContributionUpdateView.several, "access")

    def initial(self):
        kept = super().initial()
        # A box that was not ticked is not sent.
        return {**kept, "all_day": "all_day" in kept} if kept else kept

    def saved(self, item):
        tell_if_over(self.request, item)
        return super().saved(item)

    def show(self, form, item, *, status=200, **context):
        return super().show(form, item, status=status, **{**context, **beside(form, context)})


class EventWithdrawView(views.ContributionWithdrawView):
    model = Event
    section = SECTION


def tell_if_over(request, item):
    """Say so when a day lies in the past: that may be meant, or it may be the wrong year."""
    if item.known_to == KnownTo.DAY and item.starts_on and not item.occurrences.upcoming().exists():
        messages.warning(
            request, _("Its date has passed, so it stands among past events. If that is wrong, edit the day.")
        )


def beside(form, context):
    """Return what the page of the form shows besides it: which parts stand open, and when and where in a preview."""
    folded = {
        "open_zone": bool(form.errors.get("zone")) or form["zone"].value() not in (None, "", DEFAULT_ZONE),
        "open_roughly": form["known_to"].value() not in (None, "", KnownTo.DAY)
        or any(form.errors.get(name) for name in ROUGHLY),
    }
    return {**folded, **(in_preview(form) if "preview" in context else {})}


def in_preview(form):
    said = Event(**{name: form.cleaned_data.get(name) for name in (*WHEN, *WHERE, "month", "season", "year")})
    return {"preview_facts": [words for words in (said.when(), said.where()) if words]}
