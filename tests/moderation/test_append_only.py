"""What was decided, reported and answered stays as it was written: the database itself refuses, in plain SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from commons.moderation import append_only
from commons.moderation.models import Appeal, Case, Decision, Flag
from tests.factories import make_moderator, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(member, other_member):
    """A decision, a report and an answer."""
    post = make_post(member)
    Flag.objects.report(post, reason="spam", words="Look.", email="vi@example.org")
    post.remove(make_moderator(), "Off topic.")
    decision = Decision.objects.about(post).first()
    Appeal.objects.make(decision, member, "No.")
    return decision


def run(statement, parameters=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


REFUSED = {
    "moderation_decision": [
        "reason = 'Another.'", "reason = reason || '.'", "reason = '', action = 'approve'", "target_label = 'x'",
        "by_id = NULL", "by_id = about_id", "about_id = NULL", "at = '2001-01-01'", "action = 'approve'",
        "target_id = target_id + 1", "id = id + 1000", "to_status = ''", "from_status = ''", "reference = ''",
        "reason = NULL",
    ],
    "moderation_flag": [
        "words = 'x'", "email = 'x@example.org'", "reason = 'other'", "reference = 'x'", "by_id = NULL, words = 'x'",
        "made_at = '2001-01-01'", "language = 'cy'",
    ],
    "moderation_appeal": [
        "words = 'x'", "by_id = by_id + 1", "made_at = '2001-01-01'", "decision_id = decision_id + 1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("table", REFUSED)
def test_what_was_written_cannot_be_changed(rows, table):
    for change in REFUSED[table]:
        with pytest.raises(IntegrityError):
            run(f"UPDATE {table} SET {change}")  # noqa: S608


@pytest.mark.parametrize("table", REFUSED)
def test_nothing_is_deleted(rows, table):
    for statement in (f"DELETE FROM {table}", f"DELETE FROM {table} WHERE id > 0"):  # noqa: S608
        with pytest.raises(IntegrityError, match="append-only"):
            run(statement)


def test_the_orm_is_refused_too(rows):
    for change in (
        lambda: Decision.objects.all().delete(),
        lambda: Decision.objects.update(reason="x"),
        lambda: Flag.objects.all().delete(),
        lambda: Appeal.objects.update(words="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_erasure_may_blank_and_nothing_else(rows):
    for table, blank in {
        "moderation_decision": "reason = '', target_label = ''",
        "moderation_flag": "words = '', email = ''",
        "moderation_appeal": "words = ''",
    }.items():
        assert run(f"UPDATE {table} SET {blank}") > 0  # noqa: S608
    assert set(Decision.objects.values_list("reason", "target_label")) == {("", "")}
    assert Flag.objects.get().reason == "spam"


def test_what_becomes_of_a_report_can_be_noted(rows):
    Flag.objects.update(answered_at=None, outcome=None)
    Appeal.objects.update(outcome=rows, decided_at=rows.at)
    assert Appeal.objects.get().outcome == rows


# Ways to write over a row that are neither a plain UPDATE nor a plain DELETE.
REPLACING = {
    "sqlite": ["INSERT OR REPLACE INTO {row}", "REPLACE INTO {row}"],
    "postgresql": [
        "INSERT INTO {row} ON CONFLICT (id) DO UPDATE SET reason = excluded.reason",
        "INSERT INTO {row} ON CONFLICT (reference) DO UPDATE SET reason = excluded.reason",
    ],
}
OTHER_VERBS = {"sqlite": ["UPDATE OR REPLACE", "UPDATE OR IGNORE"], "postgresql": ["UPDATE ONLY"]}


def test_no_row_is_replaced(rows):
    names = [column.column for column in Decision._meta.concrete_fields]
    values = [getattr(rows, column.attname) for column in Decision._meta.concrete_fields]
    for changed in ({"reason": "x"}, {"reason": "x", "id": 99_999}):
        row = {**dict(zip(names, values, strict=True)), **changed}
        marks = ", ".join(["%s"] * len(row))
        inserted = f"moderation_decision ({', '.join(row)}) VALUES ({marks})"
        for statement in REPLACING[connection.vendor]:
            with pytest.raises(IntegrityError):
                run(statement.format(row=inserted), list(row.values()))
    for verb in OTHER_VERBS[connection.vendor]:
        with pytest.raises(IntegrityError, match="append-only"):
            run(f"{verb} moderation_decision SET reason = 'x'")
    assert Decision.objects.get(pk=rows.pk).reason == "Off topic."


def test_every_column_is_fixed_free_or_blankable():
    """A column that is added later and not named here would go unguarded."""
    for kept in append_only.TABLES:
        with connection.cursor() as cursor:
            there = {c.name for c in connection.introspection.get_table_description(cursor, kept.table)}
        assert there == set(kept.columns), kept.table
        assert {*kept.blankable, *kept.free} <= set(kept.columns)


def test_triggers_that_a_migration_dropped_are_put_back(rows):
    append_only.uninstall(connection)
    assert run("UPDATE moderation_decision SET reason = 'x'") > 0
    append_only.install(connection)
    append_only.install(connection)
    with pytest.raises(IntegrityError):
        run("DELETE FROM moderation_decision")


def test_the_queue_itself_is_no_record(rows):
    """Cases are open and closed: what was said hangs on them, and keeps them from being deleted."""
    with pytest.raises(Exception, match="protected"):
        Case.objects.all().delete()
