"""The desk's side of the registry: channels that were found, lists that are taken in, and what waits for a person."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import operations
from rostrum.areas.channels.forms.registry import FindForm, FoundForm, ListForm, ListReasonForm, NameUnitForm
from rostrum.areas.channels.models import ChannelList, ListFind, ListRow
from rostrum.areas.channels.operations import lists
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries import lists as queries
from rostrum.areas.channels.queries.registry import found_channels, may_keep_registry
from rostrum.areas.channels.rules.lists import LIST_STATE_TITLES, ListAct, ListState, decide_list
from rostrum.areas.channels.views.frame import PLACES
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, say_on_form, status_of
from rostrum.areas.people.models import Unit
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 50
_STATE_KINDS = {
    ListState.RECEIVED: "wait",
    ListState.HELD: "stop",
    ListState.READY: "wait",
    ListState.TAKING: "wait",
    ListState.TAKEN: "ok",
    ListState.SET_ASIDE: "quiet",
    ListState.REFUSED: "stop",
}
_OUTCOMES = {
    "add": ("Will be added", "info"),
    "here": ("Already here", "quiet"),
    "repeated": ("Repeated", "quiet"),
    "decide": ("Needs a decision", "wait"),
    "taken": ("Taken in", "ok"),
    "left": ("Left out", "quiet"),
}
_KINDS = {"heading": "Heading", "title": "Title", "empty": "Empty", "unclear": "Needs a decision", "channels": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL)
def found(request: HttpRequest) -> HttpResponse:
    """Channels that exist without approval, and the form that registers one."""
    person, now = signed_in_person(request), timezone.now()
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = operations.register_found(**form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, PLACES)
        else:
            messages.success(request, f"{channel.name} is registered as found. It is not official yet.")
            return redirect("found-channels")
    page = Paginator(found_channels(person, now=now), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "decision": may_keep_registry(person, now=now),
        "may_request": people.may(person, Permission.REQUEST_CHANNEL, now=now),
    }
    return render(request, "channels/found.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL)
def channel_lists(request: HttpRequest) -> HttpResponse:
    """The lists that were given in, and the form that gives one in."""
    person, now = signed_in_person(request), timezone.now()
    units = list(Unit.objects.order_by("name"))
    form = ListForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.receive_list(
                name=form.cleaned_data["file"].name or "list",
                content=form.content(),
                covers=form.cleaned_data["covers"],
                default_unit=form.cleaned_data["unit"],
                actor=person,
                now=now,
            )
        except Refused as refusal:
            say_on_form(form, refusal, PLACES)
        except InvalidInput as problem:
            say_on_form(form, InvalidInput(problem.where, f"This {problem.why}."))
        else:
            return redirect("channel-list", made.public_id)
    page = Paginator(queries.channel_lists(), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [{"list": one, **_state(one)} for one in page],
        "decision": queries.may_take_lists(person, now=now),
    }
    return render(request, "channels/lists.html", context, status=status_of(form))


def _state(one: ChannelList) -> dict[str, str]:
    state = ListState(one.state)
    return {"state": LIST_STATE_TITLES[state], "state_kind": _STATE_KINDS[state]}


def _list(list_id: str) -> ChannelList:
    return get_object_or_404(queries.channel_lists().select_related("decided_by", "default_unit"), public_id=list_id)


@require_safe
@opens_for(Permission.MANAGE_CHANNEL)
def channel_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """One list: what became or would become of each row, what it misses, what waits for a person."""
    return _list_page(request, list_id, ListReasonForm())


def _list_page(request: HttpRequest, list_id: str, reason_form: ListReasonForm) -> HttpResponse:
    person, now, one = signed_in_person(request), timezone.now(), _list(list_id)
    figures = queries.figures(one)
    state = ListState(one.state)
    shown = request.GET.get("show", "decide" if figures.to_decide else "all")
    listed: Any = queries.missing_channels(one) if shown == "missing" else _rows(one, shown)
    page = Paginator(listed, _PER_PAGE).get_page(request.GET.get("page"))
    may = queries.may_take_lists(person, now=now)
    counts = figures.finds
    context = _state(one) | {
        "list": one,
        "covers": _covers(one),
        "is_under_way": state in (ListState.RECEIVED, ListState.TAKING),
        "figures": figures,
        "done": counts.get("taken", 0),
        "total": counts.get("taken", 0) + counts.get("add", 0),
        "to_add": counts.get("add", 0),
        "views": [
            _view("decide", "Needs a decision", figures.to_decide, shown),
            _view("add", "Will be added", counts.get("add", 0), shown),
            _view("taken", "Taken in", counts.get("taken", 0), shown),
            _view("here", "Already here", counts.get("here", 0) + counts.get("repeated", 0), shown),
            _view("missing", "Not in the list", len(one.missing), shown),
            _view("all", "All rows", one.row_count, shown),
        ],
        "shown": shown,
        "page": page,
        "rows": [] if shown == "missing" else [_shown_row(row) for row in page],
        "acts": {act.value: decide_list(queries.list_facts(one, act, may)).allowed for act in ListAct},
        "decision": may,
        "reason_form": reason_form,
        "units": [
            {"text": text, "count": count, "form": NameUnitForm(initial={"unit_text": text}, auto_id=f"id_{at}_%s")}
            for at, (text, count) in enumerate(queries.unnamed_units(one))
        ],
    }
    return render(request, "channels/list.html", context, status=status_of(reason_form))


def _view(code: str, words: str, count: int, shown: str) -> dict[str, Any]:
    return {"code": code, "words": words, "count": count, "is_here": code == shown}


def _covers(one: ChannelList) -> str:
    words = {queries.ALL: "all channels of the body", queries.PART: "only some channels"}
    return words.get(one.covers) or f"all channels of {Unit.objects.get(public_id=one.covers).name}"


def _rows(one: ChannelList, shown: str) -> QuerySet[ListRow]:
    rows = one.rows.prefetch_related("finds__channel", "finds__unit")
    if shown == "decide":
        return rows.filter(queries.WAITS_FOR_A_PERSON).distinct()
    outcomes = {"add": ("add",), "taken": ("taken",), "here": ("here", "repeated")}.get(shown)
    return rows.filter(finds__outcome__in=outcomes).distinct() if outcomes else rows


def _shown_row(row: ListRow) -> dict[str, Any]:
    return {
        "row": row,
        "kind": _KINDS[row.kind],
        "waits": row.kind == "unclear" and row.settled_at is None,
        "why": [text for _, text in row.why],
        "finds": [_shown_find(find) for find in row.finds.all()],
    }


def _shown_find(find: ListFind) -> dict[str, Any]:
    words, kind = _OUTCOMES[find.outcome]
    known = PLATFORMS.get(find.platform)
    return {
        "find": find,
        "words": words,
        "kind": kind,
        "platform": known.name if known else "",
        "why": [text for _, text in find.why],
    }


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def take_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """Take in what needs no person; the worker does the rest of a long list."""
    taken = lists.take_in_list(list_id=list_id, actor=signed_in_person(request), now=timezone.now(), goes_on=True)
    if not taken.left:
        count = len(taken.channels)
        what = "1 channel is" if count == 1 else f"{count} channels are"
        messages.success(request, f"{what} registered as found. None is official yet.")
    return redirect("channel-list", list_id)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def decide_on_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """Release a held list, or set one aside, with the reason."""
    act = lists.set_list_aside if request.POST.get("act") == "set_aside" else lists.release_list
    form, now = ListReasonForm(request.POST), timezone.now()
    actor = signed_in_person(request)
    if not form.is_valid() or not is_done(
        form, lambda: act(list_id=list_id, reason=form.cleaned_data["reason"], actor=actor, now=now), PLACES
    ):
        return _list_page(request, list_id, form)
    messages.success(request, "Your decision is recorded. No channel was closed.")
    return redirect("channel-list", list_id)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def name_list_unit(request: HttpRequest, list_id: str) -> HttpResponse:
    """Say which department a name in the list means."""
    form = NameUnitForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("unit", "choose the department that is meant")
    count = lists.name_unit_in_list(
        list_id=list_id, **form.cleaned_data, actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(request, f"{count} addresses belong to {form.cleaned_data['unit'].name}.")
    return redirect("channel-list", list_id)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL)
def list_find(request: HttpRequest, list_id: str, find_id: int) -> HttpResponse:
    """One address that waits for a person: take it in as one reads it, or leave it out."""
    person, now, one = signed_in_person(request), timezone.now(), _list(list_id)
    find = get_object_or_404(queries.finds_of(one), pk=find_id)
    is_left = request.POST.get("act") == "leave"
    form = FindForm(
        request.POST if request.method == "POST" and not is_left else None,
        initial={
            "platform": find.platform,
            "handle": find.handle,
            "url": find.url,
            "name": find.name,
            "unit": find.unit.slug if find.unit else None,
        },
    )
    leave = ListReasonForm(request.POST if is_left else None, auto_id="id_leave_%s")
    chosen: Any = leave if is_left else form
    if request.method == "POST" and chosen.is_valid():
        try:
            act = lists.leave_find if is_left else lists.take_find
            act(find_id=find.pk, **chosen.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(chosen, problem, PLACES)
        else:
            messages.success(request, "Left out." if is_left else "Registered as found. It is not official yet.")
            return redirect("channel-list", one.public_id)
    context = {
        "list": one,
        "shown": _shown_find(find),
        "form": form,
        "leave": leave,
        "waits": find.outcome == "decide",
        "decision": queries.may_take_lists(person, now=now),
    }
    return render(request, "channels/list_find.html", context, status=status_of(chosen))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL)
def list_row(request: HttpRequest, list_id: str, number: int) -> HttpResponse:
    """One row that names no channel: say what it means."""
    person, now, one = signed_in_person(request), timezone.now(), _list(list_id)
    row = get_object_or_404(one.rows, number=number)
    form = ListReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: lists.settle_row(row_id=row.pk, reason=form.cleaned_data["reason"], actor=person, now=now),
            PLACES,
        )
    ):
        messages.success(request, "Recorded.")
        return redirect("channel-list", one.public_id)
    context = {
        "list": one,
        "shown": _shown_row(row),
        "form": form,
        "decision": queries.may_take_lists(person, now=now),
    }
    return render(request, "channels/list_row.html", context, status=status_of(form))
