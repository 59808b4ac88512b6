"""The one announcement of this floor: a text has a new version."""

from django.dispatch import Signal

# Sent inside the writing transaction with `version`: the TextVersion just made.
text_written = Signal()
