"""What is held on oneself, asking for a copy of it, and fetching that: by the member alone, signed in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.files.storage import default_storage
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from commons.files.serving import Blocks
from commons.moderation.limits import sender_of, spend
from commons.personal_data.held import all_held

from .data_copy import DataCopy, State

# Each reads everything the member ever wrote.
COPIES_RATE = "5/d"


class DataCopyView(LoginRequiredMixin, TemplateView):
    """Whether there is a copy, and a button that asks for one."""

    template_name = "profiles/data_copy.html"

    def get_context_data(self, **kwargs):
        copy = DataCopy.objects.of(self.request.user).first()
        if copy is not None and copy.state == State.READY and copy.expires_at <= timezone.now():
            copy = None
        return super().get_context_data(**kwargs, copy=copy, section="people")

    def post(self, request, *args, **kwargs):
        if not spend("copy of data", sender_of(request), COPIES_RATE):
            messages.error(request, _("You have asked for several copies today. Please try again tomorrow."))
            return self.render_to_response(self.get_context_data(), status=429)
        DataCopy.objects.ask(request.user)
        messages.success(request, _("Your copy is being made. You are told when it is ready."))
        return redirect("profiles:data_copy")


class PrivacyView(LoginRequiredMixin, TemplateView):
    """What is held on a member and why, as each app declares it, and what they can do about it."""

    template_name = "profiles/privacy.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, all_held=all_held(), section="people")


class DataCopyFileView(LoginRequiredMixin, View):
    """The file itself, in blocks. For anybody else, and after its time, it is not there."""

    def get(self, request, token):
        copy = get_object_or_404(DataCopy.objects.of(request.user).ready(), token=token)
        try:
            content = default_storage.open(copy.path)
        except FileNotFoundError:
            raise Http404 from None
        day = timezone.localtime(copy.ready_at).date()
        name = f"{slugify(settings.NETWORK_NAME) or 'network'}-{day.isoformat()}.zip"
        return StreamingHttpResponse(
            Blocks(content, 0, copy.size),
            content_type="application/zip",
            headers={
                "Content-Length": str(copy.size),
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Security-Policy": settings.SECURE_CSP_FILE,
            },
        )
