"""The database from ``DATABASE_URL``: SQLite in the data folder by default, PostgreSQL when named."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from_url(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings for one database.

    `url` is empty (SQLite at FOLDER/rostrum.sqlite3), ``sqlite:///PATH`` or ``postgresql://USER:PASS@HOST:PORT/NAME``.
    Raises ValueError naming DATABASE_URL for anything else.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        path = unquote(parts.path) if url else str(folder / "rostrum.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": None,
            # A file: in memory all threads would share one connection, and a served page one transaction with its test.
            "TEST": {"NAME": f"{path}.test"},
            "OPTIONS": {
                "timeout": 20,
                # IMMEDIATE: a transaction that reads and then writes must not fail with "database is locked".
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;"
                ),
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ValueError(
        "DATABASE_URL must be empty, sqlite:///PATH or postgresql://USER:PASS@HOST:PORT/NAME, "
        "for example postgresql://rostrum@127.0.0.1:5432/rostrum"
    )
