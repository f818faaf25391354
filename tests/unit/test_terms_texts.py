"""A platform's words, whatever they came as; and what changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.channels.terms.texts import read_text, stands_in
from rostrum.kernel.decisions import InvalidInput
from rostrum.web.diff import passage_changes

PLAIN = "Terms\n\n1. You keep what you write.\n2. We may change this."
PAGE = """<!doctype html><html><head><title>Terms | Site</title><style>p{}</style></head><body>
<nav><a href="/?s=8f2">Home</a></nav><script>track()</script>
<h1>Terms</h1><ol><li value=1>1. You keep what
you write.</li><li>2. We may <a href="/x?t=1">change</a> this.</li></ol></body></html>"""


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace(" ", "\u00a0").encode(),
        PLAIN.replace("keep", "ke\u00adep").encode(),
        ("  \n" + PLAIN + "\n\n\n").encode(),
        PAGE.encode(),
        PAGE.replace("</nav>", "").replace("<nav>", "").replace(">Home<", "><").encode(),
        PAGE.replace("<nav>", "<noscript></noscript><nav>").encode(),
    ],
)
def test_the_same_words_have_the_same_digest(content: bytes) -> None:
    assert read_text(content).sha256 == read_text(PLAIN.encode()).sha256


@pytest.mark.parametrize(
    "other",
    [PLAIN.replace("may", "will"), PLAIN.replace("keep", "Keep"), PLAIN + " Or not.", PLAIN.replace("this.", "this")],
)
def test_other_words_have_another(other: str) -> None:
    assert read_text(other.encode()).sha256 != read_text(PLAIN.encode()).sha256


def test_the_bytes_keep_a_digest_of_their_own() -> None:
    assert read_text(PAGE.encode()).raw_sha256 != read_text(PLAIN.encode()).raw_sha256


def test_paragraphs_stay_readable_and_what_is_not_shown_is_left_out() -> None:
    text = read_text(PAGE.encode(), "text/html; charset=utf-8").text
    assert text.splitlines()[0] == "Terms"
    assert "You keep what you write." in text
    assert "track" not in text
    assert "Home" not in text


def test_an_element_that_is_never_closed_swallows_nothing() -> None:
    page = "<html><body><nav><a>Home</a><p>You keep what you write.</p></body></html>"
    assert "You keep what you write." in read_text(page.encode()).text
    assert "Title" not in read_text(b"<html><head><title>Title</title><body><p>Words</p></body></html>").text


@pytest.mark.parametrize(
    ("content", "media_type", "word"),
    [
        ("Gebühren".encode("latin-1"), "text/plain; charset=iso-8859-1", "Gebühren"),
        (b'<html><meta charset="windows-1252"><body>\x93Fees\x94</body></html>', "text/html", "“Fees”"),
        (b"caf\xe9", "text/plain", "café"),
        ("naïve".encode(), "text/plain; charset=no-such", "naïve"),
    ],
)
def test_the_letters_are_read_as_they_were_meant(content: bytes, media_type: str, word: str) -> None:
    assert word in read_text(content, media_type).text


@pytest.mark.parametrize("content", [b"", b" \n ", b"...", b"%PDF-1.4 x", b"PK\x03\x04", b"a\0b", b"<html></html>"])
def test_what_holds_no_words_is_named(content: bytes) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_text(content)
    assert problem.value.where == "text"


@given(st.binary(max_size=200), st.sampled_from(["", "text/html", "text/plain; charset=utf-16"]))
def test_any_bytes_are_a_text_or_a_named_mistake(content: bytes, media_type: str) -> None:
    try:
        found = read_text(content, media_type)
    except InvalidInput:
        return
    assert read_text(found.text.encode()).sha256 == found.sha256 or "<" in found.text


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("You keep what you write.", True),
        ("you  KEEP what\nyou write", True),
        ("“You keep", False),
        ("You give what you write", False),
        ("", False),
        ("  ", False),
    ],
)
def test_a_quote_stands_in_the_text_however_it_is_spaced(quote: str, stands: bool) -> None:
    assert stands_in(quote, PLAIN) is stands
    assert stands_in('a "few" words', "It has a “few” words.")


def test_what_changed_is_told_passage_by_passage() -> None:
    old = "One.\n\nYou keep it.\n\nThree.\n\nGone."
    new = "One.\n\nWe keep it.\n\nThree.\n\nCome.\n\nAnd more."
    passages = passage_changes(old, new)
    assert [(one.what, one.paragraphs) for one in passages] == [
        ("Unchanged", 1),
        ("Changed", 1),
        ("Unchanged", 1),
        ("Changed", 2),
    ]
    assert (passages[1].new[0].change, passages[1].new[0].text) == ("new", "We")
    assert passage_changes(old, old + "\n\nAdded.")[-1].what == "Added"
    assert passage_changes(old, "One.")[-1].what == "Removed"
    assert [one.what for one in passage_changes(old, old)] == ["Unchanged"]


def test_a_text_rewritten_from_end_to_end_is_compared_in_time() -> None:
    old = " ".join(f"word{number}" for number in range(20_000))
    (passage,) = passage_changes(old, " ".join(f"term{number}" for number in range(20_000)))
    assert passage.what == "Changed"
    assert len(passage.old) == len(passage.new) == 1
