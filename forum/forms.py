"""The form for a thread."""

from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import ContributionForm

from .models import Thread


class ThreadForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = Thread
        fields = ["is_question", *ContributionForm.Meta.fields]
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "is_question": _("Others can answer it, and you can say which answer helped you most."),
        }
