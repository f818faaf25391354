"""Random public ids: what pages, entries and bundles use to name a thing without telling anything about it."""

import secrets

# 80 bits: enough that ids cannot be guessed or collide, short enough to read aloud in pairs.
_BYTES = 10


def new_id(prefix: str) -> str:
    """Return a fresh id such as ``dft-3f9c0a…`` (prefix, dash, 20 hex digits)."""
    return f"{prefix}-{secrets.token_hex(_BYTES)}"
