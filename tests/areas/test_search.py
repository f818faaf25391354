"""Both engines answer alike: every match, in order, counted, as the reference matcher says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries, search
from rostrum.areas.archive.models import Version
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.search.documents import LAST_KEY, second_of_key
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Access, Kind, Route
from rostrum.kernel.words import QueryProblem, matches, parse, storable
from tests.archive import NOW, PUBLISHED, make_channel, make_item

pytestmark = pytest.mark.django_db

ATOMS = [
    "flood", "Flood,", "#flood", "#Flood_Watch", "@wausau.gov", "wausau", "gov", "water", "main", "break", "Café",
    "cafe", "naïve", "e\u0301te\u0301", "🚧", "👍🏽", "停水通知", "停水", "水", "公開會議", "かがく",
    "ｶﾞｽ", "서울시", "한국", "don't", "715-555-0100", "https://exmpl.gov/n/3f?x=1", "1,000", "ﬁre", "Straße",
    "OR", "and", "'", "\\", ":o", ":c:1", "a'b\\c",
    "NOT", "*", "\u200b", "zero\u200bwidth", "😀😀", "ไทย", "\u0000", "(", ")",
]  # fmt: skip
TERMS = [
    "flood", "#flood", "#flo*", "flo*", "@wausau", "@wausau.gov", "wausau.gov", '"water main"', '"water main break"',
    "cafe",
    "naive", "été", "🚧", "👍", "停水", "停", "水通", '"停水 公開會議"', "通知", "が", "ガス", "서울",
    "don't", "715-555", "0100",
    "https://exmpl.gov/n/3f", "exmpl*", '"flood #flood"', '"main br"*', "strasse", "fire", "and", "zero", "width",
    "absent",
    "😀", "ไทย", '"water water"',
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(ATOMS) | st.text(max_size=6), max_size=12).map(" ".join)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    """A query as people type them."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(TERMS))
    shape = draw(
        st.sampled_from(["{} {}", "{} OR {}", "({} OR {})", "{} -{}", "-{} {}", "-({} {})", "{} NOT {}", "-{}"])
    )
    return shape.format(*(draw(trees(depth - 1)) for _ in range(shape.count("{}"))))


def fill(texts: list[str]) -> dict[int, str]:
    """Index these texts; returns them by key, in order of publication."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    found = {}
    documents = []
    for number, text in enumerate(texts):
        key = search.key_for(start + timedelta(hours=number * 7 % 31), number)
        found[key] = storable(text)
        documents.append(search.Document(key=key, text=storable(text), channel=1, kind="post"))
    search.index().add(documents)
    return dict(sorted(found.items()))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(TEXTS, max_size=12), st.lists(trees(), min_size=1, max_size=8))
def test_the_engine_finds_exactly_what_the_reference_finds(texts: list[str], typed: list[str]) -> None:
    texts_by_key = fill(texts)
    documents = [search.Document(key=key, text=text, channel=1, kind="post") for key, text in texts_by_key.items()]
    try:
        for query in typed:
            try:
                tree = parse(query)
            except QueryProblem:
                continue
            filters = search.Filters(tree=tree)
            expected = [key for key, text in texts_by_key.items() if matches(tree, text)]
            assert search.index().keys(filters) == expected, query
            assert search.index().count_versions(filters) == len(expected), query
            assert search.index().keys(filters, newest_first=True) == expected[::-1], query
    finally:
        search.index().remove(documents)
    assert search.index().keys(search.Filters()) == []


def test_long_texts_lose_no_word_and_no_phrase() -> None:
    filler = [f"w{number % 7919}" for number in range(40_000)]
    filler[20_000:20_003] = ["water", "main", "break"]
    for place in (7_999, 15_900, 16_382, 16_383, 23_870):
        filler[place : place + 2] = [f"left{place}", f"right{place}"]
    long = " ".join(filler)
    laughing = "ha " * 900 + "the end"
    texts = fill([long, laughing, "water main break", "main water ha"])
    keys = list(texts)
    long_key = next(key for key, text in texts.items() if text == long)
    for query in (
        '"water main break"', '"left7999 right7999"', '"left16383 right16383"', '"left23870 right23870"', "w0 water",
        "w0 -absent", '"ha the end"', '"ha ha ha ha"', 'water -"water main"', "-w0", "(left15900 OR absent) main",
        '"right7999 left7999"', "left16*", '"water ma"*', "ha -w0",
    ):  # fmt: skip
        tree = parse(query)
        expected = [key for key in keys if matches(tree, texts[key])]
        assert search.index().keys(search.Filters(tree=tree)) == expected, query
    assert long_key in search.index().keys(search.Filters(tree=parse("w7918 w1")))


def store(channel, *items, **kwargs):
    return archive.store_batch(channel=channel, items=items, route=Route.API, actor="system", now=NOW, **kwargs)


def found(text: str = "", **filters) -> list[str]:
    return [hit.item.native_id for hit in queries.search_for(SearchQuery(text=text, **filters))]


def test_every_filter_narrows_the_answer() -> None:
    parks, police = make_channel("parks"), make_channel("police")
    store(
        parks,
        make_item("a", "flood in the park", published_at=PUBLISHED, author_handle="Parks.Example"),
        make_item("b", "flood is over", published_at=PUBLISHED + timedelta(days=1), kind=Kind.COMMENT, author_id="u2",
                  author_handle="resident", author_name="Ray Resident"),
        make_item("c", "flood, privately", published_at=PUBLISHED + timedelta(days=2), access=Access.RESTRICTED,
                  kind=Kind.MESSAGE, author_id="u2", author_handle="resident"),
    )  # fmt: skip
    store(police, make_item("d", "flood downtown", published_at=PUBLISHED - timedelta(days=400)))
    assert found("flood") == ["d", "a", "b"]
    assert found("flood", include_restricted=True) == ["d", "a", "b", "c"]
    assert found("", include_restricted=True) == ["d", "a", "b", "c"]
    assert found("flood", channels=("parks",)) == ["a", "b"]
    assert found("flood", channels=("parks", "police")) == ["d", "a", "b"]
    assert found("flood", kinds=("comment",)) == ["b"]
    assert found("flood", authors=("@RESIDENT",), include_restricted=True) == ["b", "c"]
    assert found("flood", authors=("Ray Resident", "parks.example")) == ["a", "b"]
    assert found("flood", from_=PUBLISHED) == ["a", "b"]
    assert found("flood", to=PUBLISHED) == ["d"]
    assert found("flood", from_=PUBLISHED, to=PUBLISHED + timedelta(seconds=1)) == ["a"]
    assert found("-park") == ["d", "b"]
    assert found("nothing") == []
    archive.mark_hidden(item=queries.Item.objects.get(native_id="b"), actor="system", now=NOW)
    assert found("flood", states=("hidden",)) == ["b"]
    assert found("flood", states=("present", "hidden")) == ["d", "a", "b"]
    answer = queries.search_for(SearchQuery(text="flood", states=("present",)))
    assert (answer.count(), [hit.item.native_id for hit in answer]) == (2, ["d", "a"])


def test_an_item_is_one_answer_however_many_versions_match() -> None:
    channel = make_channel()
    store(channel, make_item("a", "flood one"), make_item("b", "flood other"))
    store(channel, make_item("a", "flood two"), make_item("b", "calm"), make_item("c", "flood three"))
    store(channel, make_item("b", "flood again"))
    hits = list(queries.search_for(SearchQuery(text="flood")))
    assert {hit.item.native_id: [v.number for v in hit.versions] for hit in hits} == {
        "a": [1, 2],
        "b": [1, 3],
        "c": [1],
    }
    for text, items, versions in [("flood", 3, 5), ("calm", 1, 1), ("two", 1, 1), ("again OR calm", 1, 2), ("x", 0, 0)]:
        answer = queries.search_for(SearchQuery(text=text))
        assert (answer.count(), answer.count_versions(), len(list(answer))) == (items, versions, items)


def test_pages_follow_on_and_never_tear_an_item() -> None:
    channel = make_channel()
    store(
        channel,
        *(make_item(f"p{n}", f"flood {n}", published_at=PUBLISHED + timedelta(seconds=n // 3)) for n in range(20)),
    )
    store(channel, *(make_item(f"p{n}", f"flood {n} edited", published_at=PUBLISHED) for n in range(0, 20, 2)))
    answer = queries.search_for(SearchQuery(text="flood"))
    for newest_first in (False, True):
        after, pages = None, []
        while True:
            page = answer.page(after=after, size=4, newest_first=newest_first)
            pages.append(page.hits)
            if page.next_after is None:
                break
            after = page.next_after
        walked = [hit.item.native_id for page in pages for hit in page]
        assert sorted(walked) == sorted(f"p{n}" for n in range(20))
        seconds = [second_of_key(hit.versions[0].pk) for page in pages for hit in page]
        assert seconds == sorted(seconds, reverse=newest_first)
        assert len(pages) > 2
    assert answer.count() == 20


def test_keys_stand_in_the_order_of_publication_from_year_1_to_9999() -> None:
    first = search.key_for(datetime(1, 1, 1, tzinfo=UTC), 0)
    last = search.key_for(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), (1 << 20) - 1)
    assert 0 <= first < search.key_for(datetime(1969, 7, 20, tzinfo=UTC), 5) < search.key_for(PUBLISHED, 0) < last
    assert last <= LAST_KEY
    channel = make_channel()
    ancient = [datetime(y, 1, 1, tzinfo=UTC) for y in (9999, 1, 1969, 1970)]
    store(
        channel,
        *(make_item(f"y{at.year}", "dated", published_at=at) for at in ancient),
        make_item("none", "dated", published_at=None),
    )
    assert found("dated") == ["y1", "y1969", "y1970", "none", "y9999"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (SearchQuery(text='a "b'), "query, character 3"),
        (SearchQuery(channels=("nowhere",)), "no channel 'nowhere'"),
        (SearchQuery(kinds=("tweet",)), "'tweet' is none of post"),
        (SearchQuery(states=("lost",)), "'lost' is none of present"),
    ],
)
def test_a_query_that_cannot_be_run_says_why(query: SearchQuery, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        queries.search_for(query)


def test_a_saved_query_comes_back_the_same() -> None:
    query = SearchQuery("flood", ("parks",), ("a",), ("post",), PUBLISHED, NOW, ("hidden",), True)
    assert SearchQuery.from_json(query.to_json()) == query
    assert SearchQuery.from_json(SearchQuery().to_json()) == SearchQuery()


def test_alternative_texts_and_card_titles_are_searched_too() -> None:
    from tests.areas.test_archive import medium

    channel = make_channel()
    store(
        channel,
        make_item("a", "Look", media=(medium(b"png", alt="A flooded bridge"),), extra={"card_title": "Detours"}),
    )
    assert found("flooded bridge") == ["a"]
    assert found("detours") == ["a"]
    assert Version.objects.get().text == "Look"
