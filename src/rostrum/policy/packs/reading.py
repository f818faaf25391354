"""Reading TOML with its places: every error names the file, the line and the key. Pure."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rostrum.kernel.decisions import InvalidInput

_MISSING: Any = object()


class TomlFile:
    """One TOML file, its data, and where each table stands in it."""

    def __init__(self, path: Path, shown_as: str) -> None:
        self.shown_as = shown_as
        try:
            self.text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as problem:
            raise InvalidInput(shown_as, f"is not UTF-8 at byte {problem.start}") from None
        try:
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as problem:
            raise InvalidInput(shown_as, str(problem)) from None
        self._lines = self.text.splitlines()
        self._heads: dict[str, list[int]] = {}

    def top(self) -> "Table":
        """The keys of the file itself, without its tables."""
        return Table(self, "", self.data, 0)

    def tables(self, name: str) -> Iterator["Table"]:
        """The tables ``[[name]]``, in order. Raises `InvalidInput` where `name` is something else."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            place = f"{self.shown_as} line {self.line_of('', 0, name)}"
            raise InvalidInput(place, f"{name!r} must be written [[{name}]]")
        for number, data in enumerate(found):
            yield Table(self, name, data, number)

    def only(self, *names: str) -> None:
        """Refuse any key at the top of the file but these."""
        for key in self.data:
            if key not in names:
                raise InvalidInput(
                    f"{self.shown_as} line {self.line_of('', 0, key)}",
                    f"unknown key {key!r}; this file takes {', '.join(sorted(names))}",
                )

    def _heads_of(self, table: str) -> list[int]:
        if table not in self._heads:
            head = re.compile(rf"\s*\[\[?\s*\"?{re.escape(table)}\"?\s*\]")
            self._heads[table] = [n for n, line in enumerate(self._lines) if head.match(line)]
        return self._heads[table]

    def line_of(self, table: str, number: int, key: str = "") -> int:
        """The line of `key` in the `number`th ``[[table]]`` (or of the table itself), counted from 1."""
        start = 0
        if table:
            heads = self._heads_of(table)
            start = heads[number] if number < len(heads) else 0
        if key:
            wanted = re.compile(rf"\s*(\[+\s*)?\"?{re.escape(key)}\"?\s*[\].=]")
            for n in range(start, len(self._lines)):
                if n > start and table and re.match(r"\s*\[", self._lines[n]):
                    break
                if wanted.match(self._lines[n]):
                    return n + 1
        return start + 1


class Table:
    """One table of a file: takes keys one by one, with their types, and refuses what is left over."""

    def __init__(
        self, file: TomlFile, name: str, data: Mapping[str, Any], number: int, inside: tuple[str, str] | None = None
    ) -> None:
        # A table within a value has no line of its own: it is found by the key and called by the label it stands in.
        self._inside = inside
        self._file = file
        self._name = name
        self._number = number
        self.data = data
        self._taken: set[str] = set()

    def place(self, key: str = "") -> str:
        """File, line and table of this table or of one of its keys."""
        if self._inside is not None:
            within, label = self._inside
            return f"{self._file.shown_as} line {self._file.line_of(self._name, self._number, within)}{label}"
        line = self._file.line_of(self._name, self._number, key if key in self.data else "")
        return f"{self._file.shown_as} line {line}{self._label()}"

    def _label(self) -> str:
        label = self.data.get("id") or self.data.get("clause") or self.data.get("title") or ""
        return f" ({self._name} {label})".replace(" )", ")") if self._name else ""

    def refuse(self, key: str, why: str) -> InvalidInput:
        """An error about `key`, with its place."""
        return InvalidInput(self.place(key), f"{key}: {why}")

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any, called: str) -> Any:
        self._taken.add(key)
        value = self.data.get(key, default)
        if value is _MISSING:
            raise InvalidInput(self.place(), f"{key!r} is missing; it must be {called}")
        if value is default and key not in self.data:
            return value
        # bool is an int to Python and never one to a pack.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self.refuse(key, f"must be {called}, not {type(value).__name__}")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        """A text; empty only where a default is given."""
        value: str = self._take(key, str, default, "a text")
        if default is _MISSING and not value.strip():
            raise self.refuse(key, "must not be empty")
        return value

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        """A list of texts."""
        value = self._take(key, list, default, "a list of texts")
        if not all(isinstance(each, str) for each in value):
            raise self.refuse(key, "must be a list of texts")
        return tuple(value)

    def number(self, key: str, default: Any = _MISSING) -> int:
        """A whole number."""
        value: int = self._take(key, int, default, "a whole number")
        return value

    def flag(self, key: str, default: Any = _MISSING) -> bool:
        """true or false."""
        value: bool = self._take(key, bool, default, "true or false")
        return value

    def day(self, key: str, default: Any = _MISSING) -> date:
        """A date."""
        value: date = self._take(key, date, default, "a date such as 2026-11-20")
        return value

    def day_or_none(self, key: str) -> date | None:
        """A date, or None where the key is left out."""
        self._taken.add(key)
        return self.day(key) if key in self.data else None

    def mapping(self, key: str, default: Any = _MISSING) -> dict[str, Any]:
        """A table of values."""
        value: dict[str, Any] = self._take(key, dict, default, "a table")
        return value

    def any_value(self, key: str) -> Any:
        """Any value of TOML."""
        return self._take(key, object, _MISSING, "a value")

    def one_of(self, key: str, allowed: tuple[str, ...], default: Any = _MISSING) -> str:
        """One of a closed list of words."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.refuse(key, f"{value!r} is not one of {', '.join(allowed)}")
        return value

    def inner(self, key: str) -> Iterator["Table"]:
        """The tables in a list of tables under `key`."""
        value = self._take(key, list, _MISSING, "a list of tables")
        for each in value:
            if not isinstance(each, dict):
                raise self.refuse(key, 'must be a list of tables such as { id = "draft.length" }')
            yield Table(self._file, self._name, each, self._number, (key, self._label()))

    def taken(self, keys: Iterable[str]) -> None:
        """Count `keys` as read: someone else reads them."""
        self._taken.update(keys)

    def done(self) -> None:
        """Refuse every key that nobody took."""
        for key in self.data:
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                raise InvalidInput(self.place(key), f"unknown key {key!r}; known here: {known}")
