"""The platforms' ways of writing an instant, read strictly: aware datetimes in a plausible range, or `ValueError`."""

import re
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) \+0000 (\d{4})")
# Nothing was posted before the epoch, and an archive must not sort behind a typing error in year 9999.
_YEARS = range(1970, 2200)
_SNOWFLAKE_EPOCH_MS = 1288834974657
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_instant(text: object) -> datetime:
    """Read ``Sat Feb 18 12:33:11 +0000 2023`` or ISO 8601; a time without a zone is UTC, a zone given is kept.

    Raises `ValueError` with a sentence naming the value when it is no date, or lies outside of 1970 to 2199.
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a date")
    match = _TWITTER.fullmatch(text)
    try:
        if match and match[1] in _MONTHS:
            month, day, hour, minute, second, year = match.groups()
            instant = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        else:
            instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date, or out of range") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    if instant.year not in _YEARS:
        raise ValueError(f"the date {text!r} is out of range ({_YEARS.start} to {_YEARS.stop - 1})")
    return instant


def instant_of_snowflake(native_id: str) -> datetime | None:
    """The instant that a post id of X carries, to the second, or None for ids from before November 2010."""
    number = int(native_id)
    # Ids counted up until then; the first with a time in it is about 2.7e10.
    if not 29_700_000_000 < number < 1 << 63:
        return None
    return _EPOCH + timedelta(seconds=((number >> 22) + _SNOWFLAKE_EPOCH_MS) // 1000)
