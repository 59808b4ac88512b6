"""What those who come are told: a place that became free, a date that moved or is off, that it is soon."""

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commons.notifications.notify import notify

MOVED_UP, CHANGED, CANCELLED, SOON = "event.place", "event.changed", "event.cancelled", "event.soon"


def tell_moved_up(event, occurrence, member):
    """Tell a member that they have a place now."""
    with override(member.language):
        notify(
            member,
            MOVED_UP,
            _("You have a place: %(title)s") % {"title": event.title},
            _(
                "A place became free on %(day)s, and it is yours. If you can’t come, please say so: somebody else may."
            )
            % {"day": day_words(occurrence)},
            event.get_absolute_url(),
        )


def day_words(occurrence):
    """Return the first day of a date in words, such as "Tuesday 1 December 2026"."""
    return formats.date_format(occurrence.starts_on, "l j F Y")
