"""The platforms a channel may be on, as data: their names as people write them, and their hosts. Pure."""

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

    `hosts` are the domains of its pages, each with all names below it; how a page's path names a channel stands in
    `page_paths`. `spellings` are what people call it besides its name (letters and digits only, lower case);
    `dots_count` is False where the platform takes a handle with and without dots for the same. What a connection to it
    needs stands in `connectors.registry`; a platform that is not there is captured from a `file` of its own or by hand.
    `kinds` and `traits` are what the packs' definitions ask of a platform (`kinds.reaching`).
    """

    slug: str
    name: str
    hosts: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    dots_count: bool = True
    terms_on_user_posts: str = ""
    kinds: tuple[str, ...] = ()
    traits: tuple[str, ...] = ALL_TRAITS
    # What file of the platform the importers read; "" where posts that no connector brings are kept by hand.
    file: str = ""

    def holds(self, host: str) -> bool:
        """Whether a host is one of the platform's own."""
        return any(host == own or host.endswith(f".{own}") for own in self.hosts)


_THEIRS = "Under the platform's terms those who post keep their rights; the platform and its users get a licence."

_OURS = "The body's own site: its terms apply."

_FEED = "its feed (RSS or Atom), which often holds the newest entries only"

PLATFORMS: dict[str, PlatformFacts] = {
    facts.slug: facts
    for facts in (
        PlatformFacts(
            "bluesky",
            "Bluesky",
            ("bsky.app",),
            ("bsky", "bluesky", "bsk", "blueskysocial", "bskysocial"),
            terms_on_user_posts=_THEIRS,
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts(
            "square",
            "Sample square",
            spellings=("square",),
            terms_on_user_posts="The sample square asks for no rights in what residents post.",
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts(
            "facebook",
            "Facebook",
            ("facebook.com", "fb.com"),
            ("fb", "face", "thefacebook", "metafacebook", "facebookmeta", "fbpage", "facebookpage"),
            dots_count=False,
            terms_on_user_posts=_THEIRS,
            kinds=("facebook", "social-network", "photo-sharing", "video-sharing"),
        ),
        PlatformFacts(
            "instagram",
            "Instagram",
            ("instagram.com", "instagr.am"),
            ("ig", "insta", "instagramm", "instgram"),
            terms_on_user_posts=_THEIRS,
            kinds=("instagram", "photo-sharing", "social-network"),
        ),
        PlatformFacts(
            "x",
            "X (Twitter)",
            ("x.com", "twitter.com"),
            ("x", "twitter", "tw", "twt", "tweet", "tweeter", "xtwitter", "twitterx", "xformerlytwitter"),
            terms_on_user_posts=_THEIRS,
            kinds=("x", "microblog", "social-network"),
            file="its data archive",
        ),
        PlatformFacts(
            "youtube",
            "YouTube",
            ("youtube.com",),
            ("yt", "youtubechannel", "utube"),
            terms_on_user_posts=_THEIRS,
            kinds=("video-sharing", "content-community"),
            file=_FEED,
        ),
        PlatformFacts(
            "threads",
            "Threads",
            ("threads.net", "threads.com"),
            ("thread", "metathreads", "threadsmeta"),
            terms_on_user_posts=_THEIRS,
            kinds=("social-network", "microblog"),
        ),
        PlatformFacts(
            "tiktok",
            "TikTok",
            ("tiktok.com",),
            ("tt", "ticktok", "tictok"),
            terms_on_user_posts=_THEIRS,
            kinds=("video-sharing", "social-network"),
        ),
        PlatformFacts(
            "nextdoor",
            "Nextdoor",
            ("nextdoor.com",),
            ("nextdoorapp", "nd"),
            terms_on_user_posts=_THEIRS,
            kinds=("social-network",),
        ),
        PlatformFacts(
            "mastodon",
            "Mastodon",
            spellings=("fediverse", "masto", "mastadon"),
            terms_on_user_posts="Each server has terms of its own: read them.",
            kinds=("social-network", "microblog"),
            file="its export",
        ),
        PlatformFacts(
            "blog",
            "Blog",
            spellings=("weblog", "wordpress", "cityblog"),
            terms_on_user_posts=_OURS,
            kinds=("blog",),
            file="its feed (RSS or Atom), or WordPress's export with the comments",
        ),
        PlatformFacts("wiki", "Wiki", terms_on_user_posts=_OURS, kinds=("wiki", "collaborative-project"), file=_FEED),
        PlatformFacts(
            "linkedin",
            "LinkedIn",
            ("linkedin.com",),
            ("li", "linked"),
            terms_on_user_posts=_THEIRS,
            kinds=("linkedin", "social-network"),
        ),
        PlatformFacts(
            "flickr",
            "Flickr",
            ("flickr.com",),
            ("flicker",),
            terms_on_user_posts=_THEIRS,
            kinds=("photo-sharing",),
            file=_FEED,
        ),
        PlatformFacts(
            "vimeo", "Vimeo", ("vimeo.com",), terms_on_user_posts=_THEIRS, kinds=("video-sharing",), file=_FEED
        ),
        PlatformFacts(
            "snapchat",
            "Snapchat",
            ("snapchat.com",),
            ("snap",),
            terms_on_user_posts=_THEIRS,
            kinds=("social-network", "photo-sharing"),
        ),
        PlatformFacts(
            "reddit",
            "Reddit",
            ("reddit.com",),
            ("subreddit",),
            terms_on_user_posts=_THEIRS,
            kinds=("forum", "news-sharing", "social-network"),
            file=_FEED,
        ),
        PlatformFacts(
            "telegram",
            "Telegram",
            ("t.me", "telegram.me"),
            terms_on_user_posts=_THEIRS,
            kinds=("social-network",),
        ),
        PlatformFacts(
            "pinterest",
            "Pinterest",
            ("pinterest.com", "pinterest.ca", "pinterest.co.uk", "pinterest.de", "pinterest.fr", "pinterest.es"),
            ("pintrest", "pinterestboard"),
            terms_on_user_posts=_THEIRS,
            kinds=("pinterest", "photo-sharing", "social-bookmarking"),
        ),
        PlatformFacts(
            "tumblr",
            "Tumblr",
            ("tumblr.com",),
            ("tumbler",),
            terms_on_user_posts=_THEIRS,
            kinds=("tumblr", "blog", "microblog"),
            file=_FEED,
        ),
        PlatformFacts("forum", "Forum or discussion board", spellings=("forum", "board"), kinds=("forum",), file=_FEED),
        PlatformFacts("media-comments", "Comments on a media site", kinds=("media-comments",)),
        PlatformFacts("news-sharing", "News-sharing site", kinds=("news-sharing",)),
        PlatformFacts(
            "alert-service",
            "Alert service",
            spellings=("alerts", "nixle", "codered", "everbridge", "textalerts"),
            kinds=("alert-service",),
            traits=_ONE_WAY,
        ),
        PlatformFacts("podcast", "Podcast", kinds=("podcast",), traits=_ONE_WAY, file=_FEED),
        PlatformFacts("game-world", "Virtual game world", kinds=("game-world",)),
        PlatformFacts("virtual-world", "Virtual social world", kinds=("virtual-world",)),
        PlatformFacts(
            "feed",
            "RSS or Atom feed",
            spellings=("rss", "atom", "feed"),
            kinds=("feed",),
            traits=_ONE_WAY,
            file="the feed itself",
        ),
        PlatformFacts("live-support", "Live support chat", spellings=("livechat",), kinds=("live-support",)),
        PlatformFacts("other", "Another platform", spellings=("other",), kinds=("other",)),
    )
}

# Hosts whose links lead elsewhere or hide which channel they belong to: only opening them would tell.
_SHORT = """
    bit.ly tinyurl.com ow.ly buff.ly goo.gl is.gd t.co t.ly rebrand.ly dlvr.it lnkd.in fb.me fb.watch youtu.be pin.it
    flic.kr redd.it trib.al hubs.ly cutt.ly shorturl.at go.usa.gov 1.usa.gov on.fb.me spr.ly wp.me g.co forms.gle
    vm.tiktok.com vt.tiktok.com maps.app.goo.gl go.bsky.app shorturl.com rb.gy tiny.cc v.gd soo.gd bl.ink snip.ly
"""
SHORT_LINK_HOSTS = frozenset(_SHORT.split())
# Addresses that carry another address in clear: the host, the path, the parameter.
WRAPPERS = (
    ("facebook.com", "/l.php", "u"),
    ("facebook.com", "/sharer/sharer.php", "u"),
    ("facebook.com", "/sharer.php", "u"),
    ("google.com", "/url", "q"),
    ("google.com", "/url", "url"),
    ("youtube.com", "/redirect", "q"),
    ("safelinks.protection.outlook.com", "/", "url"),
    ("linkedin.com", "/redir/redirect", "url"),
    ("linkedin.com", "/sharing/share-offsite/", "url"),
)
