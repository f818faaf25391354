"""What every platform's export has in common: its files and their hashes, one walk over it, and what was not taken."""

import re
import weakref
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar

from rostrum.importers.index import Index
from rostrum.importers.reading import DAMAGE, Container, Limits, Member, Progress
from rostrum.importers.splitting import Element, SplitError, Splitter
from rostrum.kernel.items import Fault, Item

_EMPTY = re.compile(rb"[^\[{]*\[\s*\]\s*;?\s*")


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """One line of a file's manifest. `sha256` (hex) is empty where the member could not be read."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the export as it was given, with its manifest; hashes are hex, empty before `seal`."""

    name: str
    size_bytes: int
    sha256: str
    members: tuple[MemberRecord, ...]


class Export(ABC):
    """One export, in one file or several. Made by `rostrum.importers.detect`; use as a context manager or `close` it.

    After `read` was walked to its end, `recognised` counts the Items by kind, `ignored` lists what is not imported by
    design, `missing` what the export names or announces and does not hold.
    """

    kind: ClassVar[str]
    platform: ClassVar[str]

    def __init__(self, containers: list[Container], limits: Limits) -> None:
        self.containers = containers
        self.limits = limits
        self.recognised: Counter[str] = Counter()
        self.ignored: list[str] = []
        self.missing: list[str] = []
        self._sealed = False
        files = ExitStack()
        for container in containers:
            files.callback(container.close)
        # Whoever forgets to close still leaves no open file behind.
        self._finalizer = weakref.finalize(self, files.close)

    def __enter__(self) -> "Export":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; media can no longer be opened."""
        self._finalizer()

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files given, with the hashes of each whole and each member once sealed (`read` seals)."""
        return tuple(
            SourceFile(
                one.name,
                one.size_bytes,
                one.sha256,
                tuple(MemberRecord(member.name, member.size_bytes, member.sha256) for member in one.members),
            )
            for one in self.containers
        )

    def seal(self, progress: Progress | None = None) -> None:
        """Hash every file whole and by member, once. `progress` is called with bytes done and bytes in all."""
        if self._sealed:
            return
        total = sum(one.size_bytes + sum(member.size_bytes for member in one.members) for one in self.containers)
        done = 0

        def told(size: int) -> None:
            nonlocal done
            done += size
            if progress:
                progress(done, total)

        for container in self.containers:
            container.seal(told)
        self._sealed = True

    def read(self, progress: Progress | None = None) -> Iterator[Item | Fault]:
        """Seal the export, then yield everything in it: an Item, or a Fault that names the place, and go on."""
        self.seal(progress)
        self.recognised.clear()
        self.ignored.clear()
        self.missing.clear()
        for container in self.containers:
            for member in container.members:
                member.used = False
                if member.damage:
                    yield Fault(self.place(container, member.name), member.damage)
        with Index() as index:
            for thing in self._read(index):
                if isinstance(thing, Item):
                    self.recognised[thing.kind.value] += 1
                yield thing

    @abstractmethod
    def _read(self, index: Index) -> Iterator[Item | Fault]:
        """Yield the Items and Faults of this kind of export; fill `ignored` and `missing`."""

    def place(self, container: Container, name: str) -> str:
        """How a member is named to people: with its file where several were given."""
        return f"{container.name}: {name}" if len(self.containers) > 1 else name

    def walk(
        self, where: str, member: Member, enter: re.Pattern[bytes], *, repeat: bool = False, closing: bytes = b""
    ) -> Iterator[tuple[bytes, Element] | Fault]:
        """Yield each element of the array behind `enter`, with the bytes read on the way into the array.

        With `repeat`, every further array behind `enter` too. `closing` is the byte the file must end with; where it is
        empty, nothing but spaces may follow the array. A broken element is a Fault, and so is a slicing that does not
        give the member back (design §11.2).
        """
        if member.damage:
            return
        try:
            with member.open() as stream:
                splitter = Splitter(stream, element_bytes=self.limits.element_bytes)
                lead = splitter.seek(enter)
                if lead is None and not _is_empty_list(member):
                    yield Fault(where, "holds no list of the kind its name promises")
                while lead is not None:
                    for element in splitter.elements():
                        if element.error:
                            if repeat and enter.search(element.raw):
                                # The broken one reached into the next array: what follows belongs there.
                                lead = element.raw
                            yield Fault(place_of(where, element), element.error)
                        else:
                            yield lead, element
                    lead = splitter.seek(enter) if repeat else None
                digest = splitter.finish()
        except SplitError as error:
            yield Fault(f"{where}, byte {error.offset}", f"{error.why}; the rest of this file was not read")
            return
        except DAMAGE as error:
            yield Fault(where, f"could not be read to its end: {error}")
            return
        if closing and splitter.last != closing:
            yield Fault(where, "is cut off: it does not end as a complete file does")
        elif not closing and splitter.trailing:
            yield Fault(where, f"something follows the end of its list and was not read: {splitter.trailing[:32]!r}")
        if digest != member.sha256:
            yield Fault(where, "the slices put together do not give the file back; it changed while it was read")


def place_of(where: str, element: Element) -> str:
    """Name one element: its member, its number counted from one, its bytes."""
    return f"{where}, element {element.index + 1} (bytes {element.start} to {element.end})"


def _is_empty_list(member: Member) -> bool:
    """Whether a file holds an empty list and nothing else: nothing to enter, and nothing wrong."""
    if member.size_bytes > 1024:
        return False
    with member.open() as stream:
        return _EMPTY.fullmatch(stream.read()) is not None
