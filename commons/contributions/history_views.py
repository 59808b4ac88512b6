"""The history of a contribution or comment: its versions, and what a moderator can do about one of them."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from commons.moderation.models import OwnCase, TransitionRefused

from . import kinds
from .comment_forms import MOST
from .detail_view import gone_or_missing
from .histories import entries_for
from .models import Comment, Contribution, StaleEdit
from .paging import Pager
from .querysets import moderates
from .writing import sign_in_first

BACK, HIDE, SHOW = "back", "hide", "show"


class StepForm(forms.Form):
    """What a moderator does about a version. `stands` is the version that stood when they decided."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "It is kept in the record. If you put this version back, its author reads it."
        ),
        error_messages={"max_length": gettext_lazy("Shorten it to %(limit_value)d characters or fewer.")},
    )
    stands = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)


class HistoryView(View):
    """Who can read a thing can read, signed in, how it came to be; with ?version= one version whole."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        thing = self.find_thing()
        return super().dispatch(request, thing) if thing is not None else self.missing()

    def missing(self):
        raise Http404

    def get(self, request, thing):
        if "version" in request.GET:
            version = self.find_version(thing, request.GET["version"])
            return self.show_version(thing, version, StepForm(initial={"stands": thing.version}))
        found = self.readable(thing)
        pager = Pager(found, request.GET)
        before = found.filter(number__lt=pager.rows[-1].number).first() if pager.rows else None
        entries = entries_for(thing, [*pager.rows, before], request.user)
        return self.show(thing, pager=pager, entries=entries)

    def post(self, request, thing):
        version = self.find_version(thing, request.POST.get("version", ""))
        if not self.may_act(thing, version):
            raise Http404
        form = StepForm(request.POST)
        if not form.is_valid():
            return self.show_version(thing, version, form)
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("do") == BACK:
                whole = self.as_its_kind(thing)
                whole.go_back_to(version, request.user, reason, version=form.cleaned_data["stands"])
                messages.success(request, _("That version stands again, as a new one."))
                return redirect(self.place(whole))
            version.show(request.user, reason, shown=request.POST.get("do") == SHOW)
        except TransitionRefused as refusal:
            messages.warning(request, _("Nothing was changed. %(why)s") % {"why": refusal.words})
        except (OwnCase, StaleEdit):
            messages.warning(request, _("Nothing was changed: another version was saved meanwhile."))
        else:
            messages.success(
                request,
                _("Others can read that version in the history again.")
                if version.shown
                else _("Others can no longer read that version in the history."),
            )
        return redirect(request.path)

    def readable(self, thing):
        return thing.revisions.readable_by(self.request.user, thing).select_related("by")

    def find_version(self, thing, raw):
        """Return the version with the number `raw`, if the reader may read it; else 404."""
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 9):
            raise Http404
        found = self.readable(thing).filter(number=int(raw)).first()
        if found is None:
            raise Http404
        return found

    def may_act(self, thing, version):
        """Whether the reader may put a version back, or take it out: a moderator, about what others wrote."""
        own = thing.author_id is not None and thing.author_id == self.request.user.pk
        return moderates(self.request.user) and not own and version.number != thing.version

    def show_version(self, thing, version, form):
        before = self.readable(thing).filter(number__lt=version.number).first()
        (entry,) = entries_for(thing, [version, before], self.request.user, whole=True)
        return self.show(
            thing, entry=entry, text=version.text, form=form, may_act=self.may_act(thing, version)
        )

    def show(self, thing, **context):
        title, talk = self.describe(thing)
        kind = kinds.get(talk.kind)
        crumbs = [(kind.plural, kinds.list_path(kind.code)), (talk.title, talk.get_absolute_url())]
        context = {"title": title, "place": self.place(thing), "crumbs": crumbs, "section": "", **context}
        return render(self.request, "contributions/history.html", context)


class ContributionHistoryView(HistoryView):
    def find_thing(self):
        return Contribution.objects.visible_to(self.request.user).with_id(self.kwargs["pk"])

    def missing(self):
        kind = Contribution.objects.filter(pk=self.kwargs["pk"]).values_list("kind", flat=True).first()
        if kind is None:
            raise Http404
        return gone_or_missing(self.request, kinds.get(kind).model_class(), self.kwargs["pk"])

    def as_its_kind(self, thing):
        return thing.as_its_kind()

    def place(self, thing):
        return thing.get_absolute_url()

    def describe(self, thing):
        return thing.title, thing


class CommentHistoryView(HistoryView):
    def find_thing(self):
        found = Comment.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"])
        return found.select_related("contribution").first()

    def as_its_kind(self, comment):
        return comment

    def place(self, comment):
        return comment.url_on_page()

    def describe(self, comment):
        name = kinds.get(comment.contribution.kind).comment
        return f"{name} {comment.position}", comment.contribution
