"""The gate: which contributions may be seen by whom, and the words in which lists are asked for."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commons.moderation.models import Status

# Columns that no list shows; each one read costs time in every row.
NOT_IN_LISTS = ("body", "body_html", "form_key", "version", "listed_since", "starter_hash", "last_reply")

NEWEST_LOOKED_AT = 500


class Reach(models.IntegerChoices):
    """Who can be shown an item in a list; kept by the model's own methods."""

    NOBODY = 0
    MEMBERS = 1
    EVERYONE = 2


def reach_of(user):
    """Return the least reach an item must have to be listed to `user` (a member or AnonymousUser)."""
    return Reach.MEMBERS if user.is_authenticated else Reach.EVERYONE


def reaching(user, path=""):
    """Return the condition that rows are listed to `user`, for rows that something else finds: it leads to no index.

    `path` leads from those rows to the contribution, such as "event__".
    """
    return Q(**{f"{path}reach__gte": reach_of(user)})


def moderates(user):
    """Whether `user` may see what a moderator must see."""
    return user.is_authenticated and user.is_staff and user.has_perm("contributions.moderate_contribution")


class ContributionQuerySet(models.QuerySet):
    def listed_to(self, user):
        """What belongs in lists, feeds, counts, search and sitemaps: the same for author and moderator."""
        if user.is_authenticated:
            # All that is listed has a date. It is asked for so that reading by date passes over no drafts.
            return self.filter(reach__in=(Reach.MEMBERS, Reach.EVERYONE), published_at__isnull=False)
        return self.filter(reach=Reach.EVERYONE)

    def visible_to(self, user):
        """What opens at its own address: the above, one's own, and what a moderator must see (no drafts)."""
        if not user.is_authenticated:
            return self.listed_to(user)
        seen = Q(reach__in=(Reach.MEMBERS, Reach.EVERYONE)) | Q(author=user)
        if moderates(user):
            seen |= ~Q(status=Status.DRAFT) & ~Q(status=Status.WITHDRAWN, published_at=None)
        # What became part of another item is read there, and its address leads there.
        return self.filter(seen).exclude(status=Status.MERGED)

    def tombstone_for(self, user):
        """What answers 410: withdrawn by its author after it was once listed to `user`."""
        gone = self.filter(status=Status.WITHDRAWN, published_at__isnull=False).exclude(
            author__contributions_hidden=True
        )
        return gone if user.is_authenticated else gone.filter(audience="everyone")

    def part_of_another(self):
        """What was merged into another and leads there: nothing of it is shown any more."""
        return self.filter(status=Status.MERGED)

    def editable_by(self, user):
        """What `user` may change: their own, unless a moderator has removed it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(author=user).exclude(status__in=(Status.REMOVED, Status.MERGED))

    def by(self, member):
        return self.filter(author=member)

    def written_by(self, member, *, listed_to):
        """What a member wrote and is listed to the reader, in words that lead to the index of what each one wrote."""
        # All that is listed has a date, and that index holds nothing else.
        return self.filter(reaching(listed_to), author=member, published_at__isnull=False)

    def of_kind(self, code):
        return self.filter(kind=code)

    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def about(self, principle=None, sector=None, keyword=None):
        """Those tagged with the given ids (a list means any of them; None or an empty list means no matter)."""
        from .models import Contribution

        found = self
        # Subqueries and not joins: an item with two of the tags is still one row. Principles and sectors have many
        # items each, so a list in its order is read until enough have one; a keyword has few, which are looked up.
        for through, tag, wanted in (
            (Contribution.principles.through, "principle", principle),
            (Contribution.sectors.through, "servicesector", sector),
        ):
            if wanted:
                tagged = through.objects.filter(contribution=OuterRef("pk"), **{f"{tag}__in": _ids(wanted)})
                found = found.filter(Exists(tagged))
        if keyword:
            tagged = Contribution.keywords.through.objects.filter(tag__in=_ids(keyword))
            found = found.filter(pk__in=tagged.values("content_object"))
        return found

    def new_for(self, member):
        """The newest of what `member` follows: tagged with it, or by them; their own left out.

        Looked for among the last NEWEST_LOOKED_AT alone, so that it costs the same however much there is.
        """
        from .models import Contribution, Follow

        follows = Follow.objects.of(member)
        alone = follows.filter(Q(principle=None) | Q(sector=None))
        tags = Q(author__in=follows.values("person")) | Q(region__in=follows.values("region"))
        of_item = {}
        for through, item, tag, name in (
            (Contribution.principles.through, "contribution", "principle", "principle"),
            (Contribution.sectors.through, "contribution", "servicesector", "sector"),
            (Contribution.keywords.through, "content_object", "tag", "keyword"),
        ):
            tagged = through.objects.filter(**{item: OuterRef("pk"), f"{tag}__in": alone.values(name)})
            tags |= Exists(tagged)
            of_item[name] = through.objects.filter(**{item: OuterRef(OuterRef("pk"))}).values(tag)
        tags |= Exists(follows.filter(principle__in=of_item["principle"], sector__in=of_item["sector"]))
        newest = self.newest().values("pk")[:NEWEST_LOOKED_AT]
        return self.filter(tags, pk__in=newest).exclude(author=member).newest()

    def stayed_listed(self, now=None):
        """Those that stayed listed for as long as makes their author an established member."""
        since = (now or timezone.now()) - timedelta(days=settings.NETWORK_NEW_MEMBER_DAYS)
        return self.filter(status__in=(Status.PUBLISHED, Status.WITHDRAWN), listed_since__lte=since)

    def newest(self):
        return self.order_by("-published_at", "-pk")

    def in_month(self, year, month=None):
        """Published in that month, or that whole year, of the site's time zone."""
        first = datetime(year, month or 1, 1)
        after = (
            datetime(year + (month in {None, 12}), 1 if month in {None, 12} else month + 1, 1)
            if year < 9999
            else None
        )
        found = self.filter(published_at__gte=timezone.make_aware(first))
        return found.filter(published_at__lt=timezone.make_aware(after)) if after else found

    def published_between(self, since, until):
        """Published after `since`, until `until`."""
        return self.filter(published_at__gt=since, published_at__lte=until)

    def for_cards(self):
        """Rows for lists: without text, and with nothing a card would have to ask for."""
        return self.defer(*NOT_IN_LISTS)

    def for_conversations(self):
        """Rows for lists of conversations: the same, and of the last comment who wrote it and when."""
        # From nothing deferred: what for_cards() left out stays out, unless that is said.
        return self.defer(None).defer(*(name for name in NOT_IN_LISTS if name != "last_reply"))

    def with_id(self, pk):
        """The one of these with this id, or None. Cheaper than first(), which puts what it finds in order."""
        return next(iter(self.filter(pk=pk).order_by()), None)


class ContributionManager(models.Manager.from_queryset(ContributionQuerySet)):
    """Gives a child model only its own kind, so that lists read the index on (kind, reach, published_at, id)."""

    def get_queryset(self):
        found = super().get_queryset()
        kind = getattr(self.model, "KIND", "")
        return found.filter(kind=kind) if kind else found


def _ids(wanted):
    """Return ids as a list, of one or of several."""
    return list(wanted) if isinstance(wanted, (list, tuple, set)) else [wanted]
