"""The mail about duties: what kind of thing is due and when, and where to look. No names, no contents. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from rostrum.areas.agenda.rules import Stage

_HEADINGS = {
    Stage.DUE: "Due now",
    Stage.AGAIN: "Still overdue",
    Stage.ESCALATED: "Overdue and put before you, because nobody has acted",
    Stage.SOON: "Due soon",
}
# A mail is read on a telephone; the page shows the rest.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One duty in a mail: the stage it is told at, the title of its kind, when it is due, and its address."""

    stage: Stage
    title: str
    due: str
    url: str


def subject_of(lines: Iterable[Line]) -> str:
    """The subject: counts only."""
    found = list(lines)
    overdue = sum(one.stage is not Stage.SOON for one in found)
    soon = len(found) - overdue
    parts = [f"{overdue} due or overdue"] if overdue else []
    parts += [f"{soon} due soon"] if soon else []
    return f"Duties: {', '.join(parts)}"


def text_of(lines: Iterable[Line], *, name: str, body: str, register: str) -> str:
    """The text: each duty by its kind, its instant and its address, the most pressing first."""
    found = list(lines)
    order = list(_HEADINGS)
    shown = sorted(found, key=lambda one: order.index(one.stage))[:_MOST]
    parts = [f"{name},", ""]
    heading = None
    for one in shown:
        if one.stage is not heading:
            heading = one.stage
            parts += [f"{_HEADINGS[one.stage]}:", ""]
        parts += [f"- {one.title}, due {one.due}"] + ([f"  {one.url}"] if one.url else [])
        if one is shown[-1] or shown[shown.index(one) + 1].stage is not heading:
            parts.append("")
    if len(found) > len(shown):
        parts += [f"And {len(found) - len(shown)} more.", ""]
    parts += [
        f"All of them: {register}" if register else "All of them stand on the page Duties of the desk.",
        "",
        f"This mail comes from Rostrum of {body}. It names no contents; sign in to see them.",
        "",
    ]
    return "\n".join(parts)
