"""Counting what each facet's options would find: one statement, in which every set of rows is looked for once.

A count leaves out its own facet's choices, so there are as many sets as there are facets chosen, and one
more. The sets are querysets that have passed the gate; only the counting over them is written here.
"""

# ruff: noqa: S608, S611 -- names in the SQL are our models' own; whatever was typed is a parameter.

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from commons.contributions.models import Contribution, TaggedContribution
from commons.contributions.paging import COUNT_TO

# The columns of a contribution by the facet's name.
COLUMNS = {
    "kind": "kind",
    "region": "region",
    "year": "year",
    "evidence": "evidence_level",
    "language": "language",
    "answered": "answered",
}
CONTRIBUTION_TAGS = {
    "principle": (Contribution.principles.through, "contribution_id", "principle_id"),
    "sector": (Contribution.sectors.through, "contribution_id", "servicesector_id"),
    "keyword": (TaggedContribution, "content_object_id", "tag_id"),
}


class Sets:
    """The statement's `WITH`: each set of rows is named once, and found once."""

    def __init__(self):
        self.names, self.statements, self.parameters = [], [], []

    def add(self, name, queryset, *columns):
        """Add the rows of a queryset under a name. Raises EmptyResultSet when it can have none."""
        sql, parameters = queryset.order_by().values(*columns).query.sql_with_params()
        self.statements.append(f"{name} AS MATERIALIZED ({sql})")
        self.parameters += parameters
        self.names.append(name)

    def statement(self, parts):
        """Return the SQL of all `parts`, which are SELECTs over the sets, and its parameters."""
        return f"WITH {', '.join(self.statements)} {' UNION ALL '.join(parts)}", self.parameters


def count(chosen, contributions):
    """Return (facet, value as text or None, how many) of every option.

    `contributions` have passed the gate.
    """
    sets = Sets()
    set_of = _naming(sets, chosen, contributions)
    parts = [_by_column(name, column, set_of(name)) for name, column in COLUMNS.items()]
    parts += [_by_tag(name, *tags, set_of(name)) for name, tags in CONTRIBUTION_TAGS.items()]
    return _rows(*sets.statement(parts))


def count_without(chosen, contributions):
    """Return {facet: how many there are when nothing is chosen in it} for each facet that has choices. One query.

    What is given is count()'s. Each is counted to COUNT_TO + 1.
    """
    parts, parameters = [], []
    for name in dict.fromkeys(name for name, _value, _words, _patch in chosen.chosen()):
        found = chosen.besides(name).narrow(contributions).order_by().values("pk")
        try:
            sql, values = found[: COUNT_TO + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT '{name}', COUNT(*) FROM ({sql}) part{len(parts)}")
        parameters += values
    return dict(_rows(" UNION ALL ".join(parts), parameters)) if parts else {}


def _rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def among(ids):
    """Return ids that we have read, as a value for `pk__in` that costs Django nothing for each of them."""
    return RawSQL(",".join(map(str, map(int, ids))) or "NULL", [])


def _naming(sets, chosen, contributions):
    """Return a function that gives the name of the set over which a facet is counted, added when it is new."""
    known = []

    def set_of(facet):
        besides = chosen.besides(facet)
        for same, name in known:
            if same == besides:
                return name
        name = f"listed{len(known)}"
        sets.add(name, besides.narrow(contributions), "id", *COLUMNS.values())
        known.append((besides, name))
        return name

    return set_of


def _by_column(name, column, source):
    return f"SELECT '{name}', CAST({column} AS text), COUNT(*) FROM {source} GROUP BY {column}"


def _by_tag(name, through, item, tag, source):
    table = connection.ops.quote_name(through._meta.db_table)
    # CROSS JOIN, for SQLite to look up the tags of the few that were found, and not to walk all tags there are.
    return (
        f"SELECT '{name}', CAST(t.{tag} AS text), COUNT(*) FROM {source} s "
        f"CROSS JOIN {table} t WHERE t.{item} = s.id GROUP BY t.{tag}"
    )
