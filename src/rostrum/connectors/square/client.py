"""The connector to the sample square."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from rostrum.connectors import web
from rostrum.connectors.interface import (
    Abilities,
    CapturePage,
    ChannelAccess,
    ConnectorError,
    ListedAdministrator,
    Lost,
    OutgoingPost,
    Receipt,
    Trouble,
    read_clock,
    settle,
)
from rostrum.kernel import slices
from rostrum.kernel.items import Fault, Item, Kind, MediaFile, Route, Seen

PLATFORM = "square"


class SquareConnector:
    """One channel's line to the sample square."""

    platform = PLATFORM
    abilities = Abilities(
        hides_replies=True, deletes_own=True, announces_edits=True, announces_deletions=True, keeps_alt_text=True
    )

    def __init__(
        self, settings: Mapping[str, str], secret: Mapping[str, str], transport: httpx.BaseTransport | None = None
    ) -> None:
        self._service = settings["service"].rstrip("/")
        self._client = web.open_client(self._service, transport)
        self._headers = {"Authorization": f"Bearer {secret['token']}"}

    def sign_in(self) -> None:
        """Ask for the channel's own profile, which the square gives to its token only."""
        self.profile()

    # Writing

    def publish(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt:
        """Publish, at most once per key."""
        body = {
            "text": post.text,
            "lang": post.langs[0] if post.langs else "",
            "reply_to": post.reply_to,
            "request_key": idempotency_key,
            "media": [
                {"mime": medium.mime, "alt": medium.alt, "data": base64.b64encode(medium.data).decode()}
                for medium in post.media
            ],
        }
        return settle(
            lambda: self._written(self._send("POST", "/api/posts", json=body)),
            lambda: self.find_published(post, idempotency_key=idempotency_key),
        )

    def find_published(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt | None:  # noqa: ARG002
        """Look whether a post with this key is on the square."""
        answer = self._look(f"/api/posts/by-key/{idempotency_key}")
        return None if answer.status_code == 404 else self._written(answer)

    def hide(self, native_id: str) -> Receipt:
        """Hide a comment in the channel's conversation."""
        return self._acted(native_id, self._send("POST", f"/api/items/{native_id}/hide"))

    def unhide(self, native_id: str) -> Receipt:
        """Show a hidden comment again."""
        return self._acted(native_id, self._send("POST", f"/api/items/{native_id}/unhide"))

    def delete(self, native_id: str) -> Receipt:
        """Delete the channel's own post or comment."""
        return self._acted(native_id, self._send("DELETE", f"/api/items/{native_id}"))

    # Reading

    def capture(self, cursor: str | None) -> Iterator[CapturePage]:
        """Yield the feed of changes after the cursor, a page at a time, until it is caught up."""
        after, since, more = cursor or "0", None, True
        while more:
            answer = self._look("/api/feed", after=after)
            if answer.status_code == 410:
                start = str(_json(self._expect(self._look("/api/feed/start")))["starts_after"])
                lost = Lost("The square no longer keeps changes back to the last capture.", None, None)
                after = start
                yield CapturePage(b"", "", (), after, None, None, lost=lost)
                continue
            page = self._expect(answer).content
            told = json.loads(page)
            items, faults = self._items_of(page)
            times = [_instant(event["at"]) for event in told["events"]]
            after, more = str(told["next"]), bool(told["more"])
            until = max([*times, since or times[0]]) if times and more else max([*times, read_clock()])
            container = page if items or faults else b""
            yield CapturePage(
                container, "application/json", items, after, since or (times or [until])[0], until, faults
            )
            since = until

    def reread(self, native_ids: Sequence[str]) -> Iterator[Item | Fault]:
        """Look at single posts and comments again."""
        for native_id in native_ids:
            answer = self._look(f"/api/items/{native_id}")
            if answer.status_code in (404, 410):
                yield _notice(native_id, Seen.GONE, answer.content, Route.API)
                continue
            page = self._expect(answer).content
            try:
                is_hidden = _json(answer)["state"] == "hidden"
                item = self._item(_slice(page, "item"), Seen.PRESENT)
            except (ValueError, KeyError, TypeError, slices.NotFound) as error:
                yield Fault(native_id, f"The square's answer cannot be read: {error!r}")
                continue
            yield item
            if is_hidden:
                yield _notice(native_id, Seen.HIDDEN, page, Route.API, kind=item.kind)

    def profile(self) -> Item:
        """Return the channel's profile."""
        page = self._expect(self._look("/api/profile")).content
        profile = json.loads(page)["profile"]
        return Item(
            platform=PLATFORM,
            kind=Kind.PROFILE,
            native_id=f"sq-channel-{profile['handle']}",
            text=profile["about"],
            raw=_slice(page, "profile"),
            route=Route.API,
            url=self._service + profile["url"],
            author_id=profile["handle"],
            author_handle=profile["handle"],
            author_name=profile["name"],
            published_at=_instant(profile["created_at"]),
        )

    def access(self) -> ChannelAccess:
        """Return who and what may act on the channel."""
        page = self._expect(self._look("/api/access")).content
        told = json.loads(page)["access"]
        return ChannelAccess(
            page,
            tuple(
                ListedAdministrator(**{name: str(one.get(name, "")) for name in ("name", "login", "email", "role")})
                for one in told["administrators"]
            ),
            tuple(str(name) for name in told["applications"]),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    # Parts

    def _items_of(self, page: bytes) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
        items: list[Item] = []
        faults: list[Fault] = []
        for number, event_bytes in enumerate(slices.element_slices(page, "events")):
            try:
                item = self._item_of_event(event_bytes)
            except (ValueError, KeyError, TypeError, slices.NotFound) as error:
                faults.append(Fault(f"events/{number}", f"This change cannot be read: {error!r}"))
                continue
            if item is not None:
                items.append(item)
        return tuple(items), tuple(faults)

    def _item_of_event(self, event_bytes: bytes) -> Item | None:
        event = json.loads(event_bytes)
        change, thing = event["type"], event["id"]
        if change == "deleted":
            return _notice(
                thing,
                Seen.GONE,
                event_bytes,
                Route.FIREHOSE,
                deleted_at=_instant(event["at"]),
                kind=_kind(event["kind"]),
            )
        if change == "hidden":
            return _notice(thing, Seen.HIDDEN, event_bytes, Route.FIREHOSE, kind=_kind(event["kind"]))
        if change == "shown":
            # Shown again: look at it now, so that the sighting has content.
            return next((found for found in self.reread([thing]) if isinstance(found, Item)), None)
        if event["item"] is None:
            return None  # written and deleted between two looks: the deletion is told by an event of its own
        return self._item(_slice(event_bytes, "item"), Seen.EDITED if change == "edited" else Seen.PRESENT)

    def _item(self, raw: bytes, seen: Seen) -> Item:
        item = json.loads(raw)
        return Item(
            platform=PLATFORM,
            kind=_kind(item["kind"]),
            native_id=item["id"],
            text=item["text"],
            raw=raw,
            route=Route.API,
            url=self._service + item["url"],
            author_id=item["author"]["id"],
            author_handle=item["author"]["handle"],
            author_name=item["author"]["name"],
            published_at=_instant(item["created_at"]),
            edited_at=_instant(item["edited_at"]) if item["edited_at"] else None,
            parent_id=item["parent"],
            root_id=item["root"] if item["root"] != item["id"] else "",
            lang=item["lang"],
            seen=seen,
            version_key=item["version"],
            media=tuple(self._medium(medium) for medium in item["media"]),
        )

    def _medium(self, medium: dict[str, str]) -> MediaFile:
        name = f"{medium['sha256'][:16]}.{medium['mime'].rpartition('/')[2]}"
        url = self._service + medium["url"]
        try:
            kept = web.fetch(self._client, medium["url"])
        except ConnectorError as error:
            return MediaFile(name, medium["mime"], medium["alt"], url, missing=error.message)
        return MediaFile(name, medium["mime"], medium["alt"], url, open=kept.open)

    def _written(self, answer: web.Answer) -> Receipt:
        item = _json(self._expect(answer))["item"]
        return Receipt(
            native_id=item["id"],
            version_key=item["version"],
            url=self._service + item["url"],
            at=_instant(item["edited_at"] or item["created_at"]),
            raw=answer.content,
        )

    def _acted(self, native_id: str, answer: web.Answer) -> Receipt:
        return Receipt(native_id, "", f"{self._service}/", read_clock(), self._expect(answer).content)

    def _look(self, path: str, **params: str) -> web.Answer:
        return web.call(self._client, "GET", path, is_write=False, params=params, headers=self._headers)

    def _send(self, method: str, path: str, **request: object) -> web.Answer:
        answer = web.call(self._client, method, path, is_write=True, headers=self._headers, **request)
        if answer.status_code >= 500:
            # The square may have failed after it wrote.
            raise ConnectorError(Trouble.UNCLEAR_OUTCOME, f"The square answered {answer.status_code}.", answered=True)
        return answer

    def _expect(self, answer: web.Answer) -> web.Answer:
        status = answer.status_code
        if status < 300:
            return answer
        if status == 401:
            raise ConnectorError(Trouble.LOST_TOKEN, "The square no longer accepts this channel's token.")
        if status == 429:
            wait = web.retry_after(answer, read_clock())
            raise ConnectorError(Trouble.RATE_LIMITED, "The square asks to wait.", retry_after=wait)
        if status >= 500:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"The square answered {status}.")
        raise ConnectorError(Trouble.REFUSED, _message(answer))


def _notice(
    native_id: str,
    seen: Seen,
    raw: bytes,
    route: Route,
    *,
    deleted_at: datetime | None = None,
    kind: Kind = Kind.COMMENT,
) -> Item:
    """Build the Item that only tells of a state."""
    return Item(
        platform=PLATFORM,
        kind=kind,
        native_id=native_id,
        text="",
        raw=raw,
        route=route,
        deleted_at=deleted_at,
        seen=seen,
    )


def _kind(told: str) -> Kind:
    return Kind.POST if told == "post" else Kind.COMMENT


def _slice(page: bytes, *path: str) -> bytes:
    start, end = slices.value_span(page, *path)
    return page[start:end]


def _instant(told: str) -> datetime:
    instant = datetime.fromisoformat(told)
    if instant.tzinfo is None:
        raise ValueError(f"a time without a zone: {told}")
    return instant


def _json(answer: web.Answer) -> dict[str, Any]:
    try:
        value = json.loads(answer.content)
    except ValueError as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, "The square's answer is not JSON.") from error
    return value if isinstance(value, dict) else {}


def _message(answer: web.Answer) -> str:
    try:
        return str(json.loads(answer.content)["message"])
    except (ValueError, KeyError, TypeError):
        return f"The square answered {answer.status_code}."
