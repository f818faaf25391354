"""A change of a platform's terms: what it reopens and stops, what is decided about it, who confirms having read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import pack
from rostrum.areas.channels.events import terms as events
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsChange, TermsDecision, TermsReading, TermsReview, TermsVersion
from rostrum.areas.channels.operations.rows import move
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import ChannelAct, ChannelState
from rostrum.areas.channels.rules import terms_changes as rules
from rostrum.areas.channels.rules.terms import REVIEW_MACHINE, ReviewAct, ReviewState, Use
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, DocumentKind
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

CHANGE_DUTY = "channels.decide-terms-change"
READ_DUTY = "channels.read-terms"


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a newer text reopened."""

    change: TermsChange
    reviews: list[str]


def reopen(before: TermsVersion, version: TermsVersion, *, actor: User | None, now: datetime) -> Reopened | None:
    """Reopen the reviews of every channel on the platform for a newer text, in the caller's transaction.

    None where no channel is, or is about to be, on the platform: there is nothing to decide then.
    """
    by = actor.public_id if actor else "system"
    reopened = _reopen_reviews(version.platform_id)
    channels = Channel.objects.filter(platform=version.platform_id, state__in=queries.ON_PLATFORM)
    if not reopened and not channels.exists():
        return None
    change = (
        TermsChange.objects.select_for_update()
        .filter(platform=version.platform_id, document=version.document, use="")
        .first()
    )
    if change is None:
        change = TermsChange.objects.create(
            platform_id=version.platform_id,
            document=version.document,
            from_version=before,
            to_version=version,
            opened_at=now,
        )
    else:
        change.to_version = version
        change.save(update_fields=["to_version"])
    if choices.change_suspends():
        suspend(change, by=by, now=now)
    _owe_decision(change, by=by, now=now)
    jobs.enqueue("channels.tell-terms-changed", {"change": change.public_id}, now=now)
    return Reopened(change, reopened)


def _reopen_reviews(platform: str) -> list[str]:
    found = []
    states = (ReviewState.READ, ReviewState.SIGNED, ReviewState.ACCEPTED, ReviewState.REFUSED)
    for review in TermsReview.objects.select_for_update().filter(channel__platform=platform, state__in=states):
        review.state = REVIEW_MACHINE.next_state(ReviewState(review.state), ReviewAct.REOPEN)
        if review.state == ReviewState.OPEN:
            # The signatures were for another text.
            review.read_at = review.signed_at = review.signed_by = None
        review.save(update_fields=["state", "read_at", "signed_at", "signed_by"])
        found.append(review.public_id)
    return found


def _owe_decision(change: TermsChange, *, by: str, now: datetime) -> None:
    watch = queries.terms_watch(change.platform_id)
    title = DOCUMENT_TITLES[DocumentKind(change.document)].lower()
    duties.open_duty(
        kind=CHANGE_DUTY,
        title=f"Decide about the changed {title} of {change.platform}",
        owner_role=Role.PUBLIC_AFFAIRS,
        owner=watch.decider if watch else None,
        due_at=choices.due(now, choices.days("change", 10)),
        subject=change.public_id,
        clause=pack.clauses().get("terms.amendment-decider", ""),
        clock=choices.period(choices.days("change", 10)),
        actor=by,
        now=now,
    )


def suspend(change: TermsChange, *, by: str, now: datetime) -> None:
    """Stop publishing on every live channel of the platform, in the caller's transaction."""
    live = Channel.objects.select_for_update(of=("self",)).filter(platform=change.platform_id, state=ChannelState.LIVE)
    for channel in live.order_by("pk"):
        move(channel, ChannelAct.SUSPEND)
        ledger.record(events.ChannelSuspended(channel=channel.public_id, change=change.public_id), actor=by, now=now)


def _release(change: TermsChange, *, by: str, now: datetime) -> None:
    held = Channel.objects.select_for_update(of=("self",)).filter(
        platform=change.platform_id, state=ChannelState.SUSPENDED
    )
    for channel in held.order_by("pk"):
        move(channel, ChannelAct.RELEASE)
        ledger.record(events.ChannelReleased(channel=channel.public_id, change=change.public_id), actor=by, now=now)


@transaction.atomic
def decide_terms_change(
    *, change_id: str, seen: str, use: str, reasons: str, actor: User, now: datetime, conditions: str = ""
) -> TermsDecision:
    """Decide what the body does about changed terms; `seen` is the digest of the text that was read.

    For use, the reviews stand for the new text and suspended channels speak again, unless another change is undecided.
    Against it, every live channel of the platform is suspended. The named person may decide again. Raises `Refused`.
    """
    change = _locked_change(change_id)
    wanted = _use(use)
    facts = queries.change_facts(change, seen=seen, use=wanted, reasons=reasons, conditions=conditions, actor=actor)
    rules.decide_change(facts).or_refuse()

    decision = TermsDecision.objects.create(
        change=change,
        use=wanted,
        reasons=reasons.strip(),
        conditions=conditions.strip(),
        decided_by=actor,
        decided_at=now,
    )
    change.use = wanted
    change.save(update_fields=["use"])
    settled = _settle_reviews(change)
    entry = ledger.record(
        events.TermsChangeDecided(
            decision=decision.public_id,
            change=change.public_id,
            platform=change.platform_id,
            document=change.document,
            from_sha256=change.from_version.sha256,
            to_sha256=change.to_version.sha256,
            use=wanted,
            reasons=reasons.strip(),
            settled_reviews=settled,
        ),
        actor=actor.public_id,
        now=now,
    )
    if wanted is Use.DO_NOT_USE:
        suspend(change, by=actor.public_id, now=now)
    elif not queries.standing_changes(change.platform_id):
        _release(change, by=actor.public_id, now=now)
    for duty in duty_queries.open_duties(kind=CHANGE_DUTY, subject=change.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return decision


def _settle_reviews(change: TermsChange) -> list[str]:
    """Take the reviews to where the platform's decisions leave them; those of another undecided change stay open."""
    standing = queries.standing_changes(change.platform_id)
    if any(one.use == "" for one in standing):
        return []
    act = ReviewAct.REFUSE if standing else ReviewAct.SETTLE
    found = []
    states = (ReviewState.REOPENED,) if standing else (ReviewState.REOPENED, ReviewState.REFUSED)
    for review in TermsReview.objects.select_for_update().filter(
        channel__platform=change.platform_id, state__in=states
    ):
        review.state = REVIEW_MACHINE.next_state(ReviewState(review.state), act)
        review.save(update_fields=["state"])
        found.append(review.public_id)
    return found


def _locked_change(change_id: str) -> TermsChange:
    try:
        return (
            TermsChange.objects.select_for_update(of=("self",))
            .select_related("platform", "from_version", "to_version")
            .get(public_id=change_id)
        )
    except TermsChange.DoesNotExist as fault:
        raise InvalidInput("change", f"there is no change {change_id}") from fault


def _use(use: str) -> Use:
    if use not in list(Use):
        raise InvalidInput("use", f"one of {', '.join(Use)}")
    return Use(use)


def ask_to_read(platform: str, *, actor: str, now: datetime) -> None:
    """Open the duty of everybody who posts on the platform to read its newest rules, in the caller's transaction.

    Where no pack in force asks those who post for it, nothing happens.
    """
    clause, version = choices.posters_confirm(), queries.venue_rules(platform)
    if not clause or version is None:
        return
    for person in queries.speakers(platform, now=now):
        if not queries.has_read(person, version):
            duties.open_duty(
                kind=READ_DUTY,
                title=f"Read the newest rules of {version.platform} and confirm it",
                owner_role=Role.POSTER,
                owner=person,
                due_at=choices.due(now, choices.days("reading", 14)),
                subject=f"{platform} {person.public_id}",
                clause=clause,
                clock=choices.period(choices.days("reading", 14)),
                actor=actor,
                now=now,
            )


@transaction.atomic
def confirm_terms_read(*, version_id: str, actor: User, now: datetime) -> TermsReading:
    """Record that a person who posts on the platform read its newest rules; closes their duty. Raises `Refused`."""
    try:
        version = TermsVersion.objects.select_related("platform").get(public_id=version_id)
    except TermsVersion.DoesNotExist as fault:
        raise InvalidInput("version", f"there is no text {version_id}") from fault
    rules.decide_confirmation(queries.confirm_facts(version, actor=actor, now=now)).or_refuse()

    reading = TermsReading.objects.create(version=version, person=actor, read_at=now)
    entry = ledger.record(
        events.TermsReadingConfirmed(version=version.public_id, platform=version.platform_id, sha256=version.sha256),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=READ_DUTY, subject=f"{version.platform_id} {actor.public_id}"):
        duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return reading
