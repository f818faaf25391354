"""Reading a platform's list of administrators as people have it: a CSV of any kind, or lines copied from a page. Pure.

Nothing is invented and nothing lost: each line becomes a row or a fault that names the line.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rostrum.kernel.items import Fault

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000
MAX_LINE = 2000
_HEADERS = {
    "name": "name full-name person user administrator admin member people who profile profile-name display-name",
    "login": "login log-in username user-name handle id user-id account account-id profile-id profile-url link",
    "email": "email e-mail mail email-address e-mail-address",
    "role": "role roles access access-level permission permissions task tasks status type page-role level",
}
_ROLES = frozenset(
    [
        "admin",
        "administrator",
        "owner",
        "manager",
        "editor",
        "moderator",
        "analyst",
        "advertiser",
        "contributor",
        "author",
        "publisher",
        "creator",
        "member",
        "superuser",
        "full-access",
        "full-control",
        "partial-access",
        "task-access",
        "content-creator",
        "page-admin",
        "business-admin",
        "community-manager",
    ]
)
_EMAIL = re.compile(r"[^\s<>,;()\"']+@[^\s<>,;()\"'@]+\.[^\s<>,;()\"'@]+")
_PASTED = re.compile(r"^(?P<name>[^<(\[]+?)\s*[<(\[](?P<inside>[^>)\]]+)[>)\]]\s*(?:[-–—:,]\s*(?P<after>.+))?$")


@dataclass(frozen=True, slots=True)
class Administrator:
    """One person as the platform lists them; `line` is where. Any of the rest may be ""."""

    line: int
    name: str = ""
    login: str = ""
    email: str = ""
    role: str = ""

    @property
    def key(self) -> str:
        """By what the same administrator is known in the next list: log-in name, else e-mail, else name."""
        return folded(self.login or self.email or self.name)

    @property
    def shown(self) -> str:
        """The person as a page names them."""
        aside = next((part for part in (self.login, self.email) if part and part != self.name), "")
        return f"{self.name} ({aside})" if self.name and aside else self.name or aside


@dataclass(frozen=True, slots=True)
class AdminList:
    """What was read, and the lines that could not be."""

    rows: tuple[Administrator, ...]
    faults: tuple[Fault, ...] = ()


def folded(text: str) -> str:
    """One spelling for a name or a log-in: without case, accents, order of "Last, First", and needless spaces."""
    plain = unicodedata.normalize("NFKD", text.lstrip("@").casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    last, comma, first = plain.partition(",")
    return " ".join(f"{first} {last}".split()) if comma else " ".join(plain.split())


def read_administrators(data: bytes) -> AdminList:
    """Read a list of administrators from bytes. An empty, too long or unreadable list is one fault."""
    lines = [(number, line) for number, line in enumerate(_text(data).splitlines(), 1) if line.strip()]
    if why := _no_list(data, len(lines)):
        return AdminList((), (Fault("file", why),))
    too_long = [Fault(f"line {number}", "too long for one person") for number, line in lines if len(line) > MAX_LINE]
    lines = [(number, line) for number, line in lines if len(line) <= MAX_LINE]
    delimiter = _delimiter(line for _, line in lines) if lines else None
    if delimiter is None:
        return _collected(((number, _from_line(number, line)) for number, line in lines), too_long)
    cells = [(number, _cells(line, delimiter)) for number, line in lines]
    columns = _columns(cells[0][1])
    if columns:
        return _collected(((number, _from_columns(number, row, columns)) for number, row in cells[1:]), too_long)
    return _collected(((number, _from_cells(number, row)) for number, row in cells), too_long)


def _no_list(data: bytes, lines: int) -> str:
    """Why this cannot be a list of administrators at all, or ""."""
    if len(data) > MAX_BYTES:
        return f"more than {MAX_BYTES >> 20} MB: this is no list of administrators"
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "this is no text: hand in a CSV, or copy the list from the page"
    if not lines:
        return "the list is empty"
    return f"more than {MAX_ROWS} lines: this is no list of administrators" if lines > MAX_ROWS else ""


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _delimiter(lines: Iterable[str]) -> str | None:
    sample = list(lines)[:50]
    for mark in ("\t", ";", ",", "|"):
        counts = [line.count(mark) for line in sample]
        # "Head, Dana" on every line is a name with its parts turned round, not two columns.
        is_name = mark == "," and max(counts) <= 1 and not _columns(_cells(sample[0], mark))
        if is_name and not any("@" in line for line in sample):
            continue
        if sum(1 for count in counts if count) >= max(1, len(sample) * 2 // 3):
            return mark
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    # One line at a time, so that one bad quotation mark does not swallow the lines after it.
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]


def _word(cell: str) -> str:
    return re.sub(r"[\s_]+", "-", cell.strip().strip(":").casefold())


def _columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for column, words in _HEADERS.items():
            if _word(cell) in words.split():
                found.setdefault(column, place)
                break
    # A person may be called "Member"; a header has at least two known columns, or nothing but known ones.
    return found if len(found) >= 2 or (found and len(found) == sum(1 for cell in cells if cell)) else {}


def _from_columns(number: int, cells: list[str], columns: dict[str, int]) -> Administrator:
    values = {column: cells[place] for column, place in columns.items() if place < len(cells)}
    if not values.get("email") and _EMAIL.fullmatch(values.get("login", "")):
        values["email"] = values["login"]
    return Administrator(number, **values)


def _from_cells(number: int, cells: list[str]) -> Administrator:
    values: dict[str, str] = {}
    for cell in cells:
        if not cell:
            continue
        if "email" not in values and (found := _EMAIL.search(cell)):
            values["email"] = found.group()
        elif "role" not in values and _is_role(cell):
            values["role"] = cell
        elif "login" not in values and (cell.startswith("@") or cell.isdigit() or cell.startswith("http")):
            values["login"] = cell
        elif "name" not in values:
            values["name"] = cell
        elif "login" not in values:
            values["login"] = cell
    return Administrator(number, **values)


def _from_line(number: int, line: str) -> Administrator:
    line = line.strip().lstrip("-*•").strip()
    if match := _PASTED.match(line):
        values = {"name": match["name"].strip(" ,-–—")}
        for part in (match["inside"].strip(), (match["after"] or "").strip()):
            if _EMAIL.fullmatch(part):
                values["email"] = part
            elif _is_role(part):
                values["role"] = part
            elif part:
                values["login"] = part
        return Administrator(number, **values)
    if found := _EMAIL.search(line):
        rest = line.replace(found.group(), " ").strip(" ,;-–—")
        return Administrator(number, name=rest, email=found.group())
    name, dash, role = line.rpartition(" - ")
    if dash and _is_role(role):
        return Administrator(number, name=name.strip(), role=role.strip())
    return Administrator(number, login=line) if line.startswith("@") else Administrator(number, name=line)


def _is_role(cell: str) -> bool:
    return _word(cell) in _ROLES


def _collected(rows: Iterable[tuple[int, Administrator]], faults: list[Fault]) -> AdminList:
    found: dict[str, Administrator] = {}
    for number, row in rows:
        if not row.key:
            faults.append(Fault(f"line {number}", "nobody is named in it"))
        elif row.key in found:
            faults.append(Fault(f"line {number}", f"{row.shown} stands in line {found[row.key].line} already"))
        else:
            found[row.key] = row
    if not found and not faults:
        faults.append(Fault("file", "the list names nobody"))
    return AdminList(tuple(found.values()), tuple(faults))
