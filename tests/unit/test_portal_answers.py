"""Is this one of ours? Every way in which people ask, and never more said than is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.portal.answers import MOST_ADDRESSES, Answer, Listed, Standing, Verdict, answers


def _listed(slug: str, platform: str, key: str, url: str = "", standing: Standing = Standing.OFFICIAL) -> Listed:
    handle = key[1:] if key.startswith("@") else ""
    return Listed(f"chn-{slug}", slug, slug.title(), platform, handle, url, key, "", "Parks", standing)


LISTED = (
    _listed("fb", "facebook", "@wausauparks", "https://www.facebook.com/wausauparks"),
    _listed("ig", "instagram", "@wausaurec"),
    _listed("old", "x", "@wausaufire", standing=Standing.CLOSED),
    _listed("found", "youtube", "@cityofwausau", standing=Standing.UNDER_REVIEW),
    _listed("sq", "square", "@wausau-pool", "https://square.example/@wausau-pool"),
    _listed("blog", "blog", "blog.wausau.gov/parks", "https://blog.wausau.gov/parks"),
    _listed("masto", "mastodon", "@parks@social.wausau.gov"),
    _listed("bsky", "bluesky", "@parks.wausau.gov"),
)


def ask(text: str) -> Answer:
    (answer,) = answers(text, LISTED)
    return answer


def codes(answer: Answer) -> list[str]:
    return [note.code for note in answer.notes]


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("https://www.facebook.com/WausauParks", "fb"),
        ("http://m.facebook.com/wausau.parks/?ref=share&mibextid=x", "fb"),
        ("facebook.com/wausauparks/about", "fb"),
        ("  <https://www.facebook.com/wausauparks>.  ", "fb"),
        ("Is this yours? https://facebook.com/wausauparks – it asks for money!", "fb"),
        ("[our page](https://facebook.com/wausauparks)", "fb"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fwausauparks&h=A", "fb"),
        ("Is @WausauParks on Facebook real?", "fb"),
        ("facebook: wausauparks", "fb"),
        ("https://blog.wausau.gov/parks/", "blog"),
        ("https://social.wausau.gov/@Parks", "masto"),
        ("https://other.example/@parks@social.wausau.gov", "masto"),
        ("https://bsky.app/profile/parks.wausau.gov", "bsky"),
        ("http://www.square.example/@Wausau-Pool/", "sq"),
        ("https://square.example:443/@wausau-pool", "sq"),
    ],
)
def test_a_channel_is_recognised_however_it_is_written(asked: str, slug: str) -> None:
    answer = ask(asked)

    assert (answer.verdict, [one.slug for one in answer.channels], answer.notes) == (Verdict.OFFICIAL, [slug], ())


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("@WausauParks", "fb"),
        ("＠ＷａｕｓａｕＰａｒｋｓ", "fb"),
        ("wausauparks", "fb"),
        ("parks.wausau.gov", "bsky"),
        ("<b>@wausau-pool</b>", "sq"),
        ("@parks@social.wausau.gov", "masto"),
    ],
)
def test_a_handle_alone_is_ours_only_on_its_platform_and_says_so(asked: str, slug: str) -> None:
    answer = ask(asked)

    assert (answer.verdict, [one.slug for one in answer.channels]) == (Verdict.OFFICIAL, [slug])
    assert codes(answer) == ["handle-only"]


@pytest.mark.parametrize(
    ("asked", "slug"),
    [("https://facebook.com/wausauparks/posts/pfbid0", "fb"), ("https://blog.wausau.gov/parks/2024/ice", "blog")],
)
def test_a_post_says_which_channel_it_names_and_to_check_the_name(asked: str, slug: str) -> None:
    answer = ask(asked)

    assert (answer.verdict, [one.slug for one in answer.channels]) == (Verdict.OFFICIAL, [slug])
    assert codes(answer) == ["post"]


def test_what_was_official_and_what_is_under_review_are_told_apart() -> None:
    assert ask("https://x.com/WausauFire").verdict is Verdict.WAS_OFFICIAL
    assert ask("https://www.youtube.com/@CityOfWausau").verdict is Verdict.UNDER_REVIEW


@pytest.mark.parametrize(
    ("asked", "slug", "code"),
    [
        ("https://facebook.com/wausauparks_", "fb", "looks-alike"),
        ("@wausau_park5", "fb", "looks-alike"),
        ("@wаusаupаrks", "fb", "looks-alike"),
        ("https://facebook.com/wausaupark", "fb", "nearly-the-same"),
        ("https://instagram.com/wausaurecofficial", "ig", "something-added"),
        ("https://www.tiktok.com/@wausauparks", "fb", "same-handle-elsewhere"),
        ("Is @wausauparks on TikTok yours?", "fb", "same-handle-elsewhere"),
        ("https://x.com/wausauf1re", "old", "looks-alike"),
        ("https://facebook.com.evil.test/wausauparks", "fb", "other-host"),
        ("https://www.facebook.com@evil.test/wausauparks", "fb", "other-host"),
        ("https://evil.test\\@www.facebook.com/wausauparks", "fb", "other-host"),
        ("https://evil.test/@wausau-pool", "sq", "other-host"),
        ("https://square.example.evil.test/@wausau-pool", "sq", "other-host"),
        ("https://square.example:8443/@wausau-pool", "sq", "other-host"),
        ("https://square.example/@wausau-pool-official", "sq", "something-added"),
        ("https://blog.wausаu.gov/parks", "blog", "near-host"),
        ("https://blog.wausua.gov/parks", "blog", "near-host"),
    ],
)
def test_what_only_looks_like_ours_is_not_ours_and_the_likeness_is_named(asked: str, slug: str, code: str) -> None:
    answer = ask(asked)

    assert answer.verdict is Verdict.LOOKS_LIKE
    assert slug in [one.slug for one in answer.channels]
    assert codes(answer)[0] == code


def test_letters_of_another_alphabet_are_named() -> None:
    assert "foreign-letters" in codes(ask("@wаusаupаrks"))
    assert "foreign-letters" not in codes(ask("@wausau_park5"))


@pytest.mark.parametrize("asked", ["@madisonparks", "https://facebook.com/madison", "https://blog.wausau.gov/police"])
def test_a_stranger_is_not_ours_and_no_more_is_said(asked: str) -> None:
    assert (ask(asked).verdict, ask(asked).channels) == (Verdict.NOT_OURS, ())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("https://bit.ly/3abc", "short-link"),
        ("https://youtu.be/abc", "short-link"),
        ("https://www.instagram.com/p/Cabc/", "names-nothing"),
        ("https://www.facebook.com/share/1abc/", "names-nothing"),
        ("https://x.com/i/status/1", "names-nothing"),
        ("https://www.facebook.com/profile.php?id=1000123", "number"),
        ("Mayor's page", "no-address"),
        ("javascript:alert(1)//@wausau-pool", "no-address"),
        ("", "no-address"),
        ("https://", "no-address"),
        ("parks@wausau.gov", "no-address"),
    ],
)
def test_where_nothing_can_be_told_that_is_said(asked: str, code: str) -> None:
    answer = ask(asked)

    assert (answer.verdict, answer.channels) == (Verdict.CANNOT_TELL, ())
    assert codes(answer) == [code]


def test_several_addresses_are_answered_one_by_one() -> None:
    found = answers("https://facebook.com/wausauparks and @madison, also @wausaufire", LISTED)

    assert [one.verdict for one in found] == [Verdict.OFFICIAL, Verdict.NOT_OURS, Verdict.WAS_OFFICIAL]
    assert len(answers(" ".join(f"@name{number}" for number in range(50)), LISTED)) == MOST_ADDRESSES


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    for answer in answers(text, LISTED):
        assert (answer.verdict in (Verdict.NOT_OURS, Verdict.CANNOT_TELL)) == (not answer.channels)
