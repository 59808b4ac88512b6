"""Error pages: plain words in the site's look, and none that needs the database to say that it is gone.

None asks for a form's token (`requires_csrf_token`): that would read what was posted, which may be what can't be read.
"""

from django.http import HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from commons.contributions.kept import keep_typed_text

from .log_lines import request_id


def bad_request(request, exception=None):
    """400 without touching the request's form."""
    return HttpResponse(get_template("400.html").render({}), status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", {"next": request.get_full_path()}, status=404)


def too_large(request, limit, kept=None):
    """413 that says how many bytes were allowed, and leads back to the words that were `kept` (KeptText)."""
    return render(request, "413.html", {"limit": limit, "kept": kept}, status=413)


def server_error(request):
    """500 from a template that asks nothing of database, session or context."""
    context = {"request_id": request_id.get()}
    return HttpResponse(get_template("500.html").render(context), status=500)


def csrf_failure(request, reason=""):
    """Say that the page was open too long, and keep what was typed for its writer."""
    try:
        kept = keep_typed_text(request)
    except UnreadablePostError:  # cut off on its way here
        return bad_request(request)
    context = {"kept": kept, "title": _("Your page was open for a long time")}
    return render(request, "csrf_failure.html", context, status=403)
