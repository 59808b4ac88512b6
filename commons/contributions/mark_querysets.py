"""Setting and taking back marks. Each is a member's own: nobody else's is ever asked for here."""

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone


class OwnMark(Exception):
    """Nobody finds their own words helpful."""


class HelpfulQuerySet(models.QuerySet):
    def set(self, member, thing, helpful):
        """Let `thing` (a Contribution or Comment) be helpful to `member`, or no more; said twice it is said once.

        Raises OwnMark for one's own.
        """
        from .models import Comment, Contribution

        if thing.author_id == member.pk:
            raise OwnMark
        of_comment = isinstance(thing, Comment)
        rows = (Comment if of_comment else Contribution)._base_manager.filter(pk=thing.pk)
        mark = {"member": member, f"{'comment' if of_comment else 'contribution'}_id": thing.pk}
        page = thing.contribution_id if of_comment else thing.pk
        with transaction.atomic():
            # Of many at once each sees what was before; and its page, which shows the count, has changed.
            pages = Contribution._base_manager.filter(pk=page)
            pages.select_for_update(no_key=True).only("pk").get()
            changed = int(self.get_or_create(**mark)[1]) if helpful else -self.filter(**mark).delete()[0]
            if changed:
                rows.update(helpful_count=F("helpful_count") + changed)
                pages.update(changed_at=timezone.now())

    def of(self, member):
        return self.filter(member=member)


class BookmarkQuerySet(models.QuerySet):
    def of(self, member):
        return self.filter(member=member)

    def set(self, member, contribution, kept):
        """Keep a bookmark, or drop it; said twice it is said once."""
        if kept:
            self.get_or_create(member=member, contribution_id=contribution.pk)
        else:
            self.filter(member=member, contribution_id=contribution.pk).delete()


class ReadMarkQuerySet(models.QuerySet):
    def of(self, member):
        return self.filter(member=member)

    def move(self, member, contribution, position):
        """Note that `member` has read up to `position`; a mark never moves back. One query once there is one."""
        mine = self.filter(member=member, contribution_id=contribution.pk)
        if mine.filter(position__lt=position).update(position=position, at=timezone.now()):
            return
        if not mine.exists():
            try:
                with transaction.atomic():
                    self.create(member=member, contribution_id=contribution.pk, position=position)
            except IntegrityError:  # another page of theirs was quicker
                mine.filter(position__lt=position).update(position=position, at=timezone.now())
