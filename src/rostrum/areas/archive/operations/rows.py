"""Writing many rows at once: the statements behind storing, made from the models' own columns.

Django makes an object per row and a statement per batch of values; an import of 100,000 posts spends most of its time
there. Here the rows are tuples, and one prepared statement takes them all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models


@cache
def _insert_statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{column_of[name]}"' for name in names)
    places = ", ".join(["%s"] * len(names))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - names of our models


def insert(model: type[models.Model], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of values for the named fields; instants and JSON must have gone through `instant` and `json`."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_insert_statement(model, names), rows)


def instant(at: datetime | None) -> Any:
    """An instant as this database takes it."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def json(value: Any) -> Any:
    """A JSON value as this database takes it."""
    return connection.ops.adapt_json_value(value, None)


def taken(model: type[models.Model], keys: Iterable[int]) -> set[int]:
    """Which of these primary keys are in use."""
    return set(model._default_manager.filter(pk__in=list(keys)).values_list("pk", flat=True))
