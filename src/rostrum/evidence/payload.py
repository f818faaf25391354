"""Reading a bundle's payload: every file compared with the manifest as it is read, every fault located."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from rostrum.evidence.bag import BagReader
from rostrum.evidence.canonical import NotJson, parse_json
from rostrum.evidence.sources import Unreadable

LARGEST_JSON = 64 << 20  # bytes
LARGEST_LINE = 16 << 20


class PayloadReader:
    """Reads payload files of a bag whose manifest lists `listed` (path to digest). `checked` are the files read."""

    def __init__(self, bag: BagReader, listed: Mapping[str, str]) -> None:
        self.bag = bag
        self.listed = listed
        self.checked: set[str] = set()

    def digest(self, path: str) -> str | None:
        """Return a payload file's digest, noting a fault where it is missing or not what the manifest lists."""
        self.checked.add(path)
        if path not in self.bag.sizes:
            self.bag.fault(path, "is missing")
            return None
        digest = self.bag.digest(path)
        self._compare(path, digest)
        return digest

    def _compare(self, path: str, digest: str | None) -> None:
        listed = self.listed.get(path)
        if digest is not None and listed is not None and digest != listed:
            self.bag.fault(path, "does not have the digest in the manifest")

    def read(self, path: str, most: int) -> bytes | None:
        """Return a payload file's bytes, compared with the manifest."""
        data = self.bag.read(path, most)
        if data is not None:
            self.checked.add(path)
            self._compare(path, sha256(data).hexdigest())
        return data

    def json(self, path: str) -> Any:
        """Return the value in a JSON file, or None with a fault."""
        data = self.read(path, LARGEST_JSON)
        if data is None:
            return None
        try:
            value = parse_json(data)
        except NotJson as problem:
            self.bag.fault(path, str(problem))
            return None
        if value is None:
            self.bag.fault(path, "is null")
        return value

    def list(self, name: str) -> list[Any]:
        """Return the list in a JSON file of the payload; empty, with a fault, where there is none."""
        value = self.json(f"data/{name}")
        if isinstance(value, list):
            return value
        if value is not None:
            self.bag.fault(f"data/{name}", "is not a list")
        return []

    def lines(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the numbered objects of a file of JSON lines, and compare the file with the manifest at its end."""
        path = f"data/{name}"
        self.checked.add(path)
        if path not in self.bag.sizes:
            self.bag.fault(path, "is missing")
            return
        hasher = sha256()
        number, rest = 0, b""
        try:
            for chunk in self.bag.source.chunks(path):
                hasher.update(chunk)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    number += 1
                    yield from self._line(path, number, line)
                if len(rest) > LARGEST_LINE:
                    raise Unreadable(f"line {number + 1} has more than {LARGEST_LINE} bytes")
        except (OSError, Unreadable) as problem:
            self.bag.fault(path, f"cannot be read: {problem}")
            return
        if rest:
            self.bag.fault(f"{path}, line {number + 1}", "does not end with a newline")
        self._compare(path, hasher.hexdigest())

    def _line(self, path: str, number: int, line: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
        try:
            value = parse_json(line)
        except NotJson as problem:
            self.bag.fault(f"{path}, line {number}", str(problem))
            return
        if isinstance(value, dict):
            yield number, value
        else:
            self.bag.fault(f"{path}, line {number}", "is not an object")
