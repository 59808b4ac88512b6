"""Beginning and ending to follow, and who follows."""

from django.contrib.auth import get_user_model
from django.db import models

from commons.tagging.models import Keyword, Principle, ServiceSector


def field_for(thing):
    """Return (name of the Follow's field, value) that says that `thing` is followed. Raises TypeError."""
    fields = (
        (Principle, "principle"),
        (ServiceSector, "sector"),
        (Keyword, "keyword"),
        (get_user_model(), "person"),
    )
    for model, name in fields:
        if isinstance(thing, model):
            return name, thing.pk
    from .models import Contribution

    if isinstance(thing, Contribution):
        return "contribution", thing.pk
    raise TypeError(thing)


class FollowQuerySet(models.QuerySet):
    def of(self, member):
        """What a member follows: their own business."""
        return self.filter(member=member)

    def on(self, thing):
        """Who follows `thing`."""
        name, pk = field_for(thing)
        return self.filter(**{f"{name}_id": pk})

    def set(self, member, thing, follows):
        """Let `member` follow `thing`, or no more; said twice it is said once. Nobody follows themselves."""
        name, pk = field_for(thing)
        if name == "person" and pk == member.pk:
            return
        if follows:
            self.get_or_create(member=member, **{f"{name}_id": pk})
        else:
            self.filter(member=member, **{f"{name}_id": pk}).delete()
