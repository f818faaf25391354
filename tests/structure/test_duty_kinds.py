"""Every kind of duty that is opened anywhere is declared, and what is declared can be followed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

import rostrum
from rostrum.areas.duties.kinds import declared

SOURCE = Path(rostrum.__file__).parent
TREES = {path: ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts}


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


EVERYWHERE = {name: value for tree in TREES.values() for name, value in _constants(tree).items()}


def _values(given: ast.expr, here: dict[str, str]) -> Iterator[str]:
    match given:
        case ast.Constant(value=str() as value):
            yield value
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield here.get(name) or EVERYWHERE.get(name, "")
        case ast.IfExp(body=body, orelse=orelse):
            yield from _values(body, here)
            yield from _values(orelse, here)
        case _:
            yield ""


def _opened() -> Iterator[tuple[str, str]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "open_duty":
                for keyword in node.keywords:
                    if keyword.arg == "kind":
                        for value in _values(keyword.value, _constants(tree)):
                            yield f"{path.relative_to(SOURCE)}:{node.lineno}", value


def test_every_kind_of_duty_that_is_opened_is_declared() -> None:
    undeclared = sorted({(place, kind) for place, kind in _opened() if kind and kind not in declared()})

    assert undeclared == [], "add a row to the area's duty_kinds.py: see rostrum/areas/duties/kinds.py"


def test_kinds_are_named_for_their_area_and_say_what_closes_them() -> None:
    for kind in declared().values():
        assert "." in kind.code
        assert kind.title, kind.code
        assert len(kind.title) <= 80, kind.code
        assert kind.done_when, kind.code
        assert not kind.done_when.endswith("."), kind.code
        assert kind.route or kind.find_pages or kind.closes_here, f"{kind.code}: nobody can get to where it is done"


@pytest.mark.parametrize("kind", [kind for kind in declared().values() if kind.route], ids=lambda kind: kind.code)
def test_the_page_of_a_kind_exists(kind: object) -> None:
    assert reverse(kind.route, args=["abc"] if kind.takes_subject else None)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in declared().values() if kind.find_pages], ids=lambda kind: kind.code)
def test_a_subject_that_is_gone_has_no_page(kind: object) -> None:
    assert kind.find_pages({"gone"}) == {}  # type: ignore[attr-defined]
