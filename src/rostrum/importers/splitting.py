"""Cutting one JSON file of any size into the exact bytes of each element of its arrays, with flat memory.

A platform's export is one long array. `Splitter` walks over the stream once, yields every element with its own byte
slice, its offsets and its parsed value, and keeps a checksum over slices and separators in order: equal to the file's
own SHA-256, it shows that the slicing lost, doubled and changed nothing (design §11.2).

How an element's end is found: a proper prefix of a JSON object is never itself a JSON object, so a guess that parses
is *the* element. Guesses come from the layout (the platforms indent evenly); where none parses, brackets are counted
outside of strings. A broken element costs itself: the next one is found by the way elements of this file begin.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import orjson

_CHUNK = 1 << 18
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'["{}\[\]]')
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR_END = re.compile(rb"[,\]}\s]")
_HEAD = re.compile(rb'\{\s*"[^"\\]*"')
_CLOSING = re.compile(rb"\n[ \t]*\}")
# Bytes that may be scanned in vain per file: a file broken everywhere must not cost its size squared.
_SCAN_BUDGET = 256 << 20


@dataclass(frozen=True, slots=True)
class Element:
    """One element: `raw` is its slice, `start` and `end` its byte offsets; `error` says why there is no `value`."""

    index: int
    start: int
    end: int
    raw: bytes
    value: Any
    error: str = ""


class SplitError(Exception):
    """The rest of the file cannot be cut into elements; `offset` is where it went wrong, in bytes."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"byte {offset}: {why}")
        self.offset = offset
        self.why = why


class Splitter:
    """A walk over one JSON file. Call `seek` to enter an array, `elements` to walk through it, `finish` at the end."""

    def __init__(self, stream: IO[bytes], *, element_bytes: int = 8 << 20) -> None:
        self._stream = stream
        self._limit = element_bytes
        self._buffer = b""
        self._position = 0  # in the buffer: everything before it has gone into the checksum
        self._offset = 0  # of the buffer's first byte in the file
        self._ended = False
        self._sum = hashlib.sha256()
        self._tail = b""  # how an element of this array ends, where the layout is even
        self._head: re.Pattern[bytes] | None = None  # how an element of this array begins, after its comma
        self._budget = _SCAN_BUDGET
        self.trailing = b""
        self.last = b""

    @property
    def offset(self) -> int:
        """The byte offset up to which the file has been consumed."""
        return self._offset + self._position

    def _more(self) -> bool:
        """Read on; False at the end of the stream. Drops what is consumed, so positions change."""
        if self._ended:
            return False
        kept = self._buffer[self._position :]
        # Growing reads keep a large element from being copied once per chunk.
        block = self._stream.read(max(_CHUNK, len(kept)))
        self._offset += self._position
        self._position = 0
        self._buffer = kept + block
        if not block:
            self._ended = True
        return not self._ended

    def _consume(self, end: int) -> bytes:
        """Take the bytes up to buffer position `end` into the checksum and return them."""
        taken = self._buffer[self._position : end]
        self._sum.update(taken)
        if last := taken[-64:].rstrip(_SPACE)[-1:]:
            self.last = last
        self._position = end
        return taken

    def seek(self, pattern: re.Pattern[bytes], *, overlap: int = 256) -> bytes | None:
        """Consume up to and with the first match of `pattern`; return what was consumed (at most the last `_CHUNK`
        or so bytes before the match, and the match), or None when the file ends without one. A match longer than
        `overlap` bytes may be missed between two reads.
        """
        while True:
            match = pattern.search(self._buffer, self._position)
            # A match that touches the end may grow with the next read.
            if match and (match.end() < len(self._buffer) or self._ended):
                return self._consume(match.end())
            if self._ended:
                self._consume(len(self._buffer))
                return None
            if not match and len(self._buffer) - self._position > _CHUNK + overlap:
                self._consume(len(self._buffer) - overlap)
            self._more()

    def finish(self) -> str:
        """Consume the rest; return the SHA-256 (hex) of all slices and separators in order.

        Afterwards `trailing` tells how the rest began (up to 64 bytes, spaces and semicolons left out), and `last`
        how the file ends (spaces left out).
        """
        while True:
            rest = self._consume(len(self._buffer)).strip(_SPACE + b";")
            if len(self.trailing) < 64:
                self.trailing = (self.trailing + rest)[:64]
            if not self._more():
                return self._sum.hexdigest()

    def elements(self) -> Iterator[Element]:
        """Walk through the array just entered; stops behind its closing bracket.

        Raises `SplitError` when the rest cannot be cut.
        """
        self._tail, self._head = b"", None
        index = 0
        while (first := self._skip_to_value()) != b"]":
            if first == b"{":
                element = self._fast_object(index) or self._exact(index)
            elif first == b"":
                raise SplitError(self.offset, "the file ends inside the list")
            else:
                element = self._exact(index)
            yield element
            index += 1
        self._consume(self._position + 1)

    def _skip_to_value(self) -> bytes:
        """Consume the separator before the next element; return its first byte, `]`, or nothing at the end."""
        scan = self._position
        while True:
            buffer = self._buffer
            size = len(buffer)
            while scan < size and buffer[scan] in b" \t\r\n,":
                scan += 1
            if scan < size:
                self._consume(scan)
                return buffer[scan : scan + 1]
            self._consume(scan)
            if not self._more():
                return b""
            scan = self._position

    def _take(self, index: int, end: int, value: Any, error: str = "") -> Element:
        start = self.offset
        raw = self._consume(end)
        return Element(index, start, start + len(raw), raw, value, error)

    def _follows(self, end: int) -> bool:
        """Whether a comma or the closing bracket follows at `end`, after spaces; False when the buffer ends first."""
        buffer, size = self._buffer, len(self._buffer)
        while end < size and buffer[end] in _SPACE:
            end += 1
        return end < size and buffer[end] in b",]"

    def _fast_object(self, index: int) -> Element | None:
        """The next object by the layout learned from the ones before, or None."""
        end = self._by_tail() if self._tail else self._by_head() if self._head else None
        if end is None:
            return None
        try:
            value = orjson.loads(memoryview(self._buffer)[self._position : end])
        except orjson.JSONDecodeError:
            return None
        return self._take(index, end, value)

    def _by_tail(self) -> int | None:
        while True:
            found = self._buffer.find(self._tail, self._position)
            # What follows the end must be in the buffer too.
            if found >= 0 and found + len(self._tail) + 64 < len(self._buffer):
                break
            if len(self._buffer) - self._position > self._limit or not self._more():
                break
        end = found + len(self._tail)
        return end if found >= 0 and self._follows(end) else None

    def _by_head(self) -> int | None:
        while (end := self._next_head()) is None:
            if len(self._buffer) - self._position > self._limit or not self._more():
                return None
        while self._buffer[end - 1] in _SPACE:
            end -= 1
        return end

    def _exact(self, index: int) -> Element:
        """The next element by counting brackets outside of strings; a broken one is given up to the next beginning."""
        end = self._scan_end()
        value, error = read_value(self._buffer[self._position : end], self.offset) if end is not None else (None, "")
        if end is not None and not error:
            self._learn(end)
            return self._take(index, end, value)
        restart = self._next_head()
        if end is not None and self._follows(end) and (restart is None or end <= restart):
            return self._take(index, end, None, error)
        if restart is not None:
            _, error = read_value(self._buffer[self._position : restart], self.offset)
            return self._take(index, restart, None, error or "it does not end where the next element begins")
        size = len(self._buffer) - self._position
        if size > self._limit:
            raise SplitError(self.offset, f"element {index + 1} is longer than {self._limit} bytes")
        raise SplitError(self.offset, f"element {index + 1} is broken or cut off, and no further one was found")

    def _scan_end(self) -> int | None:
        """The buffer position behind the value at the position, by brackets; None when it does not end in the limit."""
        first = self._buffer[self._position : self._position + 1]
        if first not in (b"{", b"["):
            return self._scan_scalar(first)
        if self._budget < 0 and (restart := self._next_head()) is not None:
            return restart
        depth = 0
        scan = self._position
        while True:
            match = _TOKEN.search(self._buffer, scan)
            if match is None:
                scan = len(self._buffer)
            elif (token := match[0]) == b'"':
                string = _STRING.match(self._buffer, match.start())
                scan = string.end() if string else match.start()
                if string:
                    continue
            else:
                scan = match.end()
                depth += 1 if token in b"{[" else -1
                if depth == 0:
                    return scan
                continue
            scanned = scan - self._position
            if len(self._buffer) - self._position > self._limit or self._budget < 0 or not self._more():
                self._budget -= len(self._buffer) - self._position
                return None
            scan = self._position + scanned

    def _scan_scalar(self, first: bytes) -> int | None:
        while True:
            if first == b'"':
                match = _STRING.match(self._buffer, self._position)
                if match:
                    return match.end()
            else:
                # At least one byte, so that a stray bracket or colon is an element of its own, and a broken one.
                match = _SCALAR_END.search(self._buffer, self._position + 1)
                if match:
                    return match.start()
            if len(self._buffer) - self._position > self._limit or not self._more():
                return len(self._buffer) if first != b'"' and self._ended else None

    def _next_head(self) -> int | None:
        """The buffer position of the comma before the next element that begins as the elements of this array do."""
        head = self._head
        if head is None:
            # The first element: its own beginning is the pattern.
            own = _HEAD.match(self._buffer, self._position)
            if own is None:
                return None
            head = _beginning_like(own[0])
        match = head.search(self._buffer, self._position + 1)
        return match.start() if match else None

    def _learn(self, end: int) -> None:
        """Remember how an element that parsed begins and ends."""
        if self._head is None and (own := _HEAD.match(self._buffer, self._position)):
            self._head = _beginning_like(own[0])
            line = self._buffer.rfind(b"\n", self._position, end)
            if line >= 0 and _CLOSING.fullmatch(self._buffer, line, end):
                self._tail = self._buffer[line:end]


def _beginning_like(head: bytes) -> re.Pattern[bytes]:
    key = head[head.index(b'"') :]
    return re.compile(rb",\s*\{\s*" + re.escape(key) + rb"\s*:")


def read_value(raw: bytes, offset: int = 0) -> tuple[Any, str]:
    """Parse one JSON value strictly; return it and "", or None and what is wrong, with byte places from `offset` on.

    A lone half of a surrogate pair (platforms cut texts between the two) becomes the replacement character.
    """
    try:
        return orjson.loads(raw), ""
    except orjson.JSONDecodeError:
        pass
    try:
        return _without_lone_surrogates(json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)), ""
    except UnicodeDecodeError as error:
        return None, f"invalid UTF-8 at byte {offset + error.start}"
    except json.JSONDecodeError as error:
        place = offset + len(error.doc[: error.pos].encode("utf-8"))
        return None, f"broken JSON at byte {place}: {error.msg}"
    except RecursionError:
        return None, "broken JSON: nested too deeply"
    except ValueError as error:
        return None, f"broken JSON: {error}"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _without_lone_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_lone_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_lone_surrogates(key): _without_lone_surrogates(one) for key, one in value.items()}
    return value
