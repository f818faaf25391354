"""The square's JSON API for channels: post, edit, delete, hide, and the feed of changes."""

import base64
import binascii
import json
import re
from collections.abc import Callable

from rostrum.connectors.square.http import Request, Response
from rostrum.connectors.square.store import Author, Medium, Shown, SquareRefusal, SquareStore

_FEED_PAGE = 50
_Handler = Callable[[SquareStore, Request, Author, str], Response]


def answer(store: SquareStore, request: Request) -> Response:
    """Answer an API request; refusals become JSON with a code."""
    try:
        return _answer(store, request)
    except SquareRefusal as refusal:
        return _json(refusal.status, {"error": refusal.code, "message": refusal.message})


def item_json(shown: Shown) -> dict[str, object]:
    """Return one version of a post or comment: the same version always has the same JSON."""
    return {
        "id": shown.id,
        "version": shown.version,
        "number": shown.number,
        "kind": shown.kind,
        "author": {"id": _author_id(shown), "handle": shown.author, "name": shown.author_name},
        "text": shown.text,
        "lang": shown.lang,
        "parent": shown.parent,
        "root": shown.root,
        "created_at": shown.created_at,
        "edited_at": shown.edited_at,
        "url": f"/p/{shown.root}#{shown.id}",
        "media": [dict(medium) for medium in shown.media],
    }


def _answer(store: SquareStore, request: Request) -> Response:
    token = request.headers["authorization"].removeprefix("Bearer ").strip()
    channel = store.channel_of_token(token) if token else None
    if channel is None:
        raise SquareRefusal(401, "bad-token", "This token belongs to no channel.")
    for method, pattern, handler in _ROUTES:
        match = pattern.fullmatch(request.path)
        if match and method == request.method:
            return handler(store, request, channel, match.group(1) if match.groups() else "")
    raise SquareRefusal(404, "no-such-call", "The API has no such call.")


def _post(store: SquareStore, request: Request, channel: Author, _: str) -> Response:
    asked = _body(request)
    shown = store.write(
        channel,
        str(asked.get("text", "")),
        lang=str(asked.get("lang", "")),
        media=_media(asked),
        parent=str(asked.get("reply_to") or ""),
        request_key=str(asked["request_key"]) if asked.get("request_key") else None,
    )
    return _json(201, {"item": item_json(shown)})


def _find_by_key(store: SquareStore, _: Request, channel: Author, key: str) -> Response:
    shown = store.by_key(channel.handle, key)
    if shown is None:
        raise SquareRefusal(404, "no-such-item", "Nothing was written with this key.")
    return _json(200, {"item": item_json(shown)})


def _item(store: SquareStore, _: Request, _channel: Author, thing: str) -> Response:
    shown = store.item(thing)
    if shown is None:
        raise SquareRefusal(404, "no-such-item", "That is not there.")
    if shown.deleted:
        raise SquareRefusal(410, "deleted", "Its author deleted it.")
    return _json(200, {"state": "hidden" if shown.hidden else "shown", "item": item_json(shown)})


def _edit(store: SquareStore, request: Request, channel: Author, thing: str) -> Response:
    return _json(200, {"item": item_json(store.edit(channel, thing, str(_body(request).get("text", ""))))})


def _delete(store: SquareStore, _: Request, channel: Author, thing: str) -> Response:
    store.delete(channel, thing)
    return _json(200, {"deleted": thing})


def _hide(store: SquareStore, _: Request, channel: Author, thing: str) -> Response:
    return _json(200, {"hidden": store.set_hidden(channel.handle, thing, hidden=True).id})


def _unhide(store: SquareStore, _: Request, channel: Author, thing: str) -> Response:
    return _json(200, {"shown": store.set_hidden(channel.handle, thing, hidden=False).id})


def _feed(store: SquareStore, request: Request, channel: Author, _: str) -> Response:
    after = request.query.get("after", "0")
    # `str.isdigit` accepts digits int() does not.
    if not re.fullmatch(r"[0-9]{1,18}", after):
        raise SquareRefusal(400, "bad-cursor", "The cursor is not a number.")
    changes, more = store.feed(channel.handle, int(after), _FEED_PAGE)
    events = []
    for seq, kind, at, shown in changes:
        # What was deleted is gone, also from the feed: only that it was, and when, is told.
        has_content = kind in ("created", "edited") and not shown.deleted
        told: dict[str, object] = {"seq": seq, "type": kind, "at": at, "id": shown.id, "kind": shown.kind}
        events.append({**told, "root": shown.root, "item": item_json(shown) if has_content else None})
    return _json(200, {"events": events, "next": changes[-1][0] if changes else int(after), "more": more})


def _feed_start(store: SquareStore, _: Request, _channel: Author, _id: str) -> Response:
    return _json(200, {"starts_after": store.feed_start()})


def _profile(store: SquareStore, _: Request, channel: Author, _id: str) -> Response:
    about = next(known for known in store.channels() if known["handle"] == channel.handle)
    return _json(200, {"profile": {**about, "url": f"/c/{channel.handle}"}})


def _access(store: SquareStore, _: Request, channel: Author, _id: str) -> Response:
    return _json(200, {"access": store.access(channel.handle)})


_ROUTES: tuple[tuple[str, re.Pattern[str], _Handler], ...] = (
    ("POST", re.compile(r"/api/posts"), _post),
    ("GET", re.compile(r"/api/posts/by-key/([^/]{1,200})"), _find_by_key),
    ("GET", re.compile(r"/api/items/(sq-[0-9a-f]{16})"), _item),
    ("PUT", re.compile(r"/api/items/(sq-[0-9a-f]{16})"), _edit),
    ("DELETE", re.compile(r"/api/items/(sq-[0-9a-f]{16})"), _delete),
    ("POST", re.compile(r"/api/items/(sq-[0-9a-f]{16})/hide"), _hide),
    ("POST", re.compile(r"/api/items/(sq-[0-9a-f]{16})/unhide"), _unhide),
    ("GET", re.compile(r"/api/feed"), _feed),
    ("GET", re.compile(r"/api/feed/start"), _feed_start),
    ("GET", re.compile(r"/api/profile"), _profile),
    ("GET", re.compile(r"/api/access"), _access),
)


def _author_id(shown: Shown) -> str:
    # Two browsers may use one name: the id tells them apart without telling the session, which is a secret.
    return f"{shown.author}~{shown.session[:8]}" if shown.session else shown.author


def _media(asked: dict[str, object]) -> tuple[Medium, ...]:
    listed = asked.get("media") or []
    if not isinstance(listed, list) or len(listed) > 4:
        raise SquareRefusal(422, "bad-media", "Up to four media are taken.")
    try:
        return tuple(
            Medium(base64.b64decode(medium["data"], validate=True), str(medium["mime"]), str(medium.get("alt", "")))
            for medium in listed
        )
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise SquareRefusal(422, "bad-media", "Each medium has mime, alt and base64 data.") from error


def _body(request: Request) -> dict[str, object]:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise SquareRefusal(400, "bad-json", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise SquareRefusal(400, "bad-json", "The body is not a JSON object.")
    return body


def _json(status: int, value: object) -> Response:
    # Compact and in the order written, so that a version's bytes are the same in every answer.
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, "application/json")
