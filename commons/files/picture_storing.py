"""Keeping a picture for a text: written anew in its sizes, of which the largest stands for the file that came in."""

import hashlib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .accepted import FILE_TYPES, PICTURES
from .checking import Facts, check
from .models import Purpose, StoredFile
from .pictures import MOST_BYTES, in_sizes
from .storing import store

STEM_LENGTH = 60


def store_picture(upload, owner):
    """Keep an UploadedFile as a picture of `owner`; return the StoredFile of its largest size, not in use yet.

    The others are its renditions. Nothing of the file itself is kept: it may say where it was taken. Raises
    ValidationError with a code of checking.MESSAGES or pictures.MESSAGES, or "picture_not_stored".
    """
    facts = check(upload, PICTURES, most_bytes=MOST_BYTES)
    *webps, plain = in_sizes(upload)
    largest = webps.pop()
    stem = slugify(Path(facts.name).stem)[:STEM_LENGTH].strip("-") or "picture"
    kept = []
    try:
        with transaction.atomic():
            for size in (largest, *webps, plain):
                kept.append(_keep(size, stem, owner))
            StoredFile.objects.filter(pk__in=[each.pk for each in kept[1:]]).update(
                made_from=kept[0], purpose=Purpose.PICTURE
            )
    except BaseException as problem:
        for file in kept:
            default_storage.delete(file.path)
        if isinstance(problem, OSError):
            words = _(
                "The picture could not be kept just now. Your text is here: choose it again in a while."
            )
            raise ValidationError(words, code="picture_not_stored") from problem
        raise
    return kept[0]


def _keep(size, stem, owner):
    """Keep one Size as a StoredFile."""
    facts = Facts(
        type=size.type,
        name=f"{stem}-{size.width}.{FILE_TYPES[size.type].extensions[0]}",
        size=len(size.content),
        sha256=hashlib.sha256(size.content).hexdigest(),
        width=size.width,
        height=size.height,
    )
    return store(ContentFile(size.content), facts, owner)
