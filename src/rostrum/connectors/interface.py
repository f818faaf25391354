"""What every platform connector offers: publish, capture, re-read, hide, delete; and how it says what went wrong.

A connector turns one platform's API into these few calls and into Items. It stores nothing and decides nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from rostrum.kernel.items import Fault, Item


class Trouble(StrEnum):
    """What kind of trouble a call met; this, never the message, decides what happens next."""

    LOST_TOKEN = "lost_token"  # noqa: S105 - a kind of trouble, not a secret
    """The platform no longer accepts our credentials: a person must connect the channel again."""
    RATE_LIMITED = "rate_limited"
    """Nothing was done; ask again after `retry_after`."""
    PLATFORM_ERROR = "platform_error"
    """The platform failed or was not reached, and nothing was written: trying again is safe."""
    UNCLEAR_OUTCOME = "unclear_outcome"
    """A write may or may not have happened: look with `find_published`, or ask a person; never repeat blindly."""
    REFUSED = "refused"
    """The platform clearly said no (too long, not ours, gone): nothing was written, repeating will not help."""


class ConnectorError(Exception):
    """A platform call did not do what was asked.

    `retry_after` is how long to wait, where the platform said so; `code` is the platform's own word for the trouble.
    """

    def __init__(
        self,
        kind: Trouble,
        message: str,
        *,
        retry_after: timedelta | None = None,
        code: str = "",
        answered: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.code = code
        self.answered = answered


@dataclass(frozen=True, slots=True)
class OutgoingMedia:
    """One image or video to publish, with its alternative text."""

    data: bytes
    mime: str
    alt: str


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """What to publish. Links, mentions and hashtags are marked up by the connector in the platform's own way.

    `reply_to` is the native id of what is answered, or "". `intended_at` is the instant of the intent to publish: the
    same at every attempt, so that a repeated attempt is recognised as the same post.
    """

    text: str
    langs: tuple[str, ...] = ()
    media: tuple[OutgoingMedia, ...] = ()
    reply_to: str = ""
    intended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's answer to a write: its ids, and its exact bytes (`b""` where it answers with none)."""

    native_id: str
    version_key: str
    url: str
    at: datetime
    raw: bytes
    raw_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch the platform can no longer give: versions may have come and gone unseen. The caller opens a gap."""

    cause: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CapturePage:
    """One page of a capture: the bytes as they came, the Items in them, and the cursor to go on from.

    Store the page and its cursor together; a run that ends after any page goes on from that page's cursor. Media are
    already fetched: opening them touches no network. `container` may be empty when a page only moves the cursor.
    """

    container: bytes
    container_type: str
    items: tuple[Item, ...]
    cursor: str
    window_from: datetime | None
    window_to: datetime | None
    faults: tuple[Fault, ...] = ()
    lost: Lost | None = None


@dataclass(frozen=True, slots=True)
class ListedAdministrator:
    """One person whom the platform lets act on the channel, as it lists them; any field may be ""."""

    name: str = ""
    login: str = ""
    email: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """Who and what the platform lets act on the channel; `raw` is its answer, byte for byte."""

    raw: bytes
    administrators: tuple[ListedAdministrator, ...]
    applications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a platform lets a channel do, so that a page can offer it and coverage can be stated honestly."""

    publishes: bool = True
    hides_replies: bool = False
    deletes_own: bool = False
    announces_edits: bool = False
    announces_deletions: bool = False
    keeps_alt_text: bool = False
    notes: str = field(default="")


@runtime_checkable
class Connector(Protocol):
    """One channel's line to its platform.

    Items that tell of a state only (`seen` GONE or HIDDEN) have no content: they are sightings of the Item with that
    `native_id`, never a version of it; their `raw` is what the platform said. GONE with `deleted_at` was announced by
    the platform and counts at once; without, it is an absence on a re-read. A PRESENT or EDITED Item is a version,
    named by its `version_key`; the same key always means the same version.

    Every call may raise `ConnectorError`. Hiding, showing and deleting may be repeated after an unclear outcome: doing
    them twice is doing them once.
    """

    platform: str
    abilities: Abilities

    def sign_in(self) -> None:
        """Sign in anew with the log-in that was given, and have the platform say that it is this channel's.

        Writes nothing. Raises LOST_TOKEN when the platform does not take it.
        """
        ...

    def publish(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt:
        """Publish, at most once per key: a repeated call with the key of a published post returns its receipt.

        When no answer comes, it looks for the post once before it raises UNCLEAR_OUTCOME.
        """
        ...

    def find_published(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt | None:
        """Look whether the post with this key is on the platform: resolves an unclear outcome."""
        ...

    def capture(self, cursor: str | None) -> Iterator[CapturePage]:
        """Yield what happened in the channel's conversations since `cursor` (None: everything the platform has)."""
        ...

    def reread(self, native_ids: Sequence[str]) -> Iterator[Item | Fault]:
        """Look at single Items again, in order.

        For each id: a Fault; or a GONE notice; or its version now, and then a HIDDEN notice while the channel hides it.
        """
        ...

    def hide(self, native_id: str) -> Receipt:
        """Hide another's reply from the channel's thread. Hiding twice changes nothing."""
        ...

    def unhide(self, native_id: str) -> Receipt:
        """Show a hidden reply again."""
        ...

    def delete(self, native_id: str) -> Receipt:
        """Delete the channel's own post or reply. Deleting twice changes nothing."""
        ...

    def profile(self) -> Item:
        """Return the channel's own profile as the platform shows it."""
        ...

    def close(self) -> None:
        """Let go of connections and temporary files."""
        ...


@runtime_checkable
class TellsAccess(Protocol):
    """A connector whose platform tells who and what may act on the channel; where it does not, people hand lists in."""

    def access(self) -> ChannelAccess:
        """Return the channel's administrators and connected applications. May raise `ConnectorError`."""
        ...


def settle(write: Callable[[], Receipt], look: Callable[[], Receipt | None]) -> Receipt:
    """Write; when the outcome is unclear, look once. Raises `ConnectorError` as `write` does.

    Found: its receipt. Not found although the platform answered (with an error): nothing was written. Not found and
    never answered: the write may still be under way, so it stays unclear.
    """
    try:
        return write()
    except ConnectorError as error:
        if error.kind is not Trouble.UNCLEAR_OUTCOME:
            raise
        try:
            found = look()
        except ConnectorError:
            raise error from None
        if found is not None:
            return found
        if error.answered:
            raise ConnectorError(Trouble.PLATFORM_ERROR, error.message, code=error.code, answered=True) from error
        raise


def read_clock() -> datetime:
    """Return the present instant: the outside world has its own time, so a connector reads it where it looks."""
    return datetime.now(UTC)
