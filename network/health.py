"""What machines ask: whether the web server lives (/healthz) and whether the site can do its work (/readyz).

Neither starts a session or tells a stranger more than one word. /healthz asks nothing of the database.
"""

import shutil
from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .models import WorkerBeat

MACHINES = frozenset({"/healthz", "/readyz"})
# The worker shows itself every WorkerBeat.EVERY; a slow mail server, or the daily tidying, takes a while.
WORKER_AWAY_FOR = timedelta(minutes=3)
LEAST_FREE = 100_000_000  # bytes, or a twentieth of a small disk
SHARE_FREE = 20

_migrated = False  # once true it stays so for as long as this process runs


@require_safe
@never_cache
def healthz(request):
    """Answer "ok" in plain text."""
    return _plain("ok\n")


@require_safe
@never_cache
def readyz(request):
    """Answer "ready" or, with 503, "not ready"; administrators are told what is amiss."""
    found = {
        "database": _has_database(),
        "disk": _has_room(),
    }
    found |= {
        "migrations": found["database"] and _is_migrated(),
        "worker": found["database"] and _has_worker(),
    }
    ready = all(found.values())
    words = "ready\n" if ready else "not ready\n"
    if found["database"] and _is_administrator(request):
        words += "".join(f"{name}: {'ok' if fine else 'not ok'}\n" for name, fine in sorted(found.items()))
    return _plain(words, 200 if ready else 503)


def _plain(words, status=200):
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _has_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _is_migrated():
    """Whether no migration of this version waits."""
    global _migrated
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return False
    return _migrated


def _has_worker():
    """Whether any worker has shown itself lately."""
    try:
        return WorkerBeat.objects.filter(at__gte=timezone.now() - WORKER_AWAY_FOR).exists()
    except DatabaseError:
        return False


def _has_room():
    """Whether the data folder is there, with room for what members will send."""
    try:
        usage = shutil.disk_usage(settings.NETWORK_DATA)
    except OSError:
        return False
    return usage.free >= min(LEAST_FREE, usage.total // SHARE_FREE)


def _is_administrator(request):
    try:
        return admin.site.has_permission(request) and request.user.may_act
    except DatabaseError:
        return False
