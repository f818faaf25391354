"""One draft: its exact content, what the policy says, who has to act, and what became of it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels.queries.property import STAMP_TITLES
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.publishing import checks, operations, pack, queries, rules
from rostrum.areas.publishing.forms import ConsentForm, ResolveForm
from rostrum.areas.publishing.models import Draft, DraftRevision, Publication
from rostrum.areas.publishing.queries import disclosures
from rostrum.areas.publishing.questions import QUESTIONS
from rostrum.areas.publishing.rules import (
    COMPARED_TITLES,
    DRAFT_MACHINE,
    OUTCOME_TITLES,
    STATE_TITLES,
    Compared,
    DraftAct,
    DraftState,
    Outcome,
)
from rostrum.areas.publishing.rules.confirmations import Moment
from rostrum.areas.publishing.today import beginning
from rostrum.areas.publishing.views.places import place_of
from rostrum.areas.publishing.views.writing import STATE_KINDS, found_draft
from rostrum.kernel.decisions import Decision, InvalidInput

_ANSWER = "answer_"
OUTCOME_KINDS = {
    Outcome.SCHEDULED: "info",
    Outcome.CANCELLED: "quiet",
    Outcome.INTENDED: "wait",
    Outcome.PUBLISHED: "ok",
    Outcome.FAILED: "stop",
    Outcome.UNCLEAR: "stop",
    Outcome.NOT_PUBLISHED: "quiet",
    Outcome.WITHDRAWN: "quiet",
}
COMPARED_KINDS = {Compared.NOT_YET: "quiet", Compared.SAME: "ok", Compared.DIFFERENT: "stop"}
EVENT_WORDS = {
    "draft-created": "Begun",
    "draft-revised": "Changed",
    "draft-checked": "Checked again",
    "draft-submitted": "Handed in",
    "draft-returned": "Returned",
    "draft-approved": "Approved",
    "draft-let-out-in-emergency": "Let out in an emergency, unapproved",
    "finding-cleared": "Finding cleared",
    "consent-recorded": "Consent recorded",
    "publication-scheduled": "Scheduled",
    "publication-called-off": "Called off",
    "publication-intended": "Sending",
    "post-published": "Published",
    "publication-put-off": "Put off by the platform",
    "publication-failed": "Failed",
    "publication-retried": "Tried again",
    "publication-unclear": "Outcome unclear",
    "unclear-resolved": "Outcome settled",
    "publication-compared": "Compared with what was captured",
    "post-withdrawn": "Withdrawn",
    "post-taken-down": "Taken down",
    "leavers-post-held": "Held: who approved or scheduled it has left",
    "disclosure-authorized": "A disclosure authorized",
    "disclosure-authorization-withdrawn": "An authorization to disclose withdrawn",
    "integrity-alert-raised": "Stands otherwise on the channel than recorded",
    "integrity-alert-answered": "What stood otherwise was explained",
}


@require_safe
@opens_for(Permission.DRAFT, Permission.APPROVE_CONTENT, Permission.CLEAR_BLOCK)
def draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """One draft, with exactly what an approval would approve."""
    person, found, now = found_draft(request, draft_id)
    revision = queries.current_revision(found)
    content = queries.content_of(revision)
    check = queries.last_check(revision)
    state = DraftState(found.state)
    questions = checks.approver_questions()
    parties = queries.parties_of(found)
    # The button asks for what the form cannot give; the questions stand in the form itself.
    answered, all_confirmed = {one.clause: "yes" for one in questions}, queries.all_reminders()
    here = place_of(request)
    asked = replace(here, reason="asked in the form")
    context = {
        "draft": found,
        "revision": revision,
        "content": content,
        "beginning": beginning(content.text),
        "state": STATE_TITLES[state],
        "state_kind": STATE_KINDS[state],
        "acts": {act.value: DRAFT_MACHINE.allows(state, act) for act in DraftAct},
        "channels": list(revision.channels.select_related("platform")),
        "lengths": checks.lengths(content, revision.channels.select_related("platform")),
        "media": list(revision.media.all()),
        "answers": [
            {"words": QUESTIONS[code].words if code in QUESTIONS else code, "answer": answer}
            for code, answer in content.answers
        ],
        "findings": queries.findings_now(revision),
        "exemptions": checks.exemptions_used(check) if check else (),
        "to_clear": _to_clear(found, revision, person, now),
        "ban": pack.ban().clause,
        "place": here,
        "place_clause": pack.place_clause(),
        "work_places": list(revision.work_places.select_related("person", "computer")),
        "submission_reminders": pack.reminders(Moment.SUBMISSION),
        "publication_reminders": pack.reminders(Moment.PUBLICATION),
        "confirmations": list(revision.confirmations.select_related("confirmed_by")),
        "questions": questions,
        "parties": parties,
        "consents": list(found.consents.select_related("recorded_by")),
        "consent_form": ConsentForm(parties=parties),
        "submit_decision": rules.decide_submission(
            queries.submit_facts(found, check, confirmed=all_confirmed, place=asked, actor=person, now=now)
        ),
        "approve_decision": rules.decide_approval(
            queries.approval_facts(found, check, shown=revision.digest, answers=answered, actor=person, now=now)
        ),
        "return_decision": rules.decide_return(queries.return_facts(found, "a note", actor=person, now=now)),
        "schedule_decision": rules.decide_schedule(
            queries.schedule_facts(found, confirmed=all_confirmed, place=asked, actor=person, now=now)
        ),
        "emergency_decision": rules.decide_emergency(
            queries.emergency_facts(
                found, check, shown=revision.digest, confirmed=all_confirmed, place=asked, actor=person, now=now
            )
        ),
        "holds_emergency": any(queries.emergencies_of(found, actor=person, now=now)),
        "call_off_decision": rules.decide_calling_off(
            queries.calling_off_facts(found, list(queries.publications_of(found)), actor=person, now=now)
        ),
        "edit_decision": queries.may_edit(found, actor=person, now=now),
        "correct_decision": rules.decide_correction(queries.correction_facts(found, actor=person, now=now)),
        "withdraw_decision": rules.decide_withdrawal(queries.withdraw_facts(found, "a reason", actor=person, now=now)),
        "approvals": list(revision.approvals.select_related("approver")),
        "publications": [_publication(one, person, now) for one in queries.publications_of(found)],
        "corrections": list(found.corrections.all()),
        "history": _history(found),
    }
    return render(request, "publishing/draft.html", context)


def _to_clear(found: Draft, revision: DraftRevision, person: User, now: datetime) -> list[dict[str, Any]]:
    """The findings that persons can clear, with who has, how many must, and whether this person may."""
    rows = []
    counts, ban = queries.cleared_counts(revision, at=now), pack.ban()
    for finding in queries.findings_now(revision):
        needed = rules.PERSONS_TO_CLEAR.get(finding.strength, 0)
        if not needed:
            continue
        key = rules.finding_key(finding)
        cleared = list(queries.clearances(revision).filter(finding=key))
        choices = disclosures.applicable(found, finding, now=now)
        # The form asks for an authorization: what is shown beside the button is what else stands against it.
        given = next((one for one in choices if one.authorized_by_id != person.pk), None)
        facts = queries.clearing_facts(found, key, "a reason", authorization=given, actor=person, now=now)
        is_open = counts.get(key, 0) < needed
        rows.append(
            {
                "finding": finding,
                "key": key,
                "cleared": cleared,
                "needed": needed,
                "is_open": is_open,
                "is_protected": bool(ban.cited_by(finding)),
                "authorizations": choices,
                "decision": rules.decide_clearing(facts),
            }
        )
    return rows


def _publication(one: Publication, person: User, now: datetime) -> dict[str, Any]:
    outcome, compared = Outcome(one.outcome), Compared(one.compared)
    facts = queries.outcome_facts(one, actor=person, now=now)
    return {
        "publication": one,
        "outcome": OUTCOME_TITLES[outcome],
        "kind": OUTCOME_KINDS[outcome],
        "compared": COMPARED_TITLES[compared] if outcome in (Outcome.PUBLISHED, Outcome.WITHDRAWN) else "",
        "compared_kind": COMPARED_KINDS[compared],
        "is_unclear": outcome is Outcome.UNCLEAR,
        "is_failed": outcome is Outcome.FAILED,
        "resolve_decision": rules.decide_resolution(facts),
        "retry_decision": rules.decide_retry(facts),
        "resolve_form": ResolveForm(auto_id=f"id_{one.public_id}_%s"),
        "property": STAMP_TITLES.get(one.property_kind, "") if one.property_holder else "",
        "is_going": one.removal_asked_at is not None and outcome is Outcome.PUBLISHED,
    }


def _history(found: Draft) -> list[dict[str, Any]]:
    entries = list(queries.history(found))
    names = dict(User.objects.filter(public_id__in={entry.actor for entry in entries}).values_list("public_id", "name"))
    return [
        {
            "words": EVENT_WORDS.get(entry.kind.split(".")[1], entry.kind),
            "who": names.get(entry.actor, entry.actor.capitalize()),
            "entry": entry,
        }
        for entry in entries
    ]


def _confirmed(request: HttpRequest) -> list[str]:
    """The clauses whose reminders were ticked."""
    return [str(clause) for clause in request.POST.getlist("confirmed")]


@require_POST
@opens_for(Permission.DRAFT)
def submit_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Hand the draft in."""
    person, found, now = found_draft(request, draft_id)
    operations.submit_draft(
        draft_id=found.public_id, confirmed=_confirmed(request), place=place_of(request), actor=person, now=now
    )
    messages.success(request, "Handed in for review.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.DRAFT, Permission.APPROVE_CONTENT, Permission.CLEAR_BLOCK)
def check_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Check the draft again under the packs in force now."""
    person, found, now = found_draft(request, draft_id)
    operations.check_draft(draft_id=found.public_id, actor=person, now=now)
    messages.success(request, "Checked again under the policy in force now.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.APPROVE_CONTENT)
def approve_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Approve the bytes that were shown."""
    person, found, now = found_draft(request, draft_id)
    answers = {
        name.removeprefix(_ANSWER): str(value) for name, value in request.POST.items() if name.startswith(_ANSWER)
    }
    operations.approve_draft(
        draft_id=found.public_id, digest=request.POST.get("digest", ""), answers=answers, actor=person, now=now
    )
    messages.success(request, "Approved.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.APPROVE_CONTENT)
def return_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Give the draft back with a note."""
    person, found, now = found_draft(request, draft_id)
    operations.return_draft(draft_id=found.public_id, note=request.POST.get("note", ""), actor=person, now=now)
    messages.success(request, "Returned to its author.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.CLEAR_WARNING, Permission.CLEAR_BLOCK)
def clear_finding(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Clear one finding with a reason."""
    person, found, now = found_draft(request, draft_id)
    operations.clear_finding(
        draft_id=found.public_id,
        finding=request.POST.get("finding", ""),
        reason=request.POST.get("reason", ""),
        authorization=request.POST.get("authorization", ""),
        actor=person,
        now=now,
    )
    messages.success(request, "Your reason is recorded with the finding.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.DRAFT)
def record_consent(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Record the consent of a party."""
    person, found, now = found_draft(request, draft_id)
    form = ConsentForm(request.POST, parties=queries.parties_of(found))
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidInput(str(form.fields[name].label), " ".join(str(one) for one in errors))
    operations.record_consent(draft_id=found.public_id, actor=person, now=now, **form.cleaned_data)
    messages.success(request, "The consent is recorded.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.PUBLISH)
def schedule_publication(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Give the approved post its time."""
    person, found, now = found_draft(request, draft_id)
    operations.schedule_publication(
        draft_id=found.public_id, confirmed=_confirmed(request), place=place_of(request), actor=person, now=now
    )
    messages.success(request, "It is on its way: each channel below shows how it went.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.PUBLISH)
def publish_in_emergency(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Let it out at once, unapproved, under an emergency right."""
    person, found, now = found_draft(request, draft_id)
    operations.publish_in_emergency(
        draft_id=found.public_id,
        digest=request.POST.get("digest", ""),
        confirmed=_confirmed(request),
        place=place_of(request),
        actor=person,
        now=now,
    )
    messages.success(request, "It goes out now. What became of it stands here in a moment.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.PUBLISH)
def call_off_publication(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Call a scheduled post off."""
    person, found, now = found_draft(request, draft_id)
    operations.call_off_publication(draft_id=found.public_id, actor=person, now=now)
    messages.success(request, "Called off. It stays approved.")
    return redirect("draft", draft_id)


@require_POST
@opens_for(Permission.DRAFT)
def correct_post(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Begin a correction."""
    person, found, now = found_draft(request, draft_id)
    correction = operations.correct_post(draft_id=found.public_id, actor=person, now=now)
    messages.success(request, "This is the correction. Say what was wrong, and what is right.")
    return redirect("draft-edit", correction.public_id)


@require_POST
@opens_for(Permission.PUBLISH)
def withdraw_post(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Withdraw a published post."""
    person, found, now = found_draft(request, draft_id)
    operations.withdraw_post(draft_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now)
    messages.success(request, "Withdrawn. The archive keeps it.")
    return redirect("draft", draft_id)


def _found_publication(request: HttpRequest, publication_id: str) -> tuple[User, Publication, datetime]:
    person, now = signed_in_person(request), timezone.now()
    seen = queries.visible_drafts(person, now=now)
    found = Publication.objects.filter(public_id=publication_id, revision__draft__in=seen).first()
    if found is None:
        raise Http404
    return person, found, now


@require_POST
@opens_for(Permission.PUBLISH)
def retry_publication(request: HttpRequest, publication_id: str) -> HttpResponse:
    """Try a failed publication again."""
    person, found, now = _found_publication(request, publication_id)
    operations.retry_publication(publication_id=found.public_id, actor=person, now=now)
    messages.success(request, "It is tried again.")
    return redirect("draft", found.revision.draft.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.PUBLISH)
def resolve_unclear(request: HttpRequest, publication_id: str) -> HttpResponse:
    """Say what one found on the platform about a post whose outcome is unclear."""
    person, found, now = _found_publication(request, publication_id)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.resolve_unclear(
                publication_id=found.public_id,
                published=form.cleaned_data["found"] == "yes",
                url=form.cleaned_data["url"],
                native_id=form.cleaned_data["native_id"],
                actor=person,
                now=now,
            )
        except InvalidInput as problem:
            form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        else:
            messages.success(request, "Settled.")
            return redirect("draft", found.revision.draft.public_id)
    context: dict[str, Any] = {
        "form": form,
        "publication": found,
        "draft": found.revision.draft,
        "text": queries.content_of(found.revision).published_text,
        "decision": _resolution(found, person, now),
    }
    return render(request, "publishing/resolve.html", context, status=422 if form.errors else 200)


def _resolution(found: Publication, person: User, now: datetime) -> Decision:
    return rules.decide_resolution(queries.outcome_facts(found, actor=person, now=now))
