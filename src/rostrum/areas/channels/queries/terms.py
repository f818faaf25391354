"""Platforms' terms: the newest texts, their reviews and changes, and the facts that the rules about them need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import (
    CookieUse,
    TermsChange,
    TermsDecision,
    TermsLook,
    TermsProblem,
    TermsReading,
    TermsReview,
    TermsSource,
    TermsVersion,
    TermsWatch,
)
from rostrum.areas.channels.rules import ChannelState, terms_gate
from rostrum.areas.channels.rules import terms as rules
from rostrum.areas.channels.rules import terms_changes as change_rules
from rostrum.areas.channels.rules.terms import Answer, Problem, ReviewAct, ReviewState, Use
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, REVIEWED, DocumentKind
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.kernel.decisions import Decision, Reason

UNDER_WAY = (ReviewState.OPEN, ReviewState.READ, ReviewState.SIGNED)
# A channel in one of these is, or is about to be, on its platform: a change of the terms concerns it.
ON_PLATFORM = (
    ChannelState.REVIEWED,
    ChannelState.APPROVED,
    ChannelState.OPENED,
    ChannelState.DEPOSITED,
    ChannelState.CHECKED,
    ChannelState.LIVE,
    ChannelState.PAUSED,
    ChannelState.SUSPENDED,
)


# Texts and looks


def newest_terms(platform: str, document: DocumentKind) -> TermsVersion | None:
    """The newest text of a platform's document that is kept here."""
    return TermsVersion.objects.filter(platform=platform, document=document).order_by("-number").first()


def venue_rules(platform: str) -> TermsVersion | None:
    """The text those who post on the platform go by: its rules where they are kept, else its terms."""
    return newest_terms(platform, DocumentKind.RULES) or newest_terms(platform, DocumentKind.TERMS)


def venue_address(platform: str) -> str:
    """Where the platform itself shows its rules, or its terms; "" where nobody has entered it."""
    found = dict(TermsSource.objects.filter(platform=platform).exclude(address="").values_list("document", "address"))
    return found.get(DocumentKind.RULES) or found.get(DocumentKind.TERMS) or ""


def terms_versions(platform: str) -> QuerySet[TermsVersion]:
    """All texts of a platform, newest first by document, without their words."""
    return TermsVersion.objects.filter(platform=platform).select_related("added_by").defer("text")


def last_look(platform: str, document: DocumentKind) -> TermsLook | None:
    """The newest look that reached the platform's document."""
    looks = TermsLook.objects.filter(platform=platform, document=document).exclude(outcome=TermsLook.Outcome.FAILED)
    return looks.select_related("looked_by").first()


def is_stale(platform: str, document: DocumentKind, *, now: datetime) -> bool:
    """Whether nobody has looked at the platform's text for longer than the body allows."""
    look = last_look(platform, document)
    return change_rules.is_stale(look.looked_at if look else None, choices.watch_days(), now)


def terms_watch(platform: str) -> TermsWatch | None:
    """Who watches the platform's terms and who decides about them, once somebody is named."""
    return TermsWatch.objects.filter(platform=platform).select_related("watcher", "decider").first()


def may_keep_terms(platform: str, *, actor: User, now: datetime) -> Decision:
    """Whether this person may store the platform's texts, say where they stand, and who watches them."""
    watch = terms_watch(platform)
    scope = people.reach(actor, Permission.REVIEW_TERMS, now=now)
    reads = TermsReview.objects.filter(channel__platform=platform, reader=actor, state__in=UNDER_WAY).exists()
    return change_rules.decide_keeping(
        change_rules.KeepFacts(
            may_review=people.may(actor, Permission.REVIEW_TERMS, now=now),
            reaches_beyond=scope.everything or bool(scope.units),
            is_named=reads or (watch is not None and actor.pk in (watch.watcher_id, watch.decider_id)),
        )
    )


# Changes


def newest_change(platform: str, document: DocumentKind) -> TermsChange | None:
    """The latest change of a platform's document, decided or not."""
    return TermsChange.objects.filter(platform=platform, document=document).first()


def standing_changes(platform: str) -> list[TermsChange]:
    """The changes that hold a platform up: undecided, or decided against its use."""
    newest = [newest_change(platform, document) for document in REVIEWED]
    return [one for one in newest if one is not None and one.use in ("", Use.DO_NOT_USE)]


def platforms_held_up() -> frozenset[str]:
    """The platforms on which a change of the terms is undecided or decided against."""
    waiting = TermsChange.objects.filter(use__in=("", Use.DO_NOT_USE)).values_list("platform", flat=True).distinct()
    return frozenset(platform for platform in waiting if standing_changes(platform))


def terms_open(platform: str) -> str:
    """What holds the platform up, in words; "" when nothing does."""
    for change in standing_changes(platform):
        title = DOCUMENT_TITLES[DocumentKind(change.document)].lower()
        if change.use:
            return f"After a change of the {title} it was decided not to use this platform."
        return f"Terms changed, review open: the platform's {title} changed, and nobody has decided about it yet."
    return ""


def why_suspended(channel: Channel) -> Decision:
    """Why nothing is published on a suspended channel: the change of the terms, with the clause that asks for it."""
    if channel.state != ChannelState.SUSPENDED:
        return Decision()
    return Decision(terms_gate.terms_open(f"{channel.name}: {terms_open(channel.platform_id)}", pack.clauses()))


def change_facts(
    change: TermsChange, *, seen: str, use: Use, reasons: str, conditions: str, actor: User
) -> change_rules.ChangeFacts:
    """The facts about a decision on a change."""
    watch = terms_watch(change.platform_id)
    latest = newest_change(change.platform_id, DocumentKind(change.document))
    return change_rules.ChangeFacts(
        actor=actor.public_id,
        decider=watch.decider.public_id if watch else "",
        is_newest_item=latest is not None and latest.pk == change.pk,
        seen=seen,
        newest=change.to_version.sha256,
        use=use,
        reasons=reasons,
        conditions=conditions,
        clauses=pack.clauses(),
    )


# Reviews


def reviews() -> QuerySet[TermsReview]:
    """Reviews with what pages show of them."""
    return TermsReview.objects.select_related(
        "channel__platform", "channel__unit", "terms", "privacy", "reader", "signed_by", "accepted_by", "adopted_from"
    ).defer("terms__text", "privacy__text", "adopted_from__fit")


def review_of(channel: Channel) -> TermsReview | None:
    """The channel's review that counts: the newest that was not dropped."""
    return reviews().filter(channel=channel).exclude(state=ReviewState.DROPPED).first()


def review_in_force(channel: Channel) -> TermsReview | None:
    """The channel's newest review whose terms were accepted, also while a change of them is undecided."""
    return reviews().filter(channel=channel, accepted_at__isnull=False).order_by("-accepted_at", "-pk").first()


def adoptable_reviews(channel: Channel) -> list[TermsReview]:
    """Accepted reviews of the same platform's newest texts that could be taken over, newest first; one per reading."""
    found: dict[int, TermsReview] = {}
    accepted = reviews().filter(
        channel__platform=channel.platform_id, state=ReviewState.ACCEPTED, adopted_from__isnull=True
    )
    for review in accepted.exclude(channel=channel):
        if is_newest(review):
            found.setdefault(review.pk, review)
    return list(found.values())


def is_newest(review: TermsReview) -> bool:
    """Whether the texts of the review are the newest kept here.

    What was accepted, or taken over from what was, also stands for a newer text that was decided for use since.
    """
    may_be_settled = review.state == ReviewState.ACCEPTED or review.adopted_from_id is not None
    return all(
        _is_newest(review.channel.platform_id, document, read, may_be_settled)
        for document, read in ((DocumentKind.TERMS, review.terms_id), (DocumentKind.PRIVACY, review.privacy_id))
    )


def _is_newest(platform: str, document: DocumentKind, read: int, may_be_settled: bool) -> bool:
    newest = newest_terms(platform, document)
    if newest is None or newest.pk == read:
        return newest is not None
    change = newest_change(platform, document) if may_be_settled else None
    return change is not None and change.to_version_id == newest.pk and change.use in (Use.USE, Use.CONDITIONAL)


def answers_of(review: TermsReview) -> dict[str, Answer]:
    """The review's answers by question, those that name a person included; of a review taken over, its source's."""
    source = review.adopted_from or review
    found = {
        one.question: Answer(one.choice, one.note, one.quote, one.place) for one in source.answers.order_by("question")
    }
    for question in ("authority", "reader", "watcher", "decider"):
        person = getattr(review, question) or getattr(source, question)
        found[question] = Answer(person.public_id if person else "")
    return found


def problems_of(review: TermsReview) -> QuerySet[TermsProblem]:
    """The terms marked as a problem and not withdrawn; of a review taken over, its source's."""
    return TermsProblem.objects.filter(review=review.adopted_from or review, withdrawn_at=None)


def decision_on(review: TermsReview) -> TermsDecision | None:
    """The decision in force on what the reader found; of a review taken over, its own or else its source's."""
    for one in (review, review.adopted_from):
        # A decision on what was read before the reader read again counts no more.
        if one is not None and one.read_at is not None:
            found = one.decisions.filter(decided_at__gte=one.read_at).select_related("decided_by").first()
            if found is not None:
                return found
    return None


def is_decision_needed(review: TermsReview) -> bool:
    """Whether what the reader found has to be decided."""
    return rules.needs_decision(answers_of(review), _problem_facts(review))


def _problem_facts(review: TermsReview) -> tuple[Problem, ...]:
    return tuple(Problem(one.quote, one.why, one.is_deal_breaker, one.conflicts_with) for one in problems_of(review))


def may_review(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may review the terms of this channel's platform, or name who does."""
    decision = people.may(actor, Permission.REVIEW_TERMS, unit=channel.unit, owner=channel.requested_by, now=now)
    scope = people.reach(actor, Permission.REVIEW_TERMS, now=now)
    # Nobody asked for a channel that was found, so it is nobody's own.
    if channel.requested_by_id is None and not (scope.everything or channel.unit.public_id in scope.units):
        return decision.also(Decision((Reason("out-of-reach", "Nobody asked for this channel; it is not your own."),)))
    return decision


def may_read(channel: Channel, *, reader: User, now: datetime) -> Decision:
    """Whether this person may be named reader for the channel."""
    return may_review(channel, actor=reader, now=now)


def begin_facts(channel: Channel, *, reader: User, actor: User, now: datetime) -> rules.BeginFacts:
    """The facts about naming a reader for a channel's platform."""
    current = review_of(channel)
    under_way = current is not None and current.state in UNDER_WAY and current.read_at is not None
    return rules.BeginFacts(
        may_begin=may_review(channel, actor=actor, now=now),
        may_read=may_read(channel, reader=reader, now=now),
        has_ended=channel.state in (ChannelState.DECLINED, ChannelState.CLOSED),
        missing=tuple(
            DOCUMENT_TITLES[one].lower() for one in REVIEWED if newest_terms(channel.platform_id, one) is None
        ),
        under_way=f"{current.reader.name} has read the terms" if current and under_way else "",
        clauses=pack.clauses(),
    )


def reading_facts(review: TermsReview, *, newest_confirmed: bool, actor: User) -> rules.ReadingFacts:
    """The facts about completing a reading."""
    return rules.ReadingFacts(
        state=ReviewState(review.state),
        actor=actor.public_id,
        reader=review.reader.public_id,
        is_newest=is_newest(review),
        newest_confirmed=newest_confirmed,
        answers=answers_of(review),
        risks=review.risks,
        every_days=review.every_days,
        problems=_problem_facts(review),
        texts=texts_of(review),
        question_clauses=choices.question_clauses(),
        clauses=pack.clauses(),
    )


def texts_of(review: TermsReview) -> Mapping[str, str]:
    """The words of the review's two texts, by document."""
    found = TermsVersion.objects.filter(pk__in=(review.terms_id, review.privacy_id))
    return dict(found.values_list("document", "text"))


def holds_any(actor: User, roles: Sequence[Role], channel: Channel, *, now: datetime) -> bool:
    """Whether the person holds one of the roles, for the whole body or for the channel's department."""
    return any(held.role in roles and held.unit in ("", channel.unit.public_id) for held in people.roles_of(actor, now))


def sign_facts(review: TermsReview, act: ReviewAct, *, actor: User, now: datetime, note: str = "") -> rules.SignFacts:
    """The facts about the second signature."""
    roles = choices.signing_roles()
    return rules.SignFacts(
        state=ReviewState(review.state),
        act=act,
        actor=actor.public_id,
        reader=review.reader.public_id,
        has_role=holds_any(actor, roles, review.channel, now=now),
        may_sign=choices.titles(roles),
        clauses=pack.clauses(),
        note=note,
    )


def use_facts(review: TermsReview, use: Use, reasons: str, conditions: str, *, actor: User) -> rules.UseFacts:
    """The facts about a decision on what the reader found."""
    decider = review.decider or (review.adopted_from.decider if review.adopted_from else None)
    return rules.UseFacts(
        state=ReviewState(review.state),
        actor=actor.public_id,
        reader=review.reader.public_id,
        decider=decider.public_id if decider else "",
        is_needed=is_decision_needed(review),
        use=use,
        reasons=reasons,
        conditions=conditions,
        clauses=pack.clauses(),
    )


def accept_facts(review: TermsReview, *, actor: User, now: datetime) -> rules.AcceptFacts:
    """The facts about agreeing to the terms."""
    roles = choices.accepting_roles()
    decision = decision_on(review)
    return rules.AcceptFacts(
        state=ReviewState(review.state),
        has_role=holds_any(actor, roles, review.channel, now=now),
        may_accept=choices.titles(roles),
        reader=review.reader.name,
        read_at=review.read_at,
        now=now,
        is_newest=is_newest(review),
        needs_decision=is_decision_needed(review),
        decided=decision.use if decision else "",
        clauses=pack.clauses(),
    )


def adopt_facts(channel: Channel, source: TermsReview, fit: str, *, actor: User, now: datetime) -> rules.AdoptFacts:
    """The facts about taking an earlier review over for a channel."""
    return rules.AdoptFacts(
        begin=rules.decide_beginning(begin_facts(channel, reader=actor, actor=actor, now=now)),
        same_platform=source.channel.platform_id == channel.platform_id,
        is_accepted=source.state == ReviewState.ACCEPTED,
        is_newest=is_newest(source),
        fit=fit,
        clauses=pack.clauses(),
    )


def user_posts(channel: Channel, *, at: datetime | None = None) -> tuple[str, TermsReview | None]:
    """Whose property users' posts on the channel may be, as the review accepted by that instant found (default: ever).

    A choice of `terms.questions.PROPERTIES` and the review, or "" where none was accepted by then.
    """
    accepted = reviews().filter(channel=channel, accepted_at__isnull=False).order_by("-accepted_at", "-pk")
    review = (accepted.filter(accepted_at__lte=at) if at is not None else accepted).first()
    if review is None:
        return "", None
    return answers_of(review).get("user-posts", Answer()).choice, review


@dataclass(frozen=True, slots=True)
class Venue:
    """A platform somebody writes for: where its rules stand, the text kept here, and whether they confirmed it."""

    platform: str
    name: str
    address: str
    version: TermsVersion | None
    is_unread: bool


def venues(person: User, channels: Sequence[Channel]) -> list[Venue]:
    """The platforms of these channels with their rules, for whoever writes for them."""
    unread = {one.platform_id for one in unread_rules(person, channels)}
    platforms = {one.platform_id: one.platform.name for one in channels}
    return [
        Venue(slug, name, venue_address(slug), venue_rules(slug), slug in unread)
        for slug, name in sorted(platforms.items(), key=lambda one: one[1])
    ]


# Those who post


def speakers(platform: str, *, now: datetime) -> list[User]:
    """Everybody who holds the right to speak on a channel of the platform that is not at its end."""
    channels = Channel.objects.filter(platform=platform, state__in=ON_PLATFORM).values_list("public_id", flat=True)
    found: dict[int, User] = {}
    for channel in channels:
        for person in people.holders_of_right(Right.SPEAK, channel, now=now):
            found.setdefault(person.pk, person)
    return list(found.values())


def channels_of_speaker(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels on which this person holds the right to speak."""
    held = [one.channel for one in people.rights_of(person, now) if one.right is Right.SPEAK]
    return Channel.objects.filter(public_id__in=held, state__in=ON_PLATFORM)


def has_read(person: User, version: TermsVersion) -> bool:
    """Whether the person has confirmed having read this text."""
    return TermsReading.objects.filter(version=version, person=person).exists()


def unread_rules(person: User, channels: Sequence[Channel]) -> list[TermsVersion]:
    """The rules of these channels' platforms that the person has not confirmed, where a pack asks those who post to."""
    if not choices.posters_confirm():
        return []
    versions = [venue_rules(platform) for platform in dict.fromkeys(one.platform_id for one in channels)]
    return [one for one in versions if one is not None and not has_read(person, one)]


def confirm_facts(version: TermsVersion, *, actor: User, now: datetime) -> change_rules.ConfirmFacts:
    """The facts about confirming a reading."""
    current = venue_rules(version.platform_id)
    return change_rules.ConfirmFacts(
        speaks=any(one.pk == actor.pk for one in speakers(version.platform_id, now=now)),
        is_newest=current is not None and current.pk == version.pk,
        already=has_read(actor, version),
        clauses=pack.clauses(),
    )


# Cookies of the body's own site


def cookie_use() -> CookieUse | None:
    """What was last said about persistent cookies on the body's own site."""
    return CookieUse.objects.select_related("said_by").first()


def may_state_cookies(*, actor: User, now: datetime) -> Decision:
    """Whether this person may say what cookies the body's own site uses."""
    scope = people.reach(actor, Permission.REVIEW_TERMS, now=now)
    return change_rules.decide_keeping(
        change_rules.KeepFacts(
            may_review=people.may(actor, Permission.REVIEW_TERMS, now=now),
            reaches_beyond=scope.everything or bool(scope.units),
            is_named=False,
        )
    )


def cookie_facts(*, reasons: str, privacy_policy: str, actor: User, now: datetime) -> change_rules.CookieFacts:
    """The facts about the information officer's decision on the cookies."""
    roles = choices.signing_roles()
    said = cookie_use()
    return change_rules.CookieFacts(
        uses_cookies=said is not None and said.uses_cookies,
        has_role=any(held.role in roles for held in people.roles_of(actor, now)),
        may_decide=choices.titles(roles),
        reasons=reasons,
        privacy_policy=privacy_policy,
        clauses=pack.clauses(),
    )


def waiting_reviews(person: User, *, now: datetime) -> list[tuple[TermsReview, str]]:
    """The reviews that wait for this person, each with what they are to do."""
    found: list[tuple[TermsReview, str]] = []
    under_way = (
        reviews()
        .filter(Q(state__in=UNDER_WAY))
        .exclude(channel__state__in=(ChannelState.DECLINED, ChannelState.CLOSED))
    )
    # Mostly nothing is under way, and whole reviews cost more to ask for than to look for.
    for review in under_way if under_way.exists() else ():
        if what := _next_for(review, person, now):
            found.append((review, what))
    return found


def _next_for(review: TermsReview, person: User, now: datetime) -> str:
    if review.state == ReviewState.OPEN:
        return "Read the terms and answer" if review.reader_id == person.pk else ""
    decider = review.decider or (review.adopted_from.decider if review.adopted_from else None)
    if decider == person and is_decision_needed(review) and decision_on(review) is None:
        return "Decide on what the reader found"
    if review.state == ReviewState.READ:
        facts = sign_facts(review, ReviewAct.SIGN, actor=person, now=now)
        return "Sign the review" if rules.decide_sign_off(facts).allowed else ""
    accepts = rules.decide_acceptance(accept_facts(review, actor=person, now=now)).allowed
    return "Agree to the terms for the body" if accepts else ""


# Who may be named for what


def possible_readers(channel: Channel, *, now: datetime) -> list[User]:
    """Those who may be named to read the terms for this channel."""
    found: dict[int, User] = {one.pk: one for one in (channel.requested_by,) if one is not None}
    for role in (Role.DEPARTMENT_HEAD, Role.COORDINATOR, Role.PUBLIC_AFFAIRS):
        for person in people.persons_with(role, unit=channel.unit, now=now).select_related("unit"):
            found.setdefault(person.pk, person)
    return sorted(
        (one for one in found.values() if may_read(channel, reader=one, now=now).allowed), key=lambda one: one.name
    )


def possible_deciders(*, now: datetime) -> list[User]:
    """Those who may be named to watch a platform's terms or to decide about them."""
    return _holders(
        (Role.COORDINATOR, Role.PUBLIC_AFFAIRS, Role.DEPARTMENT_HEAD, Role.AGENCY_HEAD, Role.IT_DIRECTOR), now=now
    )


def possible_authorities(*, now: datetime) -> list[User]:
    """Those who may agree to terms for the body."""
    return _holders(choices.accepting_roles(), now=now)


def _holders(roles: Sequence[Role], *, now: datetime) -> list[User]:
    found: dict[int, User] = {}
    for role in roles:
        for person in people.persons_with(role, now=now).select_related("unit"):
            found.setdefault(person.pk, person)
    return sorted(found.values(), key=lambda one: one.name)
