"""The pages of videos: the shared views, with what is particular to them."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .models import Video
from .video_forms import VideoForm

SECTION = "library"


class ListView(views.ContributionListView):
    kind = Video.KIND
    template_name = "library/video_list.html"
    introduction = _("Watch what others have filmed, or share a video of your own.")
    whole_kind = True
    section = SECTION


class ArchiveView(views.ContributionArchiveView):
    kind = Video.KIND
    section = SECTION


class DetailView(views.ContributionDetailView):
    model = Video
    template_name = "library/video_detail.html"
    section = SECTION


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
