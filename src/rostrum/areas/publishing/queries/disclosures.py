"""Reads about disclosure authorizations: which there are, which a finding could rest on, what still holds."""

from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.areas.publishing import pack, rules
from rostrum.areas.publishing.models import Clearance, DisclosureAuthorization, Draft, DraftRevision
from rostrum.areas.publishing.rules import disclosures
from rostrum.areas.publishing.rules.disclosures import AuthorizationFacts, Cleared, ReliedOn
from rostrum.kernel.decisions import Decision, InvalidInput
from rostrum.kernel.findings import Finding, Strength


def visible_authorizations(person: User, *, now: datetime) -> QuerySet[DisclosureAuthorization]:
    """The authorizations this person may see: their own, those of departments they authorize or audit; newest first.

    Whoever clears findings sees all of them, because they apply them.
    """
    seen = _with_persons()
    if people.may(person, Permission.CLEAR_BLOCK, now=now).allowed:
        return seen
    scope = people.reach(person, Permission.AUTHORIZE_DISCLOSURE, reading=True, now=now)
    return seen if scope.everything else seen.filter(Q(person=person) | scope.where(unit="unit"))


def authorizing_units(person: User, *, now: datetime) -> list[Unit]:
    """The departments whose information this person may authorize others to disclose, by name."""
    scope = people.reach(person, Permission.AUTHORIZE_DISCLOSURE, now=now)
    units = Unit.objects.order_by("name")
    return list(units if scope.everything else units.filter(public_id__in=sorted(scope.units)))


def locked_authorization(public_id: str) -> DisclosureAuthorization:
    """The authorization, locked until the end of the transaction. Raises `InvalidInput`."""
    found = _with_persons().select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise InvalidInput("authorization", f"there is no authorization {public_id}")
    return found


def _with_persons() -> QuerySet[DisclosureAuthorization]:
    return DisclosureAuthorization.objects.select_related("person__unit", "unit", "authorized_by", "withdrawn_by")


def facts_of(found: DisclosureAuthorization) -> AuthorizationFacts:
    """What the rules need to know of one."""
    return AuthorizationFacts(
        id=found.public_id,
        holder=found.person.public_id,
        covers=frozenset(found.covers),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        authorized_by=found.authorized_by.public_id,
        withdrawn_at=found.withdrawn_at,
    )


def may_authorize(unit: Unit, *, actor: User, now: datetime) -> Decision:
    """Whether the person may let others disclose the department's protected information."""
    return people.may(actor, Permission.AUTHORIZE_DISCLOSURE, unit=unit, now=now)


def withdrawing_facts(
    found: DisclosureAuthorization, *, reason: str, actor: User, now: datetime
) -> disclosures.WithdrawingFacts:
    """The facts about withdrawing one."""
    is_over = found.withdrawn_at is not None or found.ends_at <= now
    return disclosures.WithdrawingFacts(may_authorize(found.unit, actor=actor, now=now), is_over, reason)


def applicable(draft: Draft, finding: Finding, *, now: datetime) -> list[DisclosureAuthorization]:
    """The author's authorizations in force that cover all that the finding says is protected."""
    cited = pack.ban().cited_by(finding)
    held = _with_persons().filter(person=draft.author)
    in_force = [(one, facts_of(one)) for one in held]
    return [one for one, facts in in_force if cited and facts.is_in_force(now) and cited <= facts.covers]


def reliance(
    draft: Draft,
    revision: DraftRevision,
    finding: Finding | None,
    authorization: DisclosureAuthorization | None,
    *,
    actor: User,
    now: datetime,
) -> Decision:
    """Whether a finding may be cleared on the ground given: an authorization, or (None) the actor's own word."""
    if finding is None:
        return Decision()
    ban = pack.ban()
    cited = ban.cited_by(finding)
    linked = _cleared(revision, rules.finding_key(finding)) if cited else ()
    facts = ReliedOn(
        clause=ban.clause,
        cited=cited,
        is_linked=any(one.authorization is not None and one.authorization.is_in_force(now) for one in linked),
        authorization=facts_of(authorization) if authorization else None,
    )
    return disclosures.decide_reliance(facts, actor=actor.public_id, author=draft.author.public_id, now=now)


def _cleared(revision: DraftRevision, key: str = "") -> tuple[Cleared, ...]:
    rows = Clearance.objects.filter(revision=revision).select_related(
        "authorization__person", "authorization__authorized_by"
    )
    if key:
        rows = rows.filter(finding=key)
    return tuple(Cleared(one.finding, facts_of(one.authorization) if one.authorization else None) for one in rows)


def persons_counted(revision: DraftRevision, findings: tuple[Finding, ...], *, at: datetime) -> dict[str, int]:
    """How many persons count as having cleared each of these findings at this instant, by its key."""
    clearances = _cleared(revision)
    if not clearances:
        return {}
    ban = pack.ban()
    return {
        key: disclosures.persons_counted(
            finding,
            key,
            clearances,
            ban=ban,
            enough=rules.PERSONS_TO_CLEAR.get(finding.strength, rules.PERSONS_TO_CLEAR[Strength.BLOCK]),
            at=at,
        )
        for finding in findings
        for key in (rules.finding_key(finding),)
    }


def still_authorized(revision: DraftRevision, *, at: datetime) -> Decision:
    """Whether every authorization that cleared a finding of this revision is in force when it is published."""
    linked = Clearance.objects.filter(revision=revision, authorization__isnull=False).select_related(
        "authorization__person", "authorization__authorized_by"
    )
    relied_on = {
        one.authorization.public_id: (one.authorization.what[:120], facts_of(one.authorization))
        for one in linked
        if one.authorization
    }
    if not relied_on:
        return Decision()
    return disclosures.decide_still_authorized(relied_on.values(), at=at, clause=pack.ban().clause)
