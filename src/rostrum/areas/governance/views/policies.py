"""Pages of the body's policy texts: the documents with their versions, one version, entering a new one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations, queries
from rostrum.areas.governance.forms.policies import ListForm, ReasonForm, TextForm
from rostrum.areas.governance.models import PolicyDocument, PolicyReading, PolicyText
from rostrum.areas.governance.operations.policies import in_force_facts, permission_for
from rostrum.areas.governance.queries import acknowledgements, policies
from rostrum.areas.governance.rules.policies import decide_in_force
from rostrum.areas.governance.views.frame import download, given_file
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

KEEPERS = (Permission.KEEP_POLICIES, Permission.ACTIVATE_PACK)


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def documents(request: HttpRequest) -> HttpResponse:
    """Every policy the body works under, with the version in force, and what waits for a second person."""
    person, now = signed_in_person(request), timezone.now()
    own = []
    for pack in policies.own_packs():
        document = policies.own_document(pack.id)
        own.append(
            {
                "pack": pack,
                "document": document,
                "text": policies.text_in_force(document) if document else None,
                "certified": any(form.pack == pack.id for form in acknowledgements.forms()),
            }
        )
    may_keep = any(people.may(person, one, now=now).allowed for one in KEEPERS)
    waiting = PolicyText.objects.filter(in_force_at=None).select_related("document").order_by("entered_at")
    newest = [one for one in waiting if one.document.texts.order_by("-number").first() == one]
    context = {
        "own": own,
        "related": queries.related_policies(),
        "unlisted": queries.unlisted_kinds(),
        "waiting": newest if may_keep else [],
        "may_enter_own": people.may(person, Permission.ACTIVATE_PACK, now=now).allowed,
        "may_keep": people.may(person, Permission.KEEP_POLICIES, now=now).allowed,
    }
    return render(request, "governance/documents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(*KEEPERS)
def enter_text(request: HttpRequest) -> HttpResponse:
    """Enter a version of a document, named by its id or by where a pack lists it (`pack`, `related`)."""
    person, now = signed_in_person(request), timezone.now()
    named = {name: request.GET.get(name, "") for name in ("pack", "related", "document_id")}
    found = _named(**named)
    if found is None:
        messages.error(request, "Choose here what you enter a version of.")
        return redirect("policy-documents")
    title, document, permission = found
    form = TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in ("label", "adopted_on", "text", "link")}
        try:
            made = operations.enter_policy_text(
                **(named | values), file=given_file(request, "file"), actor=person, now=now
            )
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem)
        else:
            said = "It is in force." if made.in_force_at else "It waits for a second person to put it in force."
            messages.success(request, f"“{made.document.title}”, {made.label}, is entered. {said}")
            return redirect("policy-text", made.public_id)
    context = {
        "form": form,
        "title": title,
        "document": document,
        "is_own": permission is Permission.ACTIVATE_PACK,
        "may_enter": people.may(person, permission, now=now),
    }
    return render(request, "governance/enter_text.html", context, status=status_of(form))


def _named(pack: str, related: str, document_id: str) -> tuple[str, PolicyDocument | None, Permission] | None:
    """What a version is entered of: its title, its document, if any, and what it takes; None for no such thing."""
    if document_id:
        document = PolicyDocument.objects.filter(public_id=document_id, withdrawn_at=None).first()
        return (document.title, document, permission_for(document)) if document else None
    if not related:
        for one in policies.own_packs():
            if one.id == pack:
                return one.title, policies.own_document(pack), Permission.ACTIVATE_PACK
    for listed in queries.related_policies():
        if (listed.pack, listed.related) == (pack, related) and related:
            return listed.title, listed.document, Permission.KEEP_POLICIES
    return None


def _find_text(person: User, text_id: str) -> PolicyText:
    """A version that this person may read: any that was in force, or, for those who keep policies, any at all."""
    found = get_object_or_404(PolicyText.objects.select_related("document"), public_id=text_id)
    now = timezone.now()
    if found.in_force_at is None and not any(people.may(person, one, reading=True, now=now).allowed for one in KEEPERS):
        raise Http404
    return found


@require_safe
@opens_for_signed_in
def policy_text(request: HttpRequest, text_id: str) -> HttpResponse:
    """One version of a document in full, beside its other versions."""
    person, now = signed_in_person(request), timezone.now()
    found = _find_text(person, text_id)
    current = policies.text_in_force(found.document)
    may_keep = any(people.may(person, one, reading=True, now=now).allowed for one in KEEPERS)
    versions = found.document.texts.all() if may_keep else found.document.texts.filter(in_force_at__isnull=False)
    previous = found.document.texts.filter(number__lt=found.number).exclude(text="").first()
    context: dict[str, Any] = {
        "text": found,
        "document": found.document,
        "is_current": current is not None and current.pk == found.pk,
        "versions": versions,
        "previous": previous if found.text and may_keep else None,
        "reading": PolicyReading.objects.filter(person=person, text=found).first(),
        "in_force_decision": decide_in_force(in_force_facts(found, actor=person, now=now)),
        "may_keep": may_keep,
        "withdraw_form": ReasonForm(),
    }
    return render(request, "governance/policy_text.html", context)


@require_safe
@opens_for_signed_in
def policy_file(request: HttpRequest, text_id: str) -> HttpResponse:
    """The file of a version."""
    found = _find_text(signed_in_person(request), text_id)
    return download(found.file, f"policy-{found.public_id}", found.file_type or "application/pdf")


@require_POST
@opens_for(*KEEPERS)
def put_in_force(request: HttpRequest, text_id: str) -> HttpResponse:
    """Let this version count from now on."""
    found = get_object_or_404(PolicyText, public_id=text_id)
    made = operations.put_text_in_force(text_id=found.public_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, f"“{made.document.title}”, {made.label}, is in force. Who certifies it is given it now.")
    return redirect("policy-text", made.public_id)


@require_POST
@opens_for_signed_in
def confirm_reading(request: HttpRequest, text_id: str) -> HttpResponse:
    """Say that one has read this version."""
    person = signed_in_person(request)
    found = _find_text(person, text_id)
    operations.confirm_policy_reading(text_id=found.public_id, actor=person, now=timezone.now())
    messages.success(request, f"Confirmed: you have read “{found.document.title}”, {found.label}.")
    return redirect("policy-text", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.KEEP_POLICIES)
def list_policy(request: HttpRequest) -> HttpResponse:
    """List a policy of the body that stays in force."""
    person, now = signed_in_person(request), timezone.now()
    form = ListForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.list_related_policy(**form.cleaned_data, actor=person, now=now)
        except InvalidInput as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, f"“{made.title}” is listed. Enter its version now in force.")
            return redirect("policy-documents")
    return render(request, "governance/list_policy.html", {"form": form}, status=status_of(form))


@require_POST
@opens_for(Permission.KEEP_POLICIES)
def withdraw_policy(request: HttpRequest, document_id: str) -> HttpResponse:
    """List a policy of the body no more."""
    found = get_object_or_404(PolicyDocument, public_id=document_id)
    made = operations.withdraw_related_policy(
        document_id=found.public_id,
        reason=request.POST.get("reason", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, f"“{made.title}” is listed no more. Its versions are kept.")
    return redirect("policy-documents")
