"""The snapshot of the vocabulary: read once in a request, and told apart by its digest."""

import pytest
from django.core.cache import cache

from commons.tagging import vocabulary
from commons.tagging.models import Principle

pytestmark = pytest.mark.django_db


def test_within_a_request_everything_is_given_the_same_snapshot(django_assert_num_queries):
    with vocabulary.one_for_all(), django_assert_num_queries(2):
        first = vocabulary.current()
        cache.clear()
        assert vocabulary.current() is first
    with django_assert_num_queries(2):
        assert vocabulary.current() is not first


def test_forgetting_is_noticed_within_the_same_request(django_capture_on_commit_callbacks):
    with vocabulary.one_for_all():
        before = vocabulary.current()
        with django_capture_on_commit_callbacks(execute=True):
            Principle.objects.filter(order=1).update(short_name="Renamed")
            vocabulary.forget()
        after = vocabulary.current()
    assert {"Renamed"} == {term.short_name for term in after.principles.values()} - {
        term.short_name for term in before.principles.values()
    }


def test_the_digest_is_the_same_for_the_same_terms_and_another_for_others():
    first = vocabulary.current().digest
    cache.clear()
    assert vocabulary.current().digest == first
    Principle.objects.filter(order=1).update(short_name="Renamed")
    cache.clear()
    assert vocabulary.current().digest != first
