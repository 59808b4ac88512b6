"""What every test stands on: an empty cache, and the people that most tests need."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations

from commons.moderation import append_only


@pytest.fixture(scope="session", autouse=True)
def _flush_empties_every_table():
    """Between tests that commit, SQLite deletes all rows: the triggers that refuse that are lifted for as long."""

    def flush(operations, statements):
        append_only.uninstall(operations.connection)
        empty(operations, statements)
        append_only.install(operations.connection)

    empty = DatabaseOperations.execute_sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; the fixture's value is what migrating put into it."""
    with django_db_blocker.unblock():
        return connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def member(db):
    from tests.factories import make_member

    return make_member("Ann Lee")


@pytest.fixture
def other_member(db):
    from tests.factories import make_member

    return make_member("Bola Ade")


@pytest.fixture
def administrator(db):
    from tests.factories import make_administrator

    return make_administrator()


@pytest.fixture
def queries(django_assert_num_queries):
    """Assert a literal number of queries: `with queries(3): ...`."""
    return django_assert_num_queries
