"""Versions of one document: which belongs to which, and which one a reader should be led to.

Who may see a newer version decides whether the older one is superseded for them: what was withdrawn, removed or is for
members alone is not named to anybody else. So nothing says in itself that it is superseded; it follows from the numbers
of the editions, asked through the gate.
"""

from django.apps import apps
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach, moderates


def without_superseded(contributions, user):
    """Return the queryset without documents of which `user` is listed a newer version."""
    documents = _documents()
    newer = documents.objects.listed_to(user).filter(work=OuterRef("work"), edition__gt=OuterRef("edition"))
    superseded = documents._base_manager.filter(
        Exists(newer.order_by()), pk=OuterRef("pk"), work__isnull=False
    )
    return contributions.filter(~Exists(superseded))


def others_listed(document, user):
    """Return (the newest version, the older ones) that are listed to `user`; the newest is None for the newest itself.

    One query; none for a document that is the only version.
    """
    if document.work_id is None:
        return None, []
    editions = type(document).objects.listed_to(user).filter(work=document.work_id).exclude(pk=document.pk)
    found = list(editions.order_by("-edition").for_cards())
    newest = next((each for each in found if each.edition > document.edition), None)
    return newest, [each for each in found if each.edition < document.edition]


def replaceable(user, pk):
    """Return the published document with this id of which `user` may share a newer version, or None."""
    text = str(pk or "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    found = _documents().objects.visible_to(user).published().with_id(int(text))
    return found if found and may_replace(user, found) else None


def may_replace(user, document):
    """Whether `user` may share a newer version of it: its author, and who moderates."""
    return user.is_authenticated and (document.author_id == user.pk or moderates(user))


def join(document):
    """Make a document that is just being published the last edition of the work that it was written for.

    Within its transition, its own row locked. The first edition is locked too, so that two that are published at once
    get two numbers.
    """
    documents = type(document)._base_manager
    _lock(document.replaces_id)
    work = documents.values_list("work", flat=True).get(pk=document.replaces_id)
    if work is None:
        work = document.replaces_id
        documents.filter(pk=work).update(work=work, edition=1)
    else:
        _lock(work)
    last = documents.filter(work=work).aggregate(last=Max("edition"))["last"]
    document.work_id, document.edition = work, last + 1
    document.save(update_fields=["work", "edition"])


def reach_of_newer(document):
    """Return the farthest reach of its newer versions: NOBODY where there are none to be seen."""
    newer = type(document)._base_manager.filter(work=document.work_id, edition__gt=document.edition)
    return newer.aggregate(farthest=Max("reach"))["farthest"] or Reach.NOBODY.value


def keep_on_cards(works):
    """Let the cards of all editions of some works say how far a newer one reaches. Within a transaction."""
    for work in works:
        rows = Contribution._base_manager.filter(document__work=work).order_by("-document__edition")
        newer = Reach.NOBODY.value
        for row in rows.select_for_update(of=("self",), no_key=True).only("card", "reach"):
            if row.card.get("superseded", Reach.NOBODY) != newer:
                row.card = {name: value for name, value in row.card.items() if name != "superseded"}
                row.card |= {"superseded": newer} if newer else {}
                row.changed_at = timezone.now()
                row.save(update_fields=["card", "changed_at"])
            newer = max(newer, row.reach)


def _lock(pk):
    Contribution._base_manager.select_for_update(no_key=True).values_list("pk").get(pk=pk)


def _documents():
    return apps.get_model("library", "Document")
