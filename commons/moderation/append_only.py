"""Tables to which rows are only added: the database refuses to delete them, and to change what they say.

A trigger refuses DELETE, and UPDATE but for one that blanks a text (erasure's one redaction) or writes a column
that is no part of what was said, such as when a report was answered. Emptying a whole table (TRUNCATE on
PostgreSQL) is not stopped: only the owner of the database can do that.
"""

from dataclasses import dataclass

from django.db import transaction


@dataclass(frozen=True)
class AppendOnly:
    """`blankable` texts may become empty, `free` columns may change, all others stay as they were written."""

    table: str
    columns: tuple
    blankable: tuple = ()
    free: tuple = ()

    @property
    def fixed(self):
        return [name for name in self.columns if name not in {*self.blankable, *self.free}]


TABLES = [
    AppendOnly(
        "moderation_decision",
        columns=(
            "id", "target_type_id", "target_id", "target_label", "about_id", "action", "from_status", "to_status",
            "reason", "by_id", "at", "reference",
        ),
        blankable=("target_label", "reason"),
    ),
    AppendOnly(
        "moderation_flag",
        columns=(
            "id", "case_id", "reference", "reason", "words", "by_id", "email", "language", "made_at", "answered_at",
            "outcome_id", "form_key",
        ),
        blankable=("words", "email"),
        free=("case_id", "answered_at", "outcome_id", "form_key"),
    ),
    AppendOnly(
        "moderation_appeal",
        columns=("id", "case_id", "decision_id", "by_id", "words", "made_at", "decided_at", "outcome_id"),
        blankable=("words",),
        free=("case_id", "decided_at", "outcome_id"),
    ),
]  # fmt: skip


def install(connection):
    """Put the triggers onto the tables that are there in full; those that stand already are left alone.

    While migrations are only part of the way, a table may lack columns: it waits for the end of the next migrate.
    """
    there = set(connection.introspection.table_names())
    put = {"sqlite": _put_on_sqlite, "postgresql": _put_on_postgresql}[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for kept in TABLES:
            if kept.table in there and _is_whole(connection, cursor, kept):
                put(cursor, kept)


def uninstall(connection):
    """Take the triggers away."""
    there = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for kept in TABLES:
            if connection.vendor == "sqlite":
                for name in _sqlite_triggers(kept):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            elif kept.table in there:
                cursor.execute(f"DROP TRIGGER IF EXISTS {kept.table}_append_only ON {kept.table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {kept.table}_append_only()")


def _is_whole(connection, cursor, kept):
    there = {column.name for column in connection.introspection.get_table_description(cursor, kept.table)}
    return there >= set(kept.columns)


def _allowed(kept, same):
    """The condition that an UPDATE changes nothing but what it may; `same` compares two values, empty ones too."""
    unchanged = [f"NEW.{name} {same} OLD.{name}" for name in kept.fixed]
    blanked = [f"(NEW.{name} {same} OLD.{name} OR NEW.{name} = '')" for name in kept.blankable]
    return " AND ".join([*unchanged, *blanked])


def _put_on_sqlite(cursor, kept):
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [kept.table]
    )
    standing = dict(cursor.fetchall())
    for name, statement in _sqlite_triggers(kept).items():
        if standing.get(name) != statement:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def _sqlite_triggers(kept):
    """Return the statement of each trigger by its name."""
    table = kept.table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    unique = " OR ".join(f"{name} = NEW.{name}" for name in ("id", "reference") if name in kept.columns)
    # INSERT OR REPLACE deletes a row without a word to a DELETE trigger: it must not find one to replace.
    replaces = f"EXISTS (SELECT 1 FROM {table} WHERE {unique})"  # noqa: S608
    return {
        f"{table}_no_{step}": f"CREATE TRIGGER {table}_no_{step} BEFORE {when} {refuse}"
        for step, when in {
            "delete": f"DELETE ON {table}",
            "update": f"UPDATE ON {table} WHEN NOT ({_allowed(kept, 'IS')})",
            "replace": f"INSERT ON {table} WHEN {replaces}",
        }.items()
    }


def _put_on_postgresql(cursor, kept):
    name = f"{kept.table}_append_only"
    cursor.execute(
        f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {_allowed(kept, "IS NOT DISTINCT FROM")} THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{kept.table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    cursor.execute(
        "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass", [name, kept.table]
    )
    if cursor.fetchone() is None:
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {kept.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
