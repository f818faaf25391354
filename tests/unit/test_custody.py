"""Sealing log-ins: what opens, what does not, and what is never shown."""

from pathlib import Path

import pytest

from rostrum.areas.channels import custody
from rostrum.kernel.decisions import Refused

SECRET = {"identifier": "parks.example.gov", "password": "a planted secret 4711"}


def made_key(folder: Path) -> custody.CustodyKey:
    custody.make_key(folder)
    return custody.read_key(folder)


def test_what_was_sealed_opens_again_for_its_own_credential(tmp_path: Path) -> None:
    key = made_key(tmp_path)
    sealed = key.seal(SECRET, channel="chn-1", credential="crd-1")
    assert key.unseal(sealed, channel="chn-1", credential="crd-1") == SECRET
    assert SECRET["password"].encode() not in sealed
    assert key.seal(SECRET, channel="chn-1", credential="crd-1") != sealed


@pytest.mark.parametrize("moved", [("chn-2", "crd-1"), ("chn-1", "crd-2")])
def test_what_was_moved_to_another_row_does_not_open(tmp_path: Path, moved: tuple[str, str]) -> None:
    key = made_key(tmp_path)
    sealed = key.seal(SECRET, channel="chn-1", credential="crd-1")
    with pytest.raises(Refused) as caught:
        key.unseal(sealed, channel=moved[0], credential=moved[1])
    assert caught.value.reasons[0].code == "sealed-unreadable"


def test_no_altered_byte_opens(tmp_path: Path) -> None:
    key = made_key(tmp_path)
    sealed = key.seal(SECRET, channel="chn-1", credential="crd-1")
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Refused):
            key.unseal(altered, channel="chn-1", credential="crd-1")
    with pytest.raises(Refused):
        key.unseal(b"", channel="chn-1", credential="crd-1")


def test_another_key_does_not_open_and_marks_differently(tmp_path: Path) -> None:
    key, other = made_key(tmp_path / "a"), made_key(tmp_path / "b")
    sealed = key.seal(SECRET, channel="chn-1", credential="crd-1")
    with pytest.raises(Refused):
        other.unseal(sealed, channel="chn-1", credential="crd-1")
    assert key.mark("same") == key.mark("same") != other.mark("same")
    assert key.key_id != other.key_id


def test_a_missing_key_is_said_and_an_existing_one_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        custody.read_key(tmp_path)
    assert caught.value.reasons[0].code == "custody-key-missing"
    first = made_key(tmp_path).key_id
    custody.make_key(tmp_path)
    assert custody.read_key(tmp_path).key_id == first
    assert (tmp_path / custody.KEY_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "not hex", "ab" * 31, "zz" * 32])
def test_a_file_that_is_no_key_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / custody.KEY_NAME).write_text(content)
    with pytest.raises(Refused) as caught:
        custody.read_key(tmp_path)
    assert caught.value.reasons[0].code == "custody-key-unreadable"


def test_the_key_does_not_show_itself(tmp_path: Path) -> None:
    key = made_key(tmp_path)
    assert key.sealing.hex() not in repr(key)
    assert "sealing" not in repr(key)
