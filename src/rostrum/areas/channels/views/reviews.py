"""Pages of the review of a department's rights."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import granting
from rostrum.areas.channels.models import RightsReview
from rostrum.areas.channels.operations import reviews as operations
from rostrum.areas.channels.operations.reviews import Verdict
from rostrum.areas.channels.queries import reviews as queries
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import Unit
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Refused


def state_of(review: RightsReview) -> tuple[str, str]:
    """Where a review stands, in words."""
    if review.closed_at is not None:
        return "Finished", "ok"
    if review.suspended_at is not None:
        return "Unconfirmed rights suspended", "stop"
    if review.escalated_at is not None:
        return "Late, with the appointing authority", "stop"
    return ("Late, with the coordinator", "stop") if review.lapsed_at else ("Under way", "wait")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.END_GRANT, reading=True)
def rights_review(request: HttpRequest, review_id: str) -> HttpResponse:
    """Every right in the review, each to be kept for its reasons, or ended."""
    person, now = signed_in_person(request), timezone.now()
    review = get_object_or_404(queries.visible_reviews(person, now=now), public_id=review_id)
    may = queries.may_review(review.unit, actor=person, now=now)
    against: Refused | None = None
    if request.method == "POST":
        try:
            changed = operations.decide_rights(
                review_id=review.public_id, verdicts=_verdicts(request), actor=person, now=now
            )
        except Refused as refusal:
            against = refusal
        else:
            words = "The review is finished." if changed.closed_at else "Kept. The others are still to be decided."
            messages.success(request, words)
            return redirect("rights-review", review.public_id)
    context = {
        "review": review,
        "state": state_of(review),
        "rows": [
            {"row": row, "typed": {name: request.POST.get(f"{name}-{row.grant.public_id}", "") for name in _FIELDS}}
            for row in queries.rows(review, person=person, now=now)
        ],
        "progress": queries.progress(review, now=now),
        "may_review": may,
        "against": against.reasons if against else (),
        "grace_days": granting.review_grace_days(),
        "now": now,
    }
    return render(request, "channels/rights_review.html", context, status=422 if against else 200)


_FIELDS = ("keep", "need", "job_duty")


def _verdicts(request: HttpRequest) -> list[Verdict]:
    """What was chosen on the page: fields are named for the right; what was left open is no decision."""
    found = []
    for name, chosen in request.POST.items():
        if name.startswith("keep-") and chosen in ("yes", "no"):
            grant = name.removeprefix("keep-")
            found.append(
                Verdict(
                    grant,
                    keeps=chosen == "yes",
                    need=request.POST.get(f"need-{grant}", ""),
                    job_duty=request.POST.get(f"job_duty-{grant}", ""),
                )
            )
    return found


@require_safe
@opens_for(Permission.END_GRANT, reading=True)
def rights_reviews(request: HttpRequest) -> HttpResponse:
    """The reviews under way and those finished, and when each department's next is due."""
    person, now = signed_in_person(request), timezone.now()
    seen = queries.visible_reviews(person, now=now)
    under_way = seen.filter(closed_at=None).order_by("due_at")
    busy = set(under_way.values_list("unit", flat=True))
    units = [unit for unit in queries.units_with_rights(now=now) if unit.pk not in busy]
    context = {
        "open_reviews": [
            {"review": one, "state": state_of(one), "progress": queries.progress(one, now=now)} for one in under_way
        ],
        "closed_reviews": seen.filter(closed_at__isnull=False)[:20],
        "next": [
            {
                "unit": unit,
                "due_at": queries.due_at(unit, now=now),
                "may": queries.may_review(unit, actor=person, now=now),
            }
            for unit in units
            if queries.may_review(unit, actor=person, now=now).allowed
        ],
        "review_days": granting.review_days(),
        "review_open_days": granting.review_open_days(),
        "grace_days": granting.review_grace_days(),
    }
    return render(request, "channels/rights_reviews.html", context)


@require_POST
@opens_for(Permission.END_GRANT)
def begin_review(request: HttpRequest, unit_slug: str) -> HttpResponse:
    """Begin a department's review before its time."""
    person, now = signed_in_person(request), timezone.now()
    unit = get_object_or_404(Unit, slug=unit_slug)
    review = operations.begin_review(unit=unit, actor=person, now=now)
    messages.success(request, f"The review of {unit.name} is begun.")
    return redirect("rights-review", review.public_id)
