"""Feeds as files: which entry becomes which Item, by which bytes, in which order; and feeds that cannot be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostrum.importers import detect
from rostrum.importers.reading import Limits
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Access, Fault, Item, Kind

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><link>https://guard.example.gov</link>
<item><title>Sandbags &amp; shovels</title><link>https://guard.example.gov/2</link><guid isPermaLink="false">n-2</guid>
  <pubDate>Tue, 03 Nov 2026 09:30:00 -0600</pubDate><dc:creator>Sgt. Müller</dc:creator>
  <description>Short</description>
  <content:encoded><![CDATA[<p>The whole story.</p><p>In two parts.</p>]]></content:encoded>
  <enclosure url="https://guard.example.gov/2.mp3" length="9" type="audio/mpeg"/></item>
<item><title>Open house</title><guid>n-1</guid><pubDate>Mon, 02 Nov 2026 15:00:00 GMT</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><id>urn:blog</id>
<entry><id>urn:1</id><title>One</title><link href="https://blog.example.gov/1"/>
<published>2026-11-02T15:00:00Z</published><updated>2026-11-03T08:00:00Z</updated><author><name>Dana</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Bring <b>boots</b>.</p><p>Rain or shine.</p></div>
</content></entry>
<entry><title type="html">Two &amp;amp; three</title><updated>2026-11-04T08:00:00Z</updated>
<summary>Short</summary></entry>
</feed>"""
WXR = """<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>Trail closed</title><link>https://blog.example.gov/trail</link><guid>g-1</guid>
<wp:post_date_gmt>2026-11-02 15:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author>Robin</wp:comment_author>
<wp:comment_date_gmt>2026-11-02 16:00:00</wp:comment_date_gmt><wp:comment_content>Until when?</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>8</wp:comment_id><wp:comment_content>Buy pills</wp:comment_content>
<wp:comment_approved>spam</wp:comment_approved></wp:comment></item>
<item><title>A draft</title><guid>g-2</guid><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Menu</title><guid>g-3</guid><wp:status>publish</wp:status><wp:post_type>nav_menu_item</wp:post_type></item>
<item><title>For staff</title><guid>g-4</guid><wp:status>private</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>"""


def read(
    folder: Path, text: str | bytes, *, limits: Limits | None = None
) -> tuple[list[Item], list[Fault], list[str], list[str]]:
    path = folder / "feed.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with detect([path], limits=limits) as export:
        assert export.kind == "feed"
        things = list(export.read())
        items = [one for one in things if isinstance(one, Item)]
        return items, [one for one in things if isinstance(one, Fault)], export.ignored, export.missing


def test_each_entry_becomes_an_item_by_its_own_bytes_in_the_feeds_order(tmp_path: Path) -> None:
    items, faults, ignored, missing = read(tmp_path, RSS)
    assert (faults, ignored) == ([], [])
    assert [one.native_id for one in items] == ["n-2", "n-1"]
    first = items[0]
    assert first.text == "Sandbags & shovels\n\nThe whole story.\n\nIn two parts."
    assert (first.url, first.author_name) == ("https://guard.example.gov/2", "Sgt. Müller")
    assert first.published_at == datetime(2026, 11, 3, 15, 30, tzinfo=UTC)
    start = RSS.encode().index(b"<item>")
    assert first.raw == RSS.encode()[start : RSS.encode().index(b"</item>") + len(b"</item>")]
    # A feed names its files and does not hold them: said, not hidden.
    assert [(one.mime, one.url, one.open) for one in first.media] == [
        ("audio/mpeg", "https://guard.example.gov/2.mp3", None)
    ]
    assert missing == ["https://guard.example.gov/2.mp3: named by n-2, not in a feed"]


def test_an_atom_entry_keeps_its_paragraphs_and_says_when_it_was_edited(tmp_path: Path) -> None:
    (one, two), faults, _, _ = read(tmp_path, ATOM)
    assert faults == []
    assert one.text == "One\n\nBring boots.\n\nRain or shine."
    assert (one.native_id, one.author_name, one.url) == ("urn:1", "Dana", "https://blog.example.gov/1")
    assert one.edited_at == datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    assert two.text == "Two & three\n\nShort"
    assert two.id_is_derived
    assert two.native_id.startswith("sha256:")


def test_what_wordpress_exports_gives_posts_and_comments_and_leaves_out_what_was_never_shown(tmp_path: Path) -> None:
    items, faults, ignored, _ = read(tmp_path, WXR)
    assert faults == []
    assert [(one.kind, one.text, one.access) for one in items] == [
        (Kind.POST, "Trail closed", Access.OPEN),
        (Kind.COMMENT, "Until when?", Access.OPEN),
        (Kind.POST, "For staff", Access.RESTRICTED),
    ]
    post, comment, _ = items
    assert (comment.parent_id, comment.author_name) == (post.native_id, "Robin")
    # Disposing of a comment must not touch the post: its bytes stand in one of the two only.
    assert b"Until when?" in comment.raw
    assert b"Until when?" not in post.raw
    assert b"pills" not in post.raw
    assert ignored == [
        "1 comments that were never shown",
        "1 entries never published (draft)",
        "1 entries of the kind nav_menu_item",
    ]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_the_bytes_are_the_same_however_the_file_comes_in(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [one.raw for one in read(tmp_path, RSS)[0]]
    monkeypatch.setattr("rostrum.importers.feed._CHUNK", size)
    assert [one.raw for one in read(tmp_path, RSS)[0]] == whole


@pytest.mark.parametrize(
    ("text", "count", "why"),
    [
        (RSS[: RSS.index("Open house")], 1, "not well formed"),
        ('<!DOCTYPE rss [<!ENTITY a "aaaa">]>' + RSS[39:], 0, "declares entities"),
        (RSS.replace("Mon, 02 Nov 2026 15:00:00 GMT", "soon"), 1, "'soon' is not a date"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_kept(tmp_path: Path, text: str, count: int, why: str) -> None:
    items, faults, _, _ = read(tmp_path, text)
    assert len(items) == count
    assert len(faults) == 1
    assert why in faults[0].why


def test_an_entry_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    text = RSS.replace("Short", "x" * 400_000)
    _, faults, _, _ = read(tmp_path, text, limits=Limits(element_bytes=100_000))
    assert [one.why for one in faults] == ["an entry is longer than 100,000 bytes; what follows was not read"]


def test_a_page_that_is_no_feed_is_refused_with_what_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><html><body>Hello</body></html>")
    with pytest.raises(InvalidInput, match="RSS or Atom feed"), detect([path]):
        pass
