"""What may be deposited, shown and taken in an emergency: truth tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.channels import rules
from rostrum.areas.channels.rules import ChannelState, emergency, secrets
from rostrum.areas.channels.rules import log_in_disclosure as disclosure
from rostrum.areas.channels.rules.log_in_disclosure import DisclosureState
from rostrum.areas.people import passwords
from rostrum.kernel.decisions import Decision, Reason

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
YES = Decision()
NOBODY = Decision((Reason("no-role", "Not for you."),))
CLAUSES = {
    "custody.deposit-duty": "WAU-own-02c",
    "custody.unique-credential": "BP-5-03",
    "custody.change-recorded": "WAU-own-02d",
    "custody.separate-id": "BP-5-02",
}


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


DEPOSIT = rules.DepositFacts(ChannelState.OPENED, YES, (), (), False, NOW, clauses=CLAUSES)


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (DEPOSIT, []),
        (replace(DEPOSIT, state=ChannelState.LIVE), []),
        (replace(DEPOSIT, state=ChannelState.REQUESTED), ["wrong-state"]),
        (replace(DEPOSIT, missing=("Password",)), ["empty-secret"]),
        (replace(DEPOSIT, weak=(("Password", "is too easy to guess"),)), ["weak-secret"]),
        (replace(DEPOSIT, used_before=True), ["reused-secret"]),
        (replace(DEPOSIT, may_deposit=NOBODY), ["no-role"]),
        (replace(DEPOSIT, nothing_new=True), ["nothing-new"]),
        (replace(DEPOSIT, unkept=("Recovery codes",)), ["cannot-be-kept"]),
        (replace(DEPOSIT, resembles_work="The log-in name is Pat's."), ["work-log-in"]),
        (replace(DEPOSIT, resembles_work="The log-in name is Pat's.", why_shared="The platform asks it."), []),
        (replace(DEPOSIT, changed_at=NOW), []),
        (replace(DEPOSIT, changed_at=NOW + timedelta(minutes=4)), []),
        (replace(DEPOSIT, changed_at=NOW + timedelta(minutes=6)), ["change-to-come"]),
        (replace(DEPOSIT, changed_before=NOW), ["no-change-time"]),
        (replace(DEPOSIT, changed_before=NOW, changed_at=NOW - timedelta(minutes=1)), ["change-too-early"]),
    ],
)
def test_a_deposit_is_whole_strong_and_new(facts: rules.DepositFacts, against: list[str]) -> None:
    assert codes(rules.decide_deposit(facts)) == against


NAMES = ("Wausau Parks", "wausau-parks", "City of Wausau", "Facebook")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("mulberry parade at noon", ""),
        ("x7#kQp2mVz9t", ""),
        ("elevenchars", "at least 12"),
        ("Wausau Parks 2026!!", "own name"),
        ("W4us4uP4rks2026!", "own name"),
        ("wausau-parks-facebook", "own name"),
        ("parks and their trees at dusk", ""),
        ("password1234", "too easy"),
        ("qwertyuiop123", "too easy"),
        ("Summer2026!!!", "too easy"),
        ("aaaaaaaaaaaaaaaa", "too easy"),
        ("a" * 500, "too easy"),
    ],
)
def test_a_password_is_long_hard_to_guess_and_not_the_channels_name(password: str, why: str) -> None:
    said = secrets.weakness(password, guesses=passwords.guesses(password, NAMES), is_breached=False, names=NAMES)
    assert (why in said) if why else (said == "")


def test_a_stolen_password_is_weak_however_long() -> None:
    assert "stolen" in secrets.weakness("x7#kQp2mVz9tLw", guesses=1e14, is_breached=True, names=NAMES)


DISCLOSURE = disclosure.DisclosureFacts(
    state=DisclosureState.REQUESTED,
    may=YES,
    actor="second",
    requester="first",
    expires_at=NOW + timedelta(hours=1),
    now=NOW,
    note="No",
)
CONFIRMED = replace(DISCLOSURE, state=DisclosureState.CONFIRMED, actor="first")


@pytest.mark.parametrize(
    ("decide", "facts", "against"),
    [
        (disclosure.decide_confirmation, DISCLOSURE, []),
        (disclosure.decide_confirmation, replace(DISCLOSURE, actor="first"), ["own-request"]),
        (disclosure.decide_confirmation, replace(DISCLOSURE, may=NOBODY), ["no-role"]),
        (disclosure.decide_confirmation, replace(DISCLOSURE, now=DISCLOSURE.expires_at), ["time-passed"]),
        (disclosure.decide_confirmation, replace(DISCLOSURE, state=DisclosureState.SHOWN), ["wrong-state"]),
        (disclosure.decide_declining, DISCLOSURE, []),
        (disclosure.decide_declining, replace(DISCLOSURE, actor="first"), []),
        (disclosure.decide_declining, replace(DISCLOSURE, note=" "), ["no-reason"]),
        (disclosure.decide_showing, CONFIRMED, []),
        (disclosure.decide_showing, replace(CONFIRMED, actor="second"), ["not-yours"]),
        (
            disclosure.decide_showing,
            replace(CONFIRMED, actor="first", state=DisclosureState.REQUESTED),
            ["wrong-state"],
        ),
        (disclosure.decide_showing, replace(CONFIRMED, state=DisclosureState.SHOWN), ["wrong-state"]),
        (disclosure.decide_showing, replace(CONFIRMED, is_current=False), ["replaced"]),
        (disclosure.decide_showing, replace(CONFIRMED, now=CONFIRMED.expires_at), ["time-passed"]),
    ],
)
def test_a_log_in_is_seen_by_who_asked_once_when_another_confirmed(
    decide: Any, facts: disclosure.DisclosureFacts, against: list[str]
) -> None:
    assert codes(decide(facts)) == against


EMERGENCY = emergency.EmergencyFacts(ChannelState.LIVE, YES, False, "", "A flood")


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (EMERGENCY, []),
        (replace(EMERGENCY, state=ChannelState.PAUSED), ["channel-not-live"]),
        (replace(EMERGENCY, may_break_glass=NOBODY), ["no-role"]),
        (replace(EMERGENCY, already_speaks=True), ["already-held"]),
        (replace(EMERGENCY, log_in_trouble="No key."), ["log-in-unreadable"]),
        (replace(EMERGENCY, reason=" "), ["no-reason"]),
    ],
)
def test_an_emergency_right_is_for_the_authorised_with_a_reason(
    facts: emergency.EmergencyFacts, against: list[str]
) -> None:
    assert codes(emergency.decide_emergency(facts)) == against


REVIEW = emergency.ReviewFacts(YES, "second", "first", NOW, NOW, False, "It had to be.")


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (REVIEW, []),
        (replace(REVIEW, actor="first"), ["own-emergency"]),
        (replace(REVIEW, now=NOW - timedelta(seconds=1)), ["still-running"]),
        (replace(REVIEW, is_reviewed=True), ["reviewed-already"]),
        (replace(REVIEW, findings=""), ["no-findings"]),
        (replace(REVIEW, may_review=NOBODY), ["no-role"]),
    ],
)
def test_an_emergency_is_reviewed_by_another_once_when_over(facts: emergency.ReviewFacts, against: list[str]) -> None:
    assert codes(emergency.decide_review(facts)) == against
