"""What every test stands on: a migrated database, an empty cache, and the people that most tests need."""

import os

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from commons.moderation import append_only
from tests import databases


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, leave out what nothing can differ in: what has no way to a database, and what says so itself.

    That ran on SQLite. The marker is for what takes long and whose statements other tests ask of both databases.
    """
    if "DATABASE_URL" in os.environ:
        once = {
            item for item in items if not databases.has_a_way(item) or item.get_closest_marker("one_database")
        }
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in once]


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
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The test database, migrated; a test that commits leaves it so again.

    Made here and not by pytest-django, which makes none when no test that was chosen has its marker: a test of
    other processes needs one all the same, to copy it. And Django leaves an empty database behind a test that
    commits: the next one would miss the vocabulary, unless it commits too.
    """

    def as_migrated(_case):
        call_command(
            "flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True
        )
        connection.creation.deserialize_db_from_string(contents)

    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, aliases={"default"}, serialized_aliases={"default"}
        )
        contents = connection._test_serialized_contents
        databases.keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", as_migrated)
        yield
    with django_db_blocker.unblock():
        databases.forget()
        teardown_databases(made, verbosity=0)


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
