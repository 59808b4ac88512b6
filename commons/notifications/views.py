"""The inbox: a member's own notices, and marking them as read."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from . import sources
from .grouping import grouped
from .models import Notice

PER_PAGE = 20


class InboxView(LoginRequiredMixin, ListView):
    """What the member has been told, newest first."""

    template_name = "notifications/inbox.html"
    context_object_name = "notices"
    paginate_by = PER_PAGE

    def get_queryset(self):
        return Notice.objects.of(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        sources.tell(context["notices"], self.request.user)
        return {**context, "groups": grouped(context["notices"]), "pager": _pager(context["page_obj"])}


@login_required
@require_POST
def read(request, pk):
    """Mark one of the member's own notices as read, with those told together with it, and go back to where it stands.

    Those are named by `also`; what is no notice of the member's is ignored.
    """
    own = Notice.objects.of(request.user)
    notice = get_object_or_404(own.defer("text"), pk=pk)
    also = [number for number in request.POST.getlist("also")[:PER_PAGE] if _is_number(number)]
    own.filter(pk__in=[notice.pk, *also]).mark_read()
    page = request.POST.get("page", "")
    query = f"?page={page}" if _is_number(page) and page != "1" else ""
    return redirect(f"{reverse('notifications:inbox')}{query}#notice-{notice.pk}")


@login_required
@require_POST
def read_all(request):
    """Mark all of the member's notices as read."""
    Notice.objects.of(request.user).mark_read()
    return redirect("notifications:inbox")


def _is_number(words):
    return words.isascii() and words.isdecimal() and len(words) <= 18


def _pager(page):
    """Return a page of Django's paginator in the shape that components/pagination.html draws."""

    def url(number):
        return f"?page={number}" if number > 1 else reverse("notifications:inbox")

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "pages": [
            {"number": number, "url": url(number), "current": number == page.number}
            if isinstance(number, int)
            else None
            for number in shown
        ],
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }
