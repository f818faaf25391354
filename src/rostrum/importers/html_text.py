"""The words of a post's HTML: paragraphs, line breaks and lists kept, links written out where the text hides them."""

from html.parser import HTMLParser

_PARAGRAPHS = frozenset({"p", "blockquote", "ul", "ol", "pre", "div", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "template"})


def text_of_html(html: str) -> str:
    """Plain text of a fragment.

    A link whose shown text is only a shortening of its address (as Mastodon writes them) becomes the address; mentions
    and hashtags stay as shown; other links get their address in brackets behind them.
    """
    if "<" not in html and "&" not in html:
        return html.strip()
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._link: tuple[str, str, int] | None = None  # address, classes, where its text begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _PARAGRAPHS:
            self._break("\n\n")
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._break("\n")
            self._parts.append("- ")
        elif tag == "img":
            # Custom emoji come as pictures with their code as alternative text.
            self._parts.append(dict(attrs).get("alt") or "")
        elif tag == "a":
            self._end_link()
            given = dict(attrs)
            self._link = (given.get("href") or "", given.get("class") or "", len(self._parts))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _PARAGRAPHS:
            self._break("\n\n")
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def _break(self, line: str) -> None:
        self._parts.append("\0" * len(line))

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, classes, begin = self._link
        self._link = None
        shown = "".join(self._parts[begin:])
        if not address or address == shown or {"mention", "hashtag", "u-url"} & set(classes.split()):
            return
        if shown.strip() and shown.rstrip("…").strip() in address:
            self._parts[begin:] = [address]
        else:
            self._parts.append(f" ({address})" if shown.strip() else address)

    def text(self) -> str:
        """All text read, with the breaks between blocks merged."""
        self._end_link()
        out: list[str] = []
        for block in "".join(self._parts).split("\0"):
            line = block.strip(" ")
            # One mark is a new line, two or more a new paragraph: an empty block stands between two marks.
            out.append(line)
        lines: list[str] = []
        for line in out:
            if line or (lines and lines[-1]):
                lines.append(line)
        return "\n".join(lines).strip()
