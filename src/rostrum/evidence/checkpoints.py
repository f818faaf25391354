"""Checkpoints: what the log says about itself, signed (C2SP tlog-checkpoint and signed-note; Ed25519).

example.gov/log                      origin, also the key's name
20852163                             number of leaves
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2...  root, base64

— example.gov/log Az3grlgtzPICa5O... signature: base64(4-byte key id + Ed25519 signature of the text above)
"""

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rostrum.evidence.commitments import from_base64
from rostrum.evidence.merkle import HASH_SIZE

ED25519 = b"\x01"
LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100

_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_PRIVATE = "PRIVATE+KEY+"


class BadNote(ValueError):
    """A note, checkpoint or key that is not of the form the specification gives."""


class UntrustedNote(ValueError):
    """A well-formed note that no given key has signed, or whose signature by a given key is wrong."""


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or any(ord(character) < 0x20 for character in name):
        raise BadNote(f"{name!r} cannot name a key: it must have no spaces and no plus sign")
    return name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, written ``name+keyid+base64(0x01 + key)``."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Return the key written in `text`. Raises `BadNote`."""
        pieces = text.split("+", 2)
        if len(pieces) != 3:
            raise BadNote("a verifier key is written name+keyid+base64")
        name, key_id, encoded = pieces
        try:
            public = from_base64(encoded)
        except ValueError as problem:
            raise BadNote(f"the key of {name!r} {problem}") from None
        if len(public) != 33 or public[:1] != ED25519:
            raise BadNote(f"the key of {name!r} is not an Ed25519 key")
        key = cls(_checked_name(name), public[1:])
        if key.key_id.hex() != key_id:
            raise BadNote(f"the key id of {name!r} is {key.key_id.hex()}, not {key_id[:20]}")
        return key

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class SignerKey:
    """A private key with its name, written ``PRIVATE+KEY+name+keyid+base64(0x01 + seed)``."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = _checked_name(name)
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"  # never the key itself: this may end in a log

    @classmethod
    def generate(cls, name: str) -> "SignerKey":
        """Return a fresh key. Raises `BadNote` for a bad name."""
        return cls(name, os.urandom(32))

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Return the key written in `text`. Raises `BadNote` (which never shows the key)."""
        pieces = text.removeprefix(_PRIVATE).split("+", 2)
        if not text.startswith(_PRIVATE) or len(pieces) != 3:
            raise BadNote("a signer key is written PRIVATE+KEY+name+keyid+base64")
        try:
            seed = from_base64(pieces[2])
        except ValueError as problem:
            raise BadNote(f"the signer key {problem}") from None
        if len(seed) != 33 or seed[:1] != ED25519:
            raise BadNote("the signer key is not an Ed25519 key")
        key = cls(pieces[0], seed[1:])
        if key.verifier.key_id.hex() != pieces[1]:
            raise BadNote("the signer key's id does not fit its name and key")
        return key

    @classmethod
    def load(cls, path: Path) -> "SignerKey":
        """Return the key in a file written by `save`. Raises OSError, `BadNote`."""
        return cls.parse(path.read_text(encoding="utf-8").strip())

    def save(self, path: Path) -> None:
        """Write the key to a new file that only its owner may read, durably. Raises FileExistsError."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self.text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def text(self) -> str:
        """Return the private key as text: a secret."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_base64(ED25519 + self._seed)}"

    @property
    def verifier(self) -> VerifierKey:
        """The public key that verifies what this one signs."""
        return VerifierKey(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """Return the 64-byte signature of the text."""
        return self._key.sign(text)


def read_verifier_keys(text: str) -> list[VerifierKey]:
    """Return the keys of a key file: one per line; empty lines and those beginning with # are passed over.

    Raises `BadNote` naming the line.
    """
    keys: list[VerifierKey] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                keys.append(VerifierKey.parse(line.strip()))
            except BadNote as problem:
                raise BadNote(f"line {number}: {problem}") from None
    return keys


class Signature(NamedTuple):
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A signed note, read but not verified."""

    text: str
    signatures: tuple[Signature, ...]


def sign_note(text: str, *signers: SignerKey) -> bytes:
    """Return the signed note over `text`, which ends in a newline. Raises `BadNote`."""
    _check_note_text(text)
    lines = [f"— {signer.name} {_base64(signer.verifier.key_id + signer.sign(text.encode()))}\n" for signer in signers]
    return f"{text}\n{''.join(lines)}".encode()


def _check_note_text(text: str) -> None:
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends in a newline")
    if any(ord(character) < 0x20 and character != "\n" for character in text):
        raise BadNote("a note has no control characters but newlines")


def parse_note(data: bytes) -> Note:
    """Read a signed note without verifying it. Raises `BadNote`."""
    if len(data) > LARGEST_NOTE:
        raise BadNote(f"a note has at most {LARGEST_NOTE} bytes")
    try:
        whole = data.decode()
    except UnicodeDecodeError as problem:
        raise BadNote(f"byte {problem.start} is not UTF-8") from None
    _check_note_text(whole)
    # The last empty line parts the text from its signatures.
    text, gap, signed = whole.rpartition("\n\n")
    if not gap:
        raise BadNote("a note has an empty line before its signatures")
    signatures: list[Signature] = []
    for line in signed.removesuffix("\n").split("\n"):
        pieces = line.split(" ")
        if len(pieces) != 3 or pieces[0] != "—":
            raise BadNote("a signature line is: em dash, name, base64, with one space between")
        try:
            blob = from_base64(pieces[2])
        except ValueError as problem:
            raise BadNote(f"the signature {problem}") from None
        if len(blob) < 5:
            raise BadNote("a signature has at least five bytes")
        signatures.append(Signature(_checked_name(pieces[1]), blob[:4], blob[4:]))
    if len(signatures) > MOST_SIGNATURES:
        raise BadNote(f"a note has at most {MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(signatures))


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> tuple[str, tuple[VerifierKey, ...]]:
    """Return the text of a note and the given keys that signed it.

    Raises `BadNote`, and `UntrustedNote` if none of them did or a signature by one of them is wrong.
    """
    note = parse_note(data)
    by_line = {(key.name, key.key_id): key for key in keys}
    signed: list[VerifierKey] = []
    for line in note.signatures:
        key = by_line.get((line.name, line.key_id))
        if key is None:
            continue
        if not key.verifies(note.text.encode(), line.signature):
            raise UntrustedNote(f"the signature by {line.name} is wrong")
        if key not in signed:
            signed.append(key)
    if not signed:
        names = ", ".join(sorted({line.name for line in note.signatures}))
        raise UntrustedNote(f"signed by {names}, for which no key was given")
    return note.text, tuple(signed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Origin, size and root of a log at one moment."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """Return the note text. Raises `BadNote` if a field would not read back the same."""
        text = "\n".join((self.origin, str(self.size), _base64(self.root), *self.extensions)) + "\n"
        if Checkpoint.parse(text) != self:
            raise BadNote("the checkpoint's lines would read differently")
        return text

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the checkpoint in a note's text. Raises `BadNote`."""
        if not text.endswith("\n"):
            raise BadNote("a checkpoint ends in a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            raise BadNote("a checkpoint has at least three lines, none of them empty")
        if not _SIZE.fullmatch(lines[1]):
            raise BadNote("the second line of a checkpoint is the number of leaves")
        try:
            root = from_base64(lines[2])
        except ValueError as problem:
            raise BadNote(f"the third line of a checkpoint {problem}") from None
        if len(root) != HASH_SIZE:
            raise BadNote("the root of a checkpoint has 32 bytes")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))

    def signed(self, *signers: SignerKey) -> bytes:
        """Return the checkpoint as a signed note. Raises `BadNote`."""
        return sign_note(self.body(), *signers)


def open_checkpoint(data: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return a checkpoint signed by the log itself: by a given key whose name is the origin.

    Raises `BadNote`, `UntrustedNote`.
    """
    text, signers = open_note(data, keys)
    checkpoint = Checkpoint.parse(text)
    if all(signer.name != checkpoint.origin for signer in signers):
        raise UntrustedNote(f"the log {checkpoint.origin} has not signed it with a given key")
    return checkpoint
