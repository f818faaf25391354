"""Every route: no form without the site's own secret, strict headers on every answer, nothing inline in any page."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter

from rostrum.areas.people.rules import Role
from tests.people import a_person, sign_in_by_hand, signed_in
from tests.structure.samples import SAMPLES
from tests.structure.test_routes import NAMED

pytestmark = pytest.mark.django_db
_INLINE = re.compile(rb"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)[^>]*>|javascript:", re.I)
_IDS = [str(pattern.name) for pattern in NAMED]


def _somewhere(pattern: URLPattern) -> str:
    """An address of the route; what it names need not exist."""
    converters = pattern.pattern.converters
    return reverse(
        str(pattern.name),
        kwargs={name: 1 if isinstance(one, IntConverter) else "nothing" for name, one in converters.items()},
    )


# Posted by a directory, not by a page of ours: believed by what is signed in it, or by a ticket and our own cookie.
FROM_ELSEWHERE = {"directory-posted", "directory-signed-out"}


def test_no_other_route_is_spared_the_check_of_where_a_form_comes_from() -> None:
    spared = {str(pattern.name) for pattern in NAMED if getattr(pattern.callback, "csrf_exempt", False)}

    assert spared == FROM_ELSEWHERE


@pytest.mark.parametrize(
    "pattern", [pattern for pattern in NAMED if pattern.name not in FROM_ELSEWHERE], ids=lambda one: str(one.name)
)
def test_no_route_takes_a_form_that_this_site_did_not_give_out(pattern: URLPattern) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    sign_in_by_hand(client, a_person(Role.COORDINATOR))

    answer = client.post(_somewhere(pattern), {"any": "thing"}, headers={"Accept": "application/json"})

    error = answer.json()["error"]
    # The interface for programs says what is wrong in a form of its own.
    assert (answer.status_code, error["code"] if isinstance(error, dict) else error) == (403, "csrf")


def _assert_strict(answer: HttpResponse, address: str) -> None:
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip())
    assert policy["default-src"] == "'none'", address
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'"), address
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert "unsafe" not in answer["Content-Security-Policy"], address
    assert answer["X-Content-Type-Options"] == "nosniff", address
    assert answer["X-Frame-Options"] == "DENY", address
    assert answer["Referrer-Policy"] == "same-origin", address
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
    if answer["Content-Type"].startswith("text/html"):
        assert _INLINE.findall(answer.content) == [], address
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, the file is closed


@pytest.mark.parametrize("pattern", NAMED, ids=_IDS)
def test_every_answer_is_strict_and_no_page_has_anything_inline(pattern: URLPattern) -> None:
    sample = SAMPLES.get(str(pattern.name))
    address = reverse(str(pattern.name), kwargs=sample.make() if sample else {})
    for role in (Role.COORDINATOR, Role.RECORDS_CUSTODIAN):
        client = signed_in(a_person(role))
        _assert_strict(client.get(address), address)
        _assert_strict(client.get(_somewhere(pattern)), address)


def test_what_signed_in_people_see_is_stored_nowhere() -> None:
    for name in ("today", "people", "policy", "assurance", "archive", "me"):
        assert "no-store" in signed_in(a_person(Role.COORDINATOR)).get(reverse(name))["Cache-Control"]
