"""Writing to a member through the site, and wanting to hear from somebody no more."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from commons.contributions.mark_views import MarkView
from commons.contributions.paging import Pager
from commons.contributions.reporting import KeptTyping
from commons.contributions.views import sign_in_first
from commons.moderation.forms import PlainWordsForm
from commons.moderation.views import FormPageView

from .blocks import Block
from .models import Member
from .personal_messages import SHOWN, MessageRefused, PersonalMessage, may_write
from .reporting import report_path
from .views import member_called, moved_or_missing

REFUSED = {
    "too_many": gettext_lazy(
        "You have written to many people within a day. Your words are here: copy them, and try again tomorrow."
    ),
    "held": gettext_lazy(
        "A new member’s message can’t hold links, addresses or telephone numbers yet, or wording that is often used to "
        "deceive. Your words are here: take that out, and send it again."
    ),
}


class ContactForm(PlainWordsForm):
    """A message to one member."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", uuid.uuid4())
        words = self.fields["words"]
        words.label = _("Your message")
        words.help_text = _(
            "They see your name and a link to your profile beside it, and answer here on the site."
        )
        words.error_messages["required"] = _("Write your message first.")


class ContactView(KeptTyping, FormPageView):
    """A form to write to one member, for those from whom they take messages."""

    template_name = "profiles/contact.html"

    def dispatch(self, request, username):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        self.member = member_called(username.lower(), request.user)
        if self.member is None:
            return moved_or_missing(request, username)
        if self.member.pk == request.user.pk:
            return redirect(self.member.get_absolute_url())
        return super().dispatch(request)

    def get(self, request):
        if not may_write(request.user, self.member):
            return self.show_closed()
        return self.show_form(ContactForm(initial=self.initial()))

    def post(self, request):
        form = ContactForm(request.POST)
        if not form.is_valid():
            return self.show_form(form)
        typed = form.cleaned_data
        try:
            PersonalMessage.send(request.user, self.member, typed["words"], typed["form_key"])
        except MessageRefused as refused:
            if refused.code == "closed":
                return self.show_closed(typed["words"])
            form.add_error(None, forms.ValidationError(REFUSED[refused.code], code=refused.code))
            return self.show_form(form, status=429 if refused.code == "too_many" else 200)
        self.forget_kept()
        messages.success(request, _("Your message to %(name)s is sent.") % {"name": self.member.display_name})
        return redirect(self.member.get_absolute_url())

    def show_form(self, form, status=200):
        return self.show(form, status=status, **self.about())

    def show_closed(self, words=""):
        """Say that no message can be sent; who was blocked reads the same as anybody else."""
        context = {"section": "people", "words": words, **self.about()}
        return render(self.request, "profiles/contact_closed.html", context, status=403)

    def about(self):
        reader, member = self.request.user, self.member
        written = PersonalMessage.objects.between(reader.pk, member.pk)
        return {
            "member": member,
            "written": list(written[:SHOWN])[::-1],
            "report_url": report_path(member),
            "crumbs": [
                (_("People"), reverse("profiles:directory")),
                (member.display_name, member.get_absolute_url()),
            ],
        }


class BlockView(MarkView):
    """Blocking a member, or no more. They are not told."""

    heading = gettext_lazy("Block %(title)s")
    on, off = gettext_lazy("Block"), gettext_lazy("Block no more")
    done = gettext_lazy("%(title)s is blocked. They are not told.")
    undone = gettext_lazy("%(title)s is not blocked any more.")
    explanation = gettext_lazy(
        "Neither of you can write to the other through the site, and neither is told when the other mentions or "
        "answers them. They are not told of it. What both of you share with everybody stays where it is."
    )

    def get_thing(self):
        reader = self.request.user
        seen = Member.objects.visible_to(reader) | Member.objects.filter(blocked_by__member=reader.pk)
        found = seen.exclude(pk=reader.pk).filter(username=self.kwargs["username"].lower()).distinct().first()
        if found is None:
            raise Http404
        return found

    def back(self):
        return reverse("profiles:blocked")

    def marks(self):
        return Block.objects.filter(member=self.request.user, blocked=self.thing)

    def set(self, wanted):
        Block.set(self.request.user.pk, self.thing.pk, wanted)


class BlockedView(LoginRequiredMixin, TemplateView):
    """Whom the member has blocked, the latest first. Nobody else sees it."""

    template_name = "profiles/blocked.html"

    def get_context_data(self, **kwargs):
        blocks = Block.objects.filter(member=self.request.user).select_related("blocked")
        pager = Pager(blocks, self.request.GET)
        return super().get_context_data(
            **kwargs, section="people", pager=pager, blocked=[block.blocked for block in pager.rows]
        )
