"""The one announcement that lower floors make: something about a contribution has changed."""

from django.dispatch import Signal

# Sent inside the writing transaction with `ids`: the primary keys of the contributions that changed.
contribution_changed = Signal()
