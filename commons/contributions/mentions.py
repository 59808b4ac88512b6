"""Whom a text names with @username: the links to them, and who they are, kept by id because names change."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import override

from commons.markup.named import names_in

MOST_VERSIONS = 20


class People:
    """Finds the members whom one text names: the `people` of markup.render.render(). One query, however many."""

    def __init__(self):
        self.ids = set()

    def __call__(self, addressed):
        """Return {name: path of the profile} for present members, also by a name they had before.

        Those named outside quotations are kept in `ids`: whoever quotes a name does not call anybody.
        """
        member, paths = get_user_model(), {}
        # Kept HTML is read in every language: the address of the default one leads everybody there.
        with override(settings.LANGUAGE_CODE):
            for name, pk, username in member.objects.named(addressed):
                paths[name] = member(username=username).get_absolute_url()
                if addressed[name]:
                    self.ids.add(pk)
        return paths


def keep(thing, people):
    """Keep whom a contribution's or comment's new version names. No query for a first version that names nobody."""
    if thing.version > 1:
        thing.mentioned.set(people.ids)
    elif people.ids:
        thing.mentioned.add(*people.ids)


def tell(thing):
    """Tell those whom a version names that can now be read for the first time, but for who was named before."""
    from .telling import tell_named

    tell_named(thing, {member.pk for member in newly_mentioned(thing)})


def newly_mentioned(thing):
    """Return the present members whom a contribution or comment names and who were not named where others read it.

    So each is told once, whatever is edited later. For when its version can first be read; its author is not among
    them. Up to three queries.
    """
    named = thing.mentioned.present().exclude(pk=thing.author_id).order_by("pk")
    found = list(named.prefetch_related("former_usernames"))
    if not found or thing.version == 1:
        return found
    earlier = thing.revisions.filter(shown=True, number__lt=thing.version).order_by("-number")[:MOST_VERSIONS]
    told = set().union(*(names_in(version.text) for version in earlier))
    return [member for member in found if told.isdisjoint(_all_names(member))]


def _all_names(member):
    return {member.username, *(former.username for former in member.former_usernames.all())}
