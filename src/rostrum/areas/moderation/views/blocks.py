"""Blocking the author of a removed comment for a while: asked for, agreed to, done on the platform, ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from rostrum.areas.moderation import operations
from rostrum.areas.moderation.forms import BlockForm, ReasonForm
from rostrum.areas.moderation.models import Assessment, Block, Removal
from rostrum.areas.moderation.views.assessments import assessment_page, visible_assessment
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import Permission


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def ask(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Ask that the author be blocked."""
    removal = get_object_or_404(Removal.objects.select_related("assessment"), public_id=removal_id)
    found = visible_assessment(request, removal.assessment.public_id)
    form = BlockForm(request.POST, prefix="block")
    if not form.is_valid():
        return assessment_page(request, found, block_form=form)
    operations.ask_block(
        removal_id=removal_id, **form.cleaned_data, actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(request, "The block is asked for; a second person must agree before anything happens.")
    return redirect("assessment", found.public_id)


def _of_block(request: HttpRequest, block_id: str) -> Assessment:
    block = get_object_or_404(Block.objects.select_related("removal__assessment"), public_id=block_id)
    return visible_assessment(request, block.removal.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def agree(request: HttpRequest, block_id: str) -> HttpResponse:
    """Agree to a block as a second person."""
    found = _of_block(request, block_id)
    operations.agree_to_block(block_id=block_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "You agreed. Block the person on the platform now, and say when it is done.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def done(request: HttpRequest, block_id: str) -> HttpResponse:
    """Say that the person is blocked on the platform."""
    found = _of_block(request, block_id)
    operations.note_block_done(block_id=block_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "Recorded: the person is blocked on the platform.")
    return redirect("assessment", found.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def end(request: HttpRequest, block_id: str) -> HttpResponse:
    """Say that a block was lifted, or give it up."""
    found = _of_block(request, block_id)
    form = ReasonForm(request.POST, prefix="end-block")
    if not form.is_valid():
        return assessment_page(request, found, end_block_form=form)
    operations.end_block(
        block_id=block_id, reason=form.cleaned_data["reason"], actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(request, "The block has ended.")
    return redirect("assessment", found.public_id)
