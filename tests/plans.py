"""How a database goes about a statement: by which index, and whether it has to put anything in order."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

# PostgreSQL would rather read all of a table as small as a test's, and sort it.
DEARER = ("enable_seqscan", "enable_bitmapscan", "enable_sort")


def plan_of(ask):
    """Return the plan, as text, of the one statement that calling `ask` runs."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    (statement,) = [query["sql"] for query in asked]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            return "\n".join(step for *_places, step in cursor.fetchall())
        for setting in DEARER:
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(step for (step,) in cursor.fetchall())


def reads(plan, index):
    """Whether a plan reads this index."""
    return index in plan.split()


def in_order_of(plan, index):
    """Whether a plan reads this index, and sorts nothing."""
    return reads(plan, index) and "Sort" not in plan and "ORDER BY" not in plan


def from_alone(plan, index):
    """Whether a plan reads this index without the rows that it leads to."""
    return f"COVERING INDEX {index} " in plan or f"Index Only Scan using {index} " in plan
