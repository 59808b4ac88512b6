"""What runs on SQLite alone when the suite runs on both databases: tests that have no way to a database."""

import pytest

from profiles.models import Member
from tests.databases import has_a_way
from tests.processes import other_site  # noqa: F401 -- a fixture


def test_one_without_a_way_is_refused_a_connection(request):
    assert not has_a_way(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Member.objects.exists()


@pytest.mark.django_db
def test_one_with_the_marker(request):
    assert has_a_way(request.node)


def test_one_whose_fixture_needs_a_database(request, member):
    assert has_a_way(request.node)


def test_one_that_starts_processes_on_a_copy(request, other_site):  # noqa: F811
    assert has_a_way(request.node)
    assert other_site.manage("migrate", "--check").returncode == 0
