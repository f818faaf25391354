"""Blocking the author of a removed comment for a while: asked for, agreed to, done on the platform, ended."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from rostrum.areas.moderation import operations
from rostrum.areas.moderation.forms import BlockForm, ReasonForm
from rostrum.areas.moderation.models import Assessment, Block, Removal
from rostrum.areas.moderation.views.assessments import act_on, visible_assessment
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.rules import Permission


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def ask(request: HttpRequest, removal_id: str) -> HttpResponse:
    """Ask that the author be blocked."""
    removal = get_object_or_404(Removal.objects.select_related("assessment"), public_id=removal_id)
    form = BlockForm(request.POST, prefix="block")
    return act_on(
        request,
        visible_assessment(request, removal.assessment.public_id),
        lambda **who: operations.ask_block(removal_id=removal_id, **form.cleaned_data, **who),
        "The block is asked for; a second person must agree before anything happens.",
        block_form=form,
    )


def _of_block(request: HttpRequest, block_id: str) -> Assessment:
    block = get_object_or_404(Block.objects.select_related("removal__assessment"), public_id=block_id)
    return visible_assessment(request, block.removal.assessment.public_id)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def agree(request: HttpRequest, block_id: str) -> HttpResponse:
    """Agree to a block as a second person."""
    act = partial(operations.agree_to_block, block_id=block_id)
    told = "You agreed. Block the person on the platform now, and say when it is done."
    return act_on(request, _of_block(request, block_id), act, told)


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def done(request: HttpRequest, block_id: str) -> HttpResponse:
    """Say that the person is blocked on the platform."""
    act = partial(operations.note_block_done, block_id=block_id)
    return act_on(request, _of_block(request, block_id), act, "Recorded: the person is blocked on the platform.")


@require_POST
@opens_for(Permission.REMOVE_COMMENT)
def end(request: HttpRequest, block_id: str) -> HttpResponse:
    """Say that a block was lifted, or give it up."""
    form = ReasonForm(request.POST, prefix="end-block")
    return act_on(
        request,
        _of_block(request, block_id),
        lambda **who: operations.end_block(block_id=block_id, **form.cleaned_data, **who),
        "The block has ended.",
        end_block_form=form,
    )
