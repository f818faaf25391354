"""HTML to words, and the platforms' dates to instants."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.importers.dates import instant_of_snowflake, read_instant
from rostrum.importers.html_text import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>Two<br/>Three</p>", "One\nTwo\nThree"),
        ("<p>5 &lt; 6 &amp; 7 &gt; 6</p>", "5 < 6 & 7 > 6"),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "- a\n- b\n\nc"),
        ("<blockquote><p>said</p></blockquote>", "said"),
        (
            '<p><span class="h-card"><a href="https://o.example/@mayor" class="u-url mention">'
            "@<span>mayor</span></a></span> hi</p>",
            "@mayor hi",
        ),
        ('<a href="https://s.example/tags/snow" class="mention hashtag">#<span>snow</span></a>', "#snow"),
        (
            '<a href="https://www.example.org/fees/2023"><span class="invisible">https://www.</span>'
            '<span class="ellipsis">example.org/fees</span><span class="invisible">/2023</span></a>',
            "https://www.example.org/fees/2023",
        ),
        ('See <a href="https://e.org/a">the plan</a>.', "See the plan (https://e.org/a)."),
        ('<a href="https://e.org/a"></a>', "https://e.org/a"),
        ('<a href="https://e.org/a">unclosed', "unclosed (https://e.org/a)"),
        ("<script>alert(1)</script><style>p{}</style>words", "words"),
        ('<img alt=":city:" src="x"> day', ":city: day"),
        ("<p></p><p> </p><p>after</p>", "after"),
        ("", ""),
    ],
)
def test_html_becomes_the_words_a_reader_sees(html: str, text: str) -> None:
    assert text_of_html(html) == text


@given(st.text(st.sampled_from('<>&;/"= apbrli#x0!-') | st.characters(), max_size=60))
def test_any_html_becomes_some_text(html: str) -> None:
    assert "\0" not in text_of_html(html.replace("\0", ""))


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Sat Feb 18 12:33:11 +0000 2023", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        ("2023-02-18T12:33:11.500Z", datetime(2023, 2, 18, 12, 33, 11, 500_000, tzinfo=UTC)),
        ("2023-02-18 12:33:11", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        ("2023-02-18T12:33:11-06:00", datetime(2023, 2, 18, 12, 33, 11, tzinfo=timezone(timedelta(hours=-6)))),
    ],
)
def test_dates_are_read_with_their_zone(written: str, instant: datetime) -> None:
    read = read_instant(written)
    assert read == instant
    assert read.utcoffset() == instant.utcoffset()


@pytest.mark.parametrize(
    "written", ["", "Sat Xyz 18 12:33:11 +0000 2023", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "2200-01-01"]
)
def test_what_is_no_date_or_out_of_range_is_refused_by_name(written: str) -> None:
    with pytest.raises(ValueError, match=r"date|range") as caught:
        read_instant(written)
    assert repr(written) in str(caught.value)


def test_a_posts_id_tells_its_second_since_november_2010() -> None:
    assert instant_of_snowflake("1212092628029698048") == datetime(2019, 12, 31, 19, 26, 16, tzinfo=UTC)
    assert instant_of_snowflake("20") is None
