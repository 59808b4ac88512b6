"""The event: what is announced, once, whatever the number of its dates."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution

from ..querysets import EventManager

DEFAULT_ZONE = "Europe/London"


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
