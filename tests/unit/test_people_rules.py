"""Who may do what, from the matrix; pure."""

from datetime import UTC, datetime, timedelta

import pytest

from rostrum.areas.people.rules import (
    MATRIX,
    AccessFacts,
    GrantFacts,
    HeldRight,
    HeldRole,
    Permission,
    Reach,
    Right,
    Role,
    decide_access,
    decide_grant,
    is_in_force,
    may_open,
    reaches,
)
from rostrum.kernel.decisions import Decision

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


def facts(permission: Permission, *roles: HeldRole, **changes: object) -> AccessFacts:
    values: dict[str, object] = {"person": "per-1", "present": True, "permission": permission, "roles": roles}
    return AccessFacts(**(values | changes))  # type: ignore[arg-type]


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def test_the_matrix_has_a_row_for_every_permission() -> None:
    assert set(MATRIX) == set(Permission)


@pytest.mark.parametrize(
    ("permission", "role", "reach"),
    [
        (Permission.REQUEST_CHANNEL, Role.EMPLOYEE, Reach.OWN),
        (Permission.APPROVE_CONTENT, Role.DEPARTMENT_HEAD, Reach.DEPARTMENT),
        (Permission.APPROVE_CHANNEL, Role.COORDINATOR, Reach.STEP),
        (Permission.DISCLOSE_CREDENTIAL, Role.COORDINATOR, Reach.SECOND),
        (Permission.DISPOSE, Role.RECORDS_CUSTODIAN, Reach.SECOND),
        (Permission.PLACE_HOLD, Role.RECORDS_CUSTODIAN, Reach.ANY),
        (Permission.PROCESS_REQUEST, Role.AUDITOR, Reach.READ),
        (Permission.REMOVE_COMMENT, Role.MODERATOR, Reach.ANY),
        (Permission.READ_LEDGER, Role.AUDITOR, Reach.ANY),
        (Permission.CLEAR_BLOCK, Role.PUBLIC_AFFAIRS, Reach.SECOND),
    ],
)
def test_a_cell_of_the_matrix_says_how_far_a_role_reaches(permission: Permission, role: Role, reach: Reach) -> None:
    assert MATRIX[permission][role] is reach


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.DISCLOSE_CREDENTIAL, {Role.COORDINATOR}),
        (Permission.ISSUE_DIRECTIVE, {Role.IT_DIRECTOR, Role.AUDITOR}),
        (Permission.DECIDE_DISCIPLINE, {Role.HR, Role.AGENCY_HEAD}),
        (Permission.REMOVE_COMMENT, {Role.COORDINATOR, Role.MODERATOR}),
        (Permission.APPROVE_CONTENT, {Role.DEPARTMENT_HEAD, Role.PUBLIC_AFFAIRS, Role.AGENCY_HEAD}),
    ],
)
def test_nobody_else_holds_it(permission: Permission, roles: set[Role]) -> None:
    assert set(MATRIX[permission]) == roles


def test_without_a_fitting_role_the_reason_names_who_has_it() -> None:
    decision = decide_access(facts(Permission.REMOVE_COMMENT, HeldRole(Role.EMPLOYEE)))

    assert codes(decision) == ["no-role"]
    assert "moderator" in decision.against[0].message


def test_somebody_who_left_may_nothing() -> None:
    decision = decide_access(facts(Permission.REPORT_VIOLATION, HeldRole(Role.EMPLOYEE), present=False))

    assert codes(decision) == ["not-present"]


@pytest.mark.parametrize(
    ("held_unit", "asked_unit", "allowed"),
    [("unt-a", "unt-a", True), ("unt-a", "unt-b", False), ("unt-a", "", True), ("", "unt-b", True)],
)
def test_a_department_role_reaches_its_own_department(held_unit: str, asked_unit: str, allowed: bool) -> None:
    asked = facts(Permission.APPROVE_CONTENT, HeldRole(Role.DEPARTMENT_HEAD, held_unit), unit=asked_unit)

    assert decide_access(asked).allowed is allowed


@pytest.mark.parametrize(("owner", "allowed"), [("per-1", True), ("per-2", False), ("", True)])
def test_an_own_permission_reaches_ones_own_things(owner: str, allowed: bool) -> None:
    assert decide_access(facts(Permission.FILE_REQUEST, HeldRole(Role.AUDITOR), owner=owner)).allowed is allowed


@pytest.mark.parametrize(
    ("rights", "allowed"),
    [
        ((HeldRight(Right.SPEAK, "chn-a"),), True),
        ((HeldRight(Right.SPEAK, "chn-b"),), False),
        ((HeldRight(Right.MODERATE, "chn-a"),), False),
        ((), False),
    ],
)
def test_speaking_on_a_channel_needs_a_grant_on_it(rights: tuple[HeldRight, ...], allowed: bool) -> None:
    asked = facts(Permission.DRAFT, HeldRole(Role.POSTER, "unt-a"), rights=rights, channel="chn-a", unit="unt-b")

    assert decide_access(asked).allowed is allowed


def test_public_affairs_publishes_anywhere_without_a_grant() -> None:
    assert decide_access(facts(Permission.PUBLISH, HeldRole(Role.PUBLIC_AFFAIRS), channel="chn-a")).allowed


def test_a_right_to_moderate_is_enough_on_its_channel_and_no_other() -> None:
    held = (HeldRight(Right.MODERATE, "chn-a"),)
    employee = HeldRole(Role.EMPLOYEE)

    assert decide_access(facts(Permission.REMOVE_COMMENT, employee, rights=held, channel="chn-a")).allowed
    assert not decide_access(facts(Permission.REMOVE_COMMENT, employee, rights=held, channel="chn-b")).allowed


def test_who_may_only_read_may_not_act() -> None:
    auditor = HeldRole(Role.AUDITOR)

    assert not may_open(Permission.PROCESS_REQUEST, [auditor], [], reading=False)
    assert may_open(Permission.PROCESS_REQUEST, [auditor], [], reading=True)


def test_reaches_tells_when_a_second_person_is_needed() -> None:
    held = [HeldRole(Role.COORDINATOR), HeldRole(Role.EMPLOYEE)]

    assert reaches(Permission.BLOCK_USER, held) == {Reach.SECOND}


def test_a_grant_is_refused_with_every_reason_at_once() -> None:
    nobody = decide_access(facts(Permission.MANAGE_PEOPLE, HeldRole(Role.EMPLOYEE)))

    decision = decide_grant(GrantFacts("per-1", "per-1", False, True, nobody))

    assert codes(decision) == ["no-role", "own-grant", "person-left", "already-held"]


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"), [(0, None, True), (1, None, False), (-2, 0, False), (-2, 1, True), (-2, -1, False)]
)
def test_a_grant_is_in_force_from_its_start_until_just_before_its_end(
    starts: int, ends: int | None, in_force: bool
) -> None:
    ends_at = None if ends is None else NOW + timedelta(hours=ends)

    assert is_in_force(NOW + timedelta(hours=starts), ends_at, NOW) is in_force
