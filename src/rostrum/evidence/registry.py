"""The registry of official channels as a file that anyone can check offline, against the ledger's key alone.

    {"format": "rostrum-registry/1",
     "registry": {"body", "as_of", "channels": [...]},
     "entry": {"id", "commitment", "leaf_index", "proof", "parts"},
     "checkpoint": "a signed C2SP checkpoint"}

The entry's body names the SHA-256 of the registry's canonical JSON; its parts recompute its commitment; the proof leads
from there to the checkpoint's root; the checkpoint is signed by the log's key. See docs/reference/registry-export.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from rostrum.evidence.canonical import canonical_json, parse_json
from rostrum.evidence.checkpoints import BadNote, Checkpoint, UntrustedNote, VerifierKey, open_checkpoint
from rostrum.evidence.claims import ENTRY_KEYS, proved
from rostrum.evidence.merkle import InclusionChecker

FORMAT = "rostrum-registry/1"
KIND = "portal.registry-exported.v1"
_KEYS = {"format", "registry", "entry", "checkpoint"}


class RegistryVerdict(StrEnum):
    """What can be said of a file."""

    INTACT = "intact"
    ALTERED = "altered"
    UNREADABLE = "unreadable"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True)
class RegistryResult:
    """The verdict, why, and what the file says of itself (empty unless it is intact)."""

    verdict: RegistryVerdict
    why: str = ""
    body: str = ""
    as_of: str = ""
    channels: int = 0
    origin: str = ""

    @property
    def exit_code(self) -> int:
        """0 intact, 1 altered, 2 unreadable, 3 untrusted: as for bundles."""
        return list(_CODES).index(self.verdict)

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {name: getattr(self, name) for name in ("verdict", "why", "body", "as_of", "channels", "origin")}


_CODES = (
    RegistryVerdict.INTACT,
    RegistryVerdict.ALTERED,
    RegistryVerdict.UNREADABLE,
    RegistryVerdict.UNTRUSTED,
)


def registry_file(registry: Mapping[str, Any], *, entry: Mapping[str, Any], checkpoint: str) -> bytes:
    """The file's bytes, canonical JSON. Raises `NotCanonical`."""
    return canonical_json(
        {"format": FORMAT, "registry": dict(registry), "entry": dict(entry), "checkpoint": checkpoint}
    )


def digest_of(registry: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of the registry's canonical JSON."""
    return sha256(canonical_json(dict(registry))).hexdigest()


class _Ends(Exception):
    """The check ends here, with this verdict."""

    def __init__(self, verdict: RegistryVerdict, why: str) -> None:
        super().__init__(why)
        self.verdict, self.why = verdict, why


def verify_registry(data: bytes, keys: Sequence[VerifierKey]) -> RegistryResult:
    """Check a file against the ledger's keys, obtained elsewhere than from it. Raises nothing."""
    try:
        registry, entry, note = _read(data)
        checkpoint = _checkpoint(note, keys)
        _check(registry, entry, checkpoint)
    except _Ends as end:
        return RegistryResult(end.verdict, end.why)
    channels = registry.get("channels")
    return RegistryResult(
        RegistryVerdict.INTACT,
        "",
        str(registry.get("body", "")),
        str(registry.get("as_of", "")),
        len(channels) if isinstance(channels, list) else 0,
        checkpoint.origin,
    )


def _read(data: bytes) -> tuple[dict[str, Any], dict[str, Any], str]:
    try:
        value = parse_json(data)
    except ValueError as problem:
        raise _Ends(RegistryVerdict.UNREADABLE, str(problem)) from None
    if not isinstance(value, dict) or value.keys() != _KEYS or value["format"] != FORMAT:
        raise _Ends(RegistryVerdict.UNREADABLE, f"is not a file of the format {FORMAT}")
    registry, entry, note = value["registry"], value["entry"], value["checkpoint"]
    if not (isinstance(registry, dict) and isinstance(entry, dict) and isinstance(note, str)):
        raise _Ends(RegistryVerdict.UNREADABLE, "its parts are not of the kinds they must be")
    return registry, entry, note


def _checkpoint(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    if not keys:
        raise _Ends(RegistryVerdict.UNTRUSTED, "no key was given; one in the file itself would prove nothing")
    try:
        return open_checkpoint(note.encode(), keys)
    except UntrustedNote as problem:
        raise _Ends(RegistryVerdict.UNTRUSTED, str(problem)) from None
    except (BadNote, UnicodeEncodeError) as problem:
        raise _Ends(RegistryVerdict.ALTERED, f"its checkpoint: {problem}") from None


def _check(registry: Mapping[str, Any], entry: Mapping[str, Any], checkpoint: Checkpoint) -> None:
    try:
        shown = proved(entry, ENTRY_KEYS, InclusionChecker(checkpoint.size, checkpoint.root)).disclosure.shown
        why = _against(registry, shown)
    except ValueError as problem:
        raise _Ends(RegistryVerdict.ALTERED, f"its entry: {problem}") from None
    if why:
        raise _Ends(RegistryVerdict.ALTERED, why)


def _against(registry: Mapping[str, Any], shown: Mapping[str, bytes]) -> str:
    """Why the registry is not the one the entry speaks of; empty when it is."""
    if shown.get("kind") != KIND.encode():
        return "its entry is not of an export of the registry"
    body = parse_json(shown.get("body", b""))
    if not isinstance(body, dict) or body.get("sha256") != digest_of(registry):
        return "the registry is not the one whose digest was recorded"
    if shown.get("at", b"").decode() != registry.get("as_of"):
        return "the registry names another time than its entry"
    return ""
