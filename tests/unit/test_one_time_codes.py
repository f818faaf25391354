"""One-time codes against the test vectors of RFC 6238, appendix B, and RFC 4226, appendix D."""

import base64
from datetime import UTC, datetime

import pytest

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.one_time_codes import Seed, code_at, read_seed

_SEEDS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}


@pytest.mark.parametrize(
    ("seconds", "algorithm", "digits"),
    [
        (59, "sha1", "94287082"),
        (59, "sha256", "46119246"),
        (59, "sha512", "90693936"),
        (1111111109, "sha1", "07081804"),
        (1111111109, "sha256", "68084774"),
        (1111111109, "sha512", "25091201"),
        (1111111111, "sha1", "14050471"),
        (1111111111, "sha256", "67062674"),
        (1111111111, "sha512", "99943326"),
        (1234567890, "sha1", "89005924"),
        (1234567890, "sha256", "91819424"),
        (1234567890, "sha512", "93441116"),
        (2000000000, "sha1", "69279037"),
        (2000000000, "sha256", "90698825"),
        (2000000000, "sha512", "38618901"),
        (20000000000, "sha1", "65353130"),
        (20000000000, "sha256", "77737706"),
        (20000000000, "sha512", "47863826"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, algorithm: str, digits: str) -> None:
    seed = Seed(_SEEDS[algorithm], digits=8, algorithm=algorithm)
    assert code_at(seed, datetime.fromtimestamp(seconds, UTC)).digits == digits


@pytest.mark.parametrize(
    ("counter", "digits"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_the_vectors_of_rfc_4226_at_half_minutes(counter: int, digits: str) -> None:
    assert code_at(Seed(_SEEDS["sha1"]), datetime.fromtimestamp(counter * 30 + 7, UTC)).digits == digits


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59, 1)])
def test_a_code_says_how_long_it_is_good(second: int, left: int) -> None:
    assert code_at(Seed(_SEEDS["sha1"]), datetime(2026, 11, 1, 6, 30, second, tzinfo=UTC)).seconds_left == left


def test_a_seed_is_read_as_sites_show_it() -> None:
    base32 = base64.b32encode(_SEEDS["sha1"]).decode()
    spaced = " ".join(base32[start : start + 4] for start in range(0, len(base32), 4)).lower()
    assert read_seed(base32) == read_seed(spaced) == read_seed(f" {base32}\n") == Seed(_SEEDS["sha1"])
    address = f"otpauth://totp/City:parks?secret={base32}&issuer=City&digits=8&period=60&algorithm=SHA256"
    assert read_seed(address) == Seed(_SEEDS["sha1"], 8, 60, "sha256")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base32 at all!",
        "GEZDGNBV",
        "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "otpauth://totp/x",
        "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=12",
        "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=six",
        "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&algorithm=MD5",
    ],
)
def test_what_is_no_seed_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_seed(text)
    assert problem.value.where == "totp_seed"
    assert not text or text not in str(problem.value)


def test_neither_seed_nor_code_shows_itself() -> None:
    seed = Seed(_SEEDS["sha1"])
    assert "1234" not in repr(seed)
    code = code_at(seed, datetime.fromtimestamp(59, UTC))
    assert code.digits not in repr(code)
