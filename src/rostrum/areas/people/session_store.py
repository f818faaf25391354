"""The session store: the framework's own, except that the database holds only digests of the session ids.

Who reads the database, or a copy of it, finds no id that would sign them in as somebody.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session


def stored_key(session_key: str) -> str:
    """The digest under which the session with this id lies in the database."""
    return hashlib.sha256(b"rostrum session\n" + session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Keeps sessions under the digest of their id."""

    def _get_session_from_db(self) -> Session | None:
        under_digest: Any = DatabaseStore(stored_key(self.session_key or ""))
        found: Session | None = under_digest._get_session_from_db()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None) -> bool:
        """Whether there is a session with this id."""
        return super().exists(stored_key(session_key or ""))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session with this id, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))
