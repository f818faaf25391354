"""Explaining a clause in words, and telling two packs apart. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.compose import strength_of
from rostrum.policy.packs import Clause, Pack, load_catalog, load_conflicts, load_shipped


@dataclass(frozen=True, slots=True)
class ControlText:
    """One control of a clause, in words."""

    id: str
    title: str
    stage: str
    strength: str
    does: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the packs say about one clause."""

    clause: Clause
    pack: Pack
    controls: tuple[ControlText, ...]
    ground: str
    risks: tuple[str, ...]
    settings: tuple[str, ...]
    conflicts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        clause = {key: value for key, value in asdict(self.clause).items() if key != "bindings"}
        clause["actors"] = list(self.clause.actors)
        clause["as_of"] = self.clause.as_of.isoformat() if self.clause.as_of else None
        return {
            **clause,
            "pack_title": self.pack.title,
            "controls": [asdict(control) for control in self.controls],
            "ground": self.ground,
            "risks": list(self.risks),
            "settings": list(self.settings),
            "conflicts": list(self.conflicts),
        }

    def text(self) -> str:
        """The explanation as lines for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        clause = self.clause
        yield f"{clause.id}  {self.pack.title}"
        yield f"  {clause.section}"
        yield ""
        yield f"  {clause.paraphrase}"
        yield ""
        yield f"  {clause.kind}, {clause.scope}; who: {', '.join(clause.actors)}"
        if clause.deadline:
            yield f"  deadline: {clause.deadline}"
        if clause.citation:
            checked = "" if clause.verified else " (not verified)"
            yield f"  source: {clause.citation}, as of {clause.as_of}{checked}"
        if clause.control_note:
            yield f"  how: {clause.control_note}"
        yield "  controls:"
        for control in self.controls:
            given = ", ".join(f"{key}={value}" for key, value in control.parameters.items())
            yield f"    {control.id} [{control.stage}, {control.strength}] {control.does}"
            if given:
                yield f"      with {given}"
        for label, lines in (
            ("ground", (self.ground,) if self.ground else ()),
            ("legal risk", self.risks),
            ("settings", self.settings),
            ("tensions", self.conflicts),
        ):
            for line in lines:
                yield f"  {label}: {line}"


def explain(clause_id: str, packs: Mapping[str, Pack] | None = None) -> Explanation:
    """Explain a clause of the shipped packs, or of those given. Raises `InvalidInput` for an unknown id."""
    for pack in (packs if packs is not None else load_shipped()).values():
        clause = pack.clause(clause_id)
        if clause is not None:
            return _explanation(clause, pack)
    raise InvalidInput(f"clause {clause_id!r}", "is in no pack")


def _explanation(clause: Clause, pack: Pack) -> Explanation:
    catalog = load_catalog()
    controls = []
    for binding in clause.bindings:
        spec = catalog.get(binding.control)
        strength = strength_of(clause, spec, binding, pack.layer)
        controls.append(
            ControlText(spec.id, spec.title, spec.stage.value, strength.value, spec.does, dict(binding.parameters))
        )
    ground = next((ground for ground in pack.grounds if ground.clause == clause.id), None)
    risks = [f"{risk.level}: {risk.about}; {risk.case}" for risk in pack.risks if risk.clause == clause.id]
    if ground is not None and ground.is_selectable:
        risks.append(f"{ground.risk}: {ground.risk_note} {ground.risk_case}")
    return Explanation(
        clause=clause,
        pack=pack,
        controls=tuple(controls),
        ground=f"{ground.id}, {ground.title}: {' '.join(ground.elements)}" if ground else "",
        risks=tuple(risks),
        settings=tuple(
            f"{setting.title}: {setting.value}{f' {setting.unit}' if setting.unit else ''}"
            f"{' (local choice)' if setting.local_choice else ''}"
            for setting in pack.settings
            if setting.clause == clause.id
        ),
        conflicts=tuple(
            f"{conflict.title}: {conflict.rule}"
            for conflict in load_conflicts()
            if any(clause.id in side for side in conflict.between)
        ),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two packs: what part, which entry, and how it reads on each side."""

    part: str
    id: str
    change: str  # added, removed, changed
    before: str = ""
    after: str = ""


_PARTS = (
    "clauses",
    "grounds",
    "exemptions",
    "series",
    "clocks",
    "holidays",
    "fees",
    "platforms",
    "settings",
    "notices",
)


def diff(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """What `after` has that `before` has not, the other way round, and what reads differently."""
    found: list[Difference] = []
    for name in ("title", "issuer", "issued", "effective_on", "parents", "companions"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Difference("pack", name, "changed", str(old), str(new)))
    for part in _PARTS:
        olds = {entry.id: _comparable(entry) for entry in getattr(before, part)}
        news = {entry.id: _comparable(entry) for entry in getattr(after, part)}
        for entry_id in dict.fromkeys([*olds, *news]):
            old_entry, new_entry = olds.get(entry_id), news.get(entry_id)
            if old_entry is None:
                found.append(Difference(part, entry_id, "added", after=_said(news[entry_id])))
            elif new_entry is None:
                found.append(Difference(part, entry_id, "removed", before=_said(old_entry)))
            else:
                for key, value in old_entry.items():
                    if value != new_entry[key]:
                        found.append(Difference(part, f"{entry_id}.{key}", "changed", str(value), str(new_entry[key])))
    return tuple(found)


def _comparable(entry: Any) -> dict[str, Any]:
    # A clause carries the id of its pack; copies of it in two packs are still the same clause.
    return {key: value for key, value in asdict(entry).items() if key != "pack"}


def _said(entry: Mapping[str, Any]) -> str:
    return str(entry.get("paraphrase") or entry.get("title") or entry.get("value") or "")
