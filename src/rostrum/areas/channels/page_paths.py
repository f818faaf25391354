"""How each platform's web addresses name a channel: its page, its tabs, its posts, and what names none. Pure.

A path is matched without regard to case, with its query behind it where a rule says so. Where the platform counts the
case of an id, the rule says `exact`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import parse_qs, quote, unquote

_H = r"(?P<handle>[^/?#]+)"
_REST = r"(?:/.*)?"


class Names(StrEnum):
    """What an address on a platform names."""

    CHANNEL = "channel"
    # A post, video or story under a channel's name; the platform may show another channel's under it.
    POST = "post"
    # A page of the platform, or a post without its channel's name.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Named:
    """What a path names: the handle in it, as written, with the `space` it stands in ("" is the platform's main one).

    `query` is the parameter that held the handle, where the path did not.
    """

    names: Names
    handle: str = ""
    space: str = ""
    exact: bool = False
    query: str = ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of a platform's paths. `query` names the parameter that holds the handle where the path does not."""

    pattern: str
    names: Names = Names.CHANNEL
    space: str = ""
    exact: bool = False
    query: str = ""

    def read(self, path: str, query: str) -> Named | None:
        """What this rule finds in the path, or None when it is of another form."""
        found = _compiled(self.pattern).fullmatch(path)
        if found is None:
            return None
        if self.names is Names.NOTHING:
            return Named(Names.NOTHING)
        handle = parse_qs(query).get(self.query, [""])[0] if self.query else unquote(found.group("handle"))
        return Named(self.names, handle, self.space, self.exact, self.query) if handle else None


def _none(*words: str) -> Rule:
    return Rule(rf"/(?:{'|'.join(words)}){_REST}", Names.NOTHING)


def _tabs(*words: str) -> str:
    return rf"(?:/(?:{'|'.join(words)}))?/?"


_FACEBOOK = (
    Rule(r"/profile\.php", query="id"),
    Rule(r"/(?:story|permalink)\.php", Names.POST, query="id"),
    Rule(r"/pages/(?:category/)?(?:[^/]+/)?[^/]*?(?P<handle>\d{6,})/?"),
    Rule(r"/(?:p|people)/(?:[^/]+[-/])?(?P<handle>\d{6,})/?"),
    Rule(rf"/groups/{_H}/?", space="groups"),
    Rule(rf"/groups/{_H}/(?:posts|permalink)/.*", Names.POST, space="groups"),
    _none(
        *("watch", "share", "sharer", "share\\.php", "sharer\\.php", "story\\.php", "permalink\\.php", "profile\\.php"),
        *("reel", "reels", "events", "event", "photo", "photo\\.php", "photos", "video", "videos", "video\\.php"),
        *(
            "hashtag",
            "login",
            "login\\.php",
            "help",
            "policies",
            "marketplace",
            "gaming",
            "search",
            "stories",
            "l\\.php",
        ),
        *("groups", "pages", "people", "p", "dialog", "plugins", "business", "ads", "home\\.php", "privacy", "legal"),
    ),
    Rule(rf"/(?:pg/)?{_H}/(?:posts|videos|photos|reels?|events)/.+", Names.POST),
    Rule(
        rf"/(?:pg/)?{_H}"
        + _tabs(
            *("about[a-z_]*", "photos[a-z_]*", "videos", "events", "posts", "reviews", "community", "mentions"),
            *("reels", "followers", "live", "live_videos", "services", "directory"),
        )
    ),
)
_INSTAGRAM = (
    Rule(rf"/_u/{_H}/?"),
    Rule(rf"/stories/(?!highlights/){_H}/\d+/?", Names.POST),
    Rule(rf"/{_H}/(?:p|reel|tv)/[^/]+{_REST}", Names.POST),
    _none(
        *("p", "reel", "reels", "tv", "explore", "accounts", "stories", "direct", "about", "legal", "developer", "s")
    ),
    Rule(rf"/{_H}" + _tabs("tagged", "reels", "guides", "channel", "feed")),
)
_X = (
    Rule(r"/intent/(?:user|follow)", query="screen_name"),
    _none(
        *("i", "home", "explore", "search", "hashtag", "intent", "share", "settings", "login", "notifications"),
        *("messages", "compose", "about", "privacy", "tos", "jobs", "signup", "download"),
    ),
    Rule(rf"/{_H}/status(?:es)?/\d+{_REST}", Names.POST),
    Rule(
        rf"/{_H}"
        + _tabs("with_replies", "media", "likes", "followers", "following", "photo", "highlights", "articles", "lists")
    ),
)
_YOUTUBE_TABS = _tabs(
    *("featured", "videos", "shorts", "streams", "playlists", "community", "posts", "about", "live", "channels"),
    *("membership", "podcasts", "search", "discussion"),
)
_YOUTUBE = (
    Rule(r"/channel/(?P<handle>UC[\w-]{22})" + _YOUTUBE_TABS, space="channel", exact=True),
    _none(
        *("watch", "shorts", "playlist", "results", "feed", "channel", "embed", "live", "redirect", "hashtag", "post"),
        *("clip", "gaming", "premium", "t", "about", "attribution_link", "v", "oembed"),
    ),
    Rule(r"/(?:c/|user/)?@?(?P<handle>[^/?#@]+)" + _YOUTUBE_TABS),
)
_LINKEDIN = (
    Rule(rf"/(?:company|showcase|school)/{_H}(?:/(?:about|posts|jobs|people|life|videos|events|mycompany|admin).*)?/?"),
    Rule(rf"/in/{_H}{_REST}", space="in"),
    Rule(rf"/groups/{_H}{_REST}", space="groups"),
    Rule(r"/posts/(?P<handle>[^/?#_]+)_.+", Names.POST),
    Rule(r"/.*", Names.NOTHING),
)
_TIKTOK = (
    Rule(r"/@(?P<handle>[^/?#]+)/(?:video|photo|live)/?.*", Names.POST),
    Rule(r"/@(?P<handle>[^/?#]+)/?"),
    Rule(r"/.*", Names.NOTHING),
)
_THREADS = (
    Rule(r"/@(?P<handle>[^/?#]+)/post/.+", Names.POST),
    Rule(r"/@(?P<handle>[^/?#]+)" + _tabs("replies", "media", "reposts")),
    Rule(r"/.*", Names.NOTHING),
)
_BLUESKY = (
    Rule(rf"/profile/{_H}/?"),
    Rule(rf"/profile/{_H}/post/[^/]+{_REST}", Names.POST),
    Rule(rf"/profile/{_H}/(?:feed|lists|followers|follows|known-followers|search){_REST}"),
    Rule(r"/.*", Names.NOTHING),
)
_NEXTDOOR = (
    Rule(rf"/agency/{_H}/?"),
    Rule(rf"/agency-detail/[^/]+/[^/]+/{_H}/?"),
    Rule(rf"/pages?/{_H}/?", space="page"),
    Rule(r"/.*", Names.NOTHING),
)
_FLICKR = (
    Rule(rf"/photos/{_H}/\d+{_REST}", Names.POST),
    Rule(rf"/(?:photos|people)/{_H}(?:/(?:albums|sets|collections|galleries|favorites|with).*)?/?"),
    Rule(r"/.*", Names.NOTHING),
)
_VIMEO = (
    Rule(r"/\d+(?:/.*)?", Names.NOTHING),
    Rule(rf"/channels/{_H}{_REST}", space="channels"),
    _none("watch", "search", "categories", "blog", "upgrade", "log_in", "join", "showcase", "event", "groups"),
    Rule(rf"/{_H}" + _tabs("videos", "about", "collections")),
)
_SNAPCHAT = (
    Rule(rf"/add/@?{_H}/?"),
    Rule(r"/@(?P<handle>[^/?#]+)/(?:spotlight|highlight)/.*", Names.POST),
    Rule(r"/@(?P<handle>[^/?#]+)/?"),
    Rule(r"/.*", Names.NOTHING),
)
_REDDIT = (
    Rule(rf"/r/{_H}/comments/.+", Names.POST, space="r"),
    Rule(rf"/r/{_H}(?:/(?:hot|new|top|about|wiki).*)?/?", space="r"),
    Rule(rf"/(?:u|user)/{_H}(?:/(?:submitted|comments|m)/?)?/?"),
    Rule(r"/.*", Names.NOTHING),
)
_TELEGRAM = (
    Rule(r"/(?:joinchat|addlist|share|proxy|\+).*", Names.NOTHING),
    Rule(rf"/(?:s/)?{_H}/\d+/?", Names.POST),
    Rule(rf"/(?:s/)?{_H}/?"),
)
_PINTEREST = (
    _none("pin", "search", "ideas", "categories", "login", "today", "business"),
    Rule(rf"/{_H}(?:/.*)?"),
)
_TUMBLR = (
    Rule(rf"/blog/(?:view/)?{_H}/?"),
    _none("dashboard", "tagged", "explore", "search", "register", "login", "policy", "about", "share"),
    Rule(rf"/{_H}/\d+{_REST}", Names.POST),
    Rule(rf"/{_H}/?"),
)
# Any server of the fediverse writes a member so. A name with a server of its own is that server's member.
_MASTODON = (
    Rule(r"/(?:web/|deck/)?@(?P<handle>[^/?#]+)/\d+/?.*", Names.POST),
    Rule(
        r"/(?:web/|deck/)?@(?P<handle>[^/?#]+)" + _tabs("with_replies", "media", "followers", "following", "featured")
    ),
    Rule(rf"/users/{_H}/statuses/.+", Names.POST),
    Rule(rf"/users/{_H}/?"),
)
_SQUARE = (Rule(r"(?:/.*)?/(?:@|c/)(?P<handle>[^/?#]+)/?"),)

_RULES: dict[str, tuple[Rule, ...]] = {
    "bluesky": _BLUESKY,
    "facebook": _FACEBOOK,
    "flickr": _FLICKR,
    "instagram": _INSTAGRAM,
    "linkedin": _LINKEDIN,
    "mastodon": _MASTODON,
    "nextdoor": _NEXTDOOR,
    "pinterest": _PINTEREST,
    "reddit": _REDDIT,
    "snapchat": _SNAPCHAT,
    "square": _SQUARE,
    "telegram": _TELEGRAM,
    "threads": _THREADS,
    "tiktok": _TIKTOK,
    "tumblr": _TUMBLR,
    "vimeo": _VIMEO,
    "x": _X,
    "youtube": _YOUTUBE,
}


def named_in(platform: str, path: str, query: str = "") -> Named | None:
    """What the path of a platform's address names, or None where no rule of the platform knows its form."""
    return _first(rule.read(path, query) for rule in _RULES.get(platform, ()))


def _first(found: Iterable[Named | None]) -> Named | None:
    return next((one for one in found if one is not None), None)


_PAGES = {
    "bluesky": "https://bsky.app/profile/{}",
    "facebook": "https://www.facebook.com/{}",
    "flickr": "https://www.flickr.com/photos/{}",
    "instagram": "https://www.instagram.com/{}/",
    "linkedin": "https://www.linkedin.com/company/{}",
    "nextdoor": "https://nextdoor.com/agency/{}/",
    "pinterest": "https://www.pinterest.com/{}/",
    "reddit": "https://www.reddit.com/user/{}/",
    "snapchat": "https://www.snapchat.com/@{}",
    "telegram": "https://t.me/{}",
    "threads": "https://www.threads.com/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "tumblr": "https://www.tumblr.com/{}",
    "vimeo": "https://vimeo.com/{}",
    "x": "https://x.com/{}",
    "youtube": "https://www.youtube.com/@{}",
}


def page_of(platform: str, handle: str) -> str:
    """The address of the page that a handle has on the platform; "" where the platform has no one form of it."""
    handle = handle.lstrip("@")
    if platform == "mastodon" and handle.count("@") == 1:
        name, server = handle.split("@")
        return f"https://{server}/@{name}"
    return _PAGES[platform].format(quote(handle, safe="@.:")) if handle and platform in _PAGES else ""
