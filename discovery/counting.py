"""Counting what each facet's options would find: one statement, in which every set of rows is looked for once.

A count leaves out its own facet's choices, so there are as many sets as there are facets chosen, and one
more. The sets are querysets that have passed the gate; only the counting over them is written here.
"""

# ruff: noqa: S608, S611 -- names in the SQL are our models' own; whatever was typed is a parameter.

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from commons.contributions.lists import somebody
from commons.contributions.models import Contribution, TaggedContribution
from commons.contributions.paging import COUNT_TO
from commons.search.models import SearchEntry
from profiles.models import Member

from .kinds import MEMBER

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
MEMBER_TAGS = {
    "principle": (Member.principles.through, "member_id", "principle_id"),
    "sector": (Member.sectors.through, "member_id", "servicesector_id"),
}
# Stand in a statement that is made once, where ids that were found will.
CONTRIBUTIONS, OTHERS = "/* contributions found */", "/* others found */"

_of_found = {}


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


def count(chosen, contributions, others=None):
    """Return (facet, value as text or None, how many) of every option; a facet may name a value more than once.

    `contributions` and `others` (search entries of anything else, or None where only contributions are counted)
    have passed the gate.
    """
    return _rows(*_statement(chosen, contributions, others))


def count_found(nothing, found, user):
    """Return the same of what a search Found, by a statement that is made once. `nothing` is what nobody chose."""
    signed_in = user.is_authenticated
    if signed_in not in _of_found:
        reader = somebody(signed_in)
        listed = Contribution.objects.listed_to(reader).filter(pk__in=RawSQL(CONTRIBUTIONS, []))
        others = SearchEntry.objects.listed_to(reader).filter(contribution=None, pk__in=RawSQL(OTHERS, []))
        _of_found[signed_in] = _statement(nothing, listed, others)
    sql, parameters = _of_found[signed_in]
    sql = sql.replace(CONTRIBUTIONS, _numbers(found.contributions)).replace(OTHERS, _numbers(found.others))
    return _rows(sql, parameters)


def count_without(chosen, contributions, others=None):
    """Return {facet: how many there are when nothing is chosen in it} for each facet that has choices. One query.

    What is given is count()'s. Each is counted to COUNT_TO + 1.
    """
    parts, parameters = [], []
    for name in dict.fromkeys(name for name, _value, _words, _patch in chosen.chosen()):
        besides = chosen.besides(name)
        sets = [besides.narrow(contributions)]
        sets += [] if others is None else [besides.narrow_others(others)]
        for found in sets:
            try:
                sql, values = found.order_by().values("pk")[: COUNT_TO + 1].query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(f"SELECT '{name}', COUNT(*) FROM ({sql}) part{len(parts)}")
            parameters += values
    counts = {}
    for name, number in _rows(" UNION ALL ".join(parts), parameters) if parts else ():
        counts[name] = counts.get(name, 0) + number
    return counts


def _rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _statement(chosen, contributions, others):
    sets = Sets()
    set_of = _naming(
        sets, chosen, "listed", lambda besides: besides.narrow(contributions), "id", *COLUMNS.values()
    )
    parts = [_by_column(name, column, set_of(name)) for name, column in COLUMNS.items()]
    parts += [_by_tag(name, *tags, set_of(name), "id") for name, tags in CONTRIBUTION_TAGS.items()]
    if others is not None:
        parts += _of_others(sets, chosen, others)
    return sets.statement(parts)


def among(ids):
    """Return ids that we have read, as a value for `pk__in` that costs Django nothing for each of them."""
    return RawSQL(_numbers(ids), [])


def _numbers(ids):
    return ",".join(map(str, map(int, ids))) or "NULL"


def _of_others(sets, chosen, others):
    """Return the parts that count members, principles and sectors found."""
    set_of = _naming(
        sets, chosen, "others", lambda besides: besides.narrow_others(others), "kind", "target_id"
    )
    parts = []
    for name in ("kind", *MEMBER_TAGS):
        try:
            source = set_of(name)
        except EmptyResultSet:  # what was chosen is nothing that they have
            continue
        if name == "kind":
            parts.append(_by_column(name, name, source))
        else:
            of_member = f"AND s.kind = '{MEMBER}'"
            parts.append(_by_tag(name, *MEMBER_TAGS[name], source, "target_id", of_member))
    return parts


def _naming(sets, chosen, prefix, narrow, *columns):
    """Return a function that gives the name of the set over which a facet is counted, added when it is new."""
    known = []

    def set_of(facet):
        besides = chosen.besides(facet)
        for same, name in known:
            if same == besides:
                return name
        name = f"{prefix}{len(known)}"
        sets.add(name, narrow(besides), *columns)
        known.append((besides, name))
        return name

    return set_of


def _by_column(name, column, source):
    return f"SELECT '{name}', CAST({column} AS text), COUNT(*) FROM {source} GROUP BY {column}"


def _by_tag(name, through, item, tag, source, key, where=""):
    table = connection.ops.quote_name(through._meta.db_table)
    # CROSS JOIN, for SQLite to look up the tags of the few that were found, and not to walk all tags there are.
    return (
        f"SELECT '{name}', CAST(t.{tag} AS text), COUNT(*) FROM {source} s "
        f"CROSS JOIN {table} t WHERE t.{item} = s.{key} {where} GROUP BY t.{tag}"
    )
