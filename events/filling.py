"""Filling in the form of an event from a calendar file that somebody has, to save them typing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .ics_reading import MESSAGES, MOST_BYTES, NoEvent, read_event


class NothingToFill(forms.ValidationError):
    """There is nothing in what was chosen; says why, in words for whoever chose it."""


def values_in(upload):
    """Return what an uploaded calendar file says of an event, as initial values of its form. Raises NothingToFill."""
    if upload is None:
        raise NothingToFill(_("Choose a calendar file, then press “Fill in”."), code="no_calendar")
    try:
        values = read_event(upload.read(MOST_BYTES + 1))
    except NoEvent as error:
        raise NothingToFill(MESSAGES[error.code], code=error.code) from error
    # What a file leaves open stays as it was typed.
    return {name: value for name, value in values.items() if value not in ("", None)}
