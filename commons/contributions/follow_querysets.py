"""Beginning and ending to follow, and who follows."""

from django.contrib.auth import get_user_model
from django.db import models

from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.places import Pair, RegionPlace


def fields_for(thing):
    """Return the Follow's fields that say that `thing` is followed, by name. Raises TypeError."""
    from .models import Contribution

    if isinstance(thing, Pair):
        return {"principle": thing.principle.pk, "sector": thing.sector.pk}
    if isinstance(thing, RegionPlace):
        return {"region": thing.code}
    for model, name in (
        (Principle, "principle"),
        (ServiceSector, "sector"),
        (Keyword, "keyword"),
        (get_user_model(), "person"),
        (Contribution, "contribution"),
    ):
        if isinstance(thing, model):
            return {name: thing.pk}
    raise TypeError(thing)


class FollowQuerySet(models.QuerySet):
    def of(self, member):
        """What a member follows: their own business."""
        return self.filter(member=member)

    def on(self, thing):
        """Who follows `thing`."""
        return self.with_fields(**fields_for(thing))

    def with_fields(self, **fields):
        """Those of exactly what these fields name: who follows a principle in a sector follows neither of them."""
        if fields.keys() <= {"principle", "sector"}:
            fields = {"principle": None, "sector": None, **fields}
        return self.filter(**fields)

    def set(self, member, thing, follows):
        """Let `member` follow `thing`, or no more; said twice it is said once. Nobody follows themselves."""
        fields = fields_for(thing)
        if fields.get("person") == member.pk:
            return
        ids = {name if name == "region" else f"{name}_id": value for name, value in fields.items()}
        if not follows:
            self.of(member).on(thing).delete()
        elif not self.of(member).on(thing).exists():
            # Two at once write one row: each sort of thing has its own unique constraint.
            self.bulk_create([self.model(member=member, **ids)], ignore_conflicts=True)
