"""Pages about one comment, and those on which one is written, changed and taken back."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from commons.markup.render import render as render_markdown
from commons.moderation.holds import form_signs, opened_stamp
from commons.moderation.models import Status, TransitionRefused

from . import kinds
from .comment_forms import CommentEditForm, CommentForm, EmptyCommentForm
from .comment_lines import comment_html
from .forms import PREVIEW, PUBLISH
from .kept import FIELD, forget_used, give_back, sign_writer
from .mentions import People
from .models import Comment, Contribution, ConversationOver, Follow, StaleEdit
from .paging import PER_PAGE
from .paths import item_path
from .quoting import quotation
from .reader_marks import marks_of
from .sending import PastPostRate
from .writing import sign_in_first, wait_words


def permalink(request, pk):
    """Lead to the place of a comment in its conversation, also when only its line with its number is left."""
    found = Comment.objects.leading_to(request.user).filter(pk=pk)
    comment = found.select_related("contribution").first()
    if comment is None:
        raise Http404
    # Where it now stands has a gate of its own.
    return (
        redirect("comment", comment.moved_to_id) if comment.moved_to_id else redirect(comment.url_on_page())
    )


def reply_form_context(request, item, marks):
    """Return what contributions/_comment_form.html needs at the end of a conversation that `request.user` may join.

    `marks` are the reader's ReaderMarks on `item`. No query.
    """
    values = _first_values(item, marks)
    form = EmptyCommentForm(kinds.get(item.kind), seen=values["seen"], follows=values["follow"])
    return {"form": form, "action": item_path(item.pk, "comments/"), **_hidden_fields(request)}


def _first_values(talk, marks):
    """Return what an empty form begins with: who wrote there before and does not follow has refused to."""
    return {"seen": talk.last_position, "follow": marks.follows or not marks.wrote}


def _hidden_fields(request):
    return {
        "written_by": {"name": FIELD, "value": sign_writer(request.user)},
        "opened": opened_stamp(request.POST),
    }


class CommentFormView(View):
    """What answering and editing share: the form, its preview, and the care for what was typed."""

    template_name = "contributions/comment_form.html"
    kept = None

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def kept_fields(self):
        """Return what was kept for this member when a session or token was lost, by field, or nothing."""
        self.kept = give_back(self.request)
        return {name: values[-1] for name, values in self.kept.fields.items() if values} if self.kept else {}

    def send(self, form, talk, **context):
        """Do what the form asks for; show it again where that can't be."""
        if not form.is_valid():
            return self.show(form, talk, **context)
        if self.request.POST.get("do", PUBLISH) == PREVIEW:
            preview = render_markdown(form.cleaned_data["body"], document="preview", people=People())
            return self.show(form, talk, preview=preview, **context)
        try:
            return self.save(form, talk, form_signs(self.request.POST), **context)
        except PastPostRate as past:
            form.add_error(None, wait_words(past.seconds))
            response = self.show(form, talk, status=429, **context)
            response.headers["Retry-After"] = str(past.seconds)
            return response
        except ConversationOver as over:
            return self.over(over.reason)

    def saved(self, comment):
        """Say what happened and lead to the comment's place."""
        forget_used(self.request)
        if comment.is_awaiting:
            messages.info(
                self.request,
                _("Your text is saved and awaits approval. You will be told when others can read it."),
            )
        elif comment.is_published:
            messages.success(self.request, _("Your text is published."))
        else:
            messages.success(self.request, _("Your text is saved."))
        return redirect(comment.url_on_page())

    def over(self, reason="", status=409):
        """Say that nobody can write here any more, and give back what was typed, to copy.

        `reason` is why the conversation is closed; where it is gone instead, `status` tells in which way.
        """
        reader, pk = self.request.user, self.talk_pk()
        typed = self.request.POST if self.request.method == "POST" else self.kept_fields()
        text = typed.get("body", "")
        merged = Contribution.objects.part_of_another().with_id(pk)
        if merged is not None and not text.strip():
            return redirect(merged)
        if not reason and merged is None:
            status = 410 if Contribution.objects.tombstone_for(reader).filter(pk=pk).exists() else 404
            if status == 404 and not text.strip():
                raise Http404
        context = {
            "talk": Contribution.objects.visible_to(reader).with_id(pk),
            "reason": reason,
            "text": text,
            "merged_url": merged.get_absolute_url() if merged else "",
            "was_withdrawn": status == 410,
            "section": "",
        }
        return render(self.request, "contributions/comment_over.html", context, status=status)

    def show(self, form, talk, *, status=200, answered=None, news=(), **context):
        """Show the form below the comments that it answers, `answered`, and that came meanwhile, `news`."""
        kind = kinds.get(talk.kind)
        return render(
            self.request,
            self.template_name,
            {
                "form": form,
                "talk": talk,
                "kind": kind,
                "crumbs": [*kinds.crumbs(kind.code), (talk.title, talk.get_absolute_url())],
                "section": "",
                "kept": self.kept,
                "action": self.request.path,
                "answers": answered and {"pk": answered.pk, "html": comment_html(answered)},
                "news": [comment_html(comment) for comment in news],
                **_hidden_fields(self.request),
                **context,
            },
            status=status,
        )


class CommentCreateView(CommentFormView):
    """Answering a contribution, or a comment on it. The same form sent twice leads to the one comment it made."""

    form_class = CommentForm

    def talk_pk(self):
        return self.kwargs["pk"]

    def find_talk(self):
        """Return what is answered, as its own kind. Raises ConversationOver."""
        talk = Contribution.objects.listed_to(self.request.user).with_id(self.talk_pk())
        if talk is None:
            raise ConversationOver
        talk = talk.as_its_kind()
        if talk.closed_because():
            raise ConversationOver(talk.closed_because())
        return talk

    def get(self, request, pk):
        try:
            talk = self.find_talk()
        except ConversationOver as over:
            return self.over(over.reason, status=200)
        typed = self.kept_fields()
        answers = self.find_answered(talk, typed.get("answers", request.GET.get("answers", "")))
        initial = {**_first_values(talk, marks_of(request.user, talk)), **typed}
        if "follow_asked" in typed:
            initial["follow"] = "follow" in typed
        if answers and not self.kept and request.GET.get("quote"):
            initial["body"] = quotation(answers, request.GET.get("passage", ""))
        form = self.form_class(kind=kinds.get(talk.kind), initial=initial)
        return self.show(form, talk, answered=answers)

    def post(self, request, pk):
        try:
            talk = self.find_talk()
        except ConversationOver as over:
            return self.over(over.reason)
        self.answered = self.find_answered(talk, request.POST.get("answers", ""))
        form = self.form_class(request.POST, kind=kinds.get(talk.kind))
        return self.send(form, talk, answered=self.answered)

    def find_answered(self, talk, raw):
        """Return the comment with the id `raw` if it stands in this conversation and can be read, else None."""
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 18):
            return None
        return Comment.objects.listed_to(self.request.user).on(talk).filter(pk=int(raw)).first()

    def save(self, form, talk, signs, **context):
        typed, writer = form.cleaned_data, self.request.user
        news = [] if typed["asked"] else self.find_news(talk, typed["seen"])
        if news and not Comment.objects.by(writer).filter(form_key=typed["form_key"]).exists():
            # The form now knows them: sent again, it is published.
            form.data = form.data.copy()
            form.data["seen"], form.data["asked"] = talk.last_position, "on"
            shown = [comment for comment in news[:PER_PAGE] if comment != self.answered]
            more = len(news) > PER_PAGE
            return self.show(form, talk, status=409, news=shown, more_news=more, **context)
        with transaction.atomic():
            comment = Comment.begin(
                writer,
                talk,
                typed["body"],
                form_key=typed["form_key"],
                answers=self.answered,
                form_signs=signs,
            )
            Follow.objects.set(writer, talk, form.wants_to_follow())
            self.made(comment, form)
        return self.saved(comment)

    def made(self, comment, form):
        """Called in the transaction that made the comment. For kinds that keep more of it."""

    def find_news(self, talk, seen):
        """Return the first comments of others after number `seen`, one more than is shown; none where that is None."""
        if seen is None:
            return []
        news = Comment.objects.listed_to(self.request.user).on(talk).filter(position__gt=seen)
        return list(news.exclude(author=self.request.user).order_by("position")[: PER_PAGE + 1])


class CommentUpdateView(CommentFormView):
    """Changing one's own. Whoever saves second is shown both texts; what was withdrawn can be published again."""

    comment = None

    def talk_pk(self):
        own = Comment.objects.by(self.request.user).filter(pk=self.kwargs["pk"])
        return own.values_list("contribution", flat=True).first()

    def find_comment(self):
        """Return the comment, or None where it is not theirs to change."""
        own = Comment.objects.editable_by(self.request.user).filter(pk=self.kwargs["pk"])
        self.comment = own.select_related("contribution").first()
        return self.comment

    def get(self, request, pk):
        if self.find_comment() is None:
            return self.over()
        talk = self.comment.contribution
        form = CommentEditForm(kind=kinds.get(talk.kind), instance=self.comment, initial=self.kept_fields())
        return self.show(form, talk)

    def post(self, request, pk):
        if self.find_comment() is None:
            return self.over()
        talk = self.comment.contribution
        form = CommentEditForm(request.POST, kind=kinds.get(talk.kind), instance=self.comment)
        return self.send(form, talk)

    def show(self, form, talk, **context):
        withdrawn = self.comment.status == Status.WITHDRAWN
        return super().show(form, talk, comment=self.comment, saves=not withdrawn, **context)

    def save(self, form, talk, signs):
        typed = form.cleaned_data
        version = self.comment.version if typed["version"] is None else typed["version"]
        try:
            self.comment.revise(
                self.request.user, typed["body"], version=version, publish=True, form_signs=signs
            )
        except StaleEdit as stale:
            # The form now carries the newer version: sent again, it is saved over it knowingly.
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
            return self.show(form, talk, status=409, current=stale.current)
        return self.saved(self.comment)


class CommentWithdrawView(View):
    """Taking one's own comment back, after a page that says what that means."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return super().dispatch(request, *args, **kwargs)

    def find_comment(self):
        own = Comment.objects.editable_by(self.request.user).filter(pk=self.kwargs["pk"])
        found = own.exclude(status=Status.WITHDRAWN).select_related("contribution").first()
        if found is None:
            raise Http404
        return found

    def get(self, request, pk):
        comment = self.find_comment()
        talk, kind = comment.contribution, kinds.get(comment.contribution.kind)
        context = {
            "comment": comment,
            "html": comment_html(comment),
            "place": comment.url_on_page(),
            "crumbs": [*kinds.crumbs(kind.code), (talk.title, talk.get_absolute_url())],
            "section": "",
        }
        return render(request, "contributions/comment_withdraw.html", context)

    def post(self, request, pk):
        comment = self.find_comment()
        try:
            comment.withdraw(request.user)
        except TransitionRefused:
            messages.warning(request, _("It could not be withdrawn: its state changed meanwhile."))
        else:
            messages.success(request, _("It is withdrawn. You can still read and edit it."))
        return redirect(comment.url_on_page())
