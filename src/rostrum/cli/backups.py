"""A backup as one file: a tar with the database, the blobs, and last a manifest with the SHA-256 of every member.

Left out on purpose: the keys, which would make every copy of a backup a secret; the log's folder, which has to survive
a restored database (design §11.6); and sign-ins. A backup is restored only after every byte of it was checked.
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeGuard

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from rostrum.kernel.decisions import InvalidInput, Refused

FORMAT = "rostrum-backup-1"
_MANIFEST = "manifest.json"
_SQLITE = "database.sqlite3"
_LEFT_OUT = {"django_session"}
_CHUNK = 1 << 20


def write_backup(path: Path, *, now: datetime) -> dict[str, Any]:
    """Write the database and the blobs to a new file; return its manifest.

    The database is copied as of one moment, and the blobs after it: all that it names are there. Raises `InvalidInput`
    when the file exists.
    """
    if path.exists():
        raise InvalidInput(str(path), "this file exists; a backup never replaces another one")
    part = path.with_name(f".{path.name}.part")
    digests: dict[str, str] = {}
    # Restricted messages and sealed log-ins are in it: for its owner only.
    with open(part, "wb", opener=_for_owner) as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as aside:
                for name, file in _database_files(Path(aside)):
                    digests[name] = _add(tar, name, file)
            for blob in _files_under(settings.BLOBS_FOLDER):
                name = f"blobs/{blob.relative_to(settings.BLOBS_FOLDER).as_posix()}"
                digests[name] = _add(tar, name, blob)
            manifest = {
                "format": FORMAT,
                "engine": connection.vendor,
                "made_at": now.isoformat(),
                "migrations": _applied_migrations(),
                "files": digests,
            }
            data = json.dumps(manifest, sort_keys=True, indent=1).encode()
            member = tarfile.TarInfo(_MANIFEST)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Check every member of the backup against its manifest and return it; nothing is written anywhere.

    Raises `InvalidInput` naming the member that is missing, altered, too many or not fit to be restored.
    """
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                if manifest is not None:
                    raise InvalidInput(f"{path}: {member.name}", "this member stands after the manifest")
                stream = tar.extractfile(member)
                if stream is None or not _is_ours(member.name) or member.name in found:
                    raise InvalidInput(f"{path}: {member.name}", "no backup has such a member")
                if member.name == _MANIFEST:
                    manifest = json.loads(stream.read())
                else:
                    found[member.name] = _copy(stream, None)
    except FileNotFoundError:
        raise InvalidInput(str(path), "there is no such file") from None
    except (tarfile.TarError, EOFError, ValueError, OSError) as problem:
        raise InvalidInput(str(path), f"not a whole backup: {type(problem).__name__}") from None
    if not _is_manifest(manifest):
        raise InvalidInput(str(path), "it has no manifest of a backup: it is cut short, or something else")
    for name in sorted(found.keys() | manifest["files"].keys()):
        if found.get(name) != manifest["files"].get(name):
            why = "missing" if name not in found else "not what the manifest says"
            raise InvalidInput(f"{path}: {name}", f"this member is {why}; nothing was restored")
    return manifest


def _is_manifest(found: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is a backup's, with each part that a restore reads."""
    return (
        isinstance(found, dict)
        and found.get("format") == FORMAT
        and all(isinstance(found.get(name), str) for name in ("engine", "made_at"))
        and isinstance(found.get("files"), dict)
        and (found["engine"] != "sqlite" or _SQLITE in found["files"])
        and isinstance(found.get("migrations"), list)
        and all(isinstance(one, list) and all(isinstance(word, str) for word in one) for one in found["migrations"])
    )


def restore_backup(path: Path, *, force: bool) -> dict[str, Any]:
    """Put database and blobs back as the backup has them; keys and the log's folder stay as they are.

    Raises `InvalidInput` for a backup that is damaged or of another engine, `Refused` when there is a database with
    contents and `force` is not given.
    """
    manifest = read_manifest(path)
    if manifest["engine"] != connection.vendor:
        raise InvalidInput(
            str(path), f"it is of {manifest['engine']}, and this installation runs on {connection.vendor}"
        )
    unknown = set(map(tuple, manifest["migrations"])) - _known_migrations()
    if unknown:
        raise InvalidInput(str(path), "it was made by a newer version of Rostrum than this one")
    if _holds_something() and not force:
        raise Refused.because(
            "not-empty", "This installation has a database already. Restore into an empty data folder, or use --force."
        )
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _restore_postgres(path, manifest)
    _restore_blobs(path)
    call_command("migrate", verbosity=0)
    return manifest


def _database_files(aside: Path) -> Iterator[tuple[str, Path]]:
    if connection.vendor == "sqlite":
        copy = aside / _SQLITE
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            for table in _LEFT_OUT:
                target.execute(f"DELETE FROM {table}")
            target.commit()
        yield _SQLITE, copy
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table, columns in _postgres_tables().items():
            if table in _LEFT_OUT:
                continue
            file = aside / "table"
            with file.open("wb") as out, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as rows:
                for chunk in rows:
                    out.write(chunk)
            yield f"tables/{table}.copy", file


def _restore_sqlite(path: Path) -> None:
    place = Path(settings.DATABASES["default"]["NAME"])
    connection.close()
    restored = place.with_name(f".{place.name}.restoring")
    _each(path, _SQLITE, lambda _, stream: _write_file(restored, stream))
    for leftover in ("-wal", "-shm"):
        place.with_name(place.name + leftover).unlink(missing_ok=True)
    restored.rename(place)


def _restore_postgres(path: Path, manifest: dict[str, Any]) -> None:
    # One transaction: whatever fails, the database is as it was.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        # The tables as they were when the backup was made; newer migrations run after the rows are back.
        _migrate_to({(app, name) for app, name in manifest["migrations"]})
        tables = _postgres_tables()

        def load(name: str, stream: IO[bytes]) -> None:
            table = PurePosixPath(name).stem
            if table not in tables:
                raise InvalidInput(name, "the backup holds a table that its own migrations do not make")
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")  # migrations put rows of their own into some
                with cursor.copy(f"COPY {table} ({tables[table]}) FROM STDIN") as rows:
                    while chunk := stream.read(_CHUNK):
                        rows.write(chunk)

        _each(path, "tables/", load)
        _set_sequences()


def _migrate_to(wanted: set[tuple[str, str]]) -> None:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    executor.migrate(
        [
            node
            for node in sorted(wanted & nodes.keys())
            # The last of each area; the others come before it by themselves.
            if not any(child.key[0] == node[0] and child.key in wanted for child in nodes[node].children)
        ]
    )


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column, sequence in cursor.fetchall():
            if sequence is not None:
                cursor.execute(
                    f"SELECT setval(%s, COALESCE((SELECT max({column}) FROM {table}), 1), "
                    f"(SELECT count(*) > 0 FROM {table}))",
                    [sequence],
                )


def _restore_blobs(path: Path) -> None:
    def put(name: str, stream: IO[bytes]) -> None:
        place = Path(settings.BLOBS_FOLDER).joinpath(*PurePosixPath(name).parts[1:])
        if not place.exists():  # blobs are named for their contents: what is there is the same
            place.parent.mkdir(parents=True, exist_ok=True)
            _write_file(place, stream)

    _each(path, "blobs/", put)


def _postgres_tables() -> dict[str, str]:
    """The tables and their columns as they are written; generated ones are computed again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position) "
            "FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' "
            "GROUP BY c.table_name ORDER BY c.table_name"
        )
        return dict(cursor.fetchall())


def _applied_migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _known_migrations() -> set[tuple[str, ...]]:
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None).disk_migrations or ())


def _holds_something() -> bool:
    with connection.cursor() as cursor:
        return "ledger_entry" in connection.introspection.table_names(cursor)


def _files_under(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        # Names that begin with a dot are being written at this moment.
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    known = name in (_MANIFEST, _SQLITE) or (len(parts) > 1 and parts[0] in ("blobs", "tables"))
    return known and ".." not in parts


def _add(tar: tarfile.TarFile, name: str, file: Path) -> str:
    member = tarfile.TarInfo(name)
    member.size = file.stat().st_size
    with file.open("rb") as stream:
        tar.addfile(member, stream)
        stream.seek(0)
        return _copy(stream, None)


def _each(path: Path, prefix: str, restore: Callable[[str, IO[bytes]], None]) -> None:
    with tarfile.open(path, mode="r:") as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream is not None and member.name.startswith(prefix):
                restore(member.name, stream)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_file(place: Path, stream: IO[bytes]) -> None:
    aside = place.with_name(f".{place.name}.part")
    with open(aside, "wb", opener=_for_owner) as out:
        _copy(stream, out)
        out.flush()
        os.fsync(out.fileno())
    aside.rename(place)


def _copy(stream: IO[bytes], out: IO[bytes] | None) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        if out is not None:
            out.write(chunk)
    return digest.hexdigest()
