"""Database buffers: how many 8 KB pages PostgreSQL reads, from memory or disk, for a page's statements."""

import json

from django.db import connection, transaction


def buffers_of(statements):
    """Return the buffers of all that reads among `statements` (SQL with its values), summed."""
    return sum(map(_buffers, filter(_reads, statements)))


def _reads(statement):
    return statement.lstrip(" (").upper().startswith(("SELECT", "WITH"))


def _buffers(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        # Not execute(statement, []): a % in it is no placeholder.
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return sum(top.get(f"{kind} {how} Blocks", 0) for kind in ("Shared", "Local") for how in ("Hit", "Read"))


def settle():
    """Tell PostgreSQL what its tables hold, as it would learn by itself within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
