"""What the answer to a records request may be: truth tables."""

import pytest

from rostrum.areas.disclosure import rules
from rostrum.areas.disclosure.rules import ChoiceFacts, FeeCosts, FeeRule, RecordFacts, SecondFacts
from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestAct, RequestState
from rostrum.kernel.decisions import Decision, InvalidInput

S = RequestState
LAW = FeeRule(location_from_cents=5000, prepayment_above_cents=500)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def record(choice: str, **over: object) -> RecordFacts:
    facts = {"choice": choice, "exemptions": ("x",), "reason": "because", "redactions": 0, "unseconded": 0, **over}
    return RecordFacts(**facts)  # type: ignore[arg-type]


def choice(**over: object) -> ChoiceFacts:
    facts = {
        "state": S.REVIEWING,
        "choice": "withhold",
        "exemptions": ("wis-19.36-13",),
        "known_exemptions": frozenset({"wis-19.36-13"}),
        "reason": "a bank number",
        "redactions": 0,
        **over,
    }
    return ChoiceFacts(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, []),
        ({"exemptions": ()}, ["no-exemption"]),
        ({"reason": " "}, ["no-reason"]),
        ({"exemptions": ("made-up",)}, ["unknown-exemption"]),
        ({"state": S.SEARCHING}, ["not-in-review"]),
        ({"choice": "release", "exemptions": (), "reason": ""}, []),
        ({"choice": "release", "redactions": 1}, ["has-redactions"]),
        ({"choice": "redact"}, ["no-redaction"]),
        ({"choice": "redact", "redactions": 2}, []),
        ({"choice": "not_responsive", "reason": ""}, ["no-reason"]),
        ({"exemptions": (), "reason": ""}, ["no-exemption", "no-reason"]),
    ],
)
def test_withholding_needs_an_exemption_and_a_reason(over: dict[str, object], expected: list[str]) -> None:
    assert codes(rules.decide_choice(choice(**over))) == expected


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, []),
        ({"actor": "per-1"}, ["own-redaction"]),
        ({"seconded": True}, ["seconded"]),
        ({"dropped": True}, ["redaction-dropped"]),
        ({"state": S.DETERMINED}, ["not-in-review"]),
    ],
)
def test_a_redaction_is_seconded_by_another_person(over: dict[str, object], expected: list[str]) -> None:
    facts = {
        "state": S.REVIEWING,
        "proposed_by": "per-1",
        "actor": "per-2",
        "seconded": False,
        "dropped": False,
        **over,
    }
    assert codes(rules.decide_second(SecondFacts(**facts))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((), []),
        ((record("undecided"),), ["undecided"]),
        ((record("redact", redactions=1, unseconded=1),), ["unseconded"]),
        ((record("release", unseconded=1),), []),
        ((record("withhold", exemptions=()),), ["unreasoned"]),
        ((record("undecided"), record("redact", unseconded=2)), ["undecided", "unseconded"]),
    ],
)
def test_nothing_is_determined_before_everything_is_decided(
    records: tuple[RecordFacts, ...], expected: list[str]
) -> None:
    assert codes(rules.decide_determination(S.REVIEWING, records)) == expected


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        ((), "no_records"),
        (("not_responsive",), "no_records"),
        (("release",), "granted"),
        (("release", "not_responsive"), "granted"),
        (("release", "redact"), "partial"),
        (("redact",), "partial"),
        (("withhold", "release"), "partial"),
        (("withhold", "withhold", "not_responsive"), "denied"),
    ],
)
def test_the_outcome_follows_from_the_decisions(choices: tuple[str, ...], outcome: str) -> None:
    assert rules.outcome_of(tuple(record(one) for one in choices)) == outcome


@pytest.mark.parametrize(
    ("state", "outcome", "expected"),
    [
        (S.PRODUCED, "granted", []),
        (S.DETERMINED, "denied", []),
        (S.DETERMINED, "no_records", []),
        (S.DETERMINED, "granted", ["not-produced"]),
        (S.REVIEWING, "granted", ["wrong-state"]),
    ],
)
def test_a_request_closes_when_produced_or_with_nothing_to_produce(
    state: RequestState, outcome: str, expected: list[str]
) -> None:
    assert codes(rules.decide_close(state, outcome)) == expected


def test_denied_and_no_records_reach_closed_in_the_table() -> None:
    assert REQUEST_MACHINE.next_state(S.DETERMINED, RequestAct.CLOSE) is S.CLOSED


@pytest.mark.parametrize(
    "state", [state for state in S if state not in (S.DETERMINED, S.PRODUCED, S.CLOSED, S.WITHDRAWN)]
)
def test_a_request_can_be_withdrawn_until_it_is_determined(state: RequestState) -> None:
    assert REQUEST_MACHINE.next_state(state, RequestAct.WITHDRAW) is S.WITHDRAWN


@pytest.mark.parametrize(
    ("costs", "total", "location", "prepayment"),
    [
        (FeeCosts(copying_cents=100), 100, False, False),
        (FeeCosts(copying_cents=500), 500, False, False),
        (FeeCosts(copying_cents=501), 501, False, True),
        (FeeCosts(location_cents=4999), 0, False, False),
        (FeeCosts(location_cents=5000), 5000, True, True),
        (FeeCosts(copying_cents=125, mailing_cents=75, location_cents=5000), 5200, True, True),
    ],
)
def test_locating_counts_only_from_fifty_dollars_and_prepayment_only_above_five(
    costs: FeeCosts, total: int, location: bool, prepayment: bool
) -> None:
    fee = rules.fee_for(costs, LAW)
    assert (fee.total_cents, fee.location_charged, fee.prepayment_allowed) == (total, location, prepayment)


def test_there_is_no_way_to_charge_for_redaction() -> None:
    assert set(FeeCosts.__dataclass_fields__) == {
        "copying_cents", "photographing_cents", "mailing_cents", "location_cents",
    }  # fmt: skip


def test_a_negative_cost_is_not_a_cost() -> None:
    with pytest.raises(InvalidInput):
        rules.fee_for(FeeCosts(copying_cents=-1), LAW)


@pytest.mark.parametrize(("text", "expected"), [("12.50", 1250), ("$3", 300), ("", 0), ("0.005", 1)])
def test_amounts_are_read_in_dollars(text: str, expected: int) -> None:
    assert rules.cents(text, where="copying") == expected


@pytest.mark.parametrize("text", ["ten", "1,5", "NaN", "Infinity"])
def test_what_is_not_an_amount_is_named(text: str) -> None:
    with pytest.raises(InvalidInput, match="copying"):
        rules.cents(text, where="copying")
