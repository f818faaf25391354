"""`rostrum-verify BAG`: checks a bundle offline and answers for each record and for the whole.

Needs Python 3.11 and `cryptography`, nothing else. Exit codes: 0 complete and intact, 1 not, 2 unreadable, 3 untrusted.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rostrum.evidence.checkpoints import BadNote, VerifierKey, read_verifier_keys
from rostrum.evidence.registry import RegistryResult, RegistryVerdict, verify_registry
from rostrum.evidence.sources import Fault
from rostrum.evidence.verdicts import RecordResult, SetVerdict, Verdict, Verdicts
from rostrum.evidence.verification import verify_bundle

__all__ = [
    "RecordResult",
    "SetVerdict",
    "Verdict",
    "Verdicts",
    "answer",
    "answer_registry",
    "load_keys",
    "main",
    "report",
    "verify_bundle",
]

_MOST_SHOWN = 50
_SENTENCES = {
    SetVerdict.COMPLETE: "Complete for its stated scope; nothing was altered.",
    SetVerdict.INCOMPLETE: "Not complete and intact.",
    SetVerdict.UNTRUSTED: "Nothing can be said: give the log's public key, obtained elsewhere than from this bundle.",
    SetVerdict.UNREADABLE: "This cannot be read as a bundle.",
}


def load_keys(files: Sequence[Path]) -> list[VerifierKey]:
    """Return the public keys in the files, one per line. Raises OSError, `BadNote` naming the file."""
    keys: list[VerifierKey] = []
    for file in files:
        try:
            found = read_verifier_keys(file.read_text(encoding="utf-8"))
        except (BadNote, UnicodeDecodeError) as problem:
            raise BadNote(f"{file}: {problem}") from None
        if not found:
            raise BadNote(f"{file}: holds no key")
        keys += found
    return keys


def report(verdicts: Verdicts) -> str:
    """Return the outcome as text for people."""
    lines = [f"{result.id}: {result.verdict}{_because(result.why)}" for result in _notable(verdicts)]
    if len(lines) > _MOST_SHOWN:
        lines[_MOST_SHOWN:] = [f"… and {len(lines) - _MOST_SHOWN} more records; --json lists all."]
    faults = [f"fault: {_printable(fault.where)}: {_printable(fault.why)}" for fault in verdicts.faults]
    if len(faults) > _MOST_SHOWN:
        faults[_MOST_SHOWN:] = [f"… and {len(faults) - _MOST_SHOWN} more faults; --json lists all."]
    lines += faults
    lines += [f"{_printable(item.where)}: {item.why}" for item in verdicts.not_checked[:_MOST_SHOWN]]
    if verdicts.origin:
        lines.append(f"Log: {_printable(verdicts.origin)}, {verdicts.size} leaves at the checkpoint.")
    if verdicts.scope:
        lines.append(f"Scope: {_printable(verdicts.scope)}")
    if verdicts.gaps:
        lines.append(f"Gaps in capture that the body states: {verdicts.gaps}.")
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.counts.items()))
    lines.append(f"Records: {counts or 'none'}.")
    lines.append(_SENTENCES[verdicts.set])
    return "\n".join(lines)


def _notable(verdicts: Verdicts) -> list[RecordResult]:
    return [
        RecordResult(_printable(result.id), result.verdict, _printable(result.why))
        for result in verdicts.results
        if result.verdict not in (Verdict.INTACT, Verdict.UNTRUSTED_KEY)
    ]


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def _printable(text: str) -> str:
    """Return text without control characters: a bundle must not be able to write to the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text[:2000])


def _unreadable(where: str, why: str) -> Verdicts:
    return Verdicts(SetVerdict.UNREADABLE, faults=[Fault(where, why)])


def _verify(bag: Path, key_files: Sequence[Path]) -> Verdicts:
    try:
        keys = load_keys(key_files)
    except (OSError, BadNote) as problem:
        return _unreadable("--key", str(problem))
    try:
        return verify_bundle(bag, keys)
    except Exception as problem:
        # A bundle is a stranger's input: whatever it provokes is an answer, never a traceback.
        return _unreadable(str(bag), f"the verification stopped: {type(problem).__name__}: {problem}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="rostrum-verify", description="Verify a bundle of public records offline, without trusting its maker."
    )
    parser.add_argument("bag", type=Path, metavar="BAG", help="the bundle (a folder or its zip), or a registry")
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the log's public key, one per line (may be repeated)",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, with a result per record")
    arguments = parser.parse_args(argv)
    return answer(arguments.bag, arguments.key, as_json=arguments.json)


def answer_registry(file: Path, key_files: Sequence[Path], *, as_json: bool) -> int:
    """Verify an export of the registry against the keys in the files, print the verdict, return the exit code."""
    try:
        result = verify_registry(file.read_bytes(), load_keys(key_files))
    except (OSError, BadNote) as problem:
        result = RegistryResult(RegistryVerdict.UNREADABLE, str(problem))
    if as_json:
        text = json.dumps(result.as_json(), indent=1)
    elif result.verdict is RegistryVerdict.INTACT:
        text = (
            f"Intact: the registry of {_printable(result.body)} as of {_printable(result.as_of)}, "
            f"{result.channels} channel{'' if result.channels == 1 else 's'}.\nLog: {_printable(result.origin)}."
        )
    else:
        text = f"{result.verdict}: {_printable(result.why)}"
    _write(text)
    return result.exit_code


def _is_registry(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(1) == b"{"
    except OSError:
        return False


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def answer(bag: Path, key_files: Sequence[Path], *, as_json: bool) -> int:
    """Verify a bundle against the keys in the files, print the verdicts, return the exit code."""
    if bag.is_file() and _is_registry(bag):
        return answer_registry(bag, key_files, as_json=as_json)
    verdicts = _verify(bag, key_files)
    _write(json.dumps(verdicts.as_json(), indent=1) if as_json else report(verdicts))
    return verdicts.exit_code


if __name__ == "__main__":
    sys.exit(main())
