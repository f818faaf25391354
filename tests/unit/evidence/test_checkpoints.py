import base64
import stat
from pathlib import Path

import pytest

from rostrum.evidence.checkpoints import (
    BadNote,
    Checkpoint,
    SignerKey,
    UntrustedNote,
    VerifierKey,
    open_checkpoint,
    open_note,
    parse_note,
    read_verifier_keys,
    sign_note,
)

# Published with Go's golang.org/x/mod/sumdb/note.
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# The example of the C2SP tlog-checkpoint specification.
C2SP_CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

LOG = SignerKey("city.example/log", bytes(range(32)))
OTHER = SignerKey("other.example/log", bytes(range(1, 33)))
HEAD = Checkpoint("city.example/log", 5, bytes(range(32)))


def test_the_published_note_verifies_and_is_signed_alike() -> None:
    key = VerifierKey.parse(GO_VERIFIER)
    assert open_note(GO_NOTE, [key]) == (GO_TEXT, (key,))
    assert sign_note(GO_TEXT, SignerKey.parse(GO_SIGNER)) == GO_NOTE
    assert str(key) == GO_VERIFIER
    assert str(SignerKey.parse(GO_SIGNER).verifier) == GO_VERIFIER
    assert SignerKey.parse(GO_SIGNER).text() == GO_SIGNER


def test_the_published_checkpoint_reads_and_is_written_alike() -> None:
    checkpoint = Checkpoint.parse(C2SP_CHECKPOINT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.body() == C2SP_CHECKPOINT


def test_every_changed_byte_of_a_signed_note_is_noticed() -> None:
    note = HEAD.signed(LOG)
    for at in range(len(note)):
        for flip in (0x01, 0x20):
            changed = bytearray(note)
            changed[at] ^= flip
            with pytest.raises((BadNote, UntrustedNote)):
                open_checkpoint(bytes(changed), [LOG.verifier])


def test_signatures_by_unknown_keys_are_passed_over_but_do_not_count() -> None:
    note = HEAD.signed(OTHER, LOG)
    assert open_checkpoint(note, [LOG.verifier]) == HEAD
    with pytest.raises(UntrustedNote, match="no key was given"):
        open_checkpoint(note, [])
    with pytest.raises(UntrustedNote, match="has not signed"):
        open_checkpoint(note, [OTHER.verifier])


def test_a_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    text = HEAD.body()
    wrong = base64.b64encode(OTHER.verifier.key_id + bytes(64)).decode()
    note = HEAD.signed(LOG) + f"— {OTHER.name} {wrong}\n".encode()
    assert open_note(note, [LOG.verifier])[0] == text
    with pytest.raises(UntrustedNote, match="wrong"):
        open_note(note, [LOG.verifier, OTHER.verifier])


def test_extension_lines_are_kept() -> None:
    checkpoint = Checkpoint("a", 0, bytes(32), ("witness 1",))
    assert open_checkpoint(checkpoint.signed(SignerKey("a", bytes(32))), [SignerKey("a", bytes(32)).verifier]) == (
        checkpoint
    )


@pytest.mark.parametrize(
    "text",
    [
        "a\n5\n",
        "a\n05\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n5\nAAAA\n",
        "a\n5\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


def test_a_checkpoint_whose_fields_hold_newlines_is_not_signed() -> None:
    with pytest.raises(BadNote, match="differently"):
        Checkpoint("a", 5, bytes(32), ("x\ny",)).body()


@pytest.mark.parametrize(
    "note",
    [
        b"\xff\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\n- name AAAAAAA=\n",
        "text\n\n— name\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— na+me AAAAAAA=\n".encode(),
        "te\txt\n\n— name AAAAAAA=\n".encode(),
        "text\n\n— name AAAAAAA=".encode(),
        b"x" * 2_000_000,
        ("text\n\n" + "— name AAAAAAA=\n" * 200).encode(),
    ],
)
def test_a_malformed_note_is_refused(note: bytes) -> None:
    with pytest.raises(BadNote):
        parse_note(note)


def test_every_shortened_or_changed_verifier_key_is_refused() -> None:
    for start in range(len(GO_VERIFIER)):
        for end in range(start, len(GO_VERIFIER)):
            with pytest.raises(BadNote):
                VerifierKey.parse(GO_VERIFIER[start:end])
        changed = GO_VERIFIER[:start] + chr(ord(GO_VERIFIER[start]) + 1) + GO_VERIFIER[start + 1 :]
        with pytest.raises(BadNote):
            VerifierKey.parse(changed)


def test_a_key_file_names_its_bad_line() -> None:
    text = f"# the log of the city\n\n{GO_VERIFIER}\n"
    assert read_verifier_keys(text) == [VerifierKey.parse(GO_VERIFIER)]
    with pytest.raises(BadNote, match="line 4"):
        read_verifier_keys(text + "nonsense\n")


def test_a_signer_key_is_kept_from_others_and_read_back(tmp_path: Path) -> None:
    key = SignerKey.generate("city.example/log")
    path = tmp_path / "log.key"
    key.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SignerKey.load(path).verifier == key.verifier
    with pytest.raises(FileExistsError):
        key.save(path)
    assert key.text() not in repr(key)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a", GO_VERIFIER, GO_SIGNER.replace("c74f", "c74e"), GO_SIGNER[:-4]])
def test_a_malformed_signer_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadNote) as refusal:
        SignerKey.parse(text)
    assert "AYEKFAL" not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_a_name_with_spaces_or_plus_names_no_key(name: str) -> None:
    with pytest.raises(BadNote):
        SignerKey.generate(name)
