"""Every page of the product in a browser, wide and narrow: whole, accessible, named, with nothing sticking out.

The pages are those of the URL configuration, so a new route is here by itself: it must open with its object of
`tests/structure/samples.py`, or be listed below with what it needs. The browser gets each answer from the test's own
client, so that every route has an object of its own and nothing needs to be emptied afterwards.
"""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from playwright.sync_api import Browser, Route

from rostrum.areas.assurance.models import ContentReading
from rostrum.areas.people import operations, totp
from rostrum.areas.people.rules import Role
from tests.archive import PUBLISHED
from tests.browser import AXE, NARROW, TAGS, WIDE, Visitor, browser
from tests.channels import a_body
from tests.governance import a_department, an_employee, delivered
from tests.people import PASSWORD, a_person, a_unit, anonymous, signed_in
from tests.reviews import a_busy_channel
from tests.structure.samples import SAMPLES
from tests.structure.test_routes import NAMED, access_to, opens_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ADDRESS = "http://127.0.0.1"
_AXE = AXE.read_text(encoding="utf-8") + ";0"
_RUN_AXE = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]}).then(
    found => found.violations.flatMap(one => one.nodes.map(node =>
        `${one.id}: ${one.help} at ${node.target}: ${node.html.slice(0, 160)}`)))"""
_IDS_TWICE = """() => [...document.querySelectorAll("[id]")].map(one => one.id)
    .filter((id, at, all) => all.indexOf(id) !== at)"""

# Routes that answer a GET, but with no page. Why none is opened here:
NO_PAGES = {
    "health": "an answer for machines",
    **dict.fromkeys(("api-openapi", "api-channels", "api-verify", "api-channel"), "the interface for programs"),
    **dict.fromkeys(("calendar-events", "calendar-tasks", "portal-changes-atom", "portal-changes-json"), "a feed"),
    **dict.fromkeys(
        ("blocked-sites-table", "certifications-table", "assurance-inventory", "portal-registry", "portal-trust"),
        "a table or list to download",
    ),
    **dict.fromkeys(
        ("certification-pdf", "certification-scan", "policy-file", "training-file", "terms-raw", "channel-part-export"),
        "a paper or text as it was received",
    ),
    **dict.fromkeys(("production-download", "portal-production", "portal-verifier"), "a file to download"),
    **dict.fromkeys(
        ("archive-payload", "archive-media", "draft-medium", "channel-page-picture"), "a payload or picture"
    ),
    **dict.fromkeys(("portal-badge", "app-qr"), "a picture inside another page"),
    **dict.fromkeys(("archive-proof", "portal-key", "portal-checkpoint", "portal-tile"), "what verifiers read"),
    **dict.fromkeys(("directory-begin", "directory-out", "directory-callback", "directory-finish"), "leads elsewhere"),
    "directory-metadata": "what a directory reads",
    "policy-enter-text": "its form lies on the page of documents, where a GET leads",
    "custody-show": "shows a log-in once, to whom two persons allowed it; a GET leads to the request",
}

# A page that lists something is opened empty, and then with the object of this route.
LISTS = {
    "today": "duty",
    "mine": "certification",
    "duties": "duty",
    "duties-overdue": "duty",
    "rights": "right-request",
    "ask-right": "right-request",
    "my-rights": "right-request",
    "denied": "lift-denial",
    "rights-reviews": "rights-review",
    "separations": "separation",
    "channels": "right-request",
    "applications": "application-approve",
    "channel-questions": "channel-question",
    "channel-lists": "channel-list",
    "found-channels": "channel-list",
    "terms": "terms-review",
    "custody": "custody-emergency",
    "archive": "archive-item",
    "archive-captures": "archive-close-gap",
    "archive-elsewhere": "archive-item",
    "write": "draft",
    "conversation": "assessment",
    "requests": "request",
    "request-new": "request",
    "people": "person",
    "directives": "directive",
    "directive-new": "directive",
    "blocked-sites": "blocked-site-end",
    "personas": "persona",
    "certifications": "certification",
    "policy-documents": "policy-text",
    "trainings": "training",
    "reviews": "review",
    "assurance": "duty",
    "portal-channels": "portal-channel",
    "home": "portal-channel",
    "portal-rules": "portal-channel",
    "draft-new": "draft",
    "channel-request": "channel",
    "settings-guides": "channel",
}

# Who sees most of a page comes first.
_BY_REACH = (Role.COORDINATOR, Role.RECORDS_CUSTODIAN, Role.HR, Role.IT_DIRECTOR, Role.DEPARTMENT_HEAD, Role.MODERATOR)

Entered = tuple[Client, dict[str, str]]


def _own_certification() -> Entered:
    a_department()
    person = an_employee()
    return signed_in(person), {"certification_id": delivered(person).public_id}


def _own_reading() -> Entered:
    channel = a_busy_channel()
    client = signed_in(a_person(Role.COORDINATOR))
    day = timezone.localdate(PUBLISHED)
    given = {"channels": [channel.public_id], "from_on": day, "to_on": day, "purpose": "Complaints"}
    client.post(reverse("reading-new"), given)
    reading = ContentReading.objects.get()
    client.post(reverse("reading", args=[reading.public_id]), {"act": "more"})
    return client, {"reading_id": reading.public_id}


def _password_link() -> Entered:
    person = a_person()
    return anonymous(), {"person_id": person.public_id, "token": default_token_generator.make_token(person)}


def _after_the_password(*, with_app: bool) -> Client:
    """A client between the two steps of signing in."""
    person, now, seed = a_person(Role.COORDINATOR, password=PASSWORD), timezone.now(), totp.new_seed()
    if with_app:
        code = totp.code_now(seed, now)
        operations.add_app(person=person, seed=seed, code=code, name="App", proven_at=now, actor=person, now=now)
    client = anonymous()
    client.post(reverse("sign-in"), {"email": person.email, "password": PASSWORD})
    return client


def _leaving() -> Entered:
    a_body()
    return signed_in(a_person(Role.COORDINATOR)), {"person_id": a_person().public_id}


def _new_codes() -> Entered:
    client = signed_in(a_person())
    client.post(reverse("make-recovery-codes"))
    return client, {}


# Pages that open only for whom they are about, or in the middle of something.
OTHERWISE: dict[str, Callable[[], Entered]] = {
    "start-separation": _leaving,
    "certification": _own_certification,
    "reading": _own_reading,
    "set-password": _password_link,
    "enrol": lambda: (_after_the_password(with_app=False), {}),
    "add-app": lambda: (_after_the_password(with_app=False), {}),
    "add-passkey": lambda: (_after_the_password(with_app=False), {}),
    "second-factor": lambda: (_after_the_password(with_app=True), {}),
    "recovery-codes": _new_codes,
}


def _client(pattern: URLPattern, hidden_from: frozenset[Role]) -> Client:
    """Somebody for whom the route opens, with as wide a reach as there is."""
    access = access_to(pattern)
    if access.anyone:
        return anonymous()
    role = next(
        (role for role in (*_BY_REACH, *Role) if opens_for(access, role) and role not in hidden_from), Role.EMPLOYEE
    )
    unit = a_unit()
    return signed_in(a_person(role, unit=unit, over=unit if role is Role.DEPARTMENT_HEAD else None))


def _takes_forms_only(pattern: URLPattern) -> bool:
    """Whether a GET is refused before any object is looked for."""
    anything = {name: converter.to_python("1") for name, converter in pattern.pattern.converters.items()}
    return _client(pattern, frozenset()).get(reverse(str(pattern.name), kwargs=anything)).status_code == 405


def _enter(pattern: URLPattern) -> tuple[Client, str]:
    """Who opens the route, and its address, with an object where it needs one."""
    name = str(pattern.name)
    if name in OTHERWISE:
        client, parameters = OTHERWISE[name]()
        return client, reverse(name, kwargs=parameters)
    sample = SAMPLES.get(name)
    if sample is None:
        a_body()
    address = reverse(name, kwargs=sample.make() if sample else {})
    return _client(pattern, sample.hidden_from if sample else frozenset()), address


class Window:
    """One browser window for all pages; each visit is answered by that visit's own client."""

    def __init__(self, chromium: Browser) -> None:
        self.visitor = Visitor(chromium, ADDRESS)
        self._client, self._context = Client(), copy_context()
        self._loaded: dict[str, dict[str, Any]] = {}
        self.visitor.context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        given = self._loaded.get(path)
        if given is None:
            # Playwright calls this from a context of its own, in which Django would open a connection of its own.
            found = self._context.run(self._client.get, path, SERVER_NAME="127.0.0.1")
            given = {"status": found.status_code, "headers": dict(found.items()), "body": found.getvalue()}
        if path.startswith("/static/"):
            self._loaded[path] = given
        route.fulfill(**given)

    def faults(self, client: Client, path: str) -> list[str]:
        """What is wrong with the page as `client` sees it, one line each."""
        self._client, self._context = client, copy_context()
        self.visitor.complaints.clear()
        page = self.visitor.page
        page.set_viewport_size({"width": WIDE, "height": 900})
        answer = page.goto(path)
        status = answer.status if answer else 0
        if status >= 400:
            return [f"answers {status}"]
        heading = [" ".join(text.split()) for text in page.locator("h1").all_inner_texts()]
        title, _, site = page.title().rpartition(" · ")
        found = [f"has {len(heading)} first headings: {heading}"] if len(heading) != 1 else []
        if not title or title == site:
            found.append(f"is called “{page.title()}”")
        found += [f"has the id {name} twice" for name in page.evaluate(_IDS_TWICE)]
        page.evaluate(_AXE)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"at {width} px: {one}" for one in (*self.visitor.sticking_out(), *page.evaluate(_RUN_AXE, TAGS))]
        return found + self.visitor.complaints


@pytest.fixture(autouse=True)
def _second_factor_required(settings: Any) -> None:
    settings.SIGN_IN = replace(settings.SIGN_IN, required_for=frozenset({Role.COORDINATOR}))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


class Unseen:
    """In the window's place on the second database: a page must answer there; how it looks does not hang on that."""

    def faults(self, client: Client, path: str) -> list[str]:
        status = client.get(path).status_code
        return [f"answers {status}"] if status >= 400 else []


@pytest.fixture(scope="module")
def window(request: pytest.FixtureRequest) -> Iterator[Window | Unseen]:
    if connection.vendor == "postgresql":
        yield Unseen()
        return
    found = Window(request.getfixturevalue("chromium"))
    yield found
    found.visitor.close()


@pytest.mark.parametrize("pattern", NAMED, ids=lambda pattern: str(pattern.name))
def test_a_page_is_whole_wide_and_narrow(pattern: URLPattern, window: Window | Unseen) -> None:
    name = str(pattern.name)
    if _takes_forms_only(pattern):
        assert name not in NO_PAGES, "it takes forms only and needs no entry"
        return
    client, path = _enter(pattern)
    answer = client.get(path)
    if answer.streaming:
        list(answer)  # a download is an open file until somebody has read it
    is_page = answer.status_code < 300 and answer.headers["Content-Type"].startswith("text/html")
    if name in NO_PAGES:
        assert not is_page, "it is a page: take it off the list of those that are none"
        return
    assert is_page, (
        f"{path} answers {answer.status_code} {answer.headers['Content-Type']}: an object, or an entry here?"
    )

    assert window.faults(client, path) == []


@pytest.mark.parametrize(("name", "listed"), LISTS.items(), ids=str)
def test_a_page_that_lists_is_whole_with_something_on_it(name: str, listed: str, window: Window | Unseen) -> None:
    SAMPLES[listed].make()
    pattern = next(one for one in NAMED if one.name == name)

    assert window.faults(_client(pattern, frozenset()), reverse(name)) == []


def test_what_is_listed_is_there() -> None:
    names = {pattern.name for pattern in NAMED}

    assert {*NO_PAGES, *LISTS, *LISTS.values(), *OTHERWISE} - names == set()
