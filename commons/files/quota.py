"""How much a member may upload: in all, and in an hour."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import StoredFile

MEGABYTE = 1024 * 1024
MOST_AN_HOUR = 120  # files: far more than a person adds, a form of ten every five minutes
MESSAGES = {
    "quota": _(
        "There is no room for “%(name)s”, which has %(size)s: your files take %(used)s of the %(quota)s "
        "that each member has, so %(left)s are left."
    ),
    "upload_rate": _(
        "You have uploaded %(limit)d files within an hour. Wait a little, then choose “%(name)s” again."
    ),
}


def check_room(member, file):
    """Raise ValidationError (quota, upload_rate) when an unsaved StoredFile is one too many for a member.

    Two queries. In the transaction that saves the file, with the member's row locked.
    """
    since = timezone.now() - timedelta(hours=1)
    originals = StoredFile.objects.of(member).originals()
    if originals.filter(created_at__gt=since).count() >= MOST_AN_HOUR:
        raise _refusal("upload_rate", file, limit=MOST_AN_HOUR)
    quota = settings.NETWORK_MEMBER_QUOTA_MB * MEGABYTE
    if not quota:
        return
    used = StoredFile.objects.bytes_of(member)
    if used + file.size > quota:
        sizes = {"size": file.size, "used": used, "quota": quota, "left": max(0, quota - used)}
        raise _refusal("quota", file, **{name: filesizeformat(value) for name, value in sizes.items()})


def _refusal(code, file, **more):
    return ValidationError(MESSAGES[code], code=code, params={"name": file.name, **more})
