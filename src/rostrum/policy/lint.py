"""Lint: does a pack hang together, do its examples pass, what is legally risky, what of its parent is missing. Pure.

Faults refuse the pack. Warnings never do: they name the case and ask for counsel, or tell the body what is left open.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength
from rostrum.policy.checks import CHECKS
from rostrum.policy.compose import Policy, compose
from rostrum.policy.controls import Catalog
from rostrum.policy.evaluate import check, stage_called
from rostrum.policy.facts import DraftFacts
from rostrum.policy.packs import Example, Layer, Pack, Risk, load_catalog, load_pack, load_shipped, load_word_list


class Level(StrEnum):
    """What a remark means for loading the pack."""

    FAULT = "fault"  # the pack is refused
    WARNING = "warning"  # counsel or the body should look
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing lint has to say, where, and by which rule."""

    level: Level
    rule: str
    place: str
    message: str
    clause: str = ""
    case: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values, `level` as its word."""
        return {**asdict(self), "level": self.level.value}


def is_refused(remarks: Iterable[Remark]) -> bool:
    """Whether any remark refuses the pack."""
    return any(remark.level is Level.FAULT for remark in remarks)


def lint_folder(folder: Path, packs: Mapping[str, Pack] | None = None) -> list[Remark]:
    """Lint the pack in `folder`; what cannot be read at all is a fault with its place.

    `packs` are those it may name as parents; the shipped ones unless given.
    """
    try:
        pack = load_pack(folder)
    except InvalidInput as problem:
        return [Remark(Level.FAULT, "readable", problem.where, problem.why)]
    return lint_pack(pack, packs)


def lint_pack(pack: Pack, packs: Mapping[str, Pack] | None = None) -> list[Remark]:
    """Every remark about a pack: faults first, then warnings, then notes, each in the order of its files."""
    known = dict(packs if packs is not None else load_shipped())
    known[pack.id] = pack
    remarks = [
        *_bindings(pack, load_catalog()),
        *_references(pack, known),
        *_figures(pack),
        *_risks(pack),
        *_open_questions(pack),
        *_parent_topics(pack, known),
        *_examples(pack, known),
    ]
    order = list(Level)
    return sorted(remarks, key=lambda remark: order.index(remark.level))


def _bindings(pack: Pack, catalog: Catalog) -> Iterator[Remark]:
    for clause in pack.clauses:
        place = pack.places.get(clause.id, pack.id)
        if not clause.bindings:
            yield Remark(Level.FAULT, "bound", place, f"clause {clause.id} is bound to no control", clause.id)
        for binding in clause.bindings:
            if binding.control not in catalog:
                message = f"control {binding.control!r} is not in the catalog"
                yield Remark(Level.FAULT, "control-exists", place, message, clause.id)
            strength = binding.parameters.get("strength")
            if strength is not None and strength not in tuple(Strength):
                message = f"strength {strength!r} is not one of {', '.join(Strength)}"
                yield Remark(Level.FAULT, "strength", place, message, clause.id)
            listed = binding.parameters.get("list")
            if binding.control == "draft.profanity" and isinstance(listed, str):
                try:
                    load_word_list(listed)
                except InvalidInput as problem:
                    yield Remark(Level.FAULT, "list-exists", place, str(problem), clause.id)


def _references(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Remark]:
    """Ids that name nothing: clauses, parents, companions, topics, platforms."""
    own = {clause.id for clause in pack.clauses}
    for other in (*pack.parents, *pack.companions):
        if other not in packs:
            yield Remark(Level.FAULT, "pack-exists", f"{pack.id}/pack.toml", f"pack {other!r} is not known")
    named: list[tuple[str, str]] = [(f"ground {ground.id}", ground.clause) for ground in pack.grounds]
    named += [(f"setting {setting.id}", setting.clause) for setting in pack.settings if setting.clause]
    named += [(f"risk of {risk.clause}", risk.clause) for risk in pack.risks]
    named += [(f"topic {topic.id}", topic.clause) for topic in pack.topics]
    named += [(f"platform {platform.id}", platform.clause) for platform in pack.platforms]
    named += [
        (f"certification {form.id}", clause_id)
        for form in pack.certifications
        for clause_id in (
            *(one.clause for one in form.statements),
            *(form.deadline_clause, form.signature_clause, form.read_first_clause, form.return_clause),
            form.before_grant,
        )
        if clause_id
    ]
    named += [
        (f"training {one.id}", clause_id)
        for one in pack.trainings
        for clause_id in (one.clause, one.before_grant)
        if clause_id
    ]
    named += [(f"cover of topic {cover.topic}", clause) for cover in pack.covers for clause in cover.clauses]
    for what, clause_id in named:
        if clause_id not in own:
            yield Remark(
                Level.FAULT, "clause-exists", pack.id, f"{what} names clause {clause_id!r}, which is not in the pack"
            )
    yield from _asked_of_persons(pack)
    topics = {topic.id for parent in pack.parents if parent in packs for topic in packs[parent].topics}
    for cover in pack.covers:
        if cover.topic not in topics:
            message = f"covers topic {cover.topic!r}, which no parent asks for"
            yield Remark(Level.FAULT, "topic-exists", f"{pack.id}/pack.toml", message)
    for ground in pack.grounds:
        if ground.is_selectable and not ground.elements:
            yield Remark(Level.FAULT, "ground-elements", pack.id, f"ground {ground.id} has no elements", ground.clause)
        if ground.is_selectable and not (ground.examples and ground.not_examples):
            message = f"ground {ground.id} needs examples of what it is and of what it is not"
            yield Remark(Level.FAULT, "ground-examples", pack.id, message, ground.clause)


def _asked_of_persons(pack: Pack) -> Iterator[Remark]:
    """Certifications and trainings name settings, documents and periods that the pack has."""
    settings = {setting.id for setting in pack.settings}
    related = {one.id for one in pack.related}
    for form in pack.certifications:
        place = f"{pack.id}/certifications.toml"
        if not form.statements:
            yield Remark(Level.FAULT, "certification", place, f"certification {form.id} has no statements")
        if form.asked_if and form.asked_if not in settings:
            message = f"certification {form.id} is asked if {form.asked_if!r}, which is no setting of the pack"
            yield Remark(Level.FAULT, "certification", place, message)
        if form.document and form.document not in related:
            message = f"certification {form.id} is of {form.document!r}, which is no related policy of the pack"
            yield Remark(Level.FAULT, "certification", place, message)
        clause = pack.clause(form.deadline_clause) if form.deadline_clause else None
        if clause is not None and clause.deadline != form.within:
            message = f"certification {form.id} is due within {form.within}, its clause says {clause.deadline!r}"
            yield Remark(Level.FAULT, "certification", place, message, clause.id)
    for training in pack.trainings:
        place = f"{pack.id}/training.toml"
        if not training.topics:
            yield Remark(Level.FAULT, "training", place, f"training {training.id} has no topics", training.clause)
        for name in (training.due, training.renewal):
            if name not in settings:
                message = f"training {training.id} names {name!r}, which is no setting of the pack"
                yield Remark(Level.FAULT, "training", place, message, training.clause)


def _figures(pack: Pack) -> Iterator[Remark]:
    """Figures of law that nobody has verified: shown as such, and counted here."""
    unverified = [
        *(f"clause {clause.id}" for clause in pack.clauses if not clause.verified),
        *(f"clock {clock.id}" for clock in pack.clocks if not clock.verified),
        *(f"exemption {exemption.id}" for exemption in pack.exemptions if not exemption.verified),
        *(f"fee rule {fee.id}" for fee in pack.fees if not fee.verified),
        *(f"series {series.id}" for series in pack.series if not series.verified),
        *(f"platform {platform.id}" for platform in pack.platforms if not platform.verified),
    ]
    for what in unverified:
        yield Remark(Level.NOTE, "verified", pack.id, f"{what} is not verified; pages say so")


def _risks(pack: Pack) -> Iterator[Remark]:
    """Clauses that are risky as written: the case, and counsel's sign-off asked for."""
    for ground in pack.grounds:
        if ground.risk is Risk.LOW:
            continue
        place = pack.places.get(ground.clause, pack.id)
        if not ground.is_selectable:
            # Listed to be seen; the risk of the clause itself is among the pack's risks.
            continue
        message = (
            f"{ground.risk} legal risk: removal ground {ground.id}, “{ground.title}”. {ground.risk_note} "
            f"See {ground.risk_case}. Record counsel's sign-off."
        )
        yield Remark(Level.WARNING, "counsel", place, message, ground.clause, ground.risk_case)
    for risk in pack.risks:
        place = pack.places.get(risk.clause, pack.id)
        message = f"{risk.level} legal risk: {risk.about}. {risk.advice} See {risk.case}. Record counsel's sign-off."
        yield Remark(Level.WARNING, "counsel", place, message, risk.clause, risk.case)


def _open_questions(pack: Pack) -> Iterator[Remark]:
    if pack.needs_effective_date and pack.effective_on is None:
        message = "has no effective date: the body enters it, with the reference of its adoption, before activation"
        clause = next(
            (c.id for c in pack.clauses if any(b.control == "governance.effective-date" for b in c.bindings)), ""
        )
        yield Remark(Level.WARNING, "effective-date", f"{pack.id}/pack.toml", message, clause)
    for setting in pack.settings:
        if setting.local_choice:
            message = f"{setting.id} = {setting.value!r} is the body's own choice, not in the document"
            yield Remark(Level.NOTE, "local-choice", f"{pack.id}/pack.toml", message, setting.clause)


def _parent_topics(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Remark]:
    """Which of a parent's topics the child lacks, and which it covers thinly (clauses.md §4, rule 7)."""
    for parent in pack.parents:
        if parent not in packs:
            continue
        covers = {cover.topic: cover for cover in pack.covers}
        for topic in packs[parent].topics:
            cover = covers.get(topic.id)
            place = f"{pack.id}/pack.toml"
            if cover is None:
                message = f"guidance topic {topic.id} of {parent} is not covered: {topic.title} ({topic.clause})"
                yield Remark(Level.WARNING, "parent-topic-missing", place, message, topic.clause)
            elif cover.how == "thin":
                by = ", ".join(cover.clauses)
                message = (
                    f"guidance topic {topic.id} of {parent} is covered thinly by {by}: {topic.title} ({topic.clause})"
                )
                yield Remark(Level.WARNING, "parent-topic-thin", place, message, topic.clause)


def _examples(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Remark]:
    """Run the pack's examples under the pack with its parents. What it needs and lacks is a fault elsewhere."""
    if not pack.examples:
        if any(b.control in CHECKS for clause in pack.clauses for b in clause.bindings) and pack.layer is not Layer.LAW:
            yield Remark(Level.NOTE, "examples", pack.id, "has clauses that read texts and no examples of its own")
        return
    try:
        policy = compose([pack, *(packs[parent] for parent in pack.parents if parent in packs)])
    except InvalidInput as problem:
        yield Remark(Level.FAULT, "composes", problem.where, problem.why)
        return
    for example in pack.examples:
        yield from _run(example, policy, pack)


def _run(example: Example, policy: Policy, pack: Pack) -> Iterator[Remark]:
    try:
        facts = DraftFacts.from_json(example.facts)
        findings = check(policy, stage_called(example.stage), facts)
    except InvalidInput as problem:
        yield Remark(Level.FAULT, "example", example.place, str(problem))
        return
    found = {clause for finding in findings for clause in (finding.clause, *finding.also)}
    for clause in example.expect:
        if clause not in found:
            message = f"example “{example.title}”: {clause} finds nothing"
            yield Remark(Level.FAULT, "example", example.place, message, clause)
    for clause in example.expect_not:
        if clause in found:
            message = f"example “{example.title}”: {clause} finds something and must not"
            yield Remark(Level.FAULT, "example", example.place, message, clause)
    if example.marks and not any(
        facts.text[finding.start : finding.end] == example.marks for finding in findings if finding.start is not None
    ):
        message = f"example “{example.title}”: no finding points at “{example.marks}”"
        yield Remark(Level.FAULT, "example", example.place, message)
    known = {clause.id for clause in policy.clauses()}
    for clause in (*example.expect, *example.expect_not):
        if clause not in known:
            message = f"example “{example.title}”: {clause} is no clause of {pack.id} or its parents"
            yield Remark(Level.FAULT, "example", example.place, message, clause)
