"""What a policy pack holds, as frozen values. The format is described in docs/reference/pack-format.md. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from rostrum.kernel.clocks import Clock
from rostrum.kernel.legal_days import HolidayRule

# What a TOML value of a binding, a setting or an example may be.
Value = str | int | bool | list[Any] | dict[str, Any]


class Layer(StrEnum):
    """How a pack takes part in a composition."""

    STANDARD = "standard"  # a parent: its clauses bind the children
    ADVICE = "advice"  # a guideline: its findings inform unless the body raises them
    POLICY = "policy"  # the body's own policy
    CONDUCT = "conduct"  # rules of conduct without rules for official posts
    LAW = "law"  # statutes, calendars, clocks, fees
    OVERLAY = "overlay"  # accessibility, platform limits, a unit's own rules


class Risk(StrEnum):
    """How a clause fares under the First Amendment as courts have read it (records-and-law M8)."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    MEDIUM_HIGH = "medium-high"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Binding:
    """One clause's hold on one control: the control's id and the parameters the clause gives it."""

    control: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a document, in our own words, and the controls that carry it.

    `control` is how the clause wants to be carried: enforce, check, schedule, record, inform or judge. `deadline` is
    an ISO-8601 duration, only where the clause itself states one.
    """

    id: str
    pack: str
    section: str
    kind: str
    scope: str
    capability: str
    control: str
    paraphrase: str
    actors: tuple[str, ...]
    bindings: tuple[Binding, ...]
    deadline: str = ""
    control_note: str = ""
    evidence_note: str = ""
    citation: str = ""
    as_of: date | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """One listed ground for removing a comment: what a moderator must find, and how risky the ground is."""

    id: str
    title: str
    clause: str
    elements: tuple[str, ...]
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]
    risk: Risk
    risk_case: str
    risk_note: str
    needs_second_person: bool
    needs: tuple[str, ...]  # what the form must ask for: target, law, owner, passage …
    raises_alert: bool = False
    is_selectable: bool = True


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption from disclosure the custodian may cite, per passage and with a reason."""

    id: str
    title: str
    citation: str
    as_of: date
    verified: bool
    test: str = ""  # statute, common-law or balancing
    note: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One rule about what may be charged. Amounts are in cents."""

    id: str
    title: str
    kind: str  # actual-cost, threshold, prepayment, never, waiver
    citation: str
    as_of: date
    verified: bool
    over_cents: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One retention series. A blank `length` means: nobody has fixed a period, so nothing is disposed of by itself."""

    id: str
    title: str
    description: str
    trigger: str
    length: int | None
    unit: str
    action: str
    confidential: bool
    authority: str
    approved_on: date | None
    expires_on: date | None
    citation: str
    as_of: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of the pack. `local_choice` marks a value the document leaves open: the body's own decision."""

    id: str
    title: str
    value: Value
    local_choice: bool
    clause: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RelatedPolicy:
    """A policy outside the pack that stays in force."""

    id: str
    kind: str
    title: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a certification, ticked and stored apart, and the clause it comes from."""

    id: str
    words: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class CertificationForm:
    """What persons sign to certify that they received and read a policy: the statements, who, until when, to whom.

    `document` is what is to be read: the id of a related policy, or empty for the pack's own document. `covers` lists
    classes of work, ``anyone``, or ``covered`` (whom the pack covers). `within` is an ISO duration from delivery, by
    `deadline_clause`. `before_grant` is the clause that refuses rights on channels until it is signed, or empty.
    `asked_if` is a setting of the pack that the body must have switched on, or empty.
    """

    id: str
    pack: str
    title: str
    document: str
    covers: tuple[str, ...]
    within: str
    statements: tuple[Statement, ...]
    deadline_clause: str = ""
    signature_clause: str = ""
    read_first_clause: str = ""
    return_clause: str = ""
    returned_to: tuple[str, ...] = ()
    before_grant: str = ""
    asked_if: str = ""


@dataclass(frozen=True, slots=True)
class TrainingTopic:
    """One topic of a training, confirmed apart, with a text to start from."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Training:
    """A training that a pack asks for. `assigned` lists roles, classes of work, ``grant-holders`` or ``anyone``.

    `due` and `renewal` name settings of the pack, in days; `before_grant` is as in a certification.
    """

    id: str
    pack: str
    title: str
    clause: str
    topics: tuple[TrainingTopic, ...]
    assigned: tuple[str, ...]
    due: str
    renewal: str
    before_grant: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that a parent asks its children's guidance to cover."""

    id: str
    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class TopicCover:
    """How a child covers a parent's topic: fully or thinly, and by which of its clauses."""

    topic: str
    how: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounselRisk:
    """A clause that is legally risky as written: lint warns, names the case, and asks for counsel's sign-off."""

    clause: str
    level: Risk
    about: str
    case: str
    advice: str


@dataclass(frozen=True, slots=True)
class PlatformLimit:
    """What one platform takes. `count` says how it counts: graphemes, characters, weighted or links-as-23."""

    id: str
    title: str
    clause: str
    count: str
    limit: int
    byte_limit: int
    images: int
    aliases: tuple[str, ...]
    citation: str
    as_of: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A text the body publishes or sends. `{{name}}` marks what is filled in."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the findings it must and must not give; lint runs it."""

    title: str
    stage: str
    facts: Mapping[str, Any]
    expect: tuple[str, ...]
    expect_not: tuple[str, ...]
    place: str
    marks: str = ""  # the passage the first expected finding must point at


@dataclass(frozen=True, slots=True)
class RoleName:
    """What this body calls one of our roles."""

    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One policy pack as read from its folder. `digest` is the SHA-256 of all its files."""

    id: str
    title: str
    issuer: str
    layer: Layer
    summary: str
    issued: str
    effective_on: date | None
    parents: tuple[str, ...]
    companions: tuple[str, ...]
    digest: str
    needs_effective_date: bool = False
    clauses: tuple[Clause, ...] = ()
    grounds: tuple[Ground, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    series: tuple[Series, ...] = ()
    clocks: tuple[Clock, ...] = ()
    holidays: tuple[HolidayRule, ...] = ()
    fees: tuple[FeeRule, ...] = ()
    platforms: tuple[PlatformLimit, ...] = ()
    notices: tuple[Notice, ...] = ()
    settings: tuple[Setting, ...] = ()
    roles: tuple[RoleName, ...] = ()
    related: tuple[RelatedPolicy, ...] = ()
    topics: tuple[Topic, ...] = ()
    covers: tuple[TopicCover, ...] = ()
    risks: tuple[CounselRisk, ...] = ()
    certifications: tuple[CertificationForm, ...] = ()
    trainings: tuple[Training, ...] = ()
    examples: tuple[Example, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # clause id → file and line

    @property
    def version(self) -> str:
        """Id and short digest, as shown to people: ``wausau-city@1a2b3c4d5e6f``."""
        return f"{self.id}@{self.digest[:12]}"

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)
