"""Opening an assessment, answering its grounds, agreeing to it, giving it up; what a referral came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.moderation import conversation as reads
from rostrum.areas.moderation import operations, queries, rules
from rostrum.areas.moderation.forms import (
    NEEDS,
    AssessmentForm,
    BlockForm,
    NoticeForm,
    ReasonForm,
    answers_in,
    ground_fields,
    typed,
)
from rostrum.areas.moderation.looking import Reread
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.states import AssessmentAct, AssessmentState, Measure, Outcome
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import ROLE_TITLES, Permission, Role
from rostrum.kernel.decisions import Decision, Reason, Refused

# How a state looks beside the title; the words come from the model.
_KINDS = {
    AssessmentState.CAPTURED: "wait",
    AssessmentState.ASSESSED: "wait",
    AssessmentState.SECONDED: "wait",
    AssessmentState.APPLYING: "wait",
    AssessmentState.RESTORING: "wait",
    AssessmentState.APPLIED: "stop",
    AssessmentState.KEPT: "ok",
    AssessmentState.RESTORED: "ok",
    AssessmentState.REFERRED: "info",
    AssessmentState.DROPPED: "quiet",
}
_REREAD = {
    Reread.OK: "looked at again right before, on the platform itself",
    Reread.GONE: "looked at again right before: the platform no longer showed it",
    Reread.NOT_POSSIBLE: "the platform could not be asked again; this is what capture had seen",
}


def visible_assessment(request: HttpRequest, assessment_id: str) -> Assessment:
    """The assessment, if this person may see its channel's conversation; else 404."""
    seen = reads.visible_assessments(signed_in_person(request), now=timezone.now())
    return get_object_or_404(seen, public_id=assessment_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def open_assessment(request: HttpRequest, item_id: str) -> HttpResponse:
    """Look at the comment once more, take the evidence and open the assessment."""
    person, now = signed_in_person(request), timezone.now()
    get_object_or_404(reads.visible_items(person, now=now), public_id=item_id)
    made = operations.look_and_open(item_id=item_id, actor=person, now=now)
    messages.success(request, "The evidence is taken and hashed. Now say what you find.")
    return redirect("assessment", made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def assessment(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """One assessment: the comment, its evidence, the grounds, and what was decided."""
    found = visible_assessment(request, assessment_id)
    if request.method != "POST":
        return assessment_page(request, found)
    form = AssessmentForm(request.POST, can_hide=queries.can_hide(found.item))
    if not form.is_valid():
        return assessment_page(request, found, form=form)
    try:
        operations.assess_comment(
            assessment_id=found.public_id,
            answers=answers_in(queries.grounds().values(), typed(request.POST)),
            measure=Measure(form.cleaned_data["measure"]),
            refer_to=form.cleaned_data["refer_to"] if form.cleaned_data["measure"] == Measure.REFER else "",
            reason=form.cleaned_data["reason"],
            actor=signed_in_person(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        # Shown with everything that was typed: an assessment is too much work to be typed twice.
        return assessment_page(request, found, form=form, refusal=refusal.reasons)
    messages.success(request, "Your assessment is recorded.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def second(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Agree as the second person."""
    found = visible_assessment(request, assessment_id)
    agree = partial(operations.second_assessment, assessment_id=assessment_id)
    return act_on(request, found, agree, "You agreed as the second person.")


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def remove(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Decide the removal; the platform is asked right after."""
    found = visible_assessment(request, assessment_id)
    decide = partial(operations.decide_removal, assessment_id=assessment_id)
    return act_on(request, found, decide, "The removal is recorded. The platform is being asked now.")


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def drop(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Give the assessment up."""
    found = visible_assessment(request, assessment_id)
    form = ReasonForm(request.POST, prefix="drop")
    return act_on(
        request,
        found,
        lambda **who: operations.drop_assessment(assessment_id=assessment_id, **form.cleaned_data, **who),
        "The assessment is given up; the evidence stays.",
        to=("conversation-thread", found.item.public_id),
        drop_form=form,
    )


@require_POST
@opens_for(Permission.SEE_CONVERSATION)
def answer(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Say what came of a referral or an alert."""
    found = visible_assessment(request, assessment_id)
    form = ReasonForm(request.POST, prefix="answer")
    return act_on(
        request,
        found,
        lambda **who: operations.answer_referral(
            assessment_id=assessment_id, answer=form.cleaned_data["reason"], **who
        ),
        "Your answer is recorded; the duty is closed.",
        answer_form=form,
    )


def act_on(
    request: HttpRequest,
    found: Assessment,
    act: Callable[..., object],
    done: str,
    *,
    to: tuple[str, str] | None = None,
    **bound: ReasonForm | NoticeForm | BlockForm,
) -> HttpResponse:
    """Do one act about an assessment, say that it is done, and lead on; `act` is given who acts, and when.

    A form (by its name on the page) that cannot be used (422), or whose act a rule refuses (409), comes back with what
    was typed. Raises `Refused` where nothing was typed that could be lost.
    """
    if not all(form.is_valid() for form in bound.values()):
        return assessment_page(request, found, bound=bound)
    try:
        act(actor=signed_in_person(request), now=timezone.now())
    except Refused as refusal:
        if not bound:
            raise
        return assessment_page(request, found, refusal=refusal.reasons, bound=bound)
    messages.success(request, done)
    return redirect(*(to or ("assessment", found.public_id)))


def assessment_page(
    request: HttpRequest,
    found: Assessment,
    *,
    form: AssessmentForm | None = None,
    refusal: tuple[Reason, ...] = (),
    bound: Mapping[str, ReasonForm | NoticeForm | BlockForm] | None = None,
) -> HttpResponse:
    """The page of an assessment; with a form that could not be used, that form (422), or why it was refused (409).

    `bound` holds the page's smaller forms by their names there.
    """
    person, now = signed_in_person(request), timezone.now()
    grounds = queries.grounds()
    stored = queries.answers_of(found)
    facts = queries.measure_facts(found, person)
    may = queries.may_moderate(person, found.item, now=now)
    removal = Removal.objects.filter(assessment=found).select_related("remover", "restored_by", "assessment").first()
    can_hide = queries.can_hide(found.item)
    given = typed(request.POST) if form else None
    initial = {"measure": found.measure, "reason": found.reason, "refer_to": found.referred_to}
    context: dict[str, Any] = {
        "assessment": found,
        "item": found.item,
        "state_kind": _KINDS[facts.state],
        "question": _post_answered(found.item),
        "media": list(found.version.media.all()),
        "evidence_intact": facts.evidence_intact,
        "is_current": facts.version_is_current,
        "reread_words": _REREAD[Reread(found.reread)],
        "may": may,
        "can_assess": may.allowed and rules.decide_act(facts.state, AssessmentAct.ASSESS).allowed,
        "can_hide": can_hide,
        "form": form or AssessmentForm(initial=initial, can_hide=can_hide),
        "refusal": refusal,
        "fields": ground_fields(grounds.values(), given, stored),
        "answers": [
            (grounds.get(one.ground), one, [(NEEDS.get(need, (need,))[0], given) for need, given in one.needs.items()])
            for one in stored
        ],
        "needs_second": facts.needs_second,
        "steps": _steps(found, removal, needs_second=facts.needs_second),
        "drop_decision": rules.decide_dropping(facts.state),
        "referral_role": ROLE_TITLES[Role(found.referred_to)] if found.referred_to else "",
        "answer_decision": rules.decide_referral_answer(queries.referral_facts(found, person, now=now)),
        "removal": removal,
        "drop_form": ReasonForm(prefix="drop"),
        "answer_form": ReasonForm(prefix="answer"),
        "notice_form": NoticeForm(),
        "restore_form": ReasonForm(prefix="restore"),
        "abandon_form": ReasonForm(prefix="abandon"),
    }
    is_undecided = found.measure in rules.REMOVING and removal is None and facts.state is not AssessmentState.DROPPED
    if may.allowed and is_undecided:
        context["removal_decision"] = rules.decide_removal(facts)
        if facts.needs_second and not facts.seconded:
            context["second_decision"] = rules.decide_second(facts)
    if removal:
        context |= _removal_context(removal, person, may) | _block_context(removal, person, may)
    refused = form is not None or bool(bound)
    return render(
        request,
        "moderation/assessment.html",
        context | dict(bound or {}),
        status=(409 if refusal else 422) if refused else 200,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the assessment's life: when it was done and by whom, or that it is still to come."""

    title: str
    at: datetime | None = None
    by: str = ""
    words: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it is behind us."""
        return self.at is not None


def _steps(found: Assessment, removal: Removal | None, *, needs_second: bool) -> list[Step]:
    """What was done and what comes, in order; only what belongs to the measure that was chosen."""
    steps = [
        Step("Evidence taken", found.evidence_at, found.opened_by.name),
        Step("Grounds assessed", found.assessed_at, found.assessed_by.name if found.assessed_by else ""),
    ]
    if found.referred_to:
        answered = found.referral_answered_by
        steps.append(Step("Referral answered", found.referral_answered_at, answered.name if answered else ""))
    if found.measure not in ("", *rules.REMOVING):
        return steps
    if needs_second:
        steps.append(Step("Second person", found.seconded_at, found.seconded_by.name if found.seconded_by else ""))
    if found.state == AssessmentState.DROPPED:
        return [*(step for step in steps if step.is_done), Step("Given up", words="nothing more happens")]
    steps += [
        Step("Removal decided", removal.decided_at if removal else None, removal.remover.name if removal else ""),
        Step("Hidden on the platform", removal.applied_at if removal else None),
    ]
    told = removal.get_notice_display().lower() if removal and removal.notice != "open" else ""
    steps.append(Step("Author told", words=told))
    if removal and removal.restored_at:
        steps.append(
            Step("Restoration decided", removal.restored_at, removal.restored_by.name if removal.restored_by else "")
        )
        steps.append(Step("Shown again", removal.shown_at))
    return steps


_OUTCOME_KINDS = {
    Outcome.INTENDED: "wait",
    Outcome.RESTORING: "wait",
    Outcome.RESTORED: "ok",
    Outcome.ABANDONED: "quiet",
}


def _removal_context(removal: Removal, person: User, may: Decision) -> dict[str, Decision | str]:
    facts = queries.removal_facts(removal, person)
    return {
        "outcome_kind": _OUTCOME_KINDS.get(facts.outcome, "stop"),
        "trouble_decision": may.also(rules.decide_trouble(facts)),
        "abandon_decision": may.also(rules.decide_abandoning(facts)),
        "restore_decision": may.also(rules.decide_restoration(facts)),
        "notice_decision": may.also(rules.decide_notice(facts)),
    }


def _block_context(removal: Removal, person: User, may: Decision) -> dict[str, Any]:
    block = queries.open_block(removal)
    # What is typed is looked at when it is sent; here it is asked whether a block is to be had at all.
    facts = queries.block_facts(removal, days=1, reason="typed", heard_by="typed", besides=block)
    context: dict[str, Any] = {
        # Not "block": inside a template's block that name is the block itself.
        "on_block": block,
        "ended_blocks": removal.blocks.exclude(ended_at=None).select_related("ended_by"),
        "can_block": bool(facts.may_block_clause),
        "block_decision": may.also(rules.decide_block(facts)),
        "block_form": BlockForm(prefix="block"),
        "end_block_form": ReasonForm(prefix="end-block"),
        "longest_block_days": facts.longest_days,
        "notice_look": queries.notice_at(removal),
    }
    if block:
        standing = queries.block_standing(block, person)
        context |= {
            "agree_decision": may.also(rules.decide_block_agreement(standing)).also(rules.decide_block(facts)),
            "done_decision": may.also(rules.decide_block_done(standing)),
        }
    return context


def _post_answered(item: Item) -> Version | None:
    """What the comment's thread began with: the topic it is measured against."""
    root = Item.objects.filter(channel=item.channel, native_id=item.root_id or item.parent_id).first()
    return archive.versions_of(root).select_related("item").last() if root else None
