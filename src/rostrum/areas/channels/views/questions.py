"""Pages on which people ask the coordinator, and on which a channel's parts are kept."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.areas.channels import pack
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.forms.questions import AnswerForm, PartForm, QuestionForm
from rostrum.areas.channels.operations import questions as operations
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.queries import questions as queries
from rostrum.areas.channels.rules.parts import PART_TITLES, Part
from rostrum.areas.channels.views.frame import find, form_page
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, say_on_form, status_of
from rostrum.areas.people.rules import Permission
from rostrum.connectors.blobs import NoSuchBlob
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS, reading=True)
def questions(request: HttpRequest) -> HttpResponse:
    """Ask the coordinator; read what was asked and answered, with the policy's own part beside."""
    person, now = signed_in_person(request), timezone.now()
    about = channels.visible_channels(person, now=now).filter(slug=request.GET.get("channel", "")).first()
    form = QuestionForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: operations.ask_coordinator(text=form.cleaned_data["text"], channel=about, actor=person, now=now),
        )
    ):
        messages.success(request, f"Asked. The answer is due within {pack.question_hours()} hours and stands here.")
        return redirect("channel-questions")
    page = Paginator(queries.visible_questions(person, now=now), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "about": about,
        "page": page,
        "rules": queries.ownership_rules(),
        "may_answer": queries.may_answer(person, now=now).allowed,
        "hours": pack.question_hours(),
    }
    return render(request, "channels/questions.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS, reading=True)
def question(request: HttpRequest, question_id: str) -> HttpResponse:
    """One question: read it, and answer it."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(queries.visible_questions(person, now=now), public_id=question_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_question(question_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "Answered. Everybody can read it.")
            return redirect("channel-questions")
    context = {"question": found, "form": form, "decision": queries.may_answer(person, now=now)}
    return render(request, "channels/question.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS, reading=True)
def parts(request: HttpRequest, slug: str) -> HttpResponse:
    """What belongs to the channel, with the last entry about each part; make an entry."""
    person, found, now = find(request, slug)
    may = queries.may_record_part(found, actor=person, now=now)
    form = PartForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        "channels/parts.html",
        form,
        lambda: operations.record_part(channel_id=found.public_id, **form.operation_arguments(), actor=person, now=now),
        done="The entry is made.",
        channel=found,
        decision=may,
        more={
            "rows": [{"one": one, "is_due": one.is_due(now)} for one in queries.parts_of(found)],
            "entries": [
                {"entry": one, "title": PART_TITLES[Part(one.part)]} for one in queries.part_entries(found)[:_PER_PAGE]
            ],
            "clause": pack.clauses().get("channel.components", ""),
        },
    )


@require_safe
@opens_for(Permission.MANAGE_CHANNEL)
def part_export(request: HttpRequest, slug: str, entry_id: str) -> HttpResponse:
    """Give back an export that was handed in: for those who manage the channel, because it names people."""
    person, found, now = find(request, slug)
    queries.may_record_part(found, actor=person, now=now).or_refuse()
    entry = get_object_or_404(queries.part_entries(found).exclude(export=""), public_id=entry_id)
    try:
        content = pages.blobs().read(entry.export)
    except NoSuchBlob as gone:
        raise Http404 from gone
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{entry.public_id}"',
            "Cache-Control": "private, no-store",
        },
    )
