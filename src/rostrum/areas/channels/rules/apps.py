"""Which applications may be connected to a channel, and who says so. Pure."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


def app_key(name: str) -> str:
    """One spelling for an application's name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """An approval of an application, about to be given. `offices` are those the actor holds and that have not given it.

    `other` is who gave the other office's approval, or "".
    """

    actor: str
    offices: tuple[str, ...]
    other: str
    is_allowed: bool
    is_withdrawn: bool
    clause: str


def decide_app_approval(facts: ApprovalFacts) -> Decision:
    """Decide whether the actor may approve the application: for an office they hold, and not for both."""
    clause, against = facts.clause or None, []
    if facts.is_withdrawn:
        against.append(Reason("withdrawn", "It was withdrawn; put it forward again.", clause))
    if facts.is_allowed:
        against.append(Reason("allowed", "Both have approved it already."))
    elif not facts.offices:
        against.append(
            Reason("not-yours", "An application is approved by the coordinator and by the IT director.", clause)
        )
    if facts.other and facts.other == facts.actor:
        against.append(Reason("second-person", "Two persons approve it: you have approved it once.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What is connected to a channel, against what is allowed there (names by `app_key`)."""

    connected: tuple[str, ...]
    allowed: frozenset[str]


def not_allowed(facts: AppFacts) -> tuple[str, ...]:
    """The connected applications that are not allowed, by name as listed, each once."""
    found: dict[str, str] = {}
    for name in facts.connected:
        if app_key(name) and app_key(name) not in facts.allowed:
            found.setdefault(app_key(name), name.strip())
    return tuple(found.values())


def against_connector(name: str, *, is_allowed: bool, clause: str) -> tuple[Reason, ...]:
    """The reason against speaking through a connector that is not on the list, where a pack keeps one."""
    if not clause or is_allowed:
        return ()
    return (
        Reason(
            "connector-not-allowed",
            f"The connector to {name} is not on the list of allowed applications: the coordinator and the IT director "
            "approve it first.",
            clause,
        ),
    )


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """A checklist of settings, about to be completed. `answers` are item → answer."""

    may_check: Decision
    items: tuple[str, ...]
    answers: dict[str, str]
    note: str
    known_answers: Collection[str] = ("set", "not-set", "not-there")


def decide_settings_check(facts: SettingsFacts) -> Decision:
    """Decide whether the checklist is complete: an answer for each item, and a note where one is not set."""
    against = list(facts.may_check.against)
    missing = [item for item in facts.items if facts.answers.get(item) not in facts.known_answers]
    if missing:
        against.append(Reason("incomplete", f"{len(missing)} of {len(facts.items)} settings have no answer yet."))
    elif "not-set" in facts.answers.values() and not facts.note.strip():
        against.append(Reason("no-note", "Say why a setting is not as the guide says, or when it will be."))
    return Decision(tuple(against))
