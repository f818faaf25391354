"""A person leaves: access ends at that instant, what is owed on each channel, who confirms it, and when it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.jobs import access as access_jobs
from rostrum.areas.channels.jobs import separation as jobs
from rostrum.areas.channels.models import Channel, ReachedChannel, Separation
from rostrum.areas.channels.operations import handing_over
from rostrum.areas.channels.operations import log_in_tests as testing
from rostrum.areas.channels.operations import separation as operations
from rostrum.areas.channels.operations.handing_over import HandOver
from rostrum.areas.channels.queries import custody
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.rules.separation import BackupCodes
from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import ChannelGrant, RoleGrant, User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.areas.publishing import jobs as publishing_jobs
from rostrum.areas.publishing import operations as publishing
from rostrum.areas.publishing.rules import DraftState, Outcome
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, a_unit
from tests.publishing import a_scheduled_draft, a_submitted_draft, approved, speaks_on, work
from tests.rights import an_issued_right

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CHICAGO = ZoneInfo("America/Chicago")
# The Friday before a holiday weekend: Labor Day is Monday, September 7, 2026.
FRIDAY = datetime(2026, 9, 4, 16, 55, tzinfo=CHICAGO).astimezone(UTC)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def hr() -> User:
    return a_person(Role.HR, name="Hana HR", email="hr@example.gov")


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    return made


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    sent: list[tuple[str, str, str]] = []

    class Remembering:
        def send(self, to: str, subject: str, text: str) -> None:
            sent.append((to, subject, text))

    monkeypatch.setattr(jobs, "mailer", lambda *_: Remembering())
    return sent


def may_publish(staff: Staff, channel: Channel, at: datetime) -> bool:
    person = User.objects.get(pk=staff.spokesperson.pk)
    return people_queries.may(person, Permission.PUBLISH, unit=staff.unit, channel=channel.public_id, now=at).allowed


def separated(staff: Staff, hr: User, at: datetime = NOW, **more: str) -> Separation:
    return operations.separate_person(person=staff.spokesperson, actor=hr, now=at, **more)


def the_row() -> ReachedChannel:
    return ReachedChannel.objects.get()


def changed_log_in(channel: Channel, actor: User, at: datetime, token: str = "a-wholly-new-token-of-it") -> None:
    made = channels.deposit_credential(channel_id=channel.public_id, secret={"token": token}, actor=actor, now=at)
    testing.note_log_in_test(credential_id=made.public_id, trouble="", actor="system", now=at + timedelta(minutes=1))


GIVEN = HandOver(
    recovery_address="parks@wausau.example.gov",
    recovery_phone="none",
    second_factor="An authenticator on the coordinator's telephone",
    linked_applications="none",
    followers_export="Exported on the shared drive",
    contacts_export="none",
    backup_codes=BackupCodes.IN_CUSTODY,
)


def test_the_overview_of_log_ins_says_that_one_is_to_be_changed_because_somebody_left(
    staff: Staff, channel: Channel, hr: User
) -> None:
    before = custody.overview(now=NOW, owed=queries.changes_owed())
    assert [row.owed for row in before] == [None]

    separation = separated(staff, hr)

    [row] = custody.overview(now=NOW, owed=queries.changes_owed())
    assert row.owed == custody.ChangeOwed(separation.public_id, staff.spokesperson.name, NOW + 2 * DAY)
    assert not row.is_well
    changed_log_in(channel, staff.coordinator, NOW + SECOND)
    handing_over.confirm_rotation(
        reached_id=the_row().public_id, actor=staff.public_affairs, now=NOW + timedelta(minutes=5)
    )
    assert queries.changes_owed() == {}


# The instant


@pytest.mark.proves("person.separation-ends-access")
def test_at_the_instant_sign_in_roles_and_rights_end(staff: Staff, channel: Channel, hr: User) -> None:
    assert may_publish(staff, channel, FRIDAY - SECOND)

    separation = separated(staff, hr, FRIDAY)

    person = User.objects.get(pk=staff.spokesperson.pk)
    assert (person.is_active, person.left_at) == (False, FRIDAY)
    assert not may_publish(staff, channel, FRIDAY)
    ends = {*ChannelGrant.objects.filter(person=person).values_list("ends_at", flat=True)}
    ends |= {*RoleGrant.objects.filter(person=person).values_list("ends_at", flat=True)}
    assert ends == {separation.at} == {FRIDAY}
    event = Entry.objects.get(kind="channels.person-separated.v1").body
    assert event["channels"] == {channel.public_id: ["speak"]}
    assert event["left_at"] == event["ended_at"]


@pytest.mark.proves("person.separation-ends-access")
def test_a_planned_separation_ends_access_at_its_instant_even_without_a_worker(
    staff: Staff, channel: Channel, hr: User
) -> None:
    separation = operations.separate_person(person=staff.spokesperson, at=FRIDAY, actor=hr, now=FRIDAY - 14 * DAY)

    assert separation.state == "planned"
    assert may_publish(staff, channel, FRIDAY - SECOND)
    assert not may_publish(staff, channel, FRIDAY)
    jobs.carry_out({"separation": separation.public_id}, now=FRIDAY - SECOND)
    assert Separation.objects.get().state == "planned"

    # The worker comes three minutes late: what ends, ends at the instant all the same.
    for _ in range(2):
        jobs.carry_out({"separation": separation.public_id}, now=FRIDAY + timedelta(minutes=3))

    separation.refresh_from_db()
    assert (separation.state, separation.ended_at) == ("open", FRIDAY)
    assert {*ChannelGrant.objects.values_list("ends_at", flat=True)} == {FRIDAY}
    (duty,) = duties.open_duties(kind="channels.rotate-after-separation")
    assert duty.due_at == FRIDAY + timedelta(hours=48)


def test_the_safety_net_carries_out_what_a_lost_job_did_not(staff: Staff, channel: Channel, hr: User) -> None:
    operations.separate_person(person=staff.spokesperson, at=FRIDAY, actor=hr, now=FRIDAY - DAY)
    assert not queries.has_work(FRIDAY - SECOND)
    assert queries.has_work(FRIDAY)

    jobs.tend_separations({}, now=FRIDAY + DAY)

    assert Separation.objects.get().ended_at == FRIDAY
    assert not queries.has_work(FRIDAY + DAY)


def test_a_leaving_that_is_reported_late_is_dated_when_it_was_and_ends_access_now(
    staff: Staff, channel: Channel, hr: User
) -> None:
    separation = operations.separate_person(person=staff.spokesperson, at=FRIDAY, actor=hr, now=FRIDAY + 4 * DAY)

    assert (separation.at, separation.ended_at) == (FRIDAY, FRIDAY + 4 * DAY)
    assert User.objects.get(pk=staff.spokesperson.pk).left_at == FRIDAY + 4 * DAY
    (duty,) = duties.open_duties(kind="channels.rotate-after-separation")
    # The clock ran since Friday.
    assert duty in duties.overdue(FRIDAY + 4 * DAY)
    with pytest.raises(Refused) as refusal:
        operations.separate_person(person=staff.head, at=FRIDAY - 90 * DAY, actor=hr, now=FRIDAY)
    assert codes(refusal) == ["too-long-ago"]


def test_who_is_separated_is_not_separated_again(staff: Staff, channel: Channel, hr: User) -> None:
    planned = operations.separate_person(person=staff.spokesperson, at=FRIDAY + DAY, actor=hr, now=FRIDAY)
    with pytest.raises(Refused) as twice:
        separated(staff, hr, FRIDAY)
    assert codes(twice) == ["planned-already"]
    jobs.carry_out({"separation": planned.public_id}, now=FRIDAY + DAY)
    with pytest.raises(Refused) as again:
        separated(staff, hr, FRIDAY + 2 * DAY)
    assert codes(again) == ["separated-already"]
    assert again.value.reasons[0].clause == "WAU-own-04b"


def test_nobody_separates_themselves_and_only_hr_or_the_coordinator_does(staff: Staff, hr: User) -> None:
    for actor in (staff.head, staff.public_affairs, a_person(Role.AUDITOR)):
        with pytest.raises(Refused) as refusal:
            operations.separate_person(person=staff.spokesperson, actor=actor, now=NOW)
        assert codes(refusal) == ["no-role"]
    with pytest.raises(Refused) as own:
        operations.separate_person(person=hr, actor=hr, now=NOW)
    assert codes(own) == ["own-separation"]
    found = operations.separate_person(person=staff.spokesperson, actor=staff.coordinator, now=NOW)
    asked = queries.may_ask(found, actor=staff.spokesperson, now=NOW)
    assert [reason.code for reason in asked.against] == ["own-separation"]


def test_whoever_leaves_confirms_nothing_about_it(staff: Staff, hr: User, channel: Channel) -> None:
    separated(staff, hr)
    tended = queries.may_tend(the_row(), actor=staff.spokesperson, now=NOW)
    assert "own-separation" in [reason.code for reason in tended.against]


def test_a_planned_separation_is_rescinded_before_its_instant_only(staff: Staff, channel: Channel, hr: User) -> None:
    planned = operations.separate_person(person=staff.spokesperson, at=FRIDAY, actor=hr, now=FRIDAY - DAY)

    operations.rescind_separation(separation_id=planned.public_id, actor=hr, now=FRIDAY - SECOND)

    assert may_publish(staff, channel, FRIDAY + DAY)
    assert not Duty.objects.filter(closed_at=None, kind__startswith="channels.hand").exists()
    assert not duties.open_duties(owner=staff.spokesperson, kind="channels.surrender-log-in").exists()
    jobs.carry_out({"separation": planned.public_id}, now=FRIDAY)
    assert may_publish(staff, channel, FRIDAY + DAY)
    again = operations.separate_person(person=staff.spokesperson, at=FRIDAY + DAY, actor=hr, now=FRIDAY)
    with pytest.raises(Refused) as late:
        operations.rescind_separation(separation_id=again.public_id, actor=hr, now=FRIDAY + DAY)
    assert codes(late) == ["time-passed"]


@pytest.mark.proves("person.separation-ends-access")
def test_later_attempts_are_refused_counted_and_reported(
    staff: Staff, channel: Channel, hr: User, mails: list[tuple[str, str, str]]
) -> None:
    separation = separated(staff, hr, FRIDAY)
    person = User.objects.get(pk=staff.spokesperson.pk)

    for minutes in (10, 20, 30):
        people.note_refused_attempt(
            person=person, way="sign-in", actor=people.SYSTEM, now=FRIDAY + timedelta(minutes=minutes)
        )
    people.note_refused_attempt(person=person, way="sign-in", actor=people.SYSTEM, now=FRIDAY + DAY)

    assert [attempt.count for attempt in queries.attempts_since(separation)] == [1, 3]
    reported = Entry.objects.filter(kind="people.attempt-refused.v1")
    assert reported.count() == 2
    jobs.report_attempt({"entry": reported[0].public_id}, now=FRIDAY + DAY)
    assert {to for to, _, _ in mails} == {hr.email, staff.coordinator.email, staff.head.email}
    assert all("tried to get in after leaving" in subject for _, subject, _ in mails)


@pytest.mark.proves("person.engagement-end")
def test_an_agents_access_ends_with_the_engagement_and_a_separation_begins(
    staff: Staff, channel: Channel, hr: User
) -> None:
    User.objects.filter(pk=staff.spokesperson.pk).update(employment_class="contractor", engagement_ends_at=FRIDAY)

    assert may_publish(staff, channel, FRIDAY - SECOND)
    assert not may_publish(staff, channel, FRIDAY)
    jobs.tend_separations({}, now=FRIDAY + timedelta(minutes=1))

    separation = Separation.objects.get()
    assert (separation.at, separation.ended_at, separation.started_by) == (FRIDAY, FRIDAY, None)
    assert {*ChannelGrant.objects.values_list("ends_at", flat=True)} == {FRIDAY}
    assert duties.open_duties(kind="channels.rotate-after-separation").count() == 1


# Forty-eight hours by the wall clock


@pytest.mark.proves("custody.rotation-after-separation")
@pytest.mark.parametrize(
    ("left_at", "due_at"),
    [
        ("2026-09-04 16:55", "2026-09-06 16:55"),  # Labor Day weekend: no hour is given for the holiday
        ("2026-03-06 16:55", "2026-03-08 17:55"),  # an hour is skipped on Sunday at two
        ("2026-10-30 16:55", "2026-11-01 15:55"),  # an hour is repeated on Sunday at two
        ("2028-02-28 09:00", "2028-03-01 09:00"),  # over a leap day
        ("2026-12-30 23:30", "2027-01-01 23:30"),  # over the end of a year
        ("2026-11-25 16:55", "2026-11-27 16:55"),  # over Thanksgiving
    ],
)
def test_log_ins_are_due_forty_eight_hours_after_whatever_the_calendar_says(
    staff: Staff, channel: Channel, hr: User, left_at: str, due_at: str
) -> None:
    at = datetime.fromisoformat(left_at).replace(tzinfo=CHICAGO).astimezone(UTC)
    ChannelGrant.objects.update(starts_at=at - 400 * DAY)

    separated(staff, hr, at)

    (duty,) = duties.open_duties(kind="channels.rotate-after-separation")
    assert duty.due_at is not None
    assert duty.due_at.astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M") == due_at
    assert (duty.owner_role, duty.clause, duty.clock) == ("social_media_coordinator", "WAU-own-04c", "PT48H")


@pytest.mark.proves("custody.rotation-after-separation")
def test_only_a_newly_deposited_tested_log_in_confirmed_by_another_closes_the_rotation(
    staff: Staff, channel: Channel, hr: User
) -> None:
    separated(staff, hr)
    row = the_row()

    def confirm(actor: User, at: datetime) -> ReachedChannel:
        return handing_over.confirm_rotation(reached_id=row.public_id, actor=actor, now=at)

    with pytest.raises(Refused) as unchanged:
        confirm(staff.public_affairs, NOW + DAY)
    assert (codes(unchanged), unchanged.value.reasons[0].clause) == (["not-changed"], "WAU-own-04c")

    made = channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": "brand-new"}, actor=staff.coordinator, now=NOW + DAY
    )
    with pytest.raises(Refused) as untested:
        confirm(staff.public_affairs, NOW + DAY)
    assert codes(untested) == ["not-tested"]
    testing.note_log_in_test(credential_id=made.public_id, trouble="", actor="system", now=NOW + DAY)
    with pytest.raises(Refused) as own:
        confirm(staff.coordinator, NOW + DAY)
    assert codes(own) == ["own-change"]
    for actor in (staff.spokesperson, hr):
        with pytest.raises(Refused):
            confirm(actor, NOW + DAY)
    assert duties.open_duties(kind="channels.rotate-after-separation").count() == 1

    confirm(staff.public_affairs, NOW + DAY)

    duty = Duty.objects.get(kind="channels.rotate-after-separation")
    assert (duty.evidence, duty.closed_at) == (made.public_id, NOW + DAY)
    assert Entry.objects.get(kind="channels.rotation-confirmed.v1").body["was_late"] is False
    with pytest.raises(Refused) as twice:
        confirm(staff.public_affairs, NOW + DAY)
    assert codes(twice) == ["confirmed"]


def test_what_a_person_knows_of_a_log_in_counts_as_reach(staff: Staff, channel: Channel, hr: User) -> None:
    """A right that ended last month, a deposit, an opening: the password did not change for that."""
    coordinator = a_person(Role.COORDINATOR)
    ended = a_person(unit=staff.unit)
    ChannelGrant.objects.create(
        person=ended,
        channel=channel.public_id,
        right=Right.CREDENTIAL.value,
        starts_at=NOW - 90 * DAY,
        ends_at=NOW + 30 * DAY,
    )

    def ways(person: User, at: datetime) -> list[list[str]]:
        return list(queries.reached_by(person, now=at).values())

    assert ways(staff.spokesperson, NOW) == [["speak"]]
    assert ways(staff.coordinator, NOW) == [["deposited"]]
    assert ways(staff.head, NOW) == [["opened"]]
    assert ways(ended, NOW + 60 * DAY) == [["knew"]]
    assert ways(a_person(), NOW) == []
    changed_log_in(channel, coordinator, NOW + 70 * DAY)
    assert ways(ended, NOW + 80 * DAY) == []
    assert ways(staff.coordinator, NOW + 80 * DAY) == []


def test_a_channel_that_is_suspended_or_paused_is_within_reach_all_the_same(staff: Staff, channel: Channel) -> None:
    for state in ("paused", "suspended"):
        Channel.objects.update(state=state)
        assert list(queries.reached_by(staff.spokesperson, now=NOW)) == [channel]
    Channel.objects.update(state="closed")
    assert queries.reached_by(staff.spokesperson, now=NOW) == {}


def test_what_is_owed_on_a_channel_is_owed_for_its_department(staff: Staff, channel: Channel, hr: User) -> None:
    """So that it escalates to the head of the department whose channel it is."""
    separated(staff, hr)
    owed = Duty.objects.filter(subject=the_row().public_id)
    assert owed.count() == 4
    assert {one.unit for one in owed} == {channel.unit.public_id}


@pytest.mark.proves("person.separation-ends-access")
def test_roles_are_not_removed_while_the_platforms_own_list_names_the_person(
    staff: Staff, square: Square, channel: Channel, hr: User
) -> None:
    administrators = [{"name": staff.spokesperson.name, "login": staff.spokesperson.email, "role": "admin"}]
    square.store.set_access(square.handle, administrators, [])
    separated(staff, hr)
    entry = Entry.objects.get(kind="channels.person-separated.v1")

    def confirm() -> ReachedChannel:
        return handing_over.confirm_roles_removed(
            reached_id=the_row().public_id, note="Removed, I think", actor=staff.coordinator, now=NOW + DAY
        )

    # Asked at once, not at the next of the monthly looks.
    access_jobs.read_access_of_leaver({"entry": entry.public_id}, now=NOW)
    with pytest.raises(Refused) as listed:
        confirm()
    assert (codes(listed), listed.value.reasons[0].clause) == (["still-listed"], "WAU-own-04b")
    assert Duty.objects.filter(
        kind="channels.answer-administrator", title__endswith="Sam Spokesperson has left"
    ).exists()

    square.store.set_access(square.handle, [], [])
    access_jobs.read_access_of_leaver({"entry": entry.public_id}, now=NOW)
    assert confirm().roles_removed_at == NOW + DAY


# Before a planned separation


@pytest.mark.proves("custody.surrender-before-separation")
def test_before_leaving_each_log_in_is_handed_in_by_deposit_and_a_test(
    staff: Staff, channel: Channel, hr: User
) -> None:
    operations.separate_person(person=staff.spokesperson, at=NOW + 14 * DAY, actor=hr, now=NOW + DAY)
    (duty,) = duties.open_duties(owner=staff.spokesperson, kind="channels.surrender-log-in")
    assert (duty.due_at, duty.clause) == (NOW + 14 * DAY, "WAU-own-05b")

    credential = channel.credentials.get(replaced_at=None)
    testing.note_log_in_test(
        credential_id=credential.public_id, trouble="lost_token", actor="system", now=NOW + 2 * DAY
    )
    assert handing_over.note_surrender(reached_id=the_row().public_id, actor="system", now=NOW + 2 * DAY) is None
    testing.note_log_in_test(credential_id=credential.public_id, trouble="", actor="system", now=NOW + 3 * DAY)
    entry = Entry.objects.filter(kind="channels.credential-tested.v1").latest("pk")
    for _ in range(2):
        jobs.note_surrender({"entry": entry.public_id}, now=NOW + 3 * DAY)

    assert the_row().surrendered_at == NOW + 3 * DAY
    assert Duty.objects.get(kind="channels.surrender-log-in").evidence == credential.public_id


@pytest.mark.proves("custody.transition-duty")
def test_the_leaver_helps_before_and_after_without_reaching_a_channel(
    staff: Staff, channel: Channel, hr: User, mails: list[tuple[str, str, str]]
) -> None:
    planned = operations.separate_person(
        person=staff.spokesperson,
        at=FRIDAY,
        contact="sam@home.example",
        origin="https://social.example.gov",
        actor=hr,
        now=FRIDAY - 7 * DAY,
    )
    first = planned.tasks.get()
    (duty,) = duties.open_duties(owner=staff.spokesperson, kind="channels.help-with-transition")
    assert duty.clause == "WAU-own-05c"
    with pytest.raises(Refused):
        handing_over.answer_task(task_id=first.public_id, answer="x", actor=a_person(), now=FRIDAY - DAY)
    handing_over.answer_task(
        task_id=first.public_id, answer="The pool season is planned.", actor=staff.spokesperson, now=FRIDAY - DAY
    )
    later = operations.assign_task(
        separation_id=planned.public_id,
        what="Where are the photos?",
        due_at=FRIDAY + 7 * DAY,
        actor=staff.coordinator,
        now=FRIDAY - DAY,
    )
    jobs.carry_out({"separation": planned.public_id}, now=FRIDAY)
    assert duties.open_duties(owner=staff.spokesperson).count() == 0
    assert [one.owner_role for one in duties.open_duties(subject=later.public_id)] == ["social_media_coordinator"]

    jobs.tell({"separation": planned.public_id, "what": "asked"}, now=FRIDAY)
    ((to, _, text),) = mails
    planned.refresh_from_db()
    token = queries.link_of(planned)
    assert to == "sam@home.example"
    assert f"https://social.example.gov/leaving/{token}/" in text
    answer = {"task_id": later.public_id, "answer": "On the shared drive.", "actor": "public", "now": FRIDAY + DAY}
    with pytest.raises(InvalidInput):
        handing_over.answer_task_by_link(token=f"{planned.public_id}:forged", **answer)
    handing_over.answer_task_by_link(token=token, **answer)
    later.refresh_from_db()
    assert (later.answer, later.answered_how) == ("On the shared drive.", "link")
    assert not duties.open_duties(subject=later.public_id).exists()
    with pytest.raises(Refused) as twice:
        handing_over.answer_task_by_link(token=token, **answer)
    assert codes(twice) == ["answered"]
    assert "shared drive" not in "".join(Entry.objects.values_list("body_text", flat=True))


@pytest.mark.proves("custody.hand-over-form")
def test_a_hand_over_says_everything_needed_and_is_confirmed_by_another(
    staff: Staff, channel: Channel, hr: User
) -> None:
    operations.separate_person(person=staff.spokesperson, at=NOW + 5 * DAY, actor=hr, now=NOW)
    row = the_row()

    def give(actor: User, **changed: str) -> None:
        given = HandOver(**({name: getattr(GIVEN, name) for name in HandOver.__slots__} | changed))
        handing_over.give_hand_over(reached_id=row.public_id, given=given, actor=actor, now=NOW + DAY)

    with pytest.raises(Refused) as bare:
        give(staff.spokesperson, recovery_phone=" ", followers_export="")
    assert (codes(bare), {reason.clause for reason in bare.value.reasons}) == (["missing"] * 2, {"WAU-own-05d"})
    with pytest.raises(Refused):
        give(a_person())
    with pytest.raises(Refused) as not_given:
        handing_over.confirm_hand_over(reached_id=row.public_id, actor=staff.coordinator, now=NOW + DAY)
    assert codes(not_given) == ["not-given"]
    give(staff.spokesperson)
    assert not duties.open_duties(kind="channels.hand-over").exists()
    with pytest.raises(Refused) as own:
        handing_over.confirm_hand_over(reached_id=row.public_id, actor=staff.spokesperson, now=NOW + DAY)
    assert "own-hand-over" in codes(own)
    handing_over.confirm_hand_over(reached_id=row.public_id, actor=staff.coordinator, now=NOW + DAY)
    with pytest.raises(Refused) as confirmed:
        give(staff.spokesperson)
    assert codes(confirmed) == ["confirmed"]


# Closing


@pytest.mark.proves("custody.continuity")
def test_a_separation_closes_only_when_every_channel_has_a_new_holder_and_nothing_is_open(
    staff: Staff, channel: Channel, hr: User
) -> None:
    separation = separated(staff, hr)
    row = the_row()

    def close() -> Separation:
        return operations.close_separation(separation_id=separation.public_id, actor=hr, now=NOW + 2 * DAY)

    with pytest.raises(Refused) as everything:
        close()
    assert codes(everything) == ["not-rotated", "roles-not-removed", "no-hand-over", "no-new-holder", "open-tasks"]
    assert "WAU-own-05a" in {reason.clause for reason in everything.value.reasons}

    changed_log_in(channel, staff.coordinator, NOW + DAY)
    handing_over.confirm_rotation(reached_id=row.public_id, actor=staff.public_affairs, now=NOW + DAY)
    with pytest.raises(Refused) as no_note:
        handing_over.confirm_roles_removed(reached_id=row.public_id, note="", actor=staff.coordinator, now=NOW + DAY)
    assert codes(no_note) == ["no-note"]
    handing_over.confirm_roles_removed(
        reached_id=row.public_id, note="Removed as editor", actor=staff.coordinator, now=NOW + DAY
    )
    handing_over.give_hand_over(reached_id=row.public_id, given=GIVEN, actor=staff.coordinator, now=NOW + DAY)
    handing_over.confirm_hand_over(reached_id=row.public_id, actor=staff.head, now=NOW + DAY)
    task = separation.tasks.get()
    handing_over.answer_task(task_id=task.public_id, answer="By telephone: nothing.", actor=hr, now=NOW + DAY)
    with pytest.raises(Refused) as holder_only:
        close()
    assert codes(holder_only) == ["no-new-holder"]

    next_one = a_person(unit=staff.unit, name="Next Person")
    for holder, code in ((next_one, "holds-no-right"), (staff.spokesperson, "is-the-leaver")):
        with pytest.raises(Refused) as refusal:
            handing_over.name_holder(reached_id=row.public_id, holder=holder, actor=staff.head, now=NOW + DAY)
        assert codes(refusal) == [code]
    an_issued_right(staff, channel, person=next_one, actor=staff.head)
    handing_over.name_holder(reached_id=row.public_id, holder=next_one, actor=staff.head, now=NOW + DAY)

    closed = close()

    assert (closed.state, closed.closed_by) == ("closed", hr)
    theirs = Duty.objects.filter(subject__in=[row.public_id, separation.public_id, task.public_id], closed_at=None)
    assert not theirs.exists()
    assert Entry.objects.get(kind="channels.separation-closed.v1").body["holders"] == {
        channel.public_id: next_one.public_id
    }


def test_somebody_who_reaches_no_channel_leaves_with_the_transition_question_only(staff: Staff, hr: User) -> None:
    clerk = a_person(unit=staff.unit)

    separation = operations.separate_person(person=clerk, actor=hr, now=NOW)

    assert not separation.channels.exists()
    task = separation.tasks.get()
    handing_over.answer_task(task_id=task.public_id, answer="Nothing.", actor=hr, now=NOW)
    operations.close_separation(separation_id=separation.public_id, actor=hr, now=NOW)


# Who sees and hears of it


def test_it_concerns_hr_the_coordinator_it_and_the_heads_involved(
    staff: Staff, channel: Channel, hr: User, mails: list[tuple[str, str, str]]
) -> None:
    it = a_person(Role.IT_DIRECTOR, email="it@example.gov")
    police = a_unit("police", "Police")
    other_head = a_person(Role.DEPARTMENT_HEAD, over=police)
    separation = separated(staff, hr, FRIDAY)

    jobs.tell({"separation": separation.public_id, "what": "separated"}, now=FRIDAY)

    assert {to for to, _, _ in mails} == {hr.email, it.email, staff.coordinator.email, staff.head.email}
    assert "Sunday, September 06, 2026, 16:55 CDT" in mails[0][1]
    assert channel.name in mails[0][2]
    assert list(queries.visible_separations(staff.head, now=FRIDAY)) == [separation]
    assert list(queries.visible_separations(other_head, now=FRIDAY)) == []
    assert list(queries.visible_separations(a_person(), now=FRIDAY)) == []


# Their posts


def test_scheduled_posts_of_who_left_wait_for_a_second_person(
    staff: Staff, square: Square, channel: Channel, hr: User
) -> None:
    speaks_on(staff.head, channel)
    draft, publications = a_scheduled_draft(staff, channel, publish_at=NOW + 2 * DAY)
    other = approved(staff, a_submitted_draft(staff, channel, text="Not scheduled yet."))
    separated(staff, hr, NOW + DAY)
    entry = Entry.objects.get(kind="channels.person-separated.v1")

    for _ in range(2):
        publishing_jobs.hold_leavers_posts({"entry": entry.public_id}, now=NOW + DAY)

    draft.refresh_from_db()
    publications[0].refresh_from_db()
    assert (draft.state, publications[0].outcome) == (DraftState.APPROVED, Outcome.CANCELLED)
    waiting = duties.open_duties(kind="publishing.decide-leavers-post")
    assert {duty.subject for duty in waiting} == {draft.public_id, other.public_id}
    assert {(duty.owner_role, duty.unit) for duty in waiting} == {("department_head", staff.unit.public_id)}
    work(publications, now=NOW + 3 * DAY)
    assert square.posts() == []

    again = publishing.schedule_publication(draft_id=draft.public_id, actor=staff.head, now=NOW + DAY)
    publishing.return_draft(draft_id=other.public_id, note="Out of date", actor=staff.head, now=NOW + DAY)

    assert not duties.open_duties(kind="publishing.decide-leavers-post").exists()
    work(again, now=NOW + 2 * DAY)
    assert len(square.posts()) == 1
    assert again[0].scheduled_by == staff.head
