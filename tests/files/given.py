"""Files that belong to something, for tests: kept as an upload is kept."""

import hashlib
import uuid

from django.core.files.base import ContentFile

from commons.contributions.attaching import Chosen, attach
from commons.contributions.models import Role
from commons.files.checking import Facts
from commons.files.models import Purpose, StoredFile
from commons.files.storing import store
from library.models import Document
from tests.factories import make_member, values_for


def give(owner, content=b"Some words.\n", name="words.txt", type="txt", **facts):
    """Return the StoredFile of what `owner` (None: the editors) uploaded; it belongs to nothing yet."""
    digest = hashlib.sha256(content).hexdigest()
    return store(ContentFile(content), Facts(type, name, len(content), digest, **facts), owner)


def rendition(file, purpose=Purpose.COVER):
    """Return a picture that was made of a StoredFile."""
    made = give(file.owner, b"RIFF", "cover.webp", "webp", width=40, height=60)
    StoredFile.objects.filter(pk=made.pk).update(made_from=file, purpose=purpose)
    made.refresh_from_db()
    return made


def share(author=None, *files, publish=True, role=Role.FILE, **values):
    """Return a document with these files, published unless told otherwise."""
    author = author or make_member()
    chosen = [Chosen(file, role, "What it shows.") for file in files or [give(author)]]
    document = Document.begin(author, values_for(files=chosen, **values), form_key=uuid.uuid4())
    if publish:
        document.submit(author)
    return document


def hang(item, *files, role=Role.FILE):
    """Let files belong to the version of any item that stands, beside those that do already."""
    there = [
        Chosen(each.file, each.role, each.description)
        for each in item.attachments.current().select_related("file")
    ]
    attach(item, [*there, *(Chosen(file, role, "What it shows.") for file in files)])


def replace(item, *files):
    """Let these be the only files of an item: what was there stays with its earlier version."""
    attach(item, [Chosen(file) for file in files])
