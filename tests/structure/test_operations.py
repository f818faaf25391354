"""Promises of the code about itself: operations, events, controls and the tests that prove them."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import rostrum.areas
from rostrum.kernel.events import Event
from rostrum.policy.packs import load_catalog

ROOT = Path(__file__).resolve().parents[2]
AREAS = [area.name for area in pkgutil.iter_modules(rostrum.areas.__path__)]
# What only writes beside an act (the queue, the tree, seeing and mailing) is no official act of a person.
NO_ACTS = {"jobs", "ledger"}


def modules(name: str) -> Iterator[ModuleType]:
    for area in AREAS:
        folder = ROOT / "src/rostrum/areas" / area
        if (folder / f"{name}.py").exists() or (folder / name).is_dir():
            yield importlib.import_module(f"rostrum.areas.{area}.{name}")


def topics(module: ModuleType) -> Iterator[ModuleType]:
    """The module itself and, of a package, its topics."""
    yield module
    for topic in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield importlib.import_module(f"{module.__name__}.{topic.name}")


def public_functions(module: ModuleType) -> Iterator[tuple[str, object]]:
    """The functions a module offers; of a package's topics, those that are one act of their own."""
    for topic in topics(module):
        tree = ast.parse(inspect.getsource(topic))
        acts = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and "transaction.atomic" in map(ast.unparse, node.decorator_list)
        }
        for name, function in inspect.getmembers(topic, inspect.isfunction):
            is_own = function.__module__.startswith(module.__name__)
            if is_own and not name.startswith("_") and (topic is module or name in acts):
                yield name, function


def test_every_operation_is_told_who_acts_and_when() -> None:
    missing = []
    for module in modules("operations"):
        if module.__name__.split(".")[2] in NO_ACTS:
            continue
        for name, function in public_functions(module):
            parameters = inspect.signature(function).parameters  # type: ignore[arg-type]
            if not {"actor", "now"} <= set(parameters):
                missing.append(f"{module.__name__}.{name} takes no actor or now")
            if any(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters.values()):
                missing.append(f"{module.__name__}.{name} takes positional arguments; an act names everything")
    assert not missing, "\n".join(missing)


def test_only_views_jobs_commands_and_connectors_read_the_clock() -> None:
    offenders = []
    for path in (ROOT / "src/rostrum").rglob("*.py"):
        place = path.relative_to(ROOT / "src/rostrum").as_posix()
        if place.startswith(("web/", "cli/", "worker/", "connectors/")) or path.name in (
            "views.py",
            "jobs.py",
            "access.py",
        ):
            continue
        if "/views/" in place or "/jobs/" in place:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "timezone.now",
                "datetime.now",
                "time.time",
                "date.today",
            ):
                offenders.append(f"{place}:{node.lineno} reads the clock; take `now` as an argument")
    assert not offenders, "\n".join(offenders)


def test_every_event_is_versioned_and_named_once() -> None:
    kinds: dict[str, str] = {}
    for module in (topic for area in modules("events") for topic in topics(area)):
        area = module.__name__.split(".")[2]
        for name, value in inspect.getmembers(module, inspect.isclass):
            if issubclass(value, Event) and value is not Event and value.__module__ == module.__name__:
                assert re.fullmatch(rf"{area}\.[a-z0-9-]+\.v\d+", value.kind), f"{name}: {value.kind}"
                assert value.kind not in kinds, f"{value.kind} stands twice: {name} and {kinds[value.kind]}"
                kinds[value.kind] = name
    assert len(kinds) > 20


def _tests_that_prove() -> dict[str, set[str]]:
    """Every test marked @pytest.mark.proves, as node id → the controls it proves."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.proves":
                        node_id = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                        found.setdefault(node_id, set()).update(
                            ast.literal_eval(argument) for argument in decorator.args
                        )
    return found


def test_every_live_control_is_proven_by_a_test_that_says_so() -> None:
    proving = _tests_that_prove()
    problems, controls = [], 0
    for module in modules("controls"):
        for control in module.CONTROLS:
            controls += 1
            if not control.proven_by:
                problems.append(f"{control.id} names no proving test")
            for node_id in control.proven_by:
                if control.id not in proving.get(node_id, set()):
                    problems.append(f"{control.id}: {node_id} does not exist or is not marked proves({control.id!r})")
    assert not problems, "\n".join(problems)
    assert controls, "no area registers a control"


def test_every_control_in_code_stands_in_the_catalog() -> None:
    catalog = load_catalog()
    unknown = [control.id for module in modules("controls") for control in module.CONTROLS if control.id not in catalog]
    assert not unknown, f"not in the catalog: {unknown}"


@pytest.mark.parametrize("path", sorted((ROOT / "src/rostrum").rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_says_what_it_answers_for(path: Path) -> None:
    if "migrations" in path.parts or "vendor" in path.parts:
        return
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), (
        f"{path} opens without a line on what it is for"
    )


def test_nothing_in_the_repository_names_a_machine_or_a_registry() -> None:
    pattern = re.compile(r"/work/|registry\.npmjs|pypi\.org/simple|files\.pythonhosted|/root/|deb\.debian")
    read = {".py", ".md", ".toml", ".lock", ".json", ".html", ".mjs", ".css", ""}
    skipped = {"node_modules", "vendor", "__pycache__", ".npm-cache"}
    offenders = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "docs", "tools", "bench", "node", "requirements", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in read and path != Path(__file__) and not skipped & set(path.parts) and path.is_file()
        if pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not offenders, offenders
