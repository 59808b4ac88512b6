"""Statements made once find the same as the querysets they are made of, with each run's own values."""

import pytest
from django.contrib.auth.models import AnonymousUser

from blog.models import Post
from commons.contributions.models import Contribution
from commons.contributions.paging import Pager
from commons.contributions.prepared import Prepared, PreparedList, count_each
from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def author():
    return make_member("Prue Pared")


@pytest.fixture
def other():
    return make_member("Otto Other")


def columns(item):
    return {name: value for name, value in vars(item).items() if name != "_state"}


def test_rows_are_what_the_queryset_finds(author):
    for n in range(3):
        make_post(author, title=f"Post {n}")
    listed = Contribution.objects.listed_to(VISITOR).newest().for_cards()
    rows = Prepared(lambda: listed).rows()
    assert [columns(row) for row in rows] == [columns(item) for item in listed]
    assert {(row._state.db, row._state.adding) for row in rows} == {("default", False)}


def test_a_kind_s_own_rows_are_whole(author):
    post = make_post(author)
    [row] = Prepared(lambda pk: Post.objects.filter(pk=pk), 0).rows(post.pk)
    assert (type(row), row.body_html, row.card) == (Post, post.body_html, post.card)


def test_each_run_has_values_of_its_own(author, other, django_assert_num_queries):
    make_post(author, title="Mine")
    make_post(other, title="Theirs")
    titled = Prepared(
        lambda member, title: Contribution.objects.filter(author=member, title=title).values_list("title"),
        0,
        "",
    )
    with django_assert_num_queries(4):
        assert titled.rows(author.pk, "Mine") == [("Mine",)]
        assert titled.rows(other.pk, "Mine") == []
        assert titled.first(other.pk, "Theirs") == ("Theirs",)
        assert titled.first(author.pk, "Theirs") is None


def test_a_value_may_be_for_a_column_of_four_bytes(author):
    post = make_post(author)
    of_version = Prepared(lambda number: Contribution.objects.filter(version=number), 0)
    assert ([row.pk for row in of_version.rows(post.version)], of_version.rows(-1)) == ([post.pk], [])


def test_what_changed_since_the_last_run_is_seen(author):
    published = Prepared(lambda: Contribution.objects.listed_to(VISITOR).newest())
    assert published.count() == 0
    post = make_post(author)
    assert (published.count(), [row.pk for row in published.rows()]) == (1, [post.pk])
    post.withdraw(author)
    assert (published.count(), published.rows()) == (0, [])


def test_a_value_is_never_part_of_the_statement(author):
    make_post(author, title="Kept")
    titled = Prepared(lambda title: Contribution.objects.filter(title=title), "")
    assert titled.rows("' OR 1=1 --") == []
    assert titled.rows("%s") == []


def test_a_related_row_comes_with_it(author, django_assert_num_queries):
    make_post(author)
    byline = Contribution.objects.create(kind="report", title="Of nobody here", byline="Pru")
    related = Prepared(lambda: Contribution.objects.select_related("author").order_by("pk"))
    with django_assert_num_queries(1):
        mine, theirs = related.rows()
        assert (mine.author, theirs.author, theirs.pk) == (author, None, byline.pk)


def test_many_are_counted_at_once(author, other, django_assert_num_queries):
    make_post(author, title="Mine")
    by = Prepared(lambda pk: Contribution.objects.filter(author=pk), 0)
    not_by = Prepared(lambda pk: Contribution.objects.exclude(author=pk), 0)
    with django_assert_num_queries(1):
        assert count_each({"by": by, "not by": not_by}, author.pk) == {"by": 1, "not by": 0}


def test_a_prepared_list_has_the_pages_of_its_queryset(author, other, django_assert_num_queries):
    for n in range(5):
        make_post(author, title=f"Post {n}")
    make_post(other, title="Not theirs")

    def by(pk):
        return Contribution.objects.filter(author=pk).listed_to(VISITOR).newest()

    made = PreparedList(by, 0)
    for number in ("1", "2", "3"):
        with django_assert_num_queries(2):
            pager = Pager(made.of(author.pk), {"page": number}, per_page=2)
            rows = pager.rows
        plain = Pager(by(author.pk), {"page": number}, per_page=2)
        assert ([row.pk for row in rows], pager.count) == ([row.pk for row in plain.rows], plain.count)
    assert Pager(made.of(other.pk), {}).count == 1
