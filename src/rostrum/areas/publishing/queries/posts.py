"""Reads of the publishing area: drafts one may see, their findings, and the facts that rules need."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet

from rostrum.areas.archive.models import Version
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries import grants as rights
from rostrum.areas.channels.queries.custody import log_in_trouble
from rostrum.areas.channels.queries.emergency import running
from rostrum.areas.channels.queries.terms import why_suspended
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import MATRIX, Permission, Reach, Right
from rostrum.areas.publishing import checks, pack, rules
from rostrum.areas.publishing.models import (
    Approval,
    Check,
    Clearance,
    DisclosureAuthorization,
    Draft,
    DraftRevision,
    Publication,
)
from rostrum.areas.publishing.queries import disclosures
from rostrum.areas.publishing.rules import ChannelFacts, Content, DraftState, Outcome
from rostrum.areas.publishing.rules.confirmations import Moment, decide_confirmation
from rostrum.areas.publishing.rules.places import ELSEWHERE, Place, decide_place
from rostrum.connectors.blobs import LocalBlobs
from rostrum.connectors.interface import OutgoingMedia, OutgoingPost
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.findings import Finding, Strength
from rostrum.kernel.readings import one_reading

# Which drafts one sees


def visible_drafts(person: User, *, now: datetime) -> QuerySet[Draft]:
    """The drafts this person may see: their own, those of the units they write or approve for, those to be cleared."""
    if not people.is_present(person, now=now):
        return Draft.objects.none()
    seen = Q(author=person)
    for held in people.roles_of(person, now):
        reaches = {MATRIX[permission].get(held.role) for permission in _SEEING}
        if reaches & {Reach.ANY, Reach.SECOND} or (reaches & {Reach.DEPARTMENT} and not held.unit):
            return _drafts()
        if Reach.DEPARTMENT in reaches:
            seen |= Q(unit__public_id=held.unit)
    # What is about a programme area is shown to who approves for it, once it was handed in.
    areas = areas_approved_by(person, now=now)
    if areas:
        about = _latest().filter(area__in=areas).exclude(draft__state=DraftState.DRAFT)
        seen |= Q(pk__in=about.values("draft"))
    # A grant to approve on a channel shows what is to be approved there.
    scope = people.reach(person, Permission.APPROVE_CONTENT, now=now)
    if scope.channels:
        seen |= Q(pk__in=_latest().filter(channels__public_id__in=scope.channels).values("draft"))
    return _drafts().filter(seen)


# Whoever writes, approves or clears for a unit sees its drafts; clearing a block needs no unit.
_SEEING = (Permission.DRAFT, Permission.APPROVE_CONTENT, Permission.CLEAR_WARNING, Permission.CLEAR_BLOCK)


def _drafts() -> QuerySet[Draft]:
    return Draft.objects.select_related("author", "unit", "corrects")


def _latest() -> QuerySet[DraftRevision]:
    return DraftRevision.objects.annotate(latest=Max("draft__revisions__number")).filter(number=F("latest"))


def areas_approved_by(person: User, *, now: datetime) -> list[str]:
    """The programme areas (in lower case) of the departments for which this person clears warnings."""
    if not pack.asks_areas():
        return []
    units = people.reach(person, Permission.CLEAR_WARNING, now=now).units
    return [key for key, area in rights.programme_areas(now=now).items() if area.units & units] if units else []


def areas_to_choose(author: User, *, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """The programme areas an author may say a post is about: those of their own rights first, then those of others."""
    if not pack.asks_areas():
        return []
    own: dict[str, str] = {}
    for held in people.rights_of(author, now):
        if held.right is Right.SPEAK:
            own |= {one.casefold(): one for one in rights.topics_of(author, held.channel, now=now) or ()}
    other = {key: area.name for key, area in rights.programme_areas(now=now).items() if key not in own}
    groups = (("Your areas", own), ("Areas of others", other))
    return [(title, [(name, name) for name in named.values()]) for title, named in groups if named]


def draft_for(person: User, public_id: str, *, now: datetime) -> Draft:
    """The draft with this public id, if this person may see it. Raises Draft.DoesNotExist otherwise."""
    return visible_drafts(person, now=now).get(public_id=public_id)


def may_see(draft: Draft, *, actor: User, now: datetime) -> Decision:
    """Whether the person may see the draft."""
    if visible_drafts(actor, now=now).filter(pk=draft.pk).exists():
        return Decision()
    return Decision((Reason("not-yours", "This draft belongs to another unit."),))


def speakable_channels(person: User, *, now: datetime) -> list[Channel]:
    """The official channels on which this person may speak now, by name."""
    scope = people.reach(person, Permission.DRAFT, now=now)
    return list(channel_queries.official_channels().filter(scope.where(channel="public_id")))


def writing_units(person: User, *, now: datetime) -> list[Unit]:
    """The departments this person may write for, their own first."""
    covered = [
        (MATRIX[Permission.DRAFT][held.role], held.unit)
        for held in people.roles_of(person, now)
        if held.role in MATRIX[Permission.DRAFT]
    ]
    units = Unit.objects.all()
    if not any(reach is Reach.ANY or not unit for reach, unit in covered):
        units = units.filter(public_id__in=[unit for _, unit in covered])
    return sorted(units, key=lambda unit: (unit.pk != person.unit_id, unit.name))


# One draft


def locked_draft(public_id: str) -> Draft:
    """The draft, locked until the end of the transaction. Raises `InvalidInput`."""
    draft = _drafts().select_for_update(of=("self",)).filter(public_id=public_id).first()
    if draft is None:
        raise InvalidInput("draft", f"there is no draft {public_id}")
    return draft


def locked_publications() -> QuerySet[Publication]:
    """Publications with what acting on them needs, locked until the end of the transaction."""
    return Publication.objects.select_for_update(of=("self",)).select_related(
        "channel",
        "channel__unit",
        "scheduled_by",
        "revision",
        "revision__draft",
        "revision__draft__unit",
        "revision__draft__author",
    )


def locked_publication(public_id: str) -> Publication:
    """The publication, locked until the end of the transaction. Raises `InvalidInput`."""
    publication = locked_publications().filter(public_id=public_id).first()
    if publication is None:
        raise InvalidInput("publication", f"there is no publication {public_id}")
    return publication


def current_revision(draft: Draft) -> DraftRevision:
    """The newest revision of the draft."""
    return DraftRevision.objects.filter(draft=draft).select_related("made_by").latest("number")


def content_of(revision: DraftRevision) -> Content:
    """What the revision's bytes say."""
    return Content.from_bytes(bytes(revision.body))


def outgoing_post(publication: Publication) -> OutgoingPost:
    """The post as it goes to the platform: the approved bytes' own text and media, and the instant of the intent.

    Raises `Refused` when the stored bytes are not those that were approved.
    """
    # Published is what the approved bytes say, not what the columns beside them say.
    if rules.digest_of(bytes(publication.revision.body)) != publication.digest:
        raise Refused.because("altered", "The stored revision is not the one that was approved.")
    content = content_of(publication.revision)
    blobs = LocalBlobs(settings.BLOBS_FOLDER)
    return OutgoingPost(
        text=content.published_text,
        langs=(pack.language(),),
        media=tuple(OutgoingMedia(blobs.read(one.blob), one.mime, one.alt) for one in content.media),
        intended_at=publication.intent_at,
    )


def last_check(revision: DraftRevision) -> Check | None:
    """The newest check of the revision."""
    return revision.checks.order_by("pk").last()


def findings_now(revision: DraftRevision) -> tuple[Finding, ...]:
    """The findings of the revision's newest check."""
    check = last_check(revision)
    return checks.findings_of(check) if check else ()


def finding_by_key(revision: DraftRevision, key: str) -> Finding | None:
    """The finding of the newest check with this key, or None."""
    return next((one for one in findings_now(revision) if rules.finding_key(one) == key), None)


def clearances(revision: DraftRevision) -> QuerySet[Clearance]:
    """The clearances of the revision's findings, oldest first."""
    return Clearance.objects.filter(revision=revision).select_related("cleared_by", "authorization__authorized_by")


def cleared_counts(revision: DraftRevision, *, at: datetime) -> dict[str, int]:
    """How many persons count as having cleared each finding of the newest check at this instant, by its key."""
    return disclosures.persons_counted(revision, findings_now(revision), at=at)


def parties_of(draft: Draft) -> tuple[str, ...]:
    """The other parties the draft names, those its findings found, and those whose consent is on file."""
    revision = current_revision(draft)
    content = content_of(revision)
    found = checks.parties_found(findings_now(revision), content.text)
    return tuple(dict.fromkeys((*content.about, *found, *draft.consents.values_list("party", flat=True))))


def authors_of(draft: Draft) -> tuple[str, ...]:
    """Everybody who wrote on the draft or handed it in: none of them approves it."""
    persons = [draft.author.public_id]
    persons += draft.revisions.order_by("number").values_list("made_by__public_id", flat=True)
    if draft.submitted_by:
        persons.append(draft.submitted_by.public_id)
    return tuple(dict.fromkeys(persons))


def approval_in_force(draft: Draft) -> Approval | None:
    """The approval of the current revision that no edit has voided."""
    return Approval.objects.filter(revision=current_revision(draft), voided_at=None).select_related("approver").last()


def approvers_of(revision: DraftRevision) -> list[str]:
    """Who approved this revision and was not overtaken by an edit."""
    return list(
        Approval.objects.filter(revision=revision, voided_at=None, emergency="").values_list(
            "approver__public_id", flat=True
        )
    )


def emergency_of(revision: DraftRevision) -> str:
    """The emergency right (public id) under which this revision went out unapproved; "" where it was approved."""
    found = Approval.objects.filter(revision=revision, voided_at=None).exclude(emergency="")
    return found.values_list("emergency", flat=True).last() or ""


def publications_of(draft: Draft) -> QuerySet[Publication]:
    """All publications of the draft's revisions, with their channels."""
    return Publication.objects.filter(revision__draft=draft).select_related(
        "channel", "revision", "scheduled_by", "resolved_by"
    )


def publications_captured(channel: str, capture: str) -> QuerySet[Publication]:
    """Published posts of a channel of which this capture (both public ids) stored a version."""
    seen = Version.objects.filter(capture__public_id=capture).values("item__native_id")
    return Publication.objects.filter(
        channel__public_id=channel, outcome=Outcome.PUBLISHED, native_id__in=seen
    ).exclude(native_id="")


def waiting_for_review(person: User, *, now: datetime) -> list[Draft]:
    """Drafts in review that this person could approve, oldest first; as many queries for many as for one."""
    by_oneself = (
        Q(author=person)
        | Q(submitted_by=person)
        | Q(pk__in=DraftRevision.objects.filter(made_by=person).values("draft"))
    )
    in_review = visible_drafts(person, now=now).filter(state=DraftState.IN_REVIEW).exclude(by_oneself)
    # Mostly nothing waits, and whole drafts cost more to ask for than to look for.
    if not in_review.exists():
        return []
    waiting = list(in_review.order_by("submitted_at"))
    newest = _latest().filter(draft__in=waiting).values("pk")
    channels: dict[int, list[str]] = {}
    links = DraftRevision.channels.through.objects.filter(draftrevision__in=newest)
    for draft, channel in links.values_list("draftrevision__draft", "channel__public_id"):
        channels.setdefault(draft, []).append(channel)
    with one_reading():
        return [
            draft
            for draft in waiting
            if _on_channels(channels.get(draft.pk, ()), draft, Permission.APPROVE_CONTENT, person, now).allowed
        ]


def history(draft: Draft) -> QuerySet[Entry]:
    """The ledger's entries about this draft, oldest first."""
    # An entry's body is canonical JSON, so the id stands in it in exactly one spelling.
    return Entry.objects.filter(kind__startswith="publishing.", body_text__contains=f'"draft":"{draft.public_id}"')


# Facts for the rules; pages and operations ask the same.


def may_edit(draft: Draft, *, actor: User, now: datetime) -> Decision:
    """Whether the person may write on the draft: of its unit, with the right to draft."""
    return people.may(actor, Permission.DRAFT, unit=draft.unit, now=now)


def may_approve(draft: Draft, *, actor: User, now: datetime) -> Decision:
    """Whether the person may approve for the draft's unit, on each of its channels."""
    return _on_each_channel(draft, Permission.APPROVE_CONTENT, actor, now)


def may_publish(draft: Draft, *, actor: User, now: datetime) -> Decision:
    """Whether the person may publish for the draft's unit, on each of its channels."""
    return _on_each_channel(draft, Permission.PUBLISH, actor, now)


def _on_each_channel(draft: Draft, permission: Permission, actor: User, now: datetime) -> Decision:
    channels = current_revision(draft).channels.values_list("public_id", flat=True)
    return _on_channels(list(channels), draft, permission, actor, now)


def _on_channels(channels: Sequence[str], draft: Draft, permission: Permission, actor: User, now: datetime) -> Decision:
    against: dict[str, Reason] = {}
    for channel in channels or [""]:
        decision = people.may(actor, permission, unit=draft.unit, channel=channel, now=now)
        against |= {reason.code: reason for reason in decision.against}
    return Decision(tuple(against.values()))


def channel_facts(
    channels: Iterable[Channel], draft: Draft, *, actor: User, permission: Permission, now: datetime
) -> tuple[ChannelFacts, ...]:
    """The facts about each channel a post is for, and this person's right to speak there."""
    return tuple(
        ChannelFacts(
            name=channel.name,
            is_live=channel.state == ChannelState.LIVE,
            has_credential=channel_queries.credential_in_force(channel) is not None,
            may_speak=people.may(actor, permission, unit=draft.unit, channel=channel.public_id, now=now),
            log_in_trouble=log_in_trouble(channel),
            standing=standing_on(channel, actor=actor, now=now)
            if permission is Permission.PUBLISH
            else why_suspended(channel),
        )
        for channel in channels
    )


def standing_on(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether somebody is designated for the channel's department, the right was asked for, and no terms stop it."""
    if running(channel, actor, now=now) is not None:
        # An emergency right rests on its own record, which another person reviews.
        return Decision()
    by_request = pack.request_clause()
    return rules.decide_standing(
        rules.StandingFacts(
            channel=channel.name,
            unit=channel.unit.name,
            has_spokesperson=rights.spokespersons(channel.unit, now=now).exists(),
            # An emergency right rests on the office that authorises beforehand, and on the review afterwards.
            rests_on_request=not by_request
            or rights.rests_on_request(actor, channel.public_id, Right.SPEAK, now=now)
            or running(channel, actor, now=now) is not None,
            spokesperson_clause=pack.clause("grant.designated-spokesperson"),
            request_clause=by_request,
        )
    ).also(why_suspended(channel))


def save_facts(draft: Draft, channels: Sequence[Channel], *, actor: User, now: datetime) -> rules.SaveFacts:
    """The facts about saving the draft for these channels."""
    return rules.SaveFacts(
        state=DraftState(draft.state),
        may_draft=may_edit(draft, actor=actor, now=now),
        channels=channel_facts(channels, draft, actor=actor, permission=Permission.DRAFT, now=now),
        clause_to_speak=pack.clause("grant.required"),
    )


def all_reminders() -> frozenset[str]:
    """Every clause whose reminder some act asks to confirm: for pages that ask in the form itself."""
    return frozenset(one.clause for moment in Moment for one in pack.reminders(moment))


def submit_facts(
    draft: Draft,
    check: Check | None,
    *,
    confirmed: Collection[str] = (),
    place: Place = ELSEWHERE,
    actor: User,
    now: datetime,
) -> rules.SubmitFacts:
    """The facts about handing the current revision in, given its newest check and the reminders confirmed."""
    revision = current_revision(draft)
    content = content_of(revision)
    findings = checks.findings_of(check) if check else ()
    return rules.SubmitFacts(
        state=DraftState(draft.state),
        may_draft=may_edit(draft, actor=actor, now=now),
        is_empty=not content.text.strip() and not content.media,
        channels=channel_facts(revision.channels.all(), draft, actor=actor, permission=Permission.DRAFT, now=now),
        blocks=rules.standing(findings, cleared_counts(revision, at=now), Strength.BLOCK),
        unanswered=checks.unanswered(findings, dict(content.answers)),
        publish_at=content.publish_at,
        now=now,
        clause_to_speak=pack.clause("grant.required"),
        confirmation=decide_confirmation(pack.reminders(Moment.SUBMISSION), confirmed),
        place=decide_place(place, pack.place_clause()),
    )


def approval_facts(
    draft: Draft, check: Check | None, *, shown: str, answers: Mapping[str, str], actor: User, now: datetime
) -> rules.ApprovalFacts:
    """The facts about approving the current revision, given its newest check and the digest that was shown."""
    revision = current_revision(draft)
    findings = checks.findings_of(check) if check else ()
    cleared = cleared_counts(revision, at=now)
    return rules.ApprovalFacts(
        state=DraftState(draft.state),
        approver=actor.public_id,
        authors=authors_of(draft),
        may_approve=may_approve(draft, actor=actor, now=now),
        shown=shown,
        current=revision.digest,
        blocks=rules.standing(findings, cleared, Strength.BLOCK),
        warnings=rules.standing(findings, cleared, Strength.WARN),
        unanswered=checks.unanswered(checks.approver_questions(), answers),
        clause=pack.clause("approval.second-person"),
    )


def return_facts(draft: Draft, note: str, *, actor: User, now: datetime) -> rules.ReturnFacts:
    """The facts about returning the draft to its author."""
    return rules.ReturnFacts(DraftState(draft.state), may_approve(draft, actor=actor, now=now), note)


def may_clear(
    draft: Draft, revision: DraftRevision, finding: Finding | None, *, actor: User, now: datetime
) -> Decision:
    """Whether the person may clear the finding: for the draft's department, or for the area that it goes beyond."""
    is_block = finding is not None and finding.strength is Strength.BLOCK
    permission = Permission.CLEAR_BLOCK if is_block else Permission.CLEAR_WARNING
    area = rights.programme_areas(now=now).get(revision.area) if _is_about_area(finding) else None
    if area is None:
        return people.may(actor, permission, unit=draft.unit, now=now)
    units = list(Unit.objects.filter(public_id__in=area.units))
    if any(people.may(actor, permission, unit=unit, now=now).allowed for unit in units):
        return Decision()
    names = " or ".join(unit.name for unit in units)
    message = f"It is about {area.name}: who approves for {names} clears it, or public affairs."
    return Decision((Reason("other-area", message, finding.clause if finding else None),))


def _is_about_area(finding: Finding | None) -> bool:
    return finding is not None and finding.control == checks.AREA_CONTROL


def waiting_for_area(person: User, *, now: datetime) -> list[Draft]:
    """Drafts in review about an area this person approves for, beyond their author's right, oldest first."""
    areas = areas_approved_by(person, now=now)
    if not areas:
        return []
    about = _latest().filter(area__in=areas, draft__state=DraftState.IN_REVIEW)
    waiting = []
    for draft in _drafts().filter(pk__in=about.values("draft")).order_by("submitted_at"):
        revision = current_revision(draft)
        cleared = cleared_counts(revision, at=now)
        beyond = [
            one
            for one in rules.standing(findings_now(revision), cleared, Strength.WARN)
            if _is_about_area(one) and may_clear(draft, revision, one, actor=person, now=now).allowed
        ]
        if beyond and person.public_id not in authors_of(draft):
            waiting.append(draft)
    return waiting


def clearing_facts(
    draft: Draft,
    finding: str,
    reason: str,
    *,
    authorization: DisclosureAuthorization | None = None,
    actor: User,
    now: datetime,
) -> rules.ClearingFacts:
    """The facts about clearing one finding (by key) of the current revision, by an authorization where one is given."""
    revision = current_revision(draft)
    found = finding_by_key(revision, finding)
    return rules.ClearingFacts(
        state=DraftState(draft.state),
        strength=found.strength if found else None,
        actor=actor.public_id,
        authors=authors_of(draft),
        may_clear=may_clear(draft, revision, found, actor=actor, now=now),
        already=tuple(clearances(revision).filter(finding=finding).values_list("cleared_by__public_id", flat=True)),
        reason=reason,
        reliance=disclosures.reliance(draft, revision, found, authorization, actor=actor, now=now),
    )


def schedule_facts(
    draft: Draft, *, confirmed: Collection[str] = (), place: Place = ELSEWHERE, actor: User, now: datetime
) -> rules.ScheduleFacts:
    """The facts about giving the approved bytes their time, given the reminders confirmed."""
    revision = current_revision(draft)
    approval = approval_in_force(draft)
    publish_at = content_of(revision).publish_at
    return rules.ScheduleFacts(
        state=DraftState(draft.state),
        may_publish=may_publish(draft, actor=actor, now=now),
        approved=approval.digest if approval else "",
        current=revision.digest,
        channels=channel_facts(
            revision.channels.select_related("unit"), draft, actor=actor, permission=Permission.PUBLISH, now=now
        ),
        publish_at=publish_at,
        now=now,
        clause_to_speak=pack.clause("grant.required"),
        clause_to_deposit=pack.clause("custody.deposit-before-posting"),
        disclosure=disclosures.still_authorized(revision, at=publish_at or now),
        confirmation=decide_confirmation(pack.reminders(Moment.PUBLICATION), confirmed),
        place=decide_place(place, pack.place_clause()),
    )


def emergency_facts(
    draft: Draft,
    check: Check | None,
    *,
    shown: str,
    confirmed: Collection[str] = (),
    place: Place = ELSEWHERE,
    actor: User,
    now: datetime,
) -> rules.EmergencyFacts:
    """The facts about letting the current revision out under the actor's emergency rights, without an approval."""
    revision = current_revision(draft)
    content = content_of(revision)
    findings = checks.findings_of(check) if check else ()
    return rules.EmergencyFacts(
        state=DraftState(draft.state),
        may_publish=may_publish(draft, actor=actor, now=now),
        shown=shown,
        current=revision.digest,
        is_empty=not content.text.strip() and not content.media,
        channels=channel_facts(revision.channels.all(), draft, actor=actor, permission=Permission.PUBLISH, now=now),
        emergencies=emergencies_of(draft, actor=actor, now=now),
        blocks=rules.standing(findings, cleared_counts(revision, at=now), Strength.BLOCK),
        unanswered=checks.unanswered(findings, dict(content.answers)),
        publish_at=content.publish_at,
        clause_to_speak=pack.clause("grant.required"),
        clause_to_deposit=pack.clause("custody.deposit-before-posting"),
        confirmation=decide_confirmation(pack.reminders(Moment.PUBLICATION), confirmed),
        place=decide_place(place, pack.place_clause()),
    )


def emergencies_of(draft: Draft, *, actor: User, now: datetime) -> tuple[str, ...]:
    """The actor's running emergency right (public id) on each of the draft's channels, "" where there is none."""
    found = []
    for channel in current_revision(draft).channels.order_by("pk"):
        right = running(channel, actor, now=now)
        found.append(right.public_id if right else "")
    return tuple(found)


def calling_off_facts(
    draft: Draft, publications: Sequence[Publication], *, actor: User, now: datetime
) -> rules.CallingOffFacts:
    """The facts about calling a scheduled post off."""
    outcomes = tuple(Outcome(one.outcome) for one in publications if one.outcome != Outcome.CANCELLED)
    return rules.CallingOffFacts(DraftState(draft.state), may_publish(draft, actor=actor, now=now), outcomes)


def publish_facts(publication: Publication, *, now: datetime) -> rules.PublishFacts:
    """The facts about a publication whose time has come; whoever scheduled it must still hold the right to speak."""
    approvals = Approval.objects.filter(revision=publication.revision, voided_at=None)
    draft = publication.revision.draft
    return rules.PublishFacts(
        digest=rules.digest_of(bytes(publication.revision.body)),
        approved=approvals.values_list("digest", flat=True).last() or "",
        channel_is_live=publication.channel.state == ChannelState.LIVE,
        may_speak=people.may(
            publication.scheduled_by,
            Permission.PUBLISH,
            unit=draft.unit,
            channel=publication.channel.public_id,
            now=now,
        ),
        standing=standing_on(publication.channel, actor=publication.scheduled_by, now=now),
        disclosure=disclosures.still_authorized(publication.revision, at=now),
    )


def outcome_facts(publication: Publication, *, actor: User, now: datetime) -> rules.OutcomeFacts:
    """The facts about resolving or retrying a publication."""
    may = people.may(
        actor,
        Permission.PUBLISH,
        unit=publication.revision.draft.unit,
        channel=publication.channel.public_id,
        now=now,
    )
    return rules.OutcomeFacts(Outcome(publication.outcome), may, DraftState(publication.revision.draft.state))


def withdraw_facts(draft: Draft, reason: str, *, actor: User, now: datetime) -> rules.WithdrawFacts:
    """The facts about withdrawing a published post."""
    return rules.WithdrawFacts(DraftState(draft.state), may_publish(draft, actor=actor, now=now), reason)


def correction_facts(draft: Draft, *, actor: User, now: datetime) -> rules.CorrectionFacts:
    """The facts about beginning a correction of a published post."""
    unfinished = draft.corrections.exclude(state__in=(DraftState.PUBLISHED, DraftState.CORRECTED, DraftState.WITHDRAWN))
    return rules.CorrectionFacts(DraftState(draft.state), may_edit(draft, actor=actor, now=now), unfinished.exists())
