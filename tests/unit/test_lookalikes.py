"""Which words an eye takes for each other, and which it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.kernel.lookalikes import one_step_apart, skeleton


@pytest.mark.parametrize(
    "other",
    [
        "wаusau-pаrks",  # Cyrillic а
        "wausau-pαrks",  # Greek α
        "ｗａｕｓａｕ-ｐａｒｋｓ",
        "wausau_parks",
        "wausau.parks",
        "wausauparks",
        "WAUSAU-PARKS",
        "wausau-park5",
        "vvausau-parks",
        "wausau\u200b-parks",
        "wausaú-parks",
        "𝐰𝐚𝐮𝐬𝐚𝐮-parks",
    ],
)
def test_these_can_be_taken_for_wausau_parks(other: str) -> None:
    assert skeleton(other) == skeleton("wausau-parks")


@pytest.mark.parametrize(("one", "other"), [("rnodern", "modern"), ("p0l1ce", "police"), ("poIice", "police")])
def test_letters_drawn_alike_are_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize("other", ["wausau-park", "wausau-perks", "wausau-parks-2", "stevens-point-parks"])
def test_these_are_other_words(other: str) -> None:
    assert skeleton(other) != skeleton("wausau-parks")


@given(st.text(max_size=60))
def test_a_skeleton_stays_what_it_is(word: str) -> None:
    assert skeleton(skeleton(word)) == skeleton(word)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_one_step_is_the_same_both_ways(one: str, other: str) -> None:
    assert one_step_apart(one, other) == one_step_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("parks", "park", True),
        ("parks", "praks", True),
        ("parks", "parkz", True),
        ("parks", "sparks", True),
        ("parks", "parks", False),
        ("parks", "pork", False),
    ],
)
def test_one_step_is_a_letter_more_fewer_other_or_two_swapped(one: str, other: str, is_near: bool) -> None:
    assert one_step_apart(one, other) is is_near
