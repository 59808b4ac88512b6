"""Keywords as far as somebody may see them, and keeping them in order: merging, renaming, taking away.

Cards carry the names of their keywords, so whatever changes one brings the cards up to date.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from commons.tagging.models import FormerKeyword, Keyword

from . import conversation
from .models import Contribution, Follow, TaggedContribution, refresh_all


def listed_keywords(user):
    """Return the keywords (a queryset) on something listed to `user`: the only ones to be shown."""
    listed = Contribution.objects.listed_to(user).filter(pk=OuterRef("content_object"))
    used = TaggedContribution.objects.filter(Exists(listed), tag=OuterRef("pk"))
    # One row and not Exists(): PostgreSQL would join all that is tagged to answer for a few keywords.
    return Keyword.objects.alias(used=Subquery(used.values("pk")[:1])).filter(used__isnull=False)


def merge_keywords(keep, away):
    """Make everything tagged `away` be tagged `keep`; its address and its name lead there.

    Raises ValueError when both are the same keyword.
    """
    if keep.pk == away.pk:
        raise ValueError("A keyword can't be merged into itself.")
    with transaction.atomic():
        _lock_tagged([away])
        # In the order of their ids, so that two editors merging the same two don't wait for each other.
        list(Keyword.objects.select_for_update().filter(pk__in=[keep.pk, away.pk]).order_by("pk"))
        tagged = TaggedContribution.objects.filter(tag=away)
        items = list(tagged.values_list("content_object_id", flat=True))
        both = TaggedContribution.objects.filter(tag=keep, content_object__in=items).values("content_object")
        tagged.filter(content_object__in=list(both.values_list("content_object_id", flat=True))).delete()
        tagged.update(tag=keep)
        already = list(Follow.objects.filter(keyword=keep).values_list("member", flat=True))
        Follow.objects.filter(keyword=away).exclude(member__in=already).update(keyword=keep)
        FormerKeyword.objects.filter(keyword=away).update(keyword=keep)
        name, slug = away.name, away.slug
        away.delete()
        FormerKeyword.objects.filter(Q(name=name) | Q(slug=slug)).delete()
        FormerKeyword.objects.create(name=name, slug=slug, keyword=keep)
        refresh_all(Contribution.objects.filter(pk__in=items))


def save_keyword(keyword):
    """Save a keyword whose name was changed; its address stays as it was."""
    with transaction.atomic():
        _lock_tagged([keyword])
        keyword.save()
        refresh_all(Contribution.objects.filter(tagged__tag=keyword))


def delete_keywords(keywords):
    """Take keywords (a queryset) off everything that carries them, for good."""
    with transaction.atomic():
        _lock_tagged(keywords)
        items = list(
            TaggedContribution.objects.filter(tag__in=keywords).values_list("content_object_id", flat=True)
        )
        keywords.delete()
        refresh_all(Contribution.objects.filter(pk__in=items))


def _lock_tagged(keywords):
    """Lock what carries keywords before them, as saving it does: it is locked, and then points to its keywords."""
    tagged = TaggedContribution.objects.filter(tag__in=[keyword.pk for keyword in keywords])
    conversation.lock_all(tagged.values_list("content_object_id", flat=True))
