"""A test that commits leaves nothing behind, and what migrating put into the database stays there."""

import pytest
from django.contrib.auth.models import Group
from django.test import TransactionTestCase

from commons.tagging.models import Principle
from profiles.models import Member
from tests.factories import make_member


@pytest.fixture(scope="module")
def after_one_that_commits(django_db_setup, django_db_blocker):
    """Commit as a test with `transaction=True` does, and clean up as it does."""
    with django_db_blocker.unblock():
        before = Principle.objects.count(), Group.objects.count()
        make_member()
        Principle.objects.all().delete()
        TransactionTestCase()._fixture_teardown()
    return before


@pytest.mark.django_db
def test_the_database_is_as_it_was_migrated(after_one_that_commits):
    assert after_one_that_commits == (Principle.objects.count(), Group.objects.count())
    assert after_one_that_commits > (0, 0)
    assert Member.objects.count() == 0
    assert Principle.objects.create(name="Another", slug="another", order=99).pk > after_one_that_commits[0]
