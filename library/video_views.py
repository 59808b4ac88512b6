"""The pages of videos: the shared views, with what is particular to them."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from commons.contributions import structured, views
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.filters import filters_of_types
from commons.contributions.lists import visible_one
from commons.tagging import vocabulary

from .facets import VideoFacets
from .models import Video
from .models.video import VideoType
from .video_forms import VideoForm
from .video_player import iso_duration, player_of, still_of
from .video_poster import poster_lines, poster_patches

SECTION = "library"


class ListView(views.ContributionListView):
    kind = Video.KIND
    template_name = "library/video_list.html"
    introduction = _("Watch what others have filmed, or share a video of your own.")
    whole_kind = True
    section = SECTION
    facets_class = VideoFacets

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, **filters_of_types(context, VideoType, label=gettext("Which videos"))}


class ArchiveView(views.ContributionArchiveView):
    kind = Video.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Video
    template_name = "library/video_detail.html"
    section = SECTION

    def get_context_data(self, item):
        context = super().get_context_data(item)
        return {
            **context,
            "player": player_of(item),
            "still": still_of(item),
            "asks_for_words": context["may_edit"] and item.is_published and not item.can_be_read,
        }

    def things(self, item, picture):
        player = player_of(item)
        return [
            structured.creative(
                item,
                "VideoObject",
                picture,
                name="name",
                thumbnailUrl=picture,
                uploadDate=structured.moment(item.published_at),
                contentUrl=structured.absolute(player.url) if player else None,
                duration=iso_duration(item),
            )
        ]


class PosterView(View):
    """The picture that we draw for a video without one: its title, sewn to the patches of its principles."""

    def get(self, request, item):
        found = visible_one(Video, request.user, item.pk)
        if found is None:
            raise Http404
        etag = ""
        if not request.user.is_authenticated:
            etag = etag_for(request, found.pk, found.version, found.changed_at)
            unchanged = not_modified(request, etag)
            if unchanged:
                return unchanged
        context = {
            "lines": poster_lines(found.title),
            "patches": poster_patches(found.card.get("principles", []), vocabulary.current()),
        }
        response = render(request, "library/video_poster.svg", context, content_type="image/svg+xml")
        response.headers["Content-Security-Policy"] = settings.SECURE_CSP_FILE
        return stamp(response, etag)


class CreateView(views.ContributionCreateView):
    model = Video
    form_class = VideoForm
    template_name = "library/video_form.html"
    section = SECTION


class UpdateView(views.ContributionUpdateView):
    model = Video
    form_class = VideoForm
    template_name = "library/video_form.html"
    section = SECTION


class WithdrawView(views.ContributionWithdrawView):
    model = Video
    section = SECTION
