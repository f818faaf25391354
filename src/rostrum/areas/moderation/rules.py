"""Which measure a comment may meet, and why not. A person decides; nothing here acts by itself (records-and-law M2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rostrum.areas.moderation.states import (
    ASSESSMENT_MACHINE,
    IN_TROUBLE,
    AssessmentAct,
    AssessmentState,
    Measure,
    Outcome,
)
from rostrum.kernel.decisions import Decision, Reason

REMOVING = (Measure.HIDE, Measure.DELETE)
# The need that is checked against the comment itself: the words, or the picture, that meet the ground.
PASSAGE = "passage"
_PICTURE = re.compile(r"(?:image|picture|video|medium) (\d{1,3})")


@dataclass(frozen=True, slots=True)
class ElementAnswer:
    """A person's answer to one element of a ground: met or not, and in which words of the comment."""

    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class GroundAnswer:
    """A ground somebody chose, with its elements answered and the facts it needs (target, law, passage …)."""

    ground: str
    elements: Mapping[str, ElementAnswer]
    needs: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_met(self) -> bool:
        """Whether every element is met."""
        return bool(self.elements) and all(answer.met for answer in self.elements.values())


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """One ground of the active pack. `choices` lists, per need, the only answers there are (the listed statuses)."""

    id: str
    title: str
    clause: str
    elements: tuple[str, ...]
    needs_second_person: bool
    needs: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    raises_alert: bool = False
    risk: str = ""
    risk_case: str = ""
    risk_note: str = ""
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What opening an assessment needs."""

    is_comment: bool
    is_own: bool
    is_restricted: bool
    is_open_already: bool
    is_removed: bool = False
    # The clause by which it is the site's own advertising, and outside the body's control; "" where it is not.
    advertising: str = ""


def decide_opening(facts: OpeningFacts) -> Decision:
    """Whether this Item can be assessed at all."""
    against = []
    if facts.is_own or not facts.is_comment:
        against.append(
            Reason(
                "own-post", "Only what others answered is assessed; the body's own posts are corrected or withdrawn."
            )
        )
    if facts.is_restricted:
        against.append(Reason("restricted", "A direct message is no comment on the page; it is not moderated."))
    if facts.advertising:
        against.append(_not_ours(facts.advertising))
    if facts.is_open_already:
        against.append(Reason("open-already", "An assessment of this comment is open already."))
    if facts.is_removed:
        against.append(
            Reason("removed-already", "The comment is removed; what can be done now is to have it shown again.")
        )
    return Decision(tuple(against))


def _not_ours(clause: str) -> Reason:
    words = "This is set apart as the site's own advertising: it is outside the body's control, and not moderated."
    return Reason("advertising", words, clause)


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """What the decision about an assessment needs."""

    state: AssessmentState
    answers: tuple[GroundAnswer, ...]
    grounds: Mapping[str, GroundFacts]  # the pack's closed list
    measure: Measure
    reason: str
    can_hide: bool
    can_delete: bool
    version_is_current: bool = True
    text: str = ""  # what the comment says
    media: int = 0  # how many pictures or videos it has
    refer_to: str = ""
    referral_answered: bool = False


def decide_assessment(facts: AssessmentFacts) -> Decision:
    """Whether the assessment may stand: grounds from the closed list only, every element answered in words."""
    against = list(_state(facts.state, AssessmentAct.ASSESS).against)
    if not facts.reason.strip():
        against.append(
            Reason("no-reason", "Say in a sentence why; the reason is part of the record.", "WAU-removal-13d")
        )
    for answer in facts.answers:
        ground = facts.grounds.get(answer.ground)
        if ground is None:
            against.append(Reason("unknown-ground", f"“{answer.ground}” is not a ground of the active policy."))
        else:
            against += _unanswered(ground, answer)
            against += _unfounded(ground, answer, facts)
    if facts.measure in REMOVING and not met_grounds(facts.answers, facts.grounds):
        against.append(
            Reason("no-ground-met", "A comment can be removed only when every element of at least one ground is met.")
        )
    if facts.measure is Measure.REFER and not facts.refer_to:
        against.append(Reason("refer-to-whom", "Say to whom the comment is referred."))
    if facts.measure is Measure.REFER and facts.referral_answered:
        against.append(
            Reason(
                "answered-already",
                "The alert of this assessment was answered already: give it up and refer the comment by a new one.",
            )
        )
    if facts.measure is Measure.HIDE and not facts.can_hide:
        against.append(Reason("cannot-hide", "This platform cannot hide a comment, or no log-in for it is in custody."))
    if facts.measure is Measure.DELETE and not facts.can_delete:
        against.append(Reason("cannot-delete", "This platform does not let the body delete another person's comment."))
    # A threat that was edited away is referred by what it said; everything else is judged by what it says now.
    if not facts.version_is_current and facts.measure is not Measure.REFER:
        against.append(_CHANGED)
    return Decision(tuple(against))


_CHANGED = Reason(
    "comment-changed",
    "The comment has changed since the evidence was taken: give this assessment up and assess what it says now.",
)


def _unanswered(ground: GroundFacts, answer: GroundAnswer) -> list[Reason]:
    against = []
    for element in ground.elements:
        given = answer.elements.get(element)
        if given is None or not given.why.strip():
            against.append(
                Reason(
                    "element-unanswered",
                    f"{ground.title}: answer “{element}” and say where the comment shows it.",
                    ground.clause,
                )
            )
    return against


def _unfounded(ground: GroundFacts, answer: GroundAnswer, facts: AssessmentFacts) -> list[Reason]:
    """The facts that a ground needs: asked only where it is found to be met."""
    if not is_met(ground, answer):
        return []
    against = []
    for need in ground.needs:
        given = answer.needs.get(need, "").strip()
        if not given:
            against.append(Reason("need-missing", f"{ground.title}: name the {need}.", ground.clause))
        elif need in ground.choices and given not in ground.choices[need]:
            against.append(Reason("need-not-listed", f"{ground.title}: “{given}” is no listed {need}.", ground.clause))
        elif need == PASSAGE and not is_in_comment(given, facts.text, facts.media):
            against.append(
                Reason(
                    "passage-not-there",
                    f"{ground.title}: the marked passage does not stand in the comment. Copy its own words"
                    + (", or write “image 1”." if facts.media else "."),
                    ground.clause,
                )
            )
    return against


def is_in_comment(passage: str, text: str, media: int = 0) -> bool:
    """Whether the passage is in the text as it stands (white space and case aside), or names one of its pictures."""
    wanted = _plain(passage.strip().strip("“”\"'"))
    picture = _PICTURE.fullmatch(wanted)
    return bool(wanted) and (wanted in _plain(text) or (picture is not None and 1 <= int(picture[1]) <= media))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_met(ground: GroundFacts, answer: GroundAnswer) -> bool:
    """Whether every element of the ground is answered as met."""
    return set(answer.elements) >= set(ground.elements) and answer.all_met


def met_grounds(answers: Sequence[GroundAnswer], grounds: Mapping[str, GroundFacts]) -> tuple[GroundFacts, ...]:
    """The grounds of the closed list whose every element is met."""
    return tuple(
        grounds[answer.ground]
        for answer in answers
        if answer.ground in grounds and is_met(grounds[answer.ground], answer)
    )


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What carrying out a measure needs."""

    state: AssessmentState
    measure: Measure
    needs_second: bool
    seconded: bool
    assessed_by: str
    actor: str
    evidence_intact: bool
    version_is_current: bool
    policy_is_current: bool
    is_gone: bool = False
    poster_is_known: bool = True
    advertising: str = ""


def decide_second(facts: MeasureFacts) -> Decision:
    """Whether this person may second the assessment."""
    against = list(_state(facts.state, AssessmentAct.SECOND).against)
    if facts.measure not in REMOVING:
        against.append(Reason("no-removal", "The assessment does not propose a removal."))
    if facts.assessed_by == facts.actor:
        against.append(Reason("own-assessment", "A second person must look: not the one who assessed the comment."))
    return Decision(tuple(against))


def decide_removal(facts: MeasureFacts) -> Decision:
    """Whether the removal may go to the platform: evidence first, the policy current, two persons where asked."""
    against = list(_state(facts.state, AssessmentAct.APPLY).against)
    if facts.measure not in REMOVING:
        against.append(Reason("no-removal", "The assessment does not propose a removal."))
    if facts.advertising:
        against.append(_not_ours(facts.advertising))
    if facts.needs_second and not facts.seconded:
        against.append(
            Reason(
                "second-person",
                "A ground of this assessment is sensitive to viewpoint: a second person must agree first.",
            )
        )
    if not facts.evidence_intact:
        against.append(
            Reason(
                "evidence-missing",
                "The evidence cannot be read back whole; nothing may happen on the platform before it is.",
                "WAU-removal-13",
            )
        )
    if not facts.version_is_current:
        against.append(_CHANGED)
    if not facts.policy_is_current:
        against.append(
            Reason(
                "policy-changed",
                "The active policy has changed since the assessment: give it up and assess the comment anew.",
            )
        )
    if facts.is_gone:
        against.append(
            Reason("gone-already", "The comment is no longer on the platform; it stays in the archive, as it was.")
        )
    if not facts.poster_is_known:
        against.append(
            Reason(
                "poster-unknown",
                "The archive does not know who wrote the comment, and the record of a removal must say so.",
                "WAU-removal-13b",
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class RemovalFacts:
    """How a removal stands, for what can be done about it afterwards."""

    state: AssessmentState
    outcome: Outcome
    measure: Measure
    remover: str
    actor: str
    author_was_told: bool


def decide_trouble(facts: RemovalFacts) -> Decision:
    """Whether a person may settle it: only after the platform refused or did not answer."""
    if facts.outcome in IN_TROUBLE:
        return Decision()
    return Decision((Reason("nothing-wrong", "The platform has not refused this; there is nothing to settle."),))


def decide_abandoning(facts: RemovalFacts) -> Decision:
    """Whether the removal may be given up: only while it was never carried out."""
    if facts.outcome is Outcome.RESTORE_FAILED:
        return Decision(
            (Reason("decided-to-restore", "It was decided to show the comment again; that cannot be given up."),)
        )
    return decide_trouble(facts)


def decide_restoration(facts: RemovalFacts) -> Decision:
    """Whether this person may have the comment shown again (records-and-law M6)."""
    against = list(_state(facts.state, AssessmentAct.RESTORE).against)
    if facts.remover == facts.actor:
        against.append(
            Reason("own-removal", "A removal is looked at again by another person than the one who made it.")
        )
    if facts.measure is not Measure.HIDE:
        against.append(
            Reason("not-hidden", "A deleted comment cannot be shown again; its record stays in the archive.")
        )
    return Decision(tuple(against))


def decide_notice(facts: RemovalFacts) -> Decision:
    """Whether a notice to the author can be recorded: once, and after the removal was carried out."""
    against = []
    if facts.author_was_told:
        against.append(Reason("recorded-already", "What was said to the author is recorded already."))
    if facts.outcome not in (Outcome.APPLIED, Outcome.RESTORING, Outcome.RESTORE_FAILED, Outcome.RESTORED):
        against.append(Reason("not-removed", "The comment was not removed, so there is nothing to tell its author."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """What answering a referral needs."""

    is_open: bool
    owed_by: str  # the role that owes the answer
    may_answer: bool


def decide_referral_answer(facts: ReferralFacts) -> Decision:
    """Whether this person may say what came of a referral."""
    against = []
    if not facts.is_open:
        against.append(Reason("not-referred", "No referral of this comment waits for an answer."))
    if not facts.may_answer:
        against.append(Reason("not-yours", f"This is answered by those it was referred to: {facts.owed_by}."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What keeping somebody from a channel needs.

    `notice_stood` says whether a look at the page shows the notice at the time of the comment; `clauses` are those
    that let a person be blocked and that ask for the notice ("" where none does).
    """

    removal_stands: bool
    notice_stood: bool
    is_blocked: bool
    may_block_clause: str
    notice_clause: str
    longest_days: int
    days: int
    reason: str
    heard_by: str


def decide_block(facts: BlockFacts) -> Decision:
    """Whether a block may be asked for or agreed to: on a removal that stands, with the notice there beforehand."""
    against = []
    clause = facts.may_block_clause or None
    if not facts.may_block_clause:
        against.append(Reason("no-clause", "No clause of the policy in force lets a person be blocked."))
    if not facts.removal_stands:
        words = "A person is blocked only on a removal that stands on the platform; this one does not."
        against.append(Reason("no-removal", words, clause))
    if not facts.notice_stood:
        against.append(
            Reason(
                "no-notice",
                "No look at the page shows that it warned of blocking when the comment was made. Have the page "
                "show the notice and checked (Channels, the channel, Page); it counts for comments made after that.",
                facts.notice_clause or None,
            )
        )
    if facts.is_blocked:
        against.append(Reason("blocked-already", "A block on this removal is asked for or in force already.", clause))
    if not 1 <= facts.days <= facts.longest_days:
        words = f"Say for how many days, at least 1 and at most {facts.longest_days}."
        against.append(Reason("length", words, clause))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say in a sentence why; the reason is part of the record.", clause))
    if not facts.heard_by.strip():
        words = "Say how the person can reach the body while blocked."
        against.append(Reason("not-heard", words, clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class BlockStanding:
    """How a block stands, for what can be done about it."""

    asked_by: str
    actor: str
    is_agreed: bool
    is_done: bool
    is_ended: bool


def decide_block_agreement(standing: BlockStanding) -> Decision:
    """Whether this person may agree to a block: a second person, once."""
    against = []
    if standing.is_ended or standing.is_agreed:
        against.append(Reason("nothing-to-agree", "This block waits for nobody's agreement."))
    if standing.asked_by == standing.actor:
        against.append(Reason("own-block", "A second person must agree: not the one who asked for the block."))
    return Decision(tuple(against))


def decide_block_done(standing: BlockStanding) -> Decision:
    """Whether it may be said that the person is blocked on the platform: agreed, and not said before."""
    if standing.is_agreed and not standing.is_done and not standing.is_ended:
        return Decision()
    return Decision((Reason("nothing-to-do", "This block is not agreed to, is carried out already, or has ended."),))


def decide_block_end(standing: BlockStanding) -> Decision:
    """Whether a block may be ended: any moderator may lift one or give it up, once."""
    return Decision((Reason("ended-already", "This block has ended."),) if standing.is_ended else ())


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What answering a message that was meant as a legal notice needs; `clause` says that it is none ("" for none)."""

    is_own: bool
    is_answered: bool
    clause: str


def decide_notice_answer(facts: NoticeFacts) -> Decision:
    """Whether the standard reply can be recorded: to what somebody else wrote, once, where the policy says so."""
    against = []
    if not facts.clause:
        words = "No clause of the policy in force says that such a message is no legal notice; ask the city attorney."
        against.append(Reason("no-clause", words))
    if facts.is_own:
        against.append(Reason("own-post", "The body wrote this itself; only what others send is answered."))
    if facts.is_answered:
        words = "The standard reply to this message is recorded already."
        against.append(Reason("answered-already", words, facts.clause or None))
    return Decision(tuple(against))


def decide_dropping(state: AssessmentState) -> Decision:
    """Whether the assessment may be given up; once the platform was asked, the removal itself is (`abandon`)."""
    if state is AssessmentState.APPLYING:
        return Decision((Reason("platform-was-asked", "The platform has been asked; see what came of it first."),))
    return _state(state, AssessmentAct.DROP)


def decide_act(state: AssessmentState, act: AssessmentAct) -> Decision:
    """Whether the state lets this be done at all."""
    return _state(state, act)


def _state(state: AssessmentState, act: AssessmentAct) -> Decision:
    return ASSESSMENT_MACHINE.decide(state, act)
