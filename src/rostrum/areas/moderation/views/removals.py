"""What became of a removal: told the author, asked the platform again, given up, shown again."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from rostrum.areas.moderation import operations
from rostrum.areas.moderation.forms import NoticeForm, ReasonForm
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.views.assessments import act_on, visible_assessment
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.rules import Permission


def _assessment_of(request: HttpRequest, removal_id: str) -> Assessment:
    found = get_object_or_404(Removal.objects.select_related("assessment"), public_id=removal_id)
    return visible_assessment(request, found.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def notice(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Record how the author was told, or why not."""
    form = NoticeForm(request.POST)
    return act_on(
        request,
        _assessment_of(request, removal_id),
        lambda **who: operations.note_notice(
            removal_id=removal_id, told=form.cleaned_data["told"] == "yes", how=form.cleaned_data["how"], **who
        ),
        "The notice is recorded.",
        notice_form=form,
    )


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def restore(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Have a hidden comment shown again."""
    form = ReasonForm(request.POST, prefix="restore")
    return act_on(
        request,
        _assessment_of(request, removal_id),
        lambda **who: operations.restore_comment(removal_id=removal_id, **form.cleaned_data, **who),
        "The restoration is recorded. The platform is being asked now.",
        restore_form=form,
    )


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def retry(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Ask the platform again."""
    found = _assessment_of(request, removal_id)
    act = partial(operations.retry_removal, removal_id=removal_id)
    return act_on(request, found, act, "The platform is being asked again.")


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def witness(request: HttpRequest, removal_id: str) -> HttpResponse:
    """A person saw on the platform that it is done."""
    found = _assessment_of(request, removal_id)
    act = partial(operations.witness_outcome, removal_id=removal_id)
    return act_on(request, found, act, "Recorded: you saw that it is done.")


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def abandon(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Give up a removal that the platform did not carry out."""
    form = ReasonForm(request.POST, prefix="abandon")
    return act_on(
        request,
        _assessment_of(request, removal_id),
        lambda **who: operations.abandon_removal(removal_id=removal_id, **form.cleaned_data, **who),
        "The removal is given up; the comment was never hidden.",
        abandon_form=form,
    )
