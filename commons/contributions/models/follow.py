"""Following: a conversation, a principle, a sector, a keyword or a member."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.tagging.models import Keyword, Principle, ServiceSector

from ..follow_querysets import FollowQuerySet
from .contribution import Contribution

FOLLOWED = ("contribution", "principle", "sector", "keyword", "person")


def _only(name):
    """Return the condition that this of all that can be followed is set."""
    others = {f"{other}__isnull": True for other in FOLLOWED if other != name}
    return models.Q(**{f"{name}__isnull": False}, **others)


class Follow(models.Model):
    """One member follows one thing."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="follows", verbose_name=_("member")
    )
    contribution = models.ForeignKey(
        Contribution,
        null=True,
        on_delete=models.PROTECT,
        related_name="follows",
        verbose_name=_("contribution"),
    )
    principle = models.ForeignKey(
        Principle, null=True, on_delete=models.CASCADE, related_name="follows", verbose_name=_("principle")
    )
    sector = models.ForeignKey(
        ServiceSector, null=True, on_delete=models.CASCADE, related_name="follows", verbose_name=_("sector")
    )
    keyword = models.ForeignKey(
        Keyword, null=True, on_delete=models.CASCADE, related_name="follows", verbose_name=_("keyword")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="followed_with",
        verbose_name=_("person followed"),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_only("contribution")
                | _only("principle")
                | _only("sector")
                | _only("keyword")
                | _only("person"),
                name="follow_one_thing",
            ),
            *(
                models.UniqueConstraint(fields=["member", name], name=f"follow_once_a_{name}")
                for name in FOLLOWED
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.thing}"

    @property
    def thing(self):
        """What is followed. A query, unless it was selected with the row."""
        return next(found for name in FOLLOWED if (found := getattr(self, name)) is not None)
