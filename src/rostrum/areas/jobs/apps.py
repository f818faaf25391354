"""The Django application of the jobs area; the lowest one, so it also looks after the database's file."""

import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class JobsConfig(AppConfig):
    name = "rostrum.areas.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the database's file for its owner only, from the first connection on."""
        connection_created.connect(_keep_for_its_owner, dispatch_uid="rostrum-database-file")


def _keep_for_its_owner(connection: BaseDatabaseWrapper, **_: Any) -> None:
    # SQLite makes its file for everybody to read; those beside it (-wal, -shm) take after it.
    if connection.vendor != "sqlite":
        return
    name = str(connection.settings_dict["NAME"])
    for place in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        # Somebody else's file cannot be changed from here; `rostrum doctor` says what to do.
        with suppress(FileNotFoundError, PermissionError):
            if stat.S_IMODE(place.stat().st_mode) & 0o077:
                place.chmod(0o600)
