"""Personal data in a text: telephone numbers, e-mail and street addresses, birth dates, identity and card numbers.

What is found, and what is not (clauses.md §4.2):
- A telephone number is personal unless it is one of the body's own office numbers. Toll-free numbers (800, 833, 844,
  855, 866, 877, 888) belong to organizations and are no finding, nor are short codes (211, 311, 511, 911, 988).
- An e-mail address is personal unless the body lists it or its domain. Addresses of governments (.gov, .mil, .us of
  a state) are public offices and no finding. A social media handle is not an e-mail address.
- The author's name and title are never looked for.
"""

import re
from collections.abc import Iterator

from rostrum.kernel.findings import Strength
from rostrum.policy.checks.base import Context, Hit, Parameters, wants

# Hyphens and dashes that phones, word processors and web pages put between digits.
_DASH = r"[-\u2010-\u2015\u2212]"
_GAP = rf"(?:[\s.\u00a0\u2007\u2009\u202f/]|\s?{_DASH}\s?|\.\s)"
_PHONE = re.compile(
    rf"(?<![\w$€£#@=/])(?<!\d[-.])(?:\+?1(?:{_GAP})?)?"
    rf"(?P<area>\(\s?[2-9]\d{{2}}\s?\)|[2-9]\d{{2}})(?P<gap1>{_GAP}{{0,2}})"
    rf"(?P<exchange>[2-9]\d{{2}})(?P<gap2>{_GAP}?)(?P<line>\d{{4}})"
    rf"(?P<ext>,?\s*(?:x|ext\.?|extension)\s*\d{{1,6}})?(?![\w%])(?!{_DASH}\d)(?!\.\d)",
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(rf"(?<![\w$€£#@=/.-])[2-9]\d{{2}}(?:{_DASH}|\.|\s)\d{{4}}(?![\w%])(?!{_DASH}\d)(?!\.\d)")
_FOREIGN_PHONE = re.compile(rf"(?<![\w$])\+(?!1\b|1[\s(.-])[2-9]\d{{0,2}}(?:{_GAP}?\(?\d\)?){{7,12}}(?![\w%])")
_PHONE_CUE = re.compile(
    r"\b(?:call(?:s|ed|ing)?|text(?:s|ed|ing)?|phone|telephone|tel|cell|mobile|fax|dial|ring|reach(?:ed)?|contact|"
    r"number|voicemail|whatsapp|signal|home|ph)\b|☎|📞|📱",
    re.IGNORECASE,
)
_NUMBER_CUE = re.compile(
    r"\b(?:case|permit|parcel|invoice|order|account|acct|id|isbn|tracking|docket|license|licence|bid|project|"
    r"contract|"
    r"serial|ticket|reference|ref|file|item|sku|upc|batch|lot|meter|tax key|pin)\b\.?\s*(?:no\.?|number|nr\.?|#|"
    r":)*\s*$",
    re.IGNORECASE,
)
_TOLL_FREE = {"800", "822", "833", "844", "855", "866", "877", "888"}

_EMAIL = re.compile(
    r"(?<![\w@.+/-])[\w.+'%-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w@])"
)
_SPELLED_EMAIL = re.compile(
    r"(?<![\w@])[\w.+-]{2,40}\s*(?:\(\s*at\s*\)|\[\s*at\s*\]|\{\s*at\s*\}|\sat\s)\s*[a-z0-9-]{2,30}\s*"
    r"(?:\(\s*dot\s*\)|\[\s*dot\s*\]|\{\s*dot\s*\}|\sdot\s|(?<=\))\.)\s*(?:com|net|org|edu|info|io|me|us|co)\b"
    r"|(?<![\w@])[\w.+-]{2,40}\s*(?:\(\s*at\s*\)|\[\s*at\s*\])\s*[a-z0-9-]{2,30}\.(?:com|net|org|edu|info|io|me|"
    r"us|co)\b",
    re.IGNORECASE,
)
_PUBLIC_OFFICE = re.compile(r"\.(?:gov|mil)$|\.[a-z]{2}\.us$", re.IGNORECASE)

_STREET = (
    "Street|St|Avenue|Ave|Av|Boulevard|Blvd|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Circle|Cir|Place|Pl|Terrace|Ter|Way|"
    "Parkway|Pkwy|Highway|Hwy|Trail|Trl|Square|Sq|Alley|Loop|Crescent|Cres"
)
_WHOLE_WORDS = frozenset(word for word in _STREET.split("|") if len(word) > 4 or word in ("Road", "Lane", "Loop"))
_PLAIN_STREET = "street|avenue|ave|boulevard|blvd|road|rd|drive|dr|lane|ln|court|ct|circle|cir|terrace|parkway|pkwy"
_NOT_A_NAME = (
    r"(?!(?:of|the|on|down|for|to|free|minutes?|miles?|lanes?|blocks?|feet|foot|ft|people|new|more|at|and|in|from|"
    r"along|"
    r"closed|open|additional|other|different|major|busy|local|days?|weeks?|hours?|a\.?m\.?|p\.?m\.?|or|homes?|"
    r"houses?|"
    r"city|state|side|miles|crews?|trees?|potholes?|signs?|percent|is|are|was|with|this|that|our|your|their|my)\b)"
)
_DIRECTION = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s+)?"
_ADDRESS = re.compile(
    rf"(?<![\w$#.,/-])(?P<number>\d{{1,6}}(?:\s?½|{_DASH}\d{{1,4}}|[A-Za-z])?)\s+{_DIRECTION}"
    rf"(?P<name>(?:{_NOT_A_NAME}(?:[A-Z][\w.'’]*|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}})"
    rf"(?P<suffix>(?:{_STREET}))\b\.?(?:\s+(?:N|S|E|W|NE|NW|SE|SW)\b\.?)?"
    r"(?:,?\s+(?:Apt|Apartment|Unit|Suite|Ste|Rm|Room|Lot|#)\.?\s*#?\s*\w{1,6}\b)?"
)
_ADDRESS_PLAIN = re.compile(
    rf"(?<![\w$#.,/-])(?P<number>\d{{2,5}})\s+(?:(?:n|s|e|w|north|south|east|west)\.?\s+)?"
    rf"(?P<name>(?:{_NOT_A_NAME}(?:[a-z]{{3,}}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,2}})(?P<suffix>{_PLAIN_STREET})\b",
)
_PO_BOX = re.compile(r"\bP\.?\s?O\.?\s?Box\s+\d+\b", re.IGNORECASE)
_NOT_AN_ADDRESS_AFTER = re.compile(
    r"\s+(?:businesses|residents|shops|stores|homes|houses|neighbors|neighbours|trees|lights|properties|projects|"
    r"intersections|storefronts|vendors|families|stops|festival|closures?|bridges?|crews?|block\s+party|corridor|"
    r"reconstruction|project|parade)\b",
    re.IGNORECASE,
)
_PUBLIC_PLACE = re.compile(
    r"\b(?:city hall|town hall|village hall|county building|courthouse|library|museum|parks?|playground|pool|arena|"
    r"stadium|auditorium|theater|theatre|school|college|university|church|clinic|hospital|station|airport|garage|"
    r"center|centre|office|plaza|armory|shelter|pavilion|polling place|headquarters|depot|market|hotel|building|"
    r"open house|hearing|meeting|location|headquartered)\b",
    re.IGNORECASE,
)
_PRIVATE_CUE = re.compile(
    r"\b(?:lives?|living|resides?|residen(?:t|ce)s?|home|house|homeowner|tenant|neighbor|mr|mrs|ms|owner|family|"
    r"victim|"
    r"suspect|his|her|apartment|apt)\b",
    re.IGNORECASE,
)

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}})"
)
_BIRTH_DATE = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?date|birthdate|birth\s?day|born)(?:[\s:,;(–—-]|\bis\b|"
    rf"\bwas\b|\bon\b){{0,12}}"
    rf"(?P<date>{_DATE})(?!\d)",
    re.IGNORECASE,
)
_SSN = re.compile(
    rf"(?<![\w-])(?!000|666|9\d\d)\d{{3}}(?:{_DASH}|\s)(?!00)\d{{2}}(?:{_DASH}|\s)(?!0000)\d{{4}}(?![\w-])"
)
_DRIVER_LICENSE = re.compile(rf"(?<!\w)[A-Z]\d{{3}}{_DASH}?\d{{4}}{_DASH}?\d{{4}}{_DASH}?\d{{2}}(?!\w)")
_CARD = re.compile(rf"(?<![\w.-])\d(?:[\s]?\d|{_DASH}\d){{12,18}}(?![\w-])")
_BANK_NUMBER = re.compile(
    r"\b(?:bank\s+account|checking\s+account|savings\s+account|account|routing)\s*(?:number|no\.?|"
    r"#)\s*(?:is\s*)?:?\s*"
    r"(?P<number>\d[\d -]{5,20}\d)",
    re.IGNORECASE,
)

_ADVICE = "Take it out, or have a custodian list it if it is an office's own."


def find_personal_data(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find what `parameters` ask for: ``kinds`` of phone, email, address, birth-date, government-id, financial."""
    finders = {
        "phone": _phones,
        "email": _emails,
        "address": _addresses,
        "birth-date": _birth_dates,
        "government-id": _government_ids,
        "financial": _financial,
    }
    for kind, finder in finders.items():
        if wants(parameters, "kinds", kind):
            yield from finder(context)


def _digits(text: str) -> str:
    only = "".join(str(int(char)) for char in text if char.isdecimal())
    return only[1:] if len(only) == 11 and only.startswith("1") else only


def _phones(context: Context) -> Iterator[Hit]:
    text = context.text
    # Digits only, so that the body may list its numbers in any form; ten digits without extension.
    offices = {_digits(number)[:10] for number in context.words("body.office_numbers")}
    office_locals = {number[-7:] for number in offices}
    taken: list[tuple[int, int]] = []
    for match in _PHONE.finditer(text):
        number = _digits(match[0][: match.start("ext") - match.start()] if match["ext"] else match[0])
        bare = not match["gap1"] and not match["gap2"] and not match["area"].startswith("(")
        if (
            bare
            and not match[0].startswith("+")
            and _NUMBER_CUE.search(text[max(0, match.start() - 40) : match.start()])
        ):
            continue
        if not _closed(match["area"]) or number in offices:
            taken.append(match.span())
            continue
        taken.append(match.span())
        if number[:3] not in _TOLL_FREE:
            yield _phone(match.start(), match.end())
    for match in _FOREIGN_PHONE.finditer(text):
        if not _overlaps(match.span(), taken):
            taken.append(match.span())
            yield _phone(match.start(), match.end())
    for match in _LOCAL_PHONE.finditer(text):
        near = text[max(0, match.start() - 30) : match.start()]
        if not _overlaps(match.span(), taken) and _PHONE_CUE.search(near) and _digits(match[0]) not in office_locals:
            yield _phone(match.start(), match.end())


def _closed(area: str) -> bool:
    return area.startswith("(") == area.endswith(")")


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _phone(start: int, end: int) -> Hit:
    return Hit("This looks like a person's telephone number.", _ADVICE, start, end)


def _emails(context: Context) -> Iterator[Hit]:
    listed = {entry.lower() for entry in context.words("body.office_emails")}
    listed |= {f"@{domain.lower().lstrip('@')}" for domain in context.words("body.government_domains")}
    for match in _EMAIL.finditer(context.text):
        address = match[0].lower().rstrip(".")
        domain = address.rpartition("@")[2]
        if address in listed or f"@{domain}" in listed or _PUBLIC_OFFICE.search(domain):
            continue
        yield Hit("This is an e-mail address that is not an office's own.", _ADVICE, match.start(), match.end())
    for match in _SPELLED_EMAIL.finditer(context.text):
        yield Hit("This is an e-mail address, spelled out.", _ADVICE, match.start(), match.end())


def _plain(address: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", address).lower().split())


def _addresses(context: Context) -> Iterator[Hit]:
    text = context.text
    offices = tuple(_plain(address) for address in context.words("body.office_addresses"))
    taken: list[tuple[int, int]] = []
    for pattern in (_ADDRESS, _ADDRESS_PLAIN):
        for match in pattern.finditer(text):
            if _overlaps(match.span(), taken) or _NOT_AN_ADDRESS_AFTER.match(text, match.end()):
                continue
            if len(match["number"]) == 1 and not _PRIVATE_CUE.search(text[max(0, match.start() - 30) : match.start()]):
                # "3 Main Street …" is more often a count than a house.
                continue
            found = _plain(match[0])
            if any(found.startswith(office) or office.startswith(found) for office in offices):
                continue
            taken.append(match.span())
            # "Avenue." ends a sentence; "Ave." is written so.
            ends_sentence = match[0].endswith(".") and match["suffix"] in _WHOLE_WORDS
            yield _address(text, match.start(), match.end() - ends_sentence)
    for match in _PO_BOX.finditer(text):
        if not any(_plain(match[0]) in office for office in offices):
            yield _address(text, match.start(), match.end())


def _address(text: str, start: int, end: int) -> Hit:
    before, after = text[max(0, start - 60) : start], text[end : end + 40]
    sentence = re.split(r"[.!?\n]\s", before)[-1]
    if _PUBLIC_PLACE.search(f"{sentence} {re.split(r'[.!?]', after)[0]}") and not _PRIVATE_CUE.search(sentence):
        message = "This is a street address; it seems to be a public place."
        return Hit(message, "If it is one, list it among the body's addresses.", start, end, Strength.WARN)
    return Hit("This looks like a person's street address.", _ADVICE, start, end)


def _birth_dates(context: Context) -> Iterator[Hit]:
    for match in _BIRTH_DATE.finditer(context.text):
        year = re.search(r"\d{4}", match["date"])
        if year and int(year[0]) < 1900:
            # Founders and pioneers have no privacy left to keep.
            continue
        yield Hit("This is a date of birth.", "Take it out.", match.start("date"), match.end("date"))


def _government_ids(context: Context) -> Iterator[Hit]:
    for match in _SSN.finditer(context.text):
        yield Hit("This looks like a social security number.", "Take it out.", match.start(), match.end())
    for match in _DRIVER_LICENSE.finditer(context.text):
        yield Hit("This looks like a driver license number.", "Take it out.", match.start(), match.end())


def _financial(context: Context) -> Iterator[Hit]:
    for match in _CARD.finditer(context.text):
        digits = [int(char) for char in match[0] if char.isdecimal()]
        if 13 <= len(digits) <= 19 and digits[0] in (2, 3, 4, 5, 6) and _luhn(digits):
            yield Hit("This looks like a payment card number.", "Take it out.", match.start(), match.end())
    for match in _BANK_NUMBER.finditer(context.text):
        yield Hit("This looks like a bank account number.", "Take it out.", match.start("number"), match.end("number"))


def _luhn(digits: list[int]) -> bool:
    doubled = [digit if n % 2 == 0 else digit * 2 - 9 * (digit > 4) for n, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
