"""The search index: every version is a document, every answer is complete, in order of publication, and countable.

Two engines, one behaviour: SQLite's FTS5 and PostgreSQL's tsvectors are fed the same words (`kernel.words`) and are
held to `kernel.words.matches` by one conformance suite. The index lives in the database, so that a version and its
document are committed together.
"""

from functools import cache

from django.db import connection

from rostrum.areas.archive.search.documents import Document, Filters, key_for, span_of
from rostrum.areas.archive.search.engine import SearchIndex

__all__ = ["Document", "Filters", "SearchIndex", "index", "key_for", "span_of"]


def index() -> SearchIndex:
    """The search index of this installation's database."""
    return _index(connection.vendor)


@cache
def _index(vendor: str) -> SearchIndex:
    if vendor == "postgresql":
        from rostrum.areas.archive.search.tsvector import TsvectorIndex

        return TsvectorIndex()
    from rostrum.areas.archive.search.fts5 import Fts5Index

    return Fts5Index()
