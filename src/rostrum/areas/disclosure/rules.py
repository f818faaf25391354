"""What the answer to a records request may be, and why not. Facts in, decision out."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestAct, RequestState
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

# Figures and citations stand in the wisconsin-law pack; these are the codes rules and rows share.
_MOST_NAMED = 5
_MOST_DOLLARS = 1_000_000
RELEASE, REDACT, WITHHOLD, NOT_RESPONSIVE, UNDECIDED = "release", "redact", "withhold", "not_responsive", "undecided"


def decide_act(state: RequestState, act: RequestAct) -> Decision:
    """Whether the request's state lets this be done at all."""
    return REQUEST_MACHINE.decide(state, act)


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record under review, as far as the decisions need it."""

    choice: str
    exemptions: tuple[str, ...]
    reason: str
    redactions: int
    unseconded: int


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """A choice somebody is about to make about one record."""

    state: RequestState
    choice: str
    exemptions: tuple[str, ...]
    known_exemptions: frozenset[str]
    reason: str
    redactions: int


def decide_choice(facts: ChoiceFacts) -> Decision:
    """Whether this may be decided about a record: withholding needs an exemption and a specific reason."""
    against: list[Reason] = []
    if facts.state is not RequestState.REVIEWING:
        against.append(Reason("not-in-review", "Records are decided while the request is in review."))
    unknown = sorted(set(facts.exemptions) - facts.known_exemptions)
    if unknown:
        against.append(Reason("unknown-exemption", f"No active pack has the exemption {', '.join(unknown)}."))
    if facts.choice == WITHHOLD:
        if not facts.exemptions:
            against.append(
                Reason(
                    "no-exemption",
                    "A record can be withheld only under a cited exemption or balancing test (s. 19.35(4)(b)).",
                )
            )
        if not facts.reason.strip():
            against.append(Reason("no-reason", "Say specifically why this record is withheld (s. 19.35(4)(b))."))
    if facts.choice == NOT_RESPONSIVE and not facts.reason.strip():
        against.append(Reason("no-reason", "Say why this record does not answer the request."))
    if facts.choice == REDACT and not facts.redactions:
        against.append(Reason("no-redaction", "Mark at least one part of the record to be withheld first."))
    if facts.choice == RELEASE and facts.redactions:
        against.append(
            Reason("has-redactions", "This record has redactions; drop them, or release it with redactions.")
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class SecondFacts:
    """A redaction and the person who is to second it."""

    state: RequestState
    proposed_by: str
    actor: str
    seconded: bool
    dropped: bool


def decide_second(facts: SecondFacts) -> Decision:
    """Whether this person may second the redaction: another than the one who proposed it (records-and-law X5)."""
    against: list[Reason] = []
    if facts.state is not RequestState.REVIEWING:
        against.append(Reason("not-in-review", "Redactions are seconded while the request is in review."))
    if facts.dropped:
        against.append(Reason("redaction-dropped", "This redaction was dropped."))
    if facts.seconded:
        against.append(Reason("seconded", "This redaction has been seconded already."))
    if facts.proposed_by == facts.actor:
        against.append(Reason("own-redaction", "A redaction is seen by a second person: not the one who proposed it."))
    return Decision(tuple(against))


def decide_determination(
    state: RequestState, records: tuple[RecordFacts, ...], still_shown: tuple[tuple[str, str], ...] = ()
) -> Decision:
    """Whether the determination may be issued: all decided, redactions seen by two people, denials reasoned.

    `still_shown` are pairs of record ids: the first would show what is withheld from the second.
    """
    against = list(decide_act(state, RequestAct.DETERMINE).against)
    undecided = sum(1 for record in records if record.choice == UNDECIDED)
    unseconded = sum(record.unseconded for record in records if record.choice == REDACT)
    unreasoned = sum(
        1 for record in records if record.choice == WITHHOLD and not (record.exemptions and record.reason.strip())
    )
    if undecided:
        against.append(Reason("undecided", f"{_count(undecided, 'record')} still to be decided."))
    if unseconded:
        against.append(Reason("unseconded", f"{_count(unseconded, 'redaction')} still to be seen by a second person."))
    if unreasoned:
        against.append(
            Reason(
                "unreasoned",
                f"{_count(unreasoned, 'withheld record')} without a cited exemption and a specific reason.",
            )
        )
    for shown_in, withheld_from in still_shown[:_MOST_NAMED]:
        whose = "from itself elsewhere" if shown_in == withheld_from else f"from record {withheld_from}"
        against.append(
            Reason("still-shown", f"Record {shown_in} still shows what is withheld {whose}; withhold it there too.")
        )
    if len(still_shown) > _MOST_NAMED:
        against.append(Reason("still-shown", f"So do {len(still_shown) - _MOST_NAMED} more records."))
    return Decision(tuple(against))


def outcome_of(records: tuple[RecordFacts, ...]) -> str:
    """What the decisions about the records amount to: granted, partial, denied or no_records."""
    answering = [record for record in records if record.choice != NOT_RESPONSIVE]
    if not answering:
        return "no_records"
    if all(record.choice == RELEASE for record in answering):
        return "granted"
    if all(record.choice == WITHHOLD for record in answering):
        return "denied"
    return "partial"


def decide_production(state: RequestState, outcome: str, building: bool) -> Decision:
    """Whether a production may be made."""
    against: list[Reason] = []
    if state not in (RequestState.DETERMINED, RequestState.PRODUCED):
        against.append(Reason("not-determined", "A production follows the determination."))
    if outcome in ("denied", "no_records"):
        against.append(Reason("nothing-released", "Nothing was released, so there is nothing to produce."))
    if building:
        against.append(Reason("building", "A production is being made right now."))
    return Decision(tuple(against))


def decide_close(state: RequestState, outcome: str) -> Decision:
    """Whether the request may be closed: produced, or nothing to produce (design §11.14)."""
    against = list(decide_act(state, RequestAct.CLOSE).against)
    if not against and state is RequestState.DETERMINED and outcome not in ("denied", "no_records"):
        against.append(Reason("not-produced", "Records were released: make the production before closing."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class FeeRule:
    """The figures of s. 19.35(3), as the law pack gives them (cents)."""

    location_from_cents: int
    prepayment_above_cents: int


@dataclass(frozen=True, slots=True)
class FeeCosts:
    """Actual, necessary and direct costs in cents, by the kinds the law allows. There is no field for review."""

    copying_cents: int = 0
    photographing_cents: int = 0
    mailing_cents: int = 0
    location_cents: int = 0


@dataclass(frozen=True, slots=True)
class Fee:
    """What may be charged, and whether prepayment may be asked."""

    total_cents: int
    location_charged: bool
    prepayment_allowed: bool


def fee_for(costs: FeeCosts, rule: FeeRule) -> Fee:
    """Work out the fee. Locating counts only from the law's threshold; reviewing and redacting never (2012 WI 65)."""
    if min(costs.copying_cents, costs.photographing_cents, costs.mailing_cents, costs.location_cents) < 0:
        raise InvalidInput("fee", "a cost cannot be negative")
    location = costs.location_cents if costs.location_cents >= rule.location_from_cents else 0
    total = costs.copying_cents + costs.photographing_cents + costs.mailing_cents + location
    return Fee(total, location > 0, total > rule.prepayment_above_cents)


def cents(amount: str, *, where: str) -> int:
    """Read an amount in dollars such as ``12.50`` into cents. Raises `InvalidInput` naming the field."""
    try:
        value = Decimal(amount.strip().removeprefix("$") or "0")
        if not value.is_finite():
            raise ValueError
    except (ArithmeticError, ValueError) as problem:
        raise InvalidInput(where, f"“{amount[:40]}” is not an amount in dollars, such as 12.50") from problem
    if not 0 <= value <= _MOST_DOLLARS:
        raise InvalidInput(where, f"an amount is from 0 to {_MOST_DOLLARS:,} dollars")
    return int((value * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _count(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number} {noun}s are"
