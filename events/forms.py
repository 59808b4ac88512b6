"""The form for an event: when, where, for how many, and what it offers so that everybody can take part."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.validators import URLValidator
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import DRAFT, PUBLISH, ContributionForm
from commons.markup.render import clean_text

from .dates import DEFAULT_ZONE, is_too_long, zone_names
from .models import AccessOffer, Event, KnownTo
from .words import zone_choice

MOST_PEOPLE = 100_000
FIRST_YEAR = 1900
AHEAD = relativedelta(years=10)
LONGEST_DATE = relativedelta(years=1)

DATES = (
    "starts_on", "starts_time", "ends_on", "ends_time", "all_day", "zone", "repeats", "repeats_until",
)  # fmt: skip
ROUGHLY = ("known_to", "year", "month", "season")
PLACE = ("venue", "address", "online_url", "region")
AROUND = ("organiser", "cost", "booking_url", "capacity", "access", "access_words")
FIELDS = (
    "calendar", "title", "summary", "body", *DATES, *ROUGHLY, *PLACE, *AROUND, "principles", "sectors", "keywords",
    "audience", "follow",
)  # fmt: skip
LINES = ("venue", "organiser", "cost")

NOT_A_DAY, NOT_A_TIME = _("Enter a day such as 27/3/2027."), _("Enter a time such as 14:30.")
ERRORS = {
    "no_start": _("Enter the day on which it starts."),
    "no_start_time": _("Enter when it starts, or tick “All day”."),
    "end_before_start": _(
        "The end is before the start. If it goes past midnight, enter the next day as the last."
    ),
    "no_until": _("Enter the day until which it repeats."),
    "until_before_start": _("It would stop repeating before it starts. Enter a later day."),
    "too_long": _("A series can run for three years and have 156 dates. Choose an earlier last day."),
    "lasts_too_long": _("One date can last a year at most. Use “repeats” for a series."),
    "unlikely_day": _("Check the year: choose a day between 1900 and ten years from now."),
    "no_place": _("Say where it is: a venue, an address online, or both."),
    "no_year": _("Enter the year."),
    "no_month": _("Choose the month."),
    "no_season": _("Choose the season."),
    "not_past": _("Only of a past event can the day be left out. Enter the day on which it starts."),
}


def day_input():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short", "autocomplete": "off"})


def time_input():
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short", "autocomplete": "off"})


def ends_first(starts_time, ends_time):
    """Whether what begins and ends at these times would end within one day before it has begun."""
    return starts_time is not None and ends_time is not None and ends_time <= starts_time


def zone_choices():
    return [(name, zone_choice(name)) for name in zone_names()]


class AddressField(forms.URLField):
    """An address of a page elsewhere, by http or https alone."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"], message=_("Enter an address that begins with https:// or http://.")
        )
    ]

    def __init__(self, **options):
        super().__init__(assume_scheme="https", max_length=500, required=False, **options)


class EventForm(ContributionForm):
    """Publishing asks for a day, a time and a place besides what every kind needs; a draft for a title alone."""

    needed_to_publish = {
        **ContributionForm.needed_to_publish,
        "body": _("Say in a few words what will happen. You can save a draft without it."),
    }

    calendar = forms.FileField(
        label=_("Have a calendar file?"), required=False,
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Choose it and press “Fill in”: what it says goes into the form. Nothing is saved yet."),
    )  # fmt: skip
    # Of the column that every kind has, which no form of theirs shows.
    starts_on = forms.DateField(
        label=_("First day"), widget=day_input(), help_text=_("For example 27/3/2027."),
        error_messages={"invalid": NOT_A_DAY},
    )  # fmt: skip
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, initial=DEFAULT_ZONE, required=False,
        help_text=_("The times above are those that clocks show there."),
    )  # fmt: skip
    year = forms.IntegerField(
        label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    month = forms.TypedChoiceField(
        label=_("Month"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Choose a month")), *MONTHS.items()],
    )  # fmt: skip
    online_url = AddressField(
        label=_("Address online"),
        help_text=_("Where people join, such as https://… Only signed-in members are shown it."),
    )
    booking_url = AddressField(
        label=_("Address for booking elsewhere"),
        help_text=_("If people must book on another site, such as https://…"),
    )
    capacity = forms.IntegerField(
        label=_("How many can come"), required=False, min_value=1, max_value=MOST_PEOPLE,
        help_text=_("Left empty, there is room for everybody."),
        error_messages={
            "min_value": _("Enter a number from 1 to 100,000, or leave it empty."),
            "max_value": _("Enter a number from 1 to 100,000, or leave it empty."),
        },
    )  # fmt: skip
    access = forms.MultipleChoiceField(
        label=_("What is offered"), required=False, choices=AccessOffer, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what is certain. People decide by this whether they can come."),
    )  # fmt: skip

    class Meta(ContributionForm.Meta):
        model = Event
        fields = [name for name in FIELDS if name not in ("calendar", "starts_on", "keywords", "follow")]
        widgets = {
            **ContributionForm.Meta.widgets,
            "ends_on": day_input(), "repeats_until": day_input(),
            "starts_time": time_input(), "ends_time": time_input(),
            "address": forms.Textarea(attrs={"rows": 3}),
            "access_words": forms.Textarea(attrs={"rows": 3}),
            "known_to": forms.RadioSelect,
        }  # fmt: skip
        labels = {
            "ends_on": _("Last day"),
            "all_day": _("All day, without times"),
            "repeats_until": _("Until which day"),
            "known_to": _("What is known of the date"),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "title": _("What it is called, in one line."),
            "body": _("What will happen, and for whom it is. You can format it: see the help below."),
            "starts_time": _("For example 14:30. Leave it empty only if it goes on all day."),
            "ends_on": _("Left empty, it ends on the day it starts."),
            "ends_time": _("Left empty, it lasts until the end of the day."),
            "repeats_until": _("Single dates can be moved or cancelled afterwards."),
            "venue": _("The name of the place, such as a library or a community centre."),
            "address": _("Street and town, so that people find it."),
            "region": _("So that people nearby find it."),
            "organiser": _("A person or an organisation."),
            "cost": _("In words, such as “free” or “£5, and nothing for people on benefits”."),
            "access_words": _("How to get there, whom to ask, what is not possible yet."),
        }
        error_messages = {
            **ContributionForm.Meta.error_messages,
            **{name: {"invalid": NOT_A_DAY} for name in ("ends_on", "repeats_until")},
            **{name: {"invalid": NOT_A_TIME} for name in ("starts_time", "ends_time")},
        }

    field_order = FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["known_to"].required = False
        self.fields["starts_on"].required = True
        if self.instance.pk:
            del self.fields["calendar"]
            self.initial.setdefault("starts_on", self.instance.starts_on)
            if self.instance.known_to == KnownTo.DAY:
                self.initial["year"] = None  # which follows from the day

    def full_clean(self):
        """The first day is shown as asked for; whether it is depends on how exactly the date is known: see clean()."""
        self.fields["starts_on"].required = False
        super().full_clean()
        self.fields["starts_on"].required = True

    @classmethod
    def with_error(cls, posted, by, field, error):
        """Return the form with all that was posted and one error beside one field; nothing else is checked."""
        form = cls(posted, wants=DRAFT, by=by)
        form._errors, form.cleaned_data = ErrorDict(), {}
        form.add_error(field, error)
        return form

    def values(self):
        return {name: value for name, value in super().values().items() if name != "calendar"}

    def clean(self):
        super().clean()
        self.cleaned_data["zone"] = self.cleaned_data.get("zone") or DEFAULT_ZONE
        for name in LINES:
            self.cleaned_data[name] = " ".join(clean_text(self.cleaned_data.get(name) or "").split())
        for name in ("address", "access_words"):
            self.cleaned_data[name] = clean_text(self.cleaned_data.get(name) or "").strip()
        if (self.cleaned_data.get("known_to") or KnownTo.DAY) == KnownTo.DAY:
            self._clean_days()
        else:
            self._clean_roughly()
        said = any(self.cleaned_data.get(name) for name in ("venue", "address", "online_url"))
        if self.wants == PUBLISH and not said and "online_url" not in self.errors:
            self._refuse("venue", "no_place")
        return self.cleaned_data

    def _refuse(self, field, code):
        if field not in self.errors:
            self.add_error(field, forms.ValidationError(ERRORS[code], code=code))

    def _clean_days(self):
        said = self.cleaned_data
        said.update(known_to=KnownTo.DAY, month=None, season="", year=None)
        if said.get("all_day"):
            said.update(starts_time=None, ends_time=None)
        if self.wants == PUBLISH:
            if not said.get("starts_on"):
                self._refuse("starts_on", "no_start")
            if not said.get("all_day") and not said.get("starts_time"):
                self._refuse("starts_time", "no_start_time")
        first = said.get("starts_on")
        if first is None:
            return
        if not first.year >= FIRST_YEAR or first > timezone.localdate() + AHEAD:
            self._refuse("starts_on", "unlikely_day")
            return
        self._clean_end(first, said.get("ends_on") or first)
        self._clean_series(first)

    def _clean_end(self, first, last):
        said = self.cleaned_data
        if last < first:
            self._refuse("ends_on", "end_before_start")
        elif last > first + LONGEST_DATE:
            self._refuse("ends_on", "lasts_too_long")
        elif last == first and ends_first(said.get("starts_time"), said.get("ends_time")):
            self._refuse("ends_time", "end_before_start")
        said["ends_on"] = last

    def _clean_series(self, first):
        said = self.cleaned_data
        if not said.get("repeats"):
            said["repeats_until"] = None
            return
        until = said.get("repeats_until")
        if until is None:
            if self.wants == PUBLISH:
                self._refuse("repeats_until", "no_until")
        elif until <= first:
            self._refuse("repeats_until", "until_before_start")
        elif is_too_long(first, said["repeats"], until):
            self._refuse("repeats_until", "too_long")

    def _clean_roughly(self):
        said = self.cleaned_data
        said.update(dict.fromkeys(("starts_on", "starts_time", "ends_on", "ends_time", "repeats_until")))
        said.update(all_day=False, repeats="")
        known_to, year, today = said["known_to"], said.get("year"), timezone.localdate()
        said["month"] = said.get("month") if known_to == KnownTo.MONTH else None
        said["season"] = said.get("season") if known_to == KnownTo.SEASON else ""
        if year is None:
            self._refuse("year", "no_year")
        elif date(year, said["month"] or 1, 1) > today:
            self._refuse("year", "not_past")
        if known_to == KnownTo.MONTH and not said["month"]:
            self._refuse("month", "no_month")
        if known_to == KnownTo.SEASON and not said["season"]:
            self._refuse("season", "no_season")
