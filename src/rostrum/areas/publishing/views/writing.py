"""Writing: the list of drafts, the editor, the findings beside the text while it is written, the images."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.terms import venues
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.areas.publishing import checks, operations, pack, queries
from rostrum.areas.publishing.forms import DraftForm, initial_of
from rostrum.areas.publishing.models import Draft, DraftMedia
from rostrum.areas.publishing.rules import STATE_TITLES, DraftState
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 25
STATE_KINDS = {
    DraftState.DRAFT: "quiet",
    DraftState.IN_REVIEW: "wait",
    DraftState.APPROVED: "info",
    DraftState.SCHEDULED: "info",
    DraftState.PUBLISHED: "ok",
    DraftState.CORRECTED: "ok",
    DraftState.WITHDRAWN: "quiet",
}


def found_draft(request: HttpRequest, draft_id: str) -> tuple[User, Draft, datetime]:
    """The draft, if the person who asks may see it; 404 otherwise."""
    person, now = signed_in_person(request), timezone.now()
    try:
        return person, queries.draft_for(person, draft_id, now=now), now
    except Draft.DoesNotExist as fault:
        raise Http404 from fault


@require_safe
@opens_for(Permission.DRAFT, Permission.APPROVE_CONTENT, Permission.CLEAR_BLOCK)
def write(request: HttpRequest) -> HttpResponse:
    """The drafts this person may see, by state, and what waits for them."""
    person, now = signed_in_person(request), timezone.now()
    drafts = queries.visible_drafts(person, now=now)
    state = request.GET.get("state", "")
    if state in list(DraftState):
        drafts = drafts.filter(state=state)
    page = Paginator(drafts, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(draft) for draft in page],
        "waiting": [_row(draft) for draft in queries.waiting_for_review(person, now=now)],
        "of_my_area": [_row(draft) for draft in queries.waiting_for_area(person, now=now)],
        "states": [(one.value, STATE_TITLES[one]) for one in DraftState],
        "state": state,
        "may_write": bool(queries.writing_units(person, now=now)),
        "knows_authorizations": bool(pack.ban().clause),
    }
    return render(request, "publishing/write.html", context)


def _row(draft: Draft) -> dict[str, Any]:
    revision = queries.current_revision(draft)
    state = DraftState(draft.state)
    return {
        "draft": draft,
        "text": revision.text,
        "channels": [channel.name for channel in revision.channels.all()],
        "state": STATE_TITLES[state],
        "kind": STATE_KINDS[state],
        "publish_at": revision.publish_at,
    }


def _form(
    request: HttpRequest,
    person: User,
    now: datetime,
    draft: Draft | None,
    units: Sequence[Unit],
) -> DraftForm:
    options: dict[str, Any] = {
        "channels": queries.speakable_channels(person, now=now),
        "units": units,
        "questions": checks.questions_asked(),
        "areas": queries.areas_to_choose(draft.author if draft else person, now=now),
        "initial": {"channels": request.GET.getlist("channel")},
    }
    if draft is not None:
        revision = queries.current_revision(draft)
        options |= {
            "judged": queries.findings_now(revision),
            "media": list(revision.media.all()),
            "initial": initial_of(revision, queries.content_of(revision)),
        }
    is_sent = request.method == "POST"
    return DraftForm(request.POST if is_sent else None, request.FILES if is_sent else None, **options)


def _panel(form: DraftForm, person: User, unit: Unit, draft: Draft | None, now: datetime) -> dict[str, Any]:
    """What the findings panel shows of what is in the editor now."""
    author = draft.author if draft else person
    content = form.content(checks.signature_for(author))
    channels: list[Channel] = form.chosen_channels()
    checked = checks.check_content(content, author=author, unit=unit, channels=channels, draft=draft, now=now)
    return {
        "findings": checked.findings,
        "text": content.text,
        "lengths": checks.lengths(content, channels),
        "signature": content.signature,
        "clear": "Nothing in the policy stands against it so far.",
    }


def _kept_panel(draft: Draft) -> dict[str, Any]:
    revision = queries.current_revision(draft)
    content = queries.content_of(revision)
    return {
        "findings": queries.findings_now(revision),
        "text": content.text,
        "lengths": checks.lengths(content, revision.channels.select_related("platform")),
        "signature": content.signature,
        "clear": "Nothing in the policy stands against it so far.",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DRAFT)
def new_draft(request: HttpRequest) -> HttpResponse:
    """The editor for a new draft."""
    person, now = signed_in_person(request), timezone.now()
    units = queries.writing_units(person, now=now)
    if not units:
        raise Refused.because("no-unit", "Your roles cover no department for which you could write.")
    form = _form(request, person, now, None, units)
    panel: dict[str, Any] = {"findings": (), "text": "", "lengths": [], "signature": "", "clear": ""}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "check":
            panel = _panel(form, person, form.chosen_unit(), None, now)
        else:
            try:
                draft = operations.create_draft(
                    unit=form.chosen_unit(), actor=person, now=now, **form.operation_arguments()
                )
            except InvalidInput as problem:
                form.add_error(problem.where if problem.where in form.fields else None, f"{problem}")
            else:
                return _saved(request, draft, person, now)
    return _editor(request, form, panel, None)


def _saved(request: HttpRequest, draft: Draft, person: User, now: datetime) -> HttpResponse:
    messages.success(request, "Saved and checked.")
    # In an emergency the next step is publishing, not writing on.
    hurries = any(queries.emergencies_of(draft, actor=person, now=now))
    return redirect("draft" if hurries else "draft-edit", draft.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DRAFT)
def edit_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """The editor for a draft there is."""
    person, draft, now = found_draft(request, draft_id)
    form = _form(request, person, now, draft, [draft.unit])
    panel = _kept_panel(draft)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "check":
            panel = _panel(form, person, draft.unit, draft, now)
        else:
            try:
                operations.save_revision(draft_id=draft.public_id, actor=person, now=now, **form.operation_arguments())
            except InvalidInput as problem:
                form.add_error(problem.where if problem.where in form.fields else None, f"{problem}")
            else:
                return _saved(request, draft, person, now)
    return _editor(request, form, panel, draft)


def _editor(request: HttpRequest, form: DraftForm, panel: dict[str, Any], draft: Draft | None) -> HttpResponse:
    context = panel | {
        "form": form,
        "draft": draft,
        "state": STATE_TITLES[DraftState(draft.state)] if draft else "",
        "state_kind": STATE_KINDS[DraftState(draft.state)] if draft else "",
        "has_channels": form.has_channels,
        "lost_files": bool(request.FILES),
        "venues": venues(signed_in_person(request), form.offered),
        "venue_clause": pack.clause("terms.venue-rules-shown"),
    }
    return render(request, "publishing/editor.html", context, status=422 if form.errors else 200)


@require_POST
@opens_for(Permission.DRAFT)
def check_text(request: HttpRequest, draft_id: str = "") -> HttpResponse:
    """The findings panel for what is being written; nothing is kept."""
    if draft_id:
        person, draft, now = found_draft(request, draft_id)
        units: Sequence[Unit] = [draft.unit]
        form = _form(request, person, now, draft, units)
    else:
        person, now = signed_in_person(request), timezone.now()
        draft, units = None, queries.writing_units(person, now=now)
        form = _form(request, person, now, None, units)
    if not units or not form.is_valid():
        return render(request, "publishing/panel.html", {"errors": form.errors}, status=422)
    return render(
        request, "publishing/panel.html", _panel(form, person, form.chosen_unit(), draft, now) | {"is_swap": True}
    )


@require_safe
@opens_for(Permission.DRAFT, Permission.APPROVE_CONTENT, Permission.CLEAR_BLOCK)
def medium(request: HttpRequest, draft_id: str, blob: str) -> HttpResponse:
    """One image of a draft, for those who may see the draft."""
    _, draft, _ = found_draft(request, draft_id)
    known = DraftMedia.objects.filter(revision__draft=draft, blob=blob).first()
    if known is None:
        raise Http404
    return HttpResponse(LocalBlobs(settings.BLOBS_FOLDER).read(blob), content_type=known.mime)
