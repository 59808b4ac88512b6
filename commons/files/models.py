"""Files that people give, and the pictures that are made of them. What each belongs to is known by the floors above."""

import secrets
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .accepted import FILE_TYPES

NAME_LENGTH = 150
KEPT_FOR = timedelta(hours=1)
SALT = "files.kept"


def make_token():
    """Return a name that nobody can guess: 32 characters of 6 random bits."""
    return secrets.token_urlsafe(24)


class State(models.TextChoices):
    """How far the background has come with reading a file."""

    WAITING = "waiting", _("waiting to be read")
    READ = "read", _("read")
    UNREADABLE = "unreadable", _("could not be read")


class Purpose(models.TextChoices):
    ORIGINAL = "original", _("as it was given")
    COVER = "cover", _("picture of its first page")
    PICTURE = "picture", _("picture in a size for pages")


class StoredFileQuerySet(models.QuerySet):
    def originals(self):
        return self.filter(purpose=Purpose.ORIGINAL)

    def of(self, member):
        return self.filter(owner=member)

    def unused(self):
        """What was uploaded with a form that has not been saved since."""
        return self.filter(in_use=False, made_from=None)

    def kept_for(self, member, signed):
        """Return the unused StoredFile that `member` uploaded and was given `signed` for, or None."""
        try:
            pk, owner = signing.loads(signed, salt=SALT, max_age=KEPT_FOR)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return self.unused().filter(pk=pk, owner_id=owner).first() if owner == member.pk else None

    def bytes_of(self, member):
        """Return how many bytes the files take that `member` uploaded."""
        return self.of(member).originals().aggregate(sum=models.Sum("size"))["sum"] or 0


class StoredFile(models.Model):
    """One file, stored under a name of ours: `token`, which is also its address."""

    token = models.CharField(max_length=43, unique=True, default=make_token, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="files",
    )
    made_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="renditions"
    )
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.ORIGINAL)
    type = models.CharField(_("kind of file"), max_length=10)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(_("pixels wide"), null=True, blank=True)
    height = models.PositiveIntegerField(_("pixels high"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    milliseconds = models.PositiveBigIntegerField(_("duration in milliseconds"), null=True, blank=True)
    codecs = models.CharField(max_length=60, blank=True)
    has_text = models.BooleanField(_("words were found in it"), null=True, editable=False)
    text_cut = models.BooleanField(_("only its first words were kept"), default=False, editable=False)

    state = models.CharField(max_length=10, choices=State, default=State.READ)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    in_use = models.BooleanField(default=False)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["created_at"], name="file_waiting", condition=Q(state=State.WAITING)),
            models.Index(
                fields=["created_at"], name="file_unused", condition=Q(in_use=False, made_from=None)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/files/{self.token}/{quote(self.name, safe='')}"

    @property
    def file_type(self):
        return FILE_TYPES[self.type]

    @property
    def path(self):
        """Where it lies, below MEDIA_ROOT: a name of ours, in one of many folders."""
        return f"files/{self.token[:2].lower()}/{self.token}.{self.file_type.extensions[0]}"

    def sign(self):
        """Return what a hidden field of its owner's form names it by, for as long as KEPT_FOR."""
        return signing.dumps([self.pk, self.owner_id], salt=SALT)


class FileText(models.Model):
    """The words that were read out of a file."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()

    class Meta:
        verbose_name = _("words of a file")
        verbose_name_plural = _("words of files")

    def __str__(self):
        return str(self.file_id)
