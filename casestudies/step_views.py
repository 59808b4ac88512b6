"""The steps of the full form: each is saved by itself, over the version that stands."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from commons.contributions import kinds
from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.contributions.models import StaleEdit
from commons.contributions.writing import sign_in_first
from commons.moderation.holds import form_signs, opened_stamp

from .models import CaseStudy
from .step_forms import STEPS, SharingForm, step_of

SAVE, GO_ON, MORE_ROWS = "save", "go-on", "rows"


class StepView(View):
    """One step, for its author: saving it and going on, saving it and stopping, or more rows, which saves nothing."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        self.item = CaseStudy.objects.editable_by(request.user).with_id(kwargs["item"].pk)
        self.step, self.following = step_of(kwargs["step"])
        if self.item is None or self.step is None:
            raise Http404
        self.kept = None
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, item, step):
        self.kept = give_back(request)
        if self.kept is None:
            return self.show(self.step.form(instance=self.item, by=request.user))
        typed = request.GET.copy()
        for name, values in self.kept.fields.items():
            typed.setlist(name, values)
        form = self.step.form(typed, instance=self.item, by=request.user)
        form.hush()
        return self.show(form)

    def post(self, request, item, step):
        more = request.POST.get("do") == MORE_ROWS
        form = self.step.form(request.POST, request.FILES, instance=self.item, by=request.user, more=more)
        if more:
            form.hush()
        if more or not form.is_valid():
            return self.show(form)
        version = form.cleaned_data["version"]
        item = CaseStudy.objects.editable_by(request.user).with_id(self.item.pk)
        try:
            item.revise(
                request.user,
                form.values(),
                version=item.version if version is None else version,
                form_signs=form_signs(request.POST),
            )
        except StaleEdit as stale:
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
            return self.show(form, status=409, current=stale.current)
        forget_used(request)
        if item.is_awaiting:
            messages.info(
                request,
                _("Your text is saved and awaits approval. You will be told when others can read it."),
            )
        else:
            messages.success(request, _("“%(step)s” is saved.") % {"step": self.step.label})
        if request.POST.get("do") == GO_ON and self.following:
            return redirect(item.url_below(f"edit/{self.following.slug}/"))
        return redirect(item.get_absolute_url())

    def show(self, form, *, status=200, **context):
        kind = kinds.get(CaseStudy.KIND)
        path = self.item.url_below("edit/")
        steps = [
            {"label": each.label, "url": f"{path}{each.slug}/", "here": each is self.step} for each in STEPS
        ]
        problems = form.row_problems() if form.is_bound else []
        return render(
            self.request,
            "casestudies/step.html",
            {
                "form": form,
                "item": self.item,
                "step": self.step,
                "following": self.following,
                "number": STEPS.index(self.step) + 1,
                "of": len(STEPS),
                "steps": steps,
                "quick_url": path,
                "problems": problems,
                "crumbs": [*kinds.crumbs(kind.code), (self.item.title, self.item.get_absolute_url())],
                "section": "case-studies",
                "kept": self.kept,
                "written_by": {"name": FIELD, "value": sign_writer(self.request.user)},
                "opened": opened_stamp(self.request.POST),
                **context,
            },
            status=status,
        )


class FilesStepView(StepView):
    """The step that takes files. `form_class` says how large what is sent may be (network/uploads.py)."""

    form_class = SharingForm
