"""What would become of each row of a list: added as found, already here, or a person decides and why. Pure.

Nothing is invented: what a row does not say is asked. Nothing is lost: every line of the file stands in one row, with
its text, and every row has a kind. Nothing is closed: what a list does not name is reported, no more.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rostrum.areas.channels.addresses import LONGEST_NAME, Address, fold, is_short, platform_of, read_address, read_page
from rostrum.areas.channels.lists.cells import Cell, Spoken, addresses_in, looks_like_address, read_cell
from rostrum.areas.channels.lists.columns import Columns, Role, read_columns
from rostrum.areas.channels.naming import platforms_called
from rostrum.areas.channels.page_paths import Names
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.importers.tables import Row, Table
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.lookalikes import skeleton


class Outcome(StrEnum):
    """What would become of one address in a row."""

    ADD = "add"
    HERE = "here"
    REPEATED = "repeated"
    DECIDE = "decide"


class RowKind(StrEnum):
    """What a row is."""

    CHANNELS = "channels"
    HEADING = "heading"
    TITLE = "title"
    EMPTY = "empty"
    # It says something, but names no channel: a person looks at it.
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Why:
    """One thing to know about a row or an address in it: a stable code and the sentence."""

    code: str
    text: str


# With one of these codes a person decides; any other only tells.
NEEDS_A_PERSON = frozenset(
    {
        *("no-platform", "two-platforms", "no-address", "not-an-address", "short-link", "post", "names-nothing"),
        *("no-unit", "unknown-unit", "looks-alike", "closed-here", "said-to-be-closed", "other-handle"),
        *("no-server", "unclear", "unreadable", "too-long"),
    }
)


@dataclass(frozen=True, slots=True)
class Find:
    """One address that a row names. `key` is empty where no address could be read from what is `written`."""

    written: str
    platform: str
    handle: str
    url: str
    key: str
    name: str
    unit_text: str
    unit: str
    outcome: Outcome
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the list: its number, its text as written, what it is, and the channels it names."""

    number: int
    text: str
    kind: RowKind
    finds: tuple[Find, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """A channel of the registry, as far as a list needs it."""

    public_id: str
    name: str
    platform: str
    key: str
    is_closed: bool = False


@dataclass
class Known:
    """The registry's channels, found by address and by look."""

    channels: Iterable[KnownChannel]
    _at: dict[tuple[str, str], KnownChannel] = field(init=False)
    _looks: dict[tuple[str, str], list[KnownChannel]] = field(init=False)

    def __post_init__(self) -> None:
        self._at, self._looks = {}, {}
        for one in self.channels:
            self.add(one)

    def add(self, channel: KnownChannel) -> None:
        """Know one more."""
        place = channel.platform, channel.key
        # An open channel stands before a closed one at the same address.
        if place not in self._at or not channel.is_closed:
            self._at[place] = channel
        self._looks.setdefault((channel.platform, skeleton(channel.key)), []).append(channel)

    def at(self, platform: str, key: str) -> KnownChannel | None:
        """The channel at this address."""
        return self._at.get((platform, key))

    def alike(self, platform: str, key: str) -> KnownChannel | None:
        """A channel on the platform that this address can be mistaken for."""
        if not any(letter.isalpha() for letter in key):
            return None
        return next((one for one in self._looks.get((platform, skeleton(key)), ()) if one.key != key), None)


# Said of departments without telling one from another.
_SAID_OF_UNITS = """
department dept departments division div office of the and bureau city county town village agency services
"""
_UNIT_FILLERS = frozenset(_SAID_OF_UNITS.split())


class Units:
    """The departments, by every name they go by."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` leads from each name in use to the department's id."""
        self._answers: dict[str, str] = {}
        self._exact: dict[str, str] = {}
        self._loose: dict[str, set[str]] = {}
        for name, unit in names.items():
            self._exact[_plain(name)] = unit
            self._loose.setdefault(_core(name), set()).add(unit)

    def called(self, text: str) -> str:
        """The department that a text names, or "": by its name, else by the words that tell it from the others."""
        if text not in self._answers:
            self._answers[text] = self._called(text)
        return self._answers[text]

    def _called(self, text: str) -> str:
        if found := self._exact.get(_plain(text)):
            return found
        core = _core(text)
        named = self._loose.get(core, set()) if core else set()
        return next(iter(named)) if len(named) == 1 else ""


def _plain(text: str) -> str:
    letters = "".join(one for one in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’]s?\b", "", letters).replace("&", " and ")))


def _core(text: str) -> str:
    return " ".join(sorted(word for word in _plain(text).split() if word not in _UNIT_FILLERS))


def read_list(table: Table, *, units: Units, known: Known, default_unit: str = "") -> Iterator[ReadRow]:
    """Read each row of a table as a list of channels; `default_unit` keeps what names no department."""
    rows = table.rows
    columns = read_columns(rows, knows_unit=lambda text: bool(units.called(text)))
    heading = rows[columns.heading].text.strip().casefold() if columns.heading >= 0 else ""
    reader = _Reader(columns, units, known, default_unit, heading)
    for position, row in enumerate(rows):
        yield reader.read(position, row)


@dataclass
class _Reader:
    columns: Columns
    units: Units
    known: Known
    default_unit: str
    heading: str
    # Addresses of the rows before, with the row where each stood first.
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _seen_looks: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def read(self, position: int, row: Row) -> ReadRow:
        cells = [read_cell(raw) for raw in row.cells]
        troubles = tuple(
            Why("unreadable", f"Column {at + 1}: {cell.trouble}.") for at, cell in enumerate(cells) if cell.trouble
        )
        if row.trouble:
            troubles += (Why("unreadable", f"{row.trouble[0].upper()}{row.trouble[1:]}."),)
        says = [cell for cell in cells if cell.text or cell.link]
        if position == self.columns.heading or self._repeats_heading(row):
            return ReadRow(row.number, row.text, RowKind.HEADING)
        if not says and not troubles:
            return ReadRow(row.number, row.text, RowKind.EMPTY)
        finds = self._finds(row, cells, troubles)
        if finds:
            return ReadRow(row.number, row.text, RowKind.CHANNELS, finds, troubles)
        if position < self.columns.heading and not troubles:
            return ReadRow(row.number, row.text, RowKind.TITLE)
        why = troubles or (Why("unclear", "No address and no handle stands in this row."),)
        return ReadRow(row.number, row.text, RowKind.UNCLEAR, (), why)

    def _repeats_heading(self, row: Row) -> bool:
        # Lists that were printed page by page carry their headings along.
        return bool(self.heading) and row.text.strip().casefold() == self.heading

    def _finds(self, row: Row, cells: list[Cell], troubles: tuple[Why, ...]) -> tuple[Find, ...]:
        said = _Said(
            platforms=self._platforms(cells),
            name=self._text(cells, Role.NAME),
            unit_text=self._text(cells, Role.UNIT),
            closed=_says_closed(self._text(cells, Role.STATE)),
            troubles=troubles,
        )
        spoken: list[tuple[Spoken, str]] = []
        for at, platform in sorted(self.columns.on.items()):
            if at < len(cells):
                spoken += [(one, platform) for one in addresses_in(cells[at], bare_words=True)]
        addressed = self.columns.of(Role.URL) + self.columns.of(Role.HANDLE)
        listed = [
            one
            for at in addressed
            if at < len(cells)
            for one in addresses_in(cells[at], bare_words=self.columns.roles[at] is Role.HANDLE)
        ]
        spoken += [(one, "") for one in _joined(listed, said.platforms)]
        if not spoken:
            # A row out of line with the others still says its address somewhere.
            at_all = [
                at
                for at, cell in enumerate(cells)
                if at not in self.columns.on and (cell.link or looks_like_address(cell.text))
            ]
            spoken = [
                (one, "")
                for one in _joined(
                    [one for at in at_all for one in addresses_in(cells[at], bare_words=False)], said.platforms
                )
            ]
            if spoken and not said.platforms:
                named = [
                    found for at, cell in enumerate(cells) if at not in at_all for found in platforms_called(cell.text)
                ]
                said.platforms = tuple(dict.fromkeys(named))
        return tuple(self._find(row, one, said, platform) for one, platform in spoken)

    def _text(self, cells: list[Cell], role: Role) -> str:
        texts = (cells[at].text for at in self.columns.of(role) if at < len(cells))
        return next((" ".join(text.split()) for text in texts if text), "")

    def _platforms(self, cells: list[Cell]) -> tuple[str, ...]:
        named: list[str] = []
        for at in self.columns.of(Role.PLATFORM):
            if at < len(cells):
                named += platforms_called(cells[at].text)
        return tuple(dict.fromkeys(named))

    def _find(self, row: Row, spoken: Spoken, said: "_Said", column_platform: str) -> Find:
        named = spoken.platforms or ((column_platform,) if column_platform else said.platforms)
        if spoken.is_bare and len(named) == 1 and PLATFORMS[named[0]].hosts and not platform_of(_host(spoken.url)):
            # "parks.example.gov" under Bluesky, "wausau.parks" under Instagram: handles that look like hosts.
            spoken = Spoken(handle=spoken.url.split("://", 1)[1], platforms=named)
        written = spoken.url or f"@{spoken.handle}"
        platform, address, why = _read_address(spoken, named)
        why = [*said.troubles, *why]
        key = address.key if address else ""
        unit, about_unit = self._unit(said.unit_text)
        outcome = Outcome.ADD
        here = self.known.at(platform, key) if key else None
        first = self._seen.get((platform, key)) if key else None
        if here and not here.is_closed:
            outcome, why = Outcome.HERE, [*why, Why("here", f"Already in the registry: {here.name}.")]
        elif first is not None:
            outcome, why = Outcome.REPEATED, [*why, Why("repeated", f"The same channel stands in row {first}.")]
        else:
            why += about_unit
            if here:
                why.append(Why("closed-here", f"{here.name} stood at this address and is closed here."))
            if said.closed:
                why.append(Why("said-to-be-closed", f"The list says of it: {said.closed}."))
            if key:
                why += self._likeness(platform, key)
        if key and first is None:
            self._seen[platform, key] = row.number
            self._seen_looks.setdefault((platform, skeleton(key)), (key, row.number))
        if outcome is Outcome.ADD and any(one.code in NEEDS_A_PERSON for one in why):
            outcome = Outcome.DECIDE
        name = said.name or (address.handle if address else "") or _called(said.unit_text, platform) or written
        return Find(
            written=written,
            platform=platform,
            handle=address.handle if address else spoken.handle,
            url=address.url if address else spoken.url,
            key=key,
            name=name[:LONGEST_NAME],
            unit_text=said.unit_text[:LONGEST_NAME],
            unit=unit,
            outcome=outcome,
            why=tuple(dict.fromkeys(why)),
        )

    def _unit(self, text: str) -> tuple[str, list[Why]]:
        if not text:
            if self.default_unit:
                return self.default_unit, []
            return "", [Why("no-unit", "The row names no department.")]
        unit = self.units.called(text)
        return unit, [] if unit else [Why("unknown-unit", f"No department here is called “{text[:LONGEST_NAME]}”.")]

    def _likeness(self, platform: str, key: str) -> list[Why]:
        if alike := self.known.alike(platform, key):
            return [Why("looks-alike", f"It can be mistaken for {alike.name} ({alike.key}): is it the body's own too?")]
        other = self._seen_looks.get((platform, skeleton(key)))
        if other and other[0] != key and any(letter.isalpha() for letter in key):
            return [
                Why("looks-alike", f"It can be mistaken for {other[0]} in row {other[1]}: are both the body's own?")
            ]
        return []


@dataclass
class _Said:
    """What the other cells of a row say about the addresses in it."""

    platforms: tuple[str, ...]
    name: str
    unit_text: str
    closed: str
    troubles: tuple[Why, ...]


_CLOSED = re.compile(
    r"(?:in|not |un)active|inactivo|inactiva|inaktiv|inactif|closed|deleted|removed|deactivated|disabled|retired|"
    r"archived|suspended|no longer.*|cerrad[oa]|eliminad[oa]|fermé|geschlossen|gelöscht",
    re.IGNORECASE,
)


def _called(unit: str, platform: str) -> str:
    """What to call a channel of which the list says only whose it is and where."""
    return f"{unit} on {PLATFORMS[platform].name}" if unit and platform else ""


def _says_closed(text: str) -> str:
    return text if _CLOSED.search(text) else ""


def _joined(listed: list[Spoken], platforms: tuple[str, ...]) -> list[Spoken]:
    """A handle and a page of one channel, told in two cells, as one."""
    urls, handles = [one for one in listed if one.url], [one for one in listed if one.handle]
    if len(urls) == 1 and len(handles) == 1 and not handles[0].platforms:
        url, handle = urls[0], handles[0]
        if _says_same(url.url, handle.handle, platforms):
            return [Spoken(url.url, handle.handle, url.platforms)]
    # The handle of a page that is listed too says nothing new.
    named = {_handle_of(one.url) for one in urls}
    return urls + [one for one in handles if fold("", one.handle) not in named or one.platforms]


def _says_same(url: str, handle: str, platforms: tuple[str, ...]) -> bool:
    named = _handle_of(url)
    if named:
        return named == fold("", handle)
    host = _host(url)
    return not is_short(host) and (not platform_of(host) or platform_of(host) in platforms)


def _handle_of(url: str) -> str:
    try:
        page = read_page(url)
    except InvalidInput:
        return ""
    if page.named is None or page.named.names is Names.NOTHING:
        return ""
    return fold("", page.named.handle)


def _host(url: str) -> str:
    try:
        return read_page(url).host
    except InvalidInput:
        return ""


def _read_address(spoken: Spoken, named: tuple[str, ...]) -> tuple[str, Address | None, list[Why]]:
    """The platform and the address that were meant, as far as they can be told, and what to know about them."""
    platform, why = _platform(spoken, named)
    if not platform:
        if spoken.url and is_short(_host(spoken.url)):
            why = [Why("short-link", "A short link hides where it leads: open it, and enter the address it leads to.")]
        return "", None, why
    try:
        address = read_address(platform, handle=spoken.handle, url=spoken.url)
    except InvalidInput as problem:
        return platform, None, [*why, _why_no_address(spoken, platform, problem)]
    if platform == "mastodon" and "@" not in address.key[1:]:
        return platform, None, [*why, Why("no-server", "A handle on Mastodon names its server: @name@server.")]
    return platform, address, why


def _platform(spoken: Spoken, named: tuple[str, ...]) -> tuple[str, list[Why]]:
    """The platform of an address, and what to know about how it was found. The address itself is believed first."""
    by_host = platform_of(_host(spoken.url)) if spoken.url else ""
    if by_host:
        others = [PLATFORMS[one].name for one in named if one != by_host]
        if others and by_host not in named:
            return by_host, [
                Why(
                    "filed-wrong", f"Listed under {', '.join(others)}; the address is one of {PLATFORMS[by_host].name}."
                )
            ]
        return by_host, []
    if spoken.url:
        # Only a platform without hosts of its own can have a page at any other host.
        named = tuple(one for one in named if not PLATFORMS[one].hosts) or named
    if len(named) == 1:
        return named[0], []
    if named:
        return "", [Why("two-platforms", f"Which of {', '.join(PLATFORMS[one].name for one in named)} is meant?")]
    return "", [Why("no-platform", "The row does not say on which platform it is.")]


def _why_no_address(spoken: Spoken, platform: str, problem: InvalidInput) -> Why:
    # A sentence that begins with a host keeps its small letter.
    begins = problem.why.split(maxsplit=1)[0]
    why = problem.why if "." in begins else f"{problem.why[0].upper()}{problem.why[1:]}"
    return Why(_kind_of_trouble(spoken, platform), f"{why}.")


def _kind_of_trouble(spoken: Spoken, platform: str) -> str:
    if not spoken.url:
        return "not-an-address"
    try:
        page = read_page(spoken.url, platform)
    except InvalidInput:
        return "not-an-address"
    if is_short(page.host):
        return "short-link"
    if page.named is None or (PLATFORMS[platform].hosts and not PLATFORMS[platform].holds(page.host)):
        return "not-an-address"
    codes = {Names.POST: "post", Names.NOTHING: "names-nothing", Names.CHANNEL: "other-handle"}
    return codes[page.named.names]
