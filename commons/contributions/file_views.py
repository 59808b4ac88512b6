"""A file at its own address: for whoever may see what it belongs to."""

import logging
import re

from django.db import DatabaseError
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponsePermanentRedirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commons.files import serving
from commons.files.models import Purpose, StoredFile

from .conversation_page import is_fetched_ahead
from .models import Attachment, Role

log = logging.getLogger(__name__)
BEGINNING = re.compile(r"\s*bytes\s*=\s*0+-", re.IGNORECASE)


@require_safe
def file(request, token, name):
    """Send a file, or the part of it that is asked for. Only `token` decides; another name leads to the right one.

    One query for the file and whether the reader may see what it belongs to; one more where a download is counted.
    """
    found = find(request.user, token)
    if found is None:
        raise Http404
    if name != found.name:
        response = HttpResponsePermanentRedirect(found.get_absolute_url())
        patch_cache_control(response, no_cache=True)
        return response
    response = serving.answer(request, found)
    if response.status_code in (200, 206) and counts(request, found):
        count_download(found)
    return response


def find(user, token):
    """Return the StoredFile with this token, with the `role` it is attached in, or None unless `user` may see it.

    What belongs to nothing yet, and has no role, is for whoever gave it: their form may show it to them.
    """
    original = Coalesce(OuterRef("made_from_id"), OuterRef("pk"))
    role = Attachment.objects.visible_to(user).order_by().filter(file=original).values("role")[:1]
    seen = Q(role__isnull=False)
    if user.is_authenticated:
        unused = Q(made_from=None, in_use=False) | Q(made_from__owner=user, made_from__in_use=False)
        seen |= unused & Q(owner=user)
    return StoredFile.objects.annotate(role=Subquery(role)).filter(seen, token=token).first()


def counts(request, file):
    """Whether somebody begins to fetch a document: not its owner, no picture of it, nothing fetched ahead.

    Nor whoever asks whether what they have is still the same. Who it was is kept nowhere.
    """
    return (
        request.method == "GET"
        and (file.role, file.purpose) == (Role.FILE, Purpose.ORIGINAL)
        and ("Range" not in request.headers or BEGINNING.match(request.headers["Range"]) is not None)
        and not {"If-None-Match", "If-Modified-Since"} & {*request.headers}
        and (file.owner_id is None or file.owner_id != request.user.pk)
        and not is_fetched_ahead(request)
    )


def count_download(file):
    """Add one to the downloads of a file. That it can't be counted is no reason to keep it from a reader."""
    try:
        StoredFile.objects.filter(pk=file.pk).update(downloads=F("downloads") + 1)
    except DatabaseError as error:
        log.warning("a download was not counted: %s", type(error).__name__)
