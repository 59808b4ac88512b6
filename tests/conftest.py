"""What every test stands on: an empty cache, and the people that most tests need."""

import pytest
from django.core.cache import cache
from django.db import connection


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
