"""What a member follows and has bookmarked: their own pages, which nobody else sees; and following somebody."""

from dataclasses import dataclass

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from commons.contributions import kinds
from commons.contributions.cards import cards_for
from commons.contributions.mark_views import FollowView
from commons.contributions.models import Contribution, Follow
from commons.contributions.paging import Pager

from .follow_telling import tell_followed
from .models import Member

KINDS = {
    "principle": gettext_lazy("Principle"),
    "sector": gettext_lazy("Service sector"),
    "pair": gettext_lazy("Principle in a sector"),
    "keyword": gettext_lazy("Keyword"),
    "region": gettext_lazy("Nation or region"),
    "person": gettext_lazy("Person"),
}


@dataclass(frozen=True)
class Followed:
    """One thing that is followed, as the page shows it."""

    kind: str
    name: str
    url: str
    stop_url: str


class FollowingView(LoginRequiredMixin, TemplateView):
    """What the member follows, the latest first, and what is new there."""

    template_name = "profiles/following.html"

    def get_context_data(self, **kwargs):
        member = self.request.user
        pager = Pager(followed_by(member), self.request.GET)
        new = Contribution.objects.listed_to(member).new_for(member).for_cards()
        return super().get_context_data(
            **kwargs,
            section="people",
            pager=pager,
            followed=[followed(follow) for follow in pager.rows],
            cards=cards_for(new[:6]),
        )


class BookmarksView(LoginRequiredMixin, TemplateView):
    """What the member has bookmarked and may still see, the latest first."""

    template_name = "profiles/bookmarks.html"

    def get_context_data(self, **kwargs):
        member = self.request.user
        kept = Contribution.objects.listed_to(member).filter(bookmarks__member=member)
        pager = Pager(kept.order_by("-bookmarks__at", "-pk").for_cards(), self.request.GET)
        return super().get_context_data(**kwargs, section="people", pager=pager, cards=cards_for(pager.rows))


class MemberFollowView(FollowView):
    """Following a member: what they share is new for you, and they are told."""

    explanation = gettext_lazy(
        "What is new there stands on your home page. They are told that you follow them; nobody else sees it."
    )

    def get_thing(self):
        seen = Member.objects.visible_to(self.request.user).exclude(pk=self.request.user.pk)
        found = seen.filter(username=self.kwargs["username"].lower()).first()
        if found is None:
            raise Http404
        return found

    def set(self, wanted):
        with transaction.atomic():
            super().set(wanted)
            if wanted:
                tell_followed(self.thing, self.request.user)


def followed_by(member):
    """Return the Follows of a member whose thing they may still see, with all that a row shows of it."""
    may_see = Q(contribution=None) | Q(contribution__in=Contribution.objects.listed_to(member))
    present = Q(person=None) | Q(person__in=Member.objects.visible_to(member))
    found = Follow.objects.of(member).filter(may_see, present)
    named = found.select_related("contribution", "principle", "sector", "keyword", "person")
    return named.defer("contribution__body", "contribution__body_html")


def followed(follow):
    """Return a Follow as the pages show it. No query, where its thing was selected with it."""
    thing = follow.thing
    if follow.contribution_id:
        kind = kinds.get(thing.kind).label
        stop_url = reverse("contribution_follow", args=[thing.pk])
    else:
        kind = KINDS[follow.sort]
        stop_url = f"{thing.get_absolute_url()}follow/"
    return Followed(str(kind), str(thing), thing.get_absolute_url(), stop_url)
