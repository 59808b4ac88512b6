"""One date of an event: wall time in the event's zone, and the moments in UTC that follow from it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..dates import WallTime
from ..querysets import OccurrenceQuerySet


class Occurrence(models.Model):
    """One date. `original_on` is the day that the rule of the series gave it, by which calendars know it for ever."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="occurrences")
    original_on = models.DateField()
    starts_on = models.DateField(_("first day"))
    starts_time = models.TimeField(_("starts at"), null=True, blank=True)
    ends_on = models.DateField(_("last day"))
    ends_time = models.TimeField(_("ends at"), null=True, blank=True)
    # Derived from the wall time and the zone, for ordering and for "is it over?". An all-day date ends at midnight.
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    changed = models.BooleanField(_("differs from the series"), default=False, editable=False)
    note = models.CharField(_("what is different"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    going_count = models.PositiveIntegerField(default=0, editable=False)
    waiting_count = models.PositiveIntegerField(default=0, editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of an event")
        verbose_name_plural = _("dates of events")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "original_on"], name="occurrence_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")), name="occurrence_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at", "starts_at"], name="occurrence_upcoming"),
            models.Index(fields=["starts_on", "starts_at", "id"], name="occurrence_by_day"),
            # Few are longer than a day: those that have begun and go on are found among these.
            models.Index(
                fields=["ends_on", "starts_on"],
                name="occurrence_of_days",
                condition=models.Q(ends_on__gt=models.F("starts_on")),
            ),
        ]

    def __str__(self):
        return f"{self.event_id}: {self.starts_on}"

    @property
    def wall_time(self):
        return WallTime(self.starts_on, self.starts_time, self.ends_on, self.ends_time)

    def set_wall_time(self, wall, zone):
        """Take place at `wall` in the zone of that name; the moments in UTC follow. Saved by whoever calls."""
        self.starts_on, self.starts_time, self.ends_on, self.ends_time = (
            wall.starts_on, wall.starts_time, wall.ends_on, wall.ends_time,
        )  # fmt: skip
        self.starts_at, self.ends_at = wall.moments(zone)

    def is_over(self, now=None):
        return self.ends_at < (now or timezone.now())
