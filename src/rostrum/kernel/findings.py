"""Findings: what a control says about a text or an act, and how strongly."""

from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    """How a control acts (design §5)."""

    BLOCK = "block"
    WARN = "warn"
    DUTY = "duty"
    RECORD = "record"
    INFORM = "inform"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Finding:
    """One control's word about one place.

    `start` and `end` are offsets in code points into the text checked, end exclusive; both are None when the finding
    is about the whole (an image, a missing consent). `section` and `paraphrase` are the clause's own, for the page.
    `also` names other clauses that say the same about the same place.
    """

    clause: str
    control: str
    strength: Strength
    message: str
    advice: str = ""
    start: int | None = None
    end: int | None = None
    section: str = ""
    paraphrase: str = ""
    also: tuple[str, ...] = ()
