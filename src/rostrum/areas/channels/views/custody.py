"""Pages of custody: the overview, the deposit, word of a change, the test, one-time codes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import custody, pack, queries
from rostrum.areas.channels.forms import DepositForm
from rostrum.areas.channels.forms.custody import ChangeForm, UnchangedForm
from rostrum.areas.channels.models import Channel, Credential
from rostrum.areas.channels.operations.custody import deny_change, report_change
from rostrum.areas.channels.operations.custody import deposit_credential as deposit
from rostrum.areas.channels.operations.log_in_tests import ask_log_in_test, attest_log_in, show_one_time_code
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.channels.queries.emergency import unreviewed, visible_emergencies
from rostrum.areas.channels.queries.log_in_disclosure import open_disclosures
from rostrum.areas.channels.queries.separation import changes_owed
from rostrum.areas.channels.rules import ChannelState, ready_to_deposit
from rostrum.areas.channels.views.frame import find, form_page
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person, takes_secrets
from rostrum.areas.people.forms.local_time import local_text
from rostrum.areas.people.rules import Permission

_PER_PAGE = 100


@require_safe
@opens_for(Permission.MANAGE_CHANNEL, Permission.RUN_SERVICE)
def overview(request: HttpRequest) -> HttpResponse:
    """How the log-ins of all channels stand: in custody, tested, changed in time, readable."""
    person, now = signed_in_person(request), timezone.now()
    chosen = Channel.objects.all()
    if not people.may(person, Permission.RUN_SERVICE, now=now).allowed:
        scope = people.reach(person, Permission.MANAGE_CHANNEL, now=now)
        chosen = chosen.filter(scope.where(unit="unit", channel="public_id"))
    rows = reads.overview(now=now, channels=chosen, owed=changes_owed())
    only = request.GET.get("only", "")
    shown = [row for row in rows if not row.is_well] if only == "attention" else rows
    emergencies = visible_emergencies(person, now=now).filter(pk__in=unreviewed().values("pk"))
    context = {
        "page": Paginator(shown, _PER_PAGE).get_page(request.GET.get("page")),
        "only": only,
        "total": len(rows),
        "attention": sum(1 for row in rows if not row.is_well),
        "unreadable": [row for row in rows if row.trouble],
        "disclosures": list(open_disclosures(person, now=now)),
        "emergencies": list(emergencies),
        "stale_days": pack.stale_days(),
        "now": now,
    }
    return render(request, "channels/custody.html", context)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def deposit_credential(request: HttpRequest, slug: str) -> HttpResponse:
    """Deposit the channel's log-in; what is typed here is sealed and never shown again."""
    person, found, now = find(request, slug)
    credential = queries.credential_in_force(found)
    change = reads.open_change(found)
    form = DepositForm(
        request.POST or None,
        fields=queries.secret_fields(found.platform_id),
        name_fields=custody.NAME_FIELDS,
        kept=_kept(credential),
        initial={"changed_at": local_text(change.changed_at if change else now)},
    )
    return form_page(
        request,
        "channels/deposit.html",
        form,
        lambda: deposit(channel_id=found.public_id, **form.operation_arguments(), actor=person, now=now),
        done="The log-in is in custody. It is being tested."
        if reads.has_connector(found)
        else "The log-in is in custody. Sign in with it on the platform, and say here that it works.",
        channel=found,
        decision=ready_to_deposit(
            ChannelState(found.state), queries.may_deposit(found, actor=person, now=now), pack.clauses()
        ),
        more={
            "credential": credential,
            "change": change,
            "trouble": reads.log_in_trouble(found),
            "change_clause": pack.clauses().get("custody.change-recorded", ""),
            "unique_clause": pack.clauses().get("custody.unique-credential", ""),
            "separate_clause": pack.clauses().get("custody.separate-id", ""),
        },
    )


def _kept(credential: Credential | None) -> dict[str, str]:
    """What is in custody for each field, as a hint: never the value, only that there is one."""
    return dict.fromkeys(credential.parts, "Leave it empty to keep what is in custody.") if credential else {}


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the log-in was changed on its platform and is deposited later."""
    person, found, now = find(request, slug)
    form = ChangeForm(request.POST or None, initial={"changed_at": local_text(now)})
    return form_page(
        request,
        "channels/change.html",
        form,
        lambda: report_change(
            channel_id=found.public_id, changed_at=form.cleaned_data["changed_at"], actor=person, now=now
        ),
        done="Noted. Deposit the changed log-in within the time.",
        channel=found,
        decision=queries.may_deposit(found, actor=person, now=now),
        more={"clause": pack.clauses().get("custody.change-recorded", ""), "change": reads.open_change(found)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def unchanged(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that nothing was changed after all."""
    person, found, now = find(request, slug)
    form = UnchangedForm(request.POST or None)
    return form_page(
        request,
        "channels/unchanged.html",
        form,
        lambda: deny_change(channel_id=found.public_id, reason=form.cleaned_data["reason"], actor=person, now=now),
        done="Noted: nothing was changed.",
        channel=found,
        decision=queries.may_deposit(found, actor=person, now=now),
        more={"change": reads.open_change(found)},
    )


@require_POST
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def test_log_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the product sign in with the log-in."""
    person, found, now = find(request, slug)
    ask_log_in_test(channel_id=found.public_id, actor=person, now=now)
    messages.success(request, "The log-in is being tested. The result stands here in a moment.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def attest(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one signed in with the log-in on the platform."""
    person, found, now = find(request, slug)
    attest_log_in(channel_id=found.public_id, actor=person, now=now)
    messages.success(request, "Noted: you signed in with it.")
    return redirect("channel", slug)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def one_time_code(request: HttpRequest, slug: str) -> HttpResponse:
    """A one-time code of the channel, when asked for: each showing is recorded."""
    person, found, now = find(request, slug)
    credential = queries.credential_in_force(found)
    context: dict[str, Any] = {
        "channel": found,
        "has_seed": credential is not None and custody.SEED_FIELD in credential.parts,
        "decision": reads.may_see_codes(found, actor=person, now=now),
        "trouble": reads.log_in_trouble(found),
    }
    if request.method == "POST":
        context["code"] = show_one_time_code(channel_id=found.public_id, actor=person, now=now)
    return render(request, "channels/code.html", context)
