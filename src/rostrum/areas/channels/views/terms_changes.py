"""Pages of changed terms and what follows from terms: the decision, watching over use, cookies of our own site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels.forms.terms import CookieDecisionForm, CookieUseForm, UseForm
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import CookieUse, TermsChange
from rostrum.areas.channels.operations import terms_changes, terms_duties
from rostrum.areas.channels.operations.terms_changes import CHANGE_DUTY
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import STATE_TITLES, ChannelState
from rostrum.areas.channels.rules.terms import USE_TITLES, Use
from rostrum.areas.channels.rules.terms_changes import decide_change, decide_cookies
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, DocumentKind
from rostrum.areas.channels.views.frame import find
from rostrum.areas.duties import queries as duties
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def change(request: HttpRequest, change_id: str) -> HttpResponse:
    """What changed in a platform's terms, what waits for it, and the decision of the person named for it."""
    person = signed_in_person(request)
    found = get_object_or_404(
        TermsChange.objects.select_related("platform", "from_version", "to_version"), public_id=change_id
    )
    seen = found.to_version.sha256
    facts = queries.change_facts(found, seen=seen, use=Use.USE, reasons="-", conditions="-", actor=person)
    channels = Channel.objects.filter(platform=found.platform_id, state__in=queries.ON_PLATFORM)
    context = {
        "change": found,
        "title": DOCUMENT_TITLES[DocumentKind(found.document)],
        "use": USE_TITLES[Use(found.use)] if found.use else "",
        "decisions": [
            {"decision": one, "use": USE_TITLES[Use(one.use)]} for one in found.decisions.select_related("decided_by")
        ],
        "watch": queries.terms_watch(found.platform_id),
        "duty": duties.open_duties(kind=CHANGE_DUTY, subject=found.public_id).first(),
        "channels": [
            {"channel": one, "state": STATE_TITLES[ChannelState(one.state)]} for one in channels.order_by("name")[:50]
        ],
        "channel_count": channels.count(),
        "suspends": choices.change_suspends(),
        "form": UseForm(),
        "decision": decide_change(facts),
        "seen": seen,
    }
    return render(request, "channels/terms/change.html", context)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def decide(request: HttpRequest, change_id: str) -> HttpResponse:
    """Decide what the body does about changed terms."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(TermsChange, public_id=change_id)
    form = UseForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "choose what the body does, and give the reasons")
    terms_changes.decide_terms_change(
        change_id=found.public_id, seen=request.POST.get("seen", ""), **form.cleaned_data, actor=person, now=now
    )
    messages.success(request, "The decision is recorded.")
    return redirect("terms-change", found.public_id)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def note_use_look(request: HttpRequest, slug: str) -> HttpResponse:
    """Record what somebody found who watched over how a channel is used."""
    person, found, now = find(request, slug)
    terms_duties.note_use_look(channel_id=found.public_id, found=request.POST.get("found", ""), actor=person, now=now)
    messages.success(request, "Your look is recorded; the next one is owed.")
    return redirect("channel", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS, reading=True)
def cookies(request: HttpRequest) -> HttpResponse:
    """Persistent cookies of the body's own site: what was said, and the information officer's decisions."""
    person, now = signed_in_person(request), timezone.now()
    said = queries.cookie_use()
    form = CookieUseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            terms_duties.state_cookie_use(
                uses_cookies=form.cleaned_data["uses_cookies"] == "yes",
                what_for=form.cleaned_data["what_for"],
                actor=person,
                now=now,
            )
        except InvalidInput as problem:
            form.add_error(problem.where, problem.why)
        else:
            messages.success(request, "It is recorded.")
            return redirect("terms-cookies")
    facts = queries.cookie_facts(reasons="-", privacy_policy="-", actor=person, now=now)
    statements = CookieUse.objects.select_related("said_by").prefetch_related("decisions__decided_by")
    context = {
        "said": said,
        "form": form,
        "state_decision": queries.may_state_cookies(actor=person, now=now),
        "decision_form": CookieDecisionForm(),
        "decision": decide_cookies(facts),
        "statements": list(statements[:20]),
        "duty": duties.open_duties(kind=terms_duties.COOKIE_DUTY, subject=terms_duties.COOKIES).first(),
    }
    return render(request, "channels/terms/cookies.html", context, status=422 if form.errors else 200)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def decide_cookie_use(request: HttpRequest) -> HttpResponse:
    """Record the information officer's decision about the cookies."""
    person, now = signed_in_person(request), timezone.now()
    form = CookieDecisionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "choose, name the privacy policy, and give the reasons")
    terms_duties.decide_cookie_use(
        keeps=form.cleaned_data["keeps"] == "yes",
        reasons=form.cleaned_data["reasons"],
        privacy_policy=form.cleaned_data["privacy_policy"],
        actor=person,
        now=now,
    )
    messages.success(request, "The decision is recorded.")
    return redirect("terms-cookies")
