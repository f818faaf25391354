"""Triggers that refuse every change of a ledger row: whoever has the database's password cannot quietly edit an act.

Rows are only ever added. The migration puts the triggers on; only the tests, which empty the tables between
themselves, take them off.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_entry", "ledger_leaf", "ledger_sequenced", "ledger_lost", "ledger_publishedcheckpoint", "ledger_log")
_WHY = "rows of the ledger are only ever added"


def protect(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on; doing it twice changes nothing."""
    _run(connection, _sqlite_triggers() if connection.vendor == "sqlite" else _postgres_triggers())


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off."""
    if connection.vendor == "sqlite":
        statements = [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
    else:
        statements = [
            f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}"
            for table in TABLES
            for verb in ("change", "truncate")
        ]
    _run(connection, statements)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should be there and are not: somebody has removed a protection."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = {f"{table}_no_{verb}" for table in TABLES for verb in ("update", "delete")}
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
            expected = {f"{table}_no_{verb}" for table in TABLES for verb in ("change", "truncate")}
        found = {row[0] for row in cursor.fetchall()}
    return sorted(expected - found)


def _sqlite_triggers() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def _postgres_triggers() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"
        for table in TABLES
    ] + [
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()"
        for table in TABLES
    ]
    return [function, *triggers]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
