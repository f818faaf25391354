"""Who arrives from a directory: found, made or refused; and roles that follow groups."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import jobs, operations, queries
from rostrum.areas.people.models import DirectoryIdentity, RoleGrant, SignedIn, User
from rostrum.areas.people.operations import ByDirectory
from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import Directory, GroupRole, SignInSettings
from rostrum.connectors.identity import Assertion, OpenIdSettings
from rostrum.kernel.decisions import Refused
from tests.people import PASSWORD, a_person, a_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 8, 14, tzinfo=UTC)
ISSUER = "https://login.city.example"
CITY = Directory(
    id="city",
    name="City sign-in",
    protocol=OpenIdSettings(ISSUER, "rostrum"),
    roles=(
        GroupRole("Social Media", Role.COORDINATOR),
        GroupRole("Moderators", Role.MODERATOR),
        GroupRole("Parks Posters", Role.POSTER, "parks"),
        GroupRole("Lost Posters", Role.POSTER, "no-such-unit"),
    ),
)


def assertion(**changes: Any) -> Assertion:
    return replace(
        Assertion(issuer=ISSUER, subject="u-1", email="ada@city.example", email_is_verified=True, name="Ada Lindqvist"),
        **changes,
    )


def arrive(directory: Directory = CITY, now: datetime = NOW, **changes: Any) -> User:
    said = assertion(**changes)
    return operations.arrive(directory=directory, assertion=said, actor=ByDirectory(directory.id), now=now).person


def refused(directory: Directory = CITY, **changes: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        arrive(directory, **changes)
    return [reason.code for reason in caught.value.reasons]


def entries() -> list[tuple[str, str]]:
    return [(entry.kind, entry.actor) for entry in Entry.objects.order_by("pk")]


def roles(person: User, now: datetime = NOW) -> set[tuple[str, str]]:
    held = queries.roles_of(person, now)
    return {(one.role.value, one.unit) for one in held if one.role is not Role.EMPLOYEE}


def test_a_person_is_found_by_the_verified_address_and_from_then_on_by_the_directorys_name() -> None:
    ada = a_person(email="Ada@City.example")

    assert arrive() == ada
    User.objects.filter(pk=ada.pk).update(email="ada.thao@city.example")
    assert arrive(email="ada@city.example") == ada

    assert entries() == [("people.directory-linked.v1", "directory:city")]


def test_an_address_that_is_not_verified_finds_nobody() -> None:
    a_person(email="ada@city.example")

    assert refused(email_is_verified=False) == ["not-known-here"]
    assert refused(email="") == ["not-known-here"]
    assert not DirectoryIdentity.objects.exists()


def test_another_subject_with_the_same_address_is_another() -> None:
    a_person(email="ada@city.example")
    arrive()

    assert refused(subject="u-2") == ["not-known-here"]


def test_a_subject_of_another_issuer_is_another() -> None:
    ada = a_person(email="ada@city.example")
    arrive()

    assert refused(issuer="https://other.example", email="bo@city.example") == ["not-known-here"]
    assert arrive(issuer="https://other.example") == ada


def test_who_is_unknown_is_refused_or_created_as_the_body_chose() -> None:
    assert refused() == ["not-known-here"]
    assert not User.objects.exists()

    made = arrive(replace(CITY, unknown_persons="created"), groups=("Moderators",))

    assert (made.name, made.email, made.has_usable_password()) == ("Ada Lindqvist", "ada@city.example", False)
    assert roles(made) == {("moderator", "")}
    assert entries() == [
        ("people.person-added.v1", "directory:city"),
        ("people.directory-linked.v1", "directory:city"),
        ("people.roles-followed-directory.v1", "directory:city"),
    ]
    assert refused(replace(CITY, unknown_persons="created"), subject="u-2", email="") == ["not-known-here"]


def test_who_has_left_never_comes_in_however_the_directory_knows_them() -> None:
    ada, hr = a_person(email="ada@city.example"), a_person(Role.HR)
    arrive()
    operations.deactivate_person(person=ada, actor=hr, now=NOW)
    left = a_person(email="bo@city.example")
    operations.deactivate_person(person=left, actor=hr, now=NOW)
    created = replace(CITY, unknown_persons="created")

    assert refused(created, groups=("Social Media",)) == ["not-known-here"]
    assert refused(created, subject="u-2", email="bo@city.example") == ["not-known-here"]
    assert not RoleGrant.objects.filter(person=ada).exists()


def test_groups_give_the_roles_the_mapping_names_and_no_others() -> None:
    parks = a_unit()
    ada = a_person(email="ada@city.example")

    arrive(groups=("Social Media", "Parks Posters", "Lost Posters", "Domain Admins", "hr"))

    assert roles(ada) == {("social_media_coordinator", ""), ("authorized_poster", parks.public_id)}
    assert set(RoleGrant.objects.values_list("directory", "given_by")) == {("city", None)}


def test_a_role_ends_when_the_group_is_gone_and_returns_with_it() -> None:
    ada = a_person(email="ada@city.example")
    arrive(groups=("Social Media", "Moderators"))

    arrive(groups=("Moderators",), now=NOW + timedelta(hours=1))
    assert roles(ada, NOW + timedelta(hours=1)) == {("moderator", "")}
    assert roles(ada) == {("moderator", ""), ("social_media_coordinator", "")}
    arrive(groups=("Moderators", "Social Media"), now=NOW + timedelta(hours=2))

    assert RoleGrant.objects.count() == 3
    followed = [entry.body for entry in Entry.objects.filter(kind="people.roles-followed-directory.v1").order_by("pk")]
    assert len(followed) == 3


def test_nothing_is_recorded_where_nothing_changed() -> None:
    a_person(email="ada@city.example")
    arrive(groups=("Moderators",))
    before = Entry.objects.count()

    arrive(groups=("Moderators",), now=NOW + timedelta(days=1))

    assert Entry.objects.count() == before


def test_a_role_that_a_person_gave_is_neither_doubled_nor_ended_by_the_directory() -> None:
    ada = a_person(Role.MODERATOR, email="ada@city.example")

    arrive(groups=("Moderators",))
    arrive(groups=())

    assert roles(ada) == {("moderator", "")}
    assert RoleGrant.objects.get().directory == ""


def test_two_directories_end_only_what_each_gave() -> None:
    state = replace(CITY, id="state", protocol=OpenIdSettings("https://login.state.example", "rostrum"))
    ada = a_person(email="ada@city.example")
    arrive(groups=("Moderators",))
    arrive(state, issuer="https://login.state.example", groups=("Social Media",))

    arrive(groups=())

    assert roles(ada) == {("social_media_coordinator", "")}


def test_roles_end_when_the_directory_has_not_spoken_of_the_person_for_long(settings: Any) -> None:
    settings.SIGN_IN = SignInSettings(directories=(CITY,))
    ada, bo = a_person(email="ada@city.example"), a_person(email="bo@city.example")
    arrive(groups=("Moderators",))
    arrive(groups=("Moderators",), subject="u-2", email="bo@city.example", now=NOW + timedelta(days=20))

    later = NOW + timedelta(days=31)
    jobs.sweep({}, now=later)
    jobs.sweep({}, now=later)

    assert roles(ada, later) == set()
    assert roles(bo, later) == {("moderator", "")}
    assert [kind for kind, _ in entries()].count("people.roles-followed-directory.v1") == 3


@pytest.mark.parametrize(
    ("how", "told", "counts"),
    [("told", True, True), ("told", False, False), ("trusted", False, True), ("ours", True, False)],
)
def test_whether_the_directorys_second_factor_counts_is_the_bodys_choice(how: Any, told: bool, counts: bool) -> None:
    a_person(email="ada@city.example")
    directory = replace(CITY, second_factor=how)

    said = assertion(has_second_factor=told)
    arrived = operations.arrive(directory=directory, assertion=said, actor=ByDirectory("city"), now=NOW)

    assert arrived.has_second_factor is counts


def _session(person: User, **fields: str) -> SignedIn:
    made: SignedIn = SignedIn.objects.create(
        person=person,
        store_key=f"{person.pk}-{fields.get('directory_session', '')}-{fields.get('how', '')}",
        device="Firefox",
        network="this computer",
        started_at=NOW,
        seen_at=NOW,
        proven_at=NOW,
        **({"how": "directory:city"} | fields),
    )
    return made


def test_the_directory_ends_one_session_or_all_of_a_person_but_only_those_begun_there() -> None:
    ada, bo = a_person(email="ada@city.example"), a_person(email="bo@city.example")
    arrive()
    arrive(subject="u-2", email="bo@city.example")
    first, second = _session(ada, directory_session="s-1"), _session(ada, directory_session="s-2")
    by_password, other = _session(ada, how="password"), _session(bo, directory_session="s-3")

    def ended() -> set[str]:
        return set(SignedIn.objects.exclude(ended_at=None).values_list("public_id", flat=True))

    def end(subject: str, session: str) -> int:
        return operations.end_by_directory(
            directory=CITY, issuer=ISSUER, subject=subject, session=session, actor=ByDirectory("city"), now=NOW
        )

    assert end("", "s-1") == 1
    assert ended() == {first.public_id}
    assert end("u-1", "s-3") == 0
    assert end("u-1", "") == 1
    assert ended() == {first.public_id, second.public_id}
    assert {by_password.public_id, other.public_id} & ended() == set()
    with pytest.raises(Refused):
        end("", "")


def test_a_directory_does_nothing_but_bring_people() -> None:
    from rostrum.areas.people.operations.acting import may
    from rostrum.areas.people.rules import Permission

    allowed = [one for one in Permission if may(ByDirectory("city"), one, NOW).allowed]

    assert allowed == [Permission.MANAGE_PEOPLE]


def test_a_person_who_signs_in_with_a_directory_may_have_a_password_too() -> None:
    ada = a_person(email="ada@city.example", password=PASSWORD)

    arrive()

    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
