"""The gate for members: whose profile may be seen, and by whom."""

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast, Lower
from django.utils import timezone

from .choices import Sight, Voice
from .help_lines import Help, HelpLine

# A member who has joined in full: address confirmed, approved, neither closed nor about to be, and not hidden.
PRESENT = {
    "is_active": True,
    "closes_at__isnull": True,
    "confirmed_at__isnull": False,
    "approved_at__isnull": False,
    "hidden": False,
}


MOST_WORDS = 8


def sights(reader):
    """Return for whom a field may be meant that `reader` sees."""
    return [Sight.EVERYONE, Sight.MEMBERS] if reader.is_authenticated else [Sight.EVERYONE]


def looks_after_members(user):
    """Whether `user` may see every member: an administrator, or a moderator who decides about members."""
    return user.is_staff and (
        user.has_perm("profiles.view_member") or user.has_perm("profiles.moderate_member")
    )


def _voices(shown):
    """Return how many people speak with each voice, of (roles, who sees them), and `people`: how many they are."""
    counts = {"people": 0}
    for roles, sight in shown:
        counts["people"] += 1
        for voice in Voice.of(roles) if sight == Sight.EVERYONE else ():
            counts[voice.value] = counts.get(voice.value, 0) + 1
    return counts


class MemberQuerySet(models.QuerySet):
    def present(self):
        """Members who have joined in full: address confirmed, approved, not closed and not hidden."""
        return self.filter(**PRESENT)

    def listed_to(self, user):
        """Who stands in the directory, search and counts: those present who chose to be found. The same for all."""
        return self.present().filter(in_directory=True)

    def visible_to(self, user):
        """Whose profile opens at its own address: anyone present, oneself; for who looks after members, everybody."""
        if not user.is_authenticated:
            return self.present()
        if looks_after_members(user):
            return self
        return self.filter(Q(**PRESENT) | Q(pk=user.pk))

    def on_terms_with(self, member):
        """Who has not blocked this member, given by id, and is not blocked by them."""
        return self.exclude(blocks__blocked=member).exclude(blocked_by__member=member)

    def by_name(self):
        """In the order of a directory."""
        return self.order_by(Lower("display_name"), "pk")

    def for_lists(self):
        """Rows with what people.people_for() asks of them, and nothing more."""
        return self.only(
            "username", "display_name", "photo", "roles", "organisation", "place", "region",
            "show_roles", "show_organisation", "show_place", "profile_held_because", "open_to_contact",
        )  # fmt: skip

    def working_on(self, principles=(), sectors=()):
        """Who chose any of these principles and any of these sectors, by their ids; none given means no matter."""
        found = self
        for through, column, wanted in (
            (self.model.principles.through, "principle", principles),
            (self.model.sectors.through, "servicesector", sectors),
        ):
            if wanted:
                # A subquery and not a join: who chose two of them is still one row.
                found = found.filter(
                    pk__in=through.objects.filter(**{f"{column}__in": wanted}).values("member")
                )
        return found

    def in_regions(self, codes, user):
        """Who belongs to any of these nations and regions, as far as they show that to `user`."""
        return self.filter(region__in=codes, show_place__in=sights(user), profile_held_because="")

    def taking_part_as(self, roles, user):
        """Who takes part in any of these ways, as far as they show that to `user`."""
        chosen = Q()
        for role in roles:
            chosen |= Q(role_words__contains=f'"{role}"')
        return self.alias(role_words=Cast("roles", TextField())).filter(chosen, show_roles__in=sights(user))

    def showing_help(self, user):
        """Who shows `user` what they offer and would like help with."""
        return self.filter(show_help__in=sights(user), profile_held_because="")

    def offering(self, principles, sectors, user):
        """Who offers help with any of these principles and sectors, by their ids, and shows that to `user`."""
        about = Q(principle__in=principles) | Q(sector__in=sectors)
        offers = HelpLine.objects.filter(about, sort=Help.OFFER)
        return self.showing_help(user).filter(pk__in=offers.values("member"))

    def following(self, member, reader):
        """Who follows `member`, and shows `reader` whom they follow."""
        return self.filter(follows__person=member, show_following__in=sights(reader))

    def newest(self):
        """The last to be let in first."""
        return self.order_by("-approved_at", "-pk")

    def told_of(self, words, user):
        """Who has each of `words` in their name or, as far as `user` may see it, in what they say of themselves."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            lines = HelpLine.objects.filter(member=OuterRef("pk"), text__icontains=word)
            shown = Q(organisation__icontains=word, show_organisation__in=sights(user)) | (
                Q(show_help__in=sights(user)) & Exists(lines)
            )
            found = found.filter(
                Q(display_name__icontains=word)
                | Q(profile_held_because="") & (Q(about__icontains=word, show_about__in=sights(user)) | shown)
            )
        return found

    def named(self, names):
        """Rows of (name, id, username) for those of `names` that are, or once were, a present member's. One query."""
        present = self.present().order_by()
        now = present.filter(username__in=names).values_list("username", "pk", "username")
        before = present.filter(former_usernames__username__in=names)
        return now.union(before.values_list("former_usernames__username", "pk", "username"))

    def voices(self, ids, one_more=None):
        """Return how many of these members speak with each voice, and `people`: how many they are.

        `ids` is a queryset of ids, `one_more` another id or None. Only roles shown to everyone count. One query.
        """
        taking_part = self.filter(Q(pk__in=ids) | Q(pk=one_more), contributions_hidden=False)
        return _voices(taking_part.values_list("roles", "show_roles"))

    def voices_of_groups(self, groups):
        """Return {name: voices} for `groups`, {name: set of ids of members}; {} for one of nobody. One query."""
        found = self.filter(pk__in=set().union(*groups.values()), contributions_hidden=False)
        shown = {pk: (roles, sight) for pk, roles, sight in found.values_list("pk", "roles", "show_roles")}
        return {
            name: _voices(shown[pk] for pk in members if pk in shown) if members else {}
            for name, members in groups.items()
        }

    def awaiting_approval(self):
        """Those who confirmed their address and wait for a person to answer."""
        return self.filter(is_active=True, confirmed_at__isnull=False, approved_at=None)

    def unconfirmed(self):
        return self.filter(is_active=True, confirmed_at=None)

    def suspended(self):
        return self.filter(suspended_until__gt=timezone.now())

    def out_of_sight(self):
        """Those whose profile, or what they wrote, an administrator has hidden."""
        return self.filter(Q(hidden=True) | Q(contributions_hidden=True))

    def closing(self):
        """Those who have asked for their account to be closed and can still take it back."""
        return self.filter(is_active=True, closes_at__isnull=False)

    def closed(self):
        return self.filter(is_active=False)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):
    def get_by_natural_key(self, email):
        return self.get(email=self.normalize_email(email))

    @classmethod
    def normalize_email(cls, email):
        """Return the address as it is stored: trimmed, in lower case."""
        return (email or "").strip().lower()

    def create_user(self, email, display_name, password=None, **fields):
        """Create a member with an unconfirmed address. Raises ValueError without an address or a name."""
        email = self.normalize_email(email)
        if not email or not display_name:
            raise ValueError("A member needs an e-mail address and a name.")
        member = self.model(email=email, display_name=display_name, **fields)
        member.set_password(password)
        member.save(using=self._db)
        member.reindex()
        return member

    def create_superuser(self, email, display_name, password=None, **fields):
        """Create an administrator who can sign in at once: address confirmed, approved."""
        now = timezone.now()
        fields = {"is_staff": True, "is_superuser": True, "confirmed_at": now, "approved_at": now, **fields}
        member = self.create_user(email, display_name, password, **fields)
        member.trust_address()
        return member
