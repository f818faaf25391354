"""The search for planted secrets finds them: in every spelling, in what is packed, in memory; and nothing else."""

import base64
import gzip
import io
import json
import os
import secrets
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.planted import Hit, Planted, find_in_files, find_in_memory

MARK = "QZ7VX4KTW5J2"
PASSWORD = f'é{MARK}&"%\\</p>ß'
OTHER = "n0-mark-at-all"


@pytest.fixture
def planted() -> Planted:
    return Planted({"password": PASSWORD, "other": OTHER, "bytes": b"\x00\xff\x10\x80\x00\xfe\x01\x02"}, mark=MARK)


@pytest.mark.parametrize("value", [PASSWORD, OTHER])
@pytest.mark.parametrize(
    "write",
    [
        lambda value: value.encode(),
        lambda value: value.encode("utf-16"),
        lambda value: value.encode("utf-32"),
        lambda value: json.dumps({"a": [value]}).encode(),
        lambda value: json.dumps({"a": [value]})[::-1].encode(),
        lambda value: json.dumps(json.dumps(value)).encode(),
        lambda value: quote(value, safe="").encode(),
        lambda value: value.encode().hex().encode(),
        lambda value: value.encode().hex().upper().encode(),
        lambda value: base64.b64encode(b"xy" + value.encode() + b"z"),
        lambda value: base64.b64encode(b"x" + value.encode()),
        lambda value: base64.urlsafe_b64encode(value.encode() + b"tail"),
        lambda value: repr(value).encode(),
    ],
)
def test_it_is_found_in_every_spelling(planted: Planted, value: str, write: Callable[[str], bytes]) -> None:
    found = planted.find(b"before " + write(value) + b" after", "here")
    assert {one.name for one in found} == {"password" if value == PASSWORD else "other"}


def test_bytes_are_found_too(planted: Planted) -> None:
    assert planted.find(b"..\x00\xff\x10\x80\x00\xfe\x01\x02..", "here") == {Hit("bytes", "as it is", "here")}


def test_a_part_of_one_is_found_by_its_mark(planted: Planted) -> None:
    assert {one.spelling for one in planted.find(f"é{MARK}".encode(), "here")} == {"a part of it"}


def test_nothing_is_found_where_nothing_is(planted: Planted) -> None:
    assert not planted.find(os.urandom(200_000), "noise")


def test_packed_files_are_opened(planted: Planted, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        entry = tarfile.TarInfo("note.txt")
        entry.size = len(OTHER)
        tar.addfile(entry, io.BytesIO(OTHER.encode()))
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.tar.gz", gzip.compress(inner.getvalue()))
    (tmp_path / "apart").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / OTHER).touch()
    found = {one.where for one in find_in_files(planted, tmp_path, apart={"apart"})}
    assert found == {"names of files", "all.zip!deep.tar.gz!gunzip", "all.zip!deep.tar.gz!gunzip!note.txt"}


def test_what_a_process_holds_is_found_in_its_memory() -> None:
    held = secrets.token_hex(20)
    try:
        found = find_in_memory(Planted({"held": held}), os.getpid())
    except PermissionError:
        pytest.skip("this machine lets nobody look into memory")
    assert {one.name for one in found} == {"held"}
