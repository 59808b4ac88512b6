"""Whether the web server answers at all, for load balancers and bin/run: asks neither database nor session."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request):
    """Answer "ok" in plain text."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
