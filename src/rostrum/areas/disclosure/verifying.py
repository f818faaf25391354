"""Looking for what was withheld: in records before they are released, in a finished bundle before it leaves (rule X5).

Words are compared whole, numbers however they are written. What identifies a person (a number, an address, a long
text) is looked for everywhere; a short withheld word only in its own record, for it may well stand in another.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rostrum.areas.disclosure.parts import TOKEN
from rostrum.evidence.commitments import Part

_LONG = 25
_KEY = 6
_DIGITS_OF_A_NUMBER = 7
_BETWEEN = r"[\s().\-‐-―/]{0,4}"
_NUMBER = re.compile(rf"\d(?:{_BETWEEN}\d){{{_DIGITS_OF_A_NUMBER - 1},}}")
_EDGES = " \t\r\n.,;:!?()[]{}\"'“”‘’«»…-"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class StillThere(Exception):
    """Something withheld can still be read in a bundle; names the file and the record, never the text."""

    def __init__(self, place: str, record_id: str) -> None:
        super().__init__(f"{place} still shows a part that was withheld from record {record_id}")
        self.place = place
        self.record_id = record_id


@dataclass(frozen=True, slots=True)
class Secret:
    """A withheld text, and the record it was withheld from. `is_key`: it leads to a person, like a handle."""

    record_id: str
    text: str
    is_key: bool = False

    @property
    def is_sought_everywhere(self) -> bool:
        """Whether it is looked for in every record, not only in its own."""
        text = self.text.strip()
        # A name is no key by itself: others may bear it, and it stands in records that are rightly released.
        return len(text) >= _LONG or "@" in text or bool(_NUMBER.search(text)) or (self.is_key and len(text) >= _KEY)


def _number_pattern(digits: str) -> str:
    # With or without the country and the area before it: a shorter spelling is the same number.
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    before = rf"(?:\+?1{_BETWEEN})?" + (rf"(?:\d{{3}}{_BETWEEN})?" if len(digits) == _DIGITS_OF_A_NUMBER else "")
    return rf"(?<!\d){before}{_BETWEEN.join(digits)}(?!\d)"


def _pattern(secret: Secret) -> str:
    found = [_number_pattern(re.sub(r"\D", "", match[0])) for match in _NUMBER.finditer(secret.text)]
    words = [re.escape(word) for word in secret.text.strip(_EDGES).split()]
    if words and len("".join(words)) > 1:
        found.append(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")
    return "|".join(found)


class Watch:
    """What must not be seen, ready to be looked for. False where there is nothing to look for."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        unique = dict.fromkeys(secret for secret in secrets if _pattern(secret))
        self._secrets = [(secret, re.compile(_pattern(secret), re.IGNORECASE)) for secret in unique]
        self._any_everywhere = _any_of(secret for secret, _ in self._secrets if secret.is_sought_everywhere)
        self._own: dict[str, list[tuple[Secret, re.Pattern[str]]]] = {}
        for secret, pattern in self._secrets:
            self._own.setdefault(secret.record_id, []).append((secret, pattern))

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def found_in(self, text: str, *, of_record: str = "") -> list[Secret]:
        """The secrets that can be read in a text; `of_record` is the record the text belongs to, if to one."""
        found = [secret for secret, pattern in self._own.get(of_record, ()) if pattern.search(text)]
        if self._any_everywhere is not None and self._any_everywhere.search(text):
            found += [
                secret
                for secret, pattern in self._secrets
                if secret.is_sought_everywhere and secret not in found and pattern.search(text)
            ]
        return found

    def masked(self, text: str) -> str:
        """The text with everything that is sought everywhere replaced by the token for withheld words."""
        return text if self._any_everywhere is None else self._any_everywhere.sub(TOKEN, text)

    @staticmethod
    def texts_of(data: bytes, mime: str) -> Iterator[str]:
        """What can be read in a payload: in JSON every string, so that no escape hides one; else the bytes as text."""
        text = data.decode("utf-8", errors="replace")
        if "json" in mime:
            try:
                yield from _strings(json.loads(text))
                return
            except ValueError:
                pass  # not JSON after all: looked at as it is
        yield text


def _any_of(secrets: Iterable[Secret]) -> re.Pattern[str] | None:
    patterns = [_pattern(secret) for secret in secrets]
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # Digests hold every short run of digits sooner or later, and tell nothing.
        if not _DIGEST.fullmatch(value):
            yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        pieces = value.get("parts")
        if isinstance(pieces, list) and all(isinstance(piece, dict) for piece in pieces):
            yield _joined(pieces)
        for name, one in value.items():
            yield str(name)
            yield from _strings(one)


def _pdf_texts(path: Path) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        # A text may go on over the page's end.
        yield "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()


_PICTURES = {".jpg", ".png", ".gif", ".webp", ".mp4"}
# Where people's words stand in a row of the readable copies; the other columns are codes and the custodian's words.
_WRITTEN = ("text", "author", "url")


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """What can be read in a file; a second time with its record's id what somebody wrote there."""
    if path.suffix == ".pdf":
        yield from ((text, "") for text in _pdf_texts(path))
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield from ((text, "") for text in _strings(row))
                if path.name == "records.jsonl":
                    yield from ((str(row.get(name, "")), str(row["record"])) for name in _WRITTEN)
    elif path.name == "record.json":
        record = json.loads(path.read_bytes())
        yield from ((text, "") for text in _strings(record))
        yield from ((text, str(record["id"])) for text in _written_parts(record["parts"]))
    elif path.suffix == ".json":
        yield from ((text, "") for text in Watch.texts_of(path.read_bytes(), "application/json"))
    else:
        yield path.read_bytes().decode("utf-8", errors="replace"), ""


def _written_parts(pieces: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield _joined(pieces)
    yield from (piece["text"] for piece in pieces if "text" in piece and not _is_code(piece["name"]))


def _joined(pieces: Sequence[Mapping[str, str]]) -> str:
    # Words that are committed to one by one are read together.
    return "".join(str(piece.get("text", "\0")) for piece in pieces if str(piece.get("name", "")).startswith("text/"))


def _is_code(part: str) -> bool:
    return part in ("record", "raw") or part.startswith(("text/", "media/"))


def written(parts: Sequence[Part], hidden: Collection[str]) -> Iterator[str]:
    """What people wrote in a version, as far as it is shown: its text, alternative texts, who wrote, the address."""
    yield "".join("\0" if part.name in hidden else part.value.decode() for part in parts if part.name[:5] == "text/")
    for part in parts:
        if not _is_code(part.name) and part.name not in hidden:
            yield part.value.decode("utf-8", errors="replace")


def look_over(folder: Path, secrets: Sequence[Secret]) -> None:
    """Search every file of the bundle for what was withheld. Raises `StillThere`; the bundle must then not leave."""
    watch = Watch(secrets)
    if not watch:
        return
    for path in sorted((folder / "data").rglob("*")):
        if path.is_file() and path.suffix not in _PICTURES:
            for text, record in _texts(path):
                for secret in watch.found_in(text, of_record=record):
                    raise StillThere(path.relative_to(folder).as_posix(), secret.record_id)
