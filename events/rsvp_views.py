"""Saying whether one comes; and for the organiser: who comes, as a page and as a table, and writing to them."""

from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from commons.contributions import kinds
from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.contributions.lists import visible_one
from commons.contributions.writing import sign_in_first
from commons.markup import spreadsheets
from commons.moderation import limits

from .models import Answer, Event, Rsvp
from .rsvp_forms import RsvpForm, WordToPeopleForm
from .rsvp_telling import tell_word
from .rsvps import RsvpClosed, answer, closed_because
from .words import date_words

WORDS_A_DAY = "5/d"
CLOSED = {
    "over": gettext_lazy("This date is over."),
    "cancelled": gettext_lazy("This date is cancelled."),
    "not_listed": gettext_lazy("This event is not published."),
}
SAID = {
    Answer.GOING: gettext_lazy(
        "You are going. If you can’t come after all, please say so: somebody else may."
    ),
    Answer.MAYBE: gettext_lazy("We noted that you may come."),
    Answer.NO: gettext_lazy("We noted that you can’t come."),
}


class DateView(View):
    """A page below one date of an event, for whoever may see the event."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        self.event = visible_one(Event, request.user, kwargs["item"].pk)
        if self.event is None or not self.may():
            raise Http404
        self.date = self.event.occurrences.filter(pk=kwargs["date"]).first()
        if self.date is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may(self):
        """Whether the reader may open this page of the event."""
        return True

    def context(self, **more):
        kind = kinds.get(self.event.kind)
        return {
            "event": self.event,
            "date": self.date,
            "date_words": date_words(self.date.wall_time, self.event.zone),
            "crumbs": [*kinds.crumbs(kind.code), (self.event.title, self.event.get_absolute_url())],
            "section": "events",
            "written_by": {"name": FIELD, "value": sign_writer(self.request.user)},
            **more,
        }


class RsvpView(DateView):
    """Saying whether one comes to one date. The buttons on the event's page post here too."""

    def get(self, request, item, date):
        kept = give_back(request)
        initial = {name: values[-1] for name, values in kept.fields.items()} if kept else {}
        return self.show(RsvpForm(instance=self.mine(), initial=initial))

    def post(self, request, item, date):
        mine = self.mine()
        posted = request.POST
        if "access_needs" not in posted and mine.pk:  # a button on the event's page: what one needs stays
            posted = posted.copy()
            posted["access_needs"] = mine.access_needs
        form = RsvpForm(posted, instance=mine)
        if not form.is_valid():
            return self.show(form)
        said = Answer(form.cleaned_data["answer"])
        try:
            rsvp = answer(self.date, request.user, said, form.cleaned_data["access_needs"])
        except RsvpClosed as closed:
            form.add_error(None, CLOSED[closed.reason])
            return self.show(form, status=409)
        forget_used(request)
        if rsvp.waiting_since:
            messages.info(
                request,
                _("It is full, and you wait for a place. You will be told when there is one for you."),
            )
        else:
            messages.success(request, SAID[said])
        return redirect(self.event.get_absolute_url())

    def mine(self):
        mine = Rsvp.objects.filter(occurrence=self.date, member=self.request.user).first()
        return mine or Rsvp(occurrence=self.date, member=self.request.user)

    def show(self, form, status=200):
        closed = closed_because(self.event, self.date)
        context = self.context(form=form, closed=CLOSED[closed] if closed else "")
        return render(self.request, "events/rsvp.html", context, status=status)


class OrganiserView(DateView):
    """A page for the organiser of the event alone."""

    def may(self):
        return self.event.author_id == self.request.user.pk

    def people(self):
        """Return the Rsvps of the date in the order of answers, then of time, each with its member. One query."""
        order = {Answer.GOING: 0, Answer.MAYBE: 2, Answer.NO: 3}
        rsvps = Rsvp.objects.filter(occurrence=self.date).select_related("member")
        return sorted(
            rsvps,
            key=lambda each: (
                order[each.answer] + (each.waiting_since is not None),
                each.waiting_since or each.answered_at,
            ),
        )


class PeopleView(OrganiserView):
    def get(self, request, item, date):
        people = [
            {
                "name": rsvp.member.display_name,
                "url": profile_path(rsvp.member),
                "answer": answer_words(rsvp),
                "needs": rsvp.access_needs,
            }
            for rsvp in self.people()
        ]
        return render(request, "events/people.html", self.context(people=people))


class PeopleTableView(OrganiserView):
    """The same as CSV. No e-mail address is in it: the organiser writes to people through the site."""

    def get(self, request, item, date):
        columns = [_("Name"), _("Answer"), _("Answered"), _("What they need to take part")]
        rows = (
            [
                rsvp.member.display_name,
                answer_words(rsvp),
                f"{rsvp.answered_at:%Y-%m-%d %H:%M}",
                rsvp.access_needs,
            ]
            for rsvp in self.people()
        )
        response = StreamingHttpResponse(
            spreadsheets.lines(columns, rows), content_type="text/csv; charset=utf-8"
        )
        name = f"{self.event.slug or 'event'}-{self.date.starts_on.isoformat()}.csv"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        return response


class WriteToPeopleView(OrganiserView):
    """Writing to those who come, without either side's address."""

    def get(self, request, item, date):
        kept = give_back(request)
        initial = {name: values[-1] for name, values in kept.fields.items()} if kept else None
        return self.show(WordToPeopleForm(initial=initial))

    def post(self, request, item, date):
        form = WordToPeopleForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        if not limits.spend("events.word", f"{request.user.pk}", WORDS_A_DAY):
            form.add_error(
                None, _("You have written as often as you can today. Your text is here: send it tomorrow.")
            )
            return self.show(form, status=429)
        everybody = form.cleaned_data["to"] == WordToPeopleForm.EVERYBODY
        members = [
            rsvp.member
            for rsvp in self.people()
            if (rsvp.answer == Answer.GOING and rsvp.waiting_since is None)
            or (everybody and rsvp.answer != Answer.NO)
        ]
        told = tell_word(self.event, members, form.cleaned_data["subject"], form.cleaned_data["text"])
        forget_used(request)
        messages.success(
            request,
            ngettext(
                "Your message is on its way to %d person.", "Your message is on its way to %d people.", told
            )
            % told,
        )
        return redirect(self.event.url_below(f"people/{self.date.pk}/"))

    def show(self, form, status=200):
        return render(self.request, "events/write_to_people.html", self.context(form=form), status=status)


def profile_path(member):
    """Return the address of a member's profile, or "" where it is closed or hidden."""
    return member.describe_byline(member.card_byline())[0]


def answer_words(rsvp):
    """Return what a member said in words, with whether they wait for a place."""
    return str(_("Waiting for a place") if rsvp.waiting_since else Answer(rsvp.answer).label)
