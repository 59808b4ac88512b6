"""Saying which reply answered a question: a page that asks, and the change itself by POST."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from commons.contributions.models import Comment

from .models import NoAnswer, Thread


class BestAnswerView(View):
    """Marks a reply as the best answer, or takes that back: ?want= 1 or 0, without it whichever is not so yet."""

    template_name = "forum/best_answer.html"

    def dispatch(self, request, *args, pk):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.comment = self.get_comment(pk)
        self.thread = Thread.objects.listed_to(request.user).with_id(self.comment.contribution_id)
        if self.thread is None or not self.thread.is_question:
            raise Http404
        if not self.thread.may_mark_best(request.user):
            raise PermissionDenied
        self.is_best = self.thread.best_answer_id == self.comment.pk
        return super().dispatch(request, *args, pk=pk)

    def get_comment(self, pk):
        found = Comment.objects.listed_to(self.request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request, pk):
        context = {
            "comment": self.comment,
            "thread": self.thread,
            "is_best": self.is_best,
            "place": self.place(),
            "section": "forum",
            "crumbs": [(_("Forum"), self.thread.get_absolute_url())],
        }
        return render(request, self.template_name, context)

    def post(self, request, pk):
        want = request.POST.get("want")
        marked = want == "1" if want in {"0", "1"} else not self.is_best
        try:
            self.thread.mark_best(self.comment, marked, by=request.user)
        except NoAnswer:
            messages.warning(
                request, _("It could not be marked: the reply or the question changed meanwhile.")
            )
        else:
            if marked:
                messages.success(
                    request, _("Marked as the best answer. It now stands under the question too.")
                )
            else:
                messages.success(request, _("It is no longer marked as the best answer."))
        return redirect(self.place())

    def place(self):
        """Return where the reply stands in the conversation."""
        self.comment.contribution = self.thread
        return self.comment.url_on_page()
