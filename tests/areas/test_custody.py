"""Log-ins in custody: deposited, changed in time, tested, seen by two persons, sealed again; and emergencies."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from rostrum.areas.channels import custody, operations, queries
from rostrum.areas.channels.jobs import custody as jobs
from rostrum.areas.channels.models import ChangeReport, Channel, Credential, EmergencyRight, LogInDisclosure, SecretMark
from rostrum.areas.channels.operations.custody import CHANGE_DUTY, deny_change, deposit_credential, report_change
from rostrum.areas.channels.operations.emergency import (
    REVIEW_DUTY,
    end_emergency,
    review_emergency,
    take_emergency_right,
)
from rostrum.areas.channels.operations.log_in_disclosure import (
    ROTATE_DUTY,
    confirm_disclosure,
    decline_disclosure,
    request_disclosure,
    show_disclosure,
)
from rostrum.areas.channels.operations.log_in_tests import ask_log_in_test, attest_log_in, show_one_time_code
from rostrum.areas.channels.operations.rekeying import drop_custody_key, make_custody_key, reseal_credentials
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.channels.queries.emergency import running_on
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import ChannelGrant, RoleGrant, User
from rostrum.areas.people.rules import Role
from rostrum.connectors.keystore.vault import VaultPlace
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.one_time_codes import code_at, read_seed
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff, an_opened_channel
from tests.people import a_person
from tests.simulators.misbehaving import failing, lost_token, unreachable
from tests.simulators.vault import VaultServer

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FIRST, SECOND, THIRD = "the first long password", "another quite long one", "a third that is long too"


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {reason.clause for reason in refusal.value.reasons}


def entry(kind: str) -> Entry:
    return Entry.objects.filter(kind=f"channels.{kind}.v1").latest("pk")


def a_facebook_channel(staff: Staff, **overrides: Any) -> Channel:
    """A channel on a platform that no connector serves, its log-in in custody since NOW."""
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks", **overrides)
    deposit(channel, staff.coordinator, {"login": "parks-page", "password": FIRST})
    return channel


def deposit(channel: Channel, actor: User, secret: dict[str, str], now: datetime = NOW, **more: Any) -> Credential:
    return deposit_credential(channel_id=channel.public_id, secret=secret, actor=actor, now=now, **more)


def opened(channel: Channel) -> dict[str, str]:
    credential = queries.credential_in_force(channel)
    assert credential is not None
    return reads.open_secret(channel, credential)


# Deposits


def test_a_log_in_has_every_part_that_a_platform_gives(staff: Staff) -> None:
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    secret = {
        "login": "parks-page",
        "password": FIRST,
        "recovery_codes": " 1111-2222 \n\n3333-4444\n",
        "totp_seed": SEED,
        "api_token": "EAAB-token",
    }
    credential = deposit(channel, staff.coordinator, secret)
    assert opened(channel) == secret | {"recovery_codes": "1111-2222\n3333-4444"}
    assert set(credential.parts) == set(secret)
    assert entry("credential-deposited").body["changed"] == sorted(secret)
    assert SecretMark.objects.filter(credential=credential).count() == 5


def test_what_is_left_empty_stays_and_what_is_no_longer_used_goes(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    deposit(channel, staff.coordinator, {"recovery_codes": "1111-2222", "totp_seed": SEED}, now=NOW)
    later = NOW + timedelta(days=1)
    credential = deposit(
        channel, staff.coordinator, {"password": SECOND}, now=later, changed_at=later, dropped=["recovery_codes"]
    )
    assert opened(channel) == {"login": "parks-page", "password": SECOND, "totp_seed": SEED}
    since = {name: datetime.fromisoformat(at) for name, at in credential.parts.items()}
    assert since == {"login": NOW, "password": later, "totp_seed": NOW}
    body = entry("credential-deposited").body
    assert (body["changed"], body["dropped"]) == (["password"], ["recovery_codes"])


@pytest.mark.parametrize(
    ("secret", "dropped", "where"),
    [
        ({"unknown": "x"}, [], "unknown"),
        ({"totp_seed": "not a seed!"}, [], "totp_seed"),
        ({}, ["password"], "dropped"),
        ({"api_token": "x"}, ["api_token"], "dropped"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    staff: Staff, secret: dict[str, str], dropped: list[str], where: str
) -> None:
    channel = a_facebook_channel(staff)
    with pytest.raises(InvalidInput) as problem:
        deposit(channel, staff.coordinator, secret, dropped=dropped)
    assert problem.value.where == where


def test_a_deposit_without_anything_new_is_refused(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, {"password": "", "login": " "})
    assert codes(refusal) == ["nothing-new"]


def test_a_password_made_of_the_channels_name_is_refused_and_not_quoted(staff: Staff) -> None:
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, {"login": "page", "password": "W4us4uP4rks2026!"})
    assert codes(refusal) == ["weak-secret"]
    assert "W4us" not in str(refusal.value)
    assert not Credential.objects.exists()


def test_two_deposits_at_once_do_not_overwrite_each_other(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = a_facebook_channel(staff)
    prepare = operations.custody._prepare  # type: ignore[attr-defined]

    def overtaken(*arguments: Any) -> Any:
        prepared = prepare(*arguments)
        monkeypatch.setattr(operations.custody, "_prepare", prepare)  # type: ignore[attr-defined]
        deposit(channel, staff.coordinator, {"password": SECOND})
        return prepared

    monkeypatch.setattr(operations.custody, "_prepare", overtaken)  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, {"password": THIRD})
    assert codes(refusal) == ["changed-meanwhile"]
    assert opened(channel)["password"] == SECOND


@pytest.mark.proves("custody.separate-id")
@pytest.mark.parametrize("login", ["{email}", "{EMAIL}", "{local}"])
def test_somebodys_work_log_in_needs_a_reason_which_is_kept(login: str) -> None:
    a_body("wi-best-practices", "wausau-city")
    staff = a_staff()
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    email = staff.head.email
    name = login.format(email=email, EMAIL=email.upper(), local=email.partition("@")[0])
    secret = {"login": name, "password": FIRST}
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, secret)
    assert codes(refusal) == ["work-log-in"]
    assert clauses(refusal) == {"BP-5-02"}
    assert staff.head.name in str(refusal.value)

    credential = deposit(channel, staff.coordinator, secret, why_shared="The platform knows only persons.")
    assert (credential.shared_with_work, credential.why_shared) == ("name", "The platform knows only persons.")
    assert entry("credential-deposited").body["resembles_work"] == "name"


@pytest.mark.proves("custody.separate-id")
def test_ones_own_sign_in_password_needs_a_reason_and_is_compared_by_its_hash_only() -> None:
    a_body("wi-best-practices", "wausau-city")
    staff = a_staff()
    holder = a_person(Role.COORDINATOR, password=FIRST)
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    with pytest.raises(Refused) as refusal:
        deposit(channel, holder, {"login": "parks-page", "password": FIRST})
    assert codes(refusal) == ["work-log-in"]
    assert deposit(channel, holder, {"login": "parks-page", "password": SECOND}).shared_with_work == ""


def test_a_secret_written_into_the_reason_is_refused(staff: Staff) -> None:
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    with pytest.raises(InvalidInput) as problem:
        deposit(channel, staff.coordinator, {"login": "x", "password": FIRST}, why_shared=f"It is {FIRST}")
    assert problem.value.where == "why_shared"


def test_who_may_not_deposit_learns_nothing_about_keys(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    (Path(settings.KEYS_FOLDER) / custody.KEY_NAME).unlink()
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.public_affairs, {"password": SECOND})
    assert codes(refusal) == ["no-role"]


# The clock of changes


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        # Clocks go back at 2:00 on Nov. 1, 2026: 24 hours later it is an hour earlier on the wall.
        (datetime(2026, 10, 31, 18, 0, tzinfo=CENTRAL), datetime(2026, 11, 1, 17, 0, tzinfo=CENTRAL)),
        (datetime(2026, 11, 1, 1, 30, tzinfo=CENTRAL, fold=0), datetime(2026, 11, 2, 0, 30, tzinfo=CENTRAL)),
        (datetime(2026, 11, 1, 1, 30, tzinfo=CENTRAL, fold=1), datetime(2026, 11, 2, 1, 30, tzinfo=CENTRAL)),
        # Clocks go forward at 2:00 on Mar. 14, 2027.
        (datetime(2027, 3, 13, 18, 0, tzinfo=CENTRAL), datetime(2027, 3, 14, 19, 0, tzinfo=CENTRAL)),
        # A leap day, a year's end, and a holiday: neither gives time.
        (datetime(2028, 2, 28, 9, 0, tzinfo=CENTRAL), datetime(2028, 2, 29, 9, 0, tzinfo=CENTRAL)),
        (datetime(2028, 2, 29, 9, 0, tzinfo=CENTRAL), datetime(2028, 3, 1, 9, 0, tzinfo=CENTRAL)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=CENTRAL), datetime(2027, 1, 1, 23, 59, 59, tzinfo=CENTRAL)),
        (datetime(2026, 12, 24, 16, 55, tzinfo=CENTRAL), datetime(2026, 12, 25, 16, 55, tzinfo=CENTRAL)),
    ],
)
@pytest.mark.parametrize(("after", "late"), [(timedelta(0), False), (timedelta(seconds=1), True)])
@pytest.mark.proves("custody.change-recorded")
def test_a_change_is_recorded_within_24_hours_or_marked_late(
    changed: datetime, due: datetime, after: timedelta, late: bool
) -> None:
    a_body()
    staff = a_staff()
    begun = datetime(2026, 9, 1, tzinfo=UTC)
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    deposit(channel, staff.coordinator, {"login": "parks-page", "password": FIRST}, now=begun)

    recorded = due.astimezone(UTC) + after
    credential = deposit(channel, staff.head, {"password": SECOND}, now=recorded, changed_at=changed.astimezone(UTC))

    assert credential.due_at == due
    assert credential.was_late is late
    body = entry("credential-deposited").body
    # In UTC: an hour that comes twice equals nothing in another zone (PEP 495).
    assert (body["was_late"], datetime.fromisoformat(str(body["changed_at"]))) == (late, changed.astimezone(UTC))
    told = Job.objects.filter(kind="mail.send", args__to=staff.coordinator.email)
    assert [job.args["subject"] for job in told] == (["Recorded late: the log-in of Wausau Parks"] if late else [])


def test_the_first_deposit_owes_no_change_and_is_never_late_as_one(staff: Staff) -> None:
    credential = queries.credential_in_force(a_facebook_channel(staff))
    assert credential is not None
    assert (credential.due_at, credential.was_late) == (None, False)


@pytest.mark.proves("custody.change-recorded")
def test_a_reported_change_is_owed_until_the_deposit_that_closes_it(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    changed = NOW + timedelta(hours=3)
    report = report_change(
        channel_id=channel.public_id, changed_at=changed, actor=staff.head, now=changed + timedelta(hours=1)
    )
    duty = Duty.objects.get(kind=CHANGE_DUTY)
    assert (duty.due_at, duty.clause, duty.owner) == (changed + timedelta(hours=24), "WAU-own-02d", staff.head)
    with pytest.raises(Refused) as refusal:
        report_change(channel_id=channel.public_id, changed_at=changed, actor=staff.head, now=changed)
    assert codes(refusal) == ["reported-already"]

    # A later time stated at the deposit does not put off what was reported first.
    recorded = changed + timedelta(hours=25)
    credential = deposit(channel, staff.head, {"password": SECOND}, now=recorded, changed_at=recorded)

    assert credential.was_late
    assert (credential.changed_at, credential.due_at) == (changed, changed + timedelta(hours=24))
    duty.refresh_from_db()
    report.refresh_from_db()
    assert (duty.evidence, report.recorded_by, report.closed_at) == (credential.public_id, credential, recorded)


def test_a_change_that_was_none_is_denied_with_its_reason(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    report_change(channel_id=channel.public_id, changed_at=NOW, actor=staff.head, now=NOW)
    with pytest.raises(Refused) as refusal:
        deny_change(channel_id=channel.public_id, reason=" ", actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-reason"]
    deny_change(channel_id=channel.public_id, reason="I signed in with it.", actor=staff.head, now=NOW)
    assert not Duty.objects.filter(kind=CHANGE_DUTY, closed_at=None).exists()
    assert entry("change-denied").body["reason"] == "I signed in with it."
    with pytest.raises(Refused) as refusal:
        deny_change(channel_id=channel.public_id, reason="Again", actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-open-change"]


@pytest.mark.proves("custody.change-recorded")
def test_a_log_in_the_platform_no_longer_takes_owes_word_of_a_change(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    lost = NOW + timedelta(hours=2)
    operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=lost)
    told = Job.objects.get(kind="channels.notice-change")
    for _ in range(2):
        jobs.notice_change(told.args, now=lost + timedelta(seconds=1))
    report = ChangeReport.objects.get()
    assert (report.changed_at, report.reported_by) == (lost, None)
    assert Duty.objects.get(kind=CHANGE_DUTY).due_at == lost + timedelta(hours=24)

    # It works again with the same log-in: nothing had been changed.
    operations.note_connection(channel_id=channel.public_id, trouble="", actor="system", now=lost + timedelta(hours=1))
    jobs.notice_no_change(Job.objects.get(kind="channels.notice-no-change").args, now=lost + timedelta(hours=1))
    report.refresh_from_db()
    assert report.unchanged_reason == "The platform takes the log-in again."
    assert not Duty.objects.filter(kind=CHANGE_DUTY, closed_at=None).exists()


def test_other_troubles_of_a_platform_are_no_change(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    operations.note_connection(channel_id=channel.public_id, trouble="platform_error", actor="system", now=NOW)
    jobs.notice_change(Job.objects.get(kind="channels.notice-change").args, now=NOW)
    assert not ChangeReport.objects.exists()


# Tests of a log-in


def test_a_deposited_log_in_is_signed_in_with_by_the_worker(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    jobs.test_log_in(Job.objects.get(kind="channels.test-log-in").args, now=NOW)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    assert credential.tested_at is not None
    assert (credential.tested_how, credential.tested_by, credential.failure) == ("connector", None, "")
    assert entry("credential-tested").body["how"] == "connector"
    channel.refresh_from_db()
    assert channel.last_connected_at is not None


def test_a_log_in_the_platform_does_not_take_is_marked_and_the_connection_is_owed(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token="not-the-token-of-the-square")
    jobs.test_log_in(Job.objects.get(kind="channels.test-log-in").args, now=NOW)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    assert (credential.tested_at, credential.failure) == (None, "lost_token")
    assert Duty.objects.filter(kind=operations.CONNECTION_DUTY, closed_at=None).exists()
    # A wrong deposit is no change on the platform: it was in custody before the line was lost.
    deposit(channel, staff.coordinator, {"token": square.token}, now=NOW + timedelta(minutes=5))
    for job in Job.objects.filter(kind="channels.test-log-in").order_by("-pk"):
        jobs.test_log_in(job.args, now=NOW)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    assert (credential.tested_how, credential.failure) == ("connector", "")


@pytest.mark.parametrize("fault", [unreachable, failing])
def test_a_platform_that_cannot_be_asked_says_nothing_about_a_log_in(staff: Staff, square: Square, fault: Any) -> None:
    from rostrum.connectors.interface import ConnectorError

    channel = a_live_channel(staff, token=square.token)
    square.transport.next(fault)
    with pytest.raises(ConnectorError):
        jobs.test_log_in(Job.objects.get(kind="channels.test-log-in").args, now=NOW)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    assert (credential.tested_at, credential.failed_at) == (None, None)


def test_a_replaced_log_in_is_not_tested_any_more(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token="first-token-of-the-channel")
    first = Job.objects.get(kind="channels.test-log-in")
    deposit(channel, staff.coordinator, {"token": square.token})
    square.transport.next(lost_token)
    jobs.test_log_in(first.args, now=NOW)
    assert not Credential.objects.exclude(failed_at=None).exists()


def test_where_no_connector_signs_in_a_person_says_so(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    with pytest.raises(Refused) as refusal:
        ask_log_in_test(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["no-connector"]
    credential = attest_log_in(channel_id=channel.public_id, actor=staff.head, now=NOW)
    assert (credential.tested_how, credential.tested_by, credential.tested_at) == ("person", staff.head, NOW)
    with pytest.raises(Refused):
        attest_log_in(channel_id=channel.public_id, actor=staff.public_affairs, now=NOW)


def test_where_a_connector_signs_in_nobodys_word_is_taken(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    with pytest.raises(Refused) as refusal:
        attest_log_in(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["has-connector"]


def test_a_rotation_is_shown_only_when_every_secret_part_is_new_and_tested(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    deposit(channel, staff.coordinator, {"totp_seed": SEED})
    left = NOW + timedelta(hours=1)
    assert reads.rotation_since(channel, left).unchanged == ("Password", "Seed of one-time codes")

    later = left + timedelta(hours=1)
    deposit(channel, staff.coordinator, {"password": SECOND}, now=later, changed_at=later)
    assert reads.rotation_since(channel, left).unchanged == ("Seed of one-time codes",)
    attest_log_in(channel_id=channel.public_id, actor=staff.head, now=later)
    assert not reads.rotation_since(channel, left).is_shown

    deposit(channel, staff.coordinator, {"totp_seed": SEED[::-1]}, now=later, changed_at=later)
    found = reads.rotation_since(channel, left)
    assert (found.unchanged, found.tested_at, found.is_shown) == ((), None, False)
    attest_log_in(channel_id=channel.public_id, actor=staff.head, now=later)
    found = reads.rotation_since(channel, left)
    assert found.is_shown
    assert (found.deposited_by, found.tested_by) == (staff.coordinator.public_id, staff.head.public_id)
    # The instant itself is not after it.
    assert not reads.rotation_since(channel, later).is_shown
    assert reads.rotation_since(channel, later, ["login"]).is_shown


# One-time codes


def test_a_code_is_shown_and_recorded_and_the_seed_never(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    with pytest.raises(Refused) as refusal:
        show_one_time_code(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["no-seed"]
    deposit(channel, staff.coordinator, {"totp_seed": f"otpauth://totp/parks?secret={SEED}&digits=8"})

    code = show_one_time_code(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)

    assert code == code_at(read_seed(f"otpauth://totp/parks?secret={SEED}&digits=8"), NOW)
    body = entry("one-time-code-shown").body_text
    assert code.digits not in body
    assert SEED not in body
    with pytest.raises(Refused):
        show_one_time_code(channel_id=channel.public_id, actor=staff.public_affairs, now=NOW)


# Seen by two persons


@pytest.fixture
def second() -> User:
    return a_person(Role.COORDINATOR, name="Robin Deputy")


def asked(channel: Channel, staff: Staff, *parts: str, **more: Any) -> LogInDisclosure:
    values: dict[str, Any] = {"parts": parts or ("password",), "reason": "The site moves", "now": NOW} | more
    return request_disclosure(channel_id=channel.public_id, actor=staff.coordinator, **values)


def test_a_log_in_is_seen_once_by_who_asked_after_another_confirmed(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    found = asked(channel, staff, "login", "password")
    assert [job.args["to"] for job in Job.objects.filter(kind="mail.send")] == [second.email]
    with pytest.raises(Refused) as refusal:
        confirm_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["own-request"]
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["wrong-state"]
    confirm_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    assert codes(refusal) == ["not-yours"]

    secret = show_disclosure(
        disclosure_id=found.public_id, actor=staff.coordinator, now=NOW + timedelta(minutes=59, seconds=59)
    )

    assert secret == {"login": "parks-page", "password": FIRST}
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["wrong-state"]
    kinds = Entry.objects.filter(kind__startswith="channels.disclosure").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [
        "channels.disclosure-requested.v1",
        "channels.disclosure-confirmed.v1",
        "channels.disclosure-shown.v1",
    ]
    assert not Entry.objects.filter(body_text__contains=FIRST).exists()


def test_what_was_seen_is_owed_a_change_that_only_a_new_tested_log_in_closes(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    deposit(channel, staff.coordinator, {"recovery_codes": "1111-2222"})
    found = asked(channel, staff, "password")
    confirm_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    duty = Duty.objects.get(kind=ROTATE_DUTY)
    assert (duty.due_at, duty.owner) == (NOW + timedelta(hours=48), staff.coordinator)

    attest_log_in(channel_id=channel.public_id, actor=staff.head, now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(hours=1)
    deposit(channel, staff.coordinator, {"recovery_codes": "3333"}, now=later, changed_at=later)
    attest_log_in(channel_id=channel.public_id, actor=staff.head, now=later)
    duty.refresh_from_db()
    assert duty.is_open, "the password that was seen is still the same"

    credential = deposit(channel, staff.coordinator, {"password": SECOND}, now=later, changed_at=later)
    duty.refresh_from_db()
    assert duty.is_open, "nobody has signed in with the new one yet"
    attest_log_in(channel_id=channel.public_id, actor=staff.head, now=later)
    duty.refresh_from_db()
    assert (duty.closed_at, duty.evidence) == (later, credential.public_id)


def test_a_name_that_was_seen_owes_no_change(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    found = asked(channel, staff, "login")
    confirm_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert not Duty.objects.filter(kind=ROTATE_DUTY).exists()


def test_a_seed_is_never_shown(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    deposit(channel, staff.coordinator, {"totp_seed": SEED})
    with pytest.raises(Refused) as refusal:
        asked(channel, staff, "totp_seed")
    assert codes(refusal) == ["never-shown"]


def test_what_nobody_saw_in_time_ends_unseen(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    waiting, confirmed = asked(channel, staff), None
    other = a_live_channel(staff, handle="wausau-pools", name="Wausau Pools")
    confirmed = asked(other, staff, "token")
    confirm_disclosure(disclosure_id=confirmed.public_id, actor=second, now=NOW)
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=confirmed.public_id, actor=staff.coordinator, now=NOW + timedelta(minutes=60))
    assert codes(refusal) == ["time-passed"]
    jobs.expire_disclosures({}, now=NOW + timedelta(minutes=60))
    assert set(LogInDisclosure.objects.values_list("public_id", "state")) == {
        (waiting.public_id, "requested"),
        (confirmed.public_id, "expired"),
    }
    jobs.expire_disclosures({}, now=NOW + timedelta(hours=24))
    assert set(LogInDisclosure.objects.values_list("state", flat=True)) == {"expired"}
    assert Entry.objects.filter(kind="channels.disclosure-expired.v1").count() == 2
    jobs.expire_disclosures({}, now=NOW + timedelta(hours=25))
    assert Entry.objects.filter(kind="channels.disclosure-expired.v1").count() == 2
    asked(channel, staff, now=NOW + timedelta(hours=25))


def test_a_log_in_changed_meanwhile_is_not_shown(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    found = asked(channel, staff)
    confirm_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    deposit(channel, staff.coordinator, {"password": SECOND})
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["replaced"]


def test_a_missing_key_shows_nothing_and_spends_nothing(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    found = asked(channel, staff)
    confirm_disclosure(disclosure_id=found.public_id, actor=second, now=NOW)
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    key.unlink()
    with pytest.raises(Refused) as refusal:
        show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["custody-key-missing"]
    key.write_text(kept)
    assert show_disclosure(disclosure_id=found.public_id, actor=staff.coordinator, now=NOW) == {"password": FIRST}


def test_a_request_is_declined_or_taken_back_with_a_reason(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    for actor in (second, staff.coordinator):
        found = asked(channel, staff)
        with pytest.raises(Refused) as refusal:
            asked(channel, staff)
        assert codes(refusal) == ["asked-already"]
        declined = decline_disclosure(disclosure_id=found.public_id, note="Not needed", actor=actor, now=NOW)
        assert declined.state == "declined"


def test_nobody_without_the_permission_asks_or_confirms(staff: Staff, second: User) -> None:
    channel = a_facebook_channel(staff)
    for actor in (staff.head, staff.spokesperson, staff.public_affairs):
        with pytest.raises(Refused):
            request_disclosure(channel_id=channel.public_id, parts=["password"], reason="x", actor=actor, now=NOW)
    found = asked(channel, staff)
    with pytest.raises(Refused):
        confirm_disclosure(disclosure_id=found.public_id, actor=staff.head, now=NOW)


def test_the_tables_themselves_want_a_second_person(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    found = asked(channel, staff)
    rows = LogInDisclosure.objects.filter(pk=found.pk)
    for values in (
        {"state": "confirmed", "decided_by": staff.coordinator},
        {"state": "confirmed", "decided_by": None},
        {"state": "shown", "decided_by": staff.head},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


# Emergencies


@pytest.mark.parametrize("who", ["head", "public_affairs", "colleague"])
def test_an_authorised_person_takes_the_right_at_once_and_everybody_concerned_is_told(
    staff: Staff, square: Square, who: str
) -> None:
    colleague = a_person(Role.POSTER, name="Kim Colleague", unit=staff.unit, over=staff.unit)
    channel = a_live_channel(staff, token=square.token)
    ChannelGrant.objects.create(
        person=staff.spokesperson, channel=channel.public_id, right="speak", starts_at=NOW - timedelta(days=1)
    )
    actor = {"head": staff.head, "public_affairs": staff.public_affairs, "colleague": colleague}[who]
    Job.objects.all().delete()

    found = take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=actor, now=NOW)

    grant = ChannelGrant.objects.get(public_id=found.grant)
    assert (grant.person, grant.right, grant.ends_at) == (actor, "speak", NOW + timedelta(hours=4))
    told = {job.args["to"] for job in Job.objects.filter(kind="mail.send")}
    everybody = {staff.spokesperson, staff.coordinator, staff.public_affairs, staff.head}
    assert told == {person.email for person in everybody - {actor}}
    duty = Duty.objects.get(kind=REVIEW_DUTY)
    assert (duty.owner_role, duty.subject) == (Role.COORDINATOR, found.public_id)
    assert duty.due_at == NOW + timedelta(hours=4 + 72)
    assert entry("emergency-taken").body["reason"] == "A flood"


def test_it_works_when_there_is_no_coordinator_and_another_office_reviews(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    RoleGrant.objects.filter(role=Role.COORDINATOR).delete()
    take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=staff.head, now=NOW)
    assert Duty.objects.get(kind=REVIEW_DUTY).owner_role == Role.PUBLIC_AFFAIRS


def test_others_do_not_take_it(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    elsewhere = a_person(Role.POSTER, over=a_staff_unit("library"))
    for actor in (staff.coordinator, elsewhere, a_person(Role.MODERATOR), a_person()):
        with pytest.raises(Refused):
            take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=actor, now=NOW)
    with pytest.raises(Refused) as refusal:
        take_emergency_right(channel_id=channel.public_id, reason=" ", actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-reason"]
    assert not EmergencyRight.objects.exists()


def a_staff_unit(slug: str) -> Any:
    from tests.people import a_unit

    return a_unit(slug, slug.capitalize())


def test_the_review_is_anothers_after_the_end_and_closes_the_duty(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    found = take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=staff.head, now=NOW)
    later = NOW + timedelta(minutes=30)

    def review(actor: User, now: datetime) -> EmergencyRight:
        return review_emergency(
            emergency_id=found.public_id, verdict="justified", findings="It had to be.", actor=actor, now=now
        )

    with pytest.raises(Refused) as refusal:
        review(staff.coordinator, later)
    assert codes(refusal) == ["still-running"]
    end_emergency(emergency_id=found.public_id, actor=staff.coordinator, now=later)
    assert ChannelGrant.objects.get(public_id=found.grant).ends_at == later
    with pytest.raises(Refused) as refusal:
        end_emergency(emergency_id=found.public_id, actor=staff.head, now=later)
    assert codes(refusal) == ["already-ended"]
    with pytest.raises(Refused) as refusal:
        review(staff.head, later)
    assert codes(refusal) == ["own-emergency"]
    reviewed = review(staff.coordinator, later)
    assert (reviewed.reviewed_by, reviewed.verdict) == (staff.coordinator, "justified")
    assert Duty.objects.get(kind=REVIEW_DUTY).evidence == found.public_id
    with pytest.raises(Refused) as refusal:
        review(staff.public_affairs, later)
    assert codes(refusal) == ["reviewed-already"]


def test_ending_the_right_beneath_it_ends_the_emergency(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    found = take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=staff.head, now=NOW)
    later = NOW + timedelta(minutes=5)
    ChannelGrant.objects.filter(public_id=found.grant).update(ends_at=later)
    assert list(running_on(channel, now=later - timedelta(seconds=1))) == [found]
    assert list(running_on(channel, now=later)) == []
    review_emergency(
        emergency_id=found.public_id, verdict="not_justified", findings="No.", actor=staff.coordinator, now=later
    )
    take_emergency_right(channel_id=channel.public_id, reason="Another flood", actor=staff.head, now=later)


# Keys


def test_a_missing_key_names_every_log_in_it_keeps_shut(staff: Staff, square: Square) -> None:
    parks = a_live_channel(staff, token=square.token)
    pools = a_live_channel(staff, token="the-other-token", handle="wausau-pools", name="Wausau Pools")
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    assert reads.unreadable_log_ins(thoroughly=True) == []

    key.unlink()
    assert [one.channel for one in reads.unreadable_log_ins()] == [parks, pools]
    assert "is not there. Put the custody key back" in reads.log_in_trouble(parks)
    key.write_text("22" * 32)
    assert [one.trouble.kind for one in reads.unreadable_log_ins()] == ["other_key", "other_key"]

    key.write_text(kept)
    assert reads.unreadable_log_ins(thoroughly=True) == []
    queries.connector_for(parks).sign_in()
    Credential.objects.filter(channel=pools).update(sealed=b"\x01" + bytes(40))
    assert reads.unreadable_log_ins() == []
    assert [one.channel for one in reads.unreadable_log_ins(thoroughly=True)] == [pools]


def test_under_another_key_a_deposit_keeps_nothing_and_says_so(staff: Staff) -> None:
    channel = a_facebook_channel(staff)
    deposit(channel, staff.coordinator, {"recovery_codes": "1111"})
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    key.write_text("22" * 32)
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, {"password": SECOND})
    assert codes(refusal) == ["cannot-be-kept", "cannot-be-kept"]
    key.write_text(kept)
    assert opened(channel) == {"login": "parks-page", "password": FIRST, "recovery_codes": "1111"}
    # Whoever knows the whole log-in need not wait for the key.
    key.write_text("22" * 32)
    deposit(channel, staff.coordinator, {"login": "parks-page", "password": SECOND}, dropped=["recovery_codes"])
    assert opened(channel) == {"login": "parks-page", "password": SECOND}


def test_a_new_key_takes_every_log_in_and_the_former_one_is_dropped_last(staff: Staff, square: Square) -> None:
    parks = a_live_channel(staff, token=square.token)
    pools = a_facebook_channel(staff, name="Wausau Pools")
    former = custody.open_custody().store.current()
    with pytest.raises(Refused) as refusal:
        drop_custody_key(key_id=former, actor="system", now=NOW)
    assert codes(refusal) == ["custody-key-in-use"]

    key = make_custody_key(actor="system", now=NOW)
    assert entry("custody-key-made").body == {"key": key, "former": former, "store": "file"}
    assert opened(parks) == {"token": square.token}
    done = reseal_credentials(actor="system", now=NOW)
    assert len(done) == 2
    assert reseal_credentials(actor="system", now=NOW) == []
    assert set(Credential.objects.values_list("key_id", flat=True)) == {key}
    assert entry("credentials-resealed").body["credentials"] == done
    with pytest.raises(Refused) as refusal:
        drop_custody_key(key_id=former, actor="system", now=NOW + timedelta(minutes=9))
    assert codes(refusal) == ["custody-key-settling"]
    drop_custody_key(key_id=former, actor="system", now=NOW + timedelta(minutes=11))

    assert opened(parks) == {"token": square.token}
    assert custody.open_custody().reading().keys == {key}
    with pytest.raises(Refused) as refusal:
        deposit(pools, staff.coordinator, {"password": FIRST})
    assert codes(refusal) == ["reused-secret"], "an old secret is recognised although its key is gone"


def test_a_change_of_key_that_is_stopped_anywhere_loses_nothing(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    channels = [
        a_live_channel(staff, token=f"the-token-number-{number}", handle=f"wausau-{number}", name=f"Wausau {number}")
        for number in range(5)
    ]
    monkeypatch.setattr("rostrum.areas.channels.operations.rekeying._AT_ONCE", 2)
    former = custody.open_custody().store.current()
    key = make_custody_key(actor="system", now=NOW)
    assert len(reseal_credentials(actor="system", now=NOW)) == 2

    save = Credential.save

    def stopped(credential: Credential, *args: Any, **fields: Any) -> None:
        if credential.channel == channels[3]:
            raise KeyboardInterrupt
        save(credential, *args, **fields)

    with monkeypatch.context() as patch:
        patch.setattr(Credential, "save", stopped)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            reseal_credentials(actor="system", now=NOW)
    assert sorted(Credential.objects.values_list("key_id", flat=True)) == sorted([key, key, former, former, former])
    assert [opened(channel)["token"] for channel in channels] == [f"the-token-number-{number}" for number in range(5)]
    while reseal_credentials(actor="system", now=NOW):
        pass
    assert set(Credential.objects.values_list("key_id", flat=True)) == {key}
    assert [opened(channel)["token"] for channel in channels] == [f"the-token-number-{number}" for number in range(5)]


def test_log_ins_move_from_the_file_to_a_key_server_and_back(staff: Staff, settings: Any, tmp_path: Path) -> None:
    channel = a_facebook_channel(staff)
    server = VaultServer()
    (tmp_path / "token").write_text(server.token)
    settings.CUSTODY_VAULT = VaultPlace("https://bao.test:8200", tmp_path / "token")
    settings.CUSTODY_VAULT_TRANSPORT = server.transport()
    settings.CUSTODY_STORE = "vault"
    custody.open_custody().make()
    reseal_credentials(actor="system", now=NOW)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    assert credential.key_id == "vault:rostrum-custody:v1"
    assert opened(channel)["password"] == FIRST

    server.is_sealed = True
    assert "key server" in reads.log_in_trouble(channel)
    with pytest.raises(Refused) as refusal:
        opened(channel)
    assert codes(refusal) == ["custody-server-away"]
    server.is_sealed = False

    settings.CUSTODY_STORE = "file"
    reseal_credentials(actor="system", now=NOW)
    assert opened(channel)["password"] == FIRST
    assert queries.credential_in_force(channel).key_id == custody.open_custody().store.current()  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_deposit_holds_no_lock_while_a_key_server_is_slow(settings: Any, tmp_path: Path) -> None:
    a_body()
    staff = a_staff()
    first = a_facebook_channel(staff)
    other = an_opened_channel(staff, platform="facebook", handle="WausauPools", name="Wausau Pools")
    server, asked_it, go_on = VaultServer(), threading.Event(), threading.Event()
    (tmp_path / "token").write_text(server.token)
    settings.CUSTODY_VAULT = VaultPlace("https://bao.test:8200", tmp_path / "token")
    settings.CUSTODY_STORE = "vault"
    answer = server.application

    def slow(environ: Any, start_response: Any) -> Any:
        if "/encrypt/" in environ["PATH_INFO"]:
            asked_it.set()
            assert go_on.wait(10)
        return answer(environ, start_response)

    import httpx

    settings.CUSTODY_VAULT_TRANSPORT = httpx.WSGITransport(slow)
    custody.open_custody().make()

    def in_a_thread() -> None:
        from django.db import connection

        try:
            deposit(first, staff.coordinator, {"password": SECOND})
        finally:
            connection.close()

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    assert asked_it.wait(10)
    report_change(channel_id=first.public_id, changed_at=NOW, actor=staff.head, now=NOW)
    go_on.set()
    thread.join(10)
    assert opened(first)["password"] == SECOND
    assert other.pk


# The overview


def test_the_overview_says_of_every_channel_how_its_log_in_stands(staff: Staff, square: Square) -> None:
    an_opened_channel(staff, handle="wausau-owed", name="Wausau A owed")
    a_live_channel(staff, token="untested-token-of-it", handle="wausau-untested", name="Wausau B untested")
    tested = a_live_channel(staff, token=square.token, name="Wausau C tested")
    for job in Job.objects.filter(kind="channels.test-log-in", args__credential=_id(tested)):
        jobs.test_log_in(job.args, now=NOW)
    Credential.objects.filter(channel=tested).update(tested_at=NOW)
    Channel.objects.filter(pk=tested.pk).update(last_connected_at=NOW)
    changed = a_live_channel(staff, token="changed-token-of-it", handle="wausau-changed", name="Wausau D changed")
    report_change(channel_id=changed.public_id, changed_at=NOW, actor=staff.head, now=NOW)

    def seen(now: datetime) -> dict[str, tuple[bool, bool, bool, bool]]:
        return {
            row.channel.name: (row.credential is not None, row.is_well, row.is_stale, row.is_overdue)
            for row in reads.overview(now=now)
        }

    assert seen(NOW) == {
        "Wausau A owed": (False, False, False, False),
        "Wausau B untested": (True, False, False, False),
        "Wausau C tested": (True, True, False, False),
        "Wausau D changed": (True, False, False, False),
    }
    assert seen(NOW + timedelta(hours=24, seconds=1)) == {
        "Wausau A owed": (False, False, False, True),
        "Wausau B untested": (True, False, False, False),
        "Wausau C tested": (True, True, False, False),
        "Wausau D changed": (True, False, False, True),
    }
    assert seen(NOW + timedelta(days=91))["Wausau C tested"] == (True, False, True, False)


def _id(channel: Channel) -> str:
    credential = queries.credential_in_force(channel)
    assert credential is not None
    return credential.public_id


def test_a_password_from_the_bodys_own_list_of_stolen_ones_is_refused(
    staff: Staff, settings: Any, tmp_path: Path
) -> None:
    stolen = tmp_path / "stolen.txt"
    stolen.write_text(hashlib.sha1(SECOND.encode()).hexdigest().upper() + ":3\n")
    settings.BREACHED_PASSWORDS = stolen
    channel = a_facebook_channel(staff)
    with pytest.raises(Refused) as refusal:
        deposit(channel, staff.coordinator, {"password": SECOND})
    assert codes(refusal) == ["weak-secret"]
    deposit(channel, staff.coordinator, {"password": THIRD})
