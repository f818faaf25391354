"""May a hold end: truth table."""

import pytest

from rostrum.areas.retention.rules import ReleaseFacts, decide_ask_release, decide_release


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ReleaseFacts(False, "per-1", "per-2"), []),
        (ReleaseFacts(False, "per-1", "per-1"), ["second-person"]),
        (ReleaseFacts(False, "", "per-2"), ["release-not-asked"]),
        (ReleaseFacts(True, "per-1", "per-2"), ["hold-ended"]),
    ],
)
def test_ending_a_hold_takes_two_people(facts: ReleaseFacts, expected: list[str]) -> None:
    assert [reason.code for reason in decide_release(facts).against] == expected


def test_a_release_is_asked_for_once() -> None:
    assert decide_ask_release(ReleaseFacts(False, "", "per-1")).allowed
    assert not decide_ask_release(ReleaseFacts(False, "per-1", "per-2")).allowed
