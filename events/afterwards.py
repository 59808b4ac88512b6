"""What came of an event: a write-up, slides, a video. Linked from what the network already has, once it is over."""

import re

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions import conversation
from commons.contributions.cards import cards_for
from commons.contributions.models import Contribution
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.words import QUERY_LENGTH, clean

from .date_views import KeepingView
from .models import KnownTo

MOST_FOUND = 10
MOST_LINKED = 30
# The number in an item's address on this site, or the number alone.
NUMBER = re.compile(r"\A\s*(?:\S*/)?([1-9][0-9]{0,17})(?:-[^/\s]*)?/?(?:[?#]\S*)?\s*\Z")


class LinkForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Its address"),
        help_text=gettext_lazy("Copy it from your browser, such as /blog/12-what-we-heard/."),
        max_length=400,
        error_messages={"required": gettext_lazy("Enter the address, or look for it by its words.")},
    )

    def __init__(self, *args, found_among=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.found_among = found_among

    def clean_address(self):
        number = NUMBER.match(self.cleaned_data["address"])
        found = self.found_among.with_id(int(number.group(1))) if number else None
        if found is None:
            raise forms.ValidationError(
                gettext_lazy("Nothing that you can read has this address. Copy it once more."),
                code="no_such_item",
            )
        return found


class AfterwardsView(KeepingView):
    """Linking what came of an event that is over, and taking a link away. For its author and moderators."""

    template_name = "events/afterwards.html"

    def get(self, request, item):
        return self.show_links(LinkForm())

    def post(self, request, item):
        self.require_over()
        if "remove" in request.POST:
            return self.unlink(request.POST["remove"])
        form = LinkForm(request.POST, found_among=self.linkable())
        if not form.is_valid():
            return self.show_links(form)
        if not link(self.event, form.cleaned_data["address"]):
            form.add_error("address", _("Thirty are linked already. Take one away first."))
            return self.show_links(form)
        messages.success(request, _("It is linked from the page of the event."))
        return redirect(request.path)

    def unlink(self, number):
        if not (number.isascii() and number.isdecimal() and len(number) <= 18):
            raise Http404
        unlink(self.event, int(number))
        messages.success(self.request, _("The link is taken away."))
        return redirect(self.request.path)

    def require_over(self):
        if not is_over(self.event):
            raise Http404

    def linkable(self):
        """Return what can be linked: all that this reader finds in lists, but for the event itself."""
        return Contribution.objects.listed_to(self.request.user).exclude(pk=self.event.pk)

    def show_links(self, form):
        self.require_over()
        text = clean(self.request.GET.get("q", "")[: QUERY_LENGTH * 2])[:QUERY_LENGTH]
        linked = list(
            Contribution.objects.listed_to(self.request.user)
            .filter(events_before=self.event.pk)
            .newest()
            .for_cards()
        )
        found = self.find(text, besides=linked) if text else []
        return self.show(
            form=form,
            q=text,
            linked=[
                {"pk": item.pk, "card": card} for item, card in zip(linked, cards_for(linked), strict=True)
            ],
            found=[{"pk": item.pk, "card": card} for item, card in zip(found, cards_for(found), strict=True)],
        )

    def find(self, text, besides):
        """Return what search finds first, as rows of contributions."""
        entries = SearchEntry.objects.listed_to(self.request.user).exclude(contribution=None)
        search = Search(text, entries)
        best = search.ranked()[:MOST_FOUND] if search else []
        if not best:
            return []
        rows = self.linkable().filter(search_entry__in=best).exclude(pk__in=[item.pk for item in besides])
        return sorted(
            rows.for_cards().annotate(entry=F("search_entry")), key=lambda row: best.index(row.entry)
        )


def is_over(event):
    """Whether all dates of an event are over, or it is known to have been at some time in the past."""
    if event.known_to != KnownTo.DAY:
        return True
    return event.occurrences.exists() and not event.occurrences.upcoming(timezone.now()).exists()


def link(event, item):
    """Let `item` stand on the page of `event` as something that came of it; return whether there was room."""
    with transaction.atomic():
        current = conversation.lock(event.pk)
        if current.afterwards.count() >= MOST_LINKED:
            return False
        current.afterwards.add(item.pk)
        current.refresh()
    return True


def unlink(event, pk):
    """Let something no longer stand on the page of an event."""
    with transaction.atomic():
        current = conversation.lock(event.pk)
        current.afterwards.remove(pk)
        current.refresh()
