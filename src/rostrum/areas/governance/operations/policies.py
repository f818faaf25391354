"""The body's policy texts are entered and put in force; related policies are listed; readings are confirmed."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from rostrum.areas.governance import events, files, queries
from rostrum.areas.governance.models import PolicyDocument, PolicyReading, PolicyText
from rostrum.areas.governance.queries import policies as policy_queries
from rostrum.areas.governance.rules.policies import InForceFacts, decide_in_force
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

OWN_KIND = "own"


def permission_for(document: PolicyDocument) -> Permission:
    """What it takes to enter a text of the document: a pack's own is the policy itself."""
    return Permission.ACTIVATE_PACK if document.is_own else Permission.KEEP_POLICIES


@transaction.atomic
def enter_policy_text(
    *,
    pack: str = "",
    related: str = "",
    document_id: str = "",
    label: str,
    adopted_on: date | None = None,
    text: str = "",
    link: str = "",
    file: files.GivenFile | None = None,
    actor: Actor,
    now: datetime,
) -> PolicyText:
    """Enter a version of a document: by its id, or by the pack and the related policy that the pack names.

    A related policy counts at once. A pack's own text, which people certify, waits for a second person. Raises
    `Refused`, `InvalidInput` for what names no document, holds nothing, or is the same as the version before.
    """
    document = _document(pack, related, document_id, actor, now)
    may(actor, permission_for(document), now).or_refuse()
    content = text.replace("\r\n", "\n").strip()
    if not label.strip():
        raise InvalidInput("label", "say which version this is, such as “revised March 2026”")
    if document.is_own and not content and file is None:
        raise InvalidInput("text", "enter the whole text, or its file: an address alone cannot be certified")
    if not content and not link.strip() and file is None:
        raise InvalidInput("text", "enter the text, its file, or the address where it stands")
    kept = files.keep(file) if file is not None else None
    digest = hashlib.sha256(
        canonical_json({"text": content, "link": link.strip(), "file": kept.digest if kept else ""})
    ).hexdigest()
    newest = document.texts.order_by("-number").first()
    if newest is not None and newest.digest == digest and newest.label == label.strip():
        raise InvalidInput("text", "this is the version that was entered last")
    made = PolicyText.objects.create(
        document=document,
        number=(document.texts.aggregate(last=Max("number"))["last"] or 0) + 1,
        label=label.strip(),
        adopted_on=adopted_on,
        text=content,
        link=link.strip(),
        file=kept.digest if kept else "",
        file_name=kept.name if kept else "",
        file_type=kept.media_type if kept else "",
        digest=digest,
        entered_by=name_of(actor),
        entered_at=now,
        in_force_at=None if document.is_own else now,
        put_in_force_by="" if document.is_own else name_of(actor),
    )
    event = events.PolicyTextEntered(
        document=document.public_id, text=made.public_id, number=made.number, digest=digest
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return made


def _document(pack: str, related: str, document_id: str, actor: Actor, now: datetime) -> PolicyDocument:
    if document_id:
        found = PolicyDocument.objects.select_for_update().filter(public_id=document_id, withdrawn_at=None).first()
        if found is None:
            raise InvalidInput("document", "there is no such document")
        return found
    for one in queries.policy().packs:
        if one.id != pack:
            continue
        if not related:
            kind, title, citation = OWN_KIND, one.title, ""
            break
        named = next((each for each in one.related if each.id == related), None)
        if named is not None:
            kind, title, citation = named.kind, named.title, named.citation
            break
    else:
        raise InvalidInput("document", "no pack in force names such a document")
    made, _ = PolicyDocument.objects.select_for_update().get_or_create(
        pack=pack,
        related=related,
        defaults={
            "kind": kind,
            "title": title,
            "citation": citation,
            "added_by": name_of(actor),
            "added_at": now,
        },
    )
    return made


def in_force_facts(text: PolicyText, *, actor: Actor, now: datetime) -> InForceFacts:
    """What putting this text in force depends on: the page asks before, the operation when it acts."""
    newest = text.document.texts.order_by("-number").first()
    return InForceFacts(
        entered_by=text.entered_by,
        actor=name_of(actor),
        is_own=text.document.is_own,
        is_in_force=text.in_force_at is not None,
        is_newest=newest is not None and newest.pk == text.pk,
        may_put=may(actor, permission_for(text.document), now),
    )


@transaction.atomic
def put_text_in_force(*, text_id: str, actor: Actor, now: datetime) -> PolicyText:
    """Let this version count from now on; who certifies the document is given it anew. Raises `Refused`."""
    text = PolicyText.objects.select_for_update().select_related("document").get(public_id=text_id)
    decide_in_force(in_force_facts(text, actor=actor, now=now)).or_refuse()
    text.in_force_at = now
    text.put_in_force_by = name_of(actor)
    text.save(update_fields=["in_force_at", "put_in_force_by"])
    event = events.PolicyTextPutInForce(
        document=text.document.public_id, text=text.public_id, digest=text.digest, entered_by=text.entered_by
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return text


@transaction.atomic
def list_related_policy(*, title: str, kind: str, citation: str = "", actor: Actor, now: datetime) -> PolicyDocument:
    """List a policy of the body that stays in force beside the packs. Raises `Refused`, `InvalidInput`."""
    may(actor, Permission.KEEP_POLICIES, now).or_refuse()
    if not title.strip():
        raise InvalidInput("title", "name the policy")
    if not kind.strip():
        raise InvalidInput("kind", "say what kind of policy it is")
    listed = PolicyDocument.objects.filter(pack="", title__iexact=title.strip(), withdrawn_at=None)
    if listed.exists():
        raise InvalidInput("title", "this policy is listed already: enter a new version of it")
    made = PolicyDocument.objects.create(
        kind=kind.strip(), title=title.strip(), citation=citation.strip(), added_by=name_of(actor), added_at=now
    )
    ledger.record(
        events.RelatedPolicyListed(document=made.public_id, policy_kind=made.kind), actor=name_of(actor), now=now
    )
    return made


@transaction.atomic
def withdraw_related_policy(*, document_id: str, reason: str, actor: Actor, now: datetime) -> PolicyDocument:
    """List a policy of the body no more. What a pack names stays. Raises `Refused`, `InvalidInput` without a reason."""
    may(actor, Permission.KEEP_POLICIES, now).or_refuse()
    if not reason.strip():
        raise InvalidInput("reason", "say why it is listed no more")
    document = PolicyDocument.objects.select_for_update().get(public_id=document_id)
    against = []
    if document.pack:
        against.append(Reason("named-by-pack", "A pack in force names this policy: it stays on the list."))
    if document.withdrawn_at is not None:
        against.append(Reason("withdrawn", "This policy is listed no more already."))
    Decision(tuple(against)).or_refuse()
    document.withdrawn_at = now
    document.save(update_fields=["withdrawn_at"])
    event = events.RelatedPolicyWithdrawn(document=document.public_id, reason=reason.strip()[:300])
    ledger.record(event, actor=name_of(actor), now=now)
    return document


@transaction.atomic
def confirm_policy_reading(*, text_id: str, actor: User, now: datetime) -> PolicyReading:
    """Store that the person read this version of a policy; a second time changes nothing. Raises `Refused`."""
    text = PolicyText.objects.select_related("document").get(public_id=text_id)
    in_force = policy_queries.text_in_force(text.document)
    against = []
    if not people.is_present(actor, now=now):
        against.append(Reason("person-left", "This person no longer works here."))
    if in_force is None or in_force.pk != text.pk or text.document.withdrawn_at is not None:
        against.append(Reason("not-current", "This version is no longer in force: read the one that is."))
    Decision(tuple(against)).or_refuse()
    reading, is_new = PolicyReading.objects.get_or_create(person=actor, text=text, defaults={"read_at": now})
    if is_new:
        event = events.PolicyReadingConfirmed(
            person=actor.public_id, document=text.document.public_id, text=text.public_id, digest=text.digest
        )
        ledger.record(event, actor=actor.public_id, now=now)
    return reading
