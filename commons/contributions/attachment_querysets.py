"""The gate for files: a file may be seen by whoever may see what it belongs to."""

from django.db import models
from django.db.models import Q

from .querysets import moderates


class AttachmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(current=True)

    def visible_to(self, user):
        """Files of what opens for `user` at its own address; of earlier versions for its author and moderators."""
        from .models import Contribution

        found = self.filter(contribution__in=Contribution.objects.visible_to(user).order_by().values("pk"))
        if not user.is_authenticated:
            return found.current()
        return found if moderates(user) else found.filter(Q(current=True) | Q(contribution__author=user))
