"""Database buffers: how many 8 KB pages PostgreSQL reads, from memory or disk, for a page's statements."""

import json

from django.db import connection, transaction


def buffers_of(statements):
    """Return the buffers of all that reads among `statements` (SQL with its values), summed."""
    return sum(_buffers(plan) for _statement, plan in plans_of(statements))


def plans_of(statements):
    """Yield (statement, plan) of all that reads among `statements`, after running it once more."""
    for statement in filter(_reads, statements):
        yield statement, _plan(statement)


def _reads(statement):
    return statement.lstrip(" (").upper().startswith(("SELECT", "WITH"))


def _plan(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        # Not execute(statement, []): a % in it is no placeholder.
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def _buffers(plan):
    return sum(plan.get(f"{kind} {how} Blocks", 0) for kind in ("Shared", "Local") for how in ("Hit", "Read"))


def steps_of(plan):
    """Return each step of a plan on rows: what is read and how, in how many buffers, such as
    "comment by comment_position_once: 4".
    """
    own = []
    if "Relation Name" in plan:
        how = plan.get("Index Name") or "every row"
        own = [f"{plan['Relation Name'].partition('_')[2]} by {how}: {_buffers(plan)}"]
    return own + [step for part in plan.get("Plans", []) for step in steps_of(part)]


def table_of_plans(columns):
    """Return a Markdown table of what pages read, statement by statement. `columns` is {heading: statements}."""
    plans = [list(plans_of(statements)) for statements in columns.values()]
    lines = [f"| | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    for number in range(max(map(len, plans))):
        cells = [
            f"{_buffers(of[number][1])} ({'; '.join(steps_of(of[number][1]))})" if number < len(of) else ""
            for of in plans
        ]
        lines.append(f"| statement {number + 1} | {' | '.join(cells)} |")
    totals = [str(sum(_buffers(plan) for _statement, plan in of)) for of in plans]
    return "\n".join([*lines, f"| all | {' | '.join(totals)} |"])


def settle():
    """Tell PostgreSQL what its tables hold, as it would learn by itself within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
