"""What a verification answers: one verdict per record, one for the set, every fault located, and the exit code."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from rostrum.evidence.sources import Fault


class Verdict(StrEnum):
    """What can be said of one record; exactly one of these."""

    INTACT = "intact"
    ALTERED = "altered"
    LAWFULLY_DISPOSED = "lawfully_disposed"
    MISSING_UNEXPLAINED = "missing_unexplained"
    REDACTED_CONSISTENT = "redacted_consistent"
    UNTRUSTED_KEY = "untrusted_key"


class SetVerdict(StrEnum):
    """What can be said of the whole."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"


EXIT_CODES = {SetVerdict.COMPLETE: 0, SetVerdict.INCOMPLETE: 1, SetVerdict.UNREADABLE: 2, SetVerdict.UNTRUSTED: 3}
CONSISTENT = frozenset({Verdict.INTACT, Verdict.LAWFULLY_DISPOSED, Verdict.REDACTED_CONSISTENT})


class RecordResult(NamedTuple):
    """The verdict on one record; `why` is empty where there is nothing to explain."""

    id: str
    verdict: Verdict
    why: str = ""


@dataclass(slots=True)
class Verdicts:
    """The outcome of verifying one bundle."""

    set: SetVerdict
    results: list[RecordResult] = field(default_factory=list)
    faults: Sequence[Fault] = ()
    not_checked: Sequence[Fault] = ()
    scope: str = ""
    origin: str = ""
    size: int | None = None
    gaps: int = 0

    @property
    def exit_code(self) -> int:
        """0 complete and intact, 1 not, 2 unreadable, 3 untrusted."""
        return EXIT_CODES[self.set]

    @property
    def counts(self) -> dict[str, int]:
        """How many records have which verdict."""
        return {verdict.value: count for verdict, count in Counter(result.verdict for result in self.results).items()}

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as JSON objects."""
        return {
            "set": self.set.value,
            "records": self.counts,
            "faults": [fault._asdict() for fault in self.faults],
            "results": [
                {"id": result.id, "verdict": result.verdict.value, "why": result.why} for result in self.results
            ],
            "not_checked": [fault._asdict() for fault in self.not_checked],
            "scope": self.scope,
            "origin": self.origin,
            "size": self.size,
            "gaps": self.gaps,
        }
