import io
import random
from hashlib import sha256
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.evidence.bag import BagReader, BagWriter, escape_path, unescape_path
from rostrum.evidence.sources import Fault, FolderSource, Unreadable, bad_path

INFO = {"Source-Organization": "City of Example", "Bagging-Date": "2026-11-20"}


def write(folder: Path) -> Path:
    with BagWriter(folder) as bag:
        bag.add("b/two.bin", io.BytesIO(b"\0" * 3_000_000))
        bag.add("a.txt", b"one")
        bag.add("100%25.txt", [b"o", b"dd"])
        bag.add("é.txt", b"")
        bag.finish(INFO)
    return folder


def digest_of(folder: Path, when: str) -> str:
    """The manifest's digest: as the tag manifest lists it, or of its bytes now."""
    if when == "now":
        return sha256((folder / "manifest-sha256.txt").read_bytes()).hexdigest()
    lines = (folder / "tagmanifest-sha256.txt").read_text().splitlines()
    return next(line[:64] for line in lines if line.endswith("  manifest-sha256.txt"))


def faults(folder: Path) -> list[Fault]:
    reader = BagReader(FolderSource(folder))
    contents = reader.contents()
    for path, digest in contents.payload.items():
        if path in contents.sizes and reader.digest(path) != digest:
            reader.fault(path, "digest")
    return reader.faults


def test_a_bag_reads_back_and_is_valid_under_the_reference_implementation(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    assert faults(folder) == []
    # The reference implementation encodes CR and LF but not the percent sign (RFC 8493, 2.1.3): seen in 1.9.0.
    edit(folder, "manifest-sha256.txt", "%2525", "%25")
    edit(folder, "tagmanifest-sha256.txt", *(digest_of(folder, when) for when in ("listed", "now")))
    assert bagit.Bag(str(folder)).validate()
    assert "Payload-Oxum: 3000006.4" in (folder / "bag-info.txt").read_text()


def test_the_manifest_is_sorted_whatever_the_order_of_writing(tmp_path: Path) -> None:
    names = [f"{number:03d}/x{number % 7}" for number in range(200)]
    random.Random(5).shuffle(names)
    with BagWriter(tmp_path / "bag") as bag:
        for name in names:
            bag.add(name, name.encode())
        bag.finish(INFO)
    listed = [line[66:] for line in (tmp_path / "bag/manifest-sha256.txt").read_text().splitlines()]
    assert listed == sorted(f"data/{name}" for name in names)
    assert faults(tmp_path / "bag") == []


@given(st.text())
def test_paths_are_encoded_as_the_rfc_says_and_back(path: str) -> None:
    written = escape_path(path)
    assert "\n" not in written
    assert "\r" not in written
    assert unescape_path(written) == path


@pytest.mark.parametrize("written", ["%", "%0a", "%20", "a%2", "%250A%", "x\ny"])
def test_another_encoding_of_a_path_is_refused(written: str) -> None:
    assert unescape_path(written) is None


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/./b", "", "a\\b", "e\u0301", "x" * 2000, "a\0b"])
def test_the_writer_refuses_odd_paths(tmp_path: Path, name: str) -> None:
    with BagWriter(tmp_path / "bag") as bag, pytest.raises(ValueError):
        bag.add(name, b"")


def test_the_writer_refuses_a_path_twice_and_labels_that_would_not_read_back(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as bag:
        bag.add("a", b"")
        with pytest.raises(FileExistsError):
            bag.add("a", b"")
        for label, value in (("A b", "x"), ("A", ""), ("A", "x\ny"), ("A", " x")):
            with pytest.raises(ValueError, match=r"bag-info\.txt"):
                bag.finish({label: value})


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "why"),
    [
        ("manifest-sha256.txt", "  data/a", " data/a", "manifest-sha256.txt, line 2", "two spaces"),
        ("manifest-sha256.txt", "  data/a", "   data/a", "manifest-sha256.txt, line 2", "two spaces"),
        ("manifest-sha256.txt", "  data/a", " *data/a", "manifest-sha256.txt, line 2", "two spaces"),
        ("manifest-sha256.txt", "data/a.txt\n", "data/a.txt\r\n", "manifest-sha256.txt, line 2", "encodes"),
        ("manifest-sha256.txt", "data/a.txt", "data/./a.txt", "manifest-sha256.txt, line 2", "leaves its folder"),
        ("manifest-sha256.txt", "data/a.txt", "data/../a.txt", "manifest-sha256.txt, line 2", "leaves its folder"),
        ("manifest-sha256.txt", "data/a.txt", "bagit.txt", "manifest-sha256.txt, line 2", "other manifest"),
        ("manifest-sha256.txt", "data/a.txt", "data/z.txt", "manifest-sha256.txt, line 3", "out of order"),
        ("manifest-sha256.txt", "%2525", "%25%32%35", "manifest-sha256.txt, line 1", "encodes"),
        ("manifest-sha256.txt", "é", "e\u0301", "manifest-sha256.txt", "normalisation"),
        ("tagmanifest-sha256.txt", "  bag-info", "  ./bag-info", "tagmanifest-sha256.txt, line 1", "leaves its folder"),
        ("bagit.txt", "1.0", "0.97", "bagit.txt", "digest"),
        ("bag-info.txt", ": City", ":City", "bag-info.txt, line 1", "label"),
        ("bag-info.txt", "Bagging-Date", "Source-Organization", "bag-info.txt, line 2", "again"),
        ("bag-info.txt", "3000006.4", "3000006.5", "bag-info.txt", "Payload-Oxum"),
        ("bag-info.txt", "Payload-Oxum: 3000006.4\n", "", "bag-info.txt", "Payload-Oxum"),
    ],
)
def test_every_departure_from_the_one_spelling_is_located(
    tmp_path: Path, name: str, old: str, new: str, where: str, why: str
) -> None:
    folder = write(tmp_path / "bag")
    edit(folder, name, old, new)
    assert any(fault.where == where and why in fault.why for fault in faults(folder)), faults(folder)


def test_upper_case_digests_are_not_accepted(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    path = folder / "manifest-sha256.txt"
    path.write_text(path.read_text().upper().replace("DATA/", "data/"))
    assert any("lower-case" in fault.why for fault in faults(folder))


def test_unlisted_and_missing_files_are_located(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    (folder / "notes.txt").write_text("x")
    (folder / "data/more").write_text("x")
    (folder / "data/a.txt").unlink()
    found = {fault.where: fault.why for fault in faults(folder)}
    assert found["notes.txt"] == "is not listed in tagmanifest-sha256.txt"
    assert found["data/more"] == "is not listed in manifest-sha256.txt"
    assert found["data/a.txt"] == "is listed in manifest-sha256.txt but missing"


def test_text_that_is_not_utf8_or_not_ended_is_located(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    (folder / "bag-info.txt").write_bytes(b"Source-Organization: x\nA: \xff\n")
    path = folder / "manifest-sha256.txt"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    found = {fault.where: fault.why for fault in faults(folder)}
    assert found["bag-info.txt, line 2"] == "is not UTF-8"
    assert any("newline" in fault.why for fault in faults(folder) if fault.where == "manifest-sha256.txt")


@pytest.mark.parametrize("missing", ["bagit.txt", "manifest-sha256.txt"])
def test_without_declaration_or_manifest_it_is_no_bag(tmp_path: Path, missing: str) -> None:
    folder = write(tmp_path / "bag")
    (folder / missing).unlink()
    with pytest.raises(Unreadable, match=missing):
        faults(folder)


@given(st.text("ab1-_./\\é\n", max_size=12))
def test_a_path_is_taken_if_every_part_of_it_is_a_name(path: str) -> None:
    acceptable = all(part not in ("", ".", "..") for part in path.split("/")) and "\\" not in path
    assert (bad_path(path) is None) is acceptable
