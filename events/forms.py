"""The form for events."""

from commons.contributions.forms import ContributionForm

from .models import Event


class EventForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = Event
