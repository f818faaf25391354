"""Lists of channels as public bodies have them: made by rule from a number, so that every run meets the same dirt."""

import random
from dataclasses import dataclass

UNITS = (
    *("Police Department", "Fire Department", "Parks and Recreation", "Public Library", "Metro Ride"),
    *("Public Works Department", "City Clerk's Office", "Mayor's Office", "Water Works", "Finance Department"),
)
_UNIT_SPELLINGS = ("{0}", "{0}", "{1}", "{1} Dept.", " {0} ", "THE {0}", "{0}\u00a0")
_PLATFORMS = {
    "facebook": ("Facebook", "FB", "Face Book", "facebook page", "Facbook", "f.b."),
    "x": ("Twitter", "X", "X/Twitter", "X (formerly Twitter)", "twiter", "Tweets"),
    "instagram": ("Instagram", "IG", "Insta", "instagram", "Instragram"),
    "youtube": ("YouTube", "You Tube", "youtube channel", "YT"),
    "linkedin": ("LinkedIn", "Linked In", "LINKEDIN"),
    "nextdoor": ("Nextdoor", "Next Door"),
}
_PAGES = {
    "facebook": ("https://www.facebook.com/{}", "facebook.com/{}/", "http://m.facebook.com/{}?ref=ts", "www.fb.com/{}"),
    "x": ("https://twitter.com/{}", "https://x.com/{}", "http://www.twitter.com/{}/", "mobile.twitter.com/{}?lang=en"),
    "instagram": ("https://www.instagram.com/{}/", "instagram.com/{}", "https://instagram.com/{}?hl=en"),
    "youtube": ("https://www.youtube.com/@{}", "youtube.com/user/{}", "https://www.youtube.com/c/{}/videos"),
    "linkedin": ("https://www.linkedin.com/company/{}/", "linkedin.com/company/{}"),
    "nextdoor": ("https://nextdoor.com/agency/{}/",),
}


@dataclass(frozen=True, slots=True)
class Dirty:
    """A list's bytes, and how many rows it was given below its heading."""

    data: bytes
    rows: int


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in ',"\n\r') or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


def dirty_list(rows: int, *, seed: int = 480, encoding: str = "utf-8") -> Dirty:
    """A list of so many rows: many spellings, wrong columns, ragged rows, formulas, repeats, empty rows, accents."""
    chance = random.Random(seed)
    lines = ["Social media of the City, updated by Café Müller 3/2019,,,", "Department,Site,Link,Handle,Notes"]
    for number in range(rows):
        lines.append(_row(chance, number))
    text = "\r\n".join(lines) + "\r\n"
    return Dirty(text.encode(encoding, "replace"), rows)


def _row(chance: random.Random, number: int) -> str:
    kind = chance.randrange(100)
    unit = chance.choice(UNITS)
    spelled = chance.choice(_UNIT_SPELLINGS).format(unit, unit.replace(" Department", ""))
    platform = chance.choice(sorted(_PLATFORMS))
    # No two handles may look alike by accident: letters only, from the number.
    handle = "wausau" + "".join("bcdfghkqtz"[int(digit)] for digit in str(number))
    site, page = chance.choice(_PLATFORMS[platform]), chance.choice(_PAGES[platform]).format(handle)
    note = chance.choice(("", "", "réseau d’été", "see\nMaria", 'the "old" page', "ok; checked"))
    if kind < 60:
        cells = [spelled, site, page, chance.choice(("", f"@{handle}", handle)), note]
    elif kind < 68:  # a URL filed under the wrong platform
        other = chance.choice([one for one in sorted(_PLATFORMS) if one != platform])
        cells = [spelled, _PLATFORMS[other][0], page, "", note]
    elif kind < 73:  # the handle only
        cells = [spelled, site, "", f"@{handle}", note]
    elif kind < 77:  # a formula of a spreadsheet
        cells = [spelled, site, f'=HYPERLINK("{page}","{unit}")', "", ""]
    elif kind < 81:  # two addresses in one cell
        cells = [spelled, f"{site} and Instagram", f"{page} https://www.instagram.com/{handle}i", "", ""]
    elif kind < 84:  # nothing
        cells = ["", "", "", "", ""]
    elif kind < 87:  # ragged: too short, or with cells beyond the last column
        cells = [spelled, site, page] if chance.random() < 0.5 else [spelled, site, page, "", note, "", "x", ""]
    elif kind < 90:  # the row before, in another spelling
        previous = "wausau" + "".join("bcdfghkqtz"[int(digit)] for digit in str(max(0, number - 1)))
        cells = [spelled, "FB", f"https://www.facebook.com/{previous.upper()}", "", ""]
    elif kind < 92:
        cells = [spelled, site, f"https://bit.ly/{number}", "", ""]
    elif kind < 94:
        cells = [spelled, site, "", "#NAME?", ""]
    elif kind < 96:
        cells = ["Dept. of Mysteries", site, page, "", ""]
    elif kind < 97:  # a quotation mark that nobody closes
        return f'{unit},{site},"{page},,'
    elif kind < 98:
        return "Department,Site,Link,Handle,Notes"
    else:
        cells = [spelled, "", "call 715-555-0100", "", ""]
    return ",".join(_quoted(cell) for cell in cells)


def big_list_with_one_bad_row(size_bytes: int = 10_000_000, notes: int = 16) -> tuple[bytes, int]:
    """A clean list of that size with one row whose quotation mark is never closed; and that row's number.

    Fewer rows make up the size when each has more `notes`.
    """
    lines, length, number = ["Department,Platform,URL,Handle,Notes"], 0, 0
    bad = 0
    while length < size_bytes:
        number += 1
        note = "kept by the desk " * notes
        line = f"Parks and Recreation,Facebook,https://www.facebook.com/wausaupark{number:07d},,{note}"
        if not bad and length > size_bytes // 2:
            line = f'Parks and Recreation,Facebook,"https://www.facebook.com/bad{number},,'
            bad = number + 1
        lines.append(line)
        length += len(line) + 1
    return ("\n".join(lines) + "\n").encode(), bad
