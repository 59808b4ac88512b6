"""The event: what is announced, once, whatever the number of its dates."""

from datetime import date, time

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution

from .. import changes, series
from ..dates import DEFAULT_ZONE, wall_time_of
from ..querysets import EventManager
from ..words import place_words, when_words

# What calendars show: when one of these changes, the entry in them does.
WHEN = (
    "known_to", "starts_on", "starts_time", "ends_on", "ends_time", "all_day", "zone", "repeats", "repeats_until",
)  # fmt: skip
WHERE = ("venue", "address", "online_url")
# What a version remembers beside what every kind has.
WRITTEN = (
    *WHEN, *WHERE, "month", "season", "year", "region", "organiser", "cost", "booking_url", "capacity", "access",
    "access_words",
)  # fmt: skip
DAYS, TIMES = ("starts_on", "ends_on", "repeats_until"), ("starts_time", "ends_time")


class Repeats(models.TextChoices):
    NO = "", _("It does not repeat")
    WEEKLY = "weekly", _("Every week, on the same day")
    FORTNIGHTLY = "fortnightly", _("Every two weeks, on the same day")
    MONTHLY = "monthly", _("Every month, on the same weekday, such as the second Tuesday")


class KnownTo(models.TextChoices):
    """How exactly the date of a past event is known. All but DAY have no RSVP and no calendar entry."""

    DAY = "day", _("The day")
    MONTH = "month", _("The month")
    SEASON = "season", _("The season")
    YEAR = "year", _("The year")


class Season(models.TextChoices):
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    AUTUMN = "autumn", _("Autumn")
    WINTER = "winter", _("Winter")


class AccessOffer(models.TextChoices):
    """What an event says it offers, so that people can tell beforehand whether they can take part."""

    STEP_FREE = "step-free", _("Step-free, from the street to every room")
    TOILET = "accessible-toilet", _("Accessible toilet")
    CHANGING_PLACE = "changing-place", _("Changing Places toilet")
    HEARING_LOOP = "hearing-loop", _("Hearing loop")
    BSL = "bsl", _("British Sign Language interpreter")
    CAPTIONS = "captions", _("Live captions")
    EASY_READ = "easy-read", _("Papers in Easy Read or large print")
    QUIET_SPACE = "quiet-space", _("Quiet space")
    BREAKS = "breaks", _("Regular breaks")
    PARKING = "parking", _("Parking for Blue Badge holders")
    ASSISTANCE_DOGS = "assistance-dogs", _("Assistance dogs welcome")
    COMPANION = "companion", _("A companion or supporter comes free")
    EXPENSES = "expenses", _("Travel or care costs are paid")


class Event(Contribution):
    """Something that takes place: once, or as a series whose dates are Occurrence rows.

    `starts_on` (of the Contribution) and the three columns after it are wall time in `zone`, of the first date. Where
    `known_to` is not the day, only `year`, `month` and `season` say when it was, and there is no Occurrence.
    """

    KIND = "event"
    CHOICES = {"access": AccessOffer}
    BLANKS = {"zone": DEFAULT_ZONE, "cancelled_at": None}
    SET_BY_OTHERS = ("cancelled_at", "cancelled_reason", "sequence", "calendar_changed_at")

    known_to = models.CharField(
        _("how exactly the date is known"), max_length=10, choices=KnownTo, default=KnownTo.DAY
    )
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    season = models.CharField(_("season"), max_length=10, choices=Season, blank=True)

    starts_time = models.TimeField(_("starts at"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    ends_time = models.TimeField(_("ends at"), null=True, blank=True)
    all_day = models.BooleanField(_("all day"), default=False)
    zone = models.CharField(_("time zone"), max_length=60, default=DEFAULT_ZONE)
    repeats = models.CharField(_("repeats"), max_length=12, choices=Repeats, blank=True, default=Repeats.NO)
    repeats_until = models.DateField(_("repeats until"), null=True, blank=True)

    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.TextField(_("address"), max_length=500, blank=True)
    online_url = models.CharField(_("address online"), max_length=500, blank=True)
    organiser = models.CharField(_("organised by"), max_length=200, blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    booking_url = models.CharField(_("address for booking elsewhere"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(_("how many can come"), null=True, blank=True)
    access = models.JSONField(_("access"), default=list, blank=True)
    access_words = models.TextField(_("more about access"), max_length=2_000, blank=True)

    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True, editable=False)
    # For calendars that subscribe (RFC 5545): how often dates, place or state changed, and when they last did.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    calendar_changed_at = models.DateTimeField(default=timezone.now, editable=False)

    # What came of it: a write-up, slides, a video. They take the place of saying whether one will come.
    afterwards = models.ManyToManyField(
        Contribution, verbose_name=_("what came of it"), related_name="events_before", blank=True
    )

    objects = EventManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__isnull=True) | models.Q(month__gte=1, month__lte=12),
                name="event_month_of_the_year",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None) | ~models.Q(cancelled_reason=""),
                name="event_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(repeats="") | models.Q(repeats_until=None),
                name="event_repeats_until_only_if_it_repeats",
            ),
        ]

    # --- writing ------------------------------------------------------------------------------

    def store(self, values, *, by=None):
        """Write cleaned `values` as a new version and bring its dates up to date; see series.bring_up_to_date."""
        with transaction.atomic():
            self._stood = self._as_it_stands()
            for name, value in values.items():
                if name in WRITTEN:
                    setattr(self, name, value)
            if wall_time_of(self):
                values = {**values, "year": self.starts_on.year, "ends_on": self.ends_on or self.starts_on}
            elif self.known_to == KnownTo.DAY:
                values = {**values, "year": None}
            if self._stood and any(
                getattr(self._stood, name) != getattr(self, name) for name in (*WHEN, *WHERE)
            ):
                self.change_in_calendars()
            super().store(values, by=by)

    def _as_it_stands(self):
        """Return the event as it is kept now, or None while it is not."""
        return type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None

    def store_rows(self, rows):
        before = wall_time_of(self._stood) if self._stood else None
        changes.announce(self, series.bring_up_to_date(self, before), elsewhere=self._is_elsewhere())
        changes.make_room(self)

    def erase_rows(self):
        self.occurrences.update(note="", cancelled_reason="")

    def _is_elsewhere(self):
        return self._stood is not None and any(
            getattr(self._stood, name) != getattr(self, name) for name in WHERE
        )

    def change_in_calendars(self):
        """Let calendars that subscribe know that dates, place or state have changed. Saved by whoever calls."""
        self.sequence += 1
        self.calendar_changed_at = timezone.now()

    def snapshot(self):
        kept = {name: getattr(self, name) for name in WRITTEN}
        return {**super().snapshot(), **{name: _plain(value) for name, value in kept.items()}}

    def values_from(self, snapshot):
        values = super().values_from(snapshot)
        days = {name: date.fromisoformat(values[name]) if values[name] else None for name in DAYS}
        times = {name: time.fromisoformat(values[name]) if values[name] else None for name in TIMES}
        numbers = {name: values[name] or None for name in ("month", "year", "capacity")}
        return {**values, **days, **times, **numbers}

    def build_card(self):
        return {**super().build_card(), "event": self.facts()}

    def facts(self):
        """Return what cards show of it, as JSON: when, where, and whether it is cancelled. Made of its own columns."""
        wall = wall_time_of(self)
        known = {
            "known_to": self.known_to,
            "venue": self.venue or self.address.partition("\n")[0].strip(),
            "zone": self.zone,
        }
        if wall:
            known |= {
                "starts_on": wall.starts_on,
                "starts_time": wall.starts_time,
                "ends_on": wall.ends_on,
                "ends_time": wall.ends_time,
                "repeats": self.repeats,
                "until": self.repeats_until if self.repeats else None,
            }
        elif self.known_to != KnownTo.DAY:
            known |= {"year": self.year, "month": self.month, "season": self.season}
        known |= {"online": bool(self.online_url), "cancelled": self.cancelled_at is not None}
        return {name: _plain(value) for name, value in known.items() if value}

    def search_text(self):
        """Return what search finds it by, beside title, summary and text."""
        words = [self.venue, " ".join(self.address.split()), self.organiser]
        return {"extra": ", ".join(filter(None, words))}

    # --- in words -----------------------------------------------------------------------------

    def when(self):
        """Return when it takes place in words: its one date, its series, or as far as it is known."""
        return when_words(self.facts())

    def where(self):
        """Return where it takes place in a few words."""
        return place_words(self.facts())

    def access_labels(self):
        """Return what it offers so that people can take part, in words, in the order of the list."""
        return [offer.label for offer in AccessOffer if offer.value in self.access]


def _plain(value):
    """Return a column's value as JSON and people have it; what is not said is an empty text."""
    if value is None:
        return ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value
