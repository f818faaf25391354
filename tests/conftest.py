"""One set-up for all tests; the database and the data folder are chosen in `tests.settings`."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from tests import schema

# No test may hang on how busy the machine is: speed is measured by `make bench`, never by a test.
hypothesis.settings.register_profile(
    "rostrum", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("rostrum")


def pytest_configure() -> None:
    """A run that was asked for PostgreSQL must not quietly pass on SQLite."""
    schema.own_a_folder()
    asked, found = os.environ.get("ROSTRUM_TEST_DB", "sqlite"), settings.DATABASES["default"]["ENGINE"]
    if not found.endswith({"sqlite": "sqlite3", "postgres": "postgresql"}[asked]):
        pytest.exit(f"ROSTRUM_TEST_DB is {asked}, but {os.environ['DJANGO_SETTINGS_MODULE']} uses {found}", 2)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings: object) -> None:
    """Blobs, tiles and keys of each test lie in its own folder."""
    settings.BLOBS_FOLDER = tmp_path / "blobs"  # type: ignore[attr-defined]
    settings.LOG_FOLDER = tmp_path / "log"  # type: ignore[attr-defined]
    settings.KEYS_FOLDER = tmp_path / "keys"  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Make the test database a copy of the run's template: migrating from nothing takes ten seconds and more."""
    from django.db import connection
    from django.db.backends.sqlite3.creation import DatabaseCreation

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", schema.postgres_template())
        else:
            template, erase_the_old = schema.sqlite_template(), DatabaseCreation._create_test_db

            def copied(creation: DatabaseCreation, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
                name: str = erase_the_old(creation, verbosity, autoclobber, keepdb)
                shutil.copyfile(template, name)
                return name

            patch.setattr(DatabaseCreation, "_create_test_db", copied)
        yield


@pytest.fixture(autouse=True, scope="session")
def _ledger_tables_can_be_emptied() -> Iterator[None]:
    """The triggers that forbid deleting ledger rows step aside while Django empties the tables between two tests."""
    from django.db import connection
    from django.test import TransactionTestCase

    from rostrum.areas.ledger import append_only

    empty_tables = TransactionTestCase._fixture_teardown

    def without_triggers(test_case: TransactionTestCase) -> None:
        append_only.unprotect(connection)
        try:
            empty_tables(test_case)
        finally:
            append_only.protect(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


@pytest.fixture(autouse=True, scope="session")
def _search_index_can_be_emptied(_ledger_tables_can_be_emptied: None) -> Iterator[None]:
    """The search index is no table of Django's: it is emptied with the others between two tests."""
    from django.db import connection
    from django.test import TransactionTestCase

    empty_tables = TransactionTestCase._fixture_teardown

    def and_the_index(test_case: TransactionTestCase) -> None:
        empty_tables(test_case)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("TRUNCATE archive_words CASCADE")
            else:
                cursor.execute("INSERT INTO archive_words (archive_words) VALUES ('delete-all')")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", and_the_index)
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI a skipped test is a failed one: say so where it is read."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") == "true" and skipped:
        terminalreporter.write_line(f"CI: {len(skipped)} skipped tests count as failures", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and exitstatus == 0 and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
