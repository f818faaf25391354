"""Loading packs, the catalog of controls, the conflicts and the word lists from their folders. Pure."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength
from rostrum.policy.controls import Catalog, ControlSpec, Stage
from rostrum.policy.packs import entries
from rostrum.policy.packs.model import Clause, Notice, Pack
from rostrum.policy.packs.reading import Table, TomlFile

SHIPPED_FOLDER = Path(__file__).parent.parent / "shipped"
_NOT_PACKS = {"lists"}
_FILES = {
    "pack.toml": ("setting", "role", "related_policy", "guidance_topic", "covers_topic", "counsel_risk"),
    "clauses.toml": ("clause",),
    "grounds.toml": ("ground",),
    "exemptions.toml": ("exemption",),
    "series.toml": ("series",),
    "clocks.toml": ("clock",),
    "holidays.toml": ("holiday",),
    "fees.toml": ("fee_rule",),
    "platforms.toml": ("platform",),
    "certifications.toml": ("certification",),
    "training.toml": ("training",),
    "examples.toml": ("example",),
}
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A tension between clauses, and the rule by which the composition settles it (clauses.md §4)."""

    id: str
    title: str
    between: tuple[tuple[str, ...], ...]
    rule: str
    carried_by: tuple[str, ...]


def load_pack(folder: Path) -> Pack:
    """Read the pack in `folder`.

    Raises `InvalidInput` naming the file, the line and the key of the first thing that cannot be used. Whether the
    pack hangs together (controls exist, examples pass) is for `policy.lint`.
    """
    if not (folder / "pack.toml").is_file():
        raise InvalidInput(str(folder), "is not a policy pack: it has no pack.toml")
    files: dict[str, TomlFile] = {}
    digest = hashlib.sha256()
    notices: list[Notice] = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        digest.update(len(name).to_bytes(4) + name.encode() + len(content).to_bytes(8) + content)
        if name in _FILES:
            files[name] = TomlFile(path, f"{folder.name}/{name}")
        elif name.startswith("notices/") and name.endswith(".md"):
            notices.append(_notice(path, f"{folder.name}/{name}"))
        else:
            known = ", ".join([*_FILES, "notices/*.md"])
            raise InvalidInput(f"{folder.name}/{name}", f"is not a file of a pack; a pack takes {known}")

    def read(file: str, name: str, entry: Callable[[Table], _Entry]) -> tuple[_Entry, ...]:
        return tuple(_entries(files[file], name, entry)) if file in files else ()

    for name, file in files.items():
        if name != "pack.toml":
            file.only(*_FILES[name])
    top = files["pack.toml"].top()
    head = entries.head(top, also=_FILES["pack.toml"])
    pack_id = head.id
    clauses: list[Clause] = []
    places: dict[str, str] = {}
    for table in files["clauses.toml"].tables("clause") if "clauses.toml" in files else ():
        clause = entries.clause(table, pack_id)
        if clause.id in places:
            raise InvalidInput(table.place("id"), f"clause {clause.id} is already at {places[clause.id]}")
        places[clause.id] = table.place("id")
        clauses.append(clause)
    pack = head.pack(digest.hexdigest())
    return entries.filled(
        pack,
        clauses=tuple(clauses),
        places=MappingProxyType(places),
        notices=tuple(notices),
        settings=read("pack.toml", "setting", entries.setting),
        roles=read("pack.toml", "role", entries.role_name),
        related=read("pack.toml", "related_policy", entries.related_policy),
        topics=read("pack.toml", "guidance_topic", entries.topic),
        covers=read("pack.toml", "covers_topic", entries.topic_cover),
        risks=read("pack.toml", "counsel_risk", entries.counsel_risk),
        grounds=read("grounds.toml", "ground", entries.ground),
        exemptions=read("exemptions.toml", "exemption", entries.exemption),
        series=read("series.toml", "series", entries.series),
        clocks=read("clocks.toml", "clock", entries.clock),
        holidays=read("holidays.toml", "holiday", entries.holiday),
        fees=read("fees.toml", "fee_rule", entries.fee_rule),
        platforms=read("platforms.toml", "platform", entries.platform),
        certifications=read("certifications.toml", "certification", partial(entries.certification, pack_id=pack_id)),
        trainings=read("training.toml", "training", partial(entries.training, pack_id=pack_id)),
        examples=read("examples.toml", "example", entries.example),
    )


def _entries(file: TomlFile, name: str, entry: Callable[[Table], _Entry]) -> Iterator[_Entry]:
    seen: dict[str, str] = {}
    for table in file.tables(name):
        value = entry(table)
        table.done()
        entry_id = getattr(value, "id", None)
        if entry_id is not None:
            if entry_id in seen:
                raise InvalidInput(table.place("id"), f"{name} {entry_id} is already at {seen[entry_id]}")
            seen[entry_id] = table.place("id")
        yield value


def _notice(path: Path, shown_as: str) -> Notice:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(shown_as, "is not UTF-8") from None
    first, _, rest = text.partition("\n")
    if not first.startswith("# "):
        raise InvalidInput(f"{shown_as} line 1", "a notice opens with its title: # Title")
    return Notice(path.stem, first[2:].strip(), rest.strip())


@lru_cache(maxsize=1)
def load_shipped() -> MappingProxyType[str, Pack]:
    """The packs shipped with the product, by id, in alphabetical order."""
    folders = sorted(each for each in SHIPPED_FOLDER.iterdir() if each.is_dir() and each.name not in _NOT_PACKS)
    packs = [load_pack(folder) for folder in folders]
    return MappingProxyType({pack.id: pack for pack in packs})


# The five documents the product was built from, in the order of the state's, the city's and the agency's texts.
POLICY_PACKS = ("wi-hrh-480", "wi-best-practices", "milwaukee-personal", "dma-2.110", "wausau-city")


def policy_packs() -> tuple[Pack, ...]:
    """The packs of the five policies: the 478 clauses that coverage counts."""
    return tuple(shipped_pack(pack_id) for pack_id in POLICY_PACKS)


def shipped_pack(pack_id: str) -> Pack:
    """Return a shipped pack; raises `InvalidInput` naming the ones there are."""
    packs = load_shipped()
    if pack_id not in packs:
        raise InvalidInput(f"pack {pack_id!r}", f"is not shipped; there are {', '.join(packs)}")
    return packs[pack_id]


@lru_cache(maxsize=1)
def load_catalog() -> Catalog:
    """The catalog of controls."""
    file = TomlFile(SHIPPED_FOLDER / "controls.toml", "controls.toml")
    specs: dict[str, ControlSpec] = {}
    for control_id, data in file.data.items():
        table = Table(file, control_id, data, 0)
        specs[control_id] = ControlSpec(
            id=control_id,
            title=table.text("title"),
            stage=Stage(table.one_of("stage", tuple(Stage))),
            strength=Strength(table.one_of("strength", tuple(Strength))),
            does=table.text("does"),
        )
        table.done()
    return Catalog(MappingProxyType(specs))


@lru_cache(maxsize=1)
def load_conflicts() -> tuple[Conflict, ...]:
    """The known tensions between clauses of the shipped packs, with the rule that settles each."""
    file = TomlFile(SHIPPED_FOLDER / "conflicts.toml", "conflicts.toml")
    found = []
    for table in file.tables("conflict"):
        sides = table.any_value("between")
        found.append(
            Conflict(
                id=table.text("id"),
                title=table.text("title"),
                between=tuple(tuple(side) for side in sides),
                rule=table.text("rule"),
                carried_by=table.texts("carried_by", []),
            )
        )
        table.done()
    return tuple(found)


@lru_cache(maxsize=16)
def load_word_list(name: str) -> tuple[str, ...]:
    """The entries of a shipped word list, in order; lines that start with ``#`` are remarks.

    Raises `InvalidInput` for a list that is not shipped.
    """
    path = SHIPPED_FOLDER / "lists" / f"{name}.txt"
    if not path.is_file() or "/" in name:
        raise InvalidInput(f"word list {name!r}", "is not shipped")
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
