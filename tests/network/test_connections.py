"""How a connection to the database is set up."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

SET_UP = {"sqlite": ("PRAGMA busy_timeout", 20_000), "postgresql": ("SHOW jit", "off")}


def test_a_connection_is_set_up_for_what_it_is_for():
    """SQLite waits for a writer; PostgreSQL compiles no statement, which would take longer than running it."""
    statement, expected = SET_UP[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchone()[0] == expected
