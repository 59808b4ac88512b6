"""Whom and what a member follows, and who follows them, for others: where both sides chose to show it.

Following a conversation is never shown. Whoever follows is named only to those to whom they themselves show it.
"""

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from commons.contributions.keywords import listed_keywords
from commons.contributions.models import Follow
from commons.contributions.paging import Pager

from .following import followed
from .models import Member
from .people import people_for
from .views import member_called

PEOPLE_PER_PAGE = 24
MOST_THINGS = 100


class FollowsView(TemplateView):
    """A page below somebody's profile, there for whom they show it to and for themselves."""

    template_name = "profiles/follows.html"

    def get_context_data(self, username):
        reader = self.request.user
        member = member_called(username.lower(), reader)
        if member is None or not member.shows("following", reader):
            raise Http404
        pager = Pager(self.people(member, reader).by_name().for_lists(), self.request.GET, PEOPLE_PER_PAGE)
        return super().get_context_data(
            section="people",
            member=member,
            heading=self.heading_for(member),
            crumbs=[
                (_("People"), reverse("profiles:directory")),
                (member.display_name, member.get_absolute_url()),
            ],
            pager=pager,
            people=people_for(pager.rows, reader),
            followed=self.things(member, reader) if pager.number == 1 else [],
            is_self=member.pk == reader.pk,
        )

    def heading_for(self, member):
        raise NotImplementedError

    def people(self, member, reader):
        """Return the members that the page may name to `reader`."""
        raise NotImplementedError

    def things(self, member, reader):
        """Return what else the page may name to `reader`."""
        return []


class FollowedByView(FollowsView):
    """Whom and what a member follows: people in the directory, principles, sectors, keywords and regions."""

    def heading_for(self, member):
        return _("What %(name)s follows") % {"name": member.display_name}

    def people(self, member, reader):
        follows = Follow.objects.of(member).filter(person__isnull=False)
        return Member.objects.listed_to(reader).filter(pk__in=follows.order_by().values("person"))

    def things(self, member, reader):
        known = Q(keyword=None) | Q(keyword__in=listed_keywords(reader))
        found = Follow.objects.of(member).filter(known, contribution=None, person=None)
        return [
            followed(each) for each in found.select_related("principle", "sector", "keyword")[:MOST_THINGS]
        ]


class FollowersView(FollowsView):
    """Who follows a member, as far as each of them shows whom they follow."""

    def heading_for(self, member):
        return _("Who follows %(name)s") % {"name": member.display_name}

    def people(self, member, reader):
        return Member.objects.listed_to(reader).following(member, reader)
