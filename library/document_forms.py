"""The form in which a member shares a document."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import ContributionForm
from commons.contributions.models import Role
from commons.files.accepted import DOCUMENTS
from commons.files.forms import UploadsField

from .models import Document

MOST_FILES = 10
MOST_BYTES = settings.NETWORK_FILE_MB * 1024 * 1024


class DocumentForm(ContributionForm):
    files = UploadsField(
        label=_("Files"),
        accepted=DOCUMENTS,
        most=MOST_FILES,
        most_bytes=MOST_BYTES,
    )
    file_roles = {"files": Role.FILE}

    class Meta(ContributionForm.Meta):
        model = Document
