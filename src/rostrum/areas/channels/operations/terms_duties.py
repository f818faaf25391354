"""What a review goes on to ask: watching over a channel's use, and going over the cookies of the body's own site."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import pack
from rostrum.areas.channels.events import terms as events
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import CookieDecision, CookieUse, UseLook
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.queries.life import may_manage
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.channels.rules import terms_changes as rules
from rostrum.areas.channels.terms import choices
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

USE_DUTY = "channels.watch-use"
COOKIE_DUTY = "channels.review-cookies"
COOKIES = "own-site-cookies"


def owe_use_look(channel: Channel, *, actor: str, now: datetime) -> None:
    """Open the duty to watch over the channel's use, where its review found that the terms oblige the body to.

    Only for a channel that speaks; in the caller's transaction.
    """
    review = queries.review_in_force(channel)
    if review is None or channel.state not in OFFICIAL_STATES:
        return
    answer = queries.answers_of(review).get("monitoring")
    if answer is None or answer.choice != "yes" or review.every_days < 1:
        return
    duties.open_duty(
        kind=USE_DUTY,
        title=f"Watch over how {channel.name} is used, as {channel.platform}'s terms ask",
        owner_role=Role.COORDINATOR,
        due_at=choices.due(now, review.every_days),
        subject=channel.public_id,
        clause=pack.clauses().get("terms.monitoring-duty", ""),
        clock=choices.period(review.every_days),
        actor=actor,
        now=now,
    )


@transaction.atomic
def note_use_look(*, channel_id: str, found: str, actor: User, now: datetime) -> UseLook:
    """Record that somebody watched over how the channel is used, and what they found; opens the next look.

    Raises `Refused` for whoever does not manage the channel, `InvalidInput` without a finding.
    """
    channel = locked(channel_id)
    may_manage(channel, actor=actor, now=now).or_refuse()
    if not found.strip():
        raise InvalidInput("found", "say what you found, also when there was nothing")
    look = UseLook.objects.create(channel=channel, looked_at=now, looked_by=actor, found=found.strip())
    ledger.record(
        events.ChannelUseLookedAt(channel=channel.public_id, look=look.public_id), actor=actor.public_id, now=now
    )
    for duty in duty_queries.open_duties(kind=USE_DUTY, subject=channel.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=look.public_id, actor=actor.public_id, now=now)
    owe_use_look(channel, actor=actor.public_id, now=now)
    return look


@transaction.atomic
def state_cookie_use(*, uses_cookies: bool, what_for: str, actor: User, now: datetime) -> CookieUse:
    """Say whether the body's own site uses persistent cookies; where it does, the information officer goes over it.

    Raises `Refused` for whoever keeps no terms for a department or the body, `InvalidInput`: yes, and not what for.
    """
    queries.may_state_cookies(actor=actor, now=now).or_refuse()
    if uses_cookies and not what_for.strip():
        raise InvalidInput("what_for", "say what they are used for")
    said = CookieUse.objects.create(uses_cookies=uses_cookies, what_for=what_for.strip(), said_by=actor, said_at=now)
    entry = ledger.record(
        events.CookieUseStated(statement=said.public_id, uses_cookies=uses_cookies), actor=actor.public_id, now=now
    )
    if uses_cookies:
        _owe_cookie_review(actor=actor.public_id, now=now, days=choices.days("cookie_decision", 30))
    else:
        for duty in duty_queries.open_duties(kind=COOKIE_DUTY, subject=COOKIES):
            duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return said


@transaction.atomic
def decide_cookie_use(*, keeps: bool, reasons: str, privacy_policy: str, actor: User, now: datetime) -> CookieDecision:
    """Decide about the persistent cookies, held against a version of the body's privacy policy; opens the next review.

    Raises `Refused`: nobody said that there are any, not the information officer, no reasons, no policy named.
    """
    facts = queries.cookie_facts(reasons=reasons, privacy_policy=privacy_policy, actor=actor, now=now)
    rules.decide_cookies(facts).or_refuse()
    said = CookieUse.objects.select_for_update().order_by("-said_at", "-pk")[0]
    decision = CookieDecision.objects.create(
        cookie_use=said,
        keeps=keeps,
        reasons=reasons.strip(),
        privacy_policy=privacy_policy.strip()[:300],
        decided_by=actor,
        decided_at=now,
    )
    ledger.record(
        events.CookieUseDecided(
            decision=decision.public_id,
            statement=said.public_id,
            keeps=keeps,
            privacy_policy=decision.privacy_policy,
        ),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=COOKIE_DUTY, subject=COOKIES):
        duties.close_duty(duty_id=duty.public_id, evidence=decision.public_id, actor=actor.public_id, now=now)
    if keeps:
        _owe_cookie_review(actor=actor.public_id, now=now, days=choices.days("cookie_review", 365))
    return decision


def _owe_cookie_review(*, actor: str, now: datetime, days: int) -> None:
    duties.open_duty(
        kind=COOKIE_DUTY,
        title="Go over the persistent cookies of our own site",
        owner_role=choices.signing_roles()[0],
        due_at=choices.due(now, days),
        subject=COOKIES,
        clause=pack.clauses().get("terms.cookie-review", ""),
        clock=choices.period(days),
        actor=actor,
        now=now,
    )
