"""Reads over assessments and removals, and the facts their rules need; for pages, the portal and other areas."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.archive.rules import State
from rostrum.areas.channels import pack
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.queries.page import look_that_shows
from rostrum.areas.channels.rules.page import Look
from rostrum.areas.governance import queries as governance
from rostrum.areas.moderation import evidence, rules
from rostrum.areas.moderation.models import Assessment, Block, NoticeAnswer, Removal
from rostrum.areas.moderation.rules import (
    BlockFacts,
    BlockStanding,
    ElementAnswer,
    GroundAnswer,
    GroundFacts,
    MeasureFacts,
    NoticeFacts,
    OpeningFacts,
    ReferralFacts,
    RemovalFacts,
)
from rostrum.areas.moderation.states import IN_FORCE, IN_TROUBLE, OPEN_STATES, AssessmentState, Measure, Outcome
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import ROLE_TITLES, Permission, Role
from rostrum.kernel.decisions import Decision, InvalidInput, Refused
from rostrum.kernel.items import Kind
from rostrum.policy.notices import filled

# To whom a comment can be referred. The pack's own setting names who is alerted of threats.
REFER_TO: tuple[Role, ...] = (
    Role.PUBLIC_AFFAIRS,
    Role.COORDINATOR,
    Role.DEPARTMENT_HEAD,
    Role.AGENCY_HEAD,
    Role.RECORDS_CUSTODIAN,
    Role.HR,
    Role.IT_DIRECTOR,
)


def grounds() -> Mapping[str, GroundFacts]:
    """The closed list of grounds of the active packs, by id, in the pack's order; discretion is not among them."""
    statuses = tuple(str(one) for one in governance.choice("removal.listed_statuses", ()))
    choices = {"status": statuses} if statuses else {}
    return {
        ground.id: GroundFacts(
            id=ground.id,
            title=ground.title,
            clause=ground.clause,
            elements=tuple(ground.elements),
            needs_second_person=ground.needs_second_person,
            needs=tuple(ground.needs),
            choices={need: given for need, given in choices.items() if need in ground.needs},
            raises_alert=ground.raises_alert,
            risk=ground.risk.value,
            risk_case=ground.risk_case,
            risk_note=ground.risk_note,
            examples=tuple(ground.examples),
            not_examples=tuple(ground.not_examples),
        )
        for ground in governance.policy().grounds
    }


def alert_role() -> Role:
    """Which office is alerted when a threat or a danger is found: the pack's, or the body's, choice."""
    return Role(governance.choice("removal.alert_role", Role.COORDINATOR.value))


def decision_time() -> timedelta:
    """Within what time the body wants a comment decided, and trouble with a removal looked at."""
    return timedelta(hours=int(governance.choice("removal.decision_hours", 24)))


def answers_of(assessment: Assessment) -> tuple[GroundAnswer, ...]:
    """The stored answers, as the rules read them."""
    return tuple(
        GroundAnswer(
            one["ground"],
            {name: ElementAnswer(answer["met"], answer["why"]) for name, answer in one["elements"].items()},
            one["needs"],
        )
        for one in assessment.grounds
    )


def met_grounds(assessment: Assessment) -> tuple[GroundFacts, ...]:
    """The grounds of the active packs that the assessment finds met."""
    return rules.met_grounds(answers_of(assessment), grounds())


def assessment_of(item: Item) -> Assessment | None:
    """The open assessment of an Item, or None."""
    return Assessment.objects.filter(item=item, state__in=OPEN_STATES).first()


def removals_in_force(item: Item) -> QuerySet[Removal]:
    """The removals of an Item that stand on the platform."""
    return Removal.objects.filter(item=item, outcome__in=IN_FORCE)


def removal_by_id(public_id: str) -> Removal:
    """The removal with this public id. Raises Removal.DoesNotExist."""
    return Removal.objects.select_related("item__channel", "assessment").get(public_id=public_id)


def is_own(item: Item) -> bool:
    """Whether the body itself wrote it."""
    return bool(item.author_id) and item.author_id in (item.channel.native_id, item.channel.public_id)


def may_moderate(person: User, item: Item, *, now: datetime) -> Decision:
    """Whether the person may decide about comments on the Item's channel."""
    return people.may(
        person, Permission.REMOVE_COMMENT, unit=item.channel.unit, channel=item.channel.public_id, now=now
    )


def can_hide(item: Item) -> bool:
    """Whether a comment on this channel can be hidden from here; no log-in or no connector: then nothing can."""
    try:
        connector = channels.connector_for(item.channel)
    except (Refused, InvalidInput):
        return False
    try:
        return connector.abilities.hides_replies
    finally:
        connector.close()


# Facts for the rules; pages and operations ask the same.


def opening_facts(item: Item) -> OpeningFacts:
    """What opening an assessment of this Item needs."""
    return OpeningFacts(
        is_comment=item.kind in (Kind.COMMENT, Kind.SHARE),
        is_own=is_own(item),
        is_restricted=item.is_restricted,
        is_open_already=assessment_of(item) is not None,
        is_removed=removals_in_force(item).exists(),
        advertising=_advertising(item),
    )


def _advertising(item: Item) -> str:
    return archive.advertising_clause() if archive.advertising_of(item) is not None else ""


def measure_facts(assessment: Assessment, actor: User) -> MeasureFacts:
    """What carrying out the proposed measure needs."""
    version = assessment.version
    item = assessment.item
    return MeasureFacts(
        state=AssessmentState(assessment.state),
        measure=Measure(assessment.measure or Measure.KEEP),
        needs_second=any(ground.needs_second_person for ground in met_grounds(assessment)),
        seconded=assessment.seconded_at is not None,
        assessed_by=assessment.assessed_by.public_id if assessment.assessed_by else "",
        actor=actor.public_id,
        evidence_intact=evidence.is_intact(assessment.evidence_digest, blobs=archive.blobs()),
        version_is_current=is_current(assessment),
        policy_is_current=assessment.policy_version == governance.policy().version,
        is_gone=item.state == State.DELETED,
        advertising=_advertising(item),
        poster_is_known=any((item.author_id, version.author_handle, version.author_name)),
    )


def is_current(assessment: Assessment) -> bool:
    """Whether the comment still says what it said when the evidence was taken."""
    return archive.latest_version(assessment.item).pk == assessment.version_id


def removal_facts(removal: Removal, actor: User) -> RemovalFacts:
    """What can be done about a removal afterwards."""
    return RemovalFacts(
        state=AssessmentState(removal.assessment.state),
        outcome=Outcome(removal.outcome),
        measure=Measure(removal.measure),
        remover=removal.remover.public_id,
        actor=actor.public_id,
        author_was_told=removal.notice != "open",
    )


def block_facts(removal: Removal, *, days: int, reason: str, heard_by: str, besides: Block | None = None) -> BlockFacts:
    """What blocking the author of a removed comment needs; `besides` is the block that is being agreed to."""
    others = Block.objects.filter(removal=removal, ended_at=None)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    return BlockFacts(
        removal_stands=removal.outcome in IN_FORCE,
        notice_stood=notice_at(removal) is not None,
        is_blocked=others.exists(),
        may_block_clause=pack.clause_of("removal.block-user"),
        notice_clause=pack.clause_of("removal.notice-in-place"),
        longest_days=int(governance.choice("removal.longest_block_days", 30)),
        days=days,
        reason=reason,
        heard_by=heard_by,
    )


def notice_at(removal: Removal) -> Look | None:
    """The look by which the page carried the notice about blocking when the comment was made; None for none.

    Where the platform gives the comment no date, it is the instant at which capture first saw it.
    """
    at = removal.posted_at or removal.item.sorted_at
    return look_that_shows(removal.item.channel, "blocking-notice", at=at)


def block_standing(block: Block, actor: User) -> BlockStanding:
    """How a block stands."""
    return BlockStanding(
        asked_by=block.asked_by.public_id,
        actor=actor.public_id,
        is_agreed=block.agreed_at is not None,
        is_done=block.done_at is not None,
        is_ended=block.ended_at is not None,
    )


def open_block(removal: Removal) -> Block | None:
    """The block on a removal that is asked for or in force, or None."""
    return Block.objects.filter(removal=removal, ended_at=None).select_related("asked_by", "agreed_by").first()


def notice_facts(item: Item) -> NoticeFacts:
    """What answering this Item as no legal notice needs."""
    return NoticeFacts(
        is_own=is_own(item),
        is_answered=NoticeAnswer.objects.filter(item=item).exists(),
        clause=pack.clause_of("page.not-legal-notice"),
    )


def reply_to_notice() -> str:
    """The standard reply to a message meant as a claim or legal notice, by the policy in force; "" where none is."""
    policy = governance.policy()
    text = next((notice.text for notice in policy.notices if notice.id == "not-legal-notice"), "")
    values = {
        "body": pack.body_name(),
        "not_legal_notice": pack.not_legal_notice().rstrip("."),
        "official_route": str(policy.setting("page.official_route", "")),
    }
    return "\n\n".join(filled(text, values))


def referral_facts(assessment: Assessment, actor: User, *, now: datetime) -> ReferralFacts:
    """Whether a referral waits, and whether this person answers it: its office, or who may moderate the channel."""
    role = Role(assessment.referred_to) if assessment.referred_to else None
    held = any(one.role is role and one.unit in ("", _unit_of(assessment)) for one in people.roles_of(actor, now))
    return ReferralFacts(
        is_open=assessment.awaits_answer,
        owed_by=ROLE_TITLES[role].lower() if role else "nobody",
        may_answer=held or may_moderate(actor, assessment.item, now=now).allowed,
    )


def _unit_of(assessment: Assessment) -> str:
    return assessment.item.channel.unit.public_id


# Lists and figures


def removals_in_trouble() -> QuerySet[Removal]:
    """Removals and restorations that the platform refused, or whose outcome nobody knows."""
    return Removal.objects.filter(outcome__in=IN_TROUBLE).select_related("assessment__version", "item__channel")


def authors_not_told() -> QuerySet[Removal]:
    """Removals whose author was not told yet."""
    return Removal.objects.filter(outcome=Outcome.APPLIED, notice="open").select_related(
        "assessment__version", "item__channel"
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How often something was removed, by ground; public (records-and-law M7)."""

    removed: int
    restored: int
    kept: int
    by_ground: tuple[tuple[str, int], ...]


def figures() -> Figures:
    """The body's moderation in figures: removals that stand, those taken back, and how often each ground was used."""
    titles = {ground.id: ground.title for ground in grounds().values()}
    by_ground: dict[str, int] = {}
    carried_out = Removal.objects.filter(outcome__in=(*IN_FORCE, Outcome.RESTORED))
    for ids in carried_out.values_list("ground_ids", flat=True):
        for ground in ids:
            by_ground[ground] = by_ground.get(ground, 0) + 1
    outcomes = dict(Removal.objects.order_by().values_list("outcome").annotate(number=Count("id")))
    return Figures(
        removed=sum(outcomes.get(outcome, 0) for outcome in IN_FORCE),
        restored=outcomes.get(Outcome.RESTORED, 0),
        kept=Assessment.objects.filter(state=AssessmentState.KEPT).count(),
        by_ground=tuple(sorted((titles.get(ground, ground), number) for ground, number in by_ground.items())),
    )
