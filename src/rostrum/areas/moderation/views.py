"""Pages of the conversation: what people answered, and the assessment of a comment."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.moderation import operations, queries, rules
from rostrum.areas.moderation.forms import ReasonForm, ground_fields, read_answers
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.states import AssessmentAct, AssessmentState, Measure
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision
from rostrum.kernel.items import Kind

_PER_PAGE = 30


def visible_comments(person: User, *, now: datetime) -> QuerySet[Item]:
    """The comments this person may see, newest first; restricted ones (direct messages) are never here."""
    scope = people.reach(person, Permission.SEE_CONVERSATION, reading=True, now=now)
    return (
        Item.objects.filter(
            scope.where(unit="channel__unit", channel="channel__public_id"), kind=Kind.COMMENT, access="open"
        )
        .select_related("channel")
        .annotate(
            is_removed=Exists(Removal.objects.filter(item=OuterRef("pk"), outcome="applied")),
            is_assessed=Exists(Assessment.objects.filter(item=OuterRef("pk"), state__in=queries.OPEN_STATES)),
        )
        .order_by("-sorted_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """An Item as the conversation shows it: with what it says now and what was done about it."""

    item: Item
    version: Version
    is_own: bool
    removals: tuple[Removal, ...]
    assessment: Assessment | None
    may_assess: Decision


def _shown(item: Item, person: User, now: datetime) -> Shown:
    return Shown(
        item,
        archive.latest_version(item),
        bool(item.author_id) and item.author_id == item.channel.native_id,
        tuple(item.removals.all()),
        queries.assessment_of(item),
        people.may(person, Permission.REMOVE_COMMENT, unit=item.channel.unit, channel=item.channel.public_id, now=now),
    )


@require_safe
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def conversation(request: HttpRequest) -> HttpResponse:
    """What people answered on the channels, newest first, with what is being looked at on top."""
    person, now = signed_in_person(request), timezone.now()
    comments = visible_comments(person, now=now)
    which = request.GET.get("show", "all")
    if which == "removed":
        comments = comments.filter(is_removed=True)
    elif which == "open":
        comments = comments.filter(is_assessed=True)
    page = Paginator(comments, _PER_PAGE).get_page(request.GET.get("page"))
    rows = [(item, archive.latest_version(item)) for item in page.object_list]
    return render(
        request,
        "moderation/conversation.html",
        {"page": page, "rows": rows, "show": which, "open_assessments": queries.open_assessments()[:10]},
    )


@require_safe
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def thread(request: HttpRequest, item_id: str) -> HttpResponse:
    """One conversation from its first post, each comment with its versions and what can be done about it."""
    person, now = signed_in_person(request), timezone.now()
    scope = people.reach(person, Permission.SEE_CONVERSATION, reading=True, now=now)
    item = get_object_or_404(
        Item.objects.select_related("channel__unit"),
        scope.where(unit="channel__unit", channel="channel__public_id"),
        public_id=item_id,
        access="open",
    )
    items = [one for one in archive.thread_of(item) if one.access == "open"]
    return render(
        request,
        "moderation/thread.html",
        {"item": item, "shown": [_shown(one, person, now) for one in items], "channel": item.channel},
    )


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def open_assessment(request: HttpRequest, item_id: str) -> HttpResponse:
    """Take the evidence and open the assessment."""
    get_object_or_404(Item, public_id=item_id)
    made = operations.open_assessment(item_id=item_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The evidence is taken and hashed. Now say what you find.")
    return redirect("assessment", made.public_id)


def _assessment(request: HttpRequest, assessment_id: str) -> Assessment:
    person = signed_in_person(request)
    scope = people.reach(person, Permission.SEE_CONVERSATION, reading=True, now=timezone.now())
    return get_object_or_404(
        Assessment.objects.select_related("item__channel__unit", "version", "opened_by", "assessed_by", "seconded_by"),
        scope.where(unit="item__channel__unit", channel="item__channel__public_id"),
        public_id=assessment_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def assessment(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """One assessment: the comment, its evidence, the grounds, and what was decided."""
    person = signed_in_person(request)
    found = _assessment(request, assessment_id)
    grounds = queries.grounds()
    stored = queries.answers_of(found)
    state = AssessmentState(found.state)
    form = ReasonForm(request.POST or None, initial={"measure": found.measure, "reason": found.reason})
    if request.method == "POST" and form.is_valid():
        operations.assess_comment(
            assessment_id=found.public_id,
            answers=read_answers(grounds.values(), request.POST),
            measure=Measure(form.cleaned_data["measure"]),
            reason=form.cleaned_data["reason"],
            actor=person,
            now=timezone.now(),
        )
        messages.success(request, "Your assessment is recorded.")
        return redirect("assessment", found.public_id)
    facts = operations.measure_facts(found, person)
    can_assess = rules.decide_act(state, AssessmentAct.ASSESS).allowed
    return render(
        request,
        "moderation/assessment.html",
        {
            "assessment": found,
            "item": found.item,
            "form": form,
            "can_assess": can_assess,
            "fields": ground_fields(grounds.values(), request.POST.dict() if form.is_bound else None, stored),
            "answers": [(grounds[answer.ground], answer) for answer in stored if answer.ground in grounds],
            "needs_second": facts.needs_second,
            "evidence_intact": facts.evidence_intact,
            "second_decision": rules.decide_second(facts) if facts.needs_second and not facts.seconded else None,
            "removal_decision": rules.decide_removal(facts) if found.measure in rules.REMOVING else None,
            "may_drop": state is AssessmentState.CAPTURED,
            "removal": Removal.objects.filter(assessment=found).select_related("remover", "restored_by").first(),
            "gone_on": found.item.state,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def second(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Agree as the second person."""
    _assessment(request, assessment_id)
    operations.second_assessment(assessment_id=assessment_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "You agreed as the second person.")
    return redirect("assessment", assessment_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def remove(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Decide the removal; the platform is asked right after."""
    _assessment(request, assessment_id)
    operations.decide_removal(assessment_id=assessment_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The removal is recorded. The platform is being asked now.")
    return redirect("assessment", assessment_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def drop(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Give the assessment up."""
    found = _assessment(request, assessment_id)
    operations.drop_assessment(assessment_id=assessment_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The assessment is given up; the evidence stays.")
    return redirect("conversation-thread", found.item.public_id)


def _removal(request: HttpRequest, removal_id: str) -> Removal:
    found = get_object_or_404(Removal.objects.select_related("assessment"), public_id=removal_id)
    _assessment(request, found.assessment.public_id)
    return found


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def notice(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Record how the author was told, or why not."""
    found = _removal(request, removal_id)
    operations.note_notice(
        removal_id=removal_id,
        told=request.POST.get("told") == "yes",
        how=request.POST.get("how", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The notice is recorded.")
    return redirect("assessment", found.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def restore(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Show a hidden comment again."""
    found = _removal(request, removal_id)
    operations.restore_comment(
        removal_id=removal_id,
        reason=request.POST.get("reason", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The comment is being shown again.")
    return redirect("assessment", found.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def retry(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Ask the platform again."""
    found = _removal(request, removal_id)
    operations.retry_removal(removal_id=removal_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The platform is being asked again.")
    return redirect("assessment", found.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def confirm(request: HttpRequest, removal_id: str) -> HttpResponse:
    """A person saw on the platform that it is done."""
    found = _removal(request, removal_id)
    operations.confirm_removal(removal_id=removal_id, actor=signed_in_person(request).public_id, now=timezone.now())
    messages.success(request, "Recorded: you saw that it is done.")
    return redirect("assessment", found.assessment.public_id)
