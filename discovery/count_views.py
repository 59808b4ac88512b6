"""The public page of counts, and the same as a table."""

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from commons.contributions.lists import last_change
from commons.markup import spreadsheets
from profiles.models import Member

from .counts import columns, counts, line
from .views import ConditionalView


class CountsView(ConditionalView):
    """Members, what everyone can read of each kind, and answered questions: in all, by month and by year.

    The same for every reader: it counts what is public.
    """

    template_name = "discovery/counts.html"

    @cached_property
    def last_change(self):
        newest = Member.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
        return last_change(), newest, timezone.localdate()

    def get_context_data(self, **kwargs):
        rows, whole = counts(self.last_change)
        return super().get_context_data(
            **kwargs,
            section="explore",
            columns=columns(),
            lines=[line(row) for row in rows],
            whole=line(whole),
            csv_url=reverse("discovery:counts_csv"),
            crumbs=[(_("Explore"), reverse("discovery:browse"))],
        )


class CountsTableView(CountsView):
    """The same for a spreadsheet."""

    def render_to_response(self, context, **kwargs):
        response = StreamingHttpResponse(
            spreadsheets.lines(context["columns"], [*context["lines"], context["whole"]]),
            content_type="text/csv; charset=utf-8",
        )
        response.headers["Content-Disposition"] = content_disposition_header(True, "counts.csv")
        return response
