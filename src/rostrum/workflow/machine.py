"""State machines as tables: one table decides, names what is possible, draws the diagram, and drives the tests.

    CHANNEL_MACHINE: Machine[ChannelState] = Machine(
        "channel",
        (
            Transition(ChannelState.REQUESTED, "approve", ChannelState.APPROVED, "another person than the one asking"),
            Transition(ChannelState.REQUESTED, "decline", ChannelState.DECLINED),
            Transition(ChannelState.APPROVED, "open", ChannelState.OPEN, "a credential in custody"),
        ),
        initial=ChannelState.REQUESTED,
        final=(ChannelState.DECLINED, ChannelState.OPEN),
    )

Conditions beyond the state (`needs`) are words for the reader; the area's rules decide them. `titles` are the states in
words; `buttons` the words on the button of each act, "" for what no person does, so that a refusal says what is there
to be pressed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from rostrum.kernel.decisions import Decision, Reason

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """One row of the table: from `source`, `act` leads to `target`; `needs` says what else must hold, in words."""

    source: S
    act: str
    target: S
    needs: str = ""


class Machine(Generic[S]):
    """All transitions of one kind of thing.

    Its life begins in `initial`, or in one of `also_initial` where what exists already is taken in.
    A table with a mistake cannot be built: `ValueError` names a row given twice, a state no act leads to, a dead end
    that is not declared final, and a final state that is left again.
    """

    def __init__(
        self,
        name: str,
        transitions: Iterable[Transition[S]],
        *,
        initial: S,
        also_initial: Iterable[S] = (),
        final: Iterable[S] = (),
        titles: Mapping[S, str] | None = None,
        buttons: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.titles: Mapping[S, str] = titles or {}
        self.buttons: dict[str, str] = {str(act): words for act, words in (buttons or {}).items()}
        self.transitions: tuple[Transition[S], ...] = tuple(transitions)
        self.initial = initial
        self.beginnings: tuple[S, ...] = (initial, *also_initial)
        self.final: frozenset[S] = frozenset(final)
        self.states: tuple[S, ...] = tuple(type(initial))
        self._table: dict[S, dict[str, Transition[S]]] = {state: {} for state in self.states}
        mistakes: list[str] = []
        for row in self.transitions:
            acts = self._table[row.source]
            if str(row.act) in acts:
                mistakes.append(f"{row.source} + {row.act} is given twice")
            acts[str(row.act)] = row
        mistakes += [
            f"{state} cannot be reached from {' or '.join(self.beginnings)}"
            for state in self.states
            if state not in self.reached()
        ]
        for state in self.states:
            if not self._table[state] and state not in self.final:
                mistakes.append(f"{state} is a dead end and not declared final")
            if self._table[state] and state in self.final:
                mistakes.append(f"{state} is declared final and has a way out")
        if mistakes:
            raise ValueError(f"The table of the {name} has mistakes: " + "; ".join(mistakes))

    def allows(self, state: S, act: str) -> bool:
        """Whether the table has a way from `state` by `act`."""
        return str(act) in self._table[state]

    def next_state(self, state: S, act: str) -> S:
        """The state after `act`. Raises `Refused` (code ``wrong-state``) naming the state and what is possible."""
        self.decide(state, act).or_refuse()
        return self._table[state][str(act)].target

    def decide(self, state: S, act: str) -> Decision:
        """Whether the state lets the act be done; if not, where it stands and what can be done now, in words."""
        if self.allows(state, act):
            return Decision()
        title = self.titles.get(state) or _words(state)
        asked = self.button(act) or _words(act)
        offered = [f"“{words}”" for words in dict.fromkeys(map(self.button, self.acts_from(state))) if words]
        if offered:
            left = f"What can be done now: {' or '.join(filter(None, (', '.join(offered[:-1]), offered[-1])))}."
        else:
            left = "Nothing more can be done with it." if self.is_final(state) else "It goes on by itself."
        message = f"The {self.name} stands at “{title}”, where “{asked}” is not possible. {left}"
        return Decision((Reason("wrong-state", message),))

    def button(self, act: str) -> str:
        """The words on the act's button, "" where no person does it."""
        return self.buttons.get(str(act), "" if self.buttons else _words(act))

    def acts_from(self, state: S) -> tuple[str, ...]:
        """The acts possible in `state`, in the table's order."""
        return tuple(self._table[state])

    def needs(self, state: S, act: str) -> str:
        """What else must hold for `act` in `state`, in words; empty when nothing, or when the table has no such way."""
        row = self._table[state].get(str(act))
        return row.needs if row else ""

    def acts(self) -> tuple[str, ...]:
        """Every act of the table once, in the table's order."""
        return tuple(dict.fromkeys(str(row.act) for row in self.transitions))

    def is_final(self, state: S) -> bool:
        """Whether `state` is the end of the life."""
        return state in self.final

    def reached(self) -> frozenset[S]:
        """The states that some chain of acts reaches from where its life begins."""
        seen = set(self.beginnings)
        waiting = list(self.beginnings)
        while waiting:
            for row in self._table[waiting.pop()].values():
                if row.target not in seen:
                    seen.add(row.target)
                    waiting.append(row.target)
        return frozenset(seen)

    def __iter__(self) -> Iterator[Transition[S]]:
        return iter(self.transitions)

    def cases(self) -> Iterator[tuple[S, str, S | None]]:
        """Every state with every act, and the state after it or None where the table refuses: a test's truth table."""
        for state in self.states:
            for act in self.acts():
                row = self._table[state].get(act)
                yield state, act, row.target if row else None

    def to_mermaid(self) -> str:
        """The table as a Mermaid state diagram, for `docs/reference`."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{_words(state)}" as {_code(state)}' for state in self.states]
        lines += [f"    [*] --> {_code(state)}" for state in self.beginnings]
        for row in self.transitions:
            # A colon or a semicolon would end the label.
            needs = f" ({row.needs})".replace(":", ",").replace(";", ",") if row.needs else ""
            lines.append(f"    {_code(row.source)} --> {_code(row.target)} : {_words(row.act)}{needs}")
        lines += [f"    {_code(state)} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"


def _words(code: str) -> str:
    return str(code).replace("_", " ").replace("-", " ")


def _code(state: str) -> str:
    return str(state).replace("-", "_")
