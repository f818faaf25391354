"""Tables that people keep as text files (CSV as it really is): bytes in, rows out, nothing lost. Pure.

Every line of the file belongs to exactly one row, and a row that cannot be read as it was meant says why and keeps its
text; it never takes the rows after it along.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rostrum.kernel.decisions import InvalidInput

LARGEST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
# A cell with line breaks is written over several lines; a quotation mark that nobody closed would take the whole file.
_MOST_LINES_IN_A_ROW = 60
_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 300
_SAMPLED_BYTES = 4_000
_NO_TEXT = "is not text: save the list as CSV UTF-8 and choose that file"
_WIDE = ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NEWLINE = re.compile(rb"\r\n|\n|\r")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)

# What a file begins with that is no table of text, and what to do with it.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x05\x06", "an empty zip archive", "choose the list itself"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)", "open it and save it as CSV UTF-8"),
    (b"%PDF", "a PDF", "ask for the table it was made from, or copy the table into a spreadsheet and save that as CSV"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a picture", "type the list, or find the table it shows"),
    (b"\xff\xd8\xff", "a picture", "type the list, or find the table it shows"),
    (b"GIF8", "a picture", "type the list, or find the table it shows"),
    (b"{\\rtf", "a formatted text (RTF)", "copy the table into a spreadsheet and save that as CSV"),
    (b"SQLite format 3", "a database", "export the table as CSV"),
    (b"PAR1", "a Parquet file", "export the table as CSV"),
)
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    (b"Index/Document.iwa", "a Numbers spreadsheet"),
    (b"word/", "a Word document"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line, its text as written, its cells, and why it could not be read as meant."""

    number: int
    text: str
    cells: tuple[str, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: in which letters and with which separator it was written, and its rows in order."""

    encoding: str
    delimiter: str
    rows: tuple[Row, ...]


def read_table(data: bytes) -> Table:
    """Read a table from a file's bytes.

    Raises `InvalidInput`, which names what the file is and what to do, for anything but a table of text.
    """
    refuse_other_files(data)
    encoding, lines = _lines(data)
    delimiter = ""
    if lines and (said := _SEPARATOR_LINE.fullmatch(lines[0])):
        delimiter = said.group(1)
    delimiter = delimiter or _sniff(lines)
    rows = tuple(_rows(lines, delimiter))
    if not any(row.text.strip() for row in rows):
        raise InvalidInput("file", "is empty")
    if len(rows) > MOST_ROWS:
        raise InvalidInput("file", f"has {len(rows):,} rows; the most is {MOST_ROWS:,}: split it into several lists")
    return Table(encoding, delimiter, rows)


def refuse_other_files(data: bytes) -> None:
    """Raise `InvalidInput` for what is no table of text, by name and with what to do."""
    if not data.strip():
        raise InvalidInput("file", "is empty")
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(
            "file", f"has {len(data) / 1e6:,.0f} MB; the most is {LARGEST_BYTES / 1e6:,.0f} MB: split it into several"
        )
    if data.startswith(b"PK\x03\x04"):
        what = next((name for mark, name in _IN_ZIP if mark in data), "")
        if what:
            raise InvalidInput(
                "file", f"is {what}, whatever its name says: open it and save the sheet with the channels as CSV UTF-8"
            )
        raise InvalidInput("file", "is a zip archive, whatever its name says: unpack it and choose the list in it")
    for mark, what, remedy in _OTHERS:
        if data.startswith(mark):
            raise InvalidInput("file", f"is {what}, whatever its name says: {remedy}")
    sample = data[:_SAMPLED_BYTES]
    if not _is_wide(data) and (b"\0" in sample or _is_garbage(sample)):
        raise InvalidInput("file", _NO_TEXT)
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head")):
        raise InvalidInput("file", "is a web page, whatever its name says: open it in a spreadsheet and save it as CSV")
    if head.startswith(b"<?xml"):
        raise InvalidInput("file", "is XML, whatever its name says: open it in a spreadsheet and save it as CSV")


def _lines(data: bytes) -> tuple[str, list[str]]:
    """The name of the encoding, and the file's lines without their ends."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            return codec.upper(), _wide_lines(data, codec)
    sample = data[:_SAMPLED_BYTES]
    if _is_wide(data):
        # Without a mark, the place of the zero bytes tells which half of each letter comes first.
        return "UTF-16", _wide_lines(data, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        raise InvalidInput("file", _NO_TEXT)
    pieces = _NEWLINE.split(data)
    if pieces[-1] == b"":
        pieces.pop()
    seen: Counter[str] = Counter()
    lines = []
    for piece in pieces:
        if piece.isascii():
            lines.append(piece.decode("ascii"))
            continue
        try:
            lines.append(piece.decode())
            seen["UTF-8"] += 1
        except UnicodeDecodeError:
            lines.append(_western(piece))
            seen["Windows-1252"] += 1
    return " and ".join(sorted(seen)) or "ASCII", lines


def _wide_lines(data: bytes, codec: str) -> list[str]:
    # A half letter at the end of a file cut off is shown as what it is: one letter that cannot be read.
    text = data.decode(codec, "replace").removeprefix("\ufeff")
    if text.count("\ufffd") > len(text) // 10 or "\0" in text:
        raise InvalidInput("file", _NO_TEXT)
    lines = re.split(r"\r\n|\n|\r", text)
    if lines[-1] == "":
        lines.pop()
    return lines


def _western(piece: bytes) -> str:
    try:
        return piece.decode("cp1252")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; in Latin-1 every byte is some letter, so none is lost.
        return piece.decode("latin-1")


def _is_wide(data: bytes) -> bool:
    """Whether each letter takes two or four bytes: a mark says so, or every other byte is zero."""
    sample = data[:_SAMPLED_BYTES]
    return data.startswith(tuple(mark for mark, _ in _WIDE)) or sample.count(0) > len(sample) // 4


def _is_garbage(sample: bytes) -> bool:
    controls = sum(1 for byte in sample if byte < 9 or 13 < byte < 32)
    return controls > len(sample) // 50


def _sniff(lines: Sequence[str]) -> str:
    """The separator that cuts the most lines into the same number of cells; a comma where nothing is cut."""
    bare = [_QUOTED.sub("", line) for line in lines[:_SNIFFED_LINES] if line.strip()]
    best, score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in bare)
        counts.pop(0, None)
        if counts:
            usual, agreeing = counts.most_common(1)[0]
            found = (agreeing * min(usual, 3), sum(counts.values()))
            if found > score:
                best, score = delimiter, found
    return best


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            yield Row(at + 1, line, tuple(line.split(delimiter)))
            at += 1
            continue
        text, taken = line, 1
        cells, is_closed, is_clean = _cells(text, delimiter)
        while not is_closed and taken < _MOST_LINES_IN_A_ROW and at + taken < len(lines):
            text = f"{text}\n{lines[at + taken]}"
            taken += 1
            cells, is_closed, is_clean = _cells(text, delimiter)
        if is_closed and (taken == 1 or is_clean):
            yield Row(at + 1, text, cells)
        else:
            # Closed only by the next row's own quotation mark, or never: read this line as it stands, and go on.
            taken = 1
            trouble = "a quotation mark is opened here and not closed"
            yield Row(at + 1, line, tuple(cell.strip('"') for cell in line.split(delimiter)), trouble)
        at += taken


def _cells(text: str, delimiter: str) -> tuple[tuple[str, ...], bool, bool]:
    """The cells of a row; whether every quotation mark is closed; whether nothing stands behind a closing one."""
    cells: list[str] = []
    at, is_clean = 0, True
    while True:
        start = at
        while start < len(text) and text[start] == " ":
            start += 1
        if text[start : start + 1] != '"':
            end = text.find(delimiter, at)
            cells.append(text[at:] if end < 0 else text[at:end])
            if end < 0:
                return tuple(cells), True, is_clean
            at = end + 1
            continue
        close = text.find('"', start + 1)
        while close >= 0 and text[close + 1 : close + 2] == '"':
            close = text.find('"', close + 2)
        if close < 0:
            return tuple(cells), False, is_clean
        end = text.find(delimiter, close + 1)
        behind = text[close + 1 :] if end < 0 else text[close + 1 : end]
        is_clean = is_clean and not behind.strip()
        cells.append(text[start + 1 : close].replace('""', '"') + behind.rstrip())
        if end < 0:
            return tuple(cells), True, is_clean
        at = end + 1
