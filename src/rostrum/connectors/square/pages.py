"""The square's public pages, where a newcomer speaks as a resident. They work without scripts and at 320 pixels."""

import hashlib
import hmac
import re
import secrets
import urllib.parse
from collections.abc import Callable
from html import escape
from importlib.resources import files

from rostrum.connectors.square.http import Request, Response, redirect
from rostrum.connectors.square.store import TEXT_LIMIT, Author, Shown, SquareRefusal, SquareStore

RESIDENTS = ("Alma Reyes", "Ben Kowalski", "Chai Yang", "Dorothy Weber", "Samir Haddad")

_COOKIE = "square_session"
_SESSION = re.compile(r"[0-9a-f]{32}")
_ID = r"(sq-[0-9a-f]{16})"


def answer(store: SquareStore, request: Request) -> Response:
    """Answer a page request; refusals become a page that says what to do."""
    visitor = _Visitor.of(store, request)
    try:
        return _answer(store, request, visitor)
    except SquareRefusal as refusal:
        back = request.path.rsplit("/", 1)[0] if request.method == "POST" else "/"
        return _page(
            visitor,
            "That did not work",
            f'<p role="alert" class="refusal">{escape(refusal.message)}</p>'
            f'<p><a href="{escape(back or "/")}">Go back</a></p>',
            status=refusal.status,
        )


class _Visitor:
    """Who is looking: the browser's session, the resident it speaks as, and the proof its forms carry."""

    def __init__(self, session: str, resident: Author | None, form_token: str, *, is_new: bool) -> None:
        self.session = session
        self.resident = resident
        self.form_token = form_token
        self.is_new = is_new

    @classmethod
    def of(cls, store: SquareStore, request: Request) -> "_Visitor":
        given = request.cookies.get(_COOKIE, "")
        known = bool(_SESSION.fullmatch(given))
        session = given if known else secrets.token_hex(16)
        token = hmac.new(store.own_secret(), session.encode(), hashlib.sha256).hexdigest()
        return cls(session, store.resident(session) if known else None, token, is_new=not known)

    def cookie(self) -> tuple[tuple[str, str], ...]:
        if not self.is_new:
            return ()
        return (("Set-Cookie", f"{_COOKIE}={self.session}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"),)


def _answer(store: SquareStore, request: Request, visitor: _Visitor) -> Response:
    if request.method in ("GET", "HEAD"):
        response = _look(store, request.path, visitor)
    elif request.method == "POST":
        form = request.form()
        if not hmac.compare_digest(form.get("form_token", ""), visitor.form_token):
            raise SquareRefusal(
                403, "stale-form", "This form is from another visit. Open the page again, then send it."
            )
        response = _do(store, request.path, visitor, form)
    else:
        raise SquareRefusal(405, "bad-method", "The square does not understand this request.")
    if response is None:
        raise SquareRefusal(404, "no-such-page", "There is no such page on the square.")
    return response


def _look(store: SquareStore, path: str, visitor: _Visitor) -> Response | None:
    if path == "/":
        return _home(store, visitor)
    if path == "/square.css":
        css = files("rostrum.connectors.square").joinpath("square.css").read_bytes()
        return Response(200, css, "text/css; charset=utf-8")
    for pattern, page in _PAGES:
        if match := pattern.fullmatch(path):
            return page(store, visitor, match.group(1))
    return None


def _do(store: SquareStore, path: str, visitor: _Visitor, form: dict[str, str]) -> Response | None:
    if path == "/me":
        return _become(store, visitor, form)
    if match := re.fullmatch(f"/p/{_ID}/(reply|edit|delete)", path):
        return _act(store, visitor, match.group(1), match.group(2), form)
    return None


# Acts


def _become(store: SquareStore, visitor: _Visitor, form: dict[str, str]) -> Response:
    name = " ".join((form.get("name", "").strip() or form.get("known", "")).split())
    if not name or len(name) > 60:
        raise SquareRefusal(422, "bad-name", "Choose a name, or type one of at most 60 characters.")
    store.name_resident(visitor.session, name)
    back = form.get("back", "/")
    # Only a place on this site: "//elsewhere" would lead away.
    is_here = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(urllib.parse.quote(back, safe="/#-.") if is_here else "/", *visitor.cookie())


def _act(store: SquareStore, visitor: _Visitor, thing: str, act: str, form: dict[str, str]) -> Response:
    if visitor.resident is None:
        raise SquareRefusal(403, "no-name", "Choose a name first, on the square's first page.")
    if act == "reply":
        # The form's own key: sending it twice, or reloading, writes once.
        shown = store.write(
            visitor.resident, form.get("text", ""), parent=thing, request_key=form.get("request_key") or None
        )
        return redirect(f"/p/{shown.root}#{shown.id}")
    if act == "edit":
        shown = store.edit(visitor.resident, thing, form.get("text", ""))
        return redirect(f"/p/{shown.root}#{shown.id}")
    before = store.item(thing)
    store.delete(visitor.resident, thing)
    return redirect(f"/p/{before.root}" if before else "/")


# Pages


def _home(store: SquareStore, visitor: _Visitor) -> Response:
    rows = "".join(
        f'<li><a href="/c/{escape(c["handle"])}">{escape(c["name"])}</a> <span class="handle">@{escape(c["handle"])}'
        f"</span><br>{escape(c['about'])}</li>"
        for c in store.channels()
    )
    channels = f'<ul class="plain">{rows}</ul>' if rows else "<p>No channel has been opened here yet.</p>"
    body = f"<section><h2>Channels</h2>{channels}</section>{_who(visitor, '/')}"
    return _page(visitor, "The sample square", body)


def _channel(store: SquareStore, visitor: _Visitor, handle: str) -> Response:
    channel = next((c for c in store.channels() if c["handle"] == handle), None)
    if channel is None:
        raise SquareRefusal(404, "no-such-channel", "There is no such channel on the square.")
    posts = "".join(_article(post, on_thread=False) for post in store.posts(handle))
    body = f"<p>{escape(channel['about'])}</p>" + (posts or "<p>Nothing has been posted yet.</p>")
    return _page(visitor, channel["name"], body)


def _thread(store: SquareStore, visitor: _Visitor, root: str) -> Response:
    post = store.item(root)
    if post is None or post.kind != "post":
        raise SquareRefusal(404, "no-such-post", "There is no such post on the square.")
    if post.deleted:
        title, first = "A deleted post", "<p>This post was deleted by its channel.</p>"
    else:
        title, first = f"Post by {post.author_name}", _article(post, on_thread=True)
    comments = store.thread(root)
    names = {comment.id: comment.author_name for comment in comments} | {root: post.author_name}
    listed = "".join(f"<li>{_comment(visitor, comment, names)}</li>" for comment in comments)
    below = f'<ol class="plain">{listed}</ol>' if listed else "<p>No one has answered yet.</p>"
    form = "" if post.deleted else _reply_form(visitor, post, f"/p/{root}")
    body = f'{first}<section aria-labelledby="answers"><h2 id="answers">Answers</h2>{below}</section>{form}'
    back = f'<p><a href="/c/{escape(post.channel)}">All posts of this channel</a></p>'
    return _page(visitor, title, back + body)


def _edit_form(store: SquareStore, visitor: _Visitor, thing: str) -> Response:
    shown = store.item(thing)
    if shown is None or shown.deleted or not visitor.resident or shown.session != visitor.session:
        raise SquareRefusal(403, "not-yours", "Only its author can change it.")
    body = (
        f'<form method="post" action="/p/{thing}/edit">{_token(visitor)}'
        f'<label for="text">Your comment</label>{_textarea("text", shown.text)}'
        f'<button>Save</button> <a href="/p/{shown.root}#{thing}">Leave it as it is</a></form>'
    )
    return _page(visitor, "Edit your comment", body)


def _medium(store: SquareStore, _: _Visitor, digest: str) -> Response:
    found = store.medium(digest)
    if found is None:
        raise SquareRefusal(404, "no-such-medium", "That is not there any more.")
    return Response(200, found[1], found[0])


_PAGES: tuple[tuple[re.Pattern[str], Callable[[SquareStore, _Visitor, str], Response]], ...] = (
    (re.compile(r"/c/([\w.-]+)"), _channel),
    (re.compile(f"/p/{_ID}"), _thread),
    (re.compile(f"/p/{_ID}/edit"), _edit_form),
    (re.compile(r"/media/([0-9a-f]{64})"), _medium),
)


# Parts


def _article(shown: Shown, *, on_thread: bool) -> str:
    lang = f' lang="{escape(shown.lang)}"' if shown.lang else ""
    media = "".join(_shown_medium(medium) for medium in shown.media)
    about = f'<span class="unseen">: {escape(shown.text[:60])}</span>'
    link = "" if on_thread else f'<p><a href="/p/{shown.root}">Read and answer{about}</a></p>'
    return (
        f'<article id="{shown.id}"><h2 class="byline">{escape(shown.author_name)} {_when(shown)}</h2>'
        f'<p class="text"{lang}>{escape(shown.text)}</p>{media}{link}</article>'
    )


def _comment(visitor: _Visitor, shown: Shown, names: dict[str, str]) -> str:
    if shown.deleted:
        return f'<article id="{shown.id}" class="gone"><p>A comment was deleted by its author.</p></article>'
    is_own = visitor.resident is not None and shown.session == visitor.session
    if shown.hidden and not is_own:
        return f'<article id="{shown.id}" class="gone"><p>A comment was hidden by the channel.</p></article>'
    own = ""
    if is_own:
        note = "<p>The channel has hidden this comment; others do not see it.</p>" if shown.hidden else ""
        own = (
            f'{note}<div class="acts"><a href="/p/{shown.id}/edit">Edit<span class="unseen"> your comment</span></a>'
            f'<form method="post" action="/p/{shown.id}/delete">{_token(visitor)}'
            '<button class="plain-button">Delete<span class="unseen"> your comment</span></button></form></div>'
        )
    answered = f"<p class='handle'>answers {escape(names.get(shown.parent, 'someone'))}</p>"
    return (
        f'<article id="{shown.id}"><h3 class="byline">{escape(shown.author_name)} {_when(shown)}</h3>{answered}'
        f'<p class="text">{escape(shown.text)}</p>{own}{_answer_below(visitor, shown)}</article>'
    )


def _answer_below(visitor: _Visitor, shown: Shown) -> str:
    if visitor.resident is None:
        return ""
    form = _reply_form(visitor, shown, "", is_small=True)
    return f"<details><summary>Answer {escape(shown.author_name)}</summary>{form}</details>"


def _reply_form(visitor: _Visitor, shown: Shown, back: str, *, is_small: bool = False) -> str:
    if visitor.resident is None:
        return _who(visitor, back)
    field = f"text-{shown.id}"
    label = f"Your answer to {escape(shown.author_name)}, as {escape(visitor.resident.name)}"
    form = (
        f'<form method="post" action="/p/{shown.id}/reply">{_token(visitor)}'
        f'<input type="hidden" name="request_key" value="{secrets.token_hex(8)}">'
        f'<label for="{field}">{label}</label>{_textarea(field, "")}<button>Answer</button></form>'
    )
    return form if is_small else f"<section><h2>Say something</h2>{form}</section>{_who(visitor, back)}"


def _who(visitor: _Visitor, back: str) -> str:
    now = f"<p>You speak as <strong>{escape(visitor.resident.name)}</strong>.</p>" if visitor.resident else ""
    options = "".join(f"<option>{escape(name)}</option>" for name in RESIDENTS)
    title = "Speak as someone else" if visitor.resident else "Speak as a resident"
    return (
        f'<section aria-labelledby="who"><h2 id="who">{title}</h2>{now}'
        f'<form method="post" action="/me">{_token(visitor)}'
        f'<input type="hidden" name="back" value="{escape(back or "/")}">'
        f'<label for="known">A resident</label><select id="known" name="known">{options}</select>'
        '<label for="name">or another name</label><input id="name" name="name" maxlength="60" autocomplete="off">'
        "<button>Use this name</button></form></section>"
    )


def _shown_medium(medium: dict[str, str]) -> str:
    if medium["mime"].startswith("video/"):
        return f'<video controls src="{escape(medium["url"])}" aria-label="{escape(medium["alt"])}"></video>'
    return f'<img src="{escape(medium["url"])}" alt="{escape(medium["alt"])}">'


def _when(shown: Shown) -> str:
    edited = " (edited)" if shown.edited_at else ""
    spoken = shown.created_at[:16].replace("T", " ")
    return f'<time datetime="{escape(shown.created_at)}">{spoken} UTC</time>{edited}'


def _textarea(field: str, text: str) -> str:
    return f'<textarea id="{field}" name="text" rows="3" required maxlength="{TEXT_LIMIT}">\n{escape(text)}</textarea>'


def _token(visitor: _Visitor) -> str:
    return f'<input type="hidden" name="form_token" value="{visitor.form_token}">'


def _page(visitor: _Visitor, title: str, body: str, *, status: int = 200) -> Response:
    site = "" if title == "The sample square" else " - the sample square"
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}{site}</title>
<link rel="stylesheet" href="/square.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="site"><a href="/">The sample square</a></p>
<p class="notice">This is a stand-in for a social network, inside a demonstration. Nothing here leaves this machine,
and the people are made up.</p></header>
<main id="main" tabindex="-1"><h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
    return Response(status, html.encode(), headers=visitor.cookie())
