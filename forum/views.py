"""The forum's pages: the shared views, with what is particular to threads."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.contributions import public_data, structured, views
from commons.contributions.comment_lines import comment_html
from commons.contributions.querysets import moderates
from commons.search.querysets import TITLE_LENGTH
from commons.search.words import clean

from .choices import choices_of
from .forms import ThreadForm
from .lists import ThreadList
from .models import Thread
from .rows import MOST_PINNED, pinned_threads, rows_of, threads_in, threads_listed_to
from .similar import similar_threads


class ThreadListView(views.ContributionListView):
    """Threads by ?show= and ?sort=; in an archive those of its month, newest first."""

    kind = Thread.KIND
    template_name = "forum/thread_list.html"
    heading = _("Forum")
    section = "forum"

    def get_list(self, facets):
        if "year" in self.kwargs:
            self.chosen, self.pinned = None, []
            return super().get_list(facets)
        self.chosen = ThreadList.read(self.request.GET, facets)
        # What is pinned stands before the list on its page, and in its own place in the list for machines.
        pins = self.chosen.is_plain and not public_data.wanted(self.request.GET)
        self.pinned = pinned_threads(self.request.user, MOST_PINNED) if pins else []
        if not facets:
            return threads_in(self.chosen, self.request.user, besides=self.pinned)
        return self.chosen.order(self.chosen.narrow(threads_listed_to(self.request.user)))

    def get_cards(self, pager):
        if isinstance(pager.queryset, QuerySet):
            pager.queryset = pager.queryset.for_conversations()
        pinned = self.pinned if pager.number == 1 else []
        rows = rows_of([*pinned, *pager.rows], self.request.user)
        self.pinned_cards = rows[: len(pinned)]
        return rows[len(pinned) :]

    def list_title(self, context):
        words = self.chosen.words() if self.chosen else [context["month_words"]]
        return ": ".join(filter(None, [str(self.heading), ", ".join(words)]))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context |= {"pinned_cards": self.pinned_cards, "chosen": self.chosen}
        if self.chosen is None:
            return context
        choices, orders = choices_of(self.chosen)
        return {**context, "feed_query": self.chosen.feed_query(), "choices": choices, "orders": orders}


class ThreadArchiveView(views.ContributionArchiveView):
    kind = Thread.KIND
    section = "forum"


class ThreadDetailView(views.ContributionDetailView):
    """A thread; the address of one that was merged into another leads there."""

    model = Thread
    template_name = "forum/thread_detail.html"
    section = "forum"

    def get(self, request, item):
        try:
            return super().get(request, item)
        except Http404:
            into = Thread.objects.listed_to(request.user).filter(merged=item.pk).first()
            if into is None:
                raise
            return redirect(into, permanent=True)

    def told_of(self, item):
        return self.best and (self.best.pk, self.best.changed_at, self.best.helpful_count)

    def things(self, item, picture):
        if self.best:
            return [structured.answered_question(item, self.best)]
        return [structured.posting(item, picture)]

    def get_context_data(self, item):
        self.best = best = item.readable_best_answer() if self.talk.pager.number == 1 else None
        if best is not None:
            best.contribution = item
        public = item.is_published and item.audience == "everyone"
        return {
            **super().get_context_data(item),
            "best": best
            and {"html": comment_html(best), "place": best.url_on_page(), "number": best.position},
            "feed_url": item.url_below("feed/") if public else "",
            "may_order": item.is_published and moderates(self.request.user),
        }


class ThreadCreateView(views.ContributionCreateView):
    """Starting a thread, as a question where the address says ?question=1, on what ?principle= and ?sector= name.

    What was looked for in vain comes as ?title=.
    """

    model = Thread
    form_class = ThreadForm
    template_name = "forum/thread_form.html"
    section = "forum"

    def initial(self):
        query, found = self.request.GET, super().initial()
        asked = query.get("question") == "1" if self.kept is None else "is_question" in found
        return {"title": clean(query.get("title", "")[:TITLE_LENGTH]), **found, "is_question": asked}

    def show(self, form, item, *, status=200, **context):
        form.fields["title"].widget.attrs["data-similar"] = reverse("forum:similar")
        if "preview" in context:
            context["similar"] = similar_threads(form.cleaned_data["title"], self.request.user)
        return super().show(form, item, status=status, **context)


class ThreadUpdateView(views.ContributionUpdateView):
    model = Thread
    form_class = ThreadForm
    template_name = "forum/thread_form.html"
    section = "forum"


class ThreadWithdrawView(views.ContributionWithdrawView):
    model = Thread
    section = "forum"
