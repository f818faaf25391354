"""Setting the body up, putting packs into force, deciding what they leave open."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from rostrum.areas.governance import events, queries, rules
from rostrum.areas.governance.models import Body, LocalChoice, PackActivation
from rostrum.areas.governance.rules.route import decide_route
from rostrum.areas.ledger import operations as ledger
from rostrum.evidence.canonical import NotCanonical, canonical_json
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.policy.compose import compose_shipped

EFFECTIVE_DATE_CONTROL = "governance.effective-date"


@transaction.atomic
def establish_body(*, name: str, kind: str, website: str = "", actor: str, now: datetime) -> Body:
    """Set the installation up for one public body. Raises `Refused` when there is one already, `InvalidInput`."""
    if not name.strip():
        raise InvalidInput("name", "give the public body's name")
    if kind not in Body.Kind.values:
        raise InvalidInput("kind", f"one of {', '.join(Body.Kind.values)}")
    if queries.body() is not None:
        raise Refused.because("body-there", "This installation belongs to a body already; another body needs its own.")
    made = Body.objects.create(pk=1, name=name.strip(), kind=kind, website=website, established_at=now)
    ledger.record(events.BodyEstablished(name=made.name, body_kind=kind), actor=actor, now=now)
    return made


@transaction.atomic
def activate_packs(
    *,
    packs: Sequence[str],
    effective_on: Mapping[str, date] | None = None,
    reference: str = "",
    actor: str,
    now: datetime,
) -> PackActivation:
    """Put shipped packs into force, with their companions. Raises `Refused`, or `InvalidInput` for an unknown id.

    `effective_on` and `reference` are the body's own adoption, where a document leaves its date blank (WAU-0-01).
    """
    body = queries.body()
    if body is None:
        raise Refused.because("no-body", "Set the body up first.")
    composed = compose_shipped(*packs, choices=queries.choices())
    entered = dict(effective_on or {})
    for pack_id in entered.keys() - {pack.id for pack in composed.packs}:
        raise InvalidInput(f"effective_on[{pack_id}]", "is not among the packs that are to be activated")
    clauses = {bound.clause.pack: bound.clause.id for bound in composed.bound_to(EFFECTIVE_DATE_CONTROL)}
    rules.decide_activation(
        rules.ActivationFacts(
            body_kind=body.kind,
            packs=tuple(
                rules.PackFacts(
                    id=pack.id,
                    parents=pack.parents,
                    effective_on=entered.get(pack.id, pack.effective_on),
                    needs_adoption=pack.needs_effective_date and pack.effective_on is None,
                    clause=clauses.get(pack.id),
                )
                for pack in composed.packs
            ),
            reference=reference,
            today=now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date(),
        )
    ).also(decide_route(composed)).or_refuse()
    entered_days = {pack_id: day.isoformat() for pack_id, day in entered.items()}
    made = PackActivation.objects.create(
        packs=list(packs),
        versions={pack.id: pack.version for pack in composed.packs},
        effective_on=entered_days,
        reference=reference.strip(),
        policy_version=composed.version,
        activated_by=actor,
        activated_at=now,
    )
    ledger.stamp_policy(composed.version)
    ledger.record(
        events.PacksActivated(
            activation=made.public_id,
            packs=list(packs),
            policy_version=composed.version,
            effective_on=entered_days,
            reference=made.reference,
        ),
        actor=actor,
        now=now,
    )
    return made


@transaction.atomic
def set_choice(*, key: str, value: Any, reason: str, actor: str, now: datetime) -> LocalChoice:
    """Decide a value that the documents leave open; the policy's version changes with it.

    Raises `InvalidInput` for an unknown setting or an empty reason, `Refused` where nobody would review or approve
    requests to act on a channel any more.
    """
    if not reason.strip():
        raise InvalidInput("reason", "say why the body chose this")
    found = queries.activation()
    if found is None:
        raise Refused.because("no-policy", "No policy pack is active yet.")
    try:
        written = canonical_json(value).decode()
    except NotCanonical as problem:
        raise InvalidInput(f"choice {key}", f"cannot be stored: {problem.why}") from None
    composed = compose_shipped(*found.packs, choices={**queries.choices(), key: value})
    decide_route(composed).or_refuse()
    made = LocalChoice.objects.create(key=key, value=value, reason=reason.strip(), decided_by=actor, decided_at=now)
    ledger.stamp_policy(composed.version)
    ledger.record(
        events.ChoiceMade(
            key=key,
            value=written,
            reason=made.reason,
            policy_version=composed.version,
        ),
        actor=actor,
        now=now,
    )
    return made
