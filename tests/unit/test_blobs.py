"""Blobs: kept under their own digest, once, whole; nothing but a digest ever becomes a path."""

import io
import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from rostrum.connectors.blobs import LocalBlobs, NoSuchBlob


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


@pytest.mark.parametrize("content", [b"", b"x", os.urandom(3_000_000)])
def test_bytes_come_back_under_their_digest(blobs: LocalBlobs, content: bytes) -> None:
    digest = sha256(content).hexdigest()
    assert not blobs.has(digest)
    assert blobs.put(content) == digest
    assert blobs.store(io.BytesIO(content)).is_new is False
    assert (blobs.read(digest), blobs.size_bytes(digest), blobs.has(digest)) == (content, len(content), True)
    assert list(blobs.digests()) == [digest]


def test_a_blob_is_written_once_and_read_only(blobs: LocalBlobs, tmp_path: Path) -> None:
    digest = blobs.put(b"first")
    path = next(tmp_path.rglob(digest))
    before = path.stat()
    blobs.put(b"first")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert not before.st_mode & 0o222
    assert list((tmp_path / "blobs" / ".incoming").iterdir()) == []


def test_a_stream_that_breaks_leaves_nothing(blobs: LocalBlobs, tmp_path: Path) -> None:
    class Breaking(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError("cut off")

    with pytest.raises(OSError, match="cut off"):
        blobs.put(Breaking())
    assert list(blobs.digests()) == []
    assert list((tmp_path / "blobs" / ".incoming").iterdir()) == []


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32])
def test_what_is_no_stored_digest_is_not_there(blobs: LocalBlobs, digest: str) -> None:
    assert not blobs.has(digest) if len(digest) == 64 and digest.islower() else True
    for call in (blobs.open, blobs.read, blobs.size_bytes, blobs.delete):
        with pytest.raises(NoSuchBlob):
            call(digest)


def test_deleting_removes_the_bytes(blobs: LocalBlobs) -> None:
    digest = blobs.put(b"x")
    blobs.delete(digest)
    assert not blobs.has(digest)


def test_what_a_crash_left_half_written_is_swept(blobs: LocalBlobs, tmp_path: Path) -> None:
    blobs.put(b"x")
    left_over = tmp_path / "blobs" / ".incoming" / "half"
    left_over.write_bytes(b"ha")
    assert blobs.sweep(older_than=left_over.stat().st_mtime - 1) == 0
    assert blobs.sweep(older_than=left_over.stat().st_mtime + 1) == 1
    assert not left_over.exists()


def test_two_writers_of_one_content_both_succeed(blobs: LocalBlobs) -> None:
    content = os.urandom(200_000)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(blobs.put(content))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [sha256(content).hexdigest()] * 8
