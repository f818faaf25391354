"""Sealed log-ins: bound to their row, readable only with their key, and nothing lost when it is missing."""

from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.channels import custody
from rostrum.connectors.keystore import Sealed, Trouble
from rostrum.connectors.keystore.vault import VaultPlace
from rostrum.kernel.decisions import Refused
from tests.simulators.vault import VaultServer

SECRET = {"identifier": "wausau.example.gov", "password": "ümlaut & 🌲"}
ROW = {"channel": "chn-1", "credential": "crd-1"}


def made() -> custody.Custody:
    place = custody.open_custody()
    place.make()
    return place


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_a_log_in_opens_again_for_its_own_row_only() -> None:
    place = made()
    sealed = place.seal(SECRET, **ROW)
    assert place.unseal(sealed, **ROW) == SECRET
    for moved in ({"channel": "chn-2", "credential": "crd-1"}, {"channel": "chn-1", "credential": "crd-2"}):
        with pytest.raises(Refused) as refusal:
            place.unseal(sealed, **moved)
        assert codes(refusal) == ["sealed-unreadable"]


def test_a_key_is_made_once_and_kept(settings: Any) -> None:
    first = made().store.current()
    made()
    assert custody.open_custody().store.current() == first
    assert (Path(settings.KEYS_FOLDER) / custody.KEY_NAME).stat().st_mode & 0o777 == 0o600


def test_a_missing_key_is_said_with_what_to_do(settings: Any) -> None:
    sealed = made().seal(SECRET, **ROW)
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    key.unlink()
    with pytest.raises(Refused, match="Put the custody key back") as refusal:
        custody.open_custody().unseal(sealed, **ROW)
    assert codes(refusal) == ["custody-key-missing"]
    key.write_text(kept)
    assert custody.open_custody().unseal(sealed, **ROW) == SECRET


def test_another_key_names_the_one_that_is_missing(settings: Any) -> None:
    sealed = made().seal(SECRET, **ROW)
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    key.write_text("11" * 32)
    place = custody.open_custody()
    with pytest.raises(Refused, match=sealed.key_id) as refusal:
        place.unseal(sealed, **ROW)
    assert codes(refusal) == ["sealed-unreadable"]
    trouble = place.trouble_with(sealed.key_id)
    assert trouble is not None
    assert trouble.kind is Trouble.OTHER_KEY
    key.write_text(kept)
    assert custody.open_custody().trouble_with(sealed.key_id) is None


@pytest.mark.parametrize("content", ["", "not hex", "00" * 31])
def test_a_file_that_is_no_key_is_said(settings: Any, content: str) -> None:
    made()
    (Path(settings.KEYS_FOLDER) / custody.KEY_NAME).write_text(content)
    with pytest.raises(Refused) as refusal:
        custody.open_custody().seal(SECRET, **ROW)
    assert codes(refusal) == ["custody-key-unreadable"]


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> VaultServer:
    """A key server that the settings name, beside the key file."""
    server = VaultServer()
    (tmp_path / "token").write_text(server.token)
    settings.CUSTODY_VAULT = VaultPlace("https://bao.test:8200", tmp_path / "token")
    settings.CUSTODY_VAULT_TRANSPORT = server.transport()
    return server


def test_log_ins_of_both_places_are_read_while_they_move_from_one_to_the_other(
    server: VaultServer, settings: Any
) -> None:
    in_file = made().seal(SECRET, **ROW)
    settings.CUSTODY_STORE = "vault"
    place = made()
    in_server = place.seal(SECRET, **ROW)
    assert in_server.key_id.startswith("vault:")
    assert place.unseal(in_file, **ROW) == place.unseal(in_server, **ROW) == SECRET
    assert place.reading().keys == {in_file.key_id, in_server.key_id}
    settings.CUSTODY_STORE = "file"
    assert custody.open_custody().unseal(in_server, **ROW) == SECRET


def test_a_secret_marked_in_one_place_is_known_in_the_other(server: VaultServer, settings: Any) -> None:
    old = made().marks(["used before"])[0][0]
    settings.CUSTODY_STORE = "vault"
    found = made().marks(["used before", "new"])
    assert old in found[0]
    assert found[0][0] != old
    assert old not in found[1]
    # Without the file there is nothing left to compare with, and nothing to refuse for.
    (Path(settings.KEYS_FOLDER) / custody.KEY_NAME).unlink()
    assert old not in custody.open_custody().marks(["used before"])[0]


def test_a_server_that_is_away_is_said_and_the_file_still_reads(server: VaultServer, settings: Any) -> None:
    in_file = made().seal(SECRET, **ROW)
    settings.CUSTODY_STORE = "vault"
    in_server = made().seal(SECRET, **ROW)
    server.is_sealed = True
    place = custody.open_custody()
    assert place.unseal(in_file, **ROW) == SECRET
    with pytest.raises(Refused) as refusal:
        place.unseal(in_server, **ROW)
    assert codes(refusal) == ["custody-server-away"]
    trouble = place.trouble_with(in_server.key_id)
    assert trouble is not None
    assert trouble.kind is Trouble.AWAY


def test_a_server_nobody_named_any_more_is_said(server: VaultServer, settings: Any) -> None:
    settings.CUSTODY_STORE = "vault"
    sealed = made().seal(SECRET, **ROW)
    settings.CUSTODY_STORE, settings.CUSTODY_VAULT = "file", None
    place = made()
    with pytest.raises(Refused, match="key server that is not set up"):
        place.unseal(sealed, **ROW)
    assert place.trouble_with(Sealed("vault:x:v1", b"").key_id) is not None
