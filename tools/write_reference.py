"""Write docs/reference from the code: states, events, settings, commands, controls. `--check` only compares."""

import argparse
import importlib
import inspect
import os
import pkgutil
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "Generated from the code by `make docs`; do not edit.\n"


def area_modules(name: str) -> list[object]:
    """The module NAME of every area that has one; of a package, its topics too."""
    import rostrum.areas

    found: list[object] = []
    for area in pkgutil.iter_modules(rostrum.areas.__path__):
        folder = Path(rostrum.areas.__path__[0]) / area.name
        if not (folder / f"{name}.py").exists() and not (folder / name).is_dir():
            continue
        module = importlib.import_module(f"rostrum.areas.{area.name}.{name}")
        topics = pkgutil.iter_modules(getattr(module, "__path__", ()))
        found += [module, *(importlib.import_module(f"{module.__name__}.{topic.name}") for topic in topics)]
    return found


def states() -> str:
    from rostrum.workflow.machine import Machine

    machines: dict[str, Machine] = {}  # type: ignore[type-arg]
    for name in ("states", "rules"):
        for module in area_modules(name):
            for value in vars(module).values():
                if isinstance(value, Machine):
                    machines[value.name] = value
    parts = ["# State machines\n", NOTE]
    for name in sorted(machines):
        parts.append(f"\n## {name[0].upper()}{name[1:]}\n\n```mermaid\n{machines[name].to_mermaid()}```\n")
    return "\n".join(parts)


def events() -> str:
    from rostrum.kernel.events import Event

    rows = []
    for module in area_modules("events"):
        for _, value in inspect.getmembers(module, inspect.isclass):
            if issubclass(value, Event) and value is not Event and value.__module__ == module.__name__:  # type: ignore[attr-defined]
                fields = ", ".join(f"`{field}`" for field in value.__dataclass_fields__ if field != "kind")
                rows.append(f"| `{value.kind}` | {(value.__doc__ or '').strip().splitlines()[0]} | {fields} |")
    head = ["# Events\n", NOTE, "What the ledger records. Fields hold ids, digests and codes, never contents.\n"]
    return "\n".join([*head, "| event | when | fields |", "|---|---|---|", *sorted(rows)]) + "\n"


def settings() -> str:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src/rostrum").rglob("*.py"))
        if "migrations" not in path.parts
    )
    used = set(re.findall(r"environ(?:\.get)?[\[(]\s*\"(ROSTRUM_[A-Z_]+|DATABASE_URL)\"", text))
    described = importlib.import_module("rostrum.settings.described").SETTINGS
    missing = used ^ set(described)
    if missing:
        raise SystemExit(f"settings/described.py and the code differ: {', '.join(sorted(missing))}")
    rows = [
        f"| `{name}` | {about.purpose} | {about.default} | `{about.example}` |"
        for name, about in sorted(described.items())
    ]
    head = [
        "# Settings\n",
        NOTE,
        "All settings are environment variables.\n",
        "| variable | what it is for | without it | example |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def commands() -> str:
    from rostrum.cli import main

    parts = ["# Commands\n", NOTE]
    os.environ["COLUMNS"] = "100"
    for name, module_name in main.COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"rostrum {name}", description=main.SUMMARIES[name])
        parser.add_argument("--data", metavar="DIR", help="the data folder (default: ROSTRUM_DATA or ./rostrum-data)")
        importlib.import_module(module_name).configure(parser)
        parts.append(f"\n## rostrum {name}\n\n```\n{_help(parser)}```\n")
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for sub in action.choices.values():
                    parts.append(f"\n```\n{_help(sub)}```\n")
    return "\n".join(parts)


def _help(parser: argparse.ArgumentParser) -> str:
    # Python 3.13 words usage lines a little differently; the first spelling is kept for all.
    return re.sub(r"[ \t]+\n", "\n", parser.format_help())


PAGES = {"states.md": states, "events.md": events, "settings.md": settings, "commands.md": commands}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
    os.environ["ROSTRUM_DATA"] = tempfile.mkdtemp(prefix="rostrum-docs-")
    import django

    django.setup()
    stale = []
    for name, write in PAGES.items():
        path, text = FOLDER / name, write()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"docs/reference is stale: {', '.join(stale)}; run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
