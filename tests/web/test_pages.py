"""Error pages, Today, People: what is on the page, for whom."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.db import DataError
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import escape

from rostrum.areas.duties import operations as duties
from rostrum.areas.jobs.models import Job
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.findings import Finding, Strength
from rostrum.policy.compose import compose_shipped
from rostrum.web import today as today_page
from rostrum.web.errors import RefusalMiddleware
from tests.channels import a_body
from tests.people import a_person, a_unit, anonymous, signed_in

LONG_AGO = datetime(2025, 1, 2, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template("{% load rostrum %}" + source).render(Context(context))


@pytest.mark.django_db
def test_an_unknown_address_says_what_to_do_next() -> None:
    answer = anonymous().get("/no/such/page")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "What you can do" in answer.text


@pytest.mark.django_db
def test_a_page_not_open_to_me_names_who_has_it() -> None:
    answer = signed_in(a_person(Role.MODERATOR)).get(reverse("people"))

    assert answer.status_code == 403
    assert "human resources" in answer.text
    assert "See your roles" in answer.text


@pytest.mark.django_db
def test_a_refusal_is_a_page_with_every_reason_or_json() -> None:
    coordinator = a_person(Role.COORDINATOR)
    address = reverse("give-role", args=[coordinator.public_id])
    fields = {"role": "auditor"}

    page = signed_in(coordinator).post(address, fields)

    assert page.status_code == 409
    assert "Nobody gives a role or a right to themselves" in page.text

    middleware = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    request = RequestFactory().post("/desk/x/", HTTP_ACCEPT="application/json")
    data = middleware.process_exception(request, Refused((Reason("own-grant", "Another person must.", "WAU-use-03a"),)))
    assert data is not None
    assert data.status_code == 409
    assert json.loads(data.content)["reasons"] == [
        {"code": "own-grant", "message": "Another person must.", "clause": "WAU-use-03a"}
    ]


@pytest.mark.django_db
def test_refused_and_unusable_input_become_pages_and_faults_do_not() -> None:
    middleware = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    request = RequestFactory().post("/desk/x/", HTTP_REFERER="http://testserver/desk/people/")
    request.user = None  # type: ignore[assignment]

    refused = middleware.process_exception(
        request, Refused((Reason("a", "First.", "WAU-use-03a"), Reason("b", "Second.")))
    )
    invalid = middleware.process_exception(request, InvalidInput("row 3", "The date is missing."))

    assert refused is not None
    assert (refused.status_code, [word in refused.text for word in ("First.", "WAU-use-03a", "Second.")]) == (
        409,
        [True] * 3,
    )
    assert invalid is not None
    assert (invalid.status_code, "row 3" in invalid.text, "/desk/people/" in invalid.text) == (422, True, True)
    assert middleware.process_exception(request, ValueError("fault")) is None
    kept_out = middleware.process_exception(request, DataError("value too long for type character varying(200)"))
    assert kept_out is not None
    assert (kept_out.status_code, "varying" in kept_out.text, "longer than can be kept" in kept_out.text) == (
        422,
        False,
        True,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/desk/people/?q=%00", "/desk/people/%00/", "/desk/duties/%00/"])
def test_a_character_that_no_text_has_is_no_fault_of_ours(path: str) -> None:
    assert signed_in(a_person(Role.COORDINATOR)).get(path).status_code in (200, 404, 422)


def test_a_fault_page_needs_no_database(client: Client) -> None:
    from rostrum.web.errors import server_error

    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/api/v1/nothing", 404), ("put", "/api/v1/channels", 405)]
)
def test_programs_are_told_of_errors_in_the_interfaces_own_form(
    method: str, path: str, status: int, client: Client
) -> None:
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
    assert set(answer.json()["error"]) == {"code", "message"}


def test_health_answers_without_a_database(client: Client) -> None:
    assert client.get("/health").json() == {"status": "up"}


@pytest.mark.django_db
def test_every_page_carries_the_strict_policy_and_no_inline_code() -> None:
    answer = signed_in(a_person(Role.COORDINATOR)).get(reverse("people"))

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_today_shows_my_duties_and_those_of_my_roles_the_overdue_first() -> None:
    person = a_person(Role.RECORDS_CUSTODIAN)
    for title, owner in [("Answer request 1", person), ("Review the holds", None)]:
        duties.open_duty(
            kind=title.lower().replace(" ", "-"),
            title=title,
            owner_role=Role.RECORDS_CUSTODIAN.value,
            owner=owner,
            due_at=LONG_AGO,
            subject="req-1",
            actor="system",
            now=LONG_AGO,
        )

    mine = signed_in(person).get(reverse("today")).text
    other = signed_in(a_person(Role.MODERATOR)).get(reverse("today")).text

    assert mine.count("Overdue") == 2
    assert "Answer request 1" in mine
    assert "Review the holds" in mine
    assert "Review the holds" not in other


@pytest.mark.django_db
def test_failing_jobs_are_shown_to_it_and_to_nobody_else() -> None:
    Job.objects.create(
        kind="archive.capture",
        state="dead",
        enqueued_at=LONG_AGO,
        run_after=LONG_AGO,
        error="LostToken",
        finished_at=LONG_AGO,
    )

    assert "Job archive.capture gave up" in signed_in(a_person(Role.IT_DIRECTOR)).get(reverse("today")).text
    assert "archive.capture" not in signed_in(a_person(Role.COORDINATOR)).get(reverse("today")).text


def test_every_contributor_of_today_can_be_found() -> None:
    from importlib import import_module

    for dotted in today_page.CONTRIBUTORS:
        module, _, name = dotted.rpartition(".")
        assert callable(getattr(import_module(module), name))


@pytest.mark.django_db
def test_the_navigation_shows_what_is_open_to_me() -> None:
    employee = signed_in(a_person()).get(reverse("today")).text
    coordinator = signed_in(a_person(Role.COORDINATOR)).get(reverse("today")).text

    assert reverse("people") not in employee
    assert reverse("people") in coordinator


@pytest.mark.django_db
def test_people_are_listed_found_and_counted() -> None:
    parks = a_unit()
    a_person(Role.POSTER, name="Paula Xiong", unit=parks)
    coordinator = a_person(Role.COORDINATOR, name="Ada Lindqvist")

    everybody = signed_in(coordinator).get(reverse("people")).text
    found = signed_in(coordinator).get(reverse("people"), {"q": "parks"}).text
    none = signed_in(coordinator).get(reverse("people"), {"q": "zebra"}).text

    assert "2 people" in everybody
    assert "Authorized poster" in everybody
    assert "1 person" in found
    assert "Ada Lindqvist</a></th>" not in found
    assert "Nobody found" in none


@pytest.mark.django_db
def test_a_coordinator_adds_a_person_and_gives_a_role() -> None:
    client = signed_in(a_person(Role.COORDINATOR))
    parks = a_unit()

    added = client.post(
        reverse("add-person"),
        {"name": "New Person", "email": "new@example.gov", "unit": parks.slug, "employment_class": "permanent"},
    )
    person = User.objects.get(email="new@example.gov")
    assert added["Location"] == reverse("person", args=[person.public_id])
    given = client.post(
        reverse("give-role", args=[person.public_id]),
        {"role": Role.POSTER.value, "unit": parks.slug, "last_day": "2099-12-31"},
    )

    page = client.get(given["Location"]).text
    assert "Authorized poster" in page
    # The role ends when the last day ends in the legal time zone, whatever UTC says.
    assert "Dec 31, 2099" in page
    assert "Jan 1, 2100" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "where"),
    [({"last_day": "2001-01-01"}, "ends before it begins"), ({"role": "king"}, "Select a valid choice")],
)
def test_a_role_that_cannot_be_given_is_explained_beside_its_field(fields: dict[str, str], where: str) -> None:
    client, person = signed_in(a_person(Role.HR)), a_person()

    answer = client.post(
        reverse("give-role", args=[person.public_id]),
        {"role": Role.POSTER.value, "unit": "", "last_day": ""} | fields,
    )

    assert answer.status_code == 422
    assert where in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.django_db
def test_who_may_look_but_not_manage_sees_no_forms() -> None:
    page = signed_in(a_person(Role.AUDITOR)).get(reverse("person", args=[a_person(Role.POSTER).public_id])).text

    assert "Authorized poster" in page
    assert "Give a role" not in page
    assert "End sign-in now" not in page


@pytest.mark.django_db
def test_ones_own_page_says_why_one_cannot_give_oneself_a_role() -> None:
    person = a_person(Role.COORDINATOR)

    page = signed_in(person).get(reverse("person", args=[person.public_id])).text

    assert "Nobody gives a role or a right to themselves" in page
    assert page.count("disabled aria-describedby") == 1


def test_findings_stand_beside_their_clause_with_the_strongest_first() -> None:
    found = [
        Finding("B", "c2", Strength.WARN, "Consent is missing."),
        Finding(
            "A", "c1", Strength.BLOCK, "A <b>phone</b> number.", "Leave it out.", 3, 9, "Section 4.2", "No phones."
        ),
    ]

    html = render("{% findings found %}", found=found)

    assert html.index("Stops publishing") < html.index("Needs clearing")
    assert [word in html for word in ("Section 4.2", "No phones.", "Leave it out.")] == [True] * 3
    assert "<b>" not in html
    assert "Nothing found." in render('{% findings found "Nothing found." %}', found=[])


@pytest.mark.django_db
def test_a_button_is_disabled_exactly_when_something_stands_against_it() -> None:
    against = Decision((Reason("own-draft", "Authors cannot approve their own drafts.", "DMA-1"),))

    assert "disabled" in render('{% act_button "Approve" decision %}', decision=against)
    assert "cannot approve their own" in render('{% act_button "Approve" decision %}', decision=against)
    assert "disabled" not in render('{% act_button "Approve" decision %}', decision=Decision())


@pytest.mark.django_db
def test_a_reason_cites_its_clause_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = compose_shipped("wausau-city")
    clause = next(policy.clauses())
    monkeypatch.setattr("rostrum.web.clauses.governance.policy", lambda: policy)

    html = render(
        "{% reasons against %}", against=(Reason("a", "Not now.", clause.id), Reason("b", "Nor so.", "no-such"))
    )

    assert clause.section in html
    assert escape(clause.paraphrase) in html
    assert "no-such" in html


@pytest.mark.django_db
def test_the_navigation_marks_where_one_is() -> None:
    a_body()
    client = signed_in(a_person(Role.COORDINATOR))

    def marked(address: str) -> list[str]:
        return re.findall(r'<a href="([^"]+)" aria-current="page">', client.get(address).text)[:1]

    assert marked(reverse("today")) == [reverse("today")]
    assert marked(reverse("add-person")) == [reverse("people")]
    assert marked(reverse("custody")) == marked(reverse("rights")) == [reverse("channels")]
    assert marked(reverse("separations")) == [reverse("people")]
    assert marked(reverse("me")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/desk/", "/nothing"])
def test_a_method_that_no_page_takes_is_answered_with_what_is_allowed(method: str, path: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


@pytest.mark.django_db
def test_the_address_of_a_form_that_is_opened_says_what_to_do() -> None:
    person = a_person(Role.COORDINATOR)
    answer = signed_in(person).get(reverse("give-role", args=[person.public_id]))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Only a form leads here" in answer.text
    assert reverse("today") in answer.text
    assert anonymous().get(reverse("sign-out"), headers={"accept": "application/json"}).json() == {
        "error": "not-allowed"
    }


def test_times_are_shown_in_the_legal_zone_with_the_exact_one_beside() -> None:
    at = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)

    assert render("{% moment at %}", at=at) == (
        '<time datetime="2026-06-30T22:30:00-05:00" title="2026-06-30T22:30:00-05:00">'
        "Jun 30, 2026, 10:30 p.m. CDT</time>"
    )
    assert render("{% moment at %}", at=None) == "not yet"
