"""Statements that a page asks again and again: put together by the ORM once, then asked with other numbers.

To put a statement of some size together takes the ORM longer than it takes the database to answer. Only for SELECTs
that differ in whole numbers, such as ids; what they ask for is still said in querysets, the gate's among them.
"""

import threading

from django.db import DEFAULT_DB_ALIAS, connections

# In a statement that is put together, these stand for the numbers that it will be asked with.
STAND_INS = range(2_147_400_001, 2_147_400_020)


class Prepared:
    """The statement of `build(*numbers)`, which returns a queryset of values_list()."""

    def __init__(self, build):
        self.build = build
        self.here = threading.local()  # a statement knows its connection, and each thread has its own

    def rows(self, *numbers):
        """Return the rows of the queryset for these numbers. One query."""
        compiler, sql, parameters = self._statement(len(numbers))
        with compiler.connection.cursor() as cursor:
            cursor.execute(sql, [numbers[place] if place is not None else own for place, own in parameters])
            found = cursor.fetchall()
        return list(compiler.results_iter(results=[found]))

    def _statement(self, how_many):
        """Return (compiler, SQL, parameters); of a parameter, (which of the numbers it is or None, its own value)."""
        kept = getattr(self.here, "statement", None)
        connection = connections[DEFAULT_DB_ALIAS]
        if kept is None or kept[0].connection is not connection:
            compiler = self.build(*STAND_INS[:how_many]).query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            kept = compiler, sql, [(_which(parameter), parameter) for parameter in parameters]
            self.here.statement = kept
        return kept


def _which(parameter):
    stands_in = type(parameter) is int and parameter in STAND_INS
    return STAND_INS.index(parameter) if stands_in else None
