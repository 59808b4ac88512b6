"""Members in the moderators' queue: who may decide about them, and how they are shown there."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from commons.moderation.queued import Queued, Shown

from .models import Member


def load(ids, user, whole):
    """Return {id: Shown} of members: what they say of themselves, never their address. One query, two for `whole`."""
    found = Member.objects.filter(pk__in=ids)
    return {
        member.pk: _shown(member, whole)
        for member in (found.prefetch_related("help_lines") if whole else found)
    }


def find(pk):
    """Return a member, or None."""
    return Member.objects.filter(pk=pk).first()


def _shown(member, whole):
    shown = Shown(
        target=member,
        label=member.display_name,
        kind=_("Member"),
        status=member.standing_words(),
        url=member.get_absolute_url(),
        admin_url=reverse("admin:profiles_member_change", args=[member.pk]),
        facts=[(_("Member since"), date_format(localtime(member.joined_at), "j F Y"))],
    )
    if whole:
        shown.html = member.about_shown()
        shown.facts += [
            (_("How they take part"), ", ".join(str(label) for label in member.role_labels()) or "-"),
            (_("Organisation"), member.organisation or "-"),
            (_("Place"), member.place_words() or "-"),
            (
                _("Offers and wishes"),
                "; ".join(f"{line.get_sort_display()}: {line.text}" for line in member.help_lines.all())
                or "-",
            ),
            (_("Links"), ", ".join(member.links) or "-"),
        ]
    return shown


MEMBERS = Queued(
    model="profiles.Member",
    permission="profiles.moderate_member",
    label=_("Member"),
    load=load,
    find=find,
)
