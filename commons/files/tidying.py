"""Taking away what nobody will use: once a day, by the worker. Done twice, or by two at once, it does no harm."""

import os
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .models import StoredFile
from .receiving import arriving
from .storing import delete

# Longer than models.KEPT_FOR: a form that is shown again keeps its files for an hour more.
UNUSED_FOR = timedelta(days=1)
AT_ONCE = 500


def forget_unused(now=None):
    """Delete what was uploaded with forms that were never saved, and what was made of it; return how many files."""
    before = (now or timezone.now()) - UNUSED_FOR
    old = list(StoredFile.objects.unused().filter(created_at__lt=before))
    for start in range(0, len(old), AT_ONCE):
        delete(old[start : start + AT_ONCE])
    return len(old)


def forget_strays(now=None):
    """Delete uploads that broke off, and files that no row speaks of; return how many. Younger ones are left alone."""
    before = ((now or timezone.now()) - UNUSED_FOR).timestamp()
    gone = [path for path in _old(arriving(), before) if _unlink(path)]
    found = (path for folder in _folders() for path in _old(folder, before))
    while some := list(islice(found, AT_ONCE)):
        known = set(
            StoredFile.objects.filter(token__in=[path.stem for path in some]).values_list("token", flat=True)
        )
        gone += [path for path in some if path.stem not in known and _unlink(path)]
    return len(gone)


def _folders():
    root = Path(settings.MEDIA_ROOT) / "files"
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _old(folder, before):
    """Return the paths in a folder that were last written to before a moment."""
    with os.scandir(folder) as entries:
        return [Path(each.path) for each in entries if each.is_file() and each.stat().st_mtime < before]


def _unlink(path):
    """Delete a file; return whether it was still there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
