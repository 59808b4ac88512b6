import pytest
from django.db import transaction

from network.starter_library import load
from tests.processes import other_site  # noqa: F401 -- a fixture


@pytest.fixture(scope="module")
def starter_library(django_db_setup, django_db_blocker):
    """The starter library, loaded once for all that a module asks of it, and undone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)
