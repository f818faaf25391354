"""`rostrum channels` and `rostrum people reset-factors`: what they print, refuse and record."""

import argparse
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.areas.channels.operations import access
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import Factor, RecoveryCode, SignedIn, User
from rostrum.areas.people.rules import Role
from rostrum.cli import channels as channels_command
from rostrum.cli import main as main_command
from rostrum.cli import people as people_command
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body, a_live_channel, a_staff
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(main_command, "start_in_data_folder", lambda: None)
    settings.SIGN_IN = replace(settings.SIGN_IN, required_for=frozenset({Role.COORDINATOR, Role.HR, Role.IT_DIRECTOR}))


def run(command: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    code: int = command.run(parser.parse_args(words))
    return code


# channels


def test_channels_are_listed_and_shown_with_what_is_owed_about_them(capsys: pytest.CaptureFixture[str]) -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    access.hand_in_administrators(
        channel_id=channel.public_id, data=b"Stray Agency", actor=staff.coordinator, now=timezone.now()
    )

    assert run(channels_command, "list", "--json") == 0
    [row] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (row["slug"], row["state"], row["platform"]) == (channel.slug, "live", channel.platform_id)
    assert (row["owner"], row["unit"]) == (channel.owner, channel.unit.name)
    assert row["custody"]["state"] in ("kept", "untested")
    assert row["administrators_disagree"] == 2
    assert row["open_duties"] >= 2

    assert run(channels_command, "show", channel.slug, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert {one["state"] for one in shown["page"]["elements"]} == {"in_place"}
    assert len(shown["duties"]) == shown["open_duties"] == row["open_duties"]

    assert run(channels_command, "list") == 0
    assert f"{channel.slug}  live" in capsys.readouterr().out
    assert run(channels_command, "show", channel.slug) == 0
    assert "2 disagreements with the roster" in capsys.readouterr().out


def test_a_channel_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidInput, match="no channel 'parc'"):
        run(channels_command, "show", "parc")


# people


def with_a_factor(person: User) -> User:
    Factor.objects.create(person=person, kind="app", name="Lost", sealed=b"sealed", added_at=timezone.now())
    return person


def test_the_installer_resets_a_lone_administrator_who_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    alone = with_a_factor(a_person(Role.COORDINATOR, email="ada@example.gov"))
    # One more who may, but has no factor left either, cannot sign in to help.
    a_person(Role.HR)
    client = signed_in(alone)

    assert run(people_command, "reset-factors", "ADA@example.gov", "--confirm", "ada@example.gov") == 0

    assert "1 second factor of" in capsys.readouterr().out
    assert not Factor.objects.filter(person=alone).exists()
    assert not RecoveryCode.objects.filter(person=alone).exists()
    assert client.get("/desk/me/").status_code == 302
    assert not SignedIn.objects.filter(person=alone, ended_at=None).exists()
    entry = Entry.objects.get(kind="people.factors-reset.v1")
    assert (entry.actor, entry.body["person"]) == ("system", alone.public_id)
    told = [job.args for job in Job.objects.filter(kind="people.send-security-notice")]
    assert told == [{"person": alone.public_id, "what": "factors-reset-at-the-machine"}]


def test_where_two_others_can_reset_it_the_machine_does_not() -> None:
    person = with_a_factor(a_person(Role.COORDINATOR, email="ada@example.gov"))
    with_a_factor(a_person(Role.HR, name="Hana"))
    with_a_factor(a_person(Role.IT_DIRECTOR, name="Tom"))

    with pytest.raises(Refused, match="Hana and Tom can do it"):
        run(people_command, "reset-factors", "ada@example.gov", "--confirm", "ada@example.gov")

    assert Factor.objects.filter(person=person).exists()
    assert not Entry.objects.filter(kind="people.factors-reset.v1").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody@example.gov", "--confirm", "nobody@example.gov"), "nobody here has the address"),
        (("ada@example.gov",), "give the address once more"),
        (("ada@example.gov", "--confirm", "ada@example.org"), "not the same address"),
    ],
)
def test_nothing_is_reset_without_the_address_given_twice(
    words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with_a_factor(a_person(Role.COORDINATOR, email="ada@example.gov"))
    with pytest.raises(InvalidInput, match=told):
        run(people_command, "reset-factors", *words)
    assert Factor.objects.exists()


def test_who_left_or_has_no_factor_is_not_reset() -> None:
    gone = with_a_factor(a_person(Role.COORDINATOR, email="gone@example.gov"))
    User.objects.filter(pk=gone.pk).update(is_active=False, left_at=timezone.now() - timedelta(days=1))
    a_person(Role.COORDINATOR, email="bare@example.gov")
    with pytest.raises(Refused, match="cannot sign in any more"):
        run(people_command, "reset-factors", "gone@example.gov", "--confirm", "gone@example.gov")
    with pytest.raises(Refused, match="nothing to reset"):
        run(people_command, "reset-factors", "bare@example.gov", "--confirm", "bare@example.gov")
