"""What everything on the site is tagged with: principles, service sectors and free keywords."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from commons.texts.models import Text

KEYWORD_LENGTH = 60
PATCHES = [
    (1, _("Dots")),
    (2, _("Checks")),
    (3, _("Rings")),
    (4, _("Zigzag")),
    (5, _("Triangles")),
    (6, _("Star")),
    (7, _("Stripes")),
    (8, _("Crosses")),
]


class VocabularyTerm(models.Model):
    """One term of a list that editors keep; its text is versioned under `text_key`."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    short_name = models.CharField(_("short name"), max_length=40, help_text=_("Shown on tags and maps."))
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)

    text_prefix = ""
    url_name = ""

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse(self.url_name, args=[self.slug])

    @property
    def text_key(self):
        return f"{self.text_prefix}/{self.slug}"

    @property
    def text(self):
        """The newest version of the term's text in the reader's language, or None."""
        return Text.objects.current(self.text_key)


class Principle(VocabularyTerm):
    """One of the features by which co-production can be recognised."""

    patch = models.PositiveSmallIntegerField(
        _("patch"),
        choices=PATCHES,
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(len(PATCHES))],
        help_text=_("The colour and pattern it has on the quilt. Each has been tested for contrast."),
    )

    text_prefix = "principle"
    url_name = "library:principle"

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("principle")
        verbose_name_plural = _("principles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(patch__gte=1, patch__lte=len(PATCHES)), name="principle_patch_exists"
            )
        ]


class ServiceSector(VocabularyTerm):
    """A part of public services, such as housing."""

    text_prefix = "sector"
    url_name = "library:sector"

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("service sector")
        verbose_name_plural = _("service sectors")


def normalise_keyword(text):
    """Return a keyword as it is stored: NFKC, lower case, single spaces, no control characters or outer punctuation."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", text).strip(" #.,;").lower()


def validate_keyword(text):
    """Raise ValidationError when the normalised keyword `text` can't be stored."""
    if len(text) > KEYWORD_LENGTH:
        raise ValidationError(
            _("“%(start)s…” is too long for a keyword. Use %(limit)d characters or fewer."),
            code="keyword_too_long",
            params={"start": text[:20], "limit": KEYWORD_LENGTH},
        )


class KeywordQuerySet(models.QuerySet):
    def for_names(self, names):
        """Return the keywords named, made where they are new; one that was merged is what it was merged into.

        Names are normalised; order and doubles are dropped.
        """
        wanted = {name for name in map(normalise_keyword, names) if name}
        found = {keyword.name: keyword for keyword in self.filter(name__in=wanted)}
        merged = FormerKeyword.objects.select_related("keyword").filter(name__in=wanted - found.keys())
        found.update((former.name, former.keyword) for former in merged)
        for name in sorted(wanted - found.keys()):
            found[name], _created = self.get_or_create(name=name)
        return list(dict.fromkeys(found.values()))


class Keyword(TagBase):
    """A free tag, in the words of whoever gave it."""

    name = models.CharField(_("name"), max_length=KEYWORD_LENGTH, unique=True)

    objects = KeywordQuerySet.as_manager()

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")
        ordering = ["name"]

    def slugify(self, tag, i=None):
        """Return a slug that a URL can carry; words with no Latin letter get `keyword-…` from their own code points."""
        slug = slugify(tag)[:80].strip("-")
        if not slug:
            slug = "keyword-" + "-".join(f"{ord(c):x}" for c in tag[:12] if not c.isspace())
        return f"{slug}-{i}" if i else slug

    def save(self, *args, **kwargs):
        self.name = normalise_keyword(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("discovery:keyword", args=[self.slug])


class FormerKeyword(models.Model):
    """A keyword that editors merged into another: its address and its name lead there."""

    name = models.CharField(_("name"), max_length=KEYWORD_LENGTH, unique=True)
    slug = models.CharField(_("address"), max_length=100, unique=True)
    keyword = models.ForeignKey(
        Keyword, on_delete=models.CASCADE, related_name="former_names", verbose_name=_("is now")
    )

    class Meta:
        verbose_name = _("former keyword")
        verbose_name_plural = _("former keywords")
        ordering = ["name"]

    def __str__(self):
        return self.name
