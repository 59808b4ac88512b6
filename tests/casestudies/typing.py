"""What is typed into the forms of a case study, as a browser sends it."""

import uuid

from commons.tagging.models import Principle, ServiceSector


def quick(**values):
    """The quick form, all that publishing asks for."""
    return {
        "title": "A time bank in Leeds",
        "body": "Neighbours began to swap hours.",
        "principles": [Principle.objects.order_by("order").first().pk],
        "sectors": [ServiceSector.objects.order_by("order").first().pk],
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "do": "publish",
        **values,
    }


def table(name, *rows, total=None):
    """The rows (dicts) of one table of a step."""
    typed = {f"{name}-TOTAL_FORMS": len(rows) if total is None else total, f"{name}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        typed |= {f"{name}-{number}-{column}": value for column, value in row.items()}
    return typed


def cost(**values):
    """One row of costs and benefits that says all it must."""
    return {"holder": "The council", "flow": "cost", "low": "1,250.50", "currency": "GBP", **values}
