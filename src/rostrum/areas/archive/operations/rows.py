"""Writing many rows at once: the statements behind storing, made from the models' own columns.

Django makes an object per row and a statement per batch of values; an import of 100,000 posts spends most of its time
there. Here the rows are tuples, and one prepared statement takes them all.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models


@cache
def _columns(model: type[models.Model]) -> dict[str, str]:
    return {field.name: f'"{field.column}"' for field in model._meta.concrete_fields}


@cache
def _insert_statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    columns = ", ".join(_columns(model)[name] for name in names)
    places = ", ".join(["%s"] * len(names))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - names of our models


def insert(model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of values for the named fields; instants and JSON must have gone through `instants` and `json`."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_insert_statement(model, names), rows)


def instants() -> Callable[[datetime | None], Any]:
    """How this database takes instants: fetched once, for many of them."""
    return _as_text if connection.vendor == "sqlite" else connection.ops.adapt_datetimefield_value


def _as_text(at: datetime | None) -> str | None:
    # What Django's own adapter writes, without the three settings that it looks up for each value.
    return None if at is None else str(at.astimezone(UTC).replace(tzinfo=None))


def json(value: Any) -> Any:
    """A JSON value as this database takes it."""
    return connection.ops.adapt_json_value(value, None)


def keys_of(model: type[models.Model], name: str, values: Collection[Any], **fixed: Any) -> list[int]:
    """The primary keys of the rows whose named field has one of the values, and the `fixed` ones the values given.

    Asked of every batch, nearly always in vain, and with hundreds of values, which querysets prepare one by one.
    """
    if not values:
        return []
    columns = _columns(model)
    places = ", ".join(["%s"] * len(values))
    also = "".join(f" AND {columns[other]} = %s" for other in fixed)
    sql = f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}" WHERE {columns[name]} IN ({places}){also}'  # noqa: S608 - names of our models
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *fixed.values()])
        return [row[0] for row in cursor.fetchall()]


def last_key(model: type[models.Model]) -> int:
    """The highest primary key there is; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max("{model._meta.pk.column}") FROM "{model._meta.db_table}"')  # noqa: S608
        return cursor.fetchone()[0] or 0


def added_since(model: type[models.Model], name: str, last: int) -> list[tuple[Any, int]]:
    """The named field and the primary key of each row that was added after the key `last`."""
    key = f'"{model._meta.pk.column}"'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_columns(model)[name]}, {key} FROM "{model._meta.db_table}" WHERE {key} > %s', [last])  # noqa: S608
        return list(cursor.fetchall())
