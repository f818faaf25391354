"""Every state machine speaks a person's words: a title for each state, and on which button each act stands."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import rostrum.areas
from rostrum.workflow.machine import Machine

ROOT = Path(__file__).resolve().parents[2] / "src" / "rostrum"
SCREEN = "\n".join(one.read_text(encoding="utf-8") for one in sorted(ROOT.rglob("templates/**/*.html")))


def _machines() -> list["Machine"]:  # type: ignore[type-arg]
    found = {}
    for module in walk_packages(rostrum.areas.__path__, "rostrum.areas."):
        if ".rules" in module.name or module.name.endswith(".states"):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Machine):
                    found[value.name] = value
    return list(found.values())


MACHINES = _machines()


def test_the_machines_are_found() -> None:
    assert len(MACHINES) >= 12


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.name)
def test_every_state_has_a_title_and_every_act_its_button_or_none(machine: "Machine") -> None:  # type: ignore[type-arg]
    assert set(machine.titles) == set(machine.states)
    assert set(machine.buttons) == set(machine.acts())


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.name)
def test_the_words_of_a_button_stand_on_a_page(machine: "Machine") -> None:  # type: ignore[type-arg]
    missing = [
        words
        for words in set(machine.buttons.values())
        if words and f'"{words}"' not in SCREEN and f">{words}<" not in SCREEN and f"%}}{words}{{%" not in SCREEN
    ]
    assert missing == []
