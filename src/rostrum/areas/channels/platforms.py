"""The platforms a channel may be on, as data: names, and how an address names a channel. Pure."""

import re
from dataclasses import dataclass

# What the packs' definitions of social media go by. Where people only receive, there is no dialogue.
ALL_TRAITS = (
    *("user-content", "user-participation", "interactive-dialogue", "communication", "sharing", "social-interaction"),
    *("interaction", "user-changed-information"),
)
_ONE_WAY = ("communication", "sharing")


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What is known of one platform.

    `hosts` are the host names of its pages; `path` finds the handle in a page's path. What a connection to it needs
    stands in `connectors.registry`; a platform that is not there is captured by its own exports. `kinds` and `traits`
    are what the packs' definitions ask of a platform (`kinds.within`).
    """

    slug: str
    name: str
    hosts: tuple[str, ...] = ()
    path: str = ""
    terms_on_user_posts: str = ""
    kinds: tuple[str, ...] = ()
    traits: tuple[str, ...] = ALL_TRAITS

    def handle_in(self, path: str) -> str:
        """The handle that a page's path names, or an empty string."""
        found = re.fullmatch(self.path, path) if self.path else None
        return found.group(1) if found else ""


_THEIRS = "Under the platform's terms those who post keep their rights; the platform and its users get a licence."

_OURS = "The body's own site: its terms apply."

PLATFORMS: dict[str, PlatformFacts] = {
    facts.slug: facts
    for facts in (
        PlatformFacts(
            "bluesky",
            "Bluesky",
            ("bsky.app", "www.bsky.app"),
            r"/profile/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts(
            "square",
            "Sample square",
            (),
            r"(?:.*/)?(?:@|c/)([^/]+)/?",
            terms_on_user_posts="The sample square asks for no rights in what residents post.",
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts(
            "facebook",
            "Facebook",
            ("facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com", "fb.com", "www.fb.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("facebook", "social-network", "photo-sharing", "video-sharing"),
        ),
        PlatformFacts(
            "instagram",
            "Instagram",
            ("instagram.com", "www.instagram.com", "m.instagram.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("instagram", "photo-sharing", "social-network"),
        ),
        PlatformFacts(
            "x",
            "X (Twitter)",
            ("x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("x", "microblog", "social-network"),
        ),
        PlatformFacts(
            "youtube",
            "YouTube",
            ("youtube.com", "www.youtube.com", "m.youtube.com"),
            r"/(?:c/|user/)?@?([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("video-sharing", "content-community"),
        ),
        PlatformFacts(
            "mastodon",
            "Mastodon",
            terms_on_user_posts="Each server has terms of its own: read them.",
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts("blog", "Blog", terms_on_user_posts=_OURS, kinds=("blog",)),
        PlatformFacts("wiki", "Wiki", terms_on_user_posts=_OURS, kinds=("wiki", "collaborative-project")),
        PlatformFacts(
            "linkedin",
            "LinkedIn",
            ("linkedin.com", "www.linkedin.com"),
            r"/(?:company|showcase|in|school)/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("linkedin", "social-network"),
        ),
        PlatformFacts(
            "pinterest",
            "Pinterest",
            ("pinterest.com", "www.pinterest.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("pinterest", "photo-sharing", "social-bookmarking"),
        ),
        PlatformFacts(
            "tumblr",
            "Tumblr",
            ("tumblr.com", "www.tumblr.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
            kinds=("tumblr", "blog", "microblog"),
        ),
        PlatformFacts("forum", "Forum or discussion board", kinds=("forum",)),
        PlatformFacts("media-comments", "Comments on a media site", kinds=("media-comments",)),
        PlatformFacts("news-sharing", "News-sharing site", kinds=("news-sharing",)),
        PlatformFacts("alert-service", "Alert service", kinds=("alert-service",), traits=_ONE_WAY),
        PlatformFacts("podcast", "Podcast", kinds=("podcast",), traits=_ONE_WAY),
        PlatformFacts("game-world", "Virtual game world", kinds=("game-world",)),
        PlatformFacts("virtual-world", "Virtual social world", kinds=("virtual-world",)),
        PlatformFacts("feed", "RSS or Atom feed", kinds=("feed",), traits=_ONE_WAY),
        PlatformFacts("live-support", "Live support chat", kinds=("live-support",)),
        PlatformFacts("other", "Another platform", kinds=("other",)),
    )
}
