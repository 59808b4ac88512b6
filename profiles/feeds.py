"""The Atom feed of what a member wrote: what their page shows to visitors of it, and of themselves their name alone."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.shortcuts import redirect

from commons.contributions import kinds
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.feeds import ContributionFeed
from commons.contributions.lists import last_change_by
from commons.contributions.models import Contribution
from commons.markup.render import clean_text

from .models import Member
from .views import member_called, moved_or_missing


@dataclass
class Written:
    """What a member wrote, all of it or of one kind (a code or "")."""

    member: Member
    kind: str

    @property
    def path(self):
        return self.member.get_absolute_url() + (f"?{urlencode({'kind': self.kind})}" if self.kind else "")


class MemberFeed(ContributionFeed):
    """What a member wrote that is public, of one kind where the address names it. It opens where their page does."""

    def __call__(self, request, username):
        member = member_called(username.lower(), AnonymousUser())
        if member is None:
            return moved_or_missing(request, username, "feed/")
        if username != member.username:
            return redirect(f"{member.get_absolute_url()}feed/", permanent=True)
        etag = etag_for(request, member.pk, member.changed_at, last_change_by(member))
        unchanged = not_modified(request, etag)
        if unchanged:
            return unchanged
        response = stamp(Feed.__call__(self, request, member=member), etag)
        # Whether search engines find what is theirs is a member's choice; a feed is for who knows them already.
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_object(self, request, member):
        asked = request.GET.get("kind", "")
        return Written(member, asked if asked in {kind.code for kind in kinds.all_kinds()} else "")

    def get_queryset(self, obj):
        written = Contribution.objects.by(obj.member).listed_to(AnonymousUser())
        return written.of_kind(obj.kind) if obj.kind else written

    def title(self, obj):
        words = [obj.member.display_name, *([str(kinds.get(obj.kind).plural)] if obj.kind else [])]
        return f"{clean_text(', '.join(words))} – {settings.NETWORK_NAME}"

    def link(self, obj):
        return obj.path
