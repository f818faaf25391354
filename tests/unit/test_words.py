"""The tokeniser and the query language: what is one word, what a query means, and where it cannot be read."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rostrum.kernel.words import (
    AllOf,
    AnyOf,
    Mark,
    Not,
    Phrase,
    QueryProblem,
    Word,
    fold,
    highlights,
    index_words,
    matches,
    parse,
    storable,
    tokens,
)

ALPHABET = "abñéßİ ＃#@'’-_.:/&5½\u0301\u00ad\u200b\u200d🚧👍🏽停水通知かがカ\u3099ﾊﾟ가나ไทยא\n"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=60)


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.position >= 0]


def marks(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.position < 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Water main BREAK", ["water", "main", "break"]),
        ("Café, NAÏVE Ångström", ["cafe", "naive", "angstrom"]),
        ("e\u0301te\u0301", ["ete"]),
        ("don't re-open O’Neill's", ["don", "t", "re", "open", "o", "neill", "s"]),
        ("715-555-0100 1,000", ["715", "555", "0100", "1", "000"]),
        ("https://a.gov/x_y?q=1", ["https", "a", "gov", "x", "y", "q", "1"]),
        ("Straße ﬁre ① ½", ["strasse", "fire", "1", "1", "2"]),
        ("wa\u00adter zero\u200bwidth joi\u200dned", ["water", "zero", "width", "joined"]),
        ("flood🚧now 👍🏽", ["flood", "🚧", "now", "👍"]),
        ("停水通知", ["停水", "水通", "通知", "知"]),
        ("水", ["水"]),
        ("COVID停水 2024年", ["covid", "停水", "水", "2024", "年"]),
        ("か\u3099 ｶﾞ が", ["が", "ガ", "が"]),
        ("서울시", ["서울", "울시", "시"]),
        ("\u1112\u1161\u11ab", ["한"]),
        ("$5 + 3 = 8 … —", ["5", "3", "8"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_these_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Flood and #flood_watch2024", ["#flood", "#flood_watch2024"]),
        ("＃洪水 alarm", ["#洪水"]),
        ("mail me@wausau.gov, not a mention", []),
        ("thanks @Wausau.gov.", ["@wausau.gov", "@wausau"]),
        ("@clerk@city.example hi", ["@clerk@city.example", "@clerk"]),
        ("https://a.gov/#top https://m.example/@user &#39;", []),
        ("# 1", []),
    ],
)
def test_hashtags_and_mentions_are_marks_besides_being_words(text: str, expected: list[str]) -> None:
    assert marks(text) == expected


def test_the_bare_word_finds_the_hashtag_and_the_hashtag_only_hashtags() -> None:
    assert matches(parse("flood"), "A #flood today")
    assert matches(parse("#flood"), "A #Flood today")
    assert not matches(parse("#flood"), "A flood today")
    assert matches(parse("@wausau"), "ask @wausau.gov")
    assert matches(parse('"road #flood"'), "Road #flood")
    assert not matches(parse('"road #flood"'), "Road flood")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", None),
        ("  ", None),
        ("flood", Word("flood")),
        ("Flood Sewer", AllOf((Word("flood"), Word("sewer")))),
        ("flood AND sewer", AllOf((Word("flood"), Word("sewer")))),
        ('"water main"', Phrase(("water", "main"))),
        ("“water main”", Phrase(("water", "main"))),
        ("a OR b c", AnyOf((Word("a"), AllOf((Word("b"), Word("c")))))),
        ("-drill", Not(Word("drill"))),
        ("NOT drill", Not(Word("drill"))),
        ('flood -"test run"', AllOf((Word("flood"), Not(Phrase(("test", "run")))))),
        ("(a OR b) -(c)", AllOf((AnyOf((Word("a"), Word("b"))), Not(Word("c"))))),
        ("evac*", Word("evac", begins=True)),
        ('"water ma"*', Phrase(("water", "ma"), begins=True)),
        ("#flo*", Mark("#flo", begins=True)),
        ("don't", Phrase(("don", "t"))),
        ("停水通知", Phrase(("停水", "水通", "通知"))),
        ("水", Word("水", begins=True)),
        ("or and not", AllOf((Word("or"), Word("and"), Word("not")))),
        ("cats & dogs –", AllOf((Word("cats"), Word("dogs")))),
        ('"quo"ted', AllOf((Word("quo"), Word("ted")))),
    ],
)
def test_a_query_is_read_as_this_tree(query: str, tree: object) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "start", "says"),
    [
        ('a "b', 2, "never closed"),
        ("(a", 0, "never closed"),
        ("a)", 1, "no opening"),
        ("OR a", 0, "before it"),
        ("a OR", 2, "after it"),
        ("a OR OR b", 2, "after it"),
        ("AND a", 0, "each side"),
        ("a AND OR b", 2, "each side"),
        ("NOT", 0, "after it"),
        ("a -", None, ""),
        ("a ()", 2, "between these parentheses"),
        ("&&", 0, "no word"),
        ("-&", 1, "leave out"),
        ("a*", 0, "at least 2 letters"),
        ("(" * 21 + "a" + ")" * 21, 20, "20 deep"),
        (" ".join("w" for _ in range(101)), 200, "100 terms"),
        ("-".join("w" for _ in range(65)), 0, "64 words"),
    ],
)
def test_a_query_that_cannot_be_read_names_the_place(query: str, start: int | None, says: str) -> None:
    if start is None:
        assert parse(query) is not None
        return
    with pytest.raises(QueryProblem) as caught:
        parse(query)
    assert caught.value.start == start
    assert says in caught.value.message
    assert f"character {start + 1}" in str(caught.value)


def test_highlights_are_places_in_the_original_text() -> None:
    text = "Die Straße e\u0301te\u0301 #Flood 停水通知!"
    for query, expected in [
        ("strasse", ["Straße"]),
        ("été", ["e\u0301te\u0301"]),
        ("flood OR #flood", ["#Flood"]),
        ("水通", ["水通"]),
        ("知", ["知"]),
        ('"die strasse"', ["Die Straße"]),
        ("-flood", []),
        ("nothing", []),
    ]:
        assert [text[start:end] for start, end in highlights(parse(query), text)] == expected, query


@given(TEXTS)
def test_places_cover_what_they_stand_for_and_positions_count_up(text: str) -> None:
    found = tokens(text)
    line = [token for token in found if token.position >= 0]
    assert [token.position for token in line] == list(range(len(line)))
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(TEXTS)
def test_what_is_indexed_is_what_is_highlighted(text: str) -> None:
    indexed, indexed_marks = index_words(text)
    assert indexed == words(text)
    assert indexed_marks == list(dict.fromkeys(marks(text)))


@given(TEXTS)
def test_words_are_safe_for_every_engine(text: str) -> None:
    indexed, indexed_marks = index_words(storable(text))
    for word in indexed:
        assert word
        assert len(word) <= 100
        assert all(not letter.isspace() and (letter.isalnum() or not letter.isascii()) for letter in word)
        assert "\x00" not in word
        word.encode()
    for mark in indexed_marks:
        assert mark[0] in "#@"
        assert all(letter.isalnum() or not letter.isascii() or letter in "#@_.-" for letter in mark)


@given(TEXTS)
def test_folding_does_not_depend_on_how_the_text_is_composed(text: str) -> None:
    assert words(fold(text)) == words(text)
    for form in ("NFC", "NFD"):
        latin = "".join(letter for letter in text if letter in "abñéß -_5")
        assert words(unicodedata.normalize(form, latin)) == words(latin)


@given(st.text(alphabet="停水通知公開会議", min_size=1, max_size=12), st.data())
def test_any_stretch_of_an_unspaced_run_is_found(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert matches(parse(run[start:end]), f"Notice: {run}!")


@given(TEXTS)
@example("0*")
def test_a_text_is_found_by_itself(text: str) -> None:
    quoted = '"' + " ".join(text.replace('"', " ").translate({ord(c): " " for c in "“”„«»"}).split()[:5]) + '"'
    try:
        tree = parse(quoted)
    except QueryProblem as problem:
        refused = problem.message
    else:
        assert matches(tree, text)
        return
    assert any(reason in refused for reason in ("no word", "64 words", "at least 2 letters"))


@given(st.text(max_size=80))
def test_any_input_is_read_or_named_wrong_in_place(query: str) -> None:
    try:
        parse(query)
    except QueryProblem as problem:
        place = (problem.start, problem.end)
    else:
        place = (0, 0)
    assert 0 <= place[0] <= place[1] <= len(query)


def test_the_unstorable_is_replaced() -> None:
    assert storable("a\x00b\ud800c") == "a\ufffdb\ufffdc"
