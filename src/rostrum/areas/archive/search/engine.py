"""What both engines offer, and what they share: paging by key and counting Items, not versions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from django.db import connection

from rostrum.areas.archive.search.documents import FIRST_VERSIONS, LATER_VERSIONS, Document, Filters
from rostrum.kernel.words import Query

_AT_ONCE = 500


class SearchIndex(Protocol):
    """The documents of all versions. `add` and `remove` belong to the caller's transaction."""

    def add(self, documents: Iterable[Document]) -> None:
        """Index the documents. Their keys are new."""
        ...

    def remove(self, documents: Iterable[Document]) -> None:
        """Take the documents out; they must be exactly as they were added."""
        ...

    def merge_some(self) -> bool:
        """Rewrite a small part of the index, so that removed words leave its files; whether there is more to do."""
        ...

    def keys(
        self, filters: Filters, *, after: int | None = None, newest_first: bool = False, limit: int = _AT_ONCE
    ) -> list[int]:
        """The next keys in order of publication after the key `after` (exclusive), at most `limit`."""
        ...

    def count_items(self, filters: Filters) -> int:
        """How many Items have a version that matches."""
        ...

    def count_versions(self, filters: Filters) -> int:
        """How many versions match."""
        ...


class KeyedIndex:
    """The part of an index that is the same for both engines, above one SQL condition."""

    table = ""
    key = ""

    def condition(self, tree: Query) -> tuple[str, list[Any]]:
        """The SQL condition, with its parameters, that a row of the index matches the tree."""
        raise NotImplementedError

    def keys(
        self, filters: Filters, *, after: int | None = None, newest_first: bool = False, limit: int = _AT_ONCE
    ) -> list[int]:
        """The next keys in order of publication after the key `after` (exclusive), at most `limit`."""
        lowest, highest = filters.span
        if after is not None:
            lowest, highest = (lowest, min(highest, after - 1)) if newest_first else (max(lowest, after + 1), highest)
        sql, values = self._select(self.key, filters, (), lowest, highest)
        order = "DESC" if newest_first else "ASC"
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY {self.key} {order} LIMIT %s", [*values, limit])
            return [row[0] for row in cursor.fetchall()]

    def all_keys(self, filters: Filters) -> Iterator[int]:
        """Every matching key, oldest first, read page by page so that nothing is held open or in memory."""
        after: int | None = None
        while page := self.keys(filters, after=after):
            yield from page
            after = page[-1]

    def count_versions(self, filters: Filters) -> int:
        """How many versions match."""
        return self._count(filters, ())

    def count_items(self, filters: Filters) -> int:
        """How many Items have a version that matches.

        First versions are counted by the index alone. Later versions are few; of their Items, those whose first
        version matches too are counted already.
        """
        firsts = self._count(filters, (FIRST_VERSIONS,))
        if not self._count(filters, (LATER_VERSIONS,), at_most=1):
            return firsts
        sql, values = self._select(self.key, filters, (LATER_VERSIONS,), *filters.span)
        first_sql, first_values = self._select(self.key, filters, (FIRST_VERSIONS,), *filters.span)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT item_id FROM archive_version WHERE id IN ({sql})) later"  # noqa: S608
                " WHERE NOT EXISTS (SELECT 1 FROM archive_version first"
                f" WHERE first.item_id = later.item_id AND first.number = 1 AND first.id IN ({first_sql}))",
                [*values, *first_values],
            )
            return firsts + int(cursor.fetchone()[0])

    def _count(self, filters: Filters, further: Sequence[Query], at_most: int | None = None) -> int:
        sql, values = self._select("1", filters, further, *filters.span)
        if at_most is not None:
            sql, values = f"{sql} LIMIT %s", [*values, at_most]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) found", values)  # noqa: S608
            return int(cursor.fetchone()[0])

    def _select(
        self, what: str, filters: Filters, further: Sequence[Query], lowest: int, highest: int
    ) -> tuple[str, list[Any]]:
        condition, values = self.condition(filters.whole_tree(*further))
        sql = f"SELECT {what} FROM {self.table} WHERE {condition} AND {self.key} BETWEEN %s AND %s"  # noqa: S608
        values = [*values, lowest, highest]
        if filters.states:
            places = ", ".join(["%s"] * len(filters.states))
            # Only names of ours are put into the statement; everything given from outside is a parameter.
            item = "SELECT 1 FROM archive_version known JOIN archive_item item ON item.id = known.item_id"
            sql += f" AND EXISTS ({item} WHERE known.id = {self.table}.{self.key} AND item.state IN ({places}))"
            values += filters.states
        return sql, values
