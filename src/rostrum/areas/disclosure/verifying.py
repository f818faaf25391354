"""Looking a finished bundle over before it leaves: nothing withheld may be found anywhere in it (rule X5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A run of common words may well stand in another record too; what identifies a person may not.
_LONG = 25
_DIGITS_OF_A_NUMBER = 7


class StillThere(Exception):
    """Something withheld can still be read in a bundle; names the file and the record, never the text."""

    def __init__(self, place: str, record_id: str) -> None:
        super().__init__(f"{place} still shows a part that was withheld from record {record_id}")
        self.place = place
        self.record_id = record_id


@dataclass(frozen=True, slots=True)
class Secret:
    """A withheld text, and the record it was withheld from."""

    record_id: str
    text: str


def _variants(text: str) -> set[str]:
    digits = re.sub(r"\D", "", text)
    variants = {text.strip().lower()}
    if len(digits) >= _DIGITS_OF_A_NUMBER:
        variants.add(digits)
    return {one for one in variants if one}


def identifies(text: str) -> bool:
    """Whether a withheld text is looked for in every record, not only in its own."""
    return len(text.strip()) >= _LONG or "@" in text or len(re.sub(r"\D", "", text)) >= _DIGITS_OF_A_NUMBER


def _readable(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        try:
            pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        finally:
            document.close()
        return "\n".join(pages)
    return path.read_bytes().decode("utf-8", errors="replace")


_TEXTS = {".pdf", ".json", ".jsonl", ".csv", ".txt", ".cbor", ".bin"}


def look_over(folder: Path, secrets: Iterable[Secret]) -> None:
    """Search every file of the bundle for what was withheld. Raises `StillThere`; the bundle must then not leave."""
    wanted = [(secret, _variants(secret.text)) for secret in secrets if identifies(secret.text)]
    if not wanted:
        return
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in _TEXTS:
            continue
        text = _readable(path).lower()
        squeezed = re.sub(r"\s+", " ", text)
        # Numbers are written in many ways; separators between digits are taken out for the comparison.
        numbers = re.sub(r"(?<=\d)[\s().\-–/]+(?=\d)", "", text)
        for secret, variants in wanted:
            for variant in variants:
                found = variant in numbers if variant.isdigit() else re.sub(r"\s+", " ", variant) in squeezed
                if found and not (variant.isdigit() and not re.search(rf"(?<!\d)1?{variant}(?!\d)", numbers)):
                    raise StillThere(path.relative_to(folder).as_posix(), secret.record_id)
