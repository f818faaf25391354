"""The life of a list of channels that is taken in, and when it waits for a person. Facts in, decision out; pure."""

from dataclasses import dataclass
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class ListState(StrEnum):
    """Where a list stands."""

    RECEIVED = "received"
    HELD = "held"
    READY = "ready"
    TAKING = "taking"
    TAKEN = "taken"
    SET_ASIDE = "set_aside"
    REFUSED = "refused"


class ListAct(StrEnum):
    """What can be done with a list."""

    READ = "read"
    HOLD = "hold"
    REFUSE = "refuse"
    RELEASE = "release"
    SET_ASIDE = "set_aside"
    TAKE = "take"
    FINISH = "finish"


LIST_STATE_TITLES = {
    ListState.RECEIVED: "Being read",
    ListState.HELD: "Held for a person",
    ListState.READY: "Read, nothing taken in yet",
    ListState.TAKING: "Being taken in",
    ListState.TAKEN: "Taken in",
    ListState.SET_ASIDE: "Set aside",
    ListState.REFUSED: "Could not be read",
}

_S, _A = ListState, ListAct

LIST_MACHINE: Machine[ListState] = Machine(
    "list of channels",
    (
        Transition(_S.RECEIVED, _A.READ, _S.READY),
        Transition(_S.RECEIVED, _A.HOLD, _S.HELD, "it misses many known channels"),
        Transition(_S.RECEIVED, _A.REFUSE, _S.REFUSED),
        Transition(_S.HELD, _A.RELEASE, _S.READY, "a person, with a reason"),
        Transition(_S.HELD, _A.SET_ASIDE, _S.SET_ASIDE, "a reason"),
        Transition(_S.READY, _A.SET_ASIDE, _S.SET_ASIDE, "a reason"),
        Transition(_S.READY, _A.TAKE, _S.TAKING),
        Transition(_S.TAKING, _A.TAKE, _S.TAKING, "more is left"),
        Transition(_S.TAKING, _A.FINISH, _S.TAKEN, "nothing is left that needs no person"),
        # What a person settles later is taken in then.
        Transition(_S.TAKEN, _A.TAKE, _S.TAKING),
    ),
    initial=_S.RECEIVED,
    final=(_S.SET_ASIDE, _S.REFUSED),
    titles=LIST_STATE_TITLES,
    buttons={
        _A.READ: "",
        _A.HOLD: "",
        _A.REFUSE: "",
        _A.FINISH: "",
        _A.RELEASE: "Take in what it names",
        _A.SET_ASIDE: "Set the list aside",
        _A.TAKE: "Take them in",
    },
)


def list_is_held(*, known: int, missing: int, percent: int) -> bool:
    """Whether a list that misses so many of the known channels waits for a person before anything is taken from it."""
    return missing > 0 and missing * 100 >= percent * known


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list about to be released, set aside or taken in. `reason` is asked where a person decides."""

    state: ListState
    act: ListAct
    may_keep: Decision
    reason: str = ""
    needs_reason: bool = False


def decide_list(facts: ListFacts) -> Decision:
    """Decide whether the act may be done with the list."""
    against = list(facts.may_keep.against)
    try:
        LIST_MACHINE.next_state(facts.state, facts.act)
    except Refused as refusal:
        against += refusal.reasons
    if facts.needs_reason and not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; the reason stays with the list."))
    return Decision(tuple(against))
