"""Directives are issued, reach departments, and restart the year. One act, one transaction, one entry each."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import events
from rostrum.areas.governance.models import Directive, DirectiveDelivery, DirectiveSuggestion
from rostrum.areas.governance.queries import directives as found_in
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.rules.directives import CONTENT_KINDS, IssueFacts, decide_issue
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission, Role
from rostrum.connectors import registry
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

DUTY = "governance.issue-directive"
_SUBJECT = "directives"
NEW_PLATFORM, FAILED = "new-platform", "failed"


def issue_facts(
    *,
    platform: str = "",
    content_kinds: Sequence[str] = (),
    method: str = "",
    address: str = "",
    option: str = "",
    cost_reason: str = "",
    is_interim: bool = False,
    why_interim: str = "",
    actor: User,
    now: datetime,
) -> IssueFacts:
    """What issuing this directive depends on: the page asks before, the operation when it acts."""
    methods = _methods(platform)
    clauses = {
        control: next((bound.clause.id for bound in packs.policy().bound_to(control)), "")
        for control in (found_in.ISSUED, found_in.INTERIM)
    }
    return IssueFacts(
        may_issue=may(actor, Permission.ISSUE_DIRECTIVE, now),
        content_kinds=tuple(content_kinds),
        method=method,
        methods=tuple(methods),
        needs_address=method in methods and methods[method].needs_address,
        address=address,
        option=option,
        cost_reason=cost_reason,
        is_interim=is_interim,
        why_interim=why_interim,
        units=Unit.objects.count(),
        clause=clauses[found_in.ISSUED],
        interim_clause=clauses[found_in.INTERIM],
    )


def _methods(platform: str) -> dict[str, registry.CaptureMethod]:
    """The methods a directive for the platform may select; for every platform, those that each of them has."""
    if platform:
        return {one.code: one for one in found_in.capture_methods(platform)}
    everywhere = {one.code: one for one in found_in.capture_methods("")}
    first = {"connector": registry.CaptureMethod("connector", "Each platform's own connector, where there is one")}
    return first | everywhere


@transaction.atomic
def issue_directive(
    *,
    platform: str = "",
    content_kinds: Sequence[str] = CONTENT_KINDS,
    method: str,
    address: str = "",
    option: str,
    cost_reason: str,
    is_interim: bool = False,
    why_interim: str = "",
    actor: User,
    now: datetime,
) -> Directive:
    """Issue a directive to every department; its heads are told by mail.

    It counts at once: capture follows the method it selects. Raises `Refused` with every reason against it.
    """
    facts = issue_facts(
        platform=platform,
        content_kinds=content_kinds,
        method=method,
        address=address,
        option=option,
        cost_reason=cost_reason,
        is_interim=is_interim,
        why_interim=why_interim,
        actor=actor,
        now=now,
    )
    decide_issue(facts).or_refuse()
    kinds = [kind for kind in CONTENT_KINDS if kind in content_kinds]
    earlier = [one for one in Directive.objects.filter(platform=platform) if set(one.content_kinds) & set(kinds)]
    made = Directive.objects.create(
        number=(Directive.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        version=len(earlier) + 1,
        platform=platform,
        content_kinds=kinds,
        method=method,
        address=address.strip(),
        option=option.strip(),
        cost_reason=cost_reason.strip(),
        is_interim=is_interim,
        why_interim=why_interim.strip(),
        issued_by=actor,
        issued_at=now,
    )
    units = list(Unit.objects.all())
    for unit in units:
        heads = found_in.heads_of(unit, now=now)
        delivery = DirectiveDelivery.objects.create(
            directive=made, unit=unit, persons=[head.public_id for head in heads]
        )
        for head in heads:
            jobs.enqueue(
                "governance.send-letter",
                {"letter": "directive", "delivery": delivery.public_id, "person": head.public_id},
                now=now,
            )
    event = events.DirectiveIssued(
        directive=made.public_id,
        number=made.number,
        version=made.version,
        platform=platform,
        content_kinds=kinds,
        method=method,
        is_interim=is_interim,
        digest=hashlib.sha256(canonical_json([made.option, made.cost_reason, made.why_interim])).hexdigest(),
        units=[unit.public_id for unit in units],
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return made


@transaction.atomic
def record_directive_delivery(*, delivery_id: str, how: str, actor: Actor, now: datetime) -> DirectiveDelivery:
    """Record that a directive reached a department: by mail, or handed over as `how` says.

    When it was the last department, the year counts anew from this instant. Raises `Refused`, `InvalidInput`.
    """
    delivery = (
        DirectiveDelivery.objects.select_for_update().select_related("directive", "unit").get(public_id=delivery_id)
    )
    if isinstance(actor, User):
        may(actor, Permission.ISSUE_DIRECTIVE, now).or_refuse()
    if not how.strip():
        raise InvalidInput("how", "say how it reached the department")
    if delivery.reached_at is not None:
        Decision((Reason("reached", "This directive has reached this department already."),)).or_refuse()
    delivery.reached_at = now
    delivery.how = how.strip()[:200]
    delivery.recorded_by = name_of(actor)
    delivery.save(update_fields=["reached_at", "how", "recorded_by"])
    reached_all = not delivery.directive.deliveries.filter(reached_at=None).exists()
    event = events.DirectiveReached(
        directive=delivery.directive.public_id,
        unit=delivery.unit.public_id,
        how=delivery.how,
        reached_all=reached_all,
    )
    ledger.record(event, actor=name_of(actor), now=now)
    if reached_all:
        _restart_year(delivery.directive, actor, now)
    return delivery


def _restart_year(directive: Directive, actor: Actor, now: datetime) -> None:
    """Close the director's open duty, if this directive is what the year counts from now."""
    due = found_in.next_due()
    is_open = duty_queries.open_duties(kind=DUTY, subject=_SUBJECT).exists()
    if due is not None and due.after == directive.public_id and is_open:
        duties.close_duty(kind=DUTY, subject=_SUBJECT, evidence=directive.public_id, actor=name_of(actor), now=now)


@transaction.atomic
def look_at_directives(*, actor: Actor, now: datetime) -> bool:
    """Open the director's duty in time before a year has passed since the last directive reached every department.

    Returns whether it is open. Nothing is recorded while nothing changes.
    """
    due = found_in.next_due()
    if due is None or now < due.open_from:
        return False
    duties.open_duty(
        kind=DUTY,
        title="Tell every department how content is retained and stored, for another year",
        owner_role=Role.IT_DIRECTOR,
        due_at=due.due_at,
        subject=_SUBJECT,
        clause=due.clause,
        clock=due.clock,
        actor=name_of(actor),
        now=now,
    )
    return True


@transaction.atomic
def suggest_directive(*, why: str, subject: str, entry: str, actor: Actor, now: datetime) -> DirectiveSuggestion:
    """Note that something happened that may want an interim directive; an open note of it is returned."""
    found, is_new = DirectiveSuggestion.objects.get_or_create(
        why=why, subject=subject, answered_at=None, defaults={"entry": entry, "noted_at": now}
    )
    if is_new:
        ledger.record(events.DirectiveSuggested(why=why, subject=subject), actor=name_of(actor), now=now)
    return found


@transaction.atomic
def answer_suggestion(*, suggestion_id: int, answer: str, actor: User, now: datetime) -> DirectiveSuggestion:
    """Answer a suggestion: with the directive that was issued, or why none is needed. Raises `Refused`."""
    may(actor, Permission.ISSUE_DIRECTIVE, now).or_refuse()
    if not answer.strip():
        raise InvalidInput("answer", "say what was done, or why nothing is needed")
    found = DirectiveSuggestion.objects.select_for_update().get(pk=suggestion_id)
    if found.answered_at is not None:
        Decision((Reason("answered", "This was answered already."),)).or_refuse()
    found.answered_at = now
    found.answer = answer.strip()[:300]
    found.save(update_fields=["answered_at", "answer"])
    event = events.SuggestionAnswered(why=found.why, subject=found.subject, answer=found.answer)
    ledger.record(event, actor=actor.public_id, now=now)
    return found
