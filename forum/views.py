"""The forum's pages: the shared views, with what is particular to threads."""

from django.http import Http404
from django.shortcuts import redirect
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
    """A thread; the address of one that was merged into another leads there."""

    model = Thread
    section = "forum"

    def get(self, request, item):
        try:
            return super().get(request, item)
        except Http404:
            into = Thread.objects.listed_to(request.user).filter(merged=item.pk).first()
            if into is None:
                raise
            return redirect(into, permanent=True)


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
