"""What a channel should be set to on its platform, and what anybody should know who uses the platform: guides as data.

What a platform calls a setting changes often; the guides name what is to be achieved and where it usually stands.
`VERSION` changes with any of them, so that a completed checklist tells by which it was completed.
"""

from dataclasses import dataclass

VERSION = "2026-1"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to set: a stable code, what to achieve, and where it usually stands."""

    code: str
    words: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The settings of one platform for an official channel, and advice for people who use it themselves."""

    platform: str
    settings: tuple[Setting, ...]
    personal: tuple[str, ...]


_TWO_FACTORS = Setting("two-factors", "Signing in asks for a second factor", "Security")
_ALERTS = Setting("sign-in-alerts", "A sign-in from a new device is reported to the registered e-mail", "Security")
_SESSIONS = Setting(
    "sessions", "Only devices that are known are signed in; the others are signed out", "Security, Devices"
)
_APPS = Setting("apps", "No application is connected but those on the list of allowed ones", "Apps and websites")
_MESSAGES = Setting(
    "messages", "Who may send private messages is decided, and the page says how they are answered", "Privacy"
)
_TAGS = Setting("tags", "Posts in which others tag the channel do not appear on it without a look", "Privacy, Tags")
_LOCATION = Setting("location", "Posts do not carry the place they were sent from", "Privacy, Location")
_CONTACTS = Setting("contacts", "No address book was uploaded, and none is kept", "Privacy, Contacts")
_SEEN_BY = Setting(
    "seen-by", "The page is public, without age or country limits that shut residents out", "Page settings"
)
_ADS = Setting(
    "ads", "The channel's data is not used for advertising, where the platform lets one choose", "Privacy, Ads"
)

_COMMON = (_TWO_FACTORS, _ALERTS, _SESSIONS, _APPS, _LOCATION, _CONTACTS)
_PERSONAL = (
    "Use a password for the platform that you use nowhere else, and a second factor.",
    "Use a personal e-mail address for a personal profile, never the work address.",
    "Decide who sees your posts, your friends and your workplace; look at it again when the platform changes it.",
    "Do not let the platform read your address book, and switch off the place in photographs.",
    "Disconnect games and quizzes: most ask for more than they need.",
)

GUIDES: dict[str, Guide] = {
    guide.platform: guide
    for guide in (
        Guide("facebook", (*_COMMON, _MESSAGES, _TAGS, _SEEN_BY, _ADS), _PERSONAL),
        Guide("instagram", (*_COMMON, _MESSAGES, _TAGS, _SEEN_BY, _ADS), _PERSONAL),
        Guide("x", (*_COMMON, _MESSAGES, _TAGS, _SEEN_BY, _ADS), _PERSONAL),
        Guide("youtube", (*_COMMON, _SEEN_BY, _ADS), _PERSONAL),
        Guide("linkedin", (*_COMMON, _MESSAGES, _SEEN_BY, _ADS), _PERSONAL),
        Guide(
            "bluesky",
            (
                Setting(
                    "app-password", "The product signs in by an app password, never by the main one", "App passwords"
                ),
                Setting("handle", "The handle is a domain of the body", "Account, Handle"),
                _SESSIONS,
                _APPS,
                _MESSAGES,
            ),
            _PERSONAL,
        ),
        Guide("mastodon", (*_COMMON, _MESSAGES, _SEEN_BY), _PERSONAL),
        Guide("square", (_TWO_FACTORS, _SESSIONS, _APPS), _PERSONAL),
    )
}


def guide_for(platform: str) -> Guide:
    """The platform's guide, or one of what every platform lets one set."""
    return GUIDES.get(platform) or Guide(platform, (*_COMMON, _SEEN_BY), _PERSONAL)
