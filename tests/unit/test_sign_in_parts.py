"""The small parts of signing in: codes, recovery codes, devices, and the rules of factors and sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.people import recovery, totp
from rostrum.areas.people.devices import device_of, network_of
from rostrum.areas.people.rules import HeldRole, Role
from rostrum.areas.people.rules.factors import (
    FactorChangeFacts,
    ResetFacts,
    Step,
    decide_factor_change,
    decide_reset_ask,
    decide_reset_confirm,
    needs_second_factor,
    step_after,
)
from rostrum.areas.people.rules.sessions import SessionFacts, decide_session_end, has_ended
from rostrum.kernel.decisions import Decision, Reason

NOW = datetime(2026, 3, 8, 8, tzinfo=UTC)  # the hour the clocks go forward in Wausau
SEED = b"12345678901234567890"


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


# RFC 6238, appendix B, the last six digits of the SHA-1 column.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_now(SEED, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_belongs_to_its_step_and_to_none_before() -> None:
    step = int(NOW.timestamp()) // 30

    assert totp.step_of_code(SEED, totp.code_now(SEED, NOW), after_step=0, now=NOW) == step
    assert totp.step_of_code(SEED, totp.code_now(SEED, NOW), after_step=step, now=NOW) is None
    for wrong in ("", "12345", "abcdef", "0" * 40, "\N{ARABIC-INDIC DIGIT ONE}" * 6):
        assert totp.step_of_code(SEED, wrong, after_step=0, now=NOW) is None


def test_the_address_for_an_app_names_the_body_and_the_person() -> None:
    address = totp.address_for_app(SEED, person="ada@wausau.example", body="City: Wausau")

    assert address.startswith("otpauth://totp/City%20%20Wausau:ada%40wausau.example?secret=GEZDGNBVGY3TQOJQ")
    assert "issuer=City%20%20Wausau" in address
    assert totp.typed_key(SEED) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    code = recovery.new_code()

    assert recovery.as_made(code) == code
    assert recovery.as_made(f" {code.lower().replace('-', ' ')} ") == code
    assert recovery.as_made("ol1i-0000-0000") == "0111-0000-0000"
    for wrong in ("", "123456", "ABCD-EFGH", "!" * 12, code + "A"):
        assert recovery.as_made(wrong) == ""


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    read = recovery.as_made(typed)

    assert read == "" or recovery.as_made(read) == read


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_a_device_is_a_kind_of_browser_and_system(agent: str, device: str) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("127.0.0.1", "this computer"),
        ("::1", "this computer"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("given", "has_factors", "is_required", "step"),
    [
        (True, True, True, Step.IN),
        (True, False, True, Step.IN),
        (True, False, False, Step.IN),
        (False, True, True, Step.FACTOR),
        (False, True, False, Step.FACTOR),
        (False, False, True, Step.ENROL),
        (False, False, False, Step.IN),
    ],
)
def test_what_comes_after_the_first_step(given: bool, has_factors: bool, is_required: bool, step: Step) -> None:
    assert step_after(given=given, has_factors=has_factors, is_required=is_required) is step


def test_one_role_among_many_is_enough_to_need_a_second_factor() -> None:
    required = frozenset({Role.HR})

    assert needs_second_factor([HeldRole(Role.EMPLOYEE), HeldRole(Role.HR, "unt-1")], required)
    assert not needs_second_factor([HeldRole(Role.EMPLOYEE)], required)
    assert not needs_second_factor([], required)


def _change(**changes: object) -> FactorChangeFacts:
    values: dict[str, object] = {
        "person_present": True,
        "proven_at": NOW,
        "now": NOW,
        "left": 1,
        "is_required": True,
    }
    return FactorChangeFacts(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"person_present": False}, ["person-left"]),
        ({"proven_at": None}, ["proof-too-old"]),
        ({"proven_at": NOW - timedelta(minutes=15)}, []),
        ({"proven_at": NOW - timedelta(minutes=15, seconds=1)}, ["proof-too-old"]),
        ({"left": 11}, ["too-many-factors"]),
        ({"left": 0, "is_removal": True}, ["last-factor"]),
        ({"left": 0, "is_removal": True, "is_required": False}, []),
    ],
)
def test_who_may_change_a_factor(changes: dict[str, object], against: list[str]) -> None:
    assert codes(decide_factor_change(_change(**changes))) == against


def _reset(**changes: object) -> ResetFacts:
    values: dict[str, object] = {
        "actor": "per-hr",
        "person": "per-ada",
        "person_present": True,
        "may_reset": Decision(),
        "now": NOW,
    }
    return ResetFacts(**(values | changes))  # type: ignore[arg-type]


_NO = Decision((Reason("no-role", "None of your roles covers this."),))


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"actor": "per-ada"}, ["own-reset"]),
        ({"may_reset": _NO}, ["no-role"]),
        ({"person_present": False}, ["person-left"]),
        ({"has_factors": False}, ["no-factors"]),
        ({"open_asked_by": "per-it"}, ["reset-open"]),
    ],
)
def test_who_may_ask_for_a_reset(changes: dict[str, object], against: list[str]) -> None:
    assert codes(decide_reset_ask(_reset(**changes))) == against


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"actor": "per-ada"}, ["own-reset"]),
        ({"actor": "per-it"}, ["same-person"]),
        ({"may_reset": _NO}, ["no-role"]),
        ({"open_asked_by": ""}, ["reset-settled"]),
        ({"asked_at": NOW - timedelta(hours=72)}, []),
        ({"asked_at": NOW - timedelta(hours=72, seconds=1)}, ["reset-lapsed"]),
        ({"person_present": False}, ["person-left"]),
    ],
)
def test_who_may_confirm_a_reset(changes: dict[str, object], against: list[str]) -> None:
    facts = {"open_asked_by": "per-it", "asked_at": NOW} | changes
    assert codes(decide_reset_confirm(_reset(**facts))) == against


@pytest.mark.parametrize(
    ("started", "seen", "ended", "over"),
    [
        (timedelta(), timedelta(), False, False),
        (timedelta(hours=8), timedelta(minutes=30), False, False),
        (timedelta(hours=8, seconds=1), timedelta(), False, True),
        (timedelta(hours=1), timedelta(minutes=30, seconds=1), False, True),
        (timedelta(), timedelta(), True, True),
    ],
)
def test_when_a_session_is_over_also_in_the_night_the_clocks_change(
    started: timedelta, seen: timedelta, ended: bool, over: bool
) -> None:
    facts = SessionFacts(
        started_at=NOW - started,
        seen_at=NOW - seen,
        ended_at=NOW if ended else None,
        now=NOW,
        idle=timedelta(minutes=30),
        longest=timedelta(hours=8),
    )
    assert has_ended(facts) is over


def test_one_ends_ones_own_session_and_anothers_only_by_permission() -> None:
    assert decide_session_end(actor="a", person="a", may_end=_NO, has_ended=False).allowed
    assert codes(decide_session_end(actor="b", person="a", may_end=_NO, has_ended=False)) == ["no-role"]
    assert decide_session_end(actor="b", person="a", may_end=Decision(), has_ended=False).allowed
    assert codes(decide_session_end(actor="a", person="a", may_end=_NO, has_ended=True)) == ["already-ended"]
