"""Persons, roles and rights: each act with its rows, its entry and its refusals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import jobs, operations, queries
from rostrum.areas.people.models import ChannelGrant, PostedForm, RoleGrant, SignInAttempt, User
from rostrum.areas.people.rules import HeldRole, Permission, Reach, Right, Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.people import PASSWORD, a_person, a_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entries() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("kind", "actor"))


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def coordinator() -> User:
    return a_person(Role.COORDINATOR)


def test_a_person_is_added_and_recorded(coordinator: User) -> None:
    unit = a_unit()

    added = operations.add_person(
        email="new@example.gov", name="New Person", unit=unit, password=PASSWORD, actor=coordinator, now=NOW
    )

    assert added.check_password(PASSWORD)
    assert queries.roles_of(added, NOW) == (HeldRole(Role.EMPLOYEE),)
    assert entries() == [("people.person-added.v1", coordinator.public_id)]


def test_the_entry_holds_no_name_and_no_address(coordinator: User) -> None:
    operations.add_person(email="new@example.gov", name="New Person", password=PASSWORD, actor=coordinator, now=NOW)

    text = Entry.objects.get().body_text
    assert "New" not in text
    assert "example.gov" not in text
    assert PASSWORD not in text


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "TAKEN@example.gov"}, "email"),
        ({"name": "  "}, "name"),
        ({"password": "short"}, "password"),
        ({"employment_class": "ghost"}, "employment_class"),
    ],
)
def test_what_cannot_be_used_for_a_person_is_named(coordinator: User, change: dict[str, str], where: str) -> None:
    a_person(email="taken@example.gov")
    values = {"email": "new@example.gov", "name": "New Person", "password": PASSWORD} | change
    with pytest.raises(InvalidInput) as problem:
        operations.add_person(**values, actor=coordinator, now=NOW)  # type: ignore[arg-type]

    assert problem.value.where == where
    assert entries() == []


def test_an_employee_adds_nobody() -> None:
    with pytest.raises(Refused) as refusal:
        operations.add_person(email="new@example.gov", name="New", actor=a_person(), now=NOW)

    assert codes(refusal) == ["no-role"]


def test_an_invited_person_gets_a_link_made_when_the_mail_is_sent(
    coordinator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    invited = operations.invite_person(
        email="new@example.gov", name="New Person", origin="http://testserver", actor=coordinator, now=NOW
    )

    job = Job.objects.get(kind="people.send-password-link")
    assert job.args == {"person": invited.public_id, "origin": "http://testserver"}
    jobs.send_password_link(job.args, now=NOW)
    assert f"http://testserver/sign-in/password/{invited.public_id}/" in capsys.readouterr().out


def test_a_link_for_an_unknown_address_costs_the_same_work_and_goes_nowhere() -> None:
    operations.send_password_link(email="who@example.gov", origin="http://testserver", actor="public", now=NOW)

    job = Job.objects.get()
    assert (job.kind, dict(job.args)["person"]) == ("people.send-password-link", "")
    jobs.send_password_link(dict(job.args), now=NOW)


def test_a_role_is_given_and_recorded(coordinator: User) -> None:
    person, unit = a_person(), a_unit()

    grant = operations.give_role(
        person=person, role=Role.POSTER, unit=unit, ends_at=NOW + HOUR, actor=coordinator, now=NOW
    )

    assert grant.given_by == coordinator
    assert HeldRole(Role.POSTER, unit.public_id) in queries.roles_of(person, NOW)
    assert HeldRole(Role.POSTER, unit.public_id) not in queries.roles_of(person, NOW + HOUR)
    assert entries() == [("people.role-given.v1", coordinator.public_id)]


def test_a_role_that_ends_before_it_begins_is_refused(coordinator: User) -> None:
    with pytest.raises(InvalidInput, match="ends before it begins"):
        operations.give_role(
            person=a_person(), role=Role.POSTER, starts_at=NOW, ends_at=NOW - HOUR, actor=coordinator, now=NOW
        )


@pytest.mark.parametrize("grants", [RoleGrant, ChannelGrant])
def test_the_database_itself_refuses_a_grant_that_ends_before_it_begins(
    grants: type[RoleGrant | ChannelGrant],
) -> None:
    what = {"role": "moderator"} if grants is RoleGrant else {"right": "speak", "channel": "chn-a"}

    with pytest.raises(IntegrityError), transaction.atomic():
        grants.objects.create(person=a_person(), starts_at=NOW, ends_at=NOW - HOUR, **what)


def test_nobody_gives_a_role_to_themselves(coordinator: User) -> None:
    with pytest.raises(Refused) as refusal:
        operations.give_role(person=coordinator, role=Role.AUDITOR, actor=coordinator, now=NOW)

    assert codes(refusal) == ["own-grant"]


def test_a_role_is_not_given_twice_for_the_same_time(coordinator: User) -> None:
    person = a_person()
    operations.give_role(person=person, role=Role.POSTER, ends_at=NOW + HOUR, actor=coordinator, now=NOW)

    with pytest.raises(Refused) as refusal:
        operations.give_role(person=person, role=Role.POSTER, actor=coordinator, now=NOW)

    assert codes(refusal) == ["already-held"]
    operations.give_role(person=person, role=Role.POSTER, starts_at=NOW + HOUR, actor=coordinator, now=NOW)


def test_a_role_ends_now_and_stays_in_the_history(coordinator: User) -> None:
    person = a_person(Role.MODERATOR)
    grant = RoleGrant.objects.get(person=person)

    operations.end_role(grant_id=grant.public_id, actor=coordinator, now=NOW)

    assert HeldRole(Role.MODERATOR) in queries.roles_of(person, NOW - HOUR)
    assert HeldRole(Role.MODERATOR) not in queries.roles_of(person, NOW)
    assert entries() == [("people.role-ended.v1", coordinator.public_id)]


def test_what_ended_cannot_be_ended_again(coordinator: User) -> None:
    grant = RoleGrant.objects.get(person=a_person(Role.MODERATOR))
    operations.end_role(grant_id=grant.public_id, actor=coordinator, now=NOW)

    with pytest.raises(Refused) as refusal:
        operations.end_role(grant_id=grant.public_id, actor=coordinator, now=NOW + HOUR)

    assert codes(refusal) == ["already-ended"]


def test_an_end_in_the_past_is_refused(coordinator: User) -> None:
    grant = RoleGrant.objects.get(person=a_person(Role.MODERATOR))

    with pytest.raises(InvalidInput, match="past"):
        operations.end_role(grant_id=grant.public_id, ends_at=NOW - HOUR, actor=coordinator, now=NOW)


def test_a_right_on_a_channel_is_given_and_ended(coordinator: User) -> None:
    person = a_person(Role.POSTER)

    grant = operations.give_channel_right(person=person, channel="chn-a", right=Right.SPEAK, actor=coordinator, now=NOW)
    assert queries.may(person, Permission.DRAFT, channel="chn-a", now=NOW).allowed
    assert list(queries.holders_of_right(Right.SPEAK, "chn-a", now=NOW)) == [person]

    operations.end_channel_right(grant_id=grant.public_id, actor=coordinator, now=NOW + HOUR)
    assert not queries.may(person, Permission.DRAFT, channel="chn-a", now=NOW + HOUR).allowed
    assert [kind for kind, _ in entries()] == ["people.channel-right-given.v1", "people.channel-right-ended.v1"]


def test_a_department_head_grants_for_the_own_department_only() -> None:
    parks, police = a_unit("parks"), a_unit("police", "Police")
    head = a_person(Role.DEPARTMENT_HEAD, over=parks)
    given = operations.give_channel_right(
        person=a_person(), channel="chn-a", right=Right.SPEAK, unit=parks, actor=head, now=NOW
    )

    operations.end_channel_right(grant_id=given.public_id, unit=parks, actor=head, now=NOW)

    other = ChannelGrant.objects.create(person=a_person(), channel="chn-b", right="speak", starts_at=NOW)
    for unit in (police, None):
        with pytest.raises(Refused) as refusal:
            operations.end_channel_right(grant_id=other.public_id, unit=unit, actor=head, now=NOW)
        assert codes(refusal) == ["out-of-reach"]


def test_a_person_who_leaves_loses_everything_at_that_instant(coordinator: User) -> None:
    person = a_person(Role.POSTER, speaks_on="chn-a", password=PASSWORD)
    RoleGrant.objects.create(person=person, role="auditor", starts_at=NOW + HOUR)

    operations.deactivate_person(person=person, actor=coordinator, now=NOW)

    person.refresh_from_db()
    assert queries.roles_of(person, NOW + 2 * HOUR) == ()
    assert queries.rights_of(person, NOW) == ()
    assert not person.has_usable_password()
    assert not RoleGrant.objects.filter(person=person, ends_at=None).exists()
    assert [kind for kind, _ in entries()] == ["people.person-deactivated.v1"]


def test_nobody_ends_their_own_sign_in_and_nobody_leaves_twice(coordinator: User) -> None:
    with pytest.raises(Refused) as refusal:
        operations.deactivate_person(person=coordinator, actor=coordinator, now=NOW)
    assert codes(refusal) == ["own-sign-in"]

    person = a_person()
    operations.deactivate_person(person=person, actor=coordinator, now=NOW)
    with pytest.raises(Refused) as again:
        operations.deactivate_person(person=person, actor=coordinator, now=NOW)
    assert codes(again) == ["person-left"]


def test_nobody_sets_the_password_of_another(coordinator: User) -> None:
    with pytest.raises(Refused) as refusal:
        operations.set_password(person=a_person(), password=PASSWORD, actor=coordinator, now=NOW)

    assert codes(refusal) == ["not-own-password"]


def test_persons_with_a_role_are_those_present_now() -> None:
    parks, police = a_unit("parks"), a_unit("police", "Police")
    everywhere, there = a_person(Role.MODERATOR), a_person(Role.MODERATOR, over=parks)
    a_person(Role.MODERATOR, over=police)
    left = a_person(Role.MODERATOR)
    User.objects.filter(pk=left.pk).update(left_at=NOW - HOUR)

    found = queries.persons_with(Role.MODERATOR, unit=parks, now=NOW)

    assert set(found) == {everywhere, there}


@pytest.mark.parametrize(
    ("role", "basic"),
    [
        (Role.EMPLOYEE, [Role.EMPLOYEE]),
        (Role.ELECTED_OFFICIAL, [Role.ELECTED_OFFICIAL]),
        (Role.CONTRACTOR, [Role.CONTRACTOR]),
        (Role.MODERATOR, [Role.EMPLOYEE, Role.MODERATOR]),
    ],
)
def test_the_basic_role_comes_with_the_employment(role: Role, basic: list[Role]) -> None:
    person = a_person(role)

    assert [held.role for held in queries.roles_of(person, NOW)] == basic
    assert person in queries.persons_with(role, now=NOW)


def test_a_list_shows_what_the_permission_covers() -> None:
    """The scope's filter and the single question agree, for every shape a permission takes."""
    parks, police = a_unit("parks"), a_unit("police", "Police")
    in_parks = a_person(unit=parks, speaks_on="chn-parks")
    in_police = a_person(unit=police, speaks_on="chn-police")
    both = User.objects.filter(pk__in=[in_parks.pk, in_police.pk])

    def seen(person: User, permission: Permission, **paths: str) -> set[User]:
        return set(both.filter(queries.reach(person, permission, now=NOW).where(**paths)))

    head = a_person(Role.DEPARTMENT_HEAD, over=parks)
    assert seen(head, Permission.APPROVE_CONTENT, unit="unit") == {in_parks}
    assert seen(a_person(Role.PUBLIC_AFFAIRS), Permission.APPROVE_CONTENT, unit="unit") == {in_parks, in_police}
    assert seen(a_person(), Permission.APPROVE_CONTENT, unit="unit") == set()
    poster = a_person(Role.POSTER, speaks_on="chn-police")
    assert seen(poster, Permission.DRAFT, unit="unit", channel="channel_grants__channel") == {in_police}
    assert seen(in_parks, Permission.FILE_REQUEST, owner="pk") == {in_parks}
    assert Reach.SECOND in queries.reaches(a_person(Role.RECORDS_CUSTODIAN), Permission.DISPOSE, now=NOW)


def test_sweeping_deletes_only_what_is_old() -> None:
    for age in (timedelta(hours=1), timedelta(days=8)):
        SignInAttempt.objects.create(pair=str(age), address="a", at=NOW - age)
        PostedForm.objects.create(token=str(age), content="c", at=NOW - age)

    jobs.sweep({}, now=NOW)

    assert SignInAttempt.objects.count() == 1
    assert PostedForm.objects.count() == 1
