"""The controls that act on rights on channels, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from rostrum.areas.channels import granting
from rostrum.areas.channels.models import Acceptance, ReviewDecision, RightRequest, RightsReview, StopRequest
from rostrum.areas.channels.queries.grants import title_of
from rostrum.areas.governance import queries as governance
from rostrum.areas.governance.models import PackActivation
from rostrum.areas.people.models import ChannelGrant, Denial
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_rights.py::"
_REVIEW_TESTS = "tests/areas/test_rights_reviews.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("rights"))


def _since(rows: QuerySet[Any], field: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(field))["first"]
    return first


def _issued() -> QuerySet[RightRequest]:
    return RightRequest.objects.filter(issued_at__isnull=False)


def _route() -> Evidence:
    activated = PackActivation.objects.all()
    if governance.activation() is None:
        return _answer("No policy is in force yet.", 0, None)
    route = granting.route()
    asked = RightRequest.objects.count()
    return _answer(
        f"{asked} requests for a right took the route: {title_of(route.reviewers)}, then {title_of(route.approvers)}.",
        asked,
        _since(activated, "activated_at"),
    )


def _issuer() -> Evidence:
    issued = _issued()
    by = ", ".join(sorted(set(issued.values_list("issued_as", flat=True)))) or "nobody yet"
    own = issued.filter(Q(issued_by=F("person")) | Q(issued_by=F("designated_by"))).count()
    return _answer(
        f"{issued.count()} rights were issued, by: {by}; {own} by the holder or by who designated.",
        issued.count(),
        _since(issued, "issued_at"),
    )


def _management() -> Evidence:
    issued = _issued()
    without = issued.filter(Q(designated_by=None) | Q(designated_at__gt=F("issued_at"))).count()
    return _answer(
        f"{issued.count()} rights were issued, {without} of them without an earlier agreement of management.",
        issued.count(),
        _since(issued, "designated_at"),
    )


def _cap() -> Evidence:
    over = RightRequest.objects.exclude(cap_reason="")
    designated = RightRequest.objects.filter(designated_at__isnull=False)
    return _answer(
        f"{designated.count()} designations were made; {over.count()} went over the cap, each with a reason.",
        over.count(),
        _since(designated, "designated_at"),
    )


def _agents() -> Evidence:
    agents = _issued().filter(person__employment_class__in=granting.AGENT_CLASSES)
    whole = agents.filter(sponsor__isnull=False, ends_at__isnull=False).exclude(contract_reference="").count()
    return _answer(
        f"{whole} of {agents.count()} contractors' rights name sponsor, contract and last day.",
        agents.count(),
        _since(agents, "issued_at"),
    )


def _job_reason() -> Evidence:
    issued = _issued()
    whole = issued.exclude(job_classification="").exclude(job_duty="").count()
    return _answer(
        f"{whole} of {issued.count()} rights name a listed job classification and a duty of the job.",
        whole,
        _since(issued, "issued_at"),
    )


def _necessity() -> Evidence:
    issued = _issued()
    whole = issued.exclude(need="").count()
    unused = ChannelGrant.objects.filter(ends_at=None, last_used_at=None).exclude(basis="").count()
    return _answer(
        f"{whole} of {issued.count()} rights have a need on record; {unused} rights were not used so far.",
        whole,
        _since(issued, "issued_at"),
    )


def _position_description() -> Evidence:
    issued = _issued()
    without = issued.filter(position_description="").count()
    return _answer(
        f"{issued.count() - without} rights refer to a position description; reviews list the {without} that do not.",
        issued.count(),
        _since(issued, "issued_at"),
    )


def _denied() -> Evidence:
    denials = Denial.objects.all()
    standing = denials.filter(lifted_at=None).count()
    return _answer(
        f"{denials.count()} persons were put on the denied list, {standing} stand on it now.",
        denials.count(),
        _since(denials, "denied_at"),
    )


def _stops() -> Evidence:
    stops = StopRequest.objects.all()
    confirmed = stops.filter(confirmed_at__isnull=False).count()
    return _answer(
        f"{stops.count()} persons were asked to stop and lost every right then; {confirmed} confirmed it.",
        stops.count(),
        _since(stops, "asked_at"),
    )


def _elected() -> Evidence:
    wide = RightRequest.objects.exclude(subject_scope_clause="")
    return _answer(
        f"{wide.count()} rights of elected officials and their representatives reach across departments, by clause.",
        wide.count(),
        _since(wide, "asked_at"),
    )


def _acceptance() -> Evidence:
    signed = Acceptance.objects.all()
    without = _issued().filter(acceptances=None).count() if _asks_acceptance() else 0
    return _answer(
        f"{signed.count()} statements were signed with the versions of the rules; {without} rights were issued "
        "without.",
        signed.count(),
        _since(signed, "accepted_at"),
    )


def _reviews() -> Evidence:
    reviews = RightsReview.objects.all()
    closed = reviews.filter(closed_at__isnull=False).count()
    lapsed = reviews.filter(lapsed_at__isnull=False).count()
    suspended = reviews.filter(suspended_at__isnull=False).count()
    return _answer(
        f"{reviews.count()} reviews were begun, {closed} finished; {lapsed} lapsed and were escalated, in {suspended} "
        "of them unconfirmed rights were suspended.",
        reviews.count(),
        _since(reviews, "opened_at"),
    )


def _review_reasons() -> Evidence:
    decided = ReviewDecision.objects.all()
    kept = decided.filter(keeps=True)
    whole = kept.exclude(need="").exclude(job_duty="").count()
    return _answer(
        f"{decided.count()} rights were decided, {whole} of {kept.count()} kept ones with need and job duty.",
        decided.count(),
        _since(decided, "decided_at"),
    )


def _asks_acceptance() -> bool:
    return governance.activation() is not None and bool(granting.statements())


def _control(id: str, evidence: Callable[[], Evidence], *tests: str) -> LiveControl:
    return LiveControl(id, tuple(test if "::" in test else _TESTS + test for test in tests), evidence)


_ROUTE_TEST = "test_a_right_goes_from_the_department_over_the_holder_to_the_coordinator"
_DMA_TEST = "test_under_dma_management_agrees_and_public_affairs_or_the_agency_head_issues"

CONTROLS: tuple[LiveControl, ...] = (
    _control("grant.request-route", _route, "test_a_policy_that_names_nobody_for_requests_is_not_put_in_force"),
    _control(
        "grant.issuer",
        _issuer,
        "test_nobody_but_the_office_that_the_pack_names_issues",
        _ROUTE_TEST,
        _DMA_TEST,
    ),
    _control("grant.management-approval", _management, _DMA_TEST),
    _control("grant.poster-cap", _cap, "test_over_its_cap_the_department_gives_a_reason"),
    _control(
        "grant.agent-sponsor",
        _agents,
        "test_a_contractor_needs_a_sponsor_of_the_department_a_contract_and_a_last_day",
    ),
    _control("grant.job-reason", _job_reason, "test_under_milwaukee_the_job_classification_is_one_the_body_lists"),
    _control(
        "grant.necessity",
        _necessity,
        "test_a_right_without_a_need_is_not_asked_for",
        "test_the_last_use_of_each_right_is_noted",
        _REVIEW_TESTS + "test_rights_that_were_not_used_since_the_last_review_are_marked",
    ),
    _control(
        "grant.review-duty",
        _reviews,
        _REVIEW_TESTS + "test_a_review_is_begun_in_time_and_owed_by_the_departments_head",
        _REVIEW_TESTS + "test_a_lapsed_review_escalates_and_suspends_only_after_the_announced_time",
    ),
    _control(
        "grant.review-reasons",
        _review_reasons,
        _REVIEW_TESTS + "test_a_right_is_kept_for_a_need_and_a_job_duty_or_ended",
    ),
    _control("grant.position-description", _position_description, _DMA_TEST),
    _control(
        "grant.denied-list",
        _denied,
        "test_who_stands_on_the_denied_list_gets_no_right_and_has_none_until_it_is_lifted",
    ),
    _control(
        "grant.stop-on-request",
        _stops,
        "test_asked_to_stop_a_person_loses_everything_at_once_and_confirms",
    ),
    _control(
        "grant.elected-scope",
        _elected,
        "test_an_elected_officials_right_is_kept_with_its_wide_scope_and_the_clause",
    ),
    _control(
        "grant.acceptance",
        _acceptance,
        "test_the_holder_signs_the_rules_by_their_version_before_the_right_is_issued",
    ),
)
