"""What the files announce to the floors above: a file has been read in the background."""

from django.dispatch import Signal

# Sent at the beginning of the writing transaction with `file`, a StoredFile: whoever keeps something of it locks that.
file_to_be_written = Signal()

# Sent inside the writing transaction with `file`, the StoredFile: its text, pages or cover are known now, or that it
# can't be read.
file_read = Signal()
