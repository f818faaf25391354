"""Opening what was given: hostile, broken and wrong files are refused with the file named, before anything is read."""

import gzip
import hashlib
import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from rostrum.importers import Limits, detect
from rostrum.importers.reading import open_container
from rostrum.kernel.decisions import InvalidInput
from tests.simulators.exports import XArchive, mastodon_members, write_tar_gz, write_zip

GOOD = {"data/tweets.js": b"[]"}


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(InvalidInput) as caught:
        open_container(path, limits or Limits())
    assert caught.value.where == path.name
    return caught.value.why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../etc/passwd", "leads outside of the archive"),
        ("data/../../x.js", "leads outside of the archive"),
        ("data\\..\\x.js", "leads outside of the archive"),
        ("/etc/passwd", "is an absolute path"),
        ("\\\\server\\share", "is an absolute path"),
        ("C:\\windows\\x.js", "is an absolute path"),
    ],
)
@pytest.mark.parametrize("pack", [write_zip, write_tar_gz])
def test_names_that_lead_outside_are_refused(tmp_path: Path, name: str, why: str, pack: object) -> None:
    path = pack(tmp_path / "export.zip", {**GOOD, name: b"x"})  # type: ignore[operator]
    assert why in refusal(path)
    assert repr(name) in refusal(path)


def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", {"data/a!evil.js": b"x"})
    path.write_bytes(path.read_bytes().replace(b"data/a!evil.js", b"data/a\0evil.js"))
    assert "NUL" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", [("data/tweets.js", b"[]"), ("data/tweets.js", b"[1]")])
    assert "two members have the same name: 'data/tweets.js'" in refusal(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("data/tweets.js")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "is a link or a device" in refusal(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "export.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("outbox.json")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    assert "is a link or a device" in refusal(path)


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", GOOD)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(content)
    assert "is encrypted" in refusal(path)


def test_a_truncated_zip_is_named_as_truncated(tmp_path: Path) -> None:
    path = XArchive().write(tmp_path / "twitter-2026-03-01.zip")
    content = path.read_bytes()
    for length in (100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        assert "truncated" in refusal(path)


def test_a_truncated_tar_gz_is_named_as_truncated(tmp_path: Path) -> None:
    path = write_tar_gz(tmp_path / "archive.tar.gz", mastodon_members([]))
    content = path.read_bytes()
    for length in (100, len(content) // 2, len(content) - 9):
        path.write_bytes(content[:length])
        assert "truncated" in refusal(path)


def test_a_truncated_tar_is_named_as_truncated(tmp_path: Path) -> None:
    path = write_tar_gz(tmp_path / "archive.tar.gz", {"outbox.json": b"x" * 5000})
    plain = tmp_path / "archive.tar"
    plain.write_bytes(gzip.decompress(path.read_bytes())[:3000])
    assert "truncated" in refusal(plain)


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    path = write_tar_gz(tmp_path / "archive.tar.gz", {"outbox.json": bytes(range(256)) * 100})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    why = refusal(path)
    assert "damaged" in why or "truncated" in why


def test_a_gzip_without_a_tar_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.gz"
    path.write_bytes(gzip.compress(b"just words" * 100))
    assert "holds no tar archive" in refusal(path)


@pytest.mark.parametrize("pack", [write_zip, write_tar_gz])
def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path, pack: object) -> None:
    path = pack(tmp_path / "export.zip", {"data/tweets.js": b"\0" * 3_000_000})  # type: ignore[operator]
    assert "more than 200 to 1" in refusal(path, Limits(ratio_from_bytes=1_000_000))
    # The same below the size from which ratios count is plain repetition.
    open_container(path, Limits()).close()


@pytest.mark.parametrize("pack", [write_zip, write_tar_gz])
def test_an_archive_over_the_ceiling_is_refused(tmp_path: Path, pack: object) -> None:
    path = pack(tmp_path / "export.zip", {"a.js": b"\0" * 60_000, "b.js": b"\0" * 60_000})  # type: ignore[operator]
    assert "the ceiling is 100000" in refusal(path, Limits(total_bytes=100_000))


def test_many_small_members_that_together_are_a_bomb_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", {f"{number}.js": b"\0" * 90_000 for number in range(20)})
    assert "the archive unpacks" in refusal(path, Limits(ratio_from_bytes=1_000_000, ratio=20))


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    members = {f"{number}.js": b"" for number in range(20)}
    assert "20 members" in refusal(write_zip(tmp_path / "a.zip", members), Limits(members=10))
    assert "more than 10 members" in refusal(write_tar_gz(tmp_path / "a.tar.gz", members), Limits(members=10))


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", {"a.js": b"12345678" * 50, "b.js": b"12345678" * 50})
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    # The second entry of the directory points to the first member's bytes.
    struct.pack_into("<L", content, second + 42, 0)
    path.write_bytes(content)
    assert "overlaps another one" in refusal(path)


def test_a_member_longer_than_announced_is_damaged_and_the_others_are_not(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "export.zip", {"a.js": b"x" * 5000, "b.js": b"[]"})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(mark) + at, 100)
    path.write_bytes(content)
    container = open_container(path, Limits())
    container.seal()
    first, second = container.members
    container.close()
    assert "damaged" in first.damage
    assert (first.sha256, second.damage, second.sha256) == ("", "", hashlib.sha256(b"[]").hexdigest())


def test_a_tar_header_that_announces_a_huge_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.tar"
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))
    assert "implausible tar header" in refusal(path)


def test_a_long_name_in_a_tar_is_read(tmp_path: Path) -> None:
    name = "media_attachments/" + "files/" * 40 + "a.png"
    container = open_container(write_tar_gz(tmp_path / "a.tar.gz", {name: b"x"}), Limits())
    assert [member.name for member in container.members] == [name]
    container.close()


def test_sealing_hashes_the_whole_file_and_each_member_and_reports_progress(tmp_path: Path) -> None:
    for pack in (write_zip, write_tar_gz):
        path = pack(tmp_path / f"{pack.__name__}.bin", {"outbox.json": b'{"orderedItems":[]}', "b/c.png": b"\x89PNG"})
        done: list[tuple[int, int]] = []
        with detect([path], kind="mastodon") as export:
            assert export.sources[0].sha256 == ""
            export.seal(lambda now, total, done=done: done.append((now, total)))  # type: ignore[misc]
            (source,) = export.sources
        assert source.name == path.name
        assert source.size_bytes == path.stat().st_size
        assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert {one.name: one.sha256 for one in source.members} == {
            "outbox.json": hashlib.sha256(b'{"orderedItems":[]}').hexdigest(),
            "b/c.png": hashlib.sha256(b"\x89PNG").hexdigest(),
        }
        assert done[-1][0] == done[-1][1]


def test_members_of_a_tar_can_be_read_side_by_side(tmp_path: Path) -> None:
    container = open_container(write_tar_gz(tmp_path / "a.tar.gz", {"a": b"1" * 200_000, "b": b"2" * 100}), Limits())
    first, second = (member.open() for member in container.members)
    assert first.read(10) == b"1" * 10
    assert second.read() == b"2" * 100
    assert first.read() == b"1" * 199_990
    for stream in (first, second):
        stream.close()
    container.close()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("letter.pdf", b"%PDF-1.7\n", "not an export of a known kind"),
        ("notes.txt", b"Dear Sir or Madam", "not an export of a known kind"),
        ("tweets.js", b"%PDF-1.7 named otherwise", "not an export of a known kind"),
        ("outbox.json", b'{"hello": "world"}', "not an export of a known kind"),
        ("nothing.zip", b"", "is empty"),
        ("empty.zip", b"PK\x05\x06" + bytes(18), "without members"),
    ],
)
def test_the_wrong_kind_of_file_is_refused_with_what_would_be_right(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        detect([path])
    assert caught.value.where == name
    assert why in caught.value.why


def test_an_unknown_zip_lists_what_it_holds_and_what_is_supported(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "photos.zip", {f"IMG_{number}.jpg": b"" for number in range(8)})
    with pytest.raises(InvalidInput) as caught:
        detect([path])
    assert "IMG_0.jpg" in caught.value.why
    assert "and 3 more" in caught.value.why
    assert "X (Twitter) archive" in caught.value.why
    assert "--kind mastodon" in caught.value.why


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "not unpacked" in refusal(tmp_path)
    assert "cannot be opened" in refusal(tmp_path / "gone.zip")


def test_kind_is_one_of_the_known(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="'facebook' is not a kind"):
        detect([XArchive().write(tmp_path / "x.zip")], kind="facebook")
    with pytest.raises(InvalidInput, match="no file was given"):
        detect([])


def test_exports_of_different_kinds_are_not_mixed(tmp_path: Path) -> None:
    first = XArchive().write(tmp_path / "x.zip")
    second = write_tar_gz(tmp_path / "m.tar.gz", mastodon_members([]))
    with pytest.raises(InvalidInput, match=r"x \(x\.zip\) and mastodon \(m\.tar\.gz\)"):
        detect([first, second])


def test_an_export_left_open_leaves_no_open_file(tmp_path: Path) -> None:
    path = write_tar_gz(tmp_path / "m.tar.gz", mastodon_members([]))
    export = detect([path])
    stream = export.containers[0].members[0].open()
    assert stream.read(1)
    assert isinstance(stream, io.BufferedReader)
    stream.close()
    del export  # a file left open would warn, and warnings are errors
