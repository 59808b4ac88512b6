"""Following: a conversation, a principle, a sector, both at once, a keyword, a region or a member."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.places import Pair, RegionPlace
from commons.tagging.regions import Region

from ..follow_querysets import FollowQuerySet
from .contribution import Contribution

FOLLOWED = ("contribution", "principle", "sector", "keyword", "person", "region")
PAIR = ("principle", "sector")


def _only(*names):
    """Return the condition that these of all that can be followed are set."""
    return models.Q(**{f"{name}__isnull": name not in names for name in FOLLOWED})


class Follow(models.Model):
    """One member follows one thing. A principle and a sector together are one: what is about both."""

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
    region = models.CharField(_("nation or region"), max_length=30, choices=Region, null=True)
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
                | _only(*PAIR)
                | _only("keyword")
                | _only("person")
                | _only("region"),
                name="follow_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["member", name], condition=_only(name), name=f"follow_once_a_{name}"
                )
                for name in FOLLOWED
            ),
            models.UniqueConstraint(
                fields=["member", *PAIR], condition=_only(*PAIR), name="follow_once_a_pair"
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.thing}"

    @property
    def sort(self):
        """What sort of thing is followed: one of FOLLOWED, or "pair"."""
        if self.principle_id and self.sector_id:
            return "pair"
        return next(
            name for name in FOLLOWED if getattr(self, self._meta.get_field(name).attname) is not None
        )

    @property
    def thing(self):
        """What is followed. A query, unless it was selected with the row."""
        if self.sort == "pair":
            return Pair(self.principle, self.sector)
        return RegionPlace(self.region) if self.sort == "region" else getattr(self, self.sort)
