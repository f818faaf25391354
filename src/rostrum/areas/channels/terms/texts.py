"""The words of a platform's terms, whatever they came as: bytes in, one canonical text and its digest out. Pure.

Two texts are the same version when their words are: line breaks, spaces and invisible characters do not count, letters,
digits and punctuation do. The bytes as they came keep a digest of their own.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser

from rostrum.kernel.decisions import InvalidInput

MOST_BYTES = 4 * 1024 * 1024
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p"),
        *("pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
# What a reader of the page does not see, or what leads away from it.
_SILENT = frozenset({"head", "script", "style", "template", "noscript", "svg", "nav", "select"})
_SPACES = re.compile(r"[^\S\n]+")
# Zero-width space, soft hyphen, byte order mark: they come and go with the page's layout.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad\ufeff"))
_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Text:
    """The readable text, the digest of its words, and the digest of the bytes it was read from (both SHA-256, hex)."""

    text: str
    sha256: str
    raw_sha256: str


def read_text(content: bytes, media_type: str = "text/plain") -> Text:
    """Read the words of a text or a web page. Raises `InvalidInput`: too large, not text, or no words in it."""
    if len(content) > MOST_BYTES:
        raise InvalidInput("text", f"it has more than {MOST_BYTES // (1024 * 1024)} MB; terms are shorter than that")
    written = _decoded(content, media_type)
    text = _tidy(_words_of_page(written, _SILENT) if _is_page(written, media_type) else written)
    if not any(letter.isalnum() for letter in text):
        raise InvalidInput("text", "there are no words in it")
    return Text(text, sha256(" ".join(text.split()).encode()).hexdigest(), sha256(content).hexdigest())


def stands_in(quote: str, text: str) -> bool:
    """Whether the words quoted stand in the text, however they were spaced and whichever quotation marks were typed."""
    wanted = _plain(quote)
    return bool(wanted) and wanted in _plain(text)


def _decoded(content: bytes, media_type: str) -> str:
    if content.startswith((b"%PDF", b"PK\x03\x04")) or b"\0" in content:
        raise InvalidInput("text", "this is no text and no web page; copy the words and paste them")
    told = re.search(r"charset=\"?([\w.:-]+)", media_type, re.IGNORECASE)
    named = re.search(rb"<meta[^>]+charset=[\"']?([\w.:-]+)", content[:2048], re.IGNORECASE)
    names = [told[1]] if told else []
    names += [named[1].decode("ascii")] if named else []
    for name in (*names, "utf-8"):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("windows-1252", errors="replace")


def _is_page(written: str, media_type: str) -> bool:
    if "html" in media_type.lower():
        return True
    start = written[:1024].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html"))


def _words_of_page(page: str, silent: frozenset[str]) -> str:
    reader = _PageReader(silent)
    reader.feed(page)
    reader.close()
    if reader.left_open in silent - {"script", "style"}:
        # Never closed, so it would swallow the rest of the page: read it as part of the text.
        return _words_of_page(page, silent - {reader.left_open})
    return "".join(reader.parts)


def _tidy(written: str) -> str:
    text = unicodedata.normalize("NFC", written).translate(_UNSEEN)
    lines = [_SPACES.sub(" ", line).strip() for line in re.split(r"\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain(text: str) -> str:
    return " ".join(_tidy(text).translate(_ALIKE).casefold().split())


class _PageReader(HTMLParser):
    """The visible words of a page; addresses of links are left out, because they change without the words changing."""

    def __init__(self, silent: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread = silent
        self._silent: list[str] = []

    @property
    def left_open(self) -> str:
        """The element that was not closed by the end of the page, if its words were left out."""
        return self._silent[0] if self._silent else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "body" and self._silent[:1] == ["head"]:
            # A page that never closes its head still has a body.
            self._silent.clear()
        if self._silent:
            if tag == self._silent[0]:
                self._silent.append(tag)
        elif tag in self._unread:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag in ("br", "li", "tr", "td", "th", "dt", "dd") else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[0]:
                self._silent.pop()
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag in ("li", "tr", "td", "th", "dt", "dd") else "\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # Line breaks in a page's source are spaces to its reader.
            self.parts.append(re.sub(r"[\r\n]+", " ", data))
