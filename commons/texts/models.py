"""Texts that editors keep: terms, privacy, standing pages, the vocabularies' descriptions.

A text is never overwritten. Each change is a new version, so that what somebody agreed to can
still be shown years later. Not for what members write: that is a contribution.
"""

import hashlib

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .signals import text_written


class TextQuerySet(models.QuerySet):
    def current(self, key, language=None):
        """Return the newest version of the text `key` in `language`, in English where there is none, or None.

        One query. `language` is a code of settings.LANGUAGES; the active one when left out.
        """
        wanted = language or get_language() or settings.LANGUAGE_CODE
        versions = self.newest_versions(key, {wanted, settings.LANGUAGE_CODE}).select_related("text")
        found = {version.language: version for version in versions}
        return found.get(wanted) or found.get(settings.LANGUAGE_CODE)

    def newest_versions(self, key, languages):
        """The newest TextVersion of the text `key` in each of `languages`."""
        of_language = TextVersion.objects.filter(text=OuterRef("text"), language=OuterRef("language"))
        return TextVersion.objects.filter(
            text__key=key,
            language__in=languages,
            number=Subquery(of_language.order_by("-number").values("number")[:1]),
        )


class Text(models.Model):
    """A text of the site that its editors can change, such as the terms."""

    key = models.CharField(_("key"), max_length=120, unique=True, editable=False)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["key"]

    def __str__(self):
        return self.key

    @classmethod
    def write(cls, key, *, title, summary="", body, language=None, by=None, starter_hash=""):
        """Add a version of the text `key` unless the newest says the same already; return the newest.

        `by` is the member who wrote it, or None for the starter library, which also gives
        `starter_hash` (see fingerprint) so that a later load can tell its own words from an editor's.
        """
        language = language or settings.LANGUAGE_CODE
        with transaction.atomic():
            text, _created = cls.objects.get_or_create(key=key)
            cls.objects.select_for_update().get(pk=text.pk)
            newest = text.versions.filter(language=language).order_by("-number").first()
            if newest and (newest.title, newest.summary, newest.body) == (title, summary, body):
                return newest
            version = text.versions.create(
                language=language,
                number=newest.number + 1 if newest else 1,
                title=title,
                summary=summary,
                body=body,
                written_by=by,
                starter_hash=starter_hash,
            )
            text_written.send(sender=cls, version=version)
            return version


class TextVersion(models.Model):
    """What a text said from one day on."""

    text = models.ForeignKey(Text, verbose_name=_("text"), on_delete=models.PROTECT, related_name="versions")
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(
        _("text"), help_text=_("You can use Markdown: ## for a heading, * for a list, ** around bold words.")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    starter_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of texts")
        ordering = ["text", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "language", "number"], name="text_version_once"),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"


def fingerprint(*parts):
    """Return the SHA-256 of the given strings, as 64 hex digits: what was loaded, to be compared later."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
