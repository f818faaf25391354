"""How people write a channel's address, platform by platform: one key for all spellings, and what names no channel."""

import pytest

from rostrum.areas.channels.addresses import read_address, read_page
from rostrum.areas.channels.page_paths import Names
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.kernel.decisions import InvalidInput

SPELLINGS = {
    ("facebook", "@wausauparks"): (
        "https://www.facebook.com/WausauParks",
        "facebook.com/wausauparks/",
        "http://m.facebook.com/wausauparks?ref=share&mibextid=abc",
        "https://de-de.facebook.com/WausauParks/about",
        "https://www.facebook.com/pg/wausauparks/posts/",
        "fb.com/wausau.parks",
        "//facebook.com/wausauparks/photos_albums",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fwausauparks%3Fx%3D1&h=AT0",
        "ｆａｃｅｂｏｏｋ.com/wausauparks",
        "https://www.facebook.com/wausau\u200bparks",
    ),
    ("facebook", "@100064512345678"): (
        "https://www.facebook.com/profile.php?id=100064512345678&sk=about",
        "https://www.facebook.com/pages/Wausau-Parks/100064512345678",
        "https://www.facebook.com/people/Wausau-Parks/100064512345678/",
        "https://www.facebook.com/p/Wausau-Parks-100064512345678/",
        "facebook.com/100064512345678",
    ),
    ("facebook", "groups/riverlife"): ("https://www.facebook.com/groups/RiverLife/?ref=bookmarks",),
    ("x", "@wausaupolice"): (
        "https://twitter.com/WausauPolice",
        "x.com/wausaupolice?s=21&t=abc",
        "https://mobile.twitter.com/WausauPolice/with_replies",
        "https://twitter.com/#!/WausauPolice",
        "https://twitter.com/intent/user?screen_name=WausauPolice",
        "https://twitter.com/intent/follow?original_referer=x&screen_name=WausauPolice",
    ),
    ("instagram", "@wausau.parks"): (
        "https://www.instagram.com/wausau.parks/?hl=en",
        "instagr.am/Wausau.Parks",
        "https://www.instagram.com/wausau.parks/reels/",
        "https://instagram.com/_u/wausau.parks",
    ),
    ("youtube", "@cityofwausau"): (
        "https://www.youtube.com/@CityOfWausau",
        "youtube.com/user/CityofWausau/videos",
        "https://m.youtube.com/c/cityofwausau?view_as=subscriber",
        "https://www.youtube.com/cityofwausau",
    ),
    ("youtube", "channel/UCabcdefghijklmnopqrstuv"): (
        "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
        "youtube.com/channel/UCabcdefghijklmnopqrstuv/videos?app=desktop",
    ),
    ("linkedin", "@city-of-wausau"): (
        "https://www.linkedin.com/company/city-of-wausau/",
        "de.linkedin.com/company/City-of-Wausau/posts/?feedView=all",
    ),
    ("tiktok", "@wausauparks"): ("https://www.tiktok.com/@wausauparks?lang=en", "tiktok.com/@WausauParks/"),
    ("threads", "@wausauparks"): ("https://www.threads.net/@wausauparks", "threads.com/@wausauparks/replies"),
    ("nextdoor", "@city-of-wausau"): (
        "https://nextdoor.com/agency-detail/wi/wausau/city-of-wausau/",
        "https://nextdoor.com/agency/city-of-wausau/?i=abc",
    ),
    ("bluesky", "@parks.example.gov"): ("bsky.app/profile/parks.example.gov/", "https://bsky.app/profile/Parks.Example.gov/lists"),
    ("mastodon", "@parks@social.example.gov"): (
        "https://social.example.gov/@parks",
        "https://social.example.gov/users/Parks",
        "https://other.example/@parks@social.example.gov",
        "social.example.gov/web/@parks",
    ),
    ("flickr", "@wausauparks"): ("https://www.flickr.com/photos/wausauparks/albums/", "flickr.com/people/wausauparks"),
    ("tumblr", "@wausaulibrary"): ("https://wausaulibrary.tumblr.com/", "https://www.tumblr.com/blog/view/wausaulibrary"),
    ("reddit", "r/wausau"): ("https://old.reddit.com/r/Wausau/", "reddit.com/r/wausau/new"),
    ("blog", "blog.example.gov/parks"): ("http://www.blog.example.gov/parks/", "BLOG.example.gov/parks"),
    ("blog", "xn--bcher-kva.example"): ("https://bücher.example/", "https://xn--bcher-kva.example"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "key", "url"), [(*wanted, url) for wanted, urls in SPELLINGS.items() for url in urls]
)
def test_every_spelling_of_a_page_is_one_address(platform: str, key: str, url: str) -> None:
    address = read_address(platform, handle="", url=url)

    assert address.key == key
    assert read_address(platform, handle=address.handle, url=address.url).key == key
    if PLATFORMS[platform].hosts:
        assert read_page(url).platform == platform


@pytest.mark.parametrize(
    ("platform", "url", "key"),
    [
        ("facebook", "https://www.facebook.com//WausauParks", "@wausauparks"),
        ("facebook", "https://www.facebook.com/./WausauParks/.", "@wausauparks"),
        ("facebook", "https://www.facebook.com/somebody/../WausauParks/", "@wausauparks"),
        ("x", "https://x.com//WausauPD//", "@wausaupd"),
        ("mastodon", "acct:city@social.example.gov", "@city@social.example.gov"),
        ("mastodon", "@City@social.example.gov", "@city@social.example.gov"),
        ("mastodon", "city@bücher.example", "@city@xn--bcher-kva.example"),
        ("bluesky", "at://parks.example.gov", "@parks.example.gov"),
        ("bluesky", "at://did:plc:abcd2345/", "@did:plc:abcd2345"),
        ("bluesky", "did:plc:abcd2345", "@did:plc:abcd2345"),
    ],
)
def test_odd_paths_and_handles_in_the_place_of_an_address_are_the_same_channel(
    platform: str, url: str, key: str
) -> None:
    assert read_address(platform, handle="", url=url).key == key


def test_a_servers_letters_and_its_punycode_are_one_name() -> None:
    written = [
        read_address("mastodon", handle="@city@Bücher.example", url=""),
        read_address("mastodon", handle="", url="https://bücher.example/@city"),
        read_address("mastodon", handle="", url="https://xn--bcher-kva.example/@city"),
    ]
    assert {one.key for one in written} == {"@city@xn--bcher-kva.example"}


@pytest.mark.parametrize(
    ("platform", "handle", "url"),
    [
        ("facebook", "Wausau.Parks", "https://www.facebook.com/wausauparks"),
        # The number and the name are two ways to one page; only the platform knows which.
        ("facebook", "wausauparks", "https://www.facebook.com/profile.php?id=100064512345678"),
        ("youtube", "@CityOfWausau", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"),
        ("mastodon", "@parks@social.example.gov", "https://social.example.gov/@parks"),
    ],
)
def test_a_handle_and_a_page_of_one_channel_go_together(platform: str, handle: str, url: str) -> None:
    assert read_address(platform, handle=handle, url=url).handle == handle.removeprefix("@")


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        ("https://www.facebook.com/WausauParks/posts/pfbid0abc", "WausauParks"),
        ("https://m.facebook.com/story.php?story_fbid=1&id=100064512345678", "100064512345678"),
        ("https://x.com/WausauPolice/status/1790000000000000000?s=20", "WausauPolice"),
        ("https://www.instagram.com/wausau.parks/p/CabcDEF/", "wausau.parks"),
        ("https://www.instagram.com/stories/wausau.parks/31415/", "wausau.parks"),
        ("https://www.tiktok.com/@wausauparks/video/73", "wausauparks"),
        ("https://bsky.app/profile/parks.example.gov/post/3kabc", "parks.example.gov"),
        ("https://www.linkedin.com/posts/city-of-wausau_hiring-activity-7", "city-of-wausau"),
        ("https://wausaulibrary.tumblr.com/post/123/summer", "wausaulibrary"),
        ("https://t.me/wausaualerts/55", "wausaualerts"),
    ],
)
def test_a_post_says_whose_name_it_stands_under_and_is_no_channel(url: str, handle: str) -> None:
    page = read_page(url)

    assert page.named is not None
    assert (page.named.names, page.named.handle) == (Names.POST, handle)
    with pytest.raises(InvalidInput, match="one post"):
        read_address(page.platform, handle="", url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/share/1AbCdEf/",
        "https://www.facebook.com/sharer/sharer.php?u=example",
        "https://www.facebook.com/events/12345",
        "https://www.facebook.com/watch/?v=1",
        "https://x.com/i/status/179",
        "https://twitter.com/search?q=wausau",
        "https://www.instagram.com/p/CabcDEF/",
        "https://www.instagram.com/reel/CabcDEF/",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/shorts/abc",
        "https://www.linkedin.com/feed/update/urn:li:activity:7/",
        "https://www.tiktok.com/explore",
    ],
)
def test_a_page_that_does_not_say_whose_it_is_names_no_channel(url: str) -> None:
    page = read_page(url)

    assert page.named is not None
    assert page.named.names is Names.NOTHING
    with pytest.raises(InvalidInput, match="does not say whose"):
        read_address(page.platform, handle="", url=url)


@pytest.mark.parametrize("url", ["https://bit.ly/3abc", "t.co/x", "https://youtu.be/abc", "https://fb.me/wausauparks"])
@pytest.mark.parametrize("platform", ["facebook", "blog"])
def test_a_short_link_hides_where_it_leads(platform: str, url: str) -> None:
    with pytest.raises(InvalidInput, match="hides where it leads"):
        read_address(platform, handle="", url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com@evil.test/wausauparks",
        "https://evil.test\\@www.facebook.com/wausauparks",
        "https://facebook.com.evil.test/wausauparks",
        "https://notfacebook.com/wausauparks",
        "https://fаcebook.com/wausauparks",
        "https://www.facebook.com/",
    ],
)
def test_what_only_looks_like_a_page_of_the_platform_is_none(url: str) -> None:
    with pytest.raises(InvalidInput):
        read_address("facebook", handle="", url=url)


def test_no_name_of_a_platform_is_claimed_by_two() -> None:
    spellings = [word for facts in PLATFORMS.values() for word in facts.spellings]

    assert sorted(spellings) == sorted(set(spellings))
    assert all(word.isalnum() and word == word.casefold() for word in spellings)
