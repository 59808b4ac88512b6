"""Statements whose SQL is made once.

Django turns a queryset into SQL anew each time it is run, which takes a thousand function calls and more: most of
what a short page costs. What is asked on every page, or on most, is therefore built once a process, with
placeholders where a run's own values go. The querysets are the same ones, through the same gate; nothing that was
read is kept.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.query import ModelIterable, get_related_populators

# Stand where values will go while a statement is made: nothing else in a query of ours is like them. The number fits
# the columns of four bytes too, for Django makes no statement of what a column can't hold.
NUMBER, WORD = 2_100_000_000, "\ue002placeholder "


class Prepared:
    """A queryset that is built once.

    `build` is called with a placeholder for each of `like`, which is 0 for a number and "" for a text, and returns
    the queryset of whole rows, or of values_list(). It may depend on nothing but those: what else differs from one
    run to the next (who reads, which page) makes another Prepared.
    """

    def __init__(self, build, *like):
        self.build = build
        self.placeholders = [f"{WORD}{n}" if value == "" else NUMBER + n for n, value in enumerate(like)]
        self.made = None

    def rows(self, *values):
        """Return what the queryset finds with these values: a list of instances, or of tuples. One query."""
        made = self._made()
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, made.parameters(values))
            found = cursor.fetchall()
        if made.converters:
            found = made.converted(found, connection)
        if made.model is None:
            return found
        from_db, names, own = made.model.from_db, made.names, made.own
        instances = [from_db(DEFAULT_DB_ALIAS, names, row[own]) for row in found]
        for name, place in made.annotated:
            for row, instance in zip(found, instances, strict=True):
                setattr(instance, name, row[place])
        for populator in made.populators:
            for row, instance in zip(found, instances, strict=True):
                populator.populate(row, instance)
        return instances

    def first(self, *values):
        """Return the first of rows(), or None."""
        return next(iter(self.rows(*values)), None)

    def count(self, *values):
        """Return how many rows there would be. One query, which reads none of them."""
        made = self._made()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({made.sql}) counted", made.parameters(values))  # noqa: S608
            return cursor.fetchone()[0]

    def _made(self):
        if self.made is None:
            self.made = _Made(self.build(*self.placeholders), self.placeholders)
        return self.made


def count_each(statements, *values):
    """Return {key: how many rows} for a dict of Prepared that all take these values. One query."""
    made = [statement._made() for statement in statements.values()]
    parts = [
        f"SELECT {place}, COUNT(*) FROM ({each.sql}) counted{place}"  # noqa: S608
        for place, each in enumerate(made)
    ]
    keys = list(statements)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(parts), [value for each in made for value in each.parameters(values)]
        )
        return {keys[place]: number for place, number in cursor.fetchall()}


class _Made:
    """The SQL of one queryset, and what its rows are turned into."""

    def __init__(self, queryset, placeholders):
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, given = compiler.as_sql()
        # Which of a run's values goes where: its number, or None for what is always the same.
        self.given = given
        self.places = [placeholders.index(value) if value in placeholders else None for value in given]
        self.converters = list(
            compiler.get_converters([column for column, _sql, _alias in compiler.select]).items()
        )
        self.model, self.populators, self.annotated = None, [], []
        if issubclass(queryset._iterable_class, ModelIterable):
            info = compiler.klass_info
            self.model = info["model"]
            self.own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
            self.names = [column.target.attname for column, _sql, _alias in compiler.select[self.own]]
            self.annotated = list(compiler.annotation_col_map.items())
            self.populators = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)

    def parameters(self, values):
        return [
            fixed if place is None else values[place]
            for fixed, place in zip(self.given, self.places, strict=True)
        ]

    def converted(self, rows, connection):
        """Return the rows with each column as its field has it."""
        rows = list(map(list, rows))
        for place, (converters, column) in self.converters:
            for row in rows:
                value = row[place]
                for converter in converters:
                    value = converter(value, column, connection)
                row[place] = value
        return rows


class PreparedList:
    """A list that many read, and that a Pager takes in place of its queryset. `build` and `like` are Prepared's.

    `counted` builds the same rows without what is joined to them, where that is more than counting needs.
    """

    def __init__(self, build, *like, counted=None):
        self.build, self.like, self.counted = build, like, counted or build
        self._part = cache(self._part)
        self._counted = cache(self._counted)

    def of(self, *values):
        """Return the list with these values in it."""
        return _Bound(self, values)

    def _part(self, start, stop):
        return Prepared(lambda *values: self.build(*values)[start:stop], *self.like)

    def _counted(self, limit):
        return Prepared(lambda *values: self.counted(*values).order_by().values("pk")[:limit], *self.like)


class _Bound:
    def __init__(self, made, values):
        self.made, self.values = made, values

    def part(self, start, stop):
        """Return the rows from `start` to `stop`. One query."""
        return self.made._part(start, stop).rows(*self.values)

    def count_to(self, limit):
        """Return how many there are, counted no further than `limit`. One query."""
        return self.made._counted(limit).count(*self.values)
