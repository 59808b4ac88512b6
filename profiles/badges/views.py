"""The pages of badges: what each is for and how many hold it, one's own, and the one for a member's own site."""

import textwrap

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from commons.contributions.conditional import etag_for, not_modified, stamp

from ..models import FormerUsername, Member
from . import rules
from .models import EditorsBadge, Held
from .showing import EDITORS_PATCH, choose

# Other people's pages show it: they may keep it for an hour, so that one who is hidden is gone within it.
BADGE_SECONDS = 3600
LINE, LINES = 24, 3  # letters of the network's name in a line, and lines
BADGE_WIDTH = 300


class BadgeListView(View):
    """What each badge is for, and how many members hold it."""

    def get(self, request):
        counts = Held.objects.shown().counts()
        given = list(EditorsBadge.objects.all())
        etag = None
        if not request.user.is_authenticated:
            seen = [(badge.pk, badge.name, badge.words) for badge in given]
            etag = etag_for(request, sorted(counts.items(), key=str), seen)
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        earned = [
            (rule.code, rule.name, rule.words, rule.patch, counts.get(rule.code, 0))
            for rule in rules.all_rules()
        ]
        editors = [(b.pk, b.name, b.words, EDITORS_PATCH, counts.get(b.pk, 0)) for b in given]
        context = {
            "section": "people",
            "crumbs": [(_("People"), reverse("profiles:directory"))],
            "earned": earned,
            "given": editors,
        }
        response = render(request, "profiles/badges/list.html", context)
        return stamp(response, etag) if etag is not None else response


class OwnBadgesView(LoginRequiredMixin, View):
    """A member's own badges, which of them others see, and the badge for their own site."""

    def get(self, request):
        member = request.user
        context = {
            "section": "people",
            "held": Held.objects.of(member),
            "hide_all": member.badges_hidden,
            "on_own_site": on_own_site(member),
            "is_found": may_show_badge().filter(pk=member.pk).exists(),
        }
        return render(request, "profiles/badges/own.html", context)

    def post(self, request):
        shown = {int(value) for value in request.POST.getlist("shown") if value.isascii() and value.isdigit()}
        own = Held.objects.filter(member=request.user).values_list("pk", flat=True)
        choose(request.user, hidden=set(own) - shown, hide_all="hide_all" in request.POST)
        messages.success(request, _("Your choice is saved."))
        return redirect("badges:own")


def may_show_badge():
    """Members whose badge other sites get: everyone may find them in the directory, and nothing stops them."""
    now = timezone.now()
    listed = Member.objects.listed_to(AnonymousUser())
    return listed.filter(Q(suspended_until=None) | Q(suspended_until__lte=now), contributions_hidden=False)


def on_own_site(member):
    """Return what the page about one's own site shows: addresses, size and words of the badge."""
    return {
        "profile": f"{settings.SITE_URL}{member.get_absolute_url()}",
        "badge": f"{settings.SITE_URL}{reverse('badges:network', args=[member.username])}",
        "path": reverse("badges:network", args=[member.username]),
        "width": BADGE_WIDTH,
        "height": badge_height(name_lines()),
    }


def name_lines():
    """Return the network's name in the lines of the badge; the end of a very long one is cut."""
    return textwrap.wrap(
        settings.NETWORK_NAME, LINE, break_on_hyphens=False, max_lines=LINES, placeholder="…"
    ) or [""]


def badge_height(lines):
    return max(72, 48 + 20 * len(lines))


@require_safe
def network_badge(request, username):
    """The badge for a member's own site, drawn. It is the same whoever looks at it, and reads no cookie."""
    member = may_show_badge().filter(username=username.lower()).only("username").order_by().first()
    if member is None:
        former = FormerUsername.objects.filter(username=username.lower()).values("member")
        member = may_show_badge().filter(pk__in=former).only("username").order_by().first()
        if member is None:
            raise Http404
        return redirect("badges:network", member.username, permanent=True)
    lines = name_lines()
    context = {
        "network_name": settings.NETWORK_NAME,
        "lines": [(52 + 20 * number, line) for number, line in enumerate(lines)],
        "width": BADGE_WIDTH,
        "height": badge_height(lines),
        "frame": (BADGE_WIDTH - 2, badge_height(lines) - 2),
    }
    response = HttpResponse(render_to_string("profiles/badges/network.svg", context), "image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={BADGE_SECONDS}"
    response.headers["Content-Security-Policy"] = settings.SECURE_CSP_FILE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
