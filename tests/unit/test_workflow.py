"""The table type of the state machines: what it allows, refuses, draws, and which tables it will not build."""

from enum import StrEnum

import pytest

from rostrum.kernel.decisions import Refused
from rostrum.workflow.machine import Machine, Transition


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BURNED_OUT = "burned_out"


ROWS = (
    Transition(Lamp.OFF, "switch_on", Lamp.ON, "there is power: from the wall; or a battery"),
    Transition(Lamp.ON, "switch_off", Lamp.OFF),
    Transition(Lamp.ON, "burn_out", Lamp.BURNED_OUT),
)
LAMP: Machine[Lamp] = Machine("lamp", ROWS, initial=Lamp.OFF, final=(Lamp.BURNED_OUT,))


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        (Lamp.OFF, "switch_on", Lamp.ON),
        (Lamp.OFF, "switch_off", None),
        (Lamp.OFF, "burn_out", None),
        (Lamp.ON, "switch_on", None),
        (Lamp.ON, "switch_off", Lamp.OFF),
        (Lamp.ON, "burn_out", Lamp.BURNED_OUT),
        (Lamp.BURNED_OUT, "switch_on", None),
        (Lamp.BURNED_OUT, "switch_off", None),
        (Lamp.BURNED_OUT, "burn_out", None),
    ],
)
def test_the_table_decides_every_state_with_every_act(state: Lamp, act: str, after: Lamp | None) -> None:
    assert LAMP.allows(state, act) is (after is not None)
    if after is None:
        with pytest.raises(Refused):
            LAMP.next_state(state, act)
    else:
        assert LAMP.next_state(state, act) is after


def test_the_cases_are_the_whole_truth_table() -> None:
    cases = list(LAMP.cases())
    assert len(cases) == 9
    assert (Lamp.ON, "burn_out", Lamp.BURNED_OUT) in cases
    assert (Lamp.OFF, "burn_out", None) in cases


def test_a_refusal_names_the_state_and_what_is_possible() -> None:
    with pytest.raises(Refused) as caught:
        LAMP.next_state(Lamp.ON, "switch_on")
    (reason,) = caught.value.reasons
    assert reason.code == "wrong-state"
    assert reason.message == (
        "The lamp stands at “on”, where “switch on” is not possible. What can be done now: “switch off” or “burn out”."
    )


def test_a_refusal_speaks_with_the_words_on_the_buttons_and_leaves_out_what_nobody_presses() -> None:
    lamp: Machine[Lamp] = Machine(
        "lamp",
        ROWS,
        initial=Lamp.OFF,
        final=(Lamp.BURNED_OUT,),
        titles={Lamp.OFF: "Dark", Lamp.ON: "Shining"},
        buttons={"switch_on": "Light it", "switch_off": "Put it out", "burn_out": ""},
    )
    (reason,) = lamp.decide(Lamp.ON, "switch_on").against
    assert reason.message == (
        "The lamp stands at “Shining”, where “Light it” is not possible. What can be done now: “Put it out”."
    )


def test_a_refusal_where_nobody_has_a_button_says_that_it_goes_on_by_itself() -> None:
    rows = (Transition(Lamp.OFF, "switch_on", Lamp.ON), Transition(Lamp.ON, "burn_out", Lamp.BURNED_OUT))
    lamp: Machine[Lamp] = Machine(
        "lamp", rows, initial=Lamp.OFF, final=(Lamp.BURNED_OUT,), buttons={"switch_on": "Light it", "burn_out": ""}
    )
    (reason,) = lamp.decide(Lamp.ON, "switch_on").against
    assert reason.message.endswith("It goes on by itself.")


def test_a_refusal_at_the_end_says_that_nothing_more_is_possible() -> None:
    with pytest.raises(Refused, match=r"stands at “burned out”.*Nothing more can be done with it"):
        LAMP.next_state(Lamp.BURNED_OUT, "switch_on")


def test_acts_conditions_and_ends_can_be_asked_for() -> None:
    assert LAMP.acts_from(Lamp.ON) == ("switch_off", "burn_out")
    assert LAMP.acts() == ("switch_on", "switch_off", "burn_out")
    assert LAMP.needs(Lamp.OFF, "switch_on").startswith("there is power")
    assert LAMP.needs(Lamp.BURNED_OUT, "switch_on") == ""
    assert LAMP.is_final(Lamp.BURNED_OUT)
    assert not LAMP.is_final(Lamp.ON)
    assert list(LAMP) == list(ROWS)


def test_the_diagram_is_drawn_from_the_table() -> None:
    assert LAMP.to_mermaid() == (
        "stateDiagram-v2\n"
        '    state "off" as off\n'
        '    state "on" as on\n'
        '    state "burned out" as burned_out\n'
        "    [*] --> off\n"
        "    off --> on : switch on (there is power, from the wall, or a battery)\n"
        "    on --> off : switch off\n"
        "    on --> burned_out : burn out\n"
        "    burned_out --> [*]\n"
    )


@pytest.mark.parametrize(
    ("rows", "final", "mistake"),
    [
        ((*ROWS, ROWS[0]), (Lamp.BURNED_OUT,), r"off \+ switch_on is given twice"),
        (ROWS[:2], (Lamp.BURNED_OUT,), "burned_out cannot be reached from off"),
        (ROWS, (), "burned_out is a dead end and not declared final"),
        (ROWS, (Lamp.BURNED_OUT, Lamp.ON), "on is declared final and has a way out"),
    ],
)
def test_a_table_with_a_mistake_cannot_be_built(
    rows: tuple[Transition[Lamp], ...], final: tuple[Lamp, ...], mistake: str
) -> None:
    with pytest.raises(ValueError, match=mistake):
        Machine("lamp", rows, initial=Lamp.OFF, final=final)
