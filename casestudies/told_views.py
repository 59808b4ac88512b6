"""The pages of telling it together: whom the author has invited, and what those invited have to say."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from commons.contributions import kinds
from commons.contributions.comment_views import CommentCreateView
from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.contributions.writing import sign_in_first

from .models import Account, CaseStudy
from .told import NotInvited, change_stance, decline, invite, tell
from .told_forms import InvitationForm, StanceForm, TellForm

SECTION = "case-studies"
REFUSED = {
    "self": gettext_lazy("That is you. Invite somebody from the other side."),
    "already": gettext_lazy("You have invited them already."),
    "too_many": gettext_lazy("You have invited as many people as you can."),
    "not_listed": gettext_lazy("Publish your case study first: nobody else can read it yet."),
    "no_side": gettext_lazy("Say first, in the form of your case study, from which side you tell it."),
}


class InviteView(View):
    """For its author alone: whom they have invited, what came of it, and inviting one more."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        own = CaseStudy.objects.visible_to(request.user).by(request.user)
        self.case_study = own.with_id(kwargs["item"].pk)
        if self.case_study is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, item):
        kept = give_back(request)
        initial = {name: values[-1] for name, values in kept.fields.items()} if kept else None
        return self.show(InvitationForm(initial=initial, by=request.user))

    def post(self, request, item):
        form = InvitationForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.show(form)
        try:
            invite(self.case_study, form.member)
        except NotInvited as refused:
            form.add_error("who", REFUSED[refused.reason])
            return self.show(form, status=409)
        forget_used(request)
        messages.success(
            request, _("%(name)s is invited, and will be told.") % {"name": form.member.display_name}
        )
        return redirect(self.case_study.url_below("invite/"))

    def show(self, form, status=200):
        invited = Account.objects.filter(case_study=self.case_study.pk).select_related("member", "comment")
        kind = kinds.get(self.case_study.kind)
        context = {
            "form": form,
            "item": self.case_study,
            "invited": [
                {
                    "name": each.member.display_name,
                    "url": each.member.get_absolute_url(),
                    "words": state_words(each),
                }
                for each in invited
            ],
            "crumbs": [*kinds.crumbs(kind.code), (self.case_study.title, self.case_study.get_absolute_url())],
            "section": SECTION,
            "written_by": {"name": FIELD, "value": sign_writer(self.request.user)},
        }
        return render(self.request, "casestudies/invite.html", context, status=status)


def state_words(account):
    """Return what came of an invitation, in words."""
    if account.told_at:
        readable = account.comment is not None and account.comment.listed
        return str(account.get_stance_display()) if readable else _("Told; not to be read at present.")
    return _("Would rather not.") if account.declined_at else _("Invited; no answer yet.")


class TellView(CommentCreateView):
    """For somebody who was invited: telling it from their side, changing how they saw it, or saying no."""

    form_class = TellForm
    template_name = "casestudies/tell.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            invited = Account.objects.filter(case_study=kwargs["item"].pk, member=request.user)
            self.account = invited.select_related("comment").first()
            if self.account is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def talk_pk(self):
        return self.kwargs["item"].pk

    def get(self, request, item):
        if self.account.told_at and self.account.comment_id:
            return self.show_stance(StanceForm(instance=self.account))
        return super().get(request, item.pk)

    def post(self, request, item):
        if request.POST.get("do") == "decline":
            decline(self.account)
            messages.success(request, _("You have said no. You can change your mind as long as you like."))
            return redirect("notifications:inbox")
        if self.account.told_at and self.account.comment_id:
            form = StanceForm(request.POST, instance=self.account)
            if not form.is_valid():
                return self.show_stance(form)
            change_stance(self.account, form.cleaned_data["stance"])
            messages.success(request, _("Your account now says so."))
            return redirect(self.account.comment)
        return super().post(request, item.pk)

    def made(self, comment, form):
        tell(self.account, comment, form.cleaned_data["stance"])

    def show(self, form, talk, **context):
        return super().show(form, talk, account=self.account, item=talk, **context)

    def show_stance(self, form):
        talk = self.find_talk()
        context = {"form": form, "item": talk, "account": self.account, "section": SECTION}
        return render(self.request, "casestudies/stance.html", context)
