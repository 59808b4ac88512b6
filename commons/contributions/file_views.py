"""A file at its own address: for whoever may see what it belongs to."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from commons.files.models import StoredFile
from commons.files.storing import open_file

from .models import Attachment


def file(request, token, name):
    """Send the bytes of a file. Two queries: the file, and whether the reader may see what it belongs to."""
    found = StoredFile.objects.filter(token=token).first()
    if found is None or not may_see(request.user, found):
        raise Http404
    try:
        content = open_file(found)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=found.file_type.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(
        not found.file_type.inline, found.name
    )
    response.headers["Content-Security-Policy"] = settings.SECURE_CSP_FILE
    return response


def may_see(user, file):
    """Whether `user` may see a StoredFile: the gate of what it, or what it was made from, belongs to.

    What belongs to nothing yet is for whoever gave it: their form shows it to them.
    """
    original = file.made_from_id or file.pk
    if Attachment.objects.visible_to(user).filter(file=original).exists():
        return True
    return user.is_authenticated and StoredFile.objects.unused().of(user).filter(pk=original).exists()
