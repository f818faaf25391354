"""One reader per kind of entry of a pack: a table in, a frozen value out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rostrum.kernel.clocks import Clock, Unit, clock_of
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.legal_days import ClockKind, CountingRule, HolidayKind, HolidayRule
from rostrum.policy.packs.model import (
    Binding,
    CertificationForm,
    Clause,
    CounselRisk,
    Example,
    Exemption,
    FeeRule,
    Ground,
    Layer,
    Pack,
    PlatformLimit,
    RelatedPolicy,
    Risk,
    RoleName,
    Series,
    Setting,
    Statement,
    Topic,
    TopicCover,
    Training,
    TrainingTopic,
)
from rostrum.policy.packs.reading import Table

CLAUSE_KINDS = (
    "obligation", "prohibition", "permission", "definition", "deadline", "notice", "exemption", "recommendation",
    "authority",
)  # fmt: skip
SCOPES = ("official", "personal", "both")
CONTROLS = ("enforce", "check", "schedule", "record", "inform", "judge")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Head:
    """The keys at the top of pack.toml."""

    id: str
    title: str
    issuer: str
    layer: Layer
    summary: str
    issued: str
    effective_on: date | None
    parents: tuple[str, ...]
    companions: tuple[str, ...]
    needs_effective_date: bool

    def pack(self, digest: str) -> Pack:
        """The pack with its head only."""
        return Pack(
            id=self.id,
            title=self.title,
            issuer=self.issuer,
            layer=self.layer,
            summary=self.summary,
            issued=self.issued,
            effective_on=self.effective_on,
            parents=self.parents,
            companions=self.companions,
            needs_effective_date=self.needs_effective_date,
            digest=digest,
        )


def head(table: Table, also: Iterable[str]) -> Head:
    """Read the top of pack.toml; `also` names the tables that follow."""
    value = Head(
        id=table.text("id"),
        title=table.text("title"),
        issuer=table.text("issuer"),
        layer=Layer(table.one_of("layer", tuple(Layer))),
        summary=table.text("summary"),
        issued=table.text("issued", ""),
        effective_on=table.day_or_none("effective_on"),
        parents=table.texts("parents", []),
        companions=table.texts("companions", []),
        needs_effective_date=table.flag("needs_effective_date", False),
    )
    table.taken(also)
    table.done()
    return value


def filled(pack: Pack, **parts: Any) -> Pack:
    """The pack with its parts."""
    return replace(pack, **parts)


def clause(table: Table, pack_id: str) -> Clause:
    """Read one clause with its bindings."""
    bindings = []
    for inner in table.inner("controls"):
        bindings.append(Binding(inner.text("id"), inner.mapping("with", {})))
        inner.done()
    value = Clause(
        id=table.text("id"),
        pack=pack_id,
        section=table.text("section"),
        kind=table.one_of("kind", CLAUSE_KINDS),
        scope=table.one_of("scope", SCOPES),
        capability=table.text("capability"),
        control=table.one_of("control", CONTROLS),
        paraphrase=table.text("paraphrase"),
        actors=table.texts("actors"),
        bindings=tuple(bindings),
        deadline=table.text("deadline", ""),
        control_note=table.text("control_note", ""),
        evidence_note=table.text("evidence_note", ""),
        citation=table.text("citation", ""),
        as_of=table.day_or_none("as_of"),
        verified=table.flag("verified", True),
    )
    table.done()
    return value


def ground(table: Table) -> Ground:
    """Read one removal ground."""
    return Ground(
        id=table.text("id"),
        title=table.text("title"),
        clause=table.text("clause"),
        elements=table.texts("elements"),
        examples=table.texts("examples"),
        not_examples=table.texts("not_examples"),
        risk=Risk(table.one_of("risk", tuple(Risk))),
        risk_case=table.text("risk_case"),
        risk_note=table.text("risk_note"),
        needs_second_person=table.flag("needs_second_person", False),
        needs=table.texts("needs"),
        raises_alert=table.flag("raises_alert", False),
        is_selectable=table.flag("is_selectable", True),
    )


def exemption(table: Table) -> Exemption:
    """Read one exemption."""
    return Exemption(
        id=table.text("id"),
        title=table.text("title"),
        citation=table.text("citation"),
        as_of=table.day("as_of"),
        verified=table.flag("verified"),
        test=table.one_of("test", ("statute", "common-law", "balancing"), "statute"),
        note=table.text("note", ""),
        source_url=table.text("source_url", ""),
    )


def fee_rule(table: Table) -> FeeRule:
    """Read one fee rule."""
    return FeeRule(
        id=table.text("id"),
        title=table.text("title"),
        kind=table.one_of("kind", ("actual-cost", "threshold", "prepayment", "never", "waiver")),
        citation=table.text("citation"),
        as_of=table.day("as_of"),
        verified=table.flag("verified"),
        over_cents=table.number("over_cents", 0),
        note=table.text("note", ""),
    )


def series(table: Table) -> Series:
    """Read one retention series; a series without `length` is blank."""
    return Series(
        id=table.text("id"),
        title=table.text("title"),
        description=table.text("description"),
        trigger=table.text("trigger"),
        length=table.number("length") if "length" in table.data else None,
        unit=table.one_of("unit", ("hour", "day", "month", "year", "calendar_year_end", "fiscal_year_end"), "year"),
        action=table.one_of(
            "action", ("destroy", "destroy_confidential", "transfer", "appraise", "permanent", "undecided")
        ),
        confidential=table.flag("confidential", False),
        authority=table.text("authority", ""),
        approved_on=table.day_or_none("approved_on"),
        expires_on=table.day_or_none("expires_on"),
        citation=table.text("citation"),
        as_of=table.day("as_of"),
        verified=table.flag("verified"),
    )


def clock(table: Table) -> Clock:
    """Read one legal clock."""
    return Clock(
        id=table.text("id"),
        title=table.text("title"),
        starts=table.text("starts"),
        length=table.number("length"),
        unit=Unit(table.one_of("unit", tuple(Unit), "days")),
        kind=ClockKind(table.one_of("kind", tuple(ClockKind))),
        rule=CountingRule(table.one_of("rule", tuple(CountingRule), "calendar")),
        is_bar=table.flag("is_bar", False),
        is_ambiguous=table.flag("is_ambiguous", False),
        note=table.text("note", ""),
        citation=table.text("citation"),
        as_of=table.day("as_of"),
        verified=table.flag("verified"),
    )


def holiday(table: Table) -> HolidayRule:
    """Read one holiday rule. The citation, date and flag every law figure has are asked for and not kept."""
    for key in ("citation",):
        table.text(key)
    table.day("as_of")
    table.flag("verified")
    weekday = table.one_of("weekday", ("", *_WEEKDAYS), "")
    return HolidayRule(
        id=table.text("id"),
        title=table.text("title"),
        kind=HolidayKind(table.one_of("kind", tuple(HolidayKind))),
        month=table.number("month"),
        day=table.number("day", 0),
        weekday=_WEEKDAYS.index(weekday) if weekday else 0,
        nth=table.number("nth", 0),
        plus_days=table.number("plus_days", 0),
        even_years_only=table.flag("even_years_only", False),
        sunday_to_monday=table.flag("sunday_to_monday", False),
        from_year=table.number("from_year", 0),
        local=table.text("local", ""),
    )


def platform(table: Table) -> PlatformLimit:
    """Read one platform's limits."""
    return PlatformLimit(
        id=table.text("id"),
        title=table.text("title"),
        clause=table.text("clause"),
        count=table.one_of("count", ("graphemes", "characters", "weighted", "links-as-23")),
        limit=table.number("limit"),
        byte_limit=table.number("byte_limit", 0),
        images=table.number("images", 0),
        aliases=table.texts("aliases", []),
        citation=table.text("citation"),
        as_of=table.day("as_of"),
        verified=table.flag("verified"),
    )


def setting(table: Table) -> Setting:
    """Read one setting."""
    return Setting(
        id=table.text("id"),
        title=table.text("title"),
        value=table.any_value("value"),
        local_choice=table.flag("local_choice", False),
        clause=table.text("clause", ""),
        unit=table.text("unit", ""),
        note=table.text("note", ""),
    )


def role_name(table: Table) -> RoleName:
    """Read what the body calls one of our roles."""
    return RoleName(ours=table.text("ours"), theirs=table.text("theirs"))


def related_policy(table: Table) -> RelatedPolicy:
    """Read one related policy."""
    return RelatedPolicy(
        id=table.text("id"), kind=table.text("kind"), title=table.text("title"), citation=table.text("citation", "")
    )


def topic(table: Table) -> Topic:
    """Read one topic a parent asks for."""
    return Topic(id=table.text("id"), title=table.text("title"), clause=table.text("clause"))


def topic_cover(table: Table) -> TopicCover:
    """Read how a child covers a topic."""
    return TopicCover(
        topic=table.text("topic"), how=table.one_of("how", ("full", "thin")), clauses=table.texts("clauses")
    )


def certification(table: Table, pack_id: str) -> CertificationForm:
    """Read one form of certification with its statements."""
    statements = []
    for inner in table.inner("statements"):
        statements.append(Statement(inner.text("id"), inner.text("words"), inner.text("clause", "")))
        inner.done()
    within = table.text("within")
    try:
        clock_of(within)
    except InvalidInput as problem:
        raise table.refuse("within", problem.why) from None
    return CertificationForm(
        id=table.text("id"),
        pack=pack_id,
        title=table.text("title"),
        document=table.text("document", ""),
        covers=table.texts("covers"),
        within=within,
        statements=tuple(statements),
        deadline_clause=table.text("deadline_clause", ""),
        signature_clause=table.text("signature_clause", ""),
        read_first_clause=table.text("read_first_clause", ""),
        return_clause=table.text("return_clause", ""),
        returned_to=table.texts("returned_to", []),
        before_grant=table.text("before_grant", ""),
        asked_if=table.text("asked_if", ""),
    )


def training(table: Table, pack_id: str) -> Training:
    """Read one training with its topics."""
    topics = []
    for inner in table.inner("topics"):
        topics.append(TrainingTopic(inner.text("id"), inner.text("title"), inner.text("text")))
        inner.done()
    return Training(
        id=table.text("id"),
        pack=pack_id,
        title=table.text("title"),
        clause=table.text("clause"),
        topics=tuple(topics),
        assigned=table.texts("assigned"),
        due=table.text("due"),
        renewal=table.text("renewal"),
        before_grant=table.text("before_grant", ""),
    )


def counsel_risk(table: Table) -> CounselRisk:
    """Read one risky clause."""
    return CounselRisk(
        clause=table.text("clause"),
        level=Risk(table.one_of("level", tuple(Risk))),
        about=table.text("about"),
        case=table.text("case"),
        advice=table.text("advice"),
    )


def example(table: Table) -> Example:
    """Read one example; `facts` are those of `evaluate.DraftFacts`."""
    return Example(
        title=table.text("title"),
        stage=table.text("stage", "draft.check"),
        facts=table.mapping("facts"),
        expect=table.texts("expect", []),
        expect_not=table.texts("expect_not", []),
        place=table.place(),
        marks=table.text("marks", ""),
    )
