"""The controls of certifications, and what shows that they act."""

from datetime import datetime

from django.db.models import F, Min, QuerySet
from django.urls import reverse

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance.letters import day_of
from rostrum.areas.governance.models import OPEN_STATES, Certification
from rostrum.areas.governance.operations.acknowledgements import DUTY
from rostrum.areas.governance.queries import acknowledgements
from rostrum.areas.governance.queries.packs import activations
from rostrum.areas.governance.rules.acknowledgements import CertificationState, Returned
from rostrum.areas.people.models import ChannelGrant
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_acknowledgements.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("certifications"))


def _signed() -> QuerySet[Certification]:
    return Certification.objects.filter(state=CertificationState.CERTIFIED)


def _since(rows: QuerySet[Certification], field: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(field))["first"]
    return first


def _receipt() -> Evidence:
    everything = Certification.objects.all()
    return _answer(
        f"{everything.count()} deliveries, each of one version to one person; {_signed().count()} are certified.",
        everything.count(),
        _since(everything, "delivered_at"),
    )


def _read_first() -> Evidence:
    here = _signed().filter(returned=Returned.HERE)
    unread = here.filter(read_at__isnull=True).count() + here.filter(read_at__gt=F("certified_at")).count()
    return _answer(
        f"{here.count()} certifications were signed here, {unread} of them without reading the text to its end first.",
        here.count(),
        _since(here, "read_at"),
    )


def _statement() -> Evidence:
    signed = _signed()
    stored = sum(len(statements) for statements in signed.values_list("statements", flat=True))
    return _answer(
        f"{stored} statements were certified, each stored with its wording.", stored, _since(signed, "certified_at")
    )


def _signature() -> Evidence:
    signed = _signed()
    lacking = signed.filter(signed_name="").count() + signed.filter(signed_on__isnull=True).count()
    return _answer(
        f"{signed.count()} certifications bear signature, date and name; {lacking} lack one of them.",
        signed.count(),
        _since(signed, "certified_at"),
    )


def _return() -> Evidence:
    signed = _signed()
    paper = signed.filter(returned=Returned.PAPER).count()
    named = sorted({form.returned_to[0] for form in acknowledgements.forms() if form.returned_to})
    to = f" The form names: {', '.join(named)}." if named else ""
    return _answer(
        f"{signed.count()} certifications came back, {paper} of them on paper with a picture of it.{to}",
        signed.count(),
        _since(signed, "certified_at"),
    )


def _deadline() -> Evidence:
    duties = Duty.objects.filter(kind=DUTY)
    still_open = Certification.objects.filter(state__in=OPEN_STATES)
    soonest: datetime | None = still_open.aggregate(first=Min("due_at"))["first"]
    late = _signed().filter(certified_at__gt=F("due_at")).count()
    first: datetime | None = duties.aggregate(first=Min("opened_at"))["first"]
    until = f", the soonest due by {day_of(soonest)}" if soonest else ""
    return _answer(
        f"{duties.count()} certifications were owed from delivery; {still_open.count()} are open{until}; "
        f"{late} came back late.",
        duties.count(),
        first,
    )


def _before_grant() -> Evidence:
    signed = _signed()
    asked = [form for form in acknowledgements.forms() if form.before_grant]
    current = activations().order_by("activated_at").first()
    given = ChannelGrant.objects.filter(starts_at__gte=current.activated_at) if current and asked else None
    without = 0
    first: dict[tuple[int, str], datetime | None] = {
        (person, form): at
        for person, form, at in signed.order_by("-certified_at").values_list("person", "form", "certified_at")
    }
    for grant in given.select_related("person__unit") if given is not None else ():
        certified = [
            first.get((grant.person_id, form.id)) for form in asked if acknowledgements.covers(form, grant.person)
        ]
        without += any(at is None or at > grant.starts_at for at in certified)
    count = given.count() if given is not None else 0
    return _answer(
        f"{count} rights on channels were given while a certification had to come first, {without} of them without it.",
        count,
        _since(signed, "certified_at"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        "acknowledgement.receipt",
        (f"{_TESTS}test_a_receipt_holds_person_version_delivery_and_certification",),
        _receipt,
    ),
    LiveControl(
        "acknowledgement.read-first",
        (f"{_TESTS}test_nothing_is_certified_before_the_whole_text_was_read",),
        _read_first,
    ),
    LiveControl(
        "acknowledgement.statement",
        (f"{_TESTS}test_each_statement_is_certified_apart_and_stored_with_its_wording",),
        _statement,
    ),
    LiveControl(
        "acknowledgement.signature",
        (f"{_TESTS}test_a_certification_without_signature_date_or_own_name_is_refused",),
        _signature,
    ),
    LiveControl(
        "acknowledgement.return",
        (
            f"{_TESTS}test_a_certification_returns_to_the_recipient_that_the_form_names",
            f"{_TESTS}test_a_paper_return_is_recorded_by_human_resources_with_its_picture",
        ),
        _return,
    ),
    LiveControl(
        "acknowledgement.deadline",
        (
            f"{_TESTS}test_a_certification_is_due_two_weeks_after_delivery",
            f"{_TESTS}test_a_return_closes_the_duty_and_a_late_one_is_marked_late",
        ),
        _deadline,
    ),
    LiveControl(
        "acknowledgement.before-grant",
        (
            f"{_TESTS}test_no_right_is_given_before_the_version_in_force_is_certified",
            f"{_TESTS}test_a_right_is_not_issued_to_who_has_not_certified",
        ),
        _before_grant,
    ),
)
