"""Which parts of a committed version a redaction withholds, and how the rest is shown. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rostrum.evidence.commitments import Part
from rostrum.evidence.segments import text_segments
from rostrum.kernel.decisions import InvalidInput

TOKEN = "[withheld]"  # noqa: S105 - what stands where a word was; always of the same width


@dataclass(frozen=True, slots=True)
class Cut:
    """A redaction as far as the parts care: its place, and its range of code points or position."""

    place: str
    start: int
    end: int


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a range of code points to whole segments, without the white space after the last.

    Words are what the commitment can withhold one by one. Raises `InvalidInput` when the range is empty or outside.
    """
    if not 0 <= start < end <= len(text):
        raise InvalidInput("range", f"from {start} to {end} is not a part of a text of {len(text)} characters")
    low, high, position = len(text), 0, 0
    for segment in text_segments(text):
        after = position + len(segment)
        if position < end and after > start and segment.strip():
            low, high = min(low, position), max(high, position + len(segment.rstrip()))
        position = after
    if low >= high:
        raise InvalidInput("range", "this part of the text is only white space")
    return low, high


def withheld_positions(parts: Sequence[Part], text: str, cuts: Iterable[Cut]) -> set[int]:
    """The positions of the parts that the cuts withhold, in the order of the version's parts.

    Any cut also withholds the raw payload and the further fields, which repeat the text; with the author go the ids and
    addresses that lead to them (a Bluesky id holds its author's own), with a medium its alternative text.
    """
    cuts = list(cuts)
    if not cuts:
        return set()
    texts = [cut for cut in cuts if cut.place == "text"]
    media = {cut.start for cut in cuts if cut.place == "media"}
    places = {cut.place for cut in cuts}
    spans: dict[str, tuple[int, int]] = {}
    position = 0
    for number, segment in enumerate(text_segments(text)):
        spans[f"text/{number}"] = (position, position + len(segment))
        position += len(segment)
    withheld: set[int] = set()
    for index, part in enumerate(parts):
        span = spans.get(part.name)
        family, _, rest = part.name.partition("/")
        if (
            (span and any(cut.start < span[1] and cut.end > span[0] for cut in texts))
            or family in ("raw", "extra")
            or ("author" in places and family == "author")
            or (places & {"author", "ids"} and family in ("url", "record"))
            or (family in ("media", "alt") and rest.partition("/")[0] in {str(one) for one in media})
        ):
            withheld.add(index)
    return withheld


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that is shown, or a token where it is withheld."""

    text: str
    withheld: bool


def shown_text(parts: Sequence[Part], hidden: set[str]) -> list[Run]:
    """The text as it may be shown: neighbouring withheld words are one token of fixed width."""
    runs: list[Run] = []
    for part in parts:
        if not part.name.startswith("text/"):
            continue
        if part.name in hidden:
            if not (runs and runs[-1].withheld):
                runs.append(Run(TOKEN, True))
        elif runs and not runs[-1].withheld:
            runs[-1] = Run(runs[-1].text + part.value.decode(), False)
        else:
            runs.append(Run(part.value.decode(), False))
    return runs
