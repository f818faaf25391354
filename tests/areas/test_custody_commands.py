"""`rostrum custody` and what `rostrum doctor` says of custody: printed without any secret, ended with a true code."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from rostrum.areas.channels import custody as keeping
from rostrum.areas.channels.models import Credential
from rostrum.areas.ledger.models import Entry
from rostrum.cli import custody, doctor
from rostrum.kernel.decisions import Refused
from tests.areas.test_custody import FIRST, a_facebook_channel, opened
from tests.channels import Staff, a_body, a_live_channel, a_staff

pytestmark = pytest.mark.django_db


def call(command: ModuleType, *words: str) -> int:
    parser = ArgumentParser()
    command.configure(parser)
    result: int = command.run(parser.parse_args(words))
    return result


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def key_file(settings: Any) -> Path:
    return Path(settings.KEYS_FOLDER) / keeping.KEY_NAME


def custody_check() -> doctor.Check:
    return next(check for check in doctor.look(timezone.now()) if check.name == "Custody")


def test_the_status_names_every_log_in_and_shows_none(
    staff: Staff, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    a_facebook_channel(staff)
    assert call(custody, "status") == 0
    shown = capsys.readouterr().out
    assert "well   Wausau Parks (Facebook): deposited 2026-11-23" in shown
    assert FIRST not in shown
    kept = key_file(settings).read_text()
    key_file(settings).unlink()
    assert call(custody, "status", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["store"], told["current_key"], told["keys"]) == ("file", "", [])
    assert told["log_ins"][0]["readable"] is False
    assert "Put the custody key back" in told["log_ins"][0]["why_not"]
    key_file(settings).write_text(kept)
    assert call(custody, "status") == 0


def test_doctor_says_exactly_which_log_ins_are_unreadable_and_why(staff: Staff, settings: Any) -> None:
    a_facebook_channel(staff)
    a_live_channel(staff, handle="wausau-pools", name="Wausau Pools")
    assert custody_check() == doctor.Check("Custody", True, "2 log-ins, each readable")
    kept = key_file(settings).read_text()
    key_file(settings).write_text("33" * 32)
    check = custody_check()
    assert not check.is_well
    assert "2 of 2 log-ins cannot be read. Wausau Parks: It was sealed under the key" in check.found
    assert "Wausau Pools: It was sealed" in check.found
    key_file(settings).write_text("no key")
    assert "is not a key of 32 bytes" in custody_check().found
    key_file(settings).write_text(kept)
    assert custody_check().is_well


def test_doctor_says_when_the_key_server_is_not_set_up(staff: Staff, settings: Any) -> None:
    settings.CUSTODY_STORE = "vault"
    check = custody_check()
    assert not check.is_well
    assert "ROSTRUM_VAULT_ADDRESS" in check.found


def test_rekey_seals_everything_again_and_is_gone_on_with(
    staff: Staff, settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = [
        a_live_channel(staff, token=f"the-token-number-{number}", handle=f"wausau-{number}", name=f"Wausau {number}")
        for number in range(3)
    ]
    monkeypatch.setattr("rostrum.areas.channels.operations.rekeying._AT_ONCE", 1)
    former = keeping.open_custody().store.current()
    reseal, calls = custody_reseal(), []

    def stops(**arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return reseal(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr("rostrum.areas.channels.operations.rekeying.reseal_credentials", stops)
        with pytest.raises(KeyboardInterrupt):
            call(custody, "rekey")
    assert not custody_check().is_well
    assert "2 log-ins are sealed under a former key" in custody_check().found

    assert call(custody, "rekey") == 0
    shown = capsys.readouterr()
    assert Entry.objects.filter(kind="channels.custody-key-made.v1").count() == 1, "one new key, not two"
    key = keeping.open_custody().store.current()
    assert set(Credential.objects.values_list("key_id", flat=True)) == {key}
    assert f"Former keys still here: {former}" in shown.out
    assert [opened(channel)["token"] for channel in channels] == [f"the-token-number-{number}" for number in range(3)]
    with pytest.raises(Refused, match="ten minutes"):
        call(custody, "drop-key", former)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert call(custody, "drop-key", former) == 0
    assert custody_check().is_well
    with pytest.raises(Refused):
        call(custody, "drop-key", key)


def custody_reseal() -> Any:
    from rostrum.areas.channels.operations.rekeying import reseal_credentials

    return reseal_credentials


def test_a_key_gone_for_good_is_replaced_only_when_somebody_says_so(
    staff: Staff, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = a_facebook_channel(staff)
    with pytest.raises(Refused, match="There is a key already"):
        call(custody, "make-key")
    key_file(settings).unlink()
    with pytest.raises(Refused, match="put it back"):
        call(custody, "make-key")
    assert call(custody, "make-key", "--lost") == 0
    assert "1 log-ins have to be deposited again" in capsys.readouterr().out
    with pytest.raises(Refused):
        opened(channel)
