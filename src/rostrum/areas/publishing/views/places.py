"""From where one works: whether this browser stands on a computer of the body, and who confirms that."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.devices import device_of, is_within, network_of
from rostrum.areas.people.models import Computer, User
from rostrum.areas.people.queries.computers import computer_of_mark, visible_computers
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.sign_in import address_of
from rostrum.areas.publishing import pack
from rostrum.areas.publishing.rules.places import Place

MARK_COOKIE = "rostrum_computer"
# A year and a month: the mark ends when IT withdraws the computer, not by itself between two inventories.
_MARK_LASTS = timedelta(days=400)


def marked_computer(request: HttpRequest) -> Computer | None:
    """The computer of the body, confirmed or not yet, whose mark this browser holds."""
    return computer_of_mark(request.COOKIES.get(MARK_COOKIE, ""))


def place_of(request: HttpRequest) -> Place:
    """From where this request comes, with the reason that the form gives."""
    computer = marked_computer(request)
    networks = pack.trusted_networks() if pack.place_clause() else ()
    return Place(
        computer=computer.public_id if computer is not None and computer.confirmed_at is not None else "",
        browser=device_of(request.META.get("HTTP_USER_AGENT", "")),
        network=network_of(address_of(request)),
        is_on_network=is_within(address_of(request), networks),
        reason=request.POST.get("elsewhere_reason", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DRAFT, Permission.PUBLISH, Permission.CONFIRM_COMPUTER, reading=True)
def work_place(request: HttpRequest) -> HttpResponse:
    """What is known of where one works from, and the computers of the body; a form says that this is one."""
    person, now = signed_in_person(request), timezone.now()
    if request.method == "POST":
        made, mark = people.propose_computer(
            label=request.POST.get("label", ""),
            browser=device_of(request.META.get("HTTP_USER_AGENT", "")),
            actor=person,
            now=now,
        )
        messages.success(request, f"{made.label} waits for IT to confirm it.")
        answer = redirect("work-place")
        answer.set_cookie(
            MARK_COOKIE,
            mark,
            max_age=_MARK_LASTS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return answer
    context = {
        "place": place_of(request),
        "marked": marked_computer(request),
        "clause": pack.place_clause(),
        "rows": [_row(one, person, now) for one in visible_computers(person, now=now)[:200]],
    }
    return render(request, "publishing/work_place.html", context)


def _row(one: Computer, person: User, now: datetime) -> dict[str, object]:
    state, kind = ("Confirmed", "ok") if one.confirmed_at else ("Waits for IT", "wait")
    if one.withdrawn_at:
        state, kind = "Withdrawn", "quiet"
    confirms = people_queries.may(person, Permission.CONFIRM_COMPUTER, now=now).allowed
    is_open, is_own = one.withdrawn_at is None, one.proposed_by_id == person.pk
    return {
        "one": one,
        "state": state,
        "kind": kind,
        "may_confirm": confirms and is_open and one.confirmed_at is None and not is_own,
        "may_withdraw": is_open and (confirms or is_own),
    }


def _found(request: HttpRequest, computer_id: str) -> tuple[User, datetime]:
    person, now = signed_in_person(request), timezone.now()
    if not visible_computers(person, now=now).filter(public_id=computer_id).exists():
        raise Http404
    return person, now


@require_POST
@opens_for(Permission.CONFIRM_COMPUTER)
def confirm(request: HttpRequest, computer_id: str) -> HttpResponse:
    """Confirm, as IT, that a computer is the body's."""
    person, now = _found(request, computer_id)
    done = people.confirm_computer(computer_id=computer_id, actor=person, now=now)
    messages.success(request, f"{done.label} counts as a computer of the body.")
    return redirect("work-place")


@require_POST
@opens_for(Permission.DRAFT, Permission.PUBLISH, Permission.CONFIRM_COMPUTER)
def withdraw(request: HttpRequest, computer_id: str) -> HttpResponse:
    """Have a computer count no more."""
    person, now = _found(request, computer_id)
    done = people.withdraw_computer(
        computer_id=computer_id, reason=request.POST.get("reason", ""), actor=person, now=now
    )
    messages.success(request, f"{done.label} counts no more.")
    return redirect("work-place")
