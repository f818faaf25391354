"""The platforms a channel may be on, as data: names, and how an address names a channel. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What is known of one platform.

    `hosts` are the host names of its pages; `path` finds the handle in a page's path. What a connection to it needs
    stands in `connectors.registry`; a platform that is not there is captured by its own exports.
    """

    slug: str
    name: str
    hosts: tuple[str, ...] = ()
    path: str = ""
    terms_on_user_posts: str = ""

    def handle_in(self, path: str) -> str:
        """The handle that a page's path names, or an empty string."""
        found = re.fullmatch(self.path, path) if self.path else None
        return found.group(1) if found else ""


_THEIRS = "Under the platform's terms those who post keep their rights; the platform and its users get a licence."

PLATFORMS: dict[str, PlatformFacts] = {
    facts.slug: facts
    for facts in (
        PlatformFacts(
            "bluesky",
            "Bluesky",
            ("bsky.app", "www.bsky.app"),
            r"/profile/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
        ),
        PlatformFacts(
            "square",
            "Sample square",
            (),
            r"(?:.*/)?(?:@|c/)([^/]+)/?",
            terms_on_user_posts="The sample square asks for no rights in what residents post.",
        ),
        PlatformFacts(
            "facebook",
            "Facebook",
            ("facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com", "fb.com", "www.fb.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
        ),
        PlatformFacts(
            "instagram",
            "Instagram",
            ("instagram.com", "www.instagram.com", "m.instagram.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
        ),
        PlatformFacts(
            "x",
            "X (Twitter)",
            ("x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com"),
            r"/([^/]+)/?",
            terms_on_user_posts=_THEIRS,
        ),
        PlatformFacts(
            "youtube",
            "YouTube",
            ("youtube.com", "www.youtube.com", "m.youtube.com"),
            r"/(?:c/|user/)?@?([^/]+)/?",
            terms_on_user_posts=_THEIRS,
        ),
        PlatformFacts("mastodon", "Mastodon", terms_on_user_posts="Each server has terms of its own: read them."),
        PlatformFacts("blog", "Blog", terms_on_user_posts="The body's own site: its terms apply."),
        PlatformFacts("wiki", "Wiki", terms_on_user_posts="The body's own site: its terms apply."),
    )
}
