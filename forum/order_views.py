"""The moderators' pages for keeping the forum in order; nobody else finds them."""

import re

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from commons.contributions import kinds
from commons.contributions.models import Comment
from commons.contributions.querysets import moderates
from commons.markup.render import clean_text

from . import order
from .models import Thread

# The number in a thread's address, or the number alone.
NUMBER = re.compile(r"\A\s*(?:\S*/forum/)?([1-9][0-9]{0,17})(?:-[^/\s]*)?/?\S*\s*\Z")


def one_line(text):
    return " ".join(clean_text(text).split())


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it closed?"),
        help_text=gettext_lazy("Everybody reads this below the conversation, and its author is told."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why, in words that everybody will read.")},
    )

    def clean_reason(self):
        return one_line(self.cleaned_data["reason"])


class MoveForm(forms.Form):
    comment = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    title = forms.CharField(
        label=gettext_lazy("Title of the new thread"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter a title.")},
    )

    def clean_title(self):
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(gettext_lazy("Enter a title."), code="required")
        return title


class MergeForm(forms.Form):
    into = forms.CharField(
        label=gettext_lazy("Address of the thread that stays"),
        help_text=gettext_lazy("Copy it from your browser, such as /forum/12-who-pays/."),
        max_length=400,
        error_messages={"required": gettext_lazy("Enter the address of the other thread.")},
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_into(self):
        number = NUMBER.match(self.cleaned_data["into"])
        listed = Thread.objects.listed_to(self.user)
        found = listed.with_id(int(number.group(1))) if number else None
        if found is None:
            raise forms.ValidationError(
                gettext_lazy("No thread has this address. Copy it once more."), code="no_such_thread"
            )
        return found


class OrderView(View):
    """A page with one step to confirm. Found by moderators alone, for threads that can be read."""

    heading = explanation = button = ""
    danger = False

    def dispatch(self, request, *args, **kwargs):
        if not moderates(request.user):
            raise Http404
        self.thread = Thread.objects.listed_to(request.user).with_id(kwargs["item"].pk)
        if self.thread is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, posted=None):
        """Return the form, bound to what was posted if anything was."""
        return forms.Form(posted)

    def get(self, request, item):
        return self.show(self.get_form())

    def post(self, request, item):
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.show(form)
        return self.take(form)

    def take(self, form):
        """Take the step and return the response."""
        raise NotImplementedError

    def show(self, form):
        context = {
            "form": form,
            "thread": self.thread,
            "heading": self.heading,
            "explanation": self.explanation,
            "button": self.button,
            "danger": self.danger,
            "crumbs": [
                (_("Forum"), kinds.list_path(Thread.KIND)),
                (self.thread.title, self.thread.get_absolute_url()),
            ],
            "section": "forum",
        }
        return render(self.request, "forum/order.html", context)

    def back(self, words, thread=None):
        messages.success(self.request, words)
        return redirect((thread or self.thread).get_absolute_url())


class PinView(OrderView):
    """Pinning a thread, or taking the pin out."""

    heading = gettext_lazy("Pin this thread")
    explanation = gettext_lazy("It stands above all others on the first page of the forum.")
    button = gettext_lazy("Pin it")

    def show(self, form):
        if self.thread.pinned_at:
            self.heading = _("Take the pin out")
            self.explanation = _("It takes its place among the others again.")
            self.button = _("Take the pin out")
        return super().show(form)

    def take(self, form):
        pinned = self.thread.pinned_at is None
        order.pin(self.thread, self.request.user, pinned)
        return self.back(_("The thread is pinned.") if pinned else _("The thread is no longer pinned."))


class CloseView(OrderView):
    """Closing a thread with a reason, or opening it again."""

    heading = gettext_lazy("Close this thread")
    explanation = gettext_lazy("Everything in it can still be read, and nobody can reply any more.")
    button = gettext_lazy("Close it")

    def get_form(self, posted=None):
        return forms.Form(posted) if self.thread.closed_at else CloseForm(posted)

    def show(self, form):
        if self.thread.closed_at:
            self.heading = _("Open this thread again")
            self.explanation = _("Everybody can reply again.")
            self.button = _("Open it again")
        return super().show(form)

    def take(self, form):
        if self.thread.closed_at:
            order.reopen(self.thread, self.request.user)
            return self.back(_("The thread is open again."))
        order.close(self.thread, self.request.user, form.cleaned_data["reason"])
        return self.back(_("The thread is closed."))


class MoveView(OrderView):
    """Moving a reply and what answers it to a thread of its own. `?comment=` says which."""

    heading = gettext_lazy("Move replies to a new thread")
    explanation = gettext_lazy(
        "The reply you chose and all that answers it go to a new thread. Here each leaves a line with its number; "
        "links to them lead on, and their authors are told."
    )
    button = gettext_lazy("Move them")

    def get_form(self, posted=None):
        self.comment = self.get_comment((posted or self.request.GET).get("comment", ""))
        return MoveForm(posted, initial={"comment": self.comment.pk})

    def get_comment(self, number):
        if not (number.isascii() and number.isdecimal() and len(number) <= 18):
            raise Http404
        here = Comment.objects.visible_to(self.request.user).filter(contribution=self.thread.pk)
        found = here.filter(pk=int(number)).first()
        if found is None:
            raise Http404
        return found

    def take(self, form):
        there = order.split(self.comment, self.request.user, form.cleaned_data["title"])
        return self.back(_("The replies stand in a thread of their own now."), there)


class MergeView(OrderView):
    """Making this thread a part of another."""

    heading = gettext_lazy("Merge this thread into another")
    explanation = gettext_lazy(
        "Its text and its replies are added to the end of the other thread. Links to this one lead there, and who "
        "follows this one follows the other. This can’t be undone."
    )
    button = gettext_lazy("Merge them")
    danger = True

    def get_form(self, posted=None):
        return MergeForm(posted, user=self.request.user)

    def take(self, form):
        try:
            into = order.merge(self.thread, form.cleaned_data["into"], self.request.user)
        except order.CannotMerge as refused:
            form.add_error("into", str(refused))
            return self.show(form)
        return self.back(_("The two threads are one now."), into)
