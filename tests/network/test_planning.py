"""The database knows how many rows it has, and plans by that."""

import pytest
from django.db import connection

from commons.contributions.models import Contribution
from network.planning import count_rows
from network.worker import tidy
from tests.factories import make_post

pytestmark = pytest.mark.django_db

KNOWN = {
    "sqlite": "SELECT CAST(stat AS integer) FROM sqlite_stat1 WHERE tbl = %s",
    "postgresql": "SELECT reltuples FROM pg_class WHERE relname = %s",
}


def known():
    """Return how many contributions the database plans with."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN[connection.vendor], [Contribution._meta.db_table])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("number", [1, 7])
def test_it_counts_what_is_there(member, number):
    for _number in range(number):
        make_post(member)
    count_rows()
    assert known() == number


def test_the_worker_does_so_once_a_day_where_the_database_does_not(member):
    make_post(member)
    count_rows()
    make_post(member)
    tidy()
    assert known() == {"sqlite": 2, "postgresql": 1}[connection.vendor]
