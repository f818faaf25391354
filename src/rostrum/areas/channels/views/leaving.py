"""Pages for who leaves: hand a channel over, answer a question at the desk, and by a link afterwards."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rostrum.areas.channels.forms.separation import AnswerForm, HandOverForm
from rostrum.areas.channels.models import ReachedChannel, TransitionTask
from rostrum.areas.channels.operations import handing_over
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.rules import separation as rules
from rostrum.areas.people.access import opens_for_anyone, opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import is_done, status_of
from rostrum.areas.people.models import User


def _is_concerned(person: User, separation_id: int, leaver_id: int, now: datetime) -> bool:
    """Whether this person leaves, or may see the separation."""
    return person.pk == leaver_id or queries.visible_separations(person, now=now).filter(pk=separation_id).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def hand_over(request: HttpRequest, reached_id: str) -> HttpResponse:
    """Hand one channel over: what whoever takes it must know to reach and control it."""
    person, now = signed_in_person(request), timezone.now()
    row = get_object_or_404(
        ReachedChannel.objects.select_related("separation__person", "channel__unit"), public_id=reached_id
    )
    if not _is_concerned(person, row.separation_id, row.separation.person_id, now):
        raise Http404
    given = queries.hand_over_of(row)
    initial = {name: getattr(given, name) for name in (*handing_over.FIELDS, "backup_codes", "other")} if given else {}
    form = HandOverForm(request.POST or None, initial=initial)
    is_leaver = person.pk == row.separation.person_id
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: handing_over.give_hand_over(
                reached_id=row.public_id, given=form.hand_over(), actor=person, now=now
            ),
        )
    ):
        messages.success(request, f"{row.channel.name} is handed over; somebody else confirms it.")
        return redirect("my-rights") if is_leaver else redirect("separation", row.separation.public_id)
    context = {
        "row": row,
        "given": given,
        "form": form,
        "is_leaver": is_leaver,
        "decision": rules.decide_hand_over(queries.hand_over_facts(row, actor=person, now=now)),
    }
    return render(request, "channels/hand_over.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def transition_task(request: HttpRequest, task_id: str) -> HttpResponse:
    """Answer one question of a transition, as who leaves, or record what they said."""
    person, now = signed_in_person(request), timezone.now()
    task = get_object_or_404(TransitionTask.objects.select_related("separation__person"), public_id=task_id)
    is_leaver = person.pk == task.separation.person_id
    if not _is_concerned(person, task.separation_id, task.separation.person_id, now):
        raise Http404
    form = AnswerForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: handing_over.answer_task(task_id=task.public_id, **form.cleaned_data, actor=person, now=now),
        )
    ):
        messages.success(request, "Thank you; the answer is kept.")
        return redirect("my-rights") if is_leaver else redirect("separation", task.separation.public_id)
    context = {"task": task, "form": form, "is_leaver": is_leaver}
    return render(request, "channels/transition_task.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def transition(request: HttpRequest, token: str) -> HttpResponse:
    """The questions to somebody who has left. The link is the proof of who answers; it opens nothing else."""
    separation = queries.by_link(token)
    if separation is None:
        return render(request, "channels/transition_spent.html", status=410)
    now = timezone.now()
    asked = request.POST.get("task", "")
    forms = {
        task.public_id: AnswerForm(request.POST if task.public_id == asked else None, auto_id=f"id_{task.public_id}_%s")
        for task in queries.tasks_of(separation).filter(answered_at=None)
    }
    form = forms.get(asked)
    if (
        request.method == "POST"
        and form is not None
        and form.is_valid()
        and is_done(
            form,
            lambda: handing_over.answer_task_by_link(
                token=token, task_id=asked, **form.cleaned_data, actor="public", now=now
            ),
        )
    ):
        messages.success(request, "Thank you; the answer is kept.")
        return redirect("transition", token)
    rows = [{"task": task, "form": forms.get(task.public_id)} for task in queries.tasks_of(separation)]
    context = {"separation": separation, "rows": rows}
    return render(request, "channels/transition.html", context, status=status_of(form) if form is not None else 200)
