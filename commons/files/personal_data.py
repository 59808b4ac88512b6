"""What the stored files hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import BATCH, Closing, Held

from .models import StoredFile
from .storing import delete, is_there, open_file


def files(member):
    """Yield (path in the copy, function that opens the bytes) of each file the member gave."""
    for file in StoredFile.objects.of(member).originals().order_by("pk").iterator(chunk_size=BATCH):
        if is_there(file):
            yield f"files/{file.pk}-{file.name}", lambda file=file: open_file(file)


def erase_files(leaving):
    """What belongs to nothing any more; what it belonged to was taken out before, or they keep it."""
    there = True
    while there:
        with leaving.step():
            there = list(StoredFile.objects.of(leaving.member).unused().order_by("pk")[:BATCH])
            delete(there)
        if there:
            yield


HELD = [
    Held(
        "files.StoredFile",
        what=_("The files you uploaded, their names, and the words found in them."),
        why=_("To show them with what you wrote, and to find them by their words."),
        closing=Closing.CHOOSE,
        fields=("owner",),
        columns=("id", "name", "type", "size", "created_at", "in_use", "downloads"),
        files=files,
        erase=erase_files,
    )
]
