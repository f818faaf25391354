"""Where things are: the data folder and what lies in it. No Django here, so that every command can use it.

DATA/rostrum.sqlite3   the database (embedded shape)
DATA/blobs/            content-addressed payloads and media
DATA/log/              tiles, checkpoints, the signed high-water mark (outside the database and its backups)
DATA/keys/             signing key, custody key, session secret; never in a backup
DATA/run/              logs and sockets of the running process
"""

import os
import secrets
from pathlib import Path

from rostrum.kernel.decisions import InvalidInput

_SHORTEST_SECRET = 32


def data_folder() -> Path:
    """The data folder named by ``ROSTRUM_DATA`` (default ``./rostrum-data``)."""
    return Path(os.environ.get("ROSTRUM_DATA", "rostrum-data")).resolve()


def secret_file(name: str) -> str:
    """The text of ``keys/NAME``, made with 32 random bytes (hex) on first use, readable by its owner only.

    Raises `InvalidInput` naming the file and what to do when what stands in it is no such secret.
    """
    folder = data_folder() / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        value = secrets.token_hex(32)
        out.write(value + "\n")
        out.flush()
        os.fsync(out.fileno())
    return value


def _read_secret(path: Path) -> str:
    try:
        value = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        value = ""
    if len(value) < _SHORTEST_SECRET:
        # Empty after a full disk or a crash: whoever signs with nothing signs for everybody.
        raise InvalidInput(
            str(path),
            "is not the secret that was written there. Put its copy back, or remove the file: a new one is made, and "
            "everybody signs in once more",
        )
    return value
