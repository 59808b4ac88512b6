"""Pages about members: profiles, one's own things, photos."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from commons.contributions import kinds, public_data, structured
from commons.contributions.cards import cards_for
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.contributions.lists import count_by_kind, last_change_by, newest_by
from commons.contributions.mark_views import follow_state
from commons.contributions.models import Contribution
from commons.contributions.paging import Pager
from commons.contributions.prepared import Prepared
from commons.contributions.views import sign_in_first
from commons.moderation.holds import form_signs, opened_stamp
from commons.tagging.places import place_html

from . import photos
from .badges.showing import badges_of
from .forms import ProfileForm
from .help_lines import Help, lines_of
from .models import FormerUsername, Member
from .people import chosen_terms, kept_under
from .reporting import report_path

# A photo's address changes with the photo, so it can be kept; not for long, for it may be taken down.
PHOTO_SECONDS = 3600


class ProfileView(View):
    """A member's page: what they show of themselves to this reader, and what they wrote."""

    def get(self, request, username):
        member = member_called(username.lower(), request.user)
        if member is None:
            return moved_or_missing(request, username)
        if username != member.username:
            return redirect(member.get_absolute_url(), permanent=True)
        etag = None
        if not request.user.is_authenticated:
            etag = etag_for(request, member.pk, member.changed_at, last_change_by(member))
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        context = self.get_context_data(member)
        asked = public_data.answer(request, context["pager"], context["list_title"])
        response = asked or render(request, "profiles/profile.html", context)
        return stamp(response, etag) if etag else response

    def get_context_data(self, member):
        reader = self.request.user
        principles, sectors = chosen_terms(member)
        counts = count_by_kind(member, reader)
        kind = self.request.GET.get("kind")
        kind = kind if kind in counts else ""
        pager = Pager(
            written_by(member, reader, kind),
            self.request.GET,
            count=counts[kind] if kind else sum(counts.values()),
        )
        crumbs = [(_("People"), reverse("profiles:directory"))]
        indexable = member.indexable and member.is_listed
        own_url, shows_following = member.get_absolute_url(), member.shows("following", reader)
        shown_help = help_shown(member, reader)
        is_told = indexable and not reader.is_authenticated and pager.number == 1 and not kind
        return {
            "section": "people",
            "kept_under": kept_under(),
            "crumbs": crumbs,
            "told": told_of(member, reader, crumbs) if is_told else "",
            "member": member,
            "member_url": own_url,
            "is_self": member.pk == reader.pk,
            "follow_url": f"{own_url}follow/",
            "follows": follow_state(reader, person=member.pk) if member.pk != reader.pk else None,
            "about": member.about_shown() if member.shows("about", reader) else "",
            "kind_links": kind_links(counts, kind),
            "kinds_key": [sorted(counts.items()), kind],
            "shows_following": shows_following,
            "below_key": [own_url, shows_following, reader.pk == member.pk, reader.is_authenticated],
            "report_url": report_path(member) if member.pk != reader.pk else "",
            "roles": member.role_labels() if member.shows("roles", reader) else [],
            "organisation": member.organisation if member.shows("organisation", reader) else "",
            "place": place_html(member.place, member.region) if member.shows("place", reader) else "",
            "links": member.link_words() if member.shows("links", reader) else [],
            "principles": principles,
            "sectors": sectors,
            "help": shown_help,
            "help_key": [line.as_written() for _heading, lines in shown_help for line in lines],
            "pager": pager,
            "cards": cards_for(pager.rows),
            "indexable": indexable,
            "list_title": ", ".join([member.display_name, *([str(kinds.get(kind).plural)] if kind else [])]),
            "feed_url": f"{own_url}feed/" + (f"?kind={kind}" if kind else ""),
            "badges": badges_of(member),
        }


def written_by(member, reader, kind):
    """Return what the member wrote and is listed to `reader`, newest first, all of it or of one kind, for a Pager."""
    if not kind:
        return newest_by(member, reader)
    return Contribution.objects.written_by(member, listed_to=reader).of_kind(kind).newest().for_cards()


def kind_links(counts, current):
    """Return (words, number, url, whether it is current) for each kind of which there is any, all of them first."""
    links = [
        (kind.plural, counts[kind.code], f"?kind={kind.code}", kind.code == current)
        for kind in kinds.all_kinds()
        if kind.code in counts
    ]
    return [(_("All"), sum(counts.values()), "?", not current), *links] if links else []


def help_shown(member, reader):
    """Return [(heading, lines)] of what the member offers and would like help with, as far as `reader` sees it.

    One query, none where they show nobody of the reader's sort.
    """
    lines = lines_of(member) if member.shows("help", reader) else []
    by_sort = [(sort.label, [line for line in lines if line.sort == sort]) for sort in Help]
    return [(heading, found) for heading, found in by_sort if found]


def told_of(member, reader, crumbs):
    """Return what search engines are told of a member who chose to be found: what their page shows to `reader`."""
    organisation = member.organisation if member.shows("organisation", reader) else ""
    page = structured.profile_page(
        member.display_name,
        member.get_absolute_url(),
        created=member.confirmed_at,
        changed=member.changed_at,
        organisation=organisation,
    )
    return structured.block(page, structured.breadcrumbs(crumbs, member.display_name))


def member_called(username, reader):
    """Return the member whose username that is, if `reader` may see them, or None. One query."""
    if not reader.is_authenticated:
        return _called_for_visitors.first(username)
    if reader.is_staff:  # who may look after members, and see all of them
        return Member.objects.visible_to(reader).filter(username=username).first()
    return _called_for_members.first(reader.pk, username)


_called_for_visitors = Prepared(
    lambda username: Member.objects.visible_to(AnonymousUser()).filter(username=username).order_by(), ""
)
_called_for_members = Prepared(
    lambda reader, username: (
        Member.objects.visible_to(Member(pk=reader)).filter(username=username).order_by()
    ),
    0,
    "",
)


def moved_or_missing(request, username, below=""):
    """Lead from a former username to where its member is now, if this reader may see them; else 404.

    `below` is the part of the address below the profile's own.
    """
    former = FormerUsername.objects.filter(username=username.lower()).values("member")
    member = Member.objects.visible_to(request.user).filter(pk__in=former).first()
    if member is None:
        raise Http404
    return redirect(f"{member.get_absolute_url()}{below}", permanent=True)


class MineView(LoginRequiredMixin, TemplateView):
    """A member's own drafts and contributions, in every state, the last changed first."""

    template_name = "profiles/mine.html"

    def get_context_data(self, **kwargs):
        own = Contribution.objects.by(self.request.user).order_by("-changed_at", "-pk").for_cards()
        pager = Pager(own, self.request.GET)
        return super().get_context_data(
            **kwargs,
            pager=pager,
            cards=cards_for(pager.rows, with_status=True),
            any_awaiting=any(item.is_awaiting for item in pager.rows),
            section="people",
        )


class ProfileUpdateView(View):
    """A member changes what they show. What was typed survives an expired session, as in every long form."""

    kept = None

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def get_member(self):
        # Not request.user itself: a form that is not valid would change the name in the page's header.
        return Member.objects.get(pk=self.request.user.pk)

    def get(self, request):
        return self.show(ProfileForm(instance=self.get_member(), initial=self.initial()))

    def post(self, request):
        kept_photo = photos.kept(request.user.pk, request.POST.get("kept_photo", ""))
        form = ProfileForm(request.POST, request.FILES, instance=self.get_member(), kept_photo=kept_photo)
        if not form.is_valid():
            chosen = form.photo_to_keep()
            return self.show(form, kept_photo=photos.keep(request.user.pk, chosen) if chosen else "")
        member = form.save(form_signs=form_signs(request.POST))
        forget_used(request)
        photos.forget_kept(request.user.pk)
        if member.profile_held_because:
            messages.info(request, _("Your profile is saved. What you say of yourself awaits approval."))
        else:
            messages.success(request, _("Your profile is saved."))
        return redirect(member.get_absolute_url())

    def initial(self):
        """Return what was kept for this member when their session or token was lost, or nothing."""
        self.kept = give_back(self.request)
        if self.kept is None:
            return {}
        several = ("roles", "principles", "sectors")
        single = {
            name: values[-1] for name, values in self.kept.fields.items() if values and name not in several
        }
        return {**single, **{name: self.kept.fields.get(name, []) for name in several}}

    def show(self, form, kept_photo=""):
        context = {
            "form": form,
            "kept_photo": kept_photo,
            "opened": opened_stamp(self.request.POST),
            "kept": self.kept,
            "section": "people",
            "member": self.request.user,
            "written_by": {"name": FIELD, "value": sign_writer(self.request.user)},
            "site_url": settings.SITE_URL,
        }
        return render(self.request, "profiles/profile_form.html", context)


@require_safe
def photo(request, username, name):
    """A member's photo, for whoever may see their page."""
    member = Member.objects.visible_to(request.user).filter(username=username).only("photo").first()
    content = photos.read(member.photo.name, name) if member else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/webp")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = settings.SECURE_CSP_FILE
    response.headers["Cache-Control"] = f"private, max-age={PHOTO_SECONDS}"
    return response
