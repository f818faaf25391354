"""Which passwords are refused, and why; and finding one in a list of breached ones."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st

from rostrum import settings as product
from rostrum.areas.people.passwords import HardToGuess, NotBreached, stands_in, words_of

ADA = SimpleNamespace(name="Ada Lindqvist", email="ada.lindqvist@city.example", title="Coordinator")


def body_words() -> list[str]:
    return ["City of Wausau", "Wausau Parks", "@wausauparks"]


VALIDATOR = HardToGuess(words_from=["tests.unit.test_passwords.body_words"])


def why_not(password: str) -> str:
    with pytest.raises(ValidationError) as caught:
        VALIDATOR.validate(password, ADA)
    return str(caught.value.code)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Password12345!", "guessable"),
        ("qwertyuiop123", "guessable"),
        ("aaaaaaaaaaaaaaaa", "guessable"),
        ("123456789012", "guessable"),
        ("abcdefghijklmnop", "guessable"),
        ("letmeinletmein", "guessable"),
        ("lindqvistada.lindqvist", "personal"),
        ("wausauparkswausau", "of-the-body"),
    ],
)
def test_what_a_guesser_tries_early_is_refused(password: str, code: str) -> None:
    assert why_not(password) == code


@pytest.mark.parametrize(
    "password",
    [
        "lanterns over the river",
        "open-meeting-tuesday",
        "mulberry parade at noon",
        "x7#kQ2v!mZp9",
        "ばらの花が咲いた夏の朝に歩く",
        "only small letters but many words" * 40,
    ],
)
def test_no_kinds_of_characters_are_asked_for(password: str) -> None:
    VALIDATOR.validate(password, ADA)


def test_the_words_of_a_text_are_its_parts_and_the_whole_run_together() -> None:
    assert words_of(["City of Wausau", None, "@parks_rec"]) == ["city", "wausau", "cityofwausau", "parks", "parksrec"]


def _list(folder: Path, passwords: list[str], *, end: str = "\r\n", counts: bool = True) -> Path:
    digests = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in passwords)
    path = folder / "breached.txt"
    path.write_bytes("".join(f"{one}{':3' if counts else ''}{end}" for one in digests).encode())
    return path


@pytest.mark.parametrize(("end", "counts"), [("\r\n", True), ("\n", False)])
@pytest.mark.parametrize("size", [1, 2, 3, 10, 257])
def test_every_password_of_a_list_is_found_and_no_other(tmp_path: Path, end: str, counts: bool, size: int) -> None:
    listed = [f"stolen password {number}" for number in range(size)]
    path = _list(tmp_path, listed, end=end, counts=counts)

    assert all(stands_in(path, one) for one in listed)
    assert not any(stands_in(path, f"another password {number}") for number in range(size))


@given(st.sets(st.text(min_size=1, max_size=20), max_size=40), st.text(max_size=20))
def test_a_list_holds_what_was_put_in(tmp_path_factory: pytest.TempPathFactory, listed: set[str], other: str) -> None:
    path = _list(tmp_path_factory.mktemp("list"), sorted(listed))

    assert all(stands_in(path, one) for one in listed)
    assert stands_in(path, other) == (other in listed)


def test_an_empty_list_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")

    assert not stands_in(path, "anything")


def test_a_breached_password_is_refused_where_the_body_keeps_a_list(tmp_path: Path) -> None:
    stolen = "lanterns over the river"
    with override_settings(BREACHED_PASSWORDS=None):
        NotBreached().validate(stolen)
    with override_settings(BREACHED_PASSWORDS=_list(tmp_path, [stolen])):
        NotBreached().validate("mulberry parade at noon")
        with pytest.raises(ValidationError) as caught:
            NotBreached().validate(stolen)
    assert caught.value.code == "breached"


def test_the_product_hashes_passwords_with_scrypt_at_owasps_figures() -> None:
    # Not what the tests themselves run with: those hash quickly.
    [path] = product.PASSWORD_HASHERS
    hasher = import_string(path)()
    assert (hasher.algorithm, hasher.work_factor, hasher.block_size, hasher.parallelism) == ("scrypt", 2**14, 8, 5)
