"""Composing packs into the one policy a body works under: parents, advice, the body's own, overlays, choices. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from rostrum.kernel.clocks import Clock
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength
from rostrum.kernel.legal_days import Calendar, calendar_of
from rostrum.policy.controls import Catalog, ControlSpec
from rostrum.policy.packs import (
    SHIPPED_FOLDER,
    Binding,
    CertificationForm,
    Clause,
    CounselRisk,
    Exemption,
    FeeRule,
    Ground,
    Layer,
    Notice,
    Pack,
    PlatformLimit,
    Series,
    Setting,
    Training,
    load_catalog,
    load_conflicts,
    shipped_pack,
)
from rostrum.policy.packs.loading import Conflict

# A finding cites the body's own policy before its parents, those before advice, and all of them before the overlays.
_ORDER = {Layer.POLICY: 0, Layer.CONDUCT: 0, Layer.STANDARD: 1, Layer.LAW: 2, Layer.OVERLAY: 3, Layer.ADVICE: 4}
_STRENGTH_PREFIX = "strength."


@dataclass(frozen=True, slots=True)
class Bound:
    """One clause's hold on one control, as composed: with the strength it has for this body."""

    clause: Clause
    binding: Binding
    spec: ControlSpec
    strength: Strength
    layer: Layer


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting with the value that is in force, and whether the body chose it."""

    setting: Setting
    pack: str
    value: Any
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What a body works under: packs in the order findings cite them, and the body's own choices.

    `version` is ``pack+pack+…@digest``; it changes with any file of any pack, the catalog, the word lists, or a choice.
    """

    packs: tuple[Pack, ...]
    choices: Mapping[str, Any]
    catalog: Catalog
    conflicts: tuple[Conflict, ...]
    version: str
    bounds: tuple[Bound, ...] = field(repr=False, default=())

    def clauses(self) -> Iterator[Clause]:
        """Every clause of every pack, pack by pack."""
        for pack in self.packs:
            yield from pack.clauses

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return next((clause for clause in self.clauses() if clause.id == clause_id), None)

    def pack_of(self, clause: Clause) -> Pack:
        """The pack a clause belongs to."""
        return next(pack for pack in self.packs if pack.id == clause.pack)

    def bound_to(self, control_id: str) -> tuple[Bound, ...]:
        """The clauses bound to a control, in the order findings cite them."""
        return tuple(bound for bound in self.bounds if bound.spec.id == control_id)

    def setting(self, setting_id: str, default: Any = None) -> Any:
        """The value in force: the body's choice, else the first pack's, else `default`."""
        if setting_id in self.choices:
            return self.choices[setting_id]
        for pack in self.packs:
            for setting in pack.settings:
                if setting.id == setting_id:
                    return setting.value
        return default

    def settings(self) -> tuple[ShownSetting, ...]:
        """Every setting once, with the value in force; a body's choice is marked."""
        shown: dict[str, ShownSetting] = {}
        for pack in self.packs:
            for setting in pack.settings:
                chosen = setting.id in self.choices
                value = self.choices[setting.id] if chosen else setting.value
                shown.setdefault(setting.id, ShownSetting(setting, pack.id, value, chosen))
        return tuple(shown.values())

    def _first(self, part: str) -> tuple[Any, ...]:
        found: dict[str, Any] = {}
        for pack in self.packs:
            for entry in getattr(pack, part):
                found.setdefault(entry.id, entry)
        return tuple(found.values())

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The closed list of removal grounds, those that may be chosen first to last."""
        open_grounds = self.setting("removal.open_grounds")
        grounds: tuple[Ground, ...] = self._first("grounds")
        return tuple(
            ground for ground in grounds if ground.is_selectable and (open_grounds is None or ground.id in open_grounds)
        )

    @property
    def exemptions(self) -> tuple[Exemption, ...]:
        """The exemptions a custodian may cite."""
        return self._first("exemptions")

    @property
    def series(self) -> tuple[Series, ...]:
        """The retention series."""
        return self._first("series")

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The legal clocks."""
        return self._first("clocks")

    @property
    def fees(self) -> tuple[FeeRule, ...]:
        """The fee rules."""
        return self._first("fees")

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notice texts."""
        return self._first("notices")

    @property
    def platforms(self) -> tuple[PlatformLimit, ...]:
        """The platforms' limits."""
        return self._first("platforms")

    @property
    def certifications(self) -> tuple[CertificationForm, ...]:
        """What persons certify: the forms of the packs that the body has not left switched off."""
        return tuple(form for form in self._first("certifications") if not form.asked_if or self.setting(form.asked_if))

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The trainings that the packs ask for."""
        return self._first("trainings")

    @property
    def risks(self) -> tuple[CounselRisk, ...]:
        """The clauses that want counsel's sign-off."""
        return tuple(risk for pack in self.packs for risk in pack.risks)

    @property
    def calendar(self) -> Calendar:
        """The body's legal holidays."""
        rules = tuple(rule for pack in self.packs for rule in pack.holidays)
        return calendar_of(rules, str(self.setting("law.municipality", "")))

    def platform(self, name: str) -> PlatformLimit | None:
        """The limits of a platform by its id or one of its other names, or None."""
        wanted = name.strip().lower()
        return next((each for each in self.platforms if wanted == each.id or wanted in each.aliases), None)


def strength_of(clause: Clause, spec: ControlSpec, binding: Binding, layer: Layer) -> Strength:
    """Return how strongly a clause's control acts, before the body's choices.

    A pack may state it in the binding. Else the control's own strength stands, brought down to a warning where the
    clause only asks for a check, a duty or a record, and to information where the pack is advice.
    """
    stated = binding.parameters.get("strength")
    if isinstance(stated, str):
        return Strength(stated)
    if layer is Layer.ADVICE:
        return Strength.INFORM if spec.strength in (Strength.BLOCK, Strength.WARN, Strength.JUDGE) else spec.strength
    if clause.control == "inform":
        return Strength.INFORM
    # A judgement that a control routes to a person may still hold an act until it is made.
    if clause.control not in ("enforce", "judge") and spec.strength is Strength.BLOCK:
        return Strength.WARN
    return spec.strength


def compose(packs: Sequence[Pack], choices: Mapping[str, Any] | None = None) -> Policy:
    """Compose packs and the body's choices into one policy.

    `choices` are values of settings, and ``strength.<clause>`` = a strength to raise or lower one clause (never to
    drop it). Raises `InvalidInput` for a missing parent, a doubled pack or clause, an unknown control, or a choice
    that no pack asks for.
    """
    choices = dict(choices or {})
    catalog = load_catalog()
    ids = [pack.id for pack in packs]
    for pack in packs:
        if ids.count(pack.id) > 1:
            raise InvalidInput(f"pack {pack.id}", "is composed twice")
        for parent in pack.parents:
            if parent not in ids:
                raise InvalidInput(f"pack {pack.id}", f"needs its parent {parent}")
    ordered = tuple(sorted(packs, key=lambda pack: _ORDER[pack.layer]))
    seen: dict[str, str] = {}
    for pack in ordered:
        for clause in pack.clauses:
            if clause.id in seen:
                raise InvalidInput(f"clause {clause.id}", f"is in {seen[clause.id]} and in {pack.id}")
            seen[clause.id] = pack.id
    _refuse_unknown_choices(ordered, choices, seen)
    bounds = []
    for pack in ordered:
        for clause in pack.clauses:
            for binding in clause.bindings:
                spec = catalog.get(binding.control)
                strength = strength_of(clause, spec, binding, pack.layer)
                raised = choices.get(_STRENGTH_PREFIX + clause.id)
                if raised is not None:
                    strength = Strength(raised)
                bounds.append(Bound(clause, binding, spec, strength, pack.layer))
    conflicts = tuple(each for each in load_conflicts() if _stands(each, seen))
    return Policy(ordered, choices, catalog, conflicts, _version(ordered, choices), tuple(bounds))


# What a body may choose although no pack of its composition lists it: what the checks need to know about any body.
BODY_SETTINGS = (
    "body.names",
    "body.units",
    "body.office_numbers",
    "body.office_emails",
    "body.office_addresses",
    "body.government_domains",
    # Every platform's terms are reviewed, also under packs that do not ask for it.
    "terms.accepting_roles",
    "terms.second_sign_roles",
    "terms.change_suspends",
    "terms.change_days",
    "terms.watch_days",
    "words.non_public",
    "words.compromised",
    "words.trademarks",
    "words.judicial-privacy",
    "words.profanity_allowed",
    # When persons are reminded of what they owe, and whom an overdue duty goes to (areas/agenda/pack.py).
    "duty.remind_before_hours",
    "duty.remind_again_hours",
    "duty.escalate_after_hours",
    "duty.escalate_to",
)


def _refuse_unknown_choices(packs: Iterable[Pack], choices: Mapping[str, Any], clauses: Mapping[str, str]) -> None:
    known = {setting.id for pack in packs for setting in pack.settings} | set(BODY_SETTINGS)
    for key, value in choices.items():
        if key.startswith(_STRENGTH_PREFIX):
            clause = key.removeprefix(_STRENGTH_PREFIX)
            if clause not in clauses:
                raise InvalidInput(f"choice {key}", "names a clause of no composed pack")
            if value not in tuple(Strength):
                raise InvalidInput(f"choice {key}", f"{value!r} is not a strength: {', '.join(Strength)}")
        elif key not in known:
            raise InvalidInput(f"choice {key}", "is a setting of no composed pack")


def _stands(conflict: Conflict, clauses: Mapping[str, str]) -> bool:
    """Whether a tension stands here: each of its sides has a clause in the composition."""
    return all(any(clause in clauses for clause in side) for side in conflict.between)


def _version(packs: Sequence[Pack], choices: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(_shared_digest())
    for pack in packs:
        digest.update(bytes.fromhex(pack.digest))
    digest.update(json.dumps(choices, sort_keys=True, default=_plain).encode())
    return f"{'+'.join(pack.id for pack in packs)}@{digest.hexdigest()[:16]}"


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise InvalidInput("choice", f"a value of type {type(value).__name__} cannot be stored")


@lru_cache(maxsize=1)
def _shared_digest() -> bytes:
    digest = hashlib.sha256()
    for path in sorted([*SHIPPED_FOLDER.glob("*.toml"), *(SHIPPED_FOLDER / "lists").glob("*.txt")]):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def with_companions(pack: Pack) -> tuple[Pack, ...]:
    """The pack, its shipped parents, and the overlays it asks for: what a body composes unless it chooses otherwise."""
    found: dict[str, Pack] = {pack.id: pack}
    for parent in pack.parents:
        for each in with_companions(shipped_pack(parent)):
            found.setdefault(each.id, each)
    for companion in pack.companions:
        found.setdefault(companion, shipped_pack(companion))
    return tuple(found.values())


def compose_shipped(*pack_ids: str, choices: Mapping[str, Any] | None = None, companions: bool = True) -> Policy:
    """Compose shipped packs by id, with their parents and (unless told not to) their companions.

    Raises `InvalidInput` for an unknown pack.
    """
    found: dict[str, Pack] = {}
    for pack_id in pack_ids:
        pack = shipped_pack(pack_id)
        wanted = with_companions(pack) if companions else (pack, *(shipped_pack(parent) for parent in pack.parents))
        for each in wanted:
            found.setdefault(each.id, each)
    return compose(tuple(found.values()), choices)
