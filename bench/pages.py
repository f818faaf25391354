"""Pages at full size against bare views of the same rows (G15): server CPU per answer, Today, Channels, People, Duties.

    python -m bench.pages [--channels 1000] [--persons 5000] [--duties 20000]

Ours is the product as it runs: every middleware, the session, who may see what, the page's frame, filters, Django's
templates. The peer is the least that shows the same rows to somebody signed in: the same handler with Django's
own security, session and sign-in look-ups, the rows by `values()` in the same order, counted for the pages, in one
Jinja2 table with the same columns and links. For Today, a dashboard, it asks one such query per card, but for the one
that counts the ledger. `floor` is the same peer without anybody signed in. All answer from the same database in this
process, taking turns. Prints one JSON object per page: goal, ours, peer, ratio, limit, ok.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

_LIMIT = 3.0
_ROUNDS, _PER_ROUND = 9, 20

Answer = Callable[[], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description="pages against bare views of the same rows")
    parser.add_argument("--channels", type=int, default=1_000)
    parser.add_argument("--persons", type=int, default=5_000)
    parser.add_argument("--duties", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
        os.environ["ROSTRUM_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
        import django

        django.setup()
        for line in figures(arguments.channels, arguments.persons, arguments.duties):
            print(json.dumps(line), flush=True)


def figures(channels: int, persons: int, duties: int) -> Iterator[dict[str, Any]]:
    from django.db import connection

    from bench.crowd import fill
    from bench.search import prepare

    prepare()
    now = datetime.now(UTC)
    began = time.process_time()
    crowd = fill(channels=channels, persons=persons, duties=duties, now=now)
    engine = connection.vendor
    size = f"{channels} channels, {persons} persons, {duties} duties, {engine}"
    yield {
        "goal": "-", "what": f"CPU seconds to make {size}", "ours": round(time.process_time() - began, 1),
        "peer": None, "ratio": None, "limit": None, "ok": True,
    }  # fmt: skip
    session = _session_of(crowd.coordinator)
    for one in _pages(now, crowd.coordinator):
        ours = _caller(one.path, session)
        peer, floor = _bare(one, session), _bare(one, "")
        ours(), peer(), floor()
        yield _compared(one.name, ours, peer, floor, size)


def _compared(name: str, ours: Answer, peer: Answer, floor: Answer, size: str) -> dict[str, Any]:
    """The median of rounds that take turns, so that a busy machine slows all of them."""
    answers = {"ours": ours, "peer": peer, "floor": floor}
    for answer in answers.values():
        for _ in range(_PER_ROUND):
            answer()
    spent: dict[str, list[float]] = {who: [] for who in answers}
    for _ in range(_ROUNDS):
        for who, answer in answers.items():
            began = time.process_time()
            for _ in range(_PER_ROUND):
                answer()
            spent[who].append((time.process_time() - began) / _PER_ROUND * 1000)
    mine, theirs, least = (statistics.median(found) for found in spent.values())
    return {
        "goal": "G15", "what": f"{name}, server CPU per answer in ms, {size}", "ours": round(mine, 2),
        "peer": round(theirs, 2), "ratio": round(mine / theirs, 2), "limit": _LIMIT, "ok": mine / theirs <= _LIMIT,
        "floor": round(least, 2), "to_floor": round(mine / least, 2),
    }  # fmt: skip


def _session_of(person: Any) -> str:
    from django.conf import settings
    from django.http import HttpRequest
    from django.utils import timezone

    from rostrum.areas.people.session_store import SessionStore
    from rostrum.areas.people.sign_in import start_session

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = SessionStore()
    start_session(request, person, how="password", has_second_factor=True, now=timezone.now())
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


def _caller(path: str, cookie: str) -> Answer:
    from django.core.handlers.wsgi import WSGIHandler

    return _calls(WSGIHandler(), path, cookie)


def _calls(application: Any, path: str, cookie: str = "") -> Answer:
    address, _, query = path.partition("?")

    def call() -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": cookie,
            "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.errors": sys.stderr,
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "wsgi.input": BytesIO(),
        }  # fmt: skip
        statuses: list[str] = []
        response = application(environ, lambda status, *_: statuses.append(status))
        body = b"".join(response)
        response.close()
        assert statuses[0].startswith("200"), (path, statuses[0])
        return body

    return call


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: each of its tables as a queryset, the columns by their paths, and how a row is written in Jinja2.

    `beside` is asked with the rows' keys, where a column comes from another table.
    """

    name: str
    path: str
    tables: Sequence[tuple[Any, Sequence[str], str]]
    per_page: int = 50
    beside: Callable[[list[int]], Any] | None = None


_DUTY = (
    *("public_id", "title", "owner__name", "owner_role", "unit", "due_at", "clock", "clause", "kind", "other_on"),
    "owner__unit__name",
)
_DUTY_ROW = """<tr><th scope="row"><a href="/desk/duties/{{ r.public_id }}/">{{ r.title }}</a></th>
<td data-label="Owed by">{{ r.owner__name or r.owner_role }}<br><span>{{ r.owner__unit__name or r.unit }}</span></td>
<td data-label="Due"><time datetime="{{ r.due_at.isoformat() }}">{{ r.due_at }}</time>{{ r.other_on or "" }}</td>
<td data-label="Clock and clause">{{ r.clock }}<br><a href="/desk/policy/{{ r.clause }}/">{{ r.clause }}</a></td>
<td data-label="Closed by">{{ r.kind }}</td></tr>"""
_CHANNEL = (
    *("slug", "name", "handle", "platform__name", "unit__name", "state", "trouble", "trouble_since"),
    *("last_connected_at", "cadence_minutes"),
)
_CHANNEL_ROW = """<tr><th scope="row"><a href="/desk/channels/{{ r.slug }}/">{{ r.name }}</a>
<span>@{{ r.handle }}</span></th>
<td data-label="Platform">{{ r.platform__name }}</td><td data-label="Department">{{ r.unit__name }}</td>
<td data-label="State"><span class="ros-state">{{ r.state }}</span></td><td data-label="Line to the platform"><span
class="ros-state">{{ r.trouble or r.last_connected_at }}</span> {{ r.trouble_since or "" }}</td></tr>"""
_PERSON_ROW = """<tr><th scope="row"><a href="/desk/people/{{ r.public_id }}/">{{ r.name }}</a><br>
<span>{{ r.title }}</span></th><td data-label="Department">{{ r.unit__name }}</td>
<td data-label="Roles">{{ beside.get(r.pk, ()) | join(", ") }}</td>
<td data-label="State"><span class="ros-state">{{ "Present" if r.is_active else "Left" }}</span></td></tr>"""


def _pages(now: datetime, coordinator: Any) -> list[_Page]:
    from django.db.models import F

    from rostrum.areas.archive.models import Item
    from rostrum.areas.channels.models import Channel, ChannelList, TermsReview
    from rostrum.areas.duties.models import Duty
    from rostrum.areas.moderation.models import Assessment, Removal
    from rostrum.areas.people.models import FactorReset, User
    from rostrum.areas.publishing.models import Draft, Publication

    is_open = Duty.objects.filter(closed_at=None)
    soonest = is_open.order_by(F("due_at").asc(nulls_last=True), "id")
    overdue = is_open.filter(due_at__lt=now).order_by("due_at", "id")
    channels = Channel.objects.order_by("name", "pk")
    cards = [
        (soonest.filter(owner=coordinator), _DUTY, _DUTY_ROW),
        (soonest.filter(owner=None, owner_role="social_media_coordinator"), _DUTY, _DUTY_ROW),
        (overdue, _DUTY, _DUTY_ROW),
        (channels.exclude(trouble=""), _CHANNEL, _CHANNEL_ROW),
        (channels.filter(state="reviewed"), _CHANNEL, _CHANNEL_ROW),
        (channels.filter(page_missing__gt=0), _CHANNEL, _CHANNEL_ROW),
        *((found.order_by("pk"), ("pk",), "<li>{{ r.pk }}</li>") for found in (
            Draft.objects.filter(state="in_review"), Draft.objects.filter(author=coordinator, state="draft"),
            Publication.objects.filter(outcome="failed"), Item.objects.filter(kind="comment", assessments=None),
            Assessment.objects.filter(state="captured"), Removal.objects.filter(outcome="failed"),
            Removal.objects.filter(outcome="applied", notice="open"), TermsReview.objects.filter(state="open"),
            ChannelList.objects.filter(state="held"), FactorReset.objects.filter(settled_at=None),
        )),
    ]  # fmt: skip
    people = User.objects.order_by("name")
    person = ("pk", "public_id", "name", "title", "unit__name", "is_active")
    return [
        _Page("Today", "/desk/", cards, per_page=8),
        _Page("Channels", "/desk/channels/", [(channels, _CHANNEL, _CHANNEL_ROW)]),
        _Page("People", "/desk/people/", [(people, person, _PERSON_ROW)], beside=_roles_of),
        _Page("Duties", "/desk/duties/", [(soonest, _DUTY, _DUTY_ROW)]),
        _Page("Overdue duties", "/desk/duties/?state=overdue", [(overdue, _DUTY, _DUTY_ROW)]),
    ]


def _roles_of(persons: list[int]) -> Any:
    from rostrum.areas.people.models import RoleGrant

    found: dict[int, list[str]] = {}
    for person, role in RoleGrant.objects.filter(person__in=persons).values_list("person_id", "role"):
        found.setdefault(person, []).append(role)
    return found


_FRAME = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><main><h1>{{ title }}</h1>
{% for count, rows in tables %}<table><caption>{{ count }}</caption>{{ rows }}</table>{% endfor %}</main>
</body></html>"""
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def _bare(page: _Page, cookie: str) -> Answer:
    """The same rows by `values()` in Jinja2 tables; with a cookie for somebody signed in, without for anybody."""
    import jinja2
    from django.contrib.auth import SESSION_KEY
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import override_settings
    from django.urls import path
    from markupsafe import Markup

    from rostrum.areas.people.models import User

    written = jinja2.Environment(autoescape=True)
    frame = written.from_string(_FRAME)
    rows = [
        (found, columns, written.from_string("{% for r in rows %}" + row + "{% endfor %}"))
        for found, columns, row in page.tables
    ]

    def view(request: HttpRequest) -> HttpResponse:
        if cookie:
            assert User.objects.get(pk=request.session[SESSION_KEY]).is_active
        tables = []
        for found, columns, row in rows:
            shown = list(found.values(*columns)[: page.per_page])
            beside = page.beside([one["pk"] for one in shown]) if page.beside else {}
            tables.append((found.count() if cookie else len(shown), Markup(row.render(rows=shown, beside=beside))))
        return HttpResponse(frame.render(title=page.name, tables=tables))

    class Urls:
        urlpatterns = [path("", view)]

    with override_settings(MIDDLEWARE=list(_MIDDLEWARE) if cookie else [], ROOT_URLCONF=Urls):
        handler = WSGIHandler()
    call = _calls(handler, "/", cookie)

    def with_its_own_routes() -> bytes:
        # The handler looks its routes up by the setting at each call; the switch costs a few microseconds.
        with override_settings(ROOT_URLCONF=Urls):
            return call()

    return with_its_own_routes


if __name__ == "__main__":
    main()
