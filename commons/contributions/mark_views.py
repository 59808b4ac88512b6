"""Marking with one button: helpful, bookmark, follow.

Each address takes a POST from the button, with `want` 1 or 0 so that the same press twice does it once; without
`want` it changes to the other. A GET shows the same button on a page of its own.
"""

from functools import cache

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views import View

from .mark_querysets import OwnMark
from .models import Bookmark, Comment, Contribution, Follow, Helpful
from .prepared import Prepared


class MarkView(View):
    """One kind of mark on one thing. A subclass says how the thing is found, and what the mark is called."""

    heading = ""  # may name the thing as %(title)s, like the two after it
    on, off = "", ""
    done, undone = "", ""
    explanation = ""
    own_words = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        self.thing = self.get_thing()
        return super().dispatch(request, *args, **kwargs)

    def get_thing(self):
        """Return what is marked, through the gate; raise Http404."""
        raise NotImplementedError

    def title(self):
        return str(self.thing)

    def back(self):
        """Return the address to which one returns."""
        return self.thing.get_absolute_url()

    def marks(self):
        """Return the queryset that holds this mark, if it is set."""
        raise NotImplementedError

    def set(self, wanted):
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        return self.show()

    def post(self, request, *args, **kwargs):
        want = request.POST.get("want", "")
        wanted = want == "1" if want in {"0", "1"} else not self.marks().exists()
        try:
            self.set(wanted)
        except OwnMark:
            return self.show(status=403)
        words = self.done if wanted else self.undone
        if words:
            messages.success(request, words % {"title": self.title()})
        return redirect(self.back())

    def show(self, status=200):
        title = self.title()
        context = {
            "heading": self.heading % {"title": title},
            "explanation": self.explanation,
            "is_set": self.marks().exists(),
            "on": self.on,
            "off": self.off,
            "own_words": self.own_words if self.is_own() else "",
            "back_url": self.back(),
            "section": "",
        }
        return render(self.request, "contributions/mark.html", context, status=status)

    def is_own(self):
        return False


def listed_or_404(contributions, user, pk):
    """Return the contribution with this id that is listed to `user`. Raises Http404."""
    found = contributions.listed_to(user).for_cards().with_id(pk)
    if found is None:
        raise Http404
    return found


class HelpfulView(MarkView):
    """A contribution helped somebody."""

    heading = gettext_lazy("Did “%(title)s” help you?")
    on, off = gettext_lazy("It helped me"), gettext_lazy("Take that back")
    explanation = gettext_lazy("The number of people whom it helped is shown beside it, never who they are.")
    own_words = gettext_lazy("You wrote this yourself. Let others say whether it helps.")

    def get_thing(self):
        return listed_or_404(Contribution.objects, self.request.user, self.kwargs["pk"])

    def marks(self):
        return Helpful.objects.of(self.request.user).filter(contribution=self.thing.pk)

    def set(self, wanted):
        Helpful.objects.set(self.request.user, self.thing, wanted)

    def is_own(self):
        return self.thing.author_id == self.request.user.pk


class CommentHelpfulView(HelpfulView):
    """A comment helped somebody."""

    def get_thing(self):
        listed = Comment.objects.listed_to(self.request.user).select_related("contribution")
        found = listed.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def back(self):
        return self.thing.url_on_page()

    def marks(self):
        return Helpful.objects.of(self.request.user).filter(comment=self.thing.pk)


class BookmarkView(MarkView):
    """A member's private bookmark."""

    heading = gettext_lazy("Bookmark “%(title)s”")
    on, off = gettext_lazy("Bookmark it"), gettext_lazy("Remove the bookmark")
    done = gettext_lazy("“%(title)s” is among your bookmarks.")
    undone = gettext_lazy("“%(title)s” is no longer among your bookmarks.")
    explanation = gettext_lazy("Only you see your bookmarks.")

    def get_thing(self):
        # What is hidden meanwhile can still be taken out of one's own bookmarks.
        kept = Contribution.objects.filter(bookmarks__member=self.request.user)
        found = kept.for_cards().with_id(self.kwargs["pk"]) if self.request.POST.get("want") == "0" else None
        return found or listed_or_404(Contribution.objects, self.request.user, self.kwargs["pk"])

    def back(self):
        return self.thing.get_absolute_url()

    def marks(self):
        return Bookmark.objects.of(self.request.user).filter(contribution=self.thing.pk)

    def set(self, wanted):
        Bookmark.objects.set(self.request.user, self.thing, wanted)


class FollowView(MarkView):
    """Following anything. A subclass, or one of another app, says what."""

    heading = gettext_lazy("Follow “%(title)s”")
    on, off = gettext_lazy("Follow"), gettext_lazy("Follow no more")
    done = gettext_lazy("You follow “%(title)s” now.")
    undone = gettext_lazy("You follow “%(title)s” no more.")
    explanation = gettext_lazy(
        "What is new there stands on your home page. Nobody sees what you follow, unless you choose so in your "
        "profile."
    )

    def marks(self):
        return Follow.objects.of(self.request.user).on(self.thing)

    def set(self, wanted):
        Follow.objects.set(self.request.user, self.thing, wanted)


class ContributionFollowView(FollowView):
    """Following a conversation."""

    explanation = gettext_lazy("You are told when somebody answers, here and by e-mail if you like.")

    def get_thing(self):
        return listed_or_404(Contribution.objects, self.request.user, self.kwargs["pk"])


def follow_state(user, **thing):
    """Return what a page needs for its Follow button: None for visitors, else whether `user` follows. One query.

    `thing` is named as in Follow, by its id: `principle=3`, `region="wales"`; a principle in a sector by both.
    """
    if not user.is_authenticated:
        return None
    return _following(tuple(thing)).first(user.pk, *thing.values()) is not None


@cache
def _following(names):
    """Return the statement of whether a member follows what these names of Follow's fields name."""

    def build(member, *values):
        follows = Follow.objects.of(member).with_fields(**dict(zip(names, values, strict=True)))
        return follows.order_by().values_list("pk")[:1]

    return Prepared(build, 0, *("" if name == "region" else 0 for name in names))
