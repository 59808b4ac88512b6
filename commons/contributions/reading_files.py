"""What a contribution does when a file of its own is read in the background: it shows what is known of it now."""

from . import conversation
from .models import Attachment


def register():
    from commons.files.signals import file_read, file_to_be_written

    file_to_be_written.connect(_lock, dispatch_uid="contributions.file_to_be_written")
    file_read.connect(_refresh, dispatch_uid="contributions.file_read")


def _lock(sender, file, **_rest):
    for pk in _owners(file):
        conversation.lock(pk)


def _refresh(sender, file, **_rest):
    """Bring the card up to date and announce it. That is no edit: nobody wrote another version."""
    for pk in _owners(file):
        conversation.lock(pk).refresh()


def _owners(file):
    return list(Attachment.objects.filter(file=file).values_list("contribution", flat=True))
