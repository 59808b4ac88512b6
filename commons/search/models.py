"""One row for each thing that can be found, and the editors' table of joined spellings.

The rows are a projection: everything in them can be made again from what they point at
(`manage.py rebuild_search`). How they are searched is in backends/.
"""

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach

from .querysets import EXTRA_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, SearchEntryQuerySet

SPELLINGS_KEY = "search.joined_spellings"
SPELLINGS_SECONDS = 60


class SearchEntry(models.Model):
    """Something that can be found: a contribution, a member, a principle or a sector."""

    target_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("model")
    )
    target_id = models.PositiveBigIntegerField(_("number"))
    contribution = models.OneToOneField(
        Contribution,
        verbose_name=_("contribution"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="search_entry",
    )
    kind = models.CharField(_("kind"), max_length=20)
    reach = models.PositiveSmallIntegerField(_("who can find it"), choices=Reach)
    url = models.CharField(_("address"), max_length=400)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    extra = models.CharField(_("keywords and names"), max_length=EXTRA_LENGTH, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    indexed_at = models.DateTimeField(_("indexed"), default=timezone.now)
    files_from = models.TextField(blank=True, editable=False)
    counted = models.TextField(_("what is counted of it"), blank=True, editable=False)
    # The long ones stand last: SQLite reads a row from its beginning, and a thousand rows for each search.
    body = models.TextField(_("text"), blank=True)
    # Large, so nobody reads it but the engine. `files_from` names the files, to tell whether they are others by now.
    files = models.TextField(_("words of attached files"), blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "reach"], name="search_entry_kind")]
        constraints = [
            models.UniqueConstraint(fields=["target_type", "target_id"], name="search_entry_once"),
            models.CheckConstraint(condition=~models.Q(reach=Reach.NOBODY), name="search_entry_for_somebody"),
        ]

    def __str__(self):
        return self.title


class JoinedSpellingManager(models.Manager):
    def pairs(self):
        """Return all as (first, second), such as ("co", "design"): from the cache, or by one query."""
        found = cache.get(SPELLINGS_KEY)
        if found is None:
            found = [tuple(text.split("-")) for text in self.values_list("text", flat=True)]
            cache.set(SPELLINGS_KEY, found, SPELLINGS_SECONDS)
        return found


class JoinedSpelling(models.Model):
    """A word that people write in one, in two, or with a hyphen: to search, all three are the same."""

    text = models.CharField(
        _("word with its hyphen"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z]+-[a-z]+\Z",
                _("Write it in small letters with one hyphen, such as co-production."),
                code="joined_spelling_form",
            )
        ],
        help_text=_(
            "Such as time-bank. Endings are understood: timebanks, time-banking and time banker too."
        ),
    )

    objects = JoinedSpellingManager()

    class Meta:
        verbose_name = _("joined spelling")
        verbose_name_plural = _("joined spellings")
        ordering = ["text"]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        forget_spellings()

    def delete(self, *args, **kwargs):
        result = super().delete(*args, **kwargs)
        forget_spellings()
        return result


def forget_spellings():
    """Drop the kept spellings once the running transaction has committed."""
    transaction.on_commit(lambda: cache.delete(SPELLINGS_KEY))
