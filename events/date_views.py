"""The pages on which the author of an event, or a moderator, moves a date or calls it off; nobody else finds them."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from commons.contributions import kinds
from commons.contributions.models import StaleEdit
from commons.contributions.writing import sign_in_first

from . import changes, series
from .date_forms import DateForm, ReasonForm
from .detail import DateLine
from .models import Event

CHANGE, CANCEL, PUT_BACK = "change", "cancel", "put-back"


class KeepingView(View):
    """A page of an event for whoever keeps its dates."""

    template_name = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        self.event = Event.objects.kept_by(request.user).with_id(kwargs["item"].pk)
        if self.event is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def show(self, **context):
        above = (self.event.title, self.event.get_absolute_url())
        return render(
            self.request,
            self.template_name,
            {
                "event": self.event,
                "crumbs": [*kinds.crumbs(Event.KIND), above],
                "section": "events",
                **context,
            },
        )

    def back(self, words):
        messages.success(self.request, words)
        return redirect(self.event.get_absolute_url())


class DateView(KeepingView):
    """One date: moved, different in some way, cancelled with a reason, or back."""

    template_name = "events/date_form.html"

    def dispatch(self, request, *args, **kwargs):
        self.pk = kwargs["pk"]
        return super().dispatch(request, *args, **kwargs)

    def get_date(self):
        found = self.event.occurrences.filter(pk=self.pk).first()
        if found is None or series.is_dropped(found):
            raise Http404
        found.event = self.event
        return found

    def get(self, request, item, pk):
        return self.show_date(self.get_date())

    def post(self, request, item, pk):
        occurrence = self.get_date()
        step = {CANCEL: self.cancel, PUT_BACK: self.put_back}.get(request.POST.get("do"), self.change)
        return step(occurrence)

    def change(self, occurrence):
        form = DateForm(self.request.POST, instance=occurrence, all_day=self.event.all_day)
        if not form.is_valid():
            return self.show_date(occurrence, form=form)
        try:
            changes.change_date(occurrence, self.request.user, form.wall_time(), form.cleaned_data["note"])
        except StaleEdit:
            form.add_error(
                None,
                _(
                    "Somebody saved the event at the same moment. Look whether this is still right, and save again."
                ),
            )
            return self.show_date(self.get_date(), form=form)
        return self.back(_("The date is changed."))

    def cancel(self, occurrence):
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self.show_date(occurrence, reason_form=form)
        changes.cancel_date(occurrence, self.request.user, form.cleaned_data["reason"])
        return self.back(_("The date is cancelled. It stays on the page, with your reason."))

    def put_back(self, occurrence):
        changes.put_back_date(occurrence, self.request.user)
        return self.back(_("The date takes place after all."))

    def show_date(self, occurrence, form=None, reason_form=None):
        line = DateLine(self.event, occurrence, timezone.now())
        changing = form or DateForm(instance=occurrence, all_day=self.event.all_day)
        shown = reason_form if reason_form is not None and reason_form.is_bound else changing
        return self.show(
            line=line,
            changing=changing,
            cancelling=reason_form or ReasonForm(),
            form=shown,  # whose errors stand first on the page
            is_cancelled=occurrence.cancelled_at is not None or self.event.cancelled_at is not None,
        )


class CancelView(KeepingView):
    """Calling off the whole event, or letting it take place after all."""

    template_name = "events/cancel.html"

    def get_form(self, posted=None):
        return forms.Form(posted) if self.event.cancelled_at else ReasonForm(posted)

    def get(self, request, item):
        return self.show(form=self.get_form())

    def post(self, request, item):
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        if self.event.cancelled_at:
            changes.put_back(self.event, request.user)
            return self.back(_("The event takes place after all."))
        changes.cancel(self.event, request.user, form.cleaned_data["reason"])
        return self.back(_("The event is cancelled. It stays in the lists, marked as cancelled."))
