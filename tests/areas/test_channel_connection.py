"""A channel's line to its platform: lost at night, told, restored, and the page that shows it."""

from datetime import timedelta
from pathlib import Path

import pytest

from rostrum.areas.archive import capturing
from rostrum.areas.archive.models import Gap
from rostrum.areas.channels import operations, queries
from rostrum.areas.channels.jobs import connection as jobs
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.people.models import ChannelGrant
from rostrum.areas.people.rules import Right, Role
from tests.channels import NOW, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import LONG_AGO, a_person, signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


class _Box:
    """Keeps what would be mailed."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str) -> None:
        self.sent.append((to, subject, text))


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> _Box:
    box = _Box()
    monkeypatch.setattr(jobs, "mailer", lambda *_: box)
    return box


def test_a_lost_log_in_is_told_at_once_to_those_who_can_restore_it(staff: Staff, box: _Box) -> None:
    channel = a_live_channel(staff)
    holder = a_person(Role.POSTER, name="Holly Holder")
    ChannelGrant.objects.create(
        person=holder, channel=channel.public_id, right=Right.CREDENTIAL.value, starts_at=LONG_AGO
    )
    for _ in range(2):
        operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    assert Job.objects.filter(kind="channels.tell-lost").count() == 1
    assert Duty.objects.get(kind=operations.CONNECTION_DUTY).due_at == NOW + 4 * HOUR

    jobs.tell_lost({"channel": channel.public_id}, now=NOW)

    assert {to for to, _, _ in box.sent} == {holder.email, staff.head.email, staff.coordinator.email}
    _, subject, text = box.sent[0]
    assert subject == "The connection of Wausau Parks is lost"
    assert "within 4 hours" in text
    assert "nothing is published" in text


def test_nobody_is_told_of_a_line_that_holds_again_or_of_passing_trouble(staff: Staff, box: _Box) -> None:
    channel = a_live_channel(staff)
    operations.note_connection(channel_id=channel.public_id, trouble="rate_limited", actor="system", now=NOW)
    assert not Job.objects.filter(kind="channels.tell-lost").exists()
    operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    operations.note_connection(channel_id=channel.public_id, trouble="", actor="system", now=NOW)
    jobs.tell_lost({"channel": channel.public_id}, now=NOW)
    assert box.sent == []


def test_without_a_coordinator_public_affairs_are_told(box: _Box) -> None:
    a_body("wi-best-practices")
    affairs = a_person(Role.PUBLIC_AFFAIRS)
    staff = a_staff()
    channel = a_live_channel(staff)
    for person in (staff.coordinator, staff.head):
        person.is_active = False
        person.save()
    operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    jobs.tell_lost({"channel": channel.public_id}, now=NOW)
    assert affairs.email in {to for to, _, _ in box.sent}


def test_the_page_says_since_when_what_it_costs_and_who_may_restore_it(staff: Staff) -> None:
    channel = a_live_channel(staff)
    page = signed_in(staff.coordinator).get(f"/desk/channels/{channel.slug}/connection")
    assert "Not yet connected" in page.text
    assert "It was never lost." in page.text
    operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    Gap.objects.create(channel=channel, cause="lost_token", from_at=NOW, opened_at=NOW)
    page = signed_in(staff.coordinator).get(f"/desk/channels/{channel.slug}/connection")
    for words in (
        "In trouble since",
        "Nothing is captured since Nov 23, 10:00 a.m.",
        "Deposit a new log-in",
        "Dana Head",
    ):
        assert words in page.text


def test_a_person_with_the_right_tries_the_line_and_others_do_not(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_square(tmp_path, monkeypatch) as square:
        channel = a_live_channel(staff, token="a token from before")
        address = f"/desk/channels/{channel.slug}/connection/try"
        assert signed_in(a_person(Role.AUDITOR)).post(address).status_code == 403
        answer = signed_in(staff.coordinator).post(address, follow=True)
        assert "does not let us in" in answer.text
        channel.refresh_from_db()
        assert channel.trouble == "lost_token"

        operations.deposit_credential(
            channel_id=channel.public_id, secret={"token": square.token}, actor=staff.coordinator, now=NOW
        )
        answer = signed_in(staff.coordinator).post(address, follow=True)
        assert "The platform lets us in." in answer.text
        channel.refresh_from_db()
        assert channel.trouble == ""
        assert not Duty.objects.filter(kind=operations.CONNECTION_DUTY, closed_at=None).exists()


def test_a_token_dies_at_night_and_the_gap_closes_with_the_next_look(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, box: _Box
) -> None:
    with a_square(tmp_path, monkeypatch) as square:
        channel = a_live_channel(staff, token=square.token)
        capturing.look_at(channel, clock=lambda: NOW)
        night = NOW + 12 * HOUR
        fresh = square.store.create_channel("wausau-parks", "Wausau Parks", "The parks of Wausau")  # ends the old token

        look = capturing.look_at(queries.channel_by_id(channel.public_id), clock=lambda: night)

        assert look.trouble == "lost_token"
        channel.refresh_from_db()
        assert (channel.trouble, channel.trouble_since) == ("lost_token", night)
        assert Gap.objects.get().closed_at is None
        jobs.tell_lost({"channel": channel.public_id}, now=night)
        assert box.sent
        operations.deposit_credential(
            channel_id=channel.public_id, secret={"token": fresh}, actor=staff.head, now=night + HOUR
        )
        capturing.look_at(queries.channel_by_id(channel.public_id), clock=lambda: night + HOUR)
        channel.refresh_from_db()
        assert channel.trouble == ""
        assert Gap.objects.get().closed_at == night + HOUR
        assert Duty.objects.get(kind=operations.CONNECTION_DUTY).closed_at == night + HOUR


def test_a_channel_tied_to_one_persons_profile_says_so_loudly(staff: Staff) -> None:
    channel = a_live_channel(staff)
    channel.tied_to = staff.spokesperson
    channel.save()
    for address in (f"/desk/channels/{channel.slug}/", f"/desk/channels/{channel.slug}/connection"):
        assert "It hangs on one person" in signed_in(staff.coordinator).get(address).text
    staff.spokesperson.left_at = LONG_AGO
    staff.spokesperson.save()
    page = signed_in(staff.coordinator).get(f"/desk/channels/{channel.slug}/")
    assert "This person has left" in page.text
