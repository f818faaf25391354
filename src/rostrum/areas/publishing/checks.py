"""Checking a draft: what it is about as facts, what the active packs find in it, kept so that it can be run again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from rostrum.areas.archive.models import Item
from rostrum.areas.archive.rules import State as ArchiveState
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries import grants as rights
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.models import Unit, User
from rostrum.areas.publishing.models import Check, Consent, Draft, DraftRevision, Publication
from rostrum.areas.publishing.questions import QUESTIONS, Answer, Question
from rostrum.areas.publishing.rules import Content
from rostrum.kernel.findings import Finding, Strength
from rostrum.kernel.items import Kind
from rostrum.policy import evaluate
from rostrum.policy.checks.graphemes import count_as
from rostrum.policy.controls import Stage
from rostrum.policy.evaluate import Evaluation, Skipped
from rostrum.policy.facts import DraftFacts, MediaFacts, PartyRef

OTHER_PARTY_CONTROL = "draft.other-unit"
AREA_CONTROL = "grant.topics"
AREA_ANSWER = "programme_area"
CHECKLIST_CONTROL = "approval.checklist"
SIGNATURE_CONTROL = "draft.signature"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the active packs find: the joined findings, and each channel's evaluation as it is kept."""

    evaluations: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]
    pack_version: str


def check_revision(revision: DraftRevision, *, now: datetime) -> Checked:
    """Check a kept revision under the packs, and by the rights, in force now."""
    draft = revision.draft
    return check_content(
        Content.from_bytes(bytes(revision.body)),
        author=draft.author,
        unit=draft.unit,
        channels=list(revision.channels.select_related("platform")),
        draft=draft,
        now=now,
    )


def check_content(
    content: Content,
    *,
    author: User,
    unit: Unit,
    channels: Iterable[Channel],
    draft: Draft | None = None,
    now: datetime,
) -> Checked:
    """Check content that may not be kept yet, for each of its channels, and join what was found."""
    policy = governance.policy()
    places: list[Channel | None] = list(channels)
    evaluations = {
        channel.public_id if channel else "": evaluate.evaluate(
            policy,
            Stage.DRAFT_CHECK,
            _facts(content, author=author, unit=unit, channel=channel, draft=draft, now=now),
        )
        for channel in (places or [None])
    }
    return Checked(
        {name: one.to_json() for name, one in evaluations.items()}, _joined(evaluations.values()), policy.version
    )


def _joined(evaluations: Iterable[Evaluation]) -> tuple[Finding, ...]:
    """The findings of all channels, each once, the strongest first."""
    found: dict[tuple[Any, ...], Finding] = {}
    for evaluation in evaluations:
        for one in evaluation.findings:
            found.setdefault((one.control, one.clause, one.message, one.start, one.end), one)
    order = list(Strength)
    return tuple(sorted(found.values(), key=lambda one: order.index(one.strength)))


def is_replay_equal(check: Check) -> bool:
    """Whether the kept findings come out again from the kept facts.

    Raises `InvalidInput` when the packs in force are no longer those of the check.
    """
    policy = governance.policy()
    return all(evaluate.is_replay_equal(policy, Evaluation.from_json(kept)) for kept in check.evaluations.values())


def _facts(
    content: Content, *, author: User, unit: Unit, channel: Channel | None, draft: Draft | None, now: datetime
) -> DraftFacts:
    units = {one.casefold() for one in Unit.objects.values_list("name", flat=True)}
    answers: dict[str, Any] = {}
    for code, text in content.answers:
        question = QUESTIONS.get(code)
        if question is None:
            continue
        if question.answer is Answer.YES_NO:
            answers[code] = text == "yes"
        elif question.answer is Answer.LINKS:
            answers[code] = _published_before(text.split())
        else:
            answers[code] = text
    # Where a clause asks for a topic, none given is an answer too.
    if governance.policy().bound_to(QUESTIONS["official_topic"].control):
        answers.setdefault("official_topic", "")
    return DraftFacts(
        text=content.text,
        platform=channel.platform_id if channel else "",
        role=_actor(author, channel, now),
        unit=unit.name,
        author_name=author.name,
        author_title=author.title,
        signature_line=content.signature,
        is_first_post=_is_first(author, channel) if channel else None,
        media=tuple(MediaFacts(mime=one.mime, alt=one.alt, has_captions=one.has_captions) for one in content.media),
        other_party_refs=tuple(
            PartyRef(name, "unit" if name.casefold() in units else "organization") for name in content.about
        ),
        consents=tuple(Consent.objects.filter(draft=draft).values_list("party", flat=True)) if draft else (),
        is_correction=draft is not None and draft.corrects_id is not None,
        permitted_areas=(rights.topics_of(author, channel.public_id, now=now) or ()) if channel else (),
        **answers,
    )


def exemptions_used(check: Check) -> tuple[Skipped, ...]:
    """The clauses that did not speak in this check because an exemption names them, each once, with the reason."""
    skipped = [one for kept in check.evaluations.values() for one in Evaluation.from_json(kept).skipped]
    return tuple(dict.fromkeys(one for one in skipped if one.is_exempt))


def _published_before(links: Iterable[str]) -> tuple[str, ...]:
    """The links that lead to an official channel's own post in the archive, and the departments of those channels."""
    posts = Item.objects.filter(
        url__in=list(links),
        kind=Kind.POST,
        state=ArchiveState.PRESENT,
        channel__state__in=OFFICIAL_STATES,
        # What others wrote on or about the channel is no publication of the body.
        author_handle__iexact=F("channel__handle"),
    ).select_related("channel__unit")
    return tuple(dict.fromkeys(name for post in posts for name in (post.url, post.channel.unit.name)))


def _actor(author: User, channel: Channel | None, now: datetime) -> str:
    # An exemption of the packs is for elected officials, and on a channel for who speaks there for one of them; all
    # others who write for a unit are its posters.
    if author.employment_class == "elected":
        return "elected_official"
    if channel is not None and rights.represents_on(author, channel.public_id, now=now) is not None:
        return "elected_official_representative"
    return "authorized_poster"


def _is_first(author: User, channel: Channel) -> bool:
    return not Publication.objects.filter(
        channel=channel, revision__draft__author=author, published_at__isnull=False
    ).exists()


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is for one channel, counted as its platform counts; `limit` is 0 where none is known."""

    channel: str
    platform: str
    used: int
    limit: int

    @property
    def left(self) -> int:
        """How much more fits; negative when it is too long."""
        return self.limit - self.used


def lengths(content: Content, channels: Iterable[Channel]) -> list[Length]:
    """The length of the text, with its signature line, on each channel."""
    policy = governance.policy()
    counted_lengths = []
    for channel in channels:
        platform = policy.platform(channel.platform_id)
        used = count_as(content.published_text, platform.count if platform else "characters")
        counted_lengths.append(Length(channel.name, channel.platform.name, used, platform.limit if platform else 0))
    return counted_lengths


def signature_for(author: User) -> str:
    """The signature line that the active packs ask for under a post of this author; "" where none does."""
    if not governance.policy().bound_to(SIGNATURE_CONTROL):
        return ""
    return f"{author.name}, {author.title}" if author.title else author.name


def questions_asked() -> tuple[Question, ...]:
    """What the active packs ask an author about every draft."""
    policy = governance.policy()
    return tuple(one for one in QUESTIONS.values() if policy.bound_to(one.control))


def approver_questions() -> tuple[Finding, ...]:
    """What the active packs ask an approver to answer before approving: one question per clause."""
    return tuple(
        Finding(
            clause=bound.clause.id,
            control=CHECKLIST_CONTROL,
            strength=Strength.JUDGE,
            message="The approver has to answer for this.",
            section=bound.clause.section,
            paraphrase=bound.clause.paraphrase,
        )
        for bound in governance.policy().bound_to(CHECKLIST_CONTROL)
    )


def unanswered(findings: Iterable[Finding], answers: Mapping[str, str]) -> tuple[Finding, ...]:
    """The questions (findings a person must judge) without an answer; answers are by clause id."""
    return tuple(one for one in findings if one.strength is Strength.JUDGE and not answers.get(one.clause, "").strip())


def parties_found(findings: Iterable[Finding], text: str) -> tuple[str, ...]:
    """The other parties that findings point at, as the text names them."""
    return tuple(
        dict.fromkeys(
            text[one.start : one.end]
            for one in findings
            if one.control == OTHER_PARTY_CONTROL and one.start is not None
        )
    )


def counted(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    """How often each control spoke, at each strength."""
    return Counter((one.control, one.strength.value) for one in findings)


def findings_of(check: Check) -> tuple[Finding, ...]:
    """The findings a check kept."""
    return tuple(evaluate.finding_from_json(one) for one in check.findings)
