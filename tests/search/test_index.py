"""The index follows every change in the same transaction, can be rebuilt and checked, and survives migrations."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach
from commons.search import index
from commons.search.apps import _after_migrate
from commons.search.backends import backend
from commons.search.find import Search
from commons.search.models import JoinedSpelling, SearchEntry
from commons.tagging.models import Principle
from commons.texts.models import Text
from tests.factories import make_member, make_post, make_report, values_for

pytestmark = pytest.mark.django_db


def found(text):
    """Return the titles a visitor finds."""
    asked = Search(text, SearchEntry.objects.listed_to(AnonymousUser()))
    return set(SearchEntry.objects.filter(pk__in=asked.ranked()).values_list("title", flat=True))


@pytest.fixture
def author():
    return make_member("Ann Lee", in_directory=False)


@pytest.fixture
def post(author):
    return make_post(author, title="Bushes", body="Of gooseberry.", keywords=["soft fruit"])


def test_the_seeds_are_there():
    assert set(JoinedSpelling.objects.pairs()) == {
        ("co", "production"),
        ("co", "design"),
        ("co", "ordinat"),
        ("time", "bank"),
    }
    assert SearchEntry.objects.filter(kind="principle").count() == 6
    assert SearchEntry.objects.filter(kind="sector").count() == 14


def test_an_entry_has_what_the_contribution_has(post):
    entry = SearchEntry.objects.get(contribution=post)
    assert (entry.kind, entry.reach, entry.title, entry.body) == (
        "blog",
        Reach.EVERYONE,
        "Bushes",
        "Of gooseberry.",
    )
    assert (entry.extra, entry.url, entry.year) == ("soft fruit, Ann Lee", post.get_absolute_url(), post.year)
    assert entry.published_at == post.published_at
    assert found("fruit") == found("gooseberry") == {"Bushes"}


def test_every_change_is_followed(post, author, administrator):
    post.revise(author, values_for(title="Trees", body="Of damson."), version=post.version)
    assert (found("gooseberry"), found("damson"), found("fruit")) == (set(), {"Trees"}, set())
    post.remove(administrator, "Off topic.")
    assert found("damson") == set()
    assert not SearchEntry.objects.filter(contribution=post).exists()
    post.restore(administrator)
    assert found("damson") == {"Trees"}
    post.revise(
        author, {**values_for(title="Trees", body="Of damson."), "audience": "members"}, version=post.version
    )
    assert found("damson") == set()
    assert SearchEntry.objects.get(contribution=post).reach == Reach.MEMBERS
    post.withdraw(author)
    assert not SearchEntry.objects.filter(contribution=post).exists()


def test_hiding_an_author_hides_what_they_wrote(post, author):
    author.hide_contributions()
    assert found("gooseberry") == set()
    author.hide_contributions(False)
    assert found("gooseberry") == {"Bushes"}


def test_a_draft_has_no_entry(author):
    draft = make_post(author, body="gooseberry", publish=False)
    assert not SearchEntry.objects.filter(contribution=draft).exists()


def test_a_change_that_is_rolled_back_is_not_indexed(author):
    with transaction.atomic():
        make_post(author, body="gooseberry")
        assert len(found("gooseberry")) == 1
        transaction.set_rollback(True)
    assert found("gooseberry") == set()


def test_a_kind_s_own_words_are_indexed():
    report = make_report(title="Inside Out", authors=["Persephone Plum"], identifier="ISBN 9781904899000")
    index.index_contributions([report.pk])
    assert found("persephone") == found("9781904899000") == {"Inside Out"}


def test_many_are_indexed_in_a_fixed_number_of_queries_a_batch(author, django_assert_num_queries):
    ids = [make_post(author).pk for _ in range(3)]
    for more in (0, 20):
        ids += [make_post(author).pk for _ in range(more)]
        SearchEntry.objects.filter(contribution__in=ids).update(body="as it was")
        with django_assert_num_queries(3):
            index.index_contributions(ids)
        with django_assert_num_queries(2):  # nothing has changed: nothing is written
            index.index_contributions(ids)


def test_put_and_drop_of_something_else(author):
    fields = {"kind": "member", "title": "Ann Lee", "reach": Reach.EVERYONE, "url": "/members/ann/"}
    SearchEntry.objects.put(author, **fields)
    SearchEntry.objects.put(
        author, **{**fields, "title": "Ann Gooseberry", "summary": "S" * 900, "body": "x\x00y"}
    )
    entry = SearchEntry.objects.for_target(author).get()
    assert (entry.title, len(entry.summary), entry.body) == ("Ann Gooseberry", 400, "x y")
    SearchEntry.objects.put(author, **{**fields, "reach": Reach.NOBODY})
    assert not SearchEntry.objects.for_target(author).exists()
    SearchEntry.objects.put(author, **fields)
    SearchEntry.objects.drop(author)
    assert not SearchEntry.objects.for_target(author).exists()


def test_a_term_is_found_by_its_text_and_its_new_name():
    term = Principle.objects.get(slug="blurring-distinctions")
    Text.write(term.text_key, title=term.name, body="About **gooseberries**.")
    term.name = "Blurring the lines"
    term.save()
    index.index_term(term)
    assert found("gooseberry") == {"Blurring the lines"}
    assert SearchEntry.objects.filter(kind="principle").count() == 6


def test_terms_that_are_gone_are_dropped():
    Principle.objects.filter(slug="blurring-distinctions").delete()
    index.index_vocabulary()
    assert found("blurring") == set()
    assert SearchEntry.objects.filter(kind="principle").count() == 5


# --- rebuilding and checking ------------------------------------------------------------------------


def test_all_agree(post):
    make_member("Listed Person").reindex()
    assert index.check() == []
    out = StringIO()
    call_command("check_search", stdout=out)
    assert "agrees" in out.getvalue()


def test_check_says_what_is_wrong_and_rebuild_mends_it(post, author):
    other = make_post(author, body="damson")
    gone = make_post(author, body="medlar")
    SearchEntry.objects.filter(contribution=post).delete()
    SearchEntry.objects.filter(contribution=other).update(body="quince")
    Contribution.objects.filter(pk=gone.pk).update(reach=0)
    assert sorted(index.check()) == sorted(
        [f"missing: blog {post.pk}", f"differs: blog {other.pk} (body)", f"left over: blog {gone.pk}"]
    )
    err = StringIO()
    with pytest.raises(CommandError, match="3 things are wrong"):
        call_command("check_search", stderr=err)
    assert f"missing: blog {post.pk}" in err.getvalue()
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert index.check() == []
    assert found("gooseberry") == {"Bushes"}
    assert found("medlar") == found("quince") == set()
    assert f"{SearchEntry.objects.count()} entries" in out.getvalue()


def test_check_sees_that_the_engine_lags(post):
    _lose_the_triggers()
    SearchEntry.objects.filter(contribution=post).update(title="Damson")
    assert len(backend().check(connection)) >= 1
    index.rebuild()
    assert index.check() != [] or found("damson") == set()
    assert backend().check(connection) == []


def test_rebuilding_asks_every_source(author, monkeypatch):
    def source():
        yield author, {"kind": "thing", "title": "Gooseberry thing", "reach": Reach.EVERYONE, "url": "/x/"}

    monkeypatch.setattr(index, "_sources", [])
    index.register_source(source)
    index.register_source(source)
    index.rebuild()
    assert found("gooseberry") == {"Gooseberry thing"}
    assert index.check() == []


class Terminal(StringIO):
    def isatty(self):
        return True


def test_rebuilding_shows_how_far_it_is(post, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 10)
    err = StringIO()
    call_command("rebuild_search", stdout=StringIO(), stderr=err)
    full = "[##############################] 100%"
    assert err.getvalue().splitlines() == [
        "entries        [##############----------------]  48%  10 of 21",
        "entries        [############################--]  95%  20 of 21",
        f"entries        {full}  21 of 21",
        "index          [------------------------------]   0%  0 of 1",
        f"index          {full}  1 of 1",
    ]
    terminal = Terminal()
    call_command("rebuild_search", stdout=StringIO(), stderr=terminal)
    drawn = terminal.getvalue()
    assert drawn.startswith("\rentries        [##############----------------]  48%  10 of 21\r\rentries")
    assert drawn.endswith(f"\rindex          {full}  1 of 1\n")
    silent = StringIO()
    call_command("rebuild_search", stdout=StringIO(), stderr=silent, verbosity=0)
    assert silent.getvalue() == ""


# --- after a migration ------------------------------------------------------------------------------


def _lose_the_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER search_fulltext_{name}")
        else:
            cursor.execute("DROP TRIGGER search_document ON search_searchentry")


def test_lost_triggers_come_back_and_what_was_missed_is_indexed(post):
    _lose_the_triggers()
    SearchEntry.objects.filter(contribution=post).update(body="damson")
    assert found("damson") == set()
    _after_migrate(None, using="default")
    assert found("damson") == {"Bushes"}
    SearchEntry.objects.filter(contribution=post).update(body="medlar")
    assert (found("damson"), found("medlar")) == (set(), {"Bushes"})
    assert backend().check(connection) == []


def test_installing_twice_changes_nothing(post):
    backend().install(connection)
    assert found("gooseberry") == {"Bushes"}


@pytest.mark.django_db(transaction=True)
def test_a_table_that_django_makes_anew_is_searched_as_before():
    post = make_post(make_member(in_directory=False), title="Bushes", body="gooseberry")
    old = SearchEntry._meta.get_field("title")
    longer = models.CharField(old.verbose_name, max_length=old.max_length + 1)
    longer.set_attributes_from_name("title")
    longer.model = SearchEntry
    with connection.schema_editor() as editor:
        editor.alter_field(SearchEntry, old, longer)
    try:
        call_command("migrate", verbosity=0)
        SearchEntry.objects.filter(contribution=post).update(title="Damson")
        assert found("damson") == found("gooseberry") == {"Damson"}
        assert backend().check(connection) == []
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(SearchEntry, longer, old)
        call_command("migrate", verbosity=0)
