"""The forum's pages: the shared views, with what is particular to threads."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .forms import ThreadForm
from .models import Thread


class ThreadListView(views.ContributionListView):
    kind = Thread.KIND
    template_name = "forum/thread_list.html"
    heading = _("Forum")
    introduction = _("Questions and conversations about making services together. Everybody may ask.")
    section = "forum"


class ThreadArchiveView(views.ContributionArchiveView):
    kind = Thread.KIND
    section = "forum"


class ThreadDetailView(views.ContributionDetailView):
    model = Thread
    section = "forum"


class ThreadCreateView(views.ContributionCreateView):
    model = Thread
    form_class = ThreadForm
    template_name = "forum/thread_form.html"
    section = "forum"


class ThreadUpdateView(views.ContributionUpdateView):
    model = Thread
    form_class = ThreadForm
    template_name = "forum/thread_form.html"
    section = "forum"


class ThreadWithdrawView(views.ContributionWithdrawView):
    model = Thread
    section = "forum"
