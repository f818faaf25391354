"""What became of a removal: told the author, asked the platform again, given up, shown again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from rostrum.areas.moderation import operations
from rostrum.areas.moderation.forms import NoticeForm, ReasonForm
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.views.assessments import assessment_page, visible_assessment
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import Permission


def _assessment_of(request: HttpRequest, removal_id: str) -> Assessment:
    found = get_object_or_404(Removal.objects.select_related("assessment"), public_id=removal_id)
    return visible_assessment(request, found.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def notice(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Record how the author was told, or why not."""
    found = _assessment_of(request, removal_id)
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return assessment_page(request, found, notice_form=form)
    operations.note_notice(
        removal_id=removal_id,
        told=form.cleaned_data["told"] == "yes",
        how=form.cleaned_data["how"],
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The notice is recorded.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def restore(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Have a hidden comment shown again."""
    found = _assessment_of(request, removal_id)
    form = ReasonForm(request.POST, prefix="restore")
    if not form.is_valid():
        return assessment_page(request, found, restore_form=form)
    operations.restore_comment(
        removal_id=removal_id,
        reason=form.cleaned_data["reason"],
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The restoration is recorded. The platform is being asked now.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def retry(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Ask the platform again."""
    found = _assessment_of(request, removal_id)
    operations.retry_removal(removal_id=removal_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The platform is being asked again.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def witness(request: HttpRequest, removal_id: str) -> HttpResponse:
    """A person saw on the platform that it is done."""
    found = _assessment_of(request, removal_id)
    operations.witness_outcome(removal_id=removal_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "Recorded: you saw that it is done.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def abandon(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Give up a removal that the platform did not carry out."""
    found = _assessment_of(request, removal_id)
    form = ReasonForm(request.POST, prefix="abandon")
    if not form.is_valid():
        return assessment_page(request, found, abandon_form=form)
    operations.abandon_removal(
        removal_id=removal_id,
        reason=form.cleaned_data["reason"],
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The removal is given up; the comment was never hidden.")
    return redirect("assessment", found.public_id)
