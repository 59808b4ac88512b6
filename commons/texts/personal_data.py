"""What the texts that editors keep hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

HELD = [
    Held(
        "texts.TextVersion",
        what=_("Which versions of the site’s own texts you wrote, if you are an editor."),
        why=_("So that it can be seen who changed what people agreed to, and when."),
        closing=Closing.KEEP,
        fields=("written_by",),
        columns=("text__key", "language", "number", "title", "summary", "body", "written_at"),
    )
]
