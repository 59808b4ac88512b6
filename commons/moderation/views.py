"""Reporting something, and answering a decision: the two forms with which people who don't moderate reach those who do.

What is reported hangs above this floor: contributions and profiles subclass `ReportView` with how to find theirs.
"""

from datetime import timedelta

from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from . import queued
from .forms import AppealForm, ReportForm
from .limits import sender_of, spend
from .models import Action, Appeal, AppealRefused, Case, Decision, Flag

REPORTS_RATE = "10/h"
APPEALS_RATE = "10/h"
ACKNOWLEDGEMENTS_RATE = "3/d"
SENT_SALT = "moderation.report"
SENT_FOR = timedelta(days=1)


@method_decorator(never_cache, name="dispatch")
class FormPageView(View):
    """A page with one form that anybody may send so often and no more. What was typed is shown again."""

    template_name = ""

    def initial(self):
        """Return what the empty form begins with. A floor above that keeps lost text gives it back here."""
        return {}

    def context_for_writer(self):
        """Return what the page needs so that a signed-in writer's text can be kept."""
        return {}

    def forget_kept(self):
        """It has been sent: what was kept of it is not needed any more."""

    def show(self, form, *, status=200, **context):
        context = {"form": form, "section": "", **self.context_for_writer(), **context}
        return render(self.request, self.template_name, context, status=status)

    def past(self, scope, rate):
        return not spend(scope, sender_of(self.request), rate)


class ReportView(FormPageView):
    """Reporting one thing, by anybody who can see it. The same report sent again keeps its reference."""

    template_name = "moderation/report.html"

    def get_target(self):
        """Return what is reported, through the gate; raise Http404."""
        raise NotImplementedError

    def describe(self, target):
        """Return what the page says of it: `own` (whether it is the reader's), `kind`, `by`, `crumbs` ...

        `name` is what it is called, `named` the same within a sentence.
        """
        raise NotImplementedError

    def get(self, request, **kwargs):
        sent = self.sent()
        if sent:
            return render(request, "moderation/report_sent.html", {"section": "", **sent})
        target = self.get_target()
        about = self.describe(target)
        if about["own"]:
            return self.refuse_own(about)
        return self.show_report(ReportForm(member=self.member(), initial=self.initial()), about)

    def post(self, request, **kwargs):
        target = self.get_target()
        about = self.describe(target)
        if about["own"]:
            return self.refuse_own(about)
        form = ReportForm(request.POST, member=self.member())
        if not form.is_valid():
            return self.show_report(form, about)
        typed = form.cleaned_data
        about_this = Flag.objects.filter(case__in=Case.objects.about(target))
        again = about_this.sent_with(typed["form_key"]).exists()
        if not again and self.past("report", REPORTS_RATE):
            form.add_error(
                None,
                _(
                    "You have sent several reports in a short time. Your words are here: try again in an hour."
                ),
            )
            return self.show_report(form, about, status=429)
        email = typed.get("email", "")
        flag = Flag.objects.report(
            target,
            reason=typed["reason"],
            words=typed["words"],
            by=self.member(),
            email=email,
            form_key=typed["form_key"],
            # Else anybody could fill somebody's letter box by way of this form.
            acknowledge=not email or spend("acknowledgement", email.lower(), ACKNOWLEDGEMENTS_RATE),
        )
        self.forget_kept()
        kept = (flag.reason, flag.words) == (typed["reason"], typed["words"])
        return redirect(f"{request.path}?sent={self.sign(flag.reference, bool(email), kept)}")

    def show_report(self, form, about, status=200):
        return self.show(form, status=status, about=about, crumbs=about["crumbs"])

    def refuse_own(self, about):
        """Nobody reports themselves: say kindly what they can do instead."""
        context = {"section": "", "about": about, "crumbs": about["crumbs"]}
        return render(self.request, "moderation/report_own.html", context)

    def member(self):
        return self.request.user if self.request.user.is_authenticated else None

    def sign(self, reference, has_address, kept):
        """Return the value of ?sent= that shows the thanks to whoever sent the report, and to nobody else."""
        thanks = [self.request.path, self.request.user.pk, reference, has_address, kept]
        return signing.dumps(thanks, salt=SENT_SALT)

    def sent(self):
        """Return what the thanks say, as this site signed it for this reader, or None.

        `answered`: there is an address to answer to; `kept`: this report was new, and not a second one about the same.
        """
        try:
            path, reporter, reference, has_address, kept = signing.loads(
                self.request.GET.get("sent", ""), salt=SENT_SALT, max_age=SENT_FOR
            )
        except signing.BadSignature:
            return None
        if (path, reporter) != (self.request.path, self.request.user.pk):
            return None
        return {"reference": reference, "answered": has_address or reporter is not None, "kept": kept}


# What was decided, as it is said to whom it concerns.
DECIDED = {
    Action.REMOVE: gettext_lazy("%(item)s was taken down"),
    Action.SUSPEND: gettext_lazy("Your membership was suspended"),
    Action.HIDE: gettext_lazy("Your profile was hidden"),
    Action.HIDE_WRITTEN: gettext_lazy("What you wrote was hidden"),
    Action.SPAMMER: gettext_lazy(
        "Your membership was suspended, and your profile and what you wrote were hidden"
    ),
}


class AppealView(FormPageView):
    """What was decided about somebody's own, why, and their one answer to it.

    Whoever has the reference may open it, signed in or not: it was sent to the member concerned alone, and one
    who is suspended can't sign in. A member it does not concern finds nothing.
    """

    template_name = "moderation/appeal.html"

    def get(self, request, reference):
        return self.show_decision(AppealForm(initial=self.initial()), self.get_decision())

    def post(self, request, reference):
        decision = self.get_decision()
        form = AppealForm(request.POST)
        if not form.is_valid():
            return self.show_decision(form, decision)
        if self.past("appeal", APPEALS_RATE):
            form.add_error(
                None, _("That was tried often in a short time. Your words are here: try again in an hour.")
            )
            return self.show_decision(form, decision, status=429)
        words = form.cleaned_data["words"]
        try:
            Appeal.objects.make(decision, decision.concerns(), words)
        except AppealRefused as refused:
            decision = self.get_decision()
            if getattr(decision, "appeal", None) is None or decision.appeal.words != words:
                form.add_error(None, str(refused))
                return self.show_decision(form, decision, status=409)
        self.forget_kept()
        return redirect(request.path)

    def get_decision(self):
        """Return the decision, if it is of a kind that can be answered and not about another member; else 404."""
        decision = Decision.objects.by_reference(self.kwargs["reference"])
        reader = self.request.user
        if decision is None or not decision.can_be_answered:
            raise Http404
        if reader.is_authenticated and reader.pk != decision.concerns().pk:
            raise Http404
        return decision

    def show_decision(self, form, decision, status=200):
        appeal = getattr(decision, "appeal", None)
        item = queued.in_a_sentence(decision.target_type, decision.target_label)
        return self.show(
            form,
            status=status,
            decision=decision,
            heading=DECIDED[decision.action] % {"item": item},
            decided_words=date_words(decision.at),
            appeal=appeal,
            answered_words=date_words(appeal.made_at) if appeal else "",
            outcome_words=date_words(appeal.decided_at) if appeal and appeal.decided_at else "",
            may_answer=appeal is None and not decision.is_reversed(),
        )


def date_words(moment):
    """Return a datetime's local day in words, such as "4 November 2026"."""
    return formats.date_format(timezone.localtime(moment), "j F Y")
